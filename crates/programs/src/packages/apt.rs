//! `apt-get`, `apt`, `apt-cache`: Debian's and Ubuntu's packages (apt 3.0's words, as on a pipe).

use std::collections::{BTreeMap, BTreeSet};

use layerlab_kernel::{Program, ProgramArgs, Sys, async_program};

use super::{Package, Repository, Unreachable, debian, dpkg, fetch, make_parents, os_release};

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move { Apt::new(sys, &args).await.run().await })
}

const LISTS: &str = "/var/lib/apt/lists";

struct Apt {
    sys: Sys,
    name: String,
    command: String,
    operands: Vec<String>,
    yes: bool,
    quiet: u8,
    recommended: bool,
    dry: bool,
    unknown: Option<String>,
    host: &'static str,
    suite: String,
    repository: Repository,
}

/// 1234 → `1234 B`, 12345 → `12.3 kB`.
fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 10_000.0 || unit == "GB" {
            return if unit == "B" || value >= 100.0 {
                format!("{value:.0} {unit}")
            } else {
                format!("{value:.1} {unit}")
            };
        }
        value /= 1000.0;
    }
    String::new()
}

/// apt's words for why an address gives nothing.
fn unreachable(url: &str, why: Unreachable) -> String {
    let host = url.split('/').nth(2).unwrap_or_default();
    match why {
        Unreachable::Name => format!("Temporary failure resolving '{host}'"),
        Unreachable::Address(ip, port) => format!("Could not connect to {host}:{port} ({ip}), connection timed out"),
        Unreachable::Missing => "404  Not Found".to_owned(),
    }
}

impl Apt {
    async fn new(sys: Sys, args: &ProgramArgs) -> Self {
        let ubuntu = os_release(&sys, "ID").await.as_deref() == Some("ubuntu");
        let suite = os_release(&sys, "VERSION_CODENAME").await.unwrap_or_else(|| "trixie".into());
        let mut apt = Self {
            name: args.name().to_owned(),
            command: String::new(),
            operands: Vec::new(),
            yes: false,
            quiet: 0,
            recommended: true,
            dry: false,
            unknown: None,
            host: if ubuntu { "http://archive.ubuntu.example/ubuntu" } else { "http://deb.debian.example/debian" },
            repository: debian(&suite),
            suite,
            sys,
        };
        let mut words = args.argv.iter().skip(1);
        while let Some(w) = words.next() {
            match w.as_str() {
                "-y" | "--yes" | "--assume-yes" => apt.yes = true,
                "-q" | "--quiet" => apt.quiet += 1,
                "-qq" => apt.quiet += 2,
                "-qy" | "-yq" => (apt.yes, apt.quiet) = (true, apt.quiet + 1),
                "-yqq" | "-qqy" => (apt.yes, apt.quiet) = (true, apt.quiet + 2),
                "--no-install-recommends" => apt.recommended = false,
                "--install-recommends" => apt.recommended = true,
                "-s" | "--dry-run" | "--simulate" => apt.dry = true,
                "-f"
                | "--fix-broken"
                | "--reinstall"
                | "--purge"
                | "--no-upgrade"
                | "--allow-unauthenticated"
                | "--auto-remove"
                | "--autoremove"
                | "--installed"
                | "--fix-missing"
                | "--update"
                | "-U"
                | "-m"
                | "--force-yes"
                | "--only-upgrade"
                | "--upgradable"
                | "--allow-downgrades"
                | "-V" => {
                    if matches!(w.as_str(), "--update" | "-U") {
                        apt.quiet += 10;
                    }
                }
                "-o" | "-t" | "-c" => drop(words.next()),
                _ if w.starts_with("-o") || w.starts_with("--option") => {
                    if w.contains("Install-Recommends=false") || w.contains("Install-Recommends=0") {
                        apt.recommended = false;
                    }
                }
                _ if w.starts_with('-') => apt.unknown = Some(w.clone()),
                _ if apt.command.is_empty() => apt.command.clone_from(w),
                _ => apt.operands.push(w.clone()),
            }
        }
        apt
    }

    async fn say(&self, text: impl AsRef<str>) {
        if self.quiet % 10 < 2 {
            self.always(text).await;
        }
    }
    async fn always(&self, text: impl AsRef<str>) {
        let _ = self.sys.print(text).await;
    }

