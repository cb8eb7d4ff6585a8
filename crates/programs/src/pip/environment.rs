//! Where pip works: which Python, which folder, which user.

use std::collections::BTreeMap;

use layerlab_kernel::{ProgramArgs, Sys};

use super::requirement::normalize;
use super::resolve::Project;
use super::{Options, files};
use crate::packages::{Unreachable, fetch};

/// An installed distribution.
#[derive(Clone, Debug)]
pub(crate) struct Installed {
    /// Name as its metadata writes it.
    pub(crate) name: String,
    /// Version.
    pub(crate) version: String,
    /// The folder that it is in.
    pub(crate) site: String,
    /// Its `.dist-info` folder; empty for what came with Python.
    pub(crate) info: String,
}

/// Where pip works.
pub(crate) struct Environment {
    /// The kernel.
    pub(crate) sys: Sys,
    /// `3.11`.
    pub(crate) python: String,
    /// Where Python is, e.g. `/usr/local`; a virtual environment's folder.
    pub(crate) prefix: String,
    /// Debian's own Python: what pip installs goes beside the distribution's packages.
    debian: bool,
    /// The home folder.
    pub(crate) home: String,
    /// Whether it runs in a virtual environment.
    pub(crate) venv: bool,
    /// Whether the user is root.
    pub(crate) root: bool,
    /// Standard output is a terminal.
    pub(crate) tty: bool,
    env: Vec<(String, String)>,
}

impl Environment {
    /// From the executable's variant (Python's version) and the command's path.
    pub(crate) async fn find(sys: &Sys, args: &ProgramArgs) -> Self {
        let python_full =
            if args.variant.is_empty() { layerlab_python::VERSION.to_owned() } else { args.variant.clone() };
        let python = python_full.split('.').take(2).collect::<Vec<_>>().join(".");
        let (prefix, venv) = Self::prefix(sys, args).await;
        let debian = !venv && prefix == "/usr" && sys.stat("/etc/debian_version").await.is_ok();
        let (uid, _) = sys.ids();
        let tty = sys.is_atty(1).await;
        let home = args.var("HOME").unwrap_or(if uid == 0 { "/root" } else { "/" }).to_owned();
        Self { sys: sys.clone(), python, prefix, debian, home, venv, root: uid == 0, tty, env: args.env.clone() }
    }

    /// Where the command stands: above its `bin`, found along `PATH` as it was called.
    async fn prefix(sys: &Sys, args: &ProgramArgs) -> (String, bool) {
        let called = args.argv.first().map_or("", String::as_str);
        let bins: Vec<String> = match called.rsplit_once('/') {
            Some((dir, _)) => vec![dir.to_owned()],
            None => args.var("PATH").unwrap_or("/usr/local/bin:/usr/bin").split(':').map(str::to_owned).collect(),
        };
        for bin in bins {
            let Some(prefix) = bin.trim_end_matches('/').strip_suffix("/bin") else { continue };
            if sys.stat(&format!("{bin}/{}", args.name())).await.is_ok() {
                return (prefix.to_owned(), sys.stat(&format!("{prefix}/pyvenv.cfg")).await.is_ok());
            }
        }
        ("/usr/local".to_owned(), false)
    }

    /// A variable of the environment.
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        self.env.iter().rev().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// What the distribution says to those who want to install into its own Python (PEP 668).
    pub(crate) async fn managed(&self) -> Option<String> {
        if self.venv {
            return None;
        }
        let path = format!("{}/lib/python{}/EXTERNALLY-MANAGED", self.prefix, self.python);
        let text = self.sys.read_file(&path).await.ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let (_, error) = text.split_once("Error=")?;
        let lines = error.trim_end().lines().map(str::trim);
        Some(lines.collect::<Vec<_>>().join("\n    "))
    }

    /// The folder for commands that belong to a folder of packages.
    pub(crate) fn scripts(&self, site: &str) -> Option<String> {
        site.rsplit_once("/lib/python").map(|(prefix, _)| format!("{prefix}/bin"))
    }

    /// The interpreter that scripts name.
    pub(crate) fn interpreter(&self) -> String {
        let version = if self.venv { "3" } else { self.python.as_str() };
        format!("{}/bin/python{version}", self.prefix)
    }

    /// A setting from the environment, e.g. `PIP_NO_CACHE_DIR`.
    pub(crate) fn setting(&self, name: &str) -> bool {
        let value = self.var(name).map(str::to_ascii_lowercase);
        value.is_some_and(|v| !matches!(v.as_str(), "" | "0" | "false" | "no" | "off"))
    }

    /// The folder for packages.
    pub(crate) fn site(&self) -> String {
        if self.debian {
            return format!("/usr/local/lib/python{}/dist-packages", self.python);
        }
        format!("{}/lib/python{}/site-packages", self.prefix, self.python)
    }

    /// The user's own folder for packages.
    pub(crate) fn user_site(&self) -> String {
        format!("{}/.local/lib/python{}/site-packages", self.home, self.python)
    }

