//! Images as data: `data/images.txt` (an image a block: its versions with their tags, its flavour (`F`), its
//! base, a line for each line of history) and `data/layers.txt` (a layer a block: its files).
//!
//! In both, `%v` stands for the version, `%m` for its first two numbers and `%M` for the first. What an
//! image's config has follows from its history. History, digests' order of size and figures are those of
//! docker-library/repo-info (2026-07 to 2026-09); where that has none, figures are rounded.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{executable, finish, sized, text};
use super::tag::{self, Tag};
use super::{Line, Official, Source, alpine, debian, oracle, ubuntu, words};

const IMAGES: &str = include_str!("data/images.txt");
const LAYERS: &str = include_str!("data/layers.txt");

/// A base: its lines of history with layers, its `/etc/passwd` and `/etc/group`.
struct Base {
    lines: Vec<Line>,
    passwd: &'static str,
    group: &'static str,
    cmd: &'static [&'static str],
}

fn base(name: &str) -> Option<Base> {
    let (official, passwd, group, cmd): (_, _, _, &[&str]) = match name {
        _ if name.starts_with("alpine") => (
            alpine::image(name.strip_prefix("alpine").filter(|r| !r.is_empty()).unwrap_or("latest")),
            include_str!("data/alpine-passwd.txt"),
            include_str!("data/alpine-group.txt"),
            &["/bin/sh"],
        ),
        "ubuntu" => (ubuntu::image("24.04"), ubuntu::PASSWD, ubuntu::GROUP, &["/bin/bash"]),
        "oracle" => (oracle::image(), oracle::PASSWD, oracle::GROUP, &["/bin/bash"]),
        debian_tag => (
            debian::image(debian_tag),
            include_str!("data/debian-passwd.txt"),
            include_str!("data/debian-group.txt"),
            &["bash"],
        ),
    };
    Some(Base { lines: official?.lines, passwd, group, cmd })
}

/// Whether there is an image of this name.
pub(super) fn knows(repo: &str) -> bool {
    IMAGES.lines().any(|l| l.strip_prefix("= ") == Some(repo))
}

/// The tags of an image, and what may be one.
pub(super) fn tags(repo: &str) -> Vec<String> {
    let mut all = Vec::new();
    for block in blocks(repo) {
        for line in block.lines().filter_map(|l| l.strip_prefix("V ")) {
            let version = line.split(' ').next().unwrap_or_default();
            all.extend(line.split(' ').map(str::to_owned));
            let flavours = line.split(' ').filter_map(|t| t.find('-').and_then(|at| t.get(at..)));
            all.extend(flavours.map(|f| format!("{version}{f}")));
        }
    }
    all
}

/// The blocks of an image, without their heads.
fn blocks(repo: &str) -> impl Iterator<Item = &'static str> {
    IMAGES.split("\n= ").filter_map(move |block| {
        let (name, rest) = block.strip_prefix("= ").unwrap_or(block).split_once('\n')?;
        (name == repo).then_some(rest)
    })
}

/// The image of a tag: one that is written, else an older one of a line that is, on what its flavour names.
pub(super) fn image(repo: &str, tag: &str) -> Option<Official> {
    let flavour = |v: &str, tags: &[&str]| {
        tags.iter().find_map(|t| t.find('-').and_then(|at| t.get(at..))).map(|f| format!("{v}{f}"))
    };
    let written = blocks(repo).find_map(|block| {
        let version = block.lines().filter_map(|l| l.strip_prefix("V ")).find_map(|l| {
            let tags: Vec<&str> = l.split(' ').collect();
            let full = tags.first()?;
            let first_is_plain =
                tags.get(1..)?.iter().any(|t| !t.contains('-') && t.starts_with(|c: char| c.is_ascii_digit()))
                    || tags.len() == 1;
            let hit = tags.get(1..)?.contains(&tag)
                || (first_is_plain && *full == tag)
                || (!first_is_plain && flavour(full, tags.get(1..)?).as_deref() == Some(tag));
            hit.then_some(*full)
        })?;
        read(repo, version, None, block)
    });
    written.or_else(|| {
        let asked = Tag::parse(tag);
        blocks(repo).find_map(|block| {
            let base = on(block, asked.flavour)?;
            let versions: Vec<(&str, &str)> =
                block.lines().filter_map(|l| l.strip_prefix("V ")?.split_once(' ')).collect();
            // The most specific line decides: 1.27.9 is none, though 1 has gone further.
            let lines =
                versions.iter().flat_map(|(full, tags)| tags.split(' ').map(|t| (Tag::parse(t).version, *full)));
            let of = lines.filter(|(line, _)| !line.is_empty() && tag::within(asked.version, line));
            let version = match of.max_by_key(|(line, _)| line.len()) {
                _ if asked.version.is_empty() => versions.first()?.0.to_owned(),
                Some((line, full)) => tag::release(asked.version, line, full)?,
                None => return None,
            };
            read(repo, &version, Some(&base), block)
        })
    })
}