    async fn run(mut self) -> i32 {
        if let Some(w) = &self.unknown {
            self.sys
                .eprint(format!(
                    "E: Command line option {} is not understood in combination with the other options\n",
                    quoted(w)
                ))
                .await;
            return 100;
        }
        if self.name == "apt" && !self.sys.is_atty(1).await {
            self.sys
                .eprint("\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n")
                .await;
        }
        let root = self.sys.ids().0 == 0;
        let command = self.command.clone();
        if self.quiet >= 10 && command == "install" {
            self.quiet -= 10;
            let code = self.update().await;
            if code != 0 {
                return code;
            }
        }
        match command.as_str() {
            "update" if !root => {
                self.sys.eprint("E: Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)\nE: Unable to lock directory /var/lib/apt/lists/\n").await;
                100
            }
            "install" | "remove" | "purge" | "autoremove" | "upgrade" | "dist-upgrade" | "full-upgrade"
                if !root && !self.dry =>
            {
                self.sys.eprint("E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n").await;
                100
            }
            "update" => self.update().await,
            "install" => self.install().await,
            "remove" | "purge" => self.remove().await,
            "autoremove" | "upgrade" | "dist-upgrade" | "full-upgrade" => {
                self.reading().await;
                if command != "autoremove" {
                    self.say("Calculating upgrade...\n").await;
                }
                self.say("0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n").await;
                0
            }
            "clean" | "autoclean" => 0,
            "dist-clean" | "distclean" => {
                self.drop_lists().await;
                0
            }
            "list" => self.list().await,
            "search" | "show" | "policy" => self.show(&command).await,
            "" => {
                self.always("apt 3.0.3 (amd64)\nUsage: apt-get [options] command\n       apt-get [options] install|remove pkg1 [pkg2 ...]\n").await;
                i32::from(self.name != "apt-get")
            }
            "--version" | "moo" => {
                self.always("apt 3.0.3 (amd64)\n").await;
                0
            }
            other => {
                self.sys.eprint(format!("E: Invalid operation {other}\n")).await;
                100
            }
        }
    }

    async fn reading(&self) {
        self.say("Reading package lists...\nBuilding dependency tree...\nReading state information...\n").await;
    }

    async fn has_lists(&self) -> bool {
        self.sys.read_dir(LISTS).await.is_ok_and(|l| l.iter().any(|e| e.name.contains("Packages")))
    }

    async fn drop_lists(&self) {
        for e in self.sys.read_dir(LISTS).await.unwrap_or_default() {
            let _ = self.sys.unlink(&format!("{LISTS}/{}", e.name)).await;
        }
    }

    async fn update(&self) -> i32 {
        let (s, h) = (&self.suite, self.host);
        let security = if h.contains("ubuntu") {
            "http://security.ubuntu.example/ubuntu"
        } else {
            "http://deb.debian.example/debian-security"
        };
        let sources: [(&str, String, u64); 6] = [
            (h, format!("{s} InRelease"), 140_000),
            (h, format!("{s}-updates InRelease"), 47_300),
            (security, format!("{s}-security InRelease"), 43_400),
            (h, format!("{s}/main amd64 Packages"), 9_670_000),
            (h, format!("{s}-updates/main amd64 Packages"), 5_412),
            (security, format!("{s}-security/main amd64 Packages"), 64_100),
        ];
        let began = self.sys.now();
        let fresh = self.has_lists().await;
        // Those that can't be had are asked for again, after 1, 2 and 4 seconds.
        for wait in [1, 2, 4, 0] {
            let mut failed = Vec::new();
            for (n, (host, what, _)) in sources.iter().take(3).enumerate() {
                let url = format!("{host}/dists/{}", what.replace(' ', "/"));
                if let Err(e) = fetch(&self.sys, &url, 0).await {
                    let why = unreachable(&url, e);
                    failed.push((n + 1, host, what, url, why));
                }
            }
            if failed.is_empty() {
                break;
            }
            if wait > 0 {
                for (n, host, what, ..) in &failed {
                    self.say(format!("Ign:{n} {host} {what}\n")).await;
                }
                let _ = self.sys.sleep(layerlab_kernel::SimTime::secs(wait)).await;
                continue;
            }
            for (n, host, what, _, why) in &failed {
                self.say(format!("Err:{n} {host} {what}\n  {why}\n")).await;
            }
            self.update_ended().await;
            for (.., url, why) in &failed {
                self.sys.eprint(format!("W: Failed to fetch {url}  {why}\n")).await;
            }
            let text = "W: Some index files failed to download. They have been ignored, or old ones used instead.\n";
            self.sys.eprint(text).await;
            return 0;
        }
        let (mut total, mut number) = (0, 0);
        for (host, what, bytes) in &sources {
            if fresh && what.ends_with("Packages") {
                continue;
            }
            number += 1;
            if !fresh {
                let file = match what.split_once(" amd64 ") {
                    Some((place, _)) => format!("{place}/binary-amd64/Packages.xz"),
                    None => what.replace(' ', "/"),
                };
                // It was there a moment ago.
                let _ = fetch(&self.sys, &format!("{host}/dists/{file}"), *bytes).await;
            }
            if fresh {
                self.say(format!("Hit:{number} {host} {what}\n")).await;
                continue;
            }
            total += bytes;
            self.say(format!("Get:{number} {host} {what} [{}]\n", size(*bytes))).await;
            make_parents(&self.sys, &format!("{LISTS}/x")).await;
            let file = format!(
                "{LISTS}/{}_{}",
                host.trim_start_matches("http://").replace('/', "_"),
                what.replace([' ', '/'], "_")
            );
            let _ = self.sys.write_file(&file, Vec::new(), 0o644).await;
            let _ = self.sys.set_nominal_size(&file, bytes * 2).await;
        }
        if total > 0 {
            let ms = (self.sys.now() - began).as_millis().max(1);
            self.say(format!("Fetched {} in {}s ({}/s)\n", size(total), ms / 1000, size(total * 1000 / ms))).await;
        }
        self.update_ended().await;
        0
    }

