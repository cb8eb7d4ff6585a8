//! The files of users and groups, as the commands that change them need them.

use layerlab_kernel::{Errno, FileType, Sys};

use crate::cli::path::join;

/// A file of lines with fields between colons.
pub(crate) struct Table {
    path: &'static str,
    mode: u32,
    /// The rows.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a file; one that is not there is empty.
    pub(crate) async fn load(sys: &Sys, path: &'static str) -> Self {
        let text = sys.read_file(path).await.unwrap_or_default();
        let mode = sys.stat(path).await.map_or(if path.contains("shadow") { 0o640 } else { 0o644 }, |s| s.mode);
        let rows = String::from_utf8_lossy(&text)
            .lines()
            .filter(|l| !l.is_empty())
            .map(|l| l.split(':').map(str::to_owned).collect())
            .collect();
        Self { path, mode, rows }
    }
    /// Writes it.
    pub(crate) async fn save(&self, sys: &Sys) -> Result<(), Errno> {
        let text: String = self.rows.iter().map(|r| format!("{}\n", r.join(":"))).collect();
        sys.write_file(self.path, text, self.mode).await
    }
    /// A row by its name.
    pub(crate) fn find(&mut self, name: &str) -> Option<&mut Vec<String>> {
        self.rows.iter_mut().find(|r| r.first().is_some_and(|n| n == name))
    }
    /// Whether there is one.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.rows.iter().any(|r| r.first().is_some_and(|n| n == name))
    }
    /// Takes one away.
    pub(crate) fn remove(&mut self, name: &str) {
        self.rows.retain(|r| r.first().is_none_or(|n| n != name));
    }
    /// Adds a row.
    pub(crate) fn add(&mut self, fields: &[&str]) {
        self.rows.push(fields.iter().map(|f| (*f).to_owned()).collect());
    }
    /// Whether a number is taken (field 2).
    pub(crate) fn taken(&self, id: u32) -> bool {
        self.rows.iter().any(|r| number(r, 2) == Some(id))
    }
    /// A free number: of people upwards from 1000, of the system downwards from 999.
    pub(crate) fn free(&self, system: bool) -> u32 {
        if system {
            return (100..=999).rev().find(|n| !self.taken(*n)).unwrap_or(999);
        }
        let top = self.rows.iter().filter_map(|r| number(r, 2)).filter(|n| (1000..60_000).contains(n)).max();
        top.map_or(1000, |n| n + 1)
    }
}

/// A field as a number.
pub(crate) fn number(row: &[String], n: usize) -> Option<u32> {
    row.get(n)?.parse().ok()
}

/// The four files.
pub(crate) struct Accounts {
    /// `/etc/passwd`
    pub(crate) users: Table,
    /// `/etc/shadow`
    pub(crate) shadow: Table,
    /// `/etc/group`
    pub(crate) groups: Table,
}

impl Accounts {
    /// Reads them.
    pub(crate) async fn load(sys: &Sys) -> Self {
        Self {
            users: Table::load(sys, "/etc/passwd").await,
            shadow: Table::load(sys, "/etc/shadow").await,
            groups: Table::load(sys, "/etc/group").await,
        }
    }
    /// Writes them.
    pub(crate) async fn save(&self, sys: &Sys) -> Result<(), Errno> {
        self.users.save(sys).await?;
        self.groups.save(sys).await?;
        if self.shadow.rows.is_empty() && sys.stat("/etc/shadow").await.is_err() {
            return Ok(());
        }
        self.shadow.save(sys).await
    }
    /// A group's number by name or number.
    pub(crate) fn gid(&self, group: &str) -> Option<u32> {
        let by = |r: &&Vec<String>| r.first().is_some_and(|n| n == group) || r.get(2).is_some_and(|n| n == group);
        self.groups.rows.iter().find(by).and_then(|r| number(r, 2))
    }
    /// Adds a user to a group's members.
    pub(crate) fn join(&mut self, group: &str, user: &str) {
        if let Some(row) = self.groups.find(group) {
            row.resize(4, String::new());
            let mut list: Vec<&str> = row[3].split(',').filter(|m| !m.is_empty()).collect();
            if !list.contains(&user) {
                list.push(user);
            }
            row[3] = list.join(",");
        }
    }
    /// Takes a user out of a group's members, or of all groups'.
    pub(crate) fn leave(&mut self, group: Option<&str>, user: &str) {
        for row in &mut self.groups.rows {
            if group.is_none_or(|g| row.first().is_some_and(|n| n == g))
                && let Some(list) = row.get_mut(3)
            {
                *list = list.split(',').filter(|m| *m != user && !m.is_empty()).collect::<Vec<_>>().join(",");
            }
        }
    }
}

/// Whether a name can be a user's or a group's.
pub(crate) fn valid(name: &str) -> bool {
    let start = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_uppercase() || c == '_');
    start
        && name.len() <= 32
        && name.trim_end_matches('$').chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// Days since 1970, for `/etc/shadow`.
pub(crate) fn today(sys: &Sys) -> String {
    (sys.wall_clock() / 86_400_000_000_000).to_string()
}

/// Makes a home folder from `/etc/skel`.
pub(crate) async fn make_home(sys: &Sys, home: &str, uid: u32, gid: u32, mode: u32) -> Result<(), Errno> {
    let mut at = String::new();
    let parts: Vec<&str> = home.split('/').filter(|p| !p.is_empty()).collect();
    for (i, part) in parts.iter().enumerate() {
        at = format!("{at}/{part}");
        let last = i + 1 == parts.len();
        match sys.mkdir(&at, if last { mode } else { 0o755 }).await {
            Err(Errno::EEXIST) => {}
            r => r?,
        }
    }
    sys.chmod(home, mode).await?;
    sys.chown(home, Some(uid), Some(gid), true).await?;
    for e in sys.read_dir("/etc/skel").await.unwrap_or_default() {
        if e.file_type == FileType::File {
            let to = join(home, &e.name);
            let text = sys.read_file(&join("/etc/skel", &e.name)).await?;
            sys.write_file(&to, text, 0o644).await?;
            sys.chown(&to, Some(uid), Some(gid), true).await?;
        }
    }
    Ok(())
}

/// Takes a folder away with all that is in it.
pub(crate) async fn remove_all(sys: &Sys, path: &str) {
    let mut todo = vec![(path.to_owned(), false)];
    while let Some((p, emptied)) = todo.pop() {
        let dir = sys.lstat(&p).await.is_ok_and(|s| s.file_type == FileType::Dir);
        if !dir {
            let _ = sys.unlink(&p).await;
        } else if emptied {
            let _ = sys.rmdir(&p).await;
        } else {
            todo.push((p.clone(), true));
            for e in sys.read_dir(&p).await.unwrap_or_default() {
                todo.push((join(&p, &e.name), false));
            }
        }
    }
}
