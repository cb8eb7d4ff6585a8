//! `ubuntu`.

use layerlab_oci::layer::Entry;
use layerlab_oci::{Config, Digest};

use super::files::{dir, finish, read, text};
use super::{LayerSpec, Official, PATH, debian, layer, note, words};

/// A release with long support.
struct Release {
    number: &'static str,
    codename: &'static str,
    /// `22.04.5 LTS (Jammy Jellyfish)`, the first part.
    point: &'static str,
    name: &'static str,
    debian: &'static str,
    compressed: u64,
    unpacked: u64,
    /// Unix seconds.
    created: i64,
}

/// The first is `latest`.
const RELEASES: [Release; 3] = [
    Release {
        number: "24.04",
        codename: "noble",
        point: "24.04.3",
        name: "Noble Numbat",
        debian: "trixie/sid",
        compressed: 29_764_116,
        unpacked: 78_100_000,
        created: 1_788_912_000,
    },
    Release {
        number: "22.04",
        codename: "jammy",
        point: "22.04.5",
        name: "Jammy Jellyfish",
        debian: "bookworm/sid",
        compressed: 29_540_000,
        unpacked: 77_900_000,
        created: 1_788_912_000,
    },
    Release {
        number: "20.04",
        codename: "focal",
        point: "20.04.6",
        name: "Focal Fossa",
        debian: "bullseye/sid",
        compressed: 27_510_000,
        unpacked: 72_800_000,
        created: 1_743_724_800,
    },
];

fn os_release(r: &Release) -> String {
    let Release { number, codename, point, name, .. } = r;
    format!(
        "PRETTY_NAME=\"Ubuntu {point} LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"{number}\"\nVERSION=\"{point} LTS ({name})\"\nVERSION_CODENAME={codename}\nID=ubuntu\nID_LIKE=debian\nHOME_URL=\"https://www.ubuntu.com/\"\nSUPPORT_URL=\"https://help.ubuntu.com/\"\nBUG_REPORT_URL=\"https://bugs.launchpad.net/ubuntu/\"\nUBUNTU_CODENAME={codename}\n{}",
        if *number < "24" { "" } else { "LOGO=ubuntu-logo\n" }
    )
}

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

fn entries(number: &str) -> Vec<Entry> {
    let mut all = read(include_str!("data/debian-slim.txt"), debian::program);
    all.extend(read(TOOLS, debian::program));
    for name in ["bin", "sbin", "lib", "lib64"] {
        all.push(Entry::symlink(name, &format!("usr/{name}")));
    }
    all.push(Entry::symlink("usr/bin/awk", "mawk"));
    if let Some(r) = RELEASES.iter().find(|r| r.number == number) {
        all.extend(debian::base(&os_release(r), &format!("{}\n", r.debian)));
    }
    if number > "23.04" {
        all.extend([text("etc/passwd", PASSWD), text("etc/group", &group())]);
        let mut home = dir("home/ubuntu", 0o750);
        (home.uid, home.gid) = (1000, 1000);
        all.push(home);
    }
    finish(all)
}

/// The image of a tag.
pub(super) fn image(tag: &str) -> Option<Official> {
    let is_it = |(n, r): &(usize, &Release)| tag == r.number || tag == r.codename || (*n == 0 && tag == "latest");
    let (_, r) = RELEASES.iter().enumerate().find(is_it)?;
    let labels = [("org.opencontainers.image.ref.name", "ubuntu"), ("org.opencontainers.image.version", r.number)];
    let (variant, compressed, unpacked) = (r.number, r.compressed, r.unpacked);
    let rootfs = Digest::of(os_release(r).as_bytes());
    Some(Official {
        created: r.created,
        comment: "",
        lines: vec![
            note("/bin/sh -c #(nop)  ARG RELEASE"),
            note("/bin/sh -c #(nop)  LABEL org.opencontainers.image.ref.name=ubuntu"),
            note(format!("/bin/sh -c #(nop)  LABEL org.opencontainers.image.version={}", r.number)),
            layer(
                format!("/bin/sh -c #(nop) ADD file:{} in / ", rootfs.hex()),
                LayerSpec { key: "ubuntu", variant, entries, compressed, unpacked },
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