    async fn update_ended(&self) {
        self.say("Reading package lists...\n").await;
        if self.name == "apt" {
            self.say("Building dependency tree...\nReading state information...\nAll packages are up to date.\n").await;
        }
    }

    /// Where a package's archive is.
    fn url_of(&self, p: &Package) -> String {
        let version = p.version.split_once(':').map_or(p.version, |v| v.1);
        // Folders are named after the first letter, or `lib` and the next.
        let folder = p.name.get(..if p.name.starts_with("lib") { 4 } else { 1 }).unwrap_or(p.name);
        format!("{}/pool/main/{folder}/{}/{}_{version}_amd64.deb", self.host, p.name, p.name)
    }

    /// Packages by the words of the command line; none after an error.
    async fn packages(&self, installed: &BTreeMap<String, String>, known: bool) -> Option<Vec<Package>> {
        let mut out = Vec::new();
        let mut wrong = false;
        for word in &self.operands {
            let (name, version) = word.split_once('=').map_or((word.as_str(), None), |(n, v)| (n, Some(v)));
            let name = name.split('/').next().unwrap_or(name).trim_end_matches(":amd64");
            match self.repository.find(name).filter(|_| known || installed.contains_key(name)) {
                Some(p) => {
                    let fits = version.is_none_or(|v| {
                        v == p.version || v.strip_suffix('*').is_some_and(|v| p.version.starts_with(v))
                    });
                    if !fits {
                        self.sys
                            .eprint(format!(
                                "E: Version '{}' for '{name}' was not found\n",
                                version.unwrap_or_default()
                            ))
                            .await;
                        wrong = true;
                    }
                    out.push(p);
                }
                None if installed.contains_key(name) => {}
                None => {
                    self.sys.eprint(format!("E: Unable to locate package {name}\n")).await;
                    wrong = true;
                }
            }
        }
        (!wrong).then_some(out)
    }

