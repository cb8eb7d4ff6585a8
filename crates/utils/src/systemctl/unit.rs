//! Unit files (`systemd.unit(5)`): sections with keys.

use layerlab_kernel::Sys;

/// Where they are, the first wins.
const PLACES: [&str; 3] = ["/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"];

/// A unit.
pub(super) struct Unit {
    /// With its kind, e.g. `docker.service`.
    pub(super) name: String,
    /// The file.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
}

/// A name with its kind.
pub(super) fn full_name(name: &str) -> String {
    let kinds = [".service", ".socket", ".target", ".timer", ".mount", ".slice", ".path"];
    if kinds.iter().any(|k| name.ends_with(k)) { name.to_owned() } else { format!("{name}.service") }
}

/// Finds and reads a unit.
pub(super) async fn load(sys: &Sys, name: &str) -> Option<Unit> {
    let name = full_name(name);
    for dir in PLACES {
        let path = format!("{dir}/{name}");
        if let Ok(text) = sys.read_file(&path).await {
            return Some(Unit { name, path, text: String::from_utf8_lossy(&text).into_owned() });
        }
    }
    None
}

/// The names of all services that there are files for.
pub(super) async fn all(sys: &Sys) -> Vec<String> {
    let mut names = Vec::new();
    for dir in PLACES {
        for e in sys.read_dir(dir).await.unwrap_or_default() {
            if e.name.ends_with(".service") && !names.contains(&e.name) {
                names.push(e.name);
            }
        }
    }
    names.sort();
    names
}

impl Unit {
    /// A key's last value.
    pub(super) fn get(&self, section: &str, key: &str) -> Option<String> {
        self.values(section, key).pop().filter(|v| !v.is_empty())
    }
    fn values(&self, section: &str, key: &str) -> Vec<String> {
        let mut inside = false;
        let mut out = Vec::new();
        for line in self.text.replace("\\\n", " ").lines() {
            let line = line.trim();
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                inside = name == section;
            } else if inside
                && !line.starts_with(['#', ';'])
                && let Some((k, v)) = line.split_once('=')
                && k.trim() == key
            {
                out.push(v.trim().to_owned());
            }
        }
        out
    }
    /// What it is.
    pub(super) fn description(&self) -> String {
        self.get("Unit", "Description").unwrap_or_else(|| self.name.clone())
    }
    /// `ExecStart=`, as words.
    pub(super) fn command(&self) -> Vec<String> {
        words(self.get("Service", "ExecStart").unwrap_or_default().trim_start_matches(['-', '@', '+', '!', ':']))
    }
    /// Whether the service is its process (and not what that leaves behind).
    pub(super) fn lasts(&self) -> bool {
        self.get("Service", "Type").is_none_or(|t| t != "oneshot")
    }
    /// `Environment=`.
    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let all = self.values("Service", "Environment");
        let pairs = all.iter().flat_map(|v| words(v));
        pairs.filter_map(|w| w.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()))).collect()
    }
    /// Where its output goes.
    pub(super) fn log(&self) -> String {
        format!("/var/log/{}.log", self.name.trim_end_matches(".service"))
    }
    fn link(&self) -> Option<String> {
        let target = self.get("Install", "WantedBy")?;
        Some(format!("/etc/systemd/system/{target}.wants/{}", self.name))
    }
    /// `enabled`, `disabled` or `static`.
    pub(super) async fn enabled(&self, sys: &Sys) -> &'static str {
        match self.link() {
            None => "static",
            Some(l) if sys.lstat(&l).await.is_ok() => "enabled",
            Some(_) => "disabled",
        }
    }
    /// Makes the link that starts it at boot; from where to where, if it is new.
    pub(super) async fn enable(&self, sys: &Sys) -> Option<(String, String)> {
        let link = self.link()?;
        let dir = link.rsplit_once('/').map(|d| d.0.to_owned())?;
        let _ = sys.mkdir("/etc/systemd", 0o755).await;
        let _ = sys.mkdir("/etc/systemd/system", 0o755).await;
        let _ = sys.mkdir(&dir, 0o755).await;
        sys.symlink(&self.path, &link).await.ok()?;
        Some((link, self.path.clone()))
    }
    /// Takes it away.
    pub(super) async fn disable(&self, sys: &Sys) -> Option<String> {
        let link = self.link()?;
        sys.unlink(&link).await.ok()?;
        Some(link)
    }
}

/// Words with quotes, as systemd splits command lines.
fn words(text: &str) -> Vec<String> {
    let (mut out, mut word, mut quote, mut some) = (Vec::new(), String::new(), None, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', _) => word.extend(chars.next()),
            (c, Some(q)) if c == q => quote = None,
            ('"' | '\'', None) => (quote, some) = (Some(c), true),
            (c, None) if c.is_whitespace() => {
                if some || !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
                some = false;
            }
            (c, _) => word.push(c),
        }
    }
    if some || !word.is_empty() {
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_file_is_read() {
        let text = "[Unit]\nDescription=Web\n[Service]\nExecStart=/bin/sh -c \"exec web --port 80\" \\\n  last\nEnvironment=A=1 \"B=2 3\"\n# Type=oneshot\n";
        let u = Unit { name: "web.service".into(), path: String::new(), text: text.into() };
        assert_eq!(u.description(), "Web");
        assert_eq!(u.command(), ["/bin/sh", "-c", "exec web --port 80", "last"]);
        assert_eq!(u.environment(), [("A".into(), "1".into()), ("B".into(), "2 3".into())]);
        assert!(u.lasts() && u.get("Install", "WantedBy").is_none());
        assert_eq!(full_name("docker"), "docker.service");
    }
}
