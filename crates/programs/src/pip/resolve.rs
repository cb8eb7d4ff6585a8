//! Which versions are to be installed: a plan, made without any effect.

use std::collections::{BTreeMap, BTreeSet};

use super::index::PROJECTS;
use super::requirement::{Requirement, normalize};
use super::version::Version;

/// A project of the index.
pub(crate) struct Project {
    /// As its author writes it.
    pub(crate) name: &'static str,
    /// One sentence.
    pub(crate) summary: &'static str,
    /// Names in `site-packages`; modules end with `.py`.
    pub(crate) top_level: &'static [&'static str],
    /// All versions, ascending.
    pub(crate) versions: &'static str,
    /// Facts from a version on, ascending.
    pub(crate) releases: &'static [Release],
}

/// Facts of some releases.
pub(crate) struct Release {
    /// The first version that they are true for.
    pub(crate) since: &'static str,
    /// The wheel's tags.
    pub(crate) tag: &'static str,
    /// Bytes of the wheel.
    pub(crate) wheel: u64,
    /// Bytes of its metadata.
    pub(crate) metadata: u64,
    /// Bytes when unpacked, without bytecode.
    pub(crate) installed: u64,
    /// Of these, bytes of Python source.
    pub(crate) source: u64,
    /// Dependencies.
    pub(crate) requires: &'static [&'static str],
}

/// A version of a project.
#[derive(Clone)]
pub(crate) struct Candidate {
    /// The project.
    pub(crate) project: &'static Project,
    /// The version.
    pub(crate) version: Version,
    /// Its facts.
    pub(crate) release: &'static Release,
}

impl Project {
    /// The project with this name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        let key = normalize(name);
        PROJECTS.iter().find(|p| normalize(p.name) == key)
    }

    fn candidates(&'static self) -> Vec<Candidate> {
        let parse = |t: &str| Version::parse(t);
        let facts = |v: &Version| self.releases.iter().rev().find(|r| parse(r.since).is_some_and(|s| s <= *v));
        let mut all: Vec<Candidate> = self
            .versions
            .split(' ')
            .filter_map(parse)
            .filter_map(|version| Some(Candidate { project: self, release: facts(&version)?, version }))
            .collect();
        all.sort_by(|a, b| b.version.cmp(&a.version));
        all
    }
}

impl Candidate {
    /// `flask-3.0.3-py3-none-any.whl`.
    pub(crate) fn wheel(&self, python: &str) -> String {
        let tag = self.release.tag.replace("cp311", &format!("cp{}", python.replace('.', "")));
        format!("{}-{}-{tag}.whl", self.stem(), self.version)
    }
    /// `flask_cors`, as in the wheel's and the metadata's names.
    pub(crate) fn stem(&self) -> String {
        normalize(self.project.name).replace('-', "_")
    }
    /// What it needs with these extras.
    pub(crate) fn requires(&self, extras: &[String]) -> Vec<Requirement> {
        let all = self.release.requires.iter().filter_map(|r| Requirement::parse(r));
        all.filter(|r| r.only_for.as_ref().is_none_or(|e| extras.contains(e))).collect()
    }
}

/// A requirement with where it comes from.
#[derive(Clone)]
pub(crate) struct Wanted {
    /// What is wanted.
    pub(crate) requirement: Requirement,
    /// ` (from flask==3.0.3->-r requirements.txt (line 1))`, or empty.
    pub(crate) from: String,
    /// Who wants it: a project and its version; `None`: the user.
    pub(crate) parent: Option<String>,
}

impl Wanted {
    /// The same as a reason for what it needs.
    fn chain(&self) -> String {
        let inner = self.from.strip_prefix(" (from ").and_then(|f| f.strip_suffix(')'));
        inner.map_or_else(|| format!(" (from {})", self.requirement), |i| format!(" (from {}->{i})", self.requirement))
    }
}

/// What happens, in order.
pub(crate) enum Step {
    /// An installed version will do.
    Satisfied(Wanted, String),
    /// A version is chosen; its metadata is read.
    Collect(Wanted, Candidate),
}

