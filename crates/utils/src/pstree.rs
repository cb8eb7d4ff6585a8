//! `pstree`: processes as a tree.

use std::collections::BTreeMap;

use layerlab_kernel::ProcInfo;

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[ -acglpsStTuZ ] [ PID | USER ]",
    "Display a tree of processes.",
    "a|arguments A|ascii c|compact-not g|show-pgids l|long n|numeric-sort p|show-pids s|show-parents T|hide-threads t|thread-names u|uid-changes U|unicode V G|vt100 h|highlight-all",
)
.version("PSmisc) 23.7 (simulated");

/// What lines are drawn with: to an only child, to the first of several, to another, to the last, past it.
struct Signs {
    only: &'static str,
    first: &'static str,
    next: &'static str,
    last: &'static str,
    past: &'static str,
}

const ASCII: Signs = Signs { only: "---", first: "-+-", next: "|-", last: "`-", past: "| " };
const LINES: Signs = Signs { only: "───", first: "─┬─", next: "├─", last: "└─", past: "│ " };

fn label(p: &ProcInfo, parent: Option<&ProcInfo>, o: &crate::cli::Parsed, names: &Names) -> String {
    let mut more = Vec::new();
    if o.has("p") {
        more.push(p.pid.to_string());
    }
    if o.has("g") {
        more.push(p.pgid.to_string());
    }
    if o.has("u") && parent.is_some_and(|q| q.uid != p.uid) {
        more.push(names.user(p.uid));
    }
    let more = if more.is_empty() { String::new() } else { format!("({})", more.join(",")) };
    let name = if p.comm.is_empty() { "?" } else { &p.comm };
    let arguments: String =
        if o.has("a") { p.argv.iter().skip(1).map(|a| format!(" {a}")).collect() } else { String::new() };
    if o.has("a") && !more.is_empty() {
        format!("{name},{}{arguments}", more.trim_matches(['(', ')']))
    } else {
        format!("{name}{more}{arguments}")
    }
}

/// A process with its children under it, as lines.
fn joined(name: &str, children: Vec<Vec<String>>, below: bool, s: &Signs) -> Vec<String> {
    let count = children.len();
    let mut lines = Vec::new();
    if below {
        lines.push(name.to_owned());
    }
    for (i, child) in children.into_iter().enumerate() {
        let last = i + 1 == count;
        let sign = if last { s.last } else { s.next };
        for (k, line) in child.into_iter().enumerate() {
            let lead = " ".repeat(if below { 2 } else { name.chars().count() + 1 });
            lines.push(match (below, i, k) {
                (false, 0, 0) => format!("{name}{}{line}", if count == 1 { s.only } else { s.first }),
                (_, _, 0) => format!("{lead}{sign}{line}"),
                _ => format!("{lead}{}{line}", if last { "  " } else { s.past }),
            });
        }
    }
    if lines.is_empty() {
        lines.push(name.to_owned());
    }
    lines
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let names = Names::load(&c.sys).await;
    let mut all = c.sys.procs().await.unwrap_or_default();
    all.sort_by_key(|p| p.pid);
    let tty = c.sys.is_atty(1).await;
    let signs = if p.has("U") || tty && !p.has("A") { &LINES } else { &ASCII };
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let by_pid: BTreeMap<u32, &ProcInfo> = all.iter().map(|p| (p.pid, p)).collect();
    for q in &all {
        let parent = if by_pid.contains_key(&q.ppid) { q.ppid } else { 0 };
        children.entry(parent).or_default().push(q.pid);
    }
    let roots: Vec<u32> = match p.operands.first() {
        None => vec![1],
        Some(w) => match w.parse::<u32>() {
            Ok(pid) if by_pid.contains_key(&pid) => vec![pid],
            Ok(_) => return Err(Stop::Code(1)),
            Err(_) => {
                let Some(uid) = names.uid(w) else { return c.die(1, format!("No such user name: {w}")).await };
                let own = |pid: u32| by_pid.get(&pid).is_some_and(|q| q.uid == uid);
                let top = all.iter().filter(|q| q.uid == uid && !own(q.ppid));
                top.map(|q| q.pid).collect()
            }
        },
    };
    // Leaves first: a process is drawn when all below it are.
    let mut drawn: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for root in &roots {
        let mut todo = vec![(*root, false)];
        while let Some((pid, ready)) = todo.pop() {
            let mut below = children.get(&pid).cloned().unwrap_or_default();
            if !ready {
                todo.push((pid, true));
                todo.extend(below.into_iter().map(|b| (b, false)));
                continue;
            }
            let Some(q) = by_pid.get(&pid) else { continue };
            if !p.has("n") {
                below.sort_by_key(|b| by_pid.get(b).map_or((String::new(), 0), |q| (q.comm.clone(), q.pid)));
            }
            let mut groups: Vec<(usize, Vec<String>)> = Vec::new();
            for lines in below.iter().filter_map(|b| drawn.remove(b)) {
                let same = groups.iter_mut().find(|g| g.1 == lines && !p.has("c") && !p.has("a"));
                match same {
                    Some(g) => g.0 += 1,
                    None => groups.push((1, lines)),
                }
            }
            let groups = groups.into_iter().map(|(n, mut lines)| {
                if let Some(first) = lines.first_mut().filter(|_| n > 1) {
                    *first = format!("{n}*[{first}]");
                }
                let lead = format!("{n}*[").len();
                let deeper = lines.iter().enumerate();
                deeper.map(|(i, l)| if i > 0 && n > 1 { " ".repeat(lead) + l } else { l.clone() }).collect()
            });
            let name = label(q, by_pid.get(&q.ppid).copied(), &p, &names);
            let lines = joined(&name, groups.collect(), p.has("a"), signs);
            drawn.insert(pid, lines);
        }
    }
    let width = match c.sys.win_size(1).await {
        Ok(s) if s.cols > 0 => usize::from(s.cols),
        _ => 132,
    };
    for line in roots.iter().filter_map(|r| drawn.remove(r)).flatten() {
        let long = line.chars().count() > width && !p.has("l");
        let shown: String = if long { line.chars().take(width - 1).chain(['+']).collect() } else { line };
        c.put(format!("{shown}\n")).await?;
    }
    Ok(())
}
