//! `user[:group]` to numbers, by the image's own `/etc/passwd` and `/etc/group`.

use layerlab_kernel::vfs::tree::parts;
use layerlab_kernel::vfs::{Node, Tree};

use crate::error::ApiError;

/// Whom a process runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// All groups, the primary one first.
    pub groups: Vec<u32>,
    /// Home directory.
    pub home: String,
}

/// A file of an image, links followed within it.
pub fn read_text(tree: &Tree, path: &str) -> String {
    let mut path = path.to_owned();
    for _ in 0..8 {
        let Some(real) = resolve(tree, &path) else { return String::new() };
        match tree.at(&real).map(|i| i.node.clone()) {
            Some(Node::File(b)) => return String::from_utf8_lossy(&b).into_owned(),
            Some(Node::Symlink(target)) => path = join(&real, &target),
            _ => return String::new(),
        }
    }
    String::new()
}

fn join(link: &str, target: &str) -> String {
    match link.rsplit_once('/') {
        Some((dir, _)) if !target.starts_with('/') => format!("{dir}/{target}"),
        _ => target.to_owned(),
    }
}

/// The path with links in its directories followed; the last part stays as it is.
pub fn resolve(tree: &Tree, path: &str) -> Option<String> {
    let mut todo: Vec<String> = parts(path).rev().map(str::to_owned).collect();
    let mut at: Vec<String> = Vec::new();
    let mut links = 0;
    while let Some(part) = todo.pop() {
        if part == ".." {
            at.pop();
            continue;
        }
        at.push(part);
        if todo.is_empty() {
            break;
        }
        let here = format!("/{}", at.join("/"));
        if let Some(Node::Symlink(target)) = tree.at(&here).map(|i| &i.node) {
            links += 1;
            if links > 40 {
                return None;
            }
            at.pop();
            if target.starts_with('/') {
                at.clear();
            }
            todo.extend(parts(target).rev().map(str::to_owned));
        }
    }
    Some(format!("/{}", at.join("/")))
}

/// Looks a user up.
///
/// # Errors
/// A name that the files don't have.
pub fn find(tree: &Tree, spec: &str) -> Result<User, ApiError> {
    let passwd = read_text(tree, "/etc/passwd");
    let group_file = read_text(tree, "/etc/group");
    let (name, group) = spec.split_once(':').map_or((spec, None), |(u, g)| (u, Some(g)));
    let name = if name.is_empty() { "0" } else { name };
    let entries: Vec<Vec<&str>> = passwd.lines().map(|l| l.split(':').collect()).collect();
    let field = |e: &[&str], i: usize| e.get(i).copied().unwrap_or_default().to_owned();
    let number: Option<u32> = name.parse().ok();
    let too_large = |n: &str| n.parse::<i64>().is_ok_and(|n| !(0..=i64::from(i32::MAX)).contains(&n));
    if too_large(name) || group.is_some_and(too_large) {
        return Err(ApiError::bad(format!("uids and gids must be in range 0-{}", i32::MAX)));
    }
    let entry = entries.iter().find(|e| e.first() == Some(&name)).or_else(|| {
        let wanted = number?.to_string();
        entries.iter().find(|e| e.get(2) == Some(&wanted.as_str()))
    });
    let (uid, mut gid, home, login) = match (entry, number) {
        (Some(e), _) => (field(e, 2).parse().unwrap_or(0), field(e, 3).parse().unwrap_or(0), field(e, 5), field(e, 0)),
        (None, Some(n)) => (n, 0, "/".to_owned(), String::new()),
        (None, None) => {
            return Err(ApiError::bad(format!("unable to find user {name}: no matching entries in passwd file")));
        }
    };
    let group_entries: Vec<Vec<&str>> = group_file.lines().map(|l| l.split(':').collect()).collect();
    let mut groups = Vec::new();
    if let Some(group) = group {
        let by_name = group_entries.iter().find(|e| e.first() == Some(&group)).and_then(|e| e.get(2)?.parse().ok());
        gid = match by_name.or_else(|| group.parse().ok()) {
            Some(g) => g,
            None => {
                return Err(ApiError::bad(format!("unable to find group {group}: no matching entries in group file")));
            }
        };
    } else {
        let member = |e: &&Vec<&str>| !login.is_empty() && e.get(3).is_some_and(|m| m.split(',').any(|n| n == login));
        groups = group_entries.iter().filter(member).filter_map(|e| e.get(2)?.parse().ok()).collect();
    }
    // The primary group is among the others (moby `daemon/oci_linux.go`, `getUser`).
    groups.retain(|g| *g != gid);
    groups.insert(0, gid);
    Ok(User { uid, gid, groups, home: if home.is_empty() { "/".to_owned() } else { home } })
}

/// A group's number, by name or as it is.
pub fn group(tree: &Tree, name: &str) -> Option<u32> {
    let text = read_text(tree, "/etc/group");
    let line = text.lines().map(|l| l.split(':').collect::<Vec<_>>()).find(|l| l.first() == Some(&name));
    line.and_then(|l| l.get(2)?.parse().ok()).or_else(|| name.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use layerlab_kernel::vfs::Inode;

    #[test]
    fn users_are_found_as_runc_finds_them() {
        let mut t = Tree::new();
        t.insert(
            "/etc/passwd",
            Inode::file("root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:App:/srv/app:/bin/sh\n", 0o644),
        )
        .unwrap();
        t.insert("/etc/group", Inode::file("root:x:0:\napp:x:1001:\nweb:x:33:app,x\n", 0o644)).unwrap();
        let of = |s: &str| find(&t, s).map(|u| (u.uid, u.gid, u.groups, u.home));
        assert_eq!(of(""), Ok((0, 0, vec![0], "/root".to_owned())));
        assert_eq!(of("app"), Ok((1000, 1001, vec![1001, 33], "/srv/app".to_owned())));
        assert_eq!(of("1000"), Ok((1000, 1001, vec![1001, 33], "/srv/app".to_owned())));
        assert_eq!(of("app:web"), Ok((1000, 33, vec![33], "/srv/app".to_owned())));
        assert_eq!(of("4242"), Ok((4242, 0, vec![0], "/".to_owned())));
        assert_eq!(of("3000000000").unwrap_err().message, "uids and gids must be in range 0-2147483647");
        assert_eq!(of("nope").unwrap_err().message, "unable to find user nope: no matching entries in passwd file");
    }
}
