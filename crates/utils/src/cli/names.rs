//! Names of users and groups, from `/etc/passwd` and `/etc/group`.

use layerlab_kernel::Sys;

/// A line of `/etc/passwd`.
#[derive(Clone, Debug)]
pub(crate) struct User {
    /// Name.
    pub(crate) name: String,
    /// Number.
    pub(crate) uid: u32,
    /// Its first group.
    pub(crate) gid: u32,
    /// The whole line.
    pub(crate) line: String,
}

/// A line of `/etc/group`.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Name.
    pub(crate) name: String,
    /// Number.
    pub(crate) gid: u32,
    /// Users that have it beside their first group.
    pub(crate) members: Vec<String>,
    /// The whole line.
    pub(crate) line: String,
}

/// Both files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Users in the file's order.
    pub(crate) users: Vec<User>,
    /// Groups in the file's order.
    pub(crate) groups: Vec<Group>,
}

impl Names {
    /// Reads them; what cannot be read is empty.
    pub(crate) async fn load(sys: &Sys) -> Self {
        let passwd = sys.read_file("/etc/passwd").await.unwrap_or_default();
        let group = sys.read_file("/etc/group").await.unwrap_or_default();
        Self {
            users: String::from_utf8_lossy(&passwd).lines().filter_map(user).collect(),
            groups: String::from_utf8_lossy(&group).lines().filter_map(entry).collect(),
        }
    }
    /// A user's name, or the number.
    pub(crate) fn user(&self, uid: u32) -> String {
        self.users.iter().find(|u| u.uid == uid).map_or_else(|| uid.to_string(), |u| u.name.clone())
    }
    /// A group's name, or the number.
    pub(crate) fn group(&self, gid: u32) -> String {
        self.groups.iter().find(|g| g.gid == gid).map_or_else(|| gid.to_string(), |g| g.name.clone())
    }
    /// A user by name or number.
    pub(crate) fn uid(&self, name: &str) -> Option<u32> {
        self.users.iter().find(|u| u.name == name).map(|u| u.uid).or_else(|| name.parse().ok())
    }
    /// A group by name or number.
    pub(crate) fn gid(&self, name: &str) -> Option<u32> {
        self.groups.iter().find(|g| g.name == name).map(|g| g.gid).or_else(|| name.parse().ok())
    }
    /// A user's groups, the first one first.
    pub(crate) fn groups_of(&self, name: &str, first: u32) -> Vec<u32> {
        let mut all = vec![first];
        for g in &self.groups {
            if g.members.iter().any(|m| m == name) && !all.contains(&g.gid) {
                all.push(g.gid);
            }
        }
        all
    }
}

fn user(line: &str) -> Option<User> {
    let f: Vec<&str> = line.split(':').collect();
    let (uid, gid) = (f.get(2)?.parse().ok()?, f.get(3)?.parse().ok()?);
    Some(User { name: f.first()?.to_string(), uid, gid, line: line.to_owned() })
}

fn entry(line: &str) -> Option<Group> {
    let f: Vec<&str> = line.split(':').collect();
    let members = f.get(3).map(|m| m.split(',').filter(|m| !m.is_empty()).map(str::to_owned).collect());
    Some(Group {
        name: f.first()?.to_string(),
        gid: f.get(2)?.parse().ok()?,
        members: members.unwrap_or_default(),
        line: line.to_owned(),
    })
}
