//! Go's `filepath.Clean`.

/// The shortest equal path: no `.`, no `x/..`, no doubled or trailing slash; `.` for nothing.
pub(crate) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".into(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn cleans_as_go_does() {
        for (path, expected) in [
            ("a//b/./c/", "a/b/c"),
            ("./a/../b", "b"),
            ("../a/..", ".."),
            ("/../a", "/a"),
            ("", "."),
            ("a/..", "."),
            ("/", "/"),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }
}