    async fn install(&self) -> i32 {
        self.reading().await;
        let mut installed = dpkg::installed(&self.sys).await;
        let Some(wanted) = self.packages(&installed, self.has_lists().await).await else { return 100 };
        for word in &self.operands {
            let name = word.split(['=', '/']).next().unwrap_or(word);
            if let Some(v) = installed.get(name) {
                self.say(format!("{name} is already the newest version ({v}).\n")).await;
            }
        }
        let have: BTreeSet<String> = installed.keys().cloned().collect();
        let all = self.repository.closure(&wanted, self.recommended, &have);
        if all.is_empty() {
            self.say("0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n").await;
            return 0;
        }
        let mut names: Vec<&str> = all.iter().map(|p| p.name).collect();
        names.sort_unstable();
        let asked: Vec<&str> = wanted.iter().map(|p| p.name).collect();
        let more: Vec<&str> = names.iter().copied().filter(|n| !asked.contains(n)).collect();
        if !more.is_empty() {
            self.say(format!("The following additional packages will be installed:\n{}", columns(&more))).await;
        }
        self.say(format!("The following NEW packages will be installed:\n{}", columns(&names))).await;
        let (load, disk) = (all.iter().map(|p| p.fetch).sum(), all.iter().map(|p| p.disk).sum());
        self.say(format!("0 upgraded, {} newly installed, 0 to remove and 0 not upgraded.\nNeed to get {} of archives.\nAfter this operation, {} of additional disk space will be used.\n", all.len(), size(load), size(disk))).await;
        if self.dry {
            return 0;
        }
        if (!more.is_empty() || self.name == "apt") && !self.agreed().await {
            return 1;
        }
        let began = self.sys.now();
        for (i, p) in all.iter().enumerate() {
            let url = self.url_of(p);
            if let Err(e) = fetch(&self.sys, &url, p.fetch).await {
                let why = unreachable(&url, e);
                self.say(format!(
                    "Err:{} {} {}/main amd64 {} amd64 {}\n  {why}\n",
                    i + 1,
                    self.host,
                    self.suite,
                    p.name,
                    p.version
                ))
                .await;
                self.sys.eprint(format!("E: Failed to fetch {url}  {why}\nE: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n")).await;
                return 100;
            }
            self.say(format!(
                "Get:{} {} {}/main amd64 {} amd64 {} [{}]\n",
                i + 1,
                self.host,
                self.suite,
                p.name,
                p.version,
                size(p.fetch)
            ))
            .await;
        }
        let ms = (self.sys.now() - began).as_millis().max(1);
        if !installed.contains_key("apt-utils") {
            self.sys.eprint("debconf: delaying package configuration, since apt-utils is not installed\n").await;
        }
        self.say(format!("Fetched {} in {}s ({}/s)\n", size(load), ms / 1000, size(load * 1000 / ms))).await;
        for (i, p) in all.iter().enumerate() {
            let full = shown(p);
            self.always(format!("Selecting previously unselected package {full}.\n")).await;
            if i == 0 {
                self.always(format!(
                    "(Reading database ... {} files and directories currently installed.)\n",
                    4_850 + installed.len() * 12
                ))
                .await;
            }
            self.always(format!(
                "Preparing to unpack .../{}_{}_amd64.deb ...\nUnpacking {full} ({}) ...\n",
                p.name,
                p.version.replace(':', "%3a"),
                p.version
            ))
            .await;
            let files = match p.unpack(&self.sys).await {
                Ok(files) => files,
                Err(e) => {
                    self.sys.eprint(format!("dpkg: error processing archive {}: {}\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n", p.name, e.text())).await;
                    return 100;
                }
            };
            make_parents(&self.sys, &dpkg::list_file(p.name)).await;
            let _ = self.sys.write_file(&dpkg::list_file(p.name), format!("{}\n", files.join("\n")), 0o644).await;
            installed.insert(p.name.to_owned(), p.version.to_owned());
        }
        for p in &all {
            self.always(format!("Setting up {} ({}) ...\n", shown(p), p.version)).await;
        }
        if all.iter().any(|p| p.name.starts_with("lib")) {
            let libc = installed.get("libc-bin").map_or("2.41-12", String::as_str);
            self.always(format!("Processing triggers for libc-bin ({libc}) ...\n")).await;
        }
        dpkg::note(&self.sys, &installed).await;
        0
    }

    async fn agreed(&self) -> bool {
        if self.yes {
            return true;
        }
        self.always("Do you want to continue? [Y/n] ").await;
        let answer = self.sys.read(0, 256).await.unwrap_or_default();
        let answer = String::from_utf8_lossy(&answer).trim().to_lowercase();
        let ended = answer.is_empty() && !self.sys.is_atty(0).await;
        if ended || !(answer.is_empty() || answer.starts_with('y') || answer.starts_with('j')) {
            self.always("Abort.\n").await;
            return false;
        }
        true
    }

