//! Help texts in docker's layout (docker/cli `cli/cobra.go`, `usageTemplate`).

mod wrap;

use crate::tree::{Command, Flag, tree};

pub use wrap::flag_usages;

/// What a help text depends on beside the command.
#[derive(Clone, Debug)]
pub struct HelpContext {
    /// Columns of the terminal, 80 if there is none.
    pub width: usize,
    /// The user's home folder (defaults of the global options).
    pub home: String,
    /// What is known of the daemon; `None` shows everything.
    pub daemon: Option<Daemon>,
}

/// What of the daemon decides which commands and flags help shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Daemon {
    /// It is a manager of a swarm.
    pub swarm: bool,
    /// It has experimental features on.
    pub experimental: bool,
}

impl Default for HelpContext {
    fn default() -> Self {
        Self { width: 80, home: "/root".into(), daemon: None }
    }
}

impl HelpContext {
    fn shows_flag(&self, f: &Flag) -> bool {
        if f.is_hidden() || f.marks.contains('X') {
            return false;
        }
        self.daemon.is_none_or(|d| {
            !f.marks.contains('w') && (d.swarm || !f.marks.contains('s')) && (d.experimental || !f.marks.contains('x'))
        })
    }

    fn shows_command(&self, c: &Command) -> bool {
        if c.is("hidden") || (c.is("experimental-cli") && c.path.contains("buildx")) {
            return false;
        }
        self.daemon.is_none_or(|d| (d.swarm || !c.needs_swarm()) && (d.experimental || !c.is("experimental")))
    }

    fn visible_flags(&self, c: &Command) -> Vec<Flag> {
        let mut flags: Vec<Flag> = c.flags.iter().filter(|f| self.shows_flag(f)).cloned().collect();
        for (i, _) in c.path.match_indices(' ') {
            let group = c.path.get(..i).and_then(|p| tree().get(p));
            flags.extend(
                group.iter().flat_map(|g| &g.flags).filter(|f| f.marks.contains('g') && self.shows_flag(f)).cloned(),
            );
        }
        flags.sort_by_key(|f| f.name);
        flags.dedup_by_key(|f| f.name);
        flags
    }
}

/// Docker's order of the commands that it lists first.
const COMMON: &[&str] =
    &["run", "exec", "ps", "build", "bake", "pull", "push", "images", "login", "logout", "search", "version", "info"];
/// Commands that come from client plugins.
const PLUGINS: &[&str] = &["buildx", "compose"];

/// The usage line without `Usage:`; `path` is as typed, e.g. `docker ps`.
pub fn use_line(path: &str, c: &Command) -> String {
    let path = if c.path == "docker buildx build" { c.path } else { path };
    if !tree().children(c.path).is_empty() {
        let options = if c.path == "docker" || c.flags.iter().any(|f| !f.is_hidden()) { " [OPTIONS]" } else { "" };
        return format!("{path}{options} COMMAND");
    }
    format!("{path} {}", c.usage).trim_end().to_owned()
}

/// The whole help text of a command, with a newline at its end.
pub fn help(path: &str, c: &Command, cx: &HelpContext) -> String {
    let mut out = format!("Usage:  {}\n\n{}", use_line(path, c), c.long.trim());
    if is_experimental(c) {
        out.push_str(&EXPERIMENTAL.replace("{}", c.path));
    }
    let parent = c.path.rsplit_once(' ').map_or("", |(p, _)| p);
    if !c.aliases.is_empty() {
        out.push_str(&format!("\n\nAliases:\n  {}", c.aliases));
    } else if !c.names.is_empty() {
        let names: String = c.names.iter().map(|n| format!(", {parent} {n}")).collect();
        out.push_str(&format!("\n\nAliases:\n  {}{names}", c.path));
    }
    let flags = cx.visible_flags(c);
    let usages = flag_usages(flags.iter(), cx.width - 1, &cx.home);
    let root = c.path == "docker";
    if !root && !flags.is_empty() {
        out.push_str(&format!("\n\nOptions:\n{}", usages.trim_end()));
    }
    let lists = command_lists(c, cx);
    for (title, entries) in &lists {
        if entries.is_empty() {
            continue;
        }
        out.push_str(&format!("\n\n{title}:"));
        for (name, short) in entries {
            out.push_str(&format!("\n  {name:<width$} {short}", width = padding(c, cx)));
        }
    }
    if root {
        out.push_str(&format!("\n\nGlobal Options:\n{}", usages.trim_end()));
    }
    if !tree().children(c.path).is_empty() {
        out.push_str(&format!("\n\nRun '{} COMMAND --help' for more information on a command.", c.path));
    }
    if root {
        out.push_str("\n\nFor more help on how to use Docker, head to https://docs.docker.com/go/guides/");
    }
    out.push('\n');
    out
}

/// Said of commands that need an experimental client.
const EXPERIMENTAL: &str = "\n\nEXPERIMENTAL:\n  {} is an experimental feature.\n  Experimental features provide early access to product functionality. These\n  features may change between releases without warning, or can be removed from a\n  future release. Learn more about experimental features in our documentation:\n  https://docs.docker.com/go/experimental/";

fn is_experimental(c: &Command) -> bool {
    let group = c.path.match_indices(' ').filter_map(|(i, _)| tree().get(c.path.get(..i)?));
    !c.path.starts_with("docker buildx")
        && (c.is("experimental-cli") || group.into_iter().any(|g| g.is("experimental-cli")))
}

fn padding(c: &Command, cx: &HelpContext) -> usize {
    visible_children(c, cx).map(|p| last(p).len()).max().unwrap_or(0).max(11)
}

fn last(path: &str) -> &str {
    path.rsplit(' ').next().unwrap_or("")
}

fn visible_children<'a>(c: &'a Command, cx: &'a HelpContext) -> impl Iterator<Item = &'static str> + 'a {
    tree().children(c.path).iter().copied().filter(|p| tree().get(p).is_some_and(|k| cx.shows_command(k)))
}

fn command_lists(c: &Command, cx: &HelpContext) -> Vec<(&'static str, Vec<(String, String)>)> {
    let entry = |p: &str, mark: &str| (format!("{}{mark}", last(p)), tree().short(p).to_owned());
    if c.path != "docker" {
        return vec![("Commands", visible_children(c, cx).map(|p| entry(p, "")).collect())];
    }
    let mut lists = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for p in visible_children(c, cx) {
        let name = last(p);
        let is_group = !tree().children(p).is_empty();
        let is_swarm = tree().get(p).is_some_and(|k| k.marks.iter().any(|m| m.starts_with("swarm=")));
        match (COMMON.iter().position(|n| *n == name), is_group) {
            (Some(i), _) => lists[0].push((i, entry(p, ""))),
            (None, true) => {
                let mark = if PLUGINS.contains(&name) { "*" } else { "" };
                lists[if is_swarm { 2 } else { 1 }].push((0, entry(p, mark)));
            }
            (None, false) => lists[3].push((0, entry(p, ""))),
        }
    }
    lists[0].sort_by_key(|(i, _)| *i);
    let titles = ["Common Commands", "Management Commands", "Swarm Commands", "Commands"];
    titles.into_iter().zip(lists).map(|(t, l)| (t, l.into_iter().map(|(_, e)| e).collect())).collect()
}
