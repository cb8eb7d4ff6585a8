//! Versions and specifiers (PEP 440).

use std::cmp::Ordering;
use std::fmt;

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    text: String,
    epoch: u64,
    release: Vec<u64>,
    /// Kind (`a`, `b`, `rc`) and number.
    pre: Option<(String, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
}

impl Version {
    /// Parses; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let t = text.trim().trim_start_matches('v').to_ascii_lowercase();
        let t = t.split('+').next().unwrap_or("");
        let (epoch, t) = t.split_once('!').map_or((Some(0), t), |(e, r)| (e.parse().ok(), r));
        let end = t.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(t.len());
        let (numbers, mut rest) = t.split_at(end);
        let release = numbers.trim_end_matches('.').split('.').map(|n| n.parse().ok()).collect::<Option<Vec<u64>>>()?;
        let mut v = Self { text: text.trim().to_owned(), epoch: epoch?, release, pre: None, post: None, dev: None };
        while !rest.is_empty() {
            rest = rest.trim_start_matches(['.', '-', '_']);
            let word = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let (name, after) = rest.split_at(word);
            let after = after.trim_start_matches(['.', '-', '_']);
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let number = if digits == 0 { 0 } else { after[..digits].parse().ok()? };
            match name {
                "a" | "alpha" => v.pre = Some(("a".into(), number)),
                "b" | "beta" => v.pre = Some(("b".into(), number)),
                "rc" | "c" | "pre" | "preview" => v.pre = Some(("rc".into(), number)),
                "post" | "rev" | "r" | "" if digits > 0 || !name.is_empty() => v.post = Some(number),
                "dev" => v.dev = Some(number),
                _ => return None,
            }
            rest = &after[digits..];
        }
        Some(v)
    }

    /// Whether it is a pre-release.
    pub(crate) fn is_pre(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    fn same_release(&self, o: &Self) -> bool {
        (0..self.release.len().max(o.release.len())).all(|i| self.part(i) == o.part(i))
    }

    fn part(&self, i: usize) -> u64 {
        self.release.get(i).copied().unwrap_or(0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Ord for Version {
    fn cmp(&self, o: &Self) -> Ordering {
        let n = self.release.len().max(o.release.len());
        let numbers = (0..n).map(|i| self.part(i).cmp(&o.part(i))).find(|c| c.is_ne()).unwrap_or(Ordering::Equal);
        // dev only < pre < final < post
        let stage = |v: &Self| match (&v.pre, v.post, v.dev) {
            (None, None, Some(_)) => (0, String::new(), 0),
            (Some((k, n)), _, _) => (1, k.clone(), *n),
            _ => (2, String::new(), 0),
        };
        let post = |v: &Self| v.post.map_or(0, |p| p + 1);
        let dev = |v: &Self| v.dev.unwrap_or(u64::MAX);
        self.epoch
            .cmp(&o.epoch)
            .then(numbers)
            .then_with(|| stage(self).cmp(&stage(o)))
            .then_with(|| post(self).cmp(&post(o)))
            .then_with(|| dev(self).cmp(&dev(o)))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, o: &Self) -> Option<Ordering> {
        Some(self.cmp(o))
    }
}

/// `>=1.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Specifier {
    op: &'static str,
    text: String,
    version: Version,
    /// `==1.2.*`.
    prefix: bool,
}

const OPERATORS: [&str; 8] = ["===", "==", ">=", "<=", "~=", "!=", ">", "<"];

impl Specifier {
    /// Parses; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let t = text.trim();
        let op = OPERATORS.into_iter().find(|o| t.starts_with(o))?;
        let text = t[op.len()..].trim().to_owned();
        let (bare, prefix) = match text.strip_suffix(".*") {
            Some(b) if op == "==" || op == "!=" => (b, true),
            _ => (text.as_str(), false),
        };
        let version = Version::parse(bare)?;
        if op == "~=" && version.release.len() < 2 {
            return None;
        }
        Some(Self { op, version, prefix, text })
    }

    /// Whether it names one version.
    pub(crate) fn pins(&self) -> bool {
        (self.op == "==" || self.op == "===") && !self.prefix
    }

    /// Whether it names a pre-release itself.
    pub(crate) fn allows_pre(&self) -> bool {
        self.version.is_pre() && !matches!(self.op, "<" | "!=")
    }

    /// Whether a version fits.
    pub(crate) fn fits(&self, v: &Version) -> bool {
        let starts = |n: usize| (0..n).all(|i| v.part(i) == self.version.part(i)) && v.epoch == self.version.epoch;
        match self.op {
            "===" => v.text == self.text,
            "==" if self.prefix => starts(self.version.release.len()),
            "!=" if self.prefix => !starts(self.version.release.len()),
            "==" => v.cmp(&self.version).is_eq(),
            "!=" => v.cmp(&self.version).is_ne(),
            ">=" => *v >= self.version,
            "<=" => *v <= self.version,
            ">" => {
                *v > self.version && !(v.post.is_some() && v.same_release(&self.version) && self.version.post.is_none())
            }
            "<" => *v < self.version && !(v.is_pre() && v.same_release(&self.version) && !self.version.is_pre()),
            _ => *v >= self.version && starts(self.version.release.len() - 1),
        }
    }
}

impl fmt::Display for Specifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.op, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v(t: &str) -> Version {
        Version::parse(t).unwrap()
    }

    // The order of PEP 440's own example.
    #[test]
    fn versions_are_ordered() {
        let order = [
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a2",
            "1.0b1",
            "1.0rc1",
            "1.0",
            "1.0.post1",
            "1.1.dev1",
            "1.1",
            "1!0.1",
        ];
        for pair in order.windows(2) {
            assert!(v(pair[0]) <= v(pair[1]), "{pair:?}");
        }
        assert_eq!(v("1.0").cmp(&v("1")), Ordering::Equal);
    }

    #[test]
    fn specifiers_fit() {
        for (spec, version, fits) in [
            ("==3.0.3", "3.0.3", true),
            ("==3.0", "3.0.0", true),
            ("==3.0.*", "3.0.9", true),
            ("!=3.0.*", "3.1", true),
            ("~=2.2", "2.9", true),
            ("~=2.2", "3.0", false),
            ("~=2.2.1", "2.3", false),
            (">2", "2.0.post1", false),
            ("<3", "3.0rc1", false),
            (">=2.9.0", "2.9.0.post0", true),
        ] {
            assert_eq!(Specifier::parse(spec).unwrap().fits(&v(version)), fits, "{spec} {version}");
        }
        assert_eq!(Specifier::parse("~=2"), None);
        assert_eq!(Specifier::parse("=2"), None);
    }
}
