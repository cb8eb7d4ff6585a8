//! Platforms as people write them: containerd/platforms (`platforms.go`, `database.go`, `compare.go`).

use std::fmt;

use super::Platform;

/// Systems that may stand alone.
const SYSTEMS: [&str; 17] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

/// Architectures that may stand alone.
const ARCHITECTURES: [&str; 24] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "ppc64",
    "ppc64le",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

/// Why a text is no platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PlatformError {
    /// It has a `*`.
    Wildcard(String),
    /// The system: part and whole.
    System(String, String),
    /// Architecture or variant: part and whole.
    Component(String, String),
    /// One word that is neither a system nor an architecture.
    Unknown(String),
    /// More than three parts.
    TooManyParts(String),
}

/// containerd's wording.
impl fmt::Display for PlatformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wildcard(text) => write!(f, "{text:?}: wildcards not yet supported")?,
            Self::System(part, text) => write!(
                f,
                "{part:?} is an invalid OS component of {text:?}: OSAndVersion specifier component must match \"^([A-Za-z0-9_-]+)(?:\\\\(([A-Za-z0-9_.-]*)\\\\))?$\""
            )?,
            Self::Component(part, text) => write!(
                f,
                "{part:?} is an invalid component of {text:?}: platform specifier component must match \"^[A-Za-z0-9_.-]+$\""
            )?,
            Self::Unknown(text) => write!(f, "{text:?}: unknown operating system or architecture")?,
            Self::TooManyParts(text) => write!(f, "{text:?}: cannot parse platform specifier")?,
        }
        f.write_str(": invalid argument")
    }
}

impl std::error::Error for PlatformError {}

pub(super) fn parse(text: &str, host: &Platform) -> Result<Platform, PlatformError> {
    if text.contains('*') {
        return Err(PlatformError::Wildcard(text.to_owned()));
    }
    let mut parts = text.splitn(4, '/');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let Some((os, version)) = system_and_version(first) else {
        return Err(PlatformError::System(first.to_owned(), text.to_owned()));
    };
    if let Some(wrong) = rest.iter().find(|part| !is_word(part, "_.-")) {
        return Err(PlatformError::Component((*wrong).to_owned(), text.to_owned()));
    }
    let mut platform = Platform { os: system(os), os_version: version.to_owned(), ..Platform::default() };
    match rest.as_slice() {
        [] if SYSTEMS.contains(&platform.os.as_str()) => {
            platform.architecture.clone_from(&host.architecture);
            platform.variant.clone_from(&host.variant);
        }
        [] => {
            (platform.architecture, platform.variant) = usual(first);
            platform.os.clone_from(&host.os);
            if !ARCHITECTURES.contains(&platform.architecture.as_str()) {
                return Err(PlatformError::Unknown(text.to_owned()));
            }
        }
        [one] => (platform.architecture, platform.variant) = usual(one),
        [one, variant] => {
            (platform.architecture, platform.variant) = architecture(one, variant);
            if platform.architecture == "arm64" && platform.variant.is_empty() {
                "v8".clone_into(&mut platform.variant);
            }
        }
        _ => return Err(PlatformError::TooManyParts(text.to_owned())),
    }
    Ok(platform)
}

/// An architecture without a variant: `v7` is what `arm` means anyway.
fn usual(text: &str) -> (String, String) {
    let (name, variant) = architecture(text, "");
    let variant = if name == "arm" && variant == "v7" { String::new() } else { variant };
    (name, variant)
}

fn is_word(text: &str, others: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

/// `windows(10.0.17763)`
fn system_and_version(text: &str) -> Option<(&str, &str)> {
    let (os, version) = match text.split_once('(') {
        Some((os, rest)) => (os, rest.strip_suffix(')')?),
        None => (text, ""),
    };
    (is_word(os, "_-") && (version.is_empty() || is_word(version, "_.-"))).then_some((os, version))
}

pub(super) fn system(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "" => "linux".to_owned(),
        "macos" => "darwin".to_owned(),
        other => other.to_owned(),
    }
}

/// Go's names for architecture and variant.
pub(super) fn architecture(name: &str, variant: &str) -> (String, String) {
    let (name, variant) = (name.to_lowercase(), variant.to_lowercase());
    let (name, variant) = match (name.as_str(), variant.as_str()) {
        ("i386", _) => ("386", ""),
        ("x86_64" | "x86-64" | "amd64", "v1") => ("amd64", ""),
        ("x86_64" | "x86-64", other) => ("amd64", other),
        ("aarch64" | "arm64", "8" | "v8") => ("arm64", ""),
        ("aarch64", other) => ("arm64", other),
        ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
        ("armel", _) | ("arm", "6") => ("arm", "v6"),
        ("arm", "5") => ("arm", "v5"),
        ("arm", "8") => ("arm", "v8"),
        other => other,
    };
    (name.to_owned(), variant.to_owned())
}

