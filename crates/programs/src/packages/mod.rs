//! Packages of distributions: what their repositories have, and putting files in place.
//!
//! `debian.txt`, `bookworm.txt`, `noble.txt` and `alpine.txt` have a package a line: name, version, kB to fetch, kB on disk, what it
//! needs (`~` before what it only recommends), executables (`path=program[:variant]`, `path>target` for a
//! link); below it, with a tab, text files. Versions and figures are those of Debian 13 and 12, Ubuntu 24.04 and Alpine
//! 3.23/24 (2026), rounded; libraries are names with sizes.

pub(crate) mod apk;
pub(crate) mod apt;
pub(crate) mod dpkg;
pub(crate) mod mirror;

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::net::tls;
use layerlab_kernel::{Errno, SimTime, SockAddr, SockKind, Sys, stub};

/// Bytes a second from a mirror.
const RATE: u64 = 12_000_000;
/// Bytes a second that unpacking makes.
const UNPACK: u64 = 45_000_000;

/// A package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// Bytes to fetch.
    pub(crate) fetch: u64,
    /// Bytes on disk.
    pub(crate) disk: u64,
    needs: &'static str,
    files: &'static str,
    texts: &'static str,
}

/// A repository: its packages, and the list where text files are that have not changed since.
#[derive(Clone, Copy)]
pub(crate) struct Repository(&'static str, Option<&'static str>);

/// Debian 13.
pub(crate) const DEBIAN: Repository = Repository(include_str!("debian.txt"), None);
/// Debian 12.
const BOOKWORM: Repository = Repository(include_str!("bookworm.txt"), Some(include_str!("debian.txt")));
/// Ubuntu 24.04.
const NOBLE: Repository = Repository(include_str!("noble.txt"), Some(include_str!("debian.txt")));
pub(crate) const ALPINE: Repository = Repository(include_str!("alpine.txt"), None);

/// The packages of a release of Debian or Ubuntu; older ones than those known here have the oldest's.
pub(crate) fn debian(suite: &str) -> Repository {
    match suite {
        "bookworm" | "bullseye" => BOOKWORM,
        "noble" | "jammy" | "focal" => NOBLE,
        _ => DEBIAN,
    }
}

impl Repository {
    /// All packages.
    pub(crate) fn all(self) -> impl Iterator<Item = Package> {
        let text = self.0;
        let starts = text.match_indices('\n').map(|(i, _)| i + 1).chain([0]);
        let is_head = move |i: &usize| text.get(*i..).is_some_and(|t| !t.is_empty() && !t.starts_with('\t'));
        starts.filter(is_head).filter_map(move |i| {
            let rest = text.get(i..)?;
            let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
            let mut end = 0;
            for l in below.split_inclusive('\n') {
                if !l.starts_with('\t') && l != "\n" {
                    break;
                }
                end += l.len();
            }
            let mut f = line.splitn(6, ' ');
            let (name, version, fetch) = (f.next()?, f.next()?, f.next()?);
            let disk = f.next()?.parse::<u64>().ok()? * 1000;
            let fetch = fetch.parse::<u64>().map_or(disk * 2 / 5, |k| k * 1000);
            let needs = f.next().filter(|n| *n != "-").unwrap_or_default();
            let files = f.next().unwrap_or_default();
            let elsewhere = || self.1.and_then(|other| Repository(other, None).find(name)).map(|p| p.texts);
            let texts = below.get(..end)?;
            let texts = if texts.is_empty() { elsewhere().unwrap_or_default() } else { texts };
            Some(Package { name, version, fetch, disk, needs, files, texts })
        })
    }

    /// A package by name.
    pub(crate) fn find(self, name: &str) -> Option<Package> {
        // Without what follows, which may be in another list.
        let head = format!("{name} ");
        let here = self.0.starts_with(&head) || self.0.contains(&format!("\n{head}"));
        self.all().find(|p| here && p.name == name)
    }