    /// Whether pip itself is a package of the distribution.
    fn is_packaged(&self) -> bool {
        self.prefix == "/usr" && !self.venv
    }

    /// pip's own version: what the official images bring.
    fn bundled(&self) -> Vec<(&'static str, &'static str)> {
        if self.is_packaged() {
            return vec![("pip", if self.python == "3.11" { "23.0.1" } else { "25.1.1" })];
        }
        match self.python.as_str() {
            "3.11" => vec![("pip", "24.0"), ("setuptools", "79.0.1"), ("wheel", "0.45.1")],
            "3.12" => vec![("pip", "25.0.1")],
            _ => vec![("pip", "25.3")],
        }
    }

    /// pip's version.
    pub(crate) async fn version(&self) -> String {
        let all = self.installed().await;
        all.get("pip").map_or_else(|| "24.0".to_owned(), |p| p.version.clone())
    }

    /// What `pip --version` says.
    pub(crate) fn version_line(&self) -> String {
        let pip = self.bundled().first().map_or("24.0", |b| b.1);
        let site = if self.debian { "/usr/lib/python3/dist-packages".to_owned() } else { self.site() };
        format!("pip {pip} from {site}/pip (python {})\n", self.python)
    }

    /// All installed distributions by normalized name.
    pub(crate) async fn installed(&self) -> BTreeMap<String, Installed> {
        let mut all = BTreeMap::new();
        for (name, version) in self.bundled().into_iter().filter(|(n, _)| !self.venv || *n != "wheel") {
            let one = Installed { name: name.into(), version: version.into(), site: self.site(), info: String::new() };
            all.insert(normalize(name), one);
        }
        let mut sites = vec![self.site()];
        if !self.venv {
            sites.push(self.user_site());
        }
        for site in sites {
            for e in self.sys.read_dir(&site).await.unwrap_or_default() {
                let Some(stem) = e.name.strip_suffix(".dist-info") else { continue };
                let info = format!("{site}/{}", e.name);
                let text = self.sys.read_file(&format!("{info}/METADATA")).await.unwrap_or_default();
                let text = String::from_utf8_lossy(&text).into_owned();
                let field = |n: &str| files::field(&text, n);
                let (short, v) = stem.rsplit_once('-').unwrap_or((stem, ""));
                let name = field("Name").unwrap_or_else(|| short.to_owned());
                let version = field("Version").unwrap_or_else(|| v.to_owned());
                all.insert(normalize(&name), Installed { name, version, site: site.clone(), info });
            }
        }
        all
    }

    /// A line on standard output.
    pub(crate) async fn say(&self, text: &str) {
        let _ = self.sys.print(format!("{text}\n")).await;
    }

    /// A line on standard error, in colour on a terminal: red for errors, yellow for warnings.
    pub(crate) async fn error(&self, text: &str) {
        let line = match (self.sys.is_atty(2).await, text.starts_with("ERROR")) {
            (false, _) => format!("{text}\n"),
            (true, true) => format!("\x1b[31m{text}\x1b[0m\x1b[31m\n\x1b[0m"),
            (true, false) => format!("\x1b[33m{text}\x1b[0m\x1b[33m\n\x1b[0m"),
        };
        self.sys.eprint(line).await;
    }

    /// A word about a newer pip, at the end.
    pub(crate) async fn notice(&self, o: &Options) {
        if self.setting("PIP_DISABLE_PIP_VERSION_CHECK")
            || self.is_packaged()
            || o.has("--no-index")
            || o.flags.iter().filter(|f| **f == "--quiet").count() > 1
        {
            return;
        }
        let have = self.version().await;
        let newest = Project::find("pip").and_then(|p| p.versions.split(' ').next_back()).unwrap_or("");
        if newest.is_empty() || newest == have {
            return;
        }
        // It asks the index; nobody answers, nothing is said.
        let asked = fetch(&self.sys, "https://pypi.example/simple/pip/", 0).await;
        if matches!(asked, Err(Unreachable::Name | Unreachable::Address(..))) {
            return;
        }
        let mut text = format!(
            "\n[notice] A new release of pip is available: {have} -> {newest}\n[notice] To update, run: pip install --upgrade pip\n"
        );
        if self.sys.is_atty(2).await {
            text = format!(
                "\n\x1b[1m[\x1b[0m\x1b[34;49mnotice\x1b[0m\x1b[1;39;49m]\x1b[0m\x1b[39;49m A new release of pip is available: \x1b[0m\x1b[31;49m{have}\x1b[0m\x1b[39;49m -> \x1b[0m\x1b[32;49m{newest}\x1b[0m\n\
                 \x1b[1m[\x1b[0m\x1b[34;49mnotice\x1b[0m\x1b[1;39;49m]\x1b[0m\x1b[39;49m To update, run: \x1b[0m\x1b[32;49mpip install --upgrade pip\x1b[0m\n"
            );
        }
        self.sys.eprint(text).await;
    }
}