/// What runs on a normalised platform, best first.
pub(super) fn runs(platform: &Platform) -> Vec<Platform> {
    let with = |architecture: &str, variant: String| {
        Platform { architecture: architecture.to_owned(), variant, ..platform.clone() }.normalized()
    };
    let version = |variant: &str| variant.trim_start_matches('v').parse::<u32>().ok();
    let older = |architecture: &str, from: Option<u32>, oldest: u32| -> Vec<Platform> {
        let from = from.unwrap_or_default().min(99);
        (oldest..from).rev().map(|v| with(architecture, format!("v{v}"))).collect()
    };
    let mut out = vec![platform.clone()];
    match platform.architecture.as_str() {
        "amd64" => {
            out.extend(older("amd64", version(&platform.variant), 1));
            out.push(with("386", String::new()));
        }
        "arm" => out.extend(older("arm", version(&platform.variant), 5)),
        "arm64" => {
            let variant = if platform.variant.is_empty() { "v8" } else { &platform.variant };
            let (major, minor) = variant.split_once('.').unwrap_or((variant, "0"));
            let (major, mut minor) = (version(major).unwrap_or_default(), version(minor).unwrap_or_default().min(99));
            let name =
                |major: u32, minor: u32| if minor == 0 { format!("v{major}") } else { format!("v{major}.{minor}") };
            if major == 9 {
                out.extend((0..minor).rev().map(|minor| with("arm64", name(9, minor))));
                // v9.0 is a v8.5 with more.
                minor += 5;
                out.push(with("arm64", name(8, minor)));
            }
            if major == 8 || major == 9 {
                out.extend((0..minor).rev().map(|minor| with("arm64", name(8, minor))));
                let arm = with("arm", "v8".to_owned());
                out.push(arm.clone());
                out.extend(older("arm", version(&arm.variant), 5));
            }
        }
        _ => {}
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Platform, PlatformError> {
        Platform::parse(text, &Platform::linux("amd64"))
    }

    #[test]
    fn people_write_platforms_in_many_ways() {
        for (text, expected) in [
            ("linux", "linux/amd64"),
            ("amd64", "linux/amd64"),
            ("x86_64", "linux/amd64"),
            ("Linux/X86-64", "linux/amd64"),
            ("linux/amd64/v1", "linux/amd64"),
            ("linux/amd64/v3", "linux/amd64/v3"),
            ("aarch64", "linux/arm64"),
            ("linux/aarch64", "linux/arm64"),
            ("linux/arm64/v8", "linux/arm64/v8"),
            ("linux/arm64/8", "linux/arm64/v8"),
            ("arm", "linux/arm"),
            ("armhf", "linux/arm"),
            ("armel", "linux/arm/v6"),
            ("linux/arm/v7", "linux/arm/v7"),
            ("linux/arm/6", "linux/arm/v6"),
            ("linux/i386", "linux/386"),
            ("macos", "darwin/amd64"),
            ("windows", "windows/amd64"),
            ("any/thing", "any/thing"),
            ("linux/riscv64", "linux/riscv64"),
        ] {
            assert_eq!(parse(text).map(|platform| platform.to_string()), Ok(expected.to_owned()), "{text}");
        }
        let windows = parse("windows(10.0.17763)/amd64").unwrap();
        assert_eq!((windows.os.as_str(), windows.os_version.as_str()), ("windows", "10.0.17763"));
        let arm = Platform::parse("linux", &Platform::linux("arm64")).unwrap();
        assert_eq!(arm.to_string(), "linux/arm64");
    }

    #[test]
    fn errors_have_containerds_words() {
        for (text, message) in [
            ("linux/*", "\"linux/*\": wildcards not yet supported: invalid argument"),
            (
                "linux/",
                "\"\" is an invalid component of \"linux/\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\": invalid argument",
            ),
            (
                "",
                "\"\" is an invalid OS component of \"\": OSAndVersion specifier component must match \"^([A-Za-z0-9_-]+)(?:\\\\(([A-Za-z0-9_.-]*)\\\\))?$\": invalid argument",
            ),
            ("nonsense", "\"nonsense\": unknown operating system or architecture: invalid argument"),
            ("a/b/c/d", "\"a/b/c/d\": cannot parse platform specifier: invalid argument"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
        }
        assert!(matches!(parse("linux(1"), Err(PlatformError::System(..))));
        assert!(matches!(parse("linux/amd 64"), Err(PlatformError::Component(..))));
        assert!(matches!(parse("a/b/c/d/e"), Err(PlatformError::Component(..))));
    }

    #[test]
    fn newer_processors_run_what_is_for_older_ones() {
        let runs =
            |text: &str| -> Vec<String> { parse(text).unwrap().runs().iter().map(ToString::to_string).collect() };
        assert_eq!(runs("linux/amd64"), ["linux/amd64", "linux/386"]);
        assert_eq!(runs("linux/amd64/v3"), ["linux/amd64/v3", "linux/amd64/v2", "linux/amd64", "linux/386"]);
        assert_eq!(runs("linux/arm/v7"), ["linux/arm/v7", "linux/arm/v6", "linux/arm/v5"]);
        assert_eq!(
            runs("linux/arm64"),
            ["linux/arm64", "linux/arm/v8", "linux/arm/v7", "linux/arm/v6", "linux/arm/v5"]
        );
        assert_eq!(runs("linux/arm64/v8.1")[..3], ["linux/arm64/v8.1", "linux/arm64", "linux/arm/v8"]);
        assert_eq!(runs("linux/arm64/v9")[..3], ["linux/arm64/v9", "linux/arm64/v8.5", "linux/arm64/v8.4"]);
        assert_eq!(runs("linux/s390x"), ["linux/s390x"]);
    }

    #[test]
    fn the_same_platform_matches_however_written() {
        let [plain, variant] = ["linux/arm64", "linux/arm64/v8"].map(|text| parse(text).unwrap());
        assert!(plain.matches(&variant) && variant.matches(&plain));
        assert!(!plain.matches(&parse("linux/arm/v8").unwrap()));
    }
}