    /// What must be installed for these, what needs nothing first; names that are installed are left out.
    pub(crate) fn closure(self, wanted: &[Package], recommended: bool, installed: &BTreeSet<String>) -> Vec<Package> {
        let mut seen = installed.clone();
        let mut out = Vec::new();
        // A package comes after what it needs: it is visited a second time when these are out.
        let mut todo: Vec<(Package, bool)> = wanted.iter().rev().map(|p| (*p, false)).collect();
        while let Some((p, ready)) = todo.pop() {
            if ready {
                out.push(p);
                continue;
            }
            if !seen.insert(p.name.to_owned()) {
                continue;
            }
            todo.push((p, true));
            for need in p.needs.split(',').filter(|n| !n.is_empty()).rev() {
                let name = match need.strip_prefix('~') {
                    Some(_) if !recommended => continue,
                    Some(name) => name,
                    None => need,
                };
                todo.extend(self.find(name).map(|p| (p, false)));
            }
        }
        out
    }
}

impl Package {
    /// Names of what it needs.
    pub(crate) fn needs(&self) -> impl Iterator<Item = &'static str> {
        self.needs.split(',').filter(|n| !n.is_empty() && !n.starts_with('~'))
    }

    /// Executables and links: path, then program and variant, or target.
    fn executables(&self) -> impl Iterator<Item = (&'static str, char, &'static str)> {
        self.files.split([' ', ',']).filter_map(|f| {
            let at = f.find(['=', '>'])?;
            let kind = f.get(at..)?.chars().next()?;
            Some((f.get(..at)?, kind, f.get(at + 1..)?))
        })
    }

    /// Puts the files in place; answers their paths.
    pub(crate) async fn unpack(&self, sys: &Sys) -> Result<Vec<String>, Errno> {
        let mut paths = Vec::new();
        let mut named = 0;
        let programs: Vec<_> = self.executables().filter(|e| e.1 == '=').collect();
        for (path, kind, what) in self.executables() {
            let path = format!("/{path}");
            make_parents(sys, &path).await;
            let _ = sys.unlink(&path).await;
            if kind == '>' {
                sys.symlink(what, &path).await?;
            } else {
                let (program, variant) = what.split_once(':').unwrap_or((what, "gnu"));
                let size = (self.disk / 2 / programs.len().max(1) as u64).max(4096);
                named += size;
                sys.write_file(&path, stub::executable(program, variant), 0o755).await?;
                let _ = sys.set_nominal_size(&path, size).await;
            }
            paths.push(path);
        }
        for (path, text) in self.texts() {
            let path = format!("/{path}");
            make_parents(sys, &path).await;
            sys.write_file(&path, text, 0o644).await?;
            paths.push(path);
        }
        if self.name == "tzdata" {
            for (name, content) in layerlab_kernel::zone::files() {
                let path = format!("/usr/share/zoneinfo/{name}");
                make_parents(sys, &path).await;
                sys.write_file(&path, content, 0o644).await?;
                paths.push(path);
            }
        }
        let library = self.name.starts_with("lib") || programs.is_empty();
        let rest = if library {
            format!("/usr/lib/{0}/{0}.so", self.name)
        } else {
            format!("/usr/share/doc/{}/copyright", self.name)
        };
        make_parents(sys, &rest).await;
        sys.write_file(&rest, Vec::new(), 0o644).await?;
        let _ = sys.set_nominal_size(&rest, self.disk.saturating_sub(named)).await;
        paths.push(rest);
        let _ = sys.sleep(SimTime(self.disk.saturating_mul(1_000_000_000) / UNPACK + 15_000_000)).await;
        Ok(paths)
    }

    fn texts(&self) -> Vec<(&'static str, String)> {
        let mut out: Vec<(&str, String)> = Vec::new();
        for line in self.texts.lines() {
            match (line.strip_prefix("\t\t"), line.strip_prefix('\t')) {
                (None, Some(path)) if !path.is_empty() => out.push((path, String::new())),
                (text, _) => {
                    if let Some((_, all)) = out.last_mut() {
                        all.push_str(text.unwrap_or_default());
                        all.push('\n');
                    }
                }
            }
        }
        out
    }
}

