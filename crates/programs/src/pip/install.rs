//! `pip install`, `download` and `uninstall`.

use std::collections::{BTreeMap, BTreeSet};

use layerlab_kernel::SimTime;

use super::Options;
use super::environment::{Environment, Installed};
use super::files;
use super::requirement::{Line, Requirement, lines, normalize};
use super::resolve::{Candidate, Conflict, Plan, Step, Wanted, resolve};
use super::scripts;
use crate::packages::{Unreachable, fetch};

/// Bytes a second from the index.
const RATE: u64 = 12_000_000;
/// An answer of the index.
const LATENCY: SimTime = SimTime::millis(45);
/// Bytes a second that unpacking and compiling make.
const UNPACK: u64 = 9_000_000;

/// Requirements and constraints of the command line and its files; a message otherwise.
async fn collect(env: &Environment, o: &Options) -> Result<(Vec<Wanted>, Vec<Requirement>), String> {
    let (mut wanted, mut constraints) = (Vec::new(), Vec::new());
    for text in &o.operands {
        wanted.push(user_wish(env, text, String::new()).await?);
    }
    if let Some(path) = o.value("--editable") {
        user_wish(env, path, String::new()).await?;
    }
    let mut todo: Vec<(String, bool, usize)> = o.constraints.iter().rev().map(|f| (f.clone(), true, 0)).collect();
    todo.extend(o.files.iter().rev().map(|f| (f.clone(), false, 0)));
    while let Some((path, constraint, depth)) = todo.pop() {
        let bytes = env.sys.read_file(&path).await.map_err(|e| {
            format!("ERROR: Could not open requirements file: [Errno {}] {}: '{path}'", e.number(), e.text())
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for line in lines(&text) {
            match line {
                Line::Requirement(text, number) => {
                    let from = format!(" (from -r {path} (line {number}))");
                    let w = user_wish(env, &text, from).await.map_err(|e| {
                        if e.starts_with("ERROR: Invalid requirement") {
                            format!("{e} (from line {number} of {path})")
                        } else {
                            e
                        }
                    })?;
                    if constraint { constraints.push(w.requirement) } else { wanted.push(w) }
                }
                Line::File(other) | Line::Constraints(other) if depth > 20 => {
                    return Err(format!("ERROR: {path} recursively references itself in {other}"));
                }
                Line::File(other) => todo.push((beside(&path, &other), constraint, depth + 1)),
                Line::Constraints(other) => todo.push((beside(&path, &other), true, depth + 1)),
                Line::Option(_) => {}
            }
        }
    }
    Ok((wanted, constraints))
}

fn beside(path: &str, other: &str) -> String {
    match path.rsplit_once('/') {
        Some((dir, _)) if !other.starts_with('/') => format!("{dir}/{other}"),
        _ => other.to_owned(),
    }
}

async fn user_wish(env: &Environment, text: &str, from: String) -> Result<Wanted, String> {
    let path =
        text == "." || text.starts_with("./") || text.starts_with('/') || text.ends_with('/') || text.starts_with("..");
    if path && env.sys.stat(text).await.is_ok() {
        let project = env.sys.stat(&format!("{text}/setup.py")).await.is_ok()
            || env.sys.stat(&format!("{text}/pyproject.toml")).await.is_ok();
        return Err(if project {
            format!("ERROR: '{text}' is a project of its own: building packages is not part of this simulated machine")
        } else {
            format!("ERROR: Directory '{text}' is not installable. Neither 'setup.py' nor 'pyproject.toml' found.")
        });
    }
    if text.contains("://") {
        return Err(format!("ERROR: Could not install {text}: the simulated machine reaches only its package index"));
    }
    match Requirement::parse(text) {
        Some(requirement) => Ok(Wanted { requirement, from, parent: None }),
        None if path => Err(format!(
            "ERROR: Invalid requirement: '{text}'\nHint: It looks like a path. File '{text}' does not exist."
        )),
        None if text.contains('=') && !text.contains("==") => {
            Err(format!("ERROR: Invalid requirement: '{text}'\nHint: = is not a valid operator. Did you mean == ?"))
        }
        None => Err(format!("ERROR: Invalid requirement: '{text}'")),
    }
}

/// Installs (or only downloads).
pub(crate) async fn run(env: &Environment, o: &Options, only_download: bool) -> i32 {
    if o.operands.is_empty() && o.files.is_empty() && o.value("--editable").is_none() {
        let verb = if only_download { "download" } else { "install" };
        env.error(&format!("ERROR: You must give at least one requirement to {verb} (see \"pip help {verb}\")")).await;
        return 1;
    }
    let (wanted, constraints) = match collect(env, o).await {
        Ok(all) => all,
        Err(text) => {
            env.error(&text).await;
            return 1;
        }
    };
    let quiet = o.has("--quiet");
    let (site, user) = match destination(env, o).await {
        Ok(s) => s,
        Err(text) => {
            env.error(&text).await;
            return 1;
        }
    };
    if user && !o.has("--user") && !quiet {
        env.say("Defaulting to user installation because normal site-packages is not writeable").await;
    }
    let there = if o.value("--target").is_some() || only_download { BTreeMap::new() } else { env.installed().await };
    let versions: BTreeMap<String, String> = there.iter().map(|(k, v)| (k.clone(), v.version.clone())).collect();
    let named: BTreeSet<String> = wanted.iter().map(|w| w.requirement.key()).collect();
    let again = o.has("--force-reinstall") || o.has("--ignore-installed");
    let versions = if again { BTreeMap::new() } else { versions };
    let plan = resolve(&wanted, &constraints, &versions, &|name| o.has("--upgrade") && named.contains(name));
    let asks = match &plan {
        Ok(plan) => plan.steps.iter().find_map(|s| if let Step::Collect(w, _) = s { Some(w) } else { None }),
        Err(Conflict::NoVersion(w, _)) => Some(&**w),
        Err(Conflict::Impossible(_)) => wanted.first(),
    };
    if let Some(w) = asks
        && !reach(env, w).await
    {
        return 1;
    }
    let plan = match plan {
        Ok(plan) => plan,
        Err(conflict) => {
            tell_conflict(env, conflict).await;
            return 1;
        }
    };
    let modern = env.version().await.split('.').next().and_then(|m| m.parse::<u32>().ok()).is_some_and(|m| m >= 25);
    let job = Job { env, o, quiet, modern, site, user, cache: cache_dir(env, o) };
    job.tell(&plan, &there).await;
    job.download(&plan).await;
    if only_download || o.has("--dry-run") {
        if !plan.downloads.is_empty() && !quiet {
            let verb = if only_download { "Successfully downloaded" } else { "Would install" };
            let names: Vec<String> = plan
                .downloads
                .iter()
                .map(|(n, c)| if only_download { n.clone() } else { format!("{n}-{}", c.version) })
                .collect();
            env.say(&format!("{verb} {}", names.join(" "))).await;
        }
        return 0;
    }
    job.install(&plan, &there).await
}

/// Whether the index answers; says what pip says if not, after it has tried five times more.
async fn reach(env: &Environment, w: &Wanted) -> bool {
    let name = w.requirement.key();
    let url = format!("https://pypi.example/simple/{name}/");
    // Half a second, then twice as long each time.
    for (n, wait) in [0, 500, 1000, 2000, 4000, 0].into_iter().enumerate() {
        let why = match fetch(&env.sys, &url, 0).await {
            Ok(()) | Err(Unreachable::Missing) => return true,
            Err(Unreachable::Name) => "[Errno -3] Temporary failure in name resolution",
            Err(Unreachable::Address(..)) => "[Errno 111] Connection refused",
        };
        if n < 5 {
            let left = 4 - n;
            let object = "<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f6c66102e90>";
            let text = format!(
                "WARNING: Retrying (Retry(total={left}, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('{object}: Failed to establish a new connection: {why}')': /simple/{name}/"
            );
            env.error(&text).await;
            let _ = env.sys.sleep(SimTime::millis(wait)).await;
        }
    }
    let wanted = &w.requirement;
    env.error(&format!(
        "ERROR: Could not find a version that satisfies the requirement {wanted} (from versions: none)"
    ))
    .await;
    env.error(&format!("ERROR: No matching distribution found for {wanted}")).await;
    false
}

fn cache_dir(env: &Environment, o: &Options) -> Option<String> {
    if o.has("--no-cache-dir") || env.setting("PIP_NO_CACHE_DIR") {
        return None;
    }
    Some(o.value("--cache-dir").map_or_else(|| format!("{}/.cache/pip", env.home), str::to_owned))
}

/// The folder to install to, and whether it is the user's own.
async fn destination(env: &Environment, o: &Options) -> Result<(String, bool), String> {
    if let Some(t) = o.value("--target") {
        return Ok((t.to_owned(), false));
    }
    if let Some(p) = o.value("--prefix") {
        return Ok((format!("{p}/lib/python{}/site-packages", env.python), false));
    }
    if !o.has("--break-system-packages")
        && !env.setting("PIP_BREAK_SYSTEM_PACKAGES")
        && let Some(text) = env.managed().await
    {
        return Err(externally_managed(&text));
    }
    if o.has("--user") {
        if env.venv {
            return Err(
                "ERROR: Can not perform a '--user' install. User site-packages are not visible in this virtualenv."
                    .into(),
            );
        }
        return Ok((env.user_site(), true));
    }
    let site = env.site();
    let writable = env.sys.access(&site, false, true, false).await.is_ok() || env.root;
    if !writable && env.venv {
        return Err(format!(
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '{site}'"
        ));
    }
    Ok(if writable { (site, false) } else { (env.user_site(), true) })
}

/// pip's refusal to touch what the distribution's own tools look after.
fn externally_managed(text: &str) -> String {
    format!(
        "error: externally-managed-environment\n\n× This environment is externally managed\n╰─> {text}\n\nnote: If you \
         believe this is a mistake, please contact your Python installation or OS distribution provider. You can \
         override this, at the risk of breaking your Python installation or OS, by passing --break-system-packages.\n\
         hint: See PEP 668 for the detailed specification."
    )
}

/// Whom pip blames: a user's requirement, or where the one who wants it comes from.
fn trigger(w: &Wanted) -> String {
    let Some(parent) = &w.parent else { return w.requirement.to_string() };
    match w.from.strip_suffix(')').and_then(|f| f.split_once("->")) {
        None => parent.replace(' ', "=="),
        Some((_, above)) if above.starts_with("-r ") => above.to_owned(),
        Some((_, above)) => {
            Requirement::parse(above.split("->").next().unwrap_or("")).map_or_else(String::new, |r| r.name)
        }
    }
}

async fn tell_conflict(env: &Environment, conflict: Conflict) {
    match conflict {
        Conflict::NoVersion(w, versions) => {
            let _ = env.sys.sleep(LATENCY + LATENCY).await;
            let from = match &w.parent {
                Some(p) => format!(" (from {})", p.split(' ').next().unwrap_or(p)),
                None => String::new(),
            };
            let text = format!(
                "ERROR: Could not find a version that satisfies the requirement {}{from} (from versions: {versions})",
                w.requirement
            );
            env.error(&text).await;
            env.error(&format!("ERROR: No matching distribution found for {}", w.requirement)).await;
        }
        Conflict::Impossible(causes) => {
            let mut names: Vec<String> = causes.iter().map(trigger).collect();
            names.sort_by_key(|n| n.to_lowercase());
            names.dedup();
            let list = match names.as_slice() {
                [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
                other => other.join(", "),
            };
            env.error(&format!(
                "ERROR: Cannot install {list} because these package versions have conflicting dependencies."
            ))
            .await;
            let mut text = "\nThe conflict is caused by:\n".to_owned();
            for w in &causes {
                match &w.parent {
                    Some(p) => text.push_str(&format!("    {p} depends on {}\n", w.requirement)),
                    None => text.push_str(&format!("    The user requested {}\n", w.requirement)),
                }
            }
            text.push_str(
                "\nTo fix this you could try to:\n1. loosen the range of package versions you've specified\n\
                 2. remove package versions to allow pip to attempt to solve the dependency conflict\n",
            );
            env.say(&text).await;
            let text = "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts";
            env.error(text).await;
        }
    }
}

struct Job<'a> {
    env: &'a Environment,
    o: &'a Options,
    quiet: bool,
    modern: bool,
    site: String,
    user: bool,
    cache: Option<String>,
}

impl Job<'_> {
    async fn say(&self, text: &str) {
        if !self.quiet {
            self.env.say(text).await;
        }
    }

    /// The resolver's way.
    async fn tell(&self, plan: &Plan, there: &BTreeMap<String, Installed>) {
        for step in &plan.steps {
            match step {
                Step::Satisfied(w, version) => {
                    let site = there.get(&w.requirement.key()).map_or(self.site.as_str(), |i| &i.site);
                    self.say(&format!(
                        "Requirement already satisfied: {} in {site}{} ({version})",
                        w.requirement, w.from
                    ))
                    .await;
                }
                Step::Collect(w, c) => {
                    self.say(&format!("Collecting {}{}", w.requirement, w.from)).await;
                    let _ = self.env.sys.sleep(LATENCY + LATENCY).await;
                    let wheel = c.wheel(&self.env.python);
                    let size = files::size(c.release.metadata);
                    let verb = if self.cached(&wheel).await { "Using cached" } else { "Downloading" };
                    self.say(&format!("  {verb} {wheel}.metadata ({size})")).await;
                }
            }
        }
    }

    async fn cached(&self, wheel: &str) -> bool {
        let Some(dir) = &self.cache else { return false };
        self.env.sys.stat(&format!("{dir}/{}", files::cache_path(wheel))).await.is_ok()
    }

    async fn download(&self, plan: &Plan) {
        for (_, c) in &plan.downloads {
            let wheel = c.wheel(&self.env.python);
            let size = c.release.wheel;
            if self.cached(&wheel).await {
                self.say(&format!("Using cached {wheel} ({})", files::size(size))).await;
                continue;
            }
            self.say(&format!("Downloading {wheel} ({})", files::size(size))).await;
            let took = LATENCY + SimTime(size * 1_000_000_000 / RATE);
            self.progress(size, took).await;
            if let Some(dir) = &self.cache {
                let path = format!("{dir}/{}", files::cache_path(&wheel));
                if self.make_dirs(&path).await.is_ok()
                    && self.env.sys.write_file(&path, format!("{wheel}\n"), 0o600).await.is_ok()
                {
                    let _ = self.env.sys.set_nominal_size(&path, size).await;
                }
            }
        }
    }

    /// The bar: moving on a terminal, else only its last state. Small files have none.
    async fn progress(&self, size: u64, took: SimTime) {
        let least = if self.modern { 512 * 1024 } else { 40_000 };
        let sys = &self.env.sys;
        if self.quiet || size <= least || self.o.value("--progress-bar") == Some("off") {
            let _ = sys.sleep(took).await;
            return;
        }
        let speed = files::size((u128::from(size) * 1_000_000_000 / u128::from(took.0.max(1))) as u64);
        let (unit, by) = if size >= 1_000_000 { ("MB", 1e6) } else { ("kB", 1e3) };
        let of = |done: u64| format!("{:.1}/{:.1} {unit}", done as f64 / by, size as f64 / by);
        let end = if self.modern { " 0:00:00" } else { "eta 0:00:00" };
        if !self.env.tty {
            let _ = sys.sleep(took).await;
            self.env.say(&format!("   {} {} {speed}/s {end}", "━".repeat(40), of(size))).await;
            return;
        }
        let frames = (took.as_millis() / 100).clamp(1, 600);
        for i in 1..=frames {
            let _ = sys.sleep(SimTime(took.0 / frames)).await;
            let done = size * i / frames;
            let full = usize::try_from(40 * i / frames).unwrap_or(40);
            let color = if i == frames { "\x1b[38;2;114;156;31m" } else { "\x1b[38;2;249;38;114m" };
            let left = ((took.0 - took.0 / frames * i) / 1_000_000_000).min(59);
            let end = if i == frames { end.to_owned() } else { format!("eta \x1b[36m0:00:{left:02}\x1b[0m") };
            let line = format!(
                "\r\x1b[2K   {color}{}\x1b[38;5;237m{}\x1b[0m \x1b[32m{}\x1b[0m \x1b[31m{speed}/s\x1b[0m {end}",
                "━".repeat(full),
                "━".repeat(40 - full),
                of(done)
            );
            let _ = sys.print(line).await;
        }
        let _ = sys.print("\n").await;
    }

    async fn make_dirs(&self, path: &str) -> Result<(), layerlab_kernel::Errno> {
        let mut at = 1;
        while let Some(i) = path.get(at..).and_then(|rest| rest.find('/')) {
            at += i;
            match self.env.sys.mkdir(&path[..at], 0o755).await {
                Ok(()) | Err(layerlab_kernel::Errno::EEXIST) => {}
                Err(e) if self.env.sys.stat(&path[..at]).await.is_err() => return Err(e),
                Err(_) => {}
            }
            at += 1;
        }
        Ok(())
    }

    fn shown(&self, name: &str) -> String {
        if self.modern { normalize(name) } else { name.to_owned() }
    }

    async fn install(&self, plan: &Plan, there: &BTreeMap<String, Installed>) -> i32 {
        let order: Vec<&(String, Candidate)> = plan.order.iter().filter_map(|i| plan.downloads.get(*i)).collect();
        if !order.is_empty() {
            let names: Vec<String> = order.iter().map(|(n, _)| self.shown(n)).collect();
            self.say(&format!("Installing collected packages: {}", names.join(", "))).await;
        }
        for (name, c) in &order {
            if let Some(old) = there.get(&normalize(name)).filter(|_| !self.o.has("--ignore-installed")) {
                self.say(&format!("  Attempting uninstall: {}", self.shown(name))).await;
                self.say(&format!("    Found existing installation: {} {}", old.name, old.version)).await;
                self.say(&format!("    Uninstalling {}-{}:", old.name, old.version)).await;
                remove(self.env, old).await;
                self.say(&format!("      Successfully uninstalled {}-{}", old.name, old.version)).await;
            }
            let requested = plan.requested.contains(&normalize(name));
            if let Err(text) = self.unpack(c, requested).await {
                self.env.error(&text).await;
                return 1;
            }
        }
        if !order.is_empty() {
            let mut names: Vec<String> =
                order.iter().map(|(n, c)| format!("{}-{}", self.shown(n), c.version)).collect();
            names.sort();
            self.say(&format!("Successfully installed {}", names.join(" "))).await;
        }
        if self.env.root && !self.env.venv && !self.user && !self.ignores_root() {
            let text = if self.modern {
                "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager, possibly rendering your system unusable. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv. Use the --root-user-action option if you know what you are doing and want to suppress this warning."
            } else {
                "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv"
            };
            self.env.error(text).await;
        }
        0
    }

    fn ignores_root(&self) -> bool {
        self.o.value("--root-user-action") == Some("ignore")
            || self.env.setting("PIP_ROOT_USER_ACTION")
            || self.o.value("--target").is_some()
    }

    async fn unpack(&self, c: &Candidate, requested: bool) -> Result<(), String> {
        let sys = &self.env.sys;
        let compile = !self.o.has("--no-compile");
        let _ = sys.sleep(SimTime(c.release.installed * 1_000_000_000 / UNPACK)).await;
        let commands = scripts::of(c.project.name);
        let bin = self.env.scripts(&self.site).filter(|_| self.o.value("--target").is_none() && !commands.is_empty());
        let texts: Vec<(String, String)> = if bin.is_some() {
            let text = |s: &scripts::Script| s.text(&self.env.interpreter(), self.modern);
            commands.iter().map(|s| (format!("../../../bin/{}", s.name), text(s))).collect()
        } else {
            Vec::new()
        };
        let files = files::layout(c, &self.env.python, requested, compile, &texts);
        for f in &files {
            let (path, mode) = match (&bin, f.path.strip_prefix("../../../bin/")) {
                (Some(bin), Some(name)) => (format!("{bin}/{name}"), 0o755),
                _ => (format!("{}/{}", self.site, f.path), 0o644),
            };
            let fail = |e: layerlab_kernel::Errno| {
                let hint = if e.number() == 13 { "\nCheck the permissions.\n" } else { "\n" };
                format!(
                    "ERROR: Could not install packages due to an OSError: [Errno {}] {}: '{path}'{hint}",
                    e.number(),
                    e.text()
                )
            };
            self.make_dirs(&path).await.map_err(fail)?;
            sys.write_file(&path, f.content.clone(), mode).await.map_err(fail)?;
            sys.set_nominal_size(&path, f.nominal).await.map_err(fail)?;
        }
        if let Some(text) = bin.and_then(|bin| scripts::not_on_path(self.env, &commands, &bin))
            && !self.o.has("--no-warn-script-location")
        {
            self.env.error(&text).await;
        }
        Ok(())
    }
}

/// Removes what RECORD lists, and folders that are empty then.
async fn remove(env: &Environment, old: &Installed) {
    if old.info.is_empty() {
        return;
    }
    let record = env.sys.read_file(&format!("{}/RECORD", old.info)).await.unwrap_or_default();
    let mut dirs = BTreeSet::new();
    for line in String::from_utf8_lossy(&record).lines() {
        let Some(path) = line.rsplitn(3, ',').nth(2).filter(|p| !p.is_empty()) else { continue };
        let path = format!("{}/{path}", old.site);
        let _ = env.sys.unlink(&path).await;
        let mut at = path.as_str();
        while let Some((dir, _)) = at.rsplit_once('/')
            && dir.len() > old.site.len()
        {
            dirs.insert(dir.to_owned());
            at = dir;
        }
    }
    for dir in dirs.iter().rev() {
        let _ = env.sys.rmdir(dir).await;
    }
}

/// Uninstalls.
pub(crate) async fn uninstall(env: &Environment, o: &Options) -> i32 {
    let mut names = o.operands.clone();
    if !o.files.is_empty() {
        match collect(env, &Options { files: o.files.clone(), ..Options::default() }).await {
            Ok((wanted, _)) => names.extend(wanted.into_iter().map(|w| w.requirement.name)),
            Err(text) => {
                env.error(&text).await;
                return 1;
            }
        }
    }
    if names.is_empty() {
        env.error("ERROR: You must give at least one requirement to uninstall (see \"pip help uninstall\")").await;
        return 1;
    }
    let there = env.installed().await;
    for name in names {
        let bare = Requirement::parse(&name).map_or(name.clone(), |r| r.name);
        let Some(old) = there.get(&normalize(&bare)) else {
            env.error(&format!("WARNING: Skipping {name} as it is not installed.")).await;
            continue;
        };
        let quiet = o.has("--quiet");
        if !quiet {
            env.say(&format!("Found existing installation: {} {}", old.name, old.version)).await;
            env.say(&format!("Uninstalling {}-{}:", old.name, old.version)).await;
        }
        if !o.has("--yes") {
            let stem = normalize(&old.name).replace('-', "_");
            env.say(&format!(
                "  Would remove:\n    {}/{stem}-{}.dist-info/*\n    {}/{stem}/*",
                old.site, old.version, old.site
            ))
            .await;
            let _ = env.sys.print("Proceed (Y/n)? ").await;
            let line = env
                .sys
                .read(0, 1024)
                .await
                .map(|b| String::from_utf8_lossy(&b).trim().to_ascii_lowercase())
                .unwrap_or_default();
            if !matches!(line.as_str(), "" | "y") {
                continue;
            }
        }
        remove(env, old).await;
        if !quiet {
            env.say(&format!("  Successfully uninstalled {}-{}", old.name, old.version)).await;
        }
    }
    if env.root && !env.venv {
        let text = "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv";
        env.error(text).await;
    }
    0
}
