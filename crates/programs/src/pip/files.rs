//! What an installed distribution consists of.

use layerlab_kernel::base64;
use sha2::{Digest, Sha256};

use super::requirement::normalize;
use super::resolve::Candidate;
use super::scripts;

/// A file below `site-packages`.
pub(crate) struct File {
    /// Path.
    pub(crate) path: String,
    /// Content.
    pub(crate) content: Vec<u8>,
    /// Size of the real one.
    pub(crate) nominal: u64,
}

/// A header's value in a METADATA file.
pub(crate) fn field(text: &str, name: &str) -> Option<String> {
    let head = text.split("\n\n").next().unwrap_or("");
    head.lines().find_map(|l| Some(l.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
}

/// All values of a header.
pub(crate) fn fields(text: &str, name: &str) -> Vec<String> {
    let head = text.split("\n\n").next().unwrap_or("");
    head.lines().filter_map(|l| Some(l.strip_prefix(name)?.strip_prefix(": ")?.to_owned())).collect()
}

fn stand_in(c: &Candidate, module: &str) -> String {
    let name = c.project.name;
    format!(
        "\"\"\"{}\n\nA stand-in: Layerlab's simulated machine does not have the code of {name}.\"\"\"\n\n\
         raise ImportError(\"{module}: the simulated machine does not have the code of {name} {}; \"\n                  \"the image that you build here runs with it on a real machine\")\n",
        c.project.summary, c.version
    )
}

/// The package's own files with real sources where we have them, else stand-ins; whether they are real.
fn sources(c: &Candidate) -> (Vec<(String, String)>, bool) {
    let key = normalize(c.project.name);
    if let Some(p) = layerlab_python::packages().iter().find(|p| normalize(p.name) == key) {
        // They say that they are what was asked for.
        let (own, asked) = (format!("__version__ = \"{}\"", p.version), format!("__version__ = \"{}\"", c.version));
        return (p.files.iter().map(|(path, text)| ((*path).to_owned(), text.replace(&own, &asked))).collect(), true);
    }
    let all = c.project.top_level.iter().map(|top| match top.strip_suffix(".py") {
        Some(module) => ((*top).to_owned(), stand_in(c, module)),
        None if top.ends_with(".libs") => {
            (format!("{top}/README"), "Shared libraries of the real package are not here.\n".to_owned())
        }
        None => (format!("{top}/__init__.py"), stand_in(c, top)),
    });
    (all.collect(), false)
}

/// Everything that installing writes, RECORD last. `python` is e.g. `3.11`; `requested` by the user.
/// Scripts come apart: a path, as RECORD has it, and text.
pub(crate) fn layout(
    c: &Candidate,
    python: &str,
    requested: bool,
    compile: bool,
    scripts: &[(String, String)],
) -> Vec<File> {
    let (sources, _) = sources(c);
    let tag = format!("cpython-{}", python.replace('.', ""));
    let total: u64 = sources.iter().map(|(_, t)| t.len() as u64 + 1).sum();
    let info = format!("{}-{}.dist-info", c.stem(), c.version);
    let metadata_size = c.release.metadata + 700;
    let code = c.release.installed.saturating_sub(metadata_size);
    // Bytecode is somewhat larger than its source.
    let bytecode = c.release.source + c.release.source / 5;
    let share = |all: u64, len: usize| (u128::from(all) * (len as u128 + 1) / u128::from(total.max(1))) as u64;
    let mut out = Vec::new();
    for (path, text) in &sources {
        let nominal = share(code, text.len()).max(text.len() as u64);
        out.push(File { path: path.clone(), content: text.clone().into_bytes(), nominal });
        if let Some(stem) = path.strip_suffix(".py")
            && compile
        {
            let (dir, module) = stem.rsplit_once('/').map_or(("", stem), |(d, m)| (d, m));
            let lead = if dir.is_empty() { String::new() } else { format!("{dir}/") };
            let mut content = vec![0xa7, 0x0d, 0x0d, 0x0a];
            content.extend(Sha256::digest(text.as_bytes()).iter().take(12));
            let nominal = share(bytecode, text.len()).max(16);
            out.push(File { path: format!("{lead}__pycache__/{module}.{tag}.pyc"), content, nominal });
        }
    }
    let mut metadata = format!(
        "Metadata-Version: 2.1\nName: {}\nVersion: {}\nSummary: {}\n",
        c.project.name, c.version, c.project.summary
    );
    for r in c.release.requires {
        metadata.push_str(&format!("Requires-Dist: {r}\n"));
    }
    metadata.push_str(&format!("\n# {}\n\n{}\n", c.project.name, c.project.summary));
    let pure = c.release.tag.ends_with("none-any");
    let wheel = format!("Wheel-Version: 1.0\nGenerator: layerlab\nRoot-Is-Purelib: {pure}\nTag: {}\n", c.release.tag);
    let mut own = |name: &str, text: String, nominal: u64| {
        let nominal = nominal.max(text.len() as u64);
        out.push(File { path: format!("{info}/{name}"), content: text.into_bytes(), nominal });
    };
    own("INSTALLER", "pip\n".into(), 4);
    own("METADATA", metadata, c.release.metadata);
    own("WHEEL", wheel, 90);
    let commands = scripts::of(c.project.name);
    if !commands.is_empty() {
        own("entry_points.txt", scripts::entry_points(&commands), 0);
    }
    if requested {
        own("REQUESTED", String::new(), 0);
    }
    for (path, text) in scripts {
        out.push(File { path: path.clone(), nominal: text.len() as u64, content: text.clone().into_bytes() });
    }
    let mut record = String::new();
    for f in &out {
        if f.path.ends_with(".pyc") {
            record.push_str(&format!("{},,\n", f.path));
        } else {
            record.push_str(&format!(
                "{},sha256={},{}\n",
                f.path,
                base64::encode_url_bare(&Sha256::digest(&f.content)),
                f.content.len()
            ));
        }
    }
    record.push_str(&format!("{info}/RECORD,,\n"));
    let nominal = record.len() as u64;
    out.push(File { path: format!("{info}/RECORD"), content: record.into_bytes(), nominal });
    out
}

/// Where pip keeps a downloaded wheel below its cache folder.
pub(crate) fn cache_path(wheel: &str) -> String {
    let hash: String = Sha256::digest(wheel.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    let letters: Vec<String> = hash.chars().take(5).map(String::from).collect();
    format!("http-v2/{}/{hash}.body", letters.join("/"))
}

/// As pip shows sizes: `8.5 kB`, `101 kB`, `18.3 MB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        1_000_001.. => format!("{:.1} MB", bytes as f64 / 1e6),
        10_001.. => format!("{} kB", bytes / 1000),
        1_001.. => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_as_by_pip() {
        for (n, text) in [(8_458, "8.5 kB"), (101_703, "101 kB"), (18_300_000, "18.3 MB"), (900, "900 bytes")] {
            assert_eq!(size(n), text);
        }
    }

    // sha256 of an empty file, as every RECORD has it.
    #[test]
    fn records_have_urlsafe_digests() {
        assert_eq!(base64::encode_url_bare(&Sha256::digest(b"")), "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    }
}
