//! `ubuntu`.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{dir, finish, read, text};
use super::{LayerSpec, Official, PATH, debian, layer, note, words};

const LAYER: LayerSpec =
    LayerSpec { key: "ubuntu", variant: "24.04", entries, compressed: 29_764_116, unpacked: 78_100_000 };
const OS_RELEASE: &str = "PRETTY_NAME=\"Ubuntu 24.04.3 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nVERSION=\"24.04.3 LTS (Noble Numbat)\"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nHOME_URL=\"https://www.ubuntu.com/\"\nSUPPORT_URL=\"https://help.ubuntu.com/\"\nBUG_REPORT_URL=\"https://bugs.launchpad.net/ubuntu/\"\nUBUNTU_CODENAME=noble\nLOGO=ubuntu-logo\n";

/// What it has beside Debian's small image: the tools of `procps`.
const TOOLS: &str = "x 755 144224 /usr/bin/ps
x 755 133776 /usr/bin/top
x 755 27048 /usr/bin/free
x 755 35400 /usr/bin/pgrep
x 755 35400 /usr/bin/pkill
x 755 14728 /usr/bin/uptime
x 755 35408 /usr/bin/watch
x 755 47680 /usr/bin/vmstat
x 755 35200 /usr/sbin/sysctl
";
/// Since 23.04 the image has a user of its own.
pub(super) const PASSWD: &str =
    concat!(include_str!("data/debian-passwd.txt"), "ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash\n");
/// Its groups.
pub(super) const GROUP: &str = concat!(include_str!("data/debian-group.txt"), "ubuntu:x:1000:\n");
/// Groups that the user is in.
const MEMBER: [&str; 9] = ["adm", "dialout", "cdrom", "floppy", "sudo", "audio", "dip", "video", "plugdev"];

fn group() -> String {
    let line = |l: &str| {
        let name = l.split(':').next().unwrap_or_default();
        format!("{l}{}\n", if MEMBER.contains(&name) { "ubuntu" } else { "" })
    };
    GROUP.lines().map(line).collect()
}

fn entries(_: &str) -> Vec<Entry> {
    let mut all = read(include_str!("data/debian-slim.txt"), debian::program);
    all.extend(read(TOOLS, debian::program));
    for name in ["bin", "sbin", "lib", "lib64"] {
        all.push(Entry::symlink(name, &format!("usr/{name}")));
    }
    all.push(Entry::symlink("usr/bin/awk", "mawk"));
    all.extend(debian::base(OS_RELEASE, "trixie/sid\n"));
    all.extend([text("etc/passwd", PASSWD), text("etc/group", &group())]);
    let mut home = dir("home/ubuntu", 0o750);
    (home.uid, home.gid) = (1000, 1000);
    all.push(home);
    finish(all)
}

/// The image of a tag.
pub(super) fn image(tag: &str) -> Option<Official> {
    if !["latest", "24.04", "noble"].contains(&tag) {
        return None;
    }
    let labels = [("org.opencontainers.image.ref.name", "ubuntu"), ("org.opencontainers.image.version", "24.04")];
    Some(Official {
        created: 1_788_912_000,
        comment: "",
        lines: vec![
            note("/bin/sh -c #(nop)  ARG RELEASE"),
            note("/bin/sh -c #(nop)  LABEL org.opencontainers.image.ref.name=ubuntu"),
            note("/bin/sh -c #(nop)  LABEL org.opencontainers.image.version=24.04"),
            layer(
                "/bin/sh -c #(nop) ADD file:35596f3da5c4ba0b6e6c2b1ba2f0a4a8b4d6a9d2c9a1bd1f5f8d5c0bd1d2b9e3 in / ",
                LAYER,
            ),
            note("/bin/sh -c #(nop)  CMD [\"/bin/bash\"]"),
        ],
        config: Config {
            env: words(&[PATH]),
            cmd: words(&["/bin/bash"]),
            labels: labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..Config::default()
        },
    })
}
