//! `dpkg`, `dpkg-query`: what is installed.

use std::collections::BTreeMap;

use layerlab_kernel::{Program, ProgramArgs, Sys, async_program};

use super::os_release;

/// What is installed at first: the slim image of Debian 13.
const TRIXIE: &str = "apt 3.0.3;base-files 13.8+deb13u2;base-passwd 3.6.7;bash 5.2.37-2+b5;bsdutils 1:2.41-5;coreutils 9.7-3;dash 0.5.12-12;debconf 1.5.91;debian-archive-keyring 2025.1;debianutils 5.23.2;diffutils 1:3.10-4;dpkg 1.22.21;findutils 4.10.0-3;gcc-14-base 14.2.0-19;grep 3.11-4;gzip 1.13-1;hostname 3.25;init-system-helpers 1.69;libc-bin 2.41-12;libc6 2.41-12;login 1:4.16.0-2;mawk 1.3.4.20250131-1;mount 2.41-5;ncurses-base 6.5+20250216-2;ncurses-bin 6.5+20250216-2;passwd 1:4.17.4-2;perl-base 5.40.1-6;sed 4.9-2;sysvinit-utils 3.14-4;tar 1.35+dfsg-3.1;util-linux 2.41-5;zlib1g 1:1.3.dfsg+really1.3.1-1";

/// The same of Debian 12.
const BOOKWORM: &str = "apt 2.6.1;base-files 12.4+deb12u11;base-passwd 3.6.1;bash 5.2.15-2+b8;bsdutils 1:2.38.1-5+deb12u3;coreutils 9.1-1;dash 0.5.12-2;debconf 1.5.82;debian-archive-keyring 2023.3+deb12u2;debianutils 5.7-0.5~deb12u1;diffutils 1:3.8-4;dpkg 1.21.22;findutils 4.9.0-4;gcc-12-base 12.2.0-14+deb12u1;grep 3.8-5;gzip 1.12-1;hostname 3.23+nmu1;init-system-helpers 1.65.2;libc-bin 2.36-9+deb12u14;libc6 2.36-9+deb12u14;login 1:4.13+dfsg1-1+deb12u2;mawk 1.3.4.20200120-3.1;mount 2.38.1-5+deb12u3;ncurses-base 6.4-4;ncurses-bin 6.4-4;passwd 1:4.13+dfsg1-1+deb12u2;perl-base 5.36.0-7+deb12u2;sed 4.9-1;sysvinit-utils 3.06-4;tar 1.34+dfsg-1.2+deb12u1;util-linux 2.38.1-5+deb12u3;zlib1g 1:1.2.13.dfsg-1";

/// What Ubuntu 24.04's image has.
const NOBLE: &str = "apt 2.8.3;base-files 13ubuntu10.3;base-passwd 3.6.3build1;bash 5.2.21-2ubuntu4;bsdutils 1:2.39.3-9ubuntu6.3;coreutils 9.4-3ubuntu6.1;dash 0.5.12-6ubuntu5;debconf 1.5.86ubuntu1;debianutils 5.17build1;diffutils 1:3.10-1build1;dpkg 1.22.6ubuntu6.5;e2fsprogs 1.47.0-2.4~exp1ubuntu4.1;findutils 4.9.0-5build1;gcc-14-base 14.2.0-4ubuntu2~24.04;gpgv 2.4.4-2ubuntu17.3;grep 3.11-4build1;gzip 1.12-1ubuntu3.1;hostname 3.23+nmu2ubuntu2;init-system-helpers 1.66ubuntu1;libc-bin 2.39-0ubuntu8.6;libc6 2.39-0ubuntu8.6;libssl3t64 3.0.13-0ubuntu3.6;login 1:4.13+dfsg1-4ubuntu3.2;mawk 1.3.4.20240123-1build1;mount 2.39.3-9ubuntu6.3;ncurses-base 6.4+20240113-1ubuntu2;ncurses-bin 6.4+20240113-1ubuntu2;passwd 1:4.13+dfsg1-4ubuntu3.2;perl-base 5.38.2-3.2ubuntu0.2;procps 2:4.0.4-4ubuntu3.2;sed 4.9-2build1;sysvinit-utils 3.08-6ubuntu3;tar 1.35+dfsg-3build1;ubuntu-keyring 2023.11.28.1;unminimize 0.2.1;util-linux 2.39.3-9ubuntu6.3;zlib1g 1:1.3.dfsg-3.1ubuntu2.1";

/// What the machine's release has at first.
async fn base(sys: &Sys) -> &'static str {
    let suite = os_release(sys, "VERSION_CODENAME").await;
    match suite.as_deref() {
        Some("bookworm" | "bullseye") => BOOKWORM,
        Some("noble" | "jammy" | "focal") => NOBLE,
        _ => TRIXIE,
    }
}

const STATUS: &str = "/var/lib/dpkg/status.d/installed";