async fn make_parents(sys: &Sys, path: &str) {
    let mut at = String::new();
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    for part in parts.iter().take(parts.len().saturating_sub(1)) {
        at = format!("{at}/{part}");
        // Most are there.
        let _ = sys.mkdir(&at, 0o755).await;
    }
}

/// Why an address gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreachable {
    /// Its name has no address here.
    Name,
    /// Nobody answers there.
    Address(Ipv4Addr, u16),
    /// There is no such file.
    Missing,
}

/// Asks the network for a file that stands for so many bytes; that takes its time.
pub(crate) async fn fetch(sys: &Sys, url: &str, bytes: u64) -> Result<(), Unreachable> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let port = if scheme == "https" { 443 } else { 80 };
    let found = sys.resolve(host).await.ok().and_then(|all| all.first().copied());
    let ip = found.ok_or(Unreachable::Name)?;
    let away = Unreachable::Address(ip, port);
    let fd = sys.socket(SockKind::Tcp).await.map_err(|_| away)?;
    let result = async {
        sys.connect(fd, SockAddr::Inet(SocketAddrV4::new(ip, port))).await.map_err(|_| away)?;
        if scheme == "https" {
            tls::connect(sys, fd, host, None).await.map_err(|_| away)?;
        }
        let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        sys.write_all(fd, request).await.map_err(|_| away)?;
        let answer = sys.read_all(fd).await.map_err(|_| away)?;
        match answer.get(9..12) {
            Some(b"200") => Ok(()),
            Some(_) => Err(Unreachable::Missing),
            None => Err(away),
        }
    }
    .await;
    let _ = sys.close(fd).await;
    result?;
    let _ = sys.sleep(SimTime(bytes.saturating_mul(1_000_000_000) / RATE)).await;
    Ok(())
}

/// A value of `/etc/os-release`.
pub(crate) async fn os_release(sys: &Sys, key: &str) -> Option<String> {
    let text = sys.read_file("/etc/os-release").await.ok()?;
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().find_map(|l| Some(l.split_once('=').filter(|(k, _)| *k == key)?.1.trim_matches('"').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_is_there() {
        for (what, r) in [("debian", DEBIAN), ("bookworm", BOOKWORM), ("noble", NOBLE), ("alpine", ALPINE)] {
            let names: BTreeSet<&str> = r.all().map(|p| p.name).collect();
            assert!(names.len() > 60, "{what}");
            for p in r.all() {
                for need in p.needs.split(',').filter(|n| !n.is_empty()) {
                    assert!(names.contains(need.trim_start_matches('~')), "{what}: {} needs {need}", p.name);
                }
            }
        }
    }

    #[test]
    fn needs_come_first_and_recommended_ones_if_wanted() {
        let curl = [DEBIAN.find("curl").unwrap()];
        let names = |v: Vec<Package>| v.iter().map(|p| p.name).collect::<Vec<_>>();
        let all = names(DEBIAN.closure(&curl, true, &BTreeSet::new()));
        assert_eq!(all.last(), Some(&"curl"));
        assert!(all.contains(&"ca-certificates"));
        let few = names(DEBIAN.closure(&curl, false, &BTreeSet::from(["libidn2-0".to_owned()])));
        assert!(!few.contains(&"ca-certificates") && !few.contains(&"libidn2-0") && few.contains(&"libcurl4t64"));
    }

    #[test]
    fn texts_belong_to_their_package() {
        let nginx = DEBIAN.find("nginx-common").unwrap();
        let texts = nginx.texts();
        assert_eq!(texts.first().map(|t| t.0), Some("etc/nginx/nginx.conf"));
        assert!(texts.iter().any(|t| t.1.starts_with("server {\n\tlisten 80 default_server;")));
        assert_eq!(DEBIAN.find("apache2").map(|p| p.name), Some("apache2"));
        let older = debian("bookworm").find("nginx-common").unwrap();
        assert_eq!((older.texts(), older.version.get(..6)), (texts, Some("1.22.1")));
    }
}
