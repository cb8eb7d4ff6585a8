//! Where pip works: which Python, which folder, which user.

use std::collections::BTreeMap;

use layerlab_kernel::{ProgramArgs, Sys};

use super::requirement::normalize;
use super::resolve::Project;
use super::{Options, files};

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
    /// Where Python is, e.g. `/usr/local`.
    pub(crate) prefix: String,
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
        let (mut prefix, mut venv) = ("/usr/local".to_owned(), false);
        let own = args.argv.first().and_then(|a| Some(a.strip_suffix(&format!("/bin/{}", args.name()))?.to_owned()));
        for p in own.into_iter().chain(args.var("VIRTUAL_ENV").map(str::to_owned)) {
            if sys.stat(&format!("{p}/pyvenv.cfg")).await.is_ok() {
                (prefix, venv) = (p, true);
                break;
            }
        }
        let (uid, _) = sys.ids();
        let tty = sys.is_atty(1).await;
        let home = args.var("HOME").unwrap_or(if uid == 0 { "/root" } else { "/" }).to_owned();
        Self { sys: sys.clone(), python, prefix, home, venv, root: uid == 0, tty, env: args.env.clone() }
    }

    /// A setting from the environment, e.g. `PIP_NO_CACHE_DIR`.
    pub(crate) fn setting(&self, name: &str) -> bool {
        let value = self.env.iter().rev().find(|(k, _)| k == name).map(|(_, v)| v.to_ascii_lowercase());
        value.is_some_and(|v| !matches!(v.as_str(), "" | "0" | "false" | "no" | "off"))
    }

    /// The folder for packages.
    pub(crate) fn site(&self) -> String {
        format!("{}/lib/python{}/site-packages", self.prefix, self.python)
    }

    /// The user's own folder for packages.
    pub(crate) fn user_site(&self) -> String {
        format!("{}/.local/lib/python{}/site-packages", self.home, self.python)
    }

    /// pip's own version: what the official images bring.
    fn bundled(&self) -> Vec<(&'static str, &'static str)> {
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
        format!("pip {pip} from {}/pip (python {})\n", self.site(), self.python)
    }

    /// All installed distributions by normalized name.
    pub(crate) async fn installed(&self) -> BTreeMap<String, Installed> {
        let mut all = BTreeMap::new();
        if !self.venv || self.python == "3.11" {
            for (name, version) in self.bundled().into_iter().filter(|(n, _)| !self.venv || *n != "wheel") {
                let one =
                    Installed { name: name.into(), version: version.into(), site: self.site(), info: String::new() };
                all.insert(normalize(name), one);
            }
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