/// Names and versions of what is installed.
pub(crate) async fn installed(sys: &Sys) -> BTreeMap<String, String> {
    let pair = |l: &str| l.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned()));
    let mut all: BTreeMap<String, String> = base(sys).await.split(';').filter_map(pair).collect();
    let own = sys.read_file(STATUS).await.unwrap_or_default();
    all.extend(String::from_utf8_lossy(&own).lines().filter_map(pair));
    all
}

/// Notes what is installed beside the base.
pub(crate) async fn note(sys: &Sys, all: &BTreeMap<String, String>) {
    let _ = sys.mkdir("/var/lib/dpkg/status.d", 0o755).await;
    let base: Vec<&str> = base(sys).await.split(';').filter_map(|l| l.split(' ').next()).collect();
    let mine = all.iter().filter(|(n, _)| !base.contains(&n.as_str()));
    let text: String = mine.map(|(n, v)| format!("{n} {v}\n")).collect();
    let _ = sys.write_file(STATUS, text, 0o644).await;
}

/// The file that lists a package's files.
pub(crate) fn list_file(name: &str) -> String {
    format!("/var/lib/dpkg/info/{name}.list")
}

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move { main(sys, args).await })
}

async fn main(sys: Sys, args: ProgramArgs) -> i32 {
    let words: Vec<&str> = args.argv.iter().skip(1).map(String::as_str).collect();
    let all = installed(&sys).await;
    let names = words.get(1..).unwrap_or_default();
    let (out, code) = match words.first().copied().unwrap_or_default() {
        "--print-architecture" => ("amd64\n".to_owned(), 0),
        "--version" => (
            format!(
                "Debian 'dpkg' package management program version {} (amd64).\n",
                all.get("dpkg").map_or("1.22.21", String::as_str)
            ),
            0,
        ),
        "-l" | "--list" => list(&all, names),
        "-W" | "--show" => (
            all.iter()
                .filter(|(n, _)| names.is_empty() || names.contains(&n.as_str()))
                .map(|(n, v)| format!("{n}\t{v}\n"))
                .collect(),
            0,
        ),
        "-s" | "--status" => {
            let mut out = String::new();
            for n in names {
                match all.get(*n) {
                    Some(v) => out.push_str(&format!(
                        "Package: {n}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {v}\n"
                    )),
                    None => {
                        sys.eprint(format!("dpkg-query: package '{n}' is not installed and no information is available\nUse dpkg --info (= dpkg-deb --info) to examine archive files.\n")).await;
                        return 1;
                    }
                }
            }
            (out, 0)
        }
        "-L" | "--listfiles" => {
            let mut out = String::new();
            for n in names {
                let Ok(files) = sys.read_file(&list_file(n)).await else {
                    sys.eprint(format!("dpkg-query: package '{n}' is not installed\nUse dpkg --contents (= dpkg-deb --contents) to list archive files contents.\n")).await;
                    return 1;
                };
                out.push_str(&String::from_utf8_lossy(&files));
            }
            (out, 0)
        }
        "-S" | "--search" => {
            let mut out = String::new();
            for n in all.keys() {
                let files = sys.read_file(&list_file(n)).await.unwrap_or_default();
                for f in String::from_utf8_lossy(&files).lines().filter(|f| names.iter().any(|w| f.contains(w))) {
                    out.push_str(&format!("{n}: {f}\n"));
                }
            }
            if out.is_empty() {
                sys.eprint(format!("dpkg-query: no path found matching pattern *{}*\n", names.join(" "))).await;
                return 1;
            }
            (out, 0)
        }
        "" => {
            sys.eprint("dpkg: error: need an action option\n").await;
            return 2;
        }
        other => {
            sys.eprint(format!("dpkg: {other} is not simulated\n")).await;
            return 2;
        }
    };
    if sys.print(out).await.is_err() { 1 } else { code }
}

fn list(all: &BTreeMap<String, String>, names: &[&str]) -> (String, i32) {
    let hits: Vec<_> = all.iter().filter(|(n, _)| names.is_empty() || names.iter().any(|w| glob(w, n))).collect();
    if hits.is_empty() {
        return (format!("dpkg-query: no packages found matching {}\n", names.join(" ")), 1);
    }
    let width =
        |f: &dyn Fn(&(&String, &String)) -> usize, least: usize| hits.iter().map(f).max().unwrap_or(0).max(least);
    let (n, v) = (width(&|h| h.0.len(), 14), width(&|h| h.1.len(), 12));
    let mut out = format!(
        "Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n||/ {:<n$} {:<v$} Architecture Description\n+++-{}-{}-============-=================================\n",
        "Name",
        "Version",
        "=".repeat(n),
        "=".repeat(v)
    );
    for (name, version) in hits {
        out.push_str(&format!("ii  {name:<n$} {version:<v$} amd64        {name}\n"));
    }
    (out, 0)
}

/// `*` at either end.
fn glob(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(p), Some(_)) => name.contains(p.trim_end_matches('*')),
        (Some(p), None) => name.ends_with(p),
        (None, Some(p)) => name.starts_with(p),
        _ => name == pattern,
    }
}
