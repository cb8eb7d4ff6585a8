//! `alpine`: busybox, musl and apk. Sizes are those of Docker Hub, rounded but for the newest.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{dir, executable, finish, sized, text};
use super::{LayerSpec, Line, Official, PATH, Source, busybox, layer, note, tag, words};

/// A branch.
struct Release {
    minor: &'static str,
    /// The newest of it.
    full: &'static str,
    busybox: &'static str,
    apk: &'static str,
    compressed: u64,
    unpacked: u64,
    /// Unix seconds.
    created: i64,
}

const fn release(names: [&'static str; 4], sizes: (u64, u64), created: i64) -> Release {
    let [minor, full, busybox, apk] = names;
    Release { minor, full, busybox, apk, compressed: sizes.0, unpacked: sizes.1, created }
}

/// The newest first.
const RELEASES: [Release; 11] = [
    release(["3.24", "3.24.2", "1.37.0", "3.0"], (LAYER.compressed, LAYER.unpacked), 1_789_677_440),
    release(["3.23", "3.23.2", "1.37.0", "3.0"], (3_860_000, 8_440_000), 1_766_000_000),
    release(["3.22", "3.22.2", "1.37.0", "2.14"], (3_802_452, 8_320_000), 1_759_950_000),
    release(["3.21", "3.21.5", "1.37.0", "2.14"], (3_644_000, 7_830_000), 1_759_950_000),
    release(["3.20", "3.20.8", "1.36.1", "2.14"], (3_630_000, 7_800_000), 1_759_950_000),
    release(["3.19", "3.19.9", "1.36.1", "2.14"], (3_420_000, 7_400_000), 1_759_950_000),
    release(["3.18", "3.18.12", "1.36.1", "2.14"], (3_410_000, 7_360_000), 1_739_491_200),
    release(["3.17", "3.17.10", "1.35.0", "2.12"], (3_380_000, 7_080_000), 1_736_294_400),
    release(["3.16", "3.16.9", "1.35.0", "2.12"], (2_810_000, 5_540_000), 1_706_313_600),
    release(["3.15", "3.15.11", "1.34.1", "2.12"], (2_830_000, 5_590_000), 1_700_870_400),
    release(["3.14", "3.14.10", "1.33.1", "2.12"], (2_830_000, 5_610_000), 1_679_961_600),
];

/// Its one layer.
pub(super) const LAYER: LayerSpec =
    LayerSpec { key: "alpine", variant: "3.24.2", entries, compressed: 3_849_738, unpacked: 8_450_000 };
/// Where its package puts busybox's applets (`/etc/busybox-paths.d/busybox`).
const APPLETS: &str = include_str!("data/alpine-applets.txt");
/// How it came.
pub(super) const ADD: &str = "ADD alpine-minirootfs-3.24.2-x86_64.tar.gz / # buildkit";

/// Where busybox's applets are.
pub(super) fn applets() -> impl Iterator<Item = &'static str> {
    APPLETS.lines()
}

fn entries(version: &str) -> Vec<Entry> {
    let minor = version.rsplit_once('.').map_or(version, |v| v.0);
    let (busybox, apk) = RELEASES.iter().find(|r| r.minor == minor).map_or(("1.37.0", "3.0"), |r| (r.busybox, r.apk));
    let mut all = busybox::applets(applets(), busybox, 808_712);
    all.extend([
        executable("sbin/apk", "apk", apk, 0o755, 70_000),
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
    let (r, full) = RELEASES.iter().enumerate().find_map(|(n, r)| match tag {
        "latest" | "3" if n == 0 => Some((r, r.full.to_owned())),
        _ => tag::release(tag, r.minor, r.full).map(|full| (r, full)),
    })?;
    let first = if full == LAYER.variant {
        layer(ADD, LAYER)
    } else {
        let (compressed, unpacked) = (r.compressed, r.unpacked);
        let source = Source::Files { key: format!("alpine {full}"), entries: entries(&full), compressed, unpacked };
        Line { by: ADD.replace(LAYER.variant, &full), layer: Some(source) }
    };
    Some(Official {
        created: r.created,
        comment: "buildkit.dockerfile.v0",
        lines: vec![first, note("CMD [\"/bin/sh\"]")],
        config: Config { env: words(&[PATH]), cmd: words(&["/bin/sh"]), ..Config::default() },
    })
}

/// Its tags.
pub(super) fn tags() -> Vec<String> {
    let of = |r: &Release| [r.minor.to_owned(), r.full.to_owned()];
    words(&["latest", "3"]).into_iter().chain(RELEASES.iter().flat_map(of)).collect()
}