/// What is to be done.
#[derive(Default)]
pub(crate) struct Plan {
    /// What is told on the way.
    pub(crate) steps: Vec<Step>,
    /// What is downloaded, in this order: name as it was first asked for.
    pub(crate) downloads: Vec<(String, Candidate)>,
    /// Indexes of the downloads in the order of installing: what is needed comes first.
    pub(crate) order: Vec<usize>,
    /// What the user asked for by name.
    pub(crate) requested: BTreeSet<String>,
}

/// Why there is no plan.
pub(crate) enum Conflict {
    /// Nothing fits: what was wanted, who wanted it, all versions.
    NoVersion(Box<Wanted>, String),
    /// Wishes contradict each other.
    Impossible(Vec<Wanted>),
}

struct Node {
    wanted: Vec<Wanted>,
    chosen: Option<Candidate>,
    installed: Option<String>,
    pinned: bool,
    depth: usize,
    order: usize,
}

/// Makes the plan. `installed` has the versions that are there, by normalized name; `upgrade` says that
/// they don't count for these names.
pub(crate) fn resolve(
    wanted: &[Wanted],
    constraints: &[Requirement],
    installed: &BTreeMap<String, String>,
    upgrade: &dyn Fn(&str) -> bool,
) -> Result<Plan, Conflict> {
    let mut excluded: BTreeSet<(String, String)> = BTreeSet::new();
    let mut learned: Vec<Wanted> = Vec::new();
    for _ in 0..200 {
        match attempt(wanted, constraints, installed, upgrade, &excluded, &learned)? {
            Ok(plan) => return Ok(plan),
            Err(Retry::Learn(w)) => learned.push(w),
            Err(Retry::Exclude(name, version)) => drop(excluded.insert((name, version))),
        }
    }
    Err(Conflict::Impossible(learned))
}

enum Retry {
    /// An earlier choice was too hasty.
    Learn(Wanted),
    /// This version leads nowhere.
    Exclude(String, String),
}

struct Search<'a> {
    nodes: BTreeMap<String, Node>,
    plan: Plan,
    constraints: &'a [Requirement],
    installed: &'a BTreeMap<String, String>,
    upgrade: &'a dyn Fn(&str) -> bool,
    excluded: &'a BTreeSet<(String, String)>,
    learned: &'a [Wanted],
}

fn attempt(
    wanted: &[Wanted],
    constraints: &[Requirement],
    installed: &BTreeMap<String, String>,
    upgrade: &dyn Fn(&str) -> bool,
    excluded: &BTreeSet<(String, String)>,
    learned: &[Wanted],
) -> Result<Result<Plan, Retry>, Conflict> {
    let mut s =
        Search { nodes: BTreeMap::new(), plan: Plan::default(), constraints, installed, upgrade, excluded, learned };
    for w in wanted {
        s.plan.requested.insert(w.requirement.key());
        if let Err(retry) = s.add(w.clone(), 0)? {
            return Ok(Err(retry));
        }
    }
    let mut pins: Vec<String> = Vec::new();
    loop {
        let next = s
            .nodes
            .iter()
            .filter(|(_, n)| !n.pinned)
            .min_by_key(|(name, n)| {
                let exact =
                    n.wanted.iter().any(|w| w.requirement.specifiers.iter().any(super::version::Specifier::pins));
                let free = n.wanted.iter().all(|w| w.requirement.specifiers.is_empty());
                (!exact, n.depth, n.order, free, (*name).clone())
            })
            .map(|(name, _)| name.clone());
        let Some(name) = next else { break };
        let Some(node) = s.nodes.get_mut(&name) else { break };
        node.pinned = true;
        pins.push(name.clone());
        let (depth, wanted) = (node.depth, node.wanted.clone());
        let extras: Vec<String> = wanted.iter().flat_map(|w| w.requirement.extras.clone()).collect();
        let candidate = node.chosen.clone().or_else(|| {
            // What an installed version needs is looked at too.
            let version = Version::parse(node.installed.as_ref()?)?;
            Project::find(&name)?.candidates().into_iter().find(|c| c.version == version)
        });
        let (Some(candidate), Some(first)) = (candidate, wanted.first()) else { continue };
        for requirement in candidate.requires(&extras) {
            let parent = Some(format!("{} {}", normalize(candidate.project.name), candidate.version));
            let w = Wanted { requirement, from: first.chain(), parent };
            if let Err(retry) = s.add(w, depth + 1)? {
                return Ok(Err(retry));
            }
        }
    }
    Ok(Ok(s.finish(&pins)))
}

