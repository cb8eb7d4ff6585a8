//! Query strings: percent encoding as Go's `net/url` does it.

use std::fmt::Write as _;

/// A query's parameters in order; a name may come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// Reads `a=1&b=2`.
    pub fn parse(text: &str) -> Self {
        let pair = |p: &str| {
            let (k, v) = p.split_once('=').unwrap_or((p, ""));
            (decode(k, true), decode(v, true))
        };
        Self(text.split('&').filter(|p| !p.is_empty()).map(pair).collect())
    }
    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }
    /// Adds `name=1` if so.
    #[must_use]
    pub fn flag(self, name: &str, on: bool) -> Self {
        if on { self.with(name, "1") } else { self }
    }
    /// A parameter's first value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
    /// A parameter's first value, or the empty text.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }
    /// All values of a parameter.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(k, _)| k == name).map(|(_, v)| v.as_str())
    }
    /// A flag, with moby's rule: not one of empty, `0`, `no`, `false`, `none`.
    pub fn is(&self, name: &str) -> bool {
        let v = self.text(name).trim().to_ascii_lowercase();
        !matches!(v.as_str(), "" | "0" | "no" | "false" | "none")
    }
    /// As `a=1&b=2`.
    pub fn encode(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        pairs.join("&")
    }
}

/// Percent-encodes; a blank becomes `+`.
pub fn encode(text: &str) -> String {
    let mut out = String::new();
    for b in text.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(b)),
            b' ' => out.push('+'),
            _ => {
                let _ = write!(out, "%{b:02X}");
            }
        }
    }
    out
}

/// Undoes percent-encoding; `plus`: a `+` is a blank (in queries, not in paths).
pub fn decode(text: &str, plus: bool) -> String {
    let b = text.as_bytes();
    let hex = |i: usize| b.get(i).and_then(|c| char::from(*c).to_digit(16));
    let mut out = Vec::with_capacity(b.len());
    let mut i = 0;
    while let Some(&c) = b.get(i) {
        match (c, hex(i + 1), hex(i + 2)) {
            (b'%', Some(h), Some(l)) => {
                out.push((h * 16 + l) as u8);
                i += 2;
            }
            (b'+', ..) if plus => out.push(b' '),
            _ => out.push(c),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let q = Query::default().with("t", "a/b:1").with("t", "c d").with("buildargs", r#"{"A":"ä+"}"#).flag("q", true);
        assert_eq!(q.encode(), "t=a%2Fb%3A1&t=c+d&buildargs=%7B%22A%22%3A%22%C3%A4%2B%22%7D&q=1");
        assert_eq!(Query::parse(&q.encode()), q);
        assert_eq!(q.all("t").collect::<Vec<_>>(), ["a/b:1", "c d"]);
        assert!(q.is("q") && !q.is("nope"));
        assert_eq!(decode("%zz%4", false), "%zz%4");
    }
}