    async fn remove(&self) -> i32 {
        self.reading().await;
        let mut installed = dpkg::installed(&self.sys).await;
        let Some(wanted) = self.packages(&installed, true).await else { return 100 };
        let (here, gone): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|p| installed.contains_key(p.name));
        for p in gone {
            self.say(format!("Package '{}' is not installed, so not removed\n", p.name)).await;
        }
        let mut names: Vec<&str> = here.iter().map(|p| p.name).collect();
        // What needs them goes with them.
        while let Some(other) = self.repository.all().find(|p| {
            installed.contains_key(p.name) && !names.contains(&p.name) && p.needs().any(|n| names.contains(&n))
        }) {
            names.push(other.name);
        }
        names.sort_unstable();
        if names.is_empty() {
            self.say("0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n").await;
            return 0;
        }
        let disk: u64 = names.iter().filter_map(|n| self.repository.find(n)).map(|p| p.disk).sum();
        self.say(format!("The following packages will be REMOVED:\n{}0 upgraded, 0 newly installed, {} to remove and 0 not upgraded.\nAfter this operation, {} disk space will be freed.\n", columns(&names), names.len(), size(disk))).await;
        if self.dry {
            return 0;
        }
        if !self.agreed().await {
            return 1;
        }
        for (i, n) in names.iter().enumerate() {
            if i == 0 {
                self.always(format!(
                    "(Reading database ... {} files and directories currently installed.)\n",
                    4_850 + installed.len() * 12
                ))
                .await;
            }
            self.always(format!("Removing {n} ({}) ...\n", installed.get(*n).cloned().unwrap_or_default())).await;
            let files = self.sys.read_file(&dpkg::list_file(n)).await.unwrap_or_default();
            for f in String::from_utf8_lossy(&files).lines() {
                let _ = self.sys.unlink(f).await;
            }
            let _ = self.sys.unlink(&dpkg::list_file(n)).await;
            installed.remove(*n);
        }
        dpkg::note(&self.sys, &installed).await;
        0
    }

    async fn list(&self) -> i32 {
        let installed = dpkg::installed(&self.sys).await;
        let mut out = String::from("Listing...\n");
        for (n, v) in installed.iter().filter(|(n, _)| self.operands.is_empty() || self.operands.contains(n)) {
            out.push_str(&format!("{n}/{},now {v} amd64 [installed]\n", self.suite));
        }
        self.always(out).await;
        0
    }

    async fn show(&self, command: &str) -> i32 {
        let installed = dpkg::installed(&self.sys).await;
        let known = self.has_lists().await;
        let mut code = 0;
        for word in &self.operands {
            let hits: Vec<Package> = match command {
                "search" => self.repository.all().filter(|p| known && p.name.contains(word.as_str())).collect(),
                _ => {
                    self.repository.find(word).filter(|p| known || installed.contains_key(p.name)).into_iter().collect()
                }
            };
            if hits.is_empty() && command == "show" {
                self.sys.eprint(format!("N: Unable to locate package {word}\nE: No packages found\n")).await;
                code = 100;
            }
            for p in hits {
                let now = installed.get(p.name).cloned().unwrap_or_else(|| "(none)".into());
                self.always(match command {
                    "search" => format!("{}/{} {} amd64\n  {}\n\n", p.name, self.suite, p.version, p.name),
                    "policy" => format!("{}:\n  Installed: {now}\n  Candidate: {v}\n  Version table:\n     {v} 500\n        500 {} {}/main amd64 Packages\n", p.name, self.host, self.suite, v = p.version),
                    _ => format!("Package: {}\nVersion: {}\nInstalled-Size: {}\nDepends: {}\nDownload-Size: {}\n\n", p.name, p.version, size(p.disk), p.needs().collect::<Vec<_>>().join(", "), size(p.fetch)),
                }).await;
            }
        }
        code
    }
}

fn shown(p: &Package) -> String {
    if p.name.starts_with("lib") { format!("{}:amd64", p.name) } else { p.name.to_owned() }
}

fn quoted(word: &str) -> String {
    word.to_owned()
}

/// Names in lines of at most 80 columns, two blanks before.
fn columns(names: &[&str]) -> String {
    let mut out = String::new();
    let mut line = String::from(" ");
    for n in names {
        if line.len() + 1 + n.len() > 79 {
            out.push_str(&line);
            out.push('\n');
            line = String::from(" ");
        }
        line.push(' ');
        line.push_str(n);
    }
    out + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_apt_prints_them() {
        for (n, want) in [
            (5_412, "5412 B"),
            (47_300, "47.3 kB"),
            (140_000, "140 kB"),
            (9_670_000, "9670 kB"),
            (13_400_000, "13.4 MB"),
        ] {
            assert_eq!(size(n), want);
        }
    }
}
