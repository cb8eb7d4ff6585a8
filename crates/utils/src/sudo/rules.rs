//! `/etc/sudoers`: who may run what as whom. Aliases and defaults are passed over.

use layerlab_kernel::Sys;

/// A line: WHO HOSTS=(AS : GROUPS) TAGS: COMMANDS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    who: String,
    pub(super) targets: Vec<String>,
    pub(super) groups: bool,
    pub(super) no_password: bool,
    pub(super) commands: Vec<String>,
}

impl Rule {
    /// Whether it is about this user.
    pub(super) fn names(&self, user: &str, groups: &[String]) -> bool {
        match self.who.strip_prefix('%') {
            Some(g) => groups.iter().any(|x| x == g),
            None => self.who == user || self.who == "ALL",
        }
    }
    /// Whether it is about this user becoming that one.
    pub(super) fn fits(&self, user: &str, groups: &[String], target: &str) -> bool {
        self.names(user, groups) && self.targets.iter().any(|t| t == target || t == "ALL")
    }
    /// Whether it names this command's path.
    pub(super) fn allows(&self, path: &str) -> bool {
        self.commands.iter().any(|c| {
            let word = c.split_whitespace().next().unwrap_or("");
            word == "ALL" || word == path || word.ends_with('/') && path.starts_with(word)
        })
    }
}

/// All rules, of the file and of the folder `/etc/sudoers.d`.
pub(super) async fn read(sys: &Sys) -> Vec<Rule> {
    let mut text = sys.read_file("/etc/sudoers").await.unwrap_or_default();
    for e in sys.read_dir("/etc/sudoers.d").await.unwrap_or_default() {
        if !e.name.contains('.') && !e.name.ends_with('~') {
            text.push(b'\n');
            text.extend(sys.read_file(&format!("/etc/sudoers.d/{}", e.name)).await.unwrap_or_default());
        }
    }
    String::from_utf8_lossy(&text).replace("\\\n", " ").lines().filter_map(parse).collect()
}

fn parse(line: &str) -> Option<Rule> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', '@']) || line.starts_with("Defaults") || line.contains("_Alias ") {
        return None;
    }
    let (who, rest) = line.split_once(char::is_whitespace)?;
    let (_, mut rest) = rest.split_once('=')?;
    rest = rest.trim();
    let (mut targets, mut groups) = (vec!["root".to_owned()], false);
    if let Some((inside, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
        let (users, list) = inside.split_once(':').map_or((inside, None), |(u, g)| (u, Some(g)));
        targets = users.split(',').map(|u| u.trim().to_owned()).collect();
        groups = list.is_some();
        rest = after.trim();
    }
    let mut no_password = false;
    while let Some((tag, after)) =
        rest.split_once(':').filter(|(t, _)| t.trim().chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    {
        match tag.trim() {
            "NOPASSWD" => no_password = true,
            "PASSWD" => no_password = false,
            _ => {}
        }
        rest = after.trim();
    }
    let commands = rest.split(',').map(|c| c.trim().to_owned()).collect();
    Some(Rule { who: who.to_owned(), targets, groups, no_password, commands })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_sudoers() {
        let r = parse("%sudo\tALL=(ALL:ALL) ALL").unwrap();
        assert!(r.fits("ann", &["sudo".to_owned()], "root") && r.allows("/bin/ls") && !r.no_password);
        assert!(!r.fits("ann", &["users".to_owned()], "root"));
        let r = parse("bob ALL=(root) NOPASSWD: /usr/bin/systemctl, /opt/tools/").unwrap();
        assert!(r.no_password && r.allows("/opt/tools/x") && !r.allows("/bin/ls") && !r.fits("bob", &[], "ann"));
        assert_eq!(parse("Defaults env_reset"), None);
        assert_eq!(parse("@includedir /etc/sudoers.d"), None);
    }
}
