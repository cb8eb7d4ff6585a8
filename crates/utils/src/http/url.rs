//! URLs, as far as `curl` and `wget` need them.

/// A URL, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    /// `http`, `https` …, in small letters.
    pub(crate) scheme: String,
    /// `user:password`, if given.
    pub(crate) user: Option<String>,
    /// Host name or address.
    pub(crate) host: String,
    /// Port, the scheme's own where none is given.
    pub(crate) port: u16,
    /// Path and query; starts with `/`.
    pub(crate) target: String,
}

impl Url {
    /// Parses; without a scheme it is `http`. `None`: it is malformed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.chars().any(|c| c == ' ' || c.is_control()) {
            return None;
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((s, r)) if s.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
                (s.to_ascii_lowercase(), r)
            }
            _ => ("http".to_owned(), text),
        };
        let rest = rest.split('#').next().unwrap_or(rest);
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (user, host_port) = match authority.rsplit_once('@') {
            Some((u, h)) => (Some(u.to_owned()), h),
            None => (None, authority),
        };
        let (host, port) = match host_port.rsplit_once(':') {
            Some((h, p)) if !h.contains(':') || h.starts_with('[') => {
                (h, if p.is_empty() { None } else { Some(p.parse::<u16>().ok()?) })
            }
            _ => (host_port, None),
        };
        if host.is_empty() {
            return None;
        }
        let own = if scheme == "https" { 443 } else { 80 };
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Some(Self { scheme, user, host: host.to_owned(), port: port.unwrap_or(own), target })
    }

    /// Whether the port is the scheme's own.
    fn own_port(&self) -> bool {
        self.port == if self.scheme == "https" { 443 } else { 80 }
    }

    /// For the `Host` header.
    pub(crate) fn authority(&self) -> String {
        if self.own_port() { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// A redirection's target.
    pub(crate) fn join(&self, location: &str) -> Option<Self> {
        if location.contains("://") {
            return Self::parse(location);
        }
        if let Some(rest) = location.strip_prefix("//") {
            return Self::parse(&format!("{}://{rest}", self.scheme));
        }
        let path = self.target.split('?').next().unwrap_or("/");
        let target = if location.starts_with('/') {
            location.to_owned()
        } else if location.starts_with('?') {
            format!("{path}{location}")
        } else {
            let dir = path.rfind('/').map_or("/", |i| &path[..=i]);
            dots(&format!("{dir}{location}"))
        };
        Some(Self { target, ..self.clone() })
    }

    /// The last part of the path.
    pub(crate) fn file_name(&self) -> &str {
        let path = self.target.split('?').next().unwrap_or("");
        path.rsplit('/').next().unwrap_or("")
    }
}

/// Removes `.` and `..` (RFC 3986, 5.2.4).
fn dots(path: &str) -> String {
    let (path, query) = path.split_once('?').map_or((path, None), |(p, q)| (p, Some(q)));
    let mut parts: Vec<&str> = Vec::new();
    let mut dir = true;
    for part in path.split('/').skip(1) {
        dir = matches!(part, "." | ".." | "");
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            "" => {}
            p => parts.push(p),
        }
    }
    let mut out = format!("/{}", parts.join("/"));
    if dir && !out.ends_with('/') {
        out.push('/');
    }
    match query {
        Some(q) => format!("{out}?{q}"),
        None => out,
    }
}

impl std::fmt::Display for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority(), self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn urls_are_taken_apart_and_joined() {
        let u = Url::parse("localhost:8080/a/b?x=1#frag").unwrap();
        assert_eq!((u.host.as_str(), u.port, u.target.as_str()), ("localhost", 8080, "/a/b?x=1"));
        assert_eq!(u.join("c").unwrap().to_string(), "http://localhost:8080/a/c");
        assert_eq!(u.join("/c?d").unwrap().target, "/c?d");
        assert_eq!(u.join("../c").unwrap().target, "/c");
        assert_eq!(u.join("http://other/").unwrap().to_string(), "http://other/");
        assert_eq!(Url::parse("http://"), None);
        assert_eq!(Url::parse("http://h:x/"), None);
        assert_eq!(Url::parse("http://u:p@h").unwrap().user.as_deref(), Some("u:p"));
    }
}
