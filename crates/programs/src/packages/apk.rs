//! `apk`: Alpine's packages.

use std::collections::BTreeSet;

use layerlab_kernel::{Program, ProgramArgs, Sys, async_program};

use super::{ALPINE, Package, Unreachable, fetch, make_parents, os_release};

const WORLD: &str = "/etc/apk/world";
const DATABASE: &str = "/lib/apk/db/layerlab";
/// Packages and bytes of the base image.
const BASE: (usize, u64) = (16, 8_450_000);

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move { main(sys, args).await })
}

/// Installed packages beside the base: name, version, and what they were asked for by.
async fn database(sys: &Sys) -> Vec<(String, String)> {
    let text = sys.read_file(DATABASE).await.unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(|l| l.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())))
        .collect()
}

async fn write_database(sys: &Sys, all: &[(String, String)]) {
    make_parents(sys, DATABASE).await;
    let text: String = all.iter().map(|(n, v)| format!("{n} {v}\n")).collect();
    let _ = sys.write_file(DATABASE, text, 0o644).await;
}

async fn world(sys: &Sys) -> BTreeSet<String> {
    let text = sys.read_file(WORLD).await.unwrap_or_default();
    String::from_utf8_lossy(&text).lines().map(str::to_owned).collect()
}

async fn summary(sys: &Sys) -> String {
    let all = database(sys).await;
    let disk: u64 = all.iter().filter_map(|(n, _)| ALPINE.find(n)).map(|p| p.disk).sum::<u64>() + BASE.1;
    format!("OK: {:.1} MiB in {} packages\n", disk as f64 / 1_048_576.0, all.len() + BASE.0)
}

