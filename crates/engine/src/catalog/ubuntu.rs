//! `ubuntu`.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{finish, read};
use super::{LayerSpec, Official, PATH, debian, layer, note, words};

const LAYER: LayerSpec =
    LayerSpec { key: "ubuntu", variant: "24.04", entries, compressed: 29_764_116, unpacked: 78_100_000 };
const OS_RELEASE: &str = "PRETTY_NAME=\"Ubuntu 24.04.3 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nVERSION=\"24.04.3 LTS (Noble Numbat)\"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nHOME_URL=\"https://www.ubuntu.com/\"\nSUPPORT_URL=\"https://help.ubuntu.com/\"\nBUG_REPORT_URL=\"https://bugs.launchpad.net/ubuntu/\"\nUBUNTU_CODENAME=noble\nLOGO=ubuntu-logo\n";

fn entries(_: &str) -> Vec<Entry> {
    let mut all = read(include_str!("data/debian-slim.txt"), debian::program);
    for name in ["bin", "sbin", "lib", "lib64"] {
        all.push(Entry::symlink(name, &format!("usr/{name}")));
    }
    all.push(Entry::symlink("usr/bin/awk", "mawk"));
    all.extend(debian::base(OS_RELEASE, "trixie/sid\n"));
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
