//! `FROM --platform=` with a fixed value.

use crate::lint::{Context, Findings, Phase, Rule};
use crate::quote::quote;

pub(super) static RULE: Rule = Rule {
    name: "FromPlatformFlagConstDisallowed",
    description: "FROM --platform flag should not use a constant value",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        let stage = &view.stage;
        let Some(platform) = &view.platform else {
            continue;
        };
        if !platform.used.is_empty() || !platform.undefined.is_empty() {
            continue;
        }
        let Some((os, architecture)) = parts(&platform.text) else {
            continue;
        };
        // A stage named after its platform has one on purpose.
        let name = stage.name.as_deref().unwrap_or_default();
        if !name.contains(os) && !name.contains(architecture) {
            let value = quote(&platform.text);
            let message = format!("FROM --platform flag should not use constant value {value}");
            found.add_word((Phase::Images, stage.index, 2), &stage.lines, &stage.span, &platform.text, message);
        }
    }
}

const SYSTEMS: [&str; 9] =
    ["linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "solaris", "android", "plan9"];
const ARCHITECTURES: [&str; 15] = [
    "amd64", "arm64", "arm", "386", "ppc64", "ppc64le", "s390x", "riscv64", "mips", "mipsle", "mips64", "mips64le",
    "loong64", "wasm", "sparc64",
];

/// System and architecture of a platform (containerd/platforms); nothing if it is none.
fn parts(text: &str) -> Option<(&str, &str)> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let parts: Vec<&str> = text.split('/').collect();
    if parts.iter().any(|part| part.is_empty() || !part.chars().all(allowed)) {
        return None;
    }
    match parts.as_slice() {
        [one] if SYSTEMS.contains(one) => Some((one, "amd64")),
        [one] => ARCHITECTURES.contains(&architecture(one)).then(|| ("linux", architecture(one))),
        [system, machine] | [system, machine, _] => Some((system, architecture(machine))),
        _ => None,
    }
}

/// Go's name of an architecture.
fn architecture(name: &str) -> &str {
    match name {
        "x86_64" | "x86-64" => "amd64",
        "aarch64" => "arm64",
        "armhf" | "armel" => "arm",
        "i386" => "386",
        other => other,
    }
}
