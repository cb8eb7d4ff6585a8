//! Lists of files as data: `x|f|l mode size path [target]` a line.

use layerlab_kernel::stub;
use layerlab_oci::layer::Entry;

/// When the files were made: 2026-09-01.
pub(crate) const MTIME: i64 = 1_788_220_800;

/// Reads a list. `program` says what an executable stands for: program and variant, by base name.
pub(crate) fn read(list: &str, program: impl Fn(&str) -> (String, String)) -> Vec<Entry> {
    let mut out = Vec::new();
    for line in list.lines() {
        let mut words = line.splitn(5, ' ');
        let (Some(kind), Some(mode), Some(size), Some(path)) = (words.next(), words.next(), words.next(), words.next())
        else {
            continue;
        };
        let mode = u32::from_str_radix(mode, 8).unwrap_or(0o644);
        let size: u64 = size.parse().unwrap_or(0);
        let path = path.trim_start_matches('/');
        let name = path.rsplit('/').next().unwrap_or(path);
        out.push(match (kind, words.next()) {
            ("l", Some(target)) => Entry::symlink(path, target),
            ("x", _) => {
                let (program, variant) = program(name);
                executable(path, &program, &variant, mode, size)
            }
            _ => {
                let mut e = Entry::file(path, Vec::new(), mode);
                e.nominal_size = Some(size);
                e
            }
        });
    }
    out
}

/// An executable that stands for a program.
pub(crate) fn executable(path: &str, program: &str, variant: &str, mode: u32, size: u64) -> Entry {
    let mut e = Entry::file(path, stub::executable(program, variant), mode);
    e.nominal_size = Some(size);
    e
}

/// A text file.
pub(crate) fn text(path: &str, content: &str) -> Entry {
    Entry::file(path, content.as_bytes(), 0o644)
}

/// A file that is only a name and a size.
pub(crate) fn sized(path: &str, size: u64) -> Entry {
    let mut e = Entry::file(path, Vec::new(), 0o644);
    e.nominal_size = Some(size);
    e
}

/// The zone data of `tzdata`, and the machine's zone.
pub(crate) fn zones() -> Vec<Entry> {
    let mut all: Vec<Entry> = layerlab_kernel::zone::files()
        .map(|(name, content)| Entry::file(&format!("usr/share/zoneinfo/{name}"), content, 0o644))
        .collect();
    all.push(Entry::symlink("etc/localtime", "/usr/share/zoneinfo/Etc/UTC"));
    all.push(text("etc/timezone", "Etc/UTC\n"));
    all
}

/// Adds the directories above all entries, sets the time, and lets later entries win.
pub(crate) fn finish(entries: Vec<Entry>) -> Vec<Entry> {
    let mut all: std::collections::BTreeMap<String, Entry> = std::collections::BTreeMap::new();
    for e in entries {
        let mut up = e.path.as_str();
        while let Some((dir, _)) = up.rsplit_once('/') {
            all.entry(dir.to_owned()).or_insert_with(|| Entry::dir(dir, 0o755));
            up = dir;
        }
        all.insert(e.path.clone(), e);
    }
    all.into_values()
        .map(|mut e| {
            e.mtime = MTIME;
            e
        })
        .collect()
}

/// A directory with a mode.
pub(crate) fn dir(path: &str, mode: u32) -> Entry {
    Entry::dir(path, mode)
}