/// The base of a block for a flavour that is its own, or that names the release of the distribution, too:
/// `bookworm-slim` or `slim-bookworm` for `slim`, `alpine3.22` for `alpine`. `None`: not of this block.
fn on(block: &str, flavour: &str) -> Option<String> {
    let own = block.lines().find_map(|l| l.strip_prefix("F ")).unwrap_or("").trim();
    let base = block.lines().find_map(|l| l.strip_prefix("< "))?;
    if flavour == own {
        return Some(base.to_owned());
    }
    if base == "alpine" {
        let release = flavour.strip_prefix(own)?;
        let here = own.ends_with("alpine") && alpine::image(release).is_some();
        return here.then(|| format!("alpine{release}"));
    }
    let slim = if base.ends_with("-slim") { "-slim" } else { "" };
    let mut words: Vec<&str> = flavour.split('-').collect();
    let at = words.iter().position(|w| debian::CODENAMES.contains(w))?;
    let codename = words.remove(at);
    let is_debian = base.split('-').next().is_some_and(|b| debian::CODENAMES.contains(&b));
    (is_debian && words.join("-") == own).then(|| format!("{codename}{slim}"))
}

fn fill(line: &str, version: &str) -> String {
    if !line.contains('%') {
        return line.to_owned();
    }
    let mut numbers = version.split('.');
    let major = numbers.next().unwrap_or_default();
    let minor = numbers.next().map_or(major.to_owned(), |n| format!("{major}.{n}"));
    line.replace("%v", version).replace("%m", &minor).replace("%M", major)
}

