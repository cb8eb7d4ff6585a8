//! `busybox`: one program, and a name for each of its applets.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{dir, executable, finish, text};
use super::tag::{self, Tag};
use super::{LayerSpec, Official, PATH, layer, words};

/// The applets of its default configuration.
const APPLETS: &str = include_str!("data/busybox-applets.txt");

const LAYER: LayerSpec =
    LayerSpec { key: "busybox", variant: "1.38.0", entries, compressed: 2_226_327, unpacked: 4_421_246 };

/// The newest first.
const VERSIONS: [&str; 4] = ["1.38.0", "1.37.0", "1.36.1", "1.35.0"];

/// `/bin/busybox` and symbolic links to it at these paths.
pub(super) fn applets<'a>(paths: impl Iterator<Item = &'a str>, variant: &str, size: u64) -> Vec<Entry> {
    let mut all = vec![executable("bin/busybox", "busybox", variant, 0o755, size)];
    all.extend(paths.map(|path| Entry::symlink(path, "/bin/busybox")));
    all
}

/// Where the applets are: all in `/bin`.
pub(super) fn paths() -> Vec<String> {
    APPLETS.lines().map(|name| format!("bin/{name}")).collect()
}

fn entries(variant: &str) -> Vec<Entry> {
    let paths = paths();
    let mut all = applets(paths.iter().map(String::as_str), variant, 1_180_000);
    all.extend([
        text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\nsys:x:3:3:sys:/dev:/bin/false\nsync:x:4:100:sync:/bin:/bin/sync\nmail:x:8:8:mail:/var/spool/mail:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\noperator:x:37:37:Operator:/var:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n"),
        text("etc/group", "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nwheel:x:10:root\nmail:x:8:\nwww-data:x:33:\nusers:x:100:\nnobody:x:65534:\n"),
        Entry::symlink("lib64", "lib"),
        Entry::symlink("usr/bin/env", "../../bin/env"),
    ]);
    for (path, mode) in [
        ("root", 0o700),
        ("tmp", 0o1777),
        ("home", 0o755),
        ("var/www", 0o755),
        ("dev", 0o755),
        ("usr/sbin", 0o755),
        ("lib", 0o755),
    ] {
        all.push(dir(path, mode));
    }
    finish(all)
}

/// The image of a tag.
pub(super) fn image(tag: &str) -> Option<Official> {
    let Tag { version, flavour } = Tag::parse(tag);
    let flavour = flavour.strip_prefix("stable").map_or(flavour, |f| f.trim_start_matches('-'));
    let full = VERSIONS.into_iter().find(|full| version.is_empty() || tag::within(full, version))?;
    let (libc, compressed, unpacked) = match flavour {
        "" | "glibc" => ("glibc", LAYER.compressed, LAYER.unpacked),
        "musl" => ("musl", 854_000, 1_500_000),
        "uclibc" => ("uclibc", 770_000, 1_280_000),
        _ => return None,
    };
    let distribution = if libc == "musl" { "Alpine 3.24.2" } else { "Debian 13" };
    let key = if libc == "glibc" { LAYER.key } else { libc };
    Some(Official {
        created: 1_789_603_200,
        comment: "",
        lines: vec![layer(
            format!("BusyBox {full} ({libc}), {distribution}"),
            LayerSpec { key, variant: full, compressed, unpacked, ..LAYER },
        )],
        config: Config { env: words(&[PATH]), cmd: words(&["sh"]), ..Config::default() },
    })
}
