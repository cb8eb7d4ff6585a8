//! `pip`: installs Python packages from a simulated index (pip 24.0's words; newer Pythons bring newer ones).
//!
//! Resolving is a pure plan (`resolve`), which `install` carries out: downloads take time, files are
//! really written. Packages whose source we have come with it; others with a stand-in that says so.

mod environment;
mod files;
mod index;
mod install;
mod list;
mod requirement;
mod resolve;
mod scripts;
mod version;

use layerlab_kernel::{Program, ProgramArgs, Sys, async_program};

use environment::Environment;

/// Whether the index has a project.
pub(crate) fn knows(project: &str) -> bool {
    resolve::Project::find(project).is_some()
}

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move { main(sys, args).await })
}

/// A command line, read.
#[derive(Default)]
pub(crate) struct Options {
    /// Requirements, or names.
    pub(crate) operands: Vec<String>,
    /// `-r`.
    pub(crate) files: Vec<String>,
    /// `-c`.
    pub(crate) constraints: Vec<String>,
    /// Options without values, by their long names.
    pub(crate) flags: Vec<&'static str>,
    /// Options with values.
    pub(crate) values: Vec<(&'static str, String)>,
}

impl Options {
    /// Whether a flag is given.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }
    /// An option's value.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().rev().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }
}

const FLAGS: &[(&str, &str)] = &[
    ("-q", "--quiet"),
    ("-v", "--verbose"),
    ("-U", "--upgrade"),
    ("-y", "--yes"),
    ("-h", "--help"),
    ("-V", "--version"),
    ("-o", "--outdated"),
    ("-l", "--local"),
    ("-f", "--files"),
    ("", "--user"),
    ("", "--no-cache-dir"),
    ("", "--no-deps"),
    ("", "--no-compile"),
    ("", "--force-reinstall"),
    ("", "--ignore-installed"),
    ("", "--pre"),
    ("", "--dry-run"),
    ("", "--no-input"),
    ("", "--break-system-packages"),
    ("", "--disable-pip-version-check"),
    ("", "--no-warn-script-location"),
    ("", "--no-build-isolation"),
    ("", "--prefer-binary"),
    ("", "--require-hashes"),
    ("", "--no-index"),
    ("", "--all"),
    ("", "--not-required"),
    ("", "--no-color"),
    ("", "--no-python-version-warning"),
];

const VALUES: &[(&str, &str)] = &[
    ("-r", "--requirement"),
    ("-c", "--constraint"),
    ("-t", "--target"),
    ("-i", "--index-url"),
    ("", "--extra-index-url"),
    ("", "--trusted-host"),
    ("", "--root-user-action"),
    ("", "--progress-bar"),
    ("", "--prefix"),
    ("", "--timeout"),
    ("", "--retries"),
    ("", "--cache-dir"),
    ("", "--only-binary"),
    ("", "--no-binary"),
    ("", "--format"),
    ("", "--find-links"),
    ("-e", "--editable"),
    ("", "--upgrade-strategy"),
    ("", "--default-timeout"),
    ("", "--python-version"),
    ("", "--platform"),
];

const COMMANDS: &[(&str, &str)] = &[
    ("install", "Install packages."),
    ("download", "Download packages."),
    ("uninstall", "Uninstall packages."),
    ("freeze", "Output installed packages in requirements format."),
    ("inspect", "Inspect the python environment."),
    ("list", "List installed packages."),
    ("show", "Show information about installed packages."),
    ("check", "Verify installed packages have compatible dependencies."),
    ("config", "Manage local and global configuration."),
    ("search", "Search PyPI for packages."),
    ("cache", "Inspect and manage pip's wheel cache."),
    ("index", "Inspect information available from package indexes."),
    ("wheel", "Build wheels from your requirements."),
    ("hash", "Compute hashes of package archives."),
    ("completion", "A helper command used for command completion."),
    ("debug", "Show information useful for debugging."),
    ("help", "Show help for commands."),
];

fn options(args: &[String]) -> Result<Options, String> {
    let mut o = Options::default();
    let mut i = 0;
    while let Some(arg) = args.get(i) {
        i += 1;
        if !arg.starts_with('-') || arg == "-" {
            o.operands.push(arg.clone());
            continue;
        }
        let (name, inline) = match arg.split_once('=') {
            Some((n, v)) if arg.starts_with("--") => (n, Some(v.to_owned())),
            _ => (arg.as_str(), None),
        };
        let short = |row: &&(&str, &'static str)| row.1 == name || !row.0.is_empty() && row.0 == name;
        if let Some((_, long)) = FLAGS.iter().find(short) {
            o.flags.push(long);
        } else if let Some((_, long)) = VALUES.iter().find(short) {
            let value = match inline {
                Some(v) => v,
                None => {
                    i += 1;
                    args.get(i - 1).cloned().ok_or_else(|| format!("{name} option requires 1 argument"))?
                }
            };
            match *long {
                "--requirement" => o.files.push(value),
                "--constraint" => o.constraints.push(value),
                long => o.values.push((long, value)),
            }
        } else if let Some((short, long)) =
            VALUES.iter().find(|(s, _)| !s.is_empty() && !arg.starts_with("--") && arg.starts_with(s))
        {
            let value = arg[short.len()..].to_owned();
            match *long {
                "--requirement" => o.files.push(value),
                "--constraint" => o.constraints.push(value),
                long => o.values.push((long, value)),
            }
        } else if !arg.starts_with("--")
            && arg[1..].chars().all(|c| FLAGS.iter().any(|(s, _)| s.ends_with(c) && s.len() == 2))
        {
            let found = arg[1..].chars().filter_map(|c| FLAGS.iter().find(|(s, _)| s.ends_with(c) && s.len() == 2));
            o.flags.extend(found.map(|(_, long)| *long));
        } else {
            return Err(format!("no such option: {name}"));
        }
    }
    Ok(o)
}

fn help() -> String {
    let mut t = "\nUsage:   \n  pip <command> [options]\n\nCommands:\n".to_owned();
    for (name, text) in COMMANDS {
        t.push_str(&format!("  {name:<27} {text}\n"));
    }
    t.push_str("\nGeneral Options:\n  -h, --help                  Show help.\n  -V, --version               Show version and exit.\n  -q, --quiet                 Give less output.\n");
    t
}

async fn main(sys: Sys, args: ProgramArgs) -> i32 {
    let env = Environment::find(&sys, &args).await;
    let mut words: Vec<String> = args.argv.iter().skip(1).cloned().collect();
    // General options may come before the command.
    let at = words.iter().position(|w| !w.starts_with('-'));
    let command = at.map(|i| words.remove(i));
    let o = match options(&words) {
        Ok(o) => o,
        Err(why) => {
            let usage = command.as_deref().unwrap_or("<command>");
            sys.eprint(format!("\nUsage:   \n  pip {usage} [options]\n\n{why}\n")).await;
            return 2;
        }
    };
    let Some(command) = command else {
        let text = if o.has("--version") { env.version_line() } else { help() };
        return i32::from(sys.print(text).await.is_err());
    };
    if o.has("--help") || command == "help" {
        return i32::from(sys.print(help()).await.is_err());
    }
    let code = match command.as_str() {
        "install" | "download" => install::run(&env, &o, command == "download").await,
        "uninstall" => install::uninstall(&env, &o).await,
        "list" => list::list(&env, &o).await,
        "freeze" => list::freeze(&env, &o).await,
        "show" => list::show(&env, &o).await,
        "check" => list::check(&env).await,
        "cache" => list::cache(&env, &o).await,
        "index" => list::versions(&env, &o).await,
        name if COMMANDS.iter().any(|(c, _)| *c == name) => {
            env.error(&format!("ERROR: pip {name} is not part of this simulated machine")).await;
            return 1;
        }
        other => {
            let near = COMMANDS.iter().map(|(c, _)| *c).find(|c| close(c, other));
            let hint = near.map_or_else(String::new, |n| format!(" - maybe you meant \"{n}\""));
            env.error(&format!("ERROR: unknown command \"{other}\"{hint}")).await;
            return 1;
        }
    };
    if matches!(command.as_str(), "install" | "download" | "list" | "wheel") && !o.has("--disable-pip-version-check") {
        env.notice(&o).await;
    }
    code
}

/// Whether two words differ by one letter or two swapped ones.
fn close(a: &str, b: &str) -> bool {
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = x.iter().zip(&y).take_while(|(p, q)| p == q).count();
    let tail = x.iter().rev().zip(y.iter().rev()).take_while(|(p, q)| p == q).count();
    x.len().abs_diff(y.len()) <= 1 && same + tail + 2 >= x.len().max(y.len()) && same + tail > 1
}