fn read(repo: &str, version: &str, on: Option<&str>, block: &str) -> Option<Official> {
    let mut created = 0;
    let mut lines = Vec::new();
    let mut config = Config { env: words(&[super::PATH]), ..Config::default() };
    let (mut passwd, mut group) = (String::new(), String::new());
    for (n, line) in block.lines().enumerate() {
        let line = fill(line, version);
        let (kind, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match kind {
            "@" => created = rest.parse().unwrap_or(0),
            "<" => {
                let base = base(on.unwrap_or(rest))?;
                (passwd, group) = (base.passwd.to_owned(), base.group.to_owned());
                config.cmd = words(base.cmd);
                lines = base.lines;
            }
            "N" => {
                note(&mut config, rest);
                lines.push(Line { by: rest.to_owned(), layer: None });
            }
            "L" => {
                let mut f = rest.splitn(4, ' ');
                let (compressed, unpacked): (u64, u64) = (f.next()?.parse().ok()?, f.next()?.parse().ok()?);
                let (files, by) = (f.next()?, f.next()?);
                if let Some(dir) = by.strip_prefix("WORKDIR ") {
                    config.working_dir = dir.to_owned();
                }
                let mut entries = layer(files, version, &mut passwd, &mut group);
                if let Some(dir) = by.strip_prefix("WORKDIR /") {
                    entries.push(super::files::dir(dir, 0o755));
                }
                // What of the real layer has no file here is one file with the rest of its size.
                let known: u64 = entries.iter().filter_map(|e| e.nominal_size).sum();
                if unpacked > known + 65_536 {
                    entries.push(sized(&format!("usr/share/layerlab/rest-{files}-{unpacked}"), unpacked - known));
                }
                let key = format!("{repo} {version} {n} {files}");
                let layer = Source::Files { key, entries: finish(entries), compressed, unpacked };
                lines.push(Line { by: by.to_owned(), layer: Some(layer) });
            }
            _ => {}
        }
    }
    Some(Official { created, comment: "buildkit.dockerfile.v0", lines, config })
}

/// What a line of history says of the config.
fn note(config: &mut Config, by: &str) {
    let (word, rest) = by.split_once(' ').unwrap_or((by, ""));
    match word {
        "ENV" => {
            // One variable with blanks in its value, or several without.
            let all = rest.split(' ').all(|p| p.contains('='));
            let pairs: Vec<&str> = if all { rest.split(' ').collect() } else { vec![rest] };
            for pair in pairs {
                let name = pair.split('=').next().unwrap_or_default();
                match config.env.iter_mut().find(|e| e.split('=').next() == Some(name)) {
                    Some(old) => *old = pair.to_owned(),
                    None => config.env.push(pair.to_owned()),
                }
            }
        }
        "CMD" => config.cmd = quoted(rest),
        "ENTRYPOINT" => {
            config.entrypoint = quoted(rest);
            config.cmd.clear();
        }
        "EXPOSE" => {
            let ports = rest.trim_start_matches("map[").trim_end_matches(']').split(' ');
            config.exposed_ports.extend(ports.map(|p| p.trim_end_matches(":{}").to_owned()));
        }
        "VOLUME" => {
            config.volumes.extend(rest.trim_matches(['[', ']']).split(' ').map(str::to_owned));
        }
        "STOPSIGNAL" => config.stop_signal = rest.to_owned(),
        "USER" => config.user = rest.to_owned(),
        "LABEL" => {
            if let Some((k, v)) = rest.split_once('=') {
                config.labels.insert(k.to_owned(), v.to_owned());
            }
        }
        _ => {}
    }
}

/// `["nginx" "-g" "daemon off;"]`
fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The lines of a layer's block; the block's head may name another whose files come first.
fn block(name: &str) -> Option<(Option<&'static str>, &'static str)> {
    LAYERS.split("\n> ").find_map(|b| {
        let b = b.strip_prefix("> ").unwrap_or(b);
        // A block may have a head alone: the files of another.
        let (head, rest) = b.split_once('\n').unwrap_or((b, ""));
        let (own, other) = head.split_once(' ').map_or((head, None), |(a, b)| (a, Some(b)));
        (own == name).then_some((other, rest))
    })
}

fn layer(name: &str, version: &str, passwd: &mut String, group: &mut String) -> Vec<Entry> {
    let Some((other, rest)) = block(name) else { return Vec::new() };
    let mut out = other.map(|o| layer(o, version, passwd, group)).unwrap_or_default();
    let mut owner = (0, 0);
    let (mut users, mut groups) = (false, false);
    let mut lines = rest.lines().peekable();
    while let Some(line) = lines.next() {
        let line = fill(line, version);
        let (kind, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let f: Vec<&str> = rest.split(' ').collect();
        let get = |i: usize| f.get(i).copied().unwrap_or_default();
        let mode = || u32::from_str_radix(get(0), 8).unwrap_or(0o644);
        match kind {
            "u" => {
                users = true;
                passwd.push_str(&format!("{rest}\n"));
            }
            "g" => {
                groups = true;
                group.push_str(&format!("{rest}\n"));
            }
            "o" => owner = (get(0).parse().unwrap_or(0), get(1).parse().unwrap_or(0)),
            "x" => out.push(executable(get(2), get(3), get(4), mode(), get(1).parse().unwrap_or(0))),
            "s" => out.push(sized(get(1), get(0).parse().unwrap_or(0))),
            "l" => out.push(Entry::symlink(get(0), get(1))),
            "d" => {
                let mut e = super::files::dir(get(1), mode());
                (e.uid, e.gid) = owner;
                out.push(e);
            }
            "t" => {
                let mut content = String::new();
                while let Some(next) = lines.next_if(|l| l.is_empty() || l.starts_with('\t')) {
                    content.push_str(&fill(next.strip_prefix('\t').unwrap_or(next), version));
                    content.push('\n');
                }
                out.push(Entry::file(get(1), content.into_bytes(), mode()));
            }
            _ => {}
        }
    }
    if users {
        out.push(text("etc/passwd", passwd));
    }
    if groups {
        out.push(text("etc/group", group));
    }
    out
}