async fn main(sys: Sys, args: ProgramArgs) -> i32 {
    let mut command = "";
    let mut operands: Vec<&str> = Vec::new();
    let (mut quiet, mut no_cache, mut group) = (false, false, None);
    let mut words = args.argv.iter().skip(1).map(String::as_str);
    while let Some(w) = words.next() {
        match w {
            "-q" | "--quiet" => quiet = true,
            "--no-cache" => no_cache = true,
            "-t" | "--virtual" => group = words.next(),
            "--repository" | "-X" | "-p" | "--root" | "--arch" => drop(words.next()),
            "--version" | "-V" => {
                let _ = sys.print("apk-tools 3.0.3, compiled for x86_64.\n").await;
                return 0;
            }
            _ if w.starts_with("--virtual=") => group = w.split_once('=').map(|p| p.1),
            _ if w.starts_with('-') => {}
            _ if command.is_empty() => command = w,
            _ => operands.push(w),
        }
    }
    let say = async |text: String| {
        if !quiet {
            let _ = sys.print(text).await;
        }
    };
    if matches!(command, "add" | "del" | "update" | "upgrade" | "fix") && sys.ids().0 != 0 {
        sys.eprint("ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n").await;
        return 99;
    }
    let version = os_release(&sys, "VERSION_ID").await.unwrap_or_default();
    let minor = version.rsplit_once('.').map_or(version.as_str(), |v| v.0).to_owned();
    match command {
        "update" | "add" | "upgrade" => {
            let index = "/var/cache/apk/APKINDEX.main.tar.gz";
            let here = sys.stat(index).await.is_ok();
            if command == "update" || no_cache || !here {
                for repo in ["main", "community"] {
                    let url = format!("https://dl-cdn.alpinelinux.example/alpine/v{minor}/{repo}");
                    say(format!("fetch {url}/x86_64/APKINDEX.tar.gz\n")).await;
                    if let Err(e) = fetch(&sys, &format!("{url}/x86_64/APKINDEX.tar.gz"), 600_000).await {
                        let why = match e {
                            Unreachable::Name => "temporary error (try again later)",
                            Unreachable::Address(..) => "network error (check Internet connection and firewall)",
                            Unreachable::Missing => "HTTP 404: Not Found",
                        };
                        sys.eprint(format!("WARNING: fetching {url}: {why}\n")).await;
                        if repo == "community" {
                            return unknown(&sys, &operands, command).await;
                        }
                    }
                }
                if !no_cache {
                    make_parents(&sys, index).await;
                    let _ = sys.write_file(index, Vec::new(), 0o644).await;
                    let _ = sys.set_nominal_size(index, 2_400_000).await;
                }
            }
            if command == "update" {
                say(format!("v{version} [https://dl-cdn.alpinelinux.example/alpine/v{minor}/main]\nv{version} [https://dl-cdn.alpinelinux.example/alpine/v{minor}/community]\nOK: 27341 distinct packages available\n")).await;
                return 0;
            }
        }
        _ => {}
    }
    match command {
        "add" => {
            let names: Vec<&str> =
                operands.iter().map(|o| o.split(['=', '~', '<', '>', '@']).next().unwrap_or(o)).collect();
            let missing: Vec<&str> =
                names.iter().copied().filter(|n| ALPINE.find(n).is_none() && !is_base(n)).collect();
            if !missing.is_empty() {
                return unknown(&sys, &missing, command).await;
            }
            let mut all = database(&sys).await;
            let have: BTreeSet<String> = all.iter().map(|p| p.0.clone()).collect();
            let wanted: Vec<Package> = names.iter().filter_map(|n| ALPINE.find(n)).collect();
            let new = ALPINE.closure(&wanted, true, &have);
            let width = new.len().to_string().len();
            for (i, p) in new.iter().enumerate() {
                let url = format!("https://dl-cdn.alpinelinux.example/alpine/v{minor}/main/x86_64");
                if fetch(&sys, &format!("{url}/{}-{}.apk", p.name, p.version), p.fetch).await.is_err() {
                    let (name, version) = (p.name, p.version);
                    sys.eprint(format!("ERROR: {name}-{version}: temporary error (try again later)\n")).await;
                    return 1;
                }
                say(format!("({:>width$}/{}) Installing {} ({})\n", i + 1, new.len(), p.name, p.version)).await;
                match p.unpack(&sys).await {
                    Ok(files) => {
                        let list = format!("/lib/apk/db/{}.list", p.name);
                        make_parents(&sys, &list).await;
                        let _ = sys.write_file(&list, files.join("\n"), 0o644).await;
                    }
                    Err(e) => {
                        sys.eprint(format!("ERROR: {}-{}: {}\n", p.name, p.version, e.text())).await;
                        return 1;
                    }
                }
                all.push((p.name.to_owned(), p.version.to_owned()));
            }
            if let Some(group) = group {
                say(format!("({0}/{0}) Installing {group} (20261121.080000)\n", new.len() + 1)).await;
                all.push((group.to_owned(), operands.join(" ")));
            }
            write_database(&sys, &all).await;
            let mut world = world(&sys).await;
            world.extend(
                group.map_or_else(|| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(), |g| vec![g.to_owned()]),
            );
            let text: String = world.iter().map(|n| format!("{n}\n")).collect();
            let _ = sys.write_file(WORLD, text, 0o644).await;
            if !new.is_empty() {
                say("Executing busybox-1.37.0-r30.trigger\n".to_owned()).await;
            }
            say(summary(&sys).await).await;
            0
        }
        "upgrade" => {
            say(summary(&sys).await).await;
            0
        }
        "del" => {
            let mut all = database(&sys).await;
            let mut world = world(&sys).await;
            for o in &operands {
                if !world.remove(*o) {
                    say(format!("WARNING: no such package: {o}\n")).await;
                }
            }
            // What nobody asks for any more goes too.
            let groups: Vec<&str> = all
                .iter()
                .filter(|p| p.0.starts_with('.') && world.contains(&p.0))
                .flat_map(|p| p.1.split(' '))
                .collect();
            let kept: Vec<Package> =
                world.iter().map(String::as_str).chain(groups).filter_map(|n| ALPINE.find(n)).collect();
            let keep: BTreeSet<&str> = ALPINE.closure(&kept, true, &BTreeSet::new()).iter().map(|p| p.name).collect();
            let goes = |p: &(String, String)| !keep.contains(p.0.as_str()) && !world.contains(&p.0);
            let gone: Vec<(String, String)> = all.iter().rev().filter(|p| goes(p)).cloned().collect();
            let width = gone.len().to_string().len();
            for (i, (name, version)) in gone.iter().enumerate() {
                let shown = if name.starts_with('.') { "20261121.080000" } else { version };
                say(format!("({:>width$}/{}) Purging {name} ({shown})\n", i + 1, gone.len())).await;
                let list = format!("/lib/apk/db/{name}.list");
                let files = sys.read_file(&list).await.unwrap_or_default();
                for f in String::from_utf8_lossy(&files).lines() {
                    let _ = sys.unlink(f).await;
                }
                let _ = sys.unlink(&list).await;
            }
            all.retain(|p| !goes(p));
            write_database(&sys, &all).await;
            let text: String = world.iter().map(|n| format!("{n}\n")).collect();
            let _ = sys.write_file(WORLD, text, 0o644).await;
            say("Executing busybox-1.37.0-r30.trigger\n".to_owned()).await;
            say(summary(&sys).await).await;
            0
        }
        "info" => {
            let mut names: Vec<String> = BASE_NAMES.split(' ').map(str::to_owned).collect();
            names.extend(database(&sys).await.into_iter().map(|p| p.0));
            names.sort();
            let _ = sys
                .print(
                    names
                        .iter()
                        .filter(|n| operands.is_empty() || operands.contains(&n.as_str()))
                        .map(|n| format!("{n}\n"))
                        .collect::<String>(),
                )
                .await;
            0
        }
        "list" | "search" => {
            let hits = ALPINE.all().filter(|p| operands.is_empty() || operands.iter().any(|o| p.name.contains(o)));
            let _ = sys.print(hits.map(|p| format!("{}-{}\n", p.name, p.version)).collect::<String>()).await;
            0
        }
        "" | "--help" => {
            let _ = sys
                .print("apk-tools 3.0.3, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n")
                .await;
            1
        }
        other => {
            sys.eprint(format!("apk: {other} is not simulated\n")).await;
            1
        }
    }
}

const BASE_NAMES: &str = "alpine-baselayout alpine-baselayout-data alpine-keys alpine-release apk-tools busybox busybox-binsh ca-certificates-bundle libapk libcrypto3 libssl3 musl musl-utils scanelf ssl_client zlib";

fn is_base(name: &str) -> bool {
    BASE_NAMES.split(' ').any(|n| n == name)
}

async fn unknown(sys: &Sys, names: &[&str], command: &str) -> i32 {
    if command == "update" {
        return 2;
    }
    let lines: String =
        names.iter().map(|n| format!("  {n} (no such package):\n    required by: world[{n}]\n")).collect();
    sys.eprint(format!("ERROR: unable to select packages:\n{lines}")).await;
    i32::try_from(names.len()).unwrap_or(1)
}
