//! `debian`: paths and sizes of Debian's packages.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{dir, finish, read, sized, text, zones};
use super::{LayerSpec, Official, PATH, layer, words};

const FILES: &str = include_str!("data/debian-slim.txt");

/// A release.
struct Release {
    codename: &'static str,
    number: &'static str,
    point: &'static str,
}

const TRIXIE: Release = Release { codename: "trixie", number: "13", point: "13.5" };
/// Releases that there are images of.
pub(super) const CODENAMES: [&str; 3] = ["trixie", "bookworm", "bullseye"];

const BULLSEYE: Release = Release { codename: "bullseye", number: "11", point: "11.11" };
const BOOKWORM: Release = Release { codename: "bookworm", number: "12", point: "12.14" };

/// The one layer of a slim image.
pub(super) const TRIXIE_SLIM: LayerSpec =
    LayerSpec { key: "debian-slim", variant: "trixie", entries, compressed: 29_780_765, unpacked: 78_600_000 };
const TRIXIE_FULL: LayerSpec =
    LayerSpec { key: "debian", variant: "trixie", entries: full, compressed: 49_290_000, unpacked: 120_000_000 };
/// Debian 12, slim.
pub(super) const BOOKWORM_SLIM: LayerSpec =
    LayerSpec { key: "debian-slim", variant: "bookworm", entries, compressed: 28_230_000, unpacked: 74_800_000 };
/// Debian 12.
pub(super) const BOOKWORM_FULL: LayerSpec =
    LayerSpec { key: "debian", variant: "bookworm", entries: full, compressed: 48_503_440, unpacked: 117_000_000 };

const BULLSEYE_SLIM: LayerSpec =
    LayerSpec { key: "debian-slim", variant: "bullseye", entries, compressed: 30_260_000, unpacked: 80_700_000 };
const BULLSEYE_FULL: LayerSpec =
    LayerSpec { key: "debian", variant: "bullseye", entries: full, compressed: 53_760_000, unpacked: 124_000_000 };

/// What an executable of Debian stands for.
pub(super) fn program(name: &str) -> (String, String) {
    let (program, variant) = match name {
        "sh" | "dash" => ("sh", "dash"),
        "bash" | "rbash" => ("bash", "bash"),
        "mawk" => ("awk", "mawk"),
        "which.debianutils" => ("which", "gnu"),
        _ => (name, "gnu"),
    };
    (program.to_owned(), variant.to_owned())
}

fn entries(codename: &str) -> Vec<Entry> {
    let r = match codename {
        "bullseye" => BULLSEYE,
        "bookworm" => BOOKWORM,
        _ => TRIXIE,
    };
    let mut all = read(FILES, program);
    for name in ["bin", "sbin", "lib"] {
        all.push(Entry::symlink(name, &format!("usr/{name}")));
    }
    all.push(Entry::symlink("lib64", "usr/lib64"));
    all.push(Entry::symlink("usr/bin/awk", "mawk"));
    all.extend(base(&os_release(&r), &format!("{}\n", r.point)));
    all.extend(zones());
    finish(all)
}

/// With what the slim ones leave out: translations, manuals, documentation.
fn full(codename: &str) -> Vec<Entry> {
    let mut all = entries(codename);
    all.push(sized("usr/share/locale/translations", 23_000_000));
    all.push(sized("usr/share/man/manuals", 8_000_000));
    all.push(sized("usr/share/doc/documentation", 10_000_000));
    finish(all)
}

fn os_release(r: &Release) -> String {
    format!(
        "PRETTY_NAME=\"Debian GNU/Linux {n} ({c})\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"{n}\"\nVERSION=\"{n} ({c})\"\nVERSION_CODENAME={c}\nDEBIAN_VERSION_FULL={p}\nID=debian\nHOME_URL=\"https://www.debian.org/\"\nSUPPORT_URL=\"https://www.debian.org/support\"\nBUG_REPORT_URL=\"https://bugs.debian.org/\"\n",
        n = r.number,
        c = r.codename,
        p = r.point
    )
}

/// The files that every Debian-like image has, with their texts.
pub(super) fn base(os_release: &str, version: &str) -> Vec<Entry> {
    let mut all = vec![
        text("etc/passwd", include_str!("data/debian-passwd.txt")),
        text("etc/group", include_str!("data/debian-group.txt")),
        text("usr/lib/os-release", os_release),
        Entry::symlink("etc/os-release", "../usr/lib/os-release"),
        Entry::symlink("usr/bin/which", "which.debianutils"),
        text("etc/debian_version", version),
        text(
            "etc/shells",
            "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/dash\n",
        ),
        text("etc/hostname", "debuerreotype\n"),
        text(
            "etc/nsswitch.conf",
            "passwd:         files\ngroup:          files\nshadow:         files\ngshadow:        files\n\nhosts:          files dns\nnetworks:       files\n",
        ),
        text(
            "etc/profile",
            "# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))\n\nif [ \"$(id -u)\" -eq 0 ]; then\n  PATH=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"\nelse\n  PATH=\"/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games\"\nfi\nexport PATH\n",
        ),
        text(
            "root/.profile",
            "# ~/.profile: executed by Bourne-compatible login shells.\n\nmesg n 2> /dev/null || true\n",
        ),
    ];
    for (path, mode) in [
        ("root", 0o700),
        ("tmp", 0o1777),
        ("var/tmp", 0o1777),
        ("run", 0o755),
        ("run/lock", 0o1777),
        ("proc", 0o755),
        ("sys", 0o755),
        ("dev", 0o755),
    ] {
        all.push(dir(path, mode));
    }
    for path in [
        "boot",
        "home",
        "media",
        "mnt",
        "opt",
        "srv",
        "usr/local/bin",
        "usr/local/sbin",
        "usr/local/lib",
        "usr/local/share",
        "usr/games",
        "usr/src",
        "var/backups",
        "var/cache/apt/archives/partial",
        "var/lib/apt/lists",
        "var/lib/dpkg",
        "var/log",
        "var/mail",
        "var/spool",
        "usr/lib64",
    ] {
        all.push(dir(path, 0o755));
    }
    all.push(Entry::symlink("var/run", "/run"));
    all.push(Entry::symlink("var/lock", "/run/lock"));
    all.push(text("root/.bashrc", "# ~/.bashrc: executed by bash(1) for non-login shells.\n"));
    all
}

/// The image of a tag.
pub(super) fn image(tag: &str) -> Option<Official> {
    let (spec, arch) = match tag {
        "latest" | "trixie" | "13" | "13.5" | "stable" => (TRIXIE_FULL, "trixie"),
        "trixie-slim" | "13-slim" | "13.5-slim" | "stable-slim" => (TRIXIE_SLIM, "trixie"),
        "bookworm" | "12" | "12.14" | "oldstable" => (BOOKWORM_FULL, "bookworm"),
        "bookworm-slim" | "12-slim" | "12.14-slim" | "oldstable-slim" => (BOOKWORM_SLIM, "bookworm"),
        "bullseye" | "11" | "11.11" | "oldoldstable" => (BULLSEYE_FULL, "bullseye"),
        "bullseye-slim" | "11-slim" | "11.11-slim" | "oldoldstable-slim" => (BULLSEYE_SLIM, "bullseye"),
        _ => return None,
    };
    Some(Official {
        created: 1_789_689_600,
        comment: "debuerreotype 0.17",
        lines: vec![layer(format!("# debian.sh --arch 'amd64' out/ '{arch}' '@1789689600'"), spec)],
        config: Config { env: words(&[PATH]), cmd: words(&["bash"]), ..Config::default() },
    })
}