impl Search<'_> {
    /// One wish more.
    fn add(&mut self, w: Wanted, depth: usize) -> Result<Result<(), Retry>, Conflict> {
        let name = w.requirement.key();
        let order = self.nodes.len();
        let node = self.nodes.entry(name.clone()).or_insert(Node {
            wanted: Vec::new(),
            chosen: None,
            installed: None,
            pinned: false,
            depth,
            order: if depth == 0 { order } else { usize::MAX },
        });
        node.wanted.push(w.clone());
        let mut all: Vec<Wanted> = node.wanted.clone();
        all.extend(self.learned.iter().filter(|l| l.requirement.key() == name).cloned());
        let fits = |v: &Version| {
            all.iter().all(|w| w.requirement.fits(v))
                && self.constraints.iter().all(|c| c.key() != name || c.fits(v))
                && !self.excluded.contains(&(name.clone(), v.to_string()))
        };
        if let Some(have) = self.installed.get(&name).filter(|_| !(self.upgrade)(&name))
            && Version::parse(have).is_some_and(|v| fits(&v))
        {
            node.installed = Some(have.clone());
            self.plan.steps.push(Step::Satisfied(w, have.clone()));
            return Ok(Ok(()));
        }
        if node.chosen.as_ref().is_some_and(|c| fits(&c.version)) {
            return Ok(Ok(()));
        }
        let pre = all.iter().any(|w| w.requirement.specifiers.iter().any(super::version::Specifier::allows_pre));
        let candidates = Project::find(&name).map(Project::candidates).unwrap_or_default();
        let Some(best) = candidates.iter().find(|c| fits(&c.version) && (pre || !c.version.is_pre())) else {
            return self.dead_end(w, &all, &candidates);
        };
        if let Some(have) = self.installed.get(&name)
            && *have == best.version.to_string()
        {
            node.installed = Some(have.clone());
            self.plan.steps.push(Step::Satisfied(w, have.clone()));
            return Ok(Ok(()));
        }
        if node.pinned {
            return Ok(Err(Retry::Learn(w)));
        }
        (node.chosen, node.installed) = (Some(best.clone()), None);
        self.plan.steps.push(Step::Collect(w, best.clone()));
        Ok(Ok(()))
    }

    fn dead_end(&self, w: Wanted, all: &[Wanted], candidates: &[Candidate]) -> Result<Result<(), Retry>, Conflict> {
        let alone = candidates.iter().any(|c| w.requirement.fits(&c.version));
        if !alone && all.len() == 1 || candidates.is_empty() {
            let list: Vec<String> = candidates.iter().rev().map(|c| c.version.to_string()).collect();
            return Err(Conflict::NoVersion(
                Box::new(w),
                if list.is_empty() { "none".to_owned() } else { list.join(", ") },
            ));
        }
        // Another version of one who wants it may be less demanding.
        let parents = std::iter::once(&w).chain(all).filter_map(|x| x.parent.as_ref());
        for p in parents {
            let Some((name, version)) = p.split_once(' ') else { continue };
            let exact = self.nodes.get(name).is_some_and(|n| {
                n.wanted
                    .iter()
                    .any(|x| x.parent.is_none() && x.requirement.specifiers.iter().any(super::version::Specifier::pins))
            });
            let others = Project::find(name).map(Project::candidates).unwrap_or_default();
            let left = others.iter().any(|c| {
                c.version.to_string() != version
                    && !self.excluded.contains(&(name.to_owned(), c.version.to_string()))
                    && self.nodes.get(name).is_some_and(|n| n.wanted.iter().all(|x| x.requirement.fits(&c.version)))
            });
            if !exact && left {
                return Ok(Err(Retry::Exclude(name.to_owned(), version.to_owned())));
            }
        }
        let mut causes = all.to_vec();
        causes.dedup_by(|a, b| a.requirement == b.requirement && a.parent == b.parent);
        Err(Conflict::Impossible(causes))
    }

    fn finish(mut self, pins: &[String]) -> Plan {
        for name in pins {
            if let Some(Node { chosen: Some(c), wanted, .. }) = self.nodes.get(name) {
                let shown = wanted.first().map_or_else(|| name.clone(), |w| w.requirement.name.clone());
                self.plan.downloads.push((shown, c.clone()));
            }
        }
        // Leaves first, again and again; within a round the later names first, as pip does it.
        let keys: Vec<String> = self.plan.downloads.iter().map(|(n, _)| normalize(n)).collect();
        let needs: Vec<Vec<usize>> = (0..keys.len())
            .map(|i| {
                let extras: Vec<String> = self
                    .nodes
                    .get(&keys[i])
                    .map_or_else(Vec::new, |n| n.wanted.iter().flat_map(|w| w.requirement.extras.clone()).collect());
                let reqs = self.plan.downloads[i].1.requires(&extras);
                reqs.iter().filter_map(|r| keys.iter().position(|k| *k == r.key())).collect()
            })
            .collect();
        let mut left: Vec<usize> = (0..keys.len()).collect();
        while !left.is_empty() {
            let mut round: Vec<usize> =
                left.iter().copied().filter(|i| needs[*i].iter().all(|n| !left.contains(n))).collect();
            if round.is_empty() {
                round.clone_from(&left);
            }
            round.sort_by(|a, b| keys[*b].cmp(&keys[*a]));
            left.retain(|i| !round.contains(i));
            self.plan.order.extend(round);
        }
        self.plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(list: &[&str]) -> Result<Plan, Conflict> {
        let wanted: Vec<Wanted> = list
            .iter()
            .map(|r| Wanted { requirement: Requirement::parse(r).unwrap(), from: String::new(), parent: None })
            .collect();
        resolve(&wanted, &[], &BTreeMap::new(), &|_| false)
    }

    fn order(plan: &Plan) -> Vec<&str> {
        plan.order.iter().map(|i| plan.downloads[*i].0.as_str()).collect()
    }

    // Orders as pip printed them for the same requirements.
    #[test]
    fn flask_brings_what_it_needs() {
        let Ok(plan) = ask(&["flask==3.0.3"]) else { panic!() };
        assert_eq!(order(&plan), ["MarkupSafe", "itsdangerous", "click", "blinker", "Werkzeug", "Jinja2", "flask"]);
        let downloads: Vec<&str> = plan.downloads.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(downloads, ["flask", "blinker", "click", "itsdangerous", "Jinja2", "Werkzeug", "MarkupSafe"]);
        let told: Vec<String> = plan
            .steps
            .iter()
            .map(|s| match s {
                Step::Collect(w, _) => format!("{}{}", w.requirement, w.from),
                Step::Satisfied(..) => String::new(),
            })
            .collect();
        assert_eq!(told[1], "Werkzeug>=3.0.0 (from flask==3.0.3)");
        assert_eq!(told[6], "MarkupSafe>=2.0 (from Jinja2>=3.1.2->flask==3.0.3)");
    }

    #[test]
    fn conflicts_are_told() {
        assert!(
            matches!(ask(&["flask==99"]), Err(Conflict::NoVersion(_, v)) if v.starts_with("0.1, ") && v.ends_with("3.1.3"))
        );
        assert!(matches!(ask(&["nope"]), Err(Conflict::NoVersion(_, v)) if v == "none"));
        assert!(matches!(ask(&["flask==3.0.3", "werkzeug==2.3.8"]), Err(Conflict::Impossible(c)) if c.len() == 2));
    }

    #[test]
    fn an_older_parent_is_taken_where_it_must_be() {
        let Ok(plan) = ask(&["flask", "werkzeug<3"]) else { panic!() };
        let flask = plan.downloads.iter().find(|(n, _)| n == "flask").unwrap();
        assert_eq!(flask.1.version.to_string(), "2.3.3");
    }

    #[test]
    fn every_project_of_the_index_can_be_installed() {
        for p in PROJECTS {
            assert!(ask(&[p.name]).is_ok(), "{}", p.name);
        }
    }
}
