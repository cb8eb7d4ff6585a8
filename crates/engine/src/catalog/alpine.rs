//! `alpine`: busybox, musl and apk.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{dir, executable, finish, sized, text};
use super::{LayerSpec, Official, PATH, busybox, layer, note, words};

/// Its one layer.
pub(super) const LAYER: LayerSpec =
    LayerSpec { key: "alpine", variant: "3.24.2", entries, compressed: 3_849_738, unpacked: 8_450_000 };
/// Where its package puts busybox's applets (`/etc/busybox-paths.d/busybox`).
const APPLETS: &str = include_str!("data/alpine-applets.txt");
/// How it came.
pub(super) const ADD: &str = "ADD alpine-minirootfs-3.24.2-x86_64.tar.gz / # buildkit";

fn entries(version: &str) -> Vec<Entry> {
    let mut all = busybox::applets(APPLETS.lines(), "1.37.0", 808_712);
    let minor = version.rsplit_once('.').map_or(version, |v| v.0);
    all.extend([
        executable("sbin/apk", "apk", "3.0", 0o755, 70_000),
        executable("usr/bin/getent", "getent", "musl", 0o755, 42_000),
        executable("usr/bin/iconv", "iconv", "musl", 0o755, 25_000),
        executable("usr/bin/ldd", "ldd", "musl", 0o755, 52),
        sized("lib/ld-musl-x86_64.so.1", 662_000),
        Entry::symlink("lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1"),
        sized("usr/lib/libcrypto.so.3", 4_600_000),
        sized("usr/lib/libssl.so.3", 900_000),
        sized("usr/lib/libapk.so.3.0.0", 330_000),
        sized("usr/lib/libz.so.1.3.1", 100_000),
        sized("etc/ssl/cert.pem", 220_000),
        sized("lib/apk/db/installed", 17_000),
        text("etc/passwd", include_str!("data/alpine-passwd.txt")),
        text("etc/group", include_str!("data/alpine-group.txt")),
        text("etc/alpine-release", &format!("{version}\n")),
        text("etc/os-release", &format!("NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID={version}\nPRETTY_NAME=\"Alpine Linux v{minor}\"\nHOME_URL=\"https://alpinelinux.org/\"\nBUG_REPORT_URL=\"https://gitlab.alpinelinux.org/alpine/aports/-/issues\"\n")),
        text("etc/apk/repositories", &format!("https://dl-cdn.alpinelinux.example/alpine/v{minor}/main\nhttps://dl-cdn.alpinelinux.example/alpine/v{minor}/community\n")),
        text("etc/apk/world", "alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nlibc-utils\n"),
        text("etc/shells", "# valid login shells\n/bin/sh\n/bin/ash\n"),
        text("etc/hostname", "localhost\n"),
        text("etc/profile", "export PATH=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"\n\nexport PAGER=less\numask 022\n"),
        Entry::symlink("var/run", "../run"),
        Entry::symlink("var/lock", "../run/lock"),
    ]);
    for (path, mode) in [
        ("root", 0o700),
        ("tmp", 0o1777),
        ("var/tmp", 0o1777),
        ("home", 0o755),
        ("media", 0o755),
        ("mnt", 0o755),
        ("opt", 0o755),
        ("proc", 0o555),
        ("run", 0o755),
        ("srv", 0o755),
        ("sys", 0o755),
        ("dev", 0o755),
        ("usr/local/bin", 0o755),
        ("usr/local/lib", 0o755),
        ("var/cache/apk", 0o755),
        ("var/log", 0o755),
        ("var/empty", 0o555),
    ] {
        all.push(dir(path, mode));
    }
    finish(all)
}

/// The image of a tag.
pub(super) fn image(tag: &str) -> Option<Official> {
    if !["latest", "3", "3.24", "3.24.2"].contains(&tag) {
        return None;
    }
    Some(Official {
        created: 1_789_677_440,
        comment: "buildkit.dockerfile.v0",
        lines: vec![layer(ADD, LAYER), note("CMD [\"/bin/sh\"]")],
        config: Config { env: words(&[PATH]), cmd: words(&["/bin/sh"]), ..Config::default() },
    })
}
