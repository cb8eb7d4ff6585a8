//! Oracle Linux, slim: what `mysql` and `openjdk` stand on.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{finish, read, text};
use super::{LayerSpec, Official, PATH, debian, layer, note, words};

const LAYER: LayerSpec =
    LayerSpec { key: "oracle", variant: "9", entries, compressed: 47_931_319, unpacked: 125_000_000 };
const OS_RELEASE: &str = "NAME=\"Oracle Linux Server\"\nVERSION=\"9.7\"\nID=\"ol\"\nID_LIKE=\"fedora\"\nVARIANT=\"Server\"\nVARIANT_ID=\"server\"\nVERSION_ID=\"9.7\"\nPLATFORM_ID=\"platform:el9\"\nPRETTY_NAME=\"Oracle Linux Server 9.7\"\nHOME_URL=\"https://linux.oracle.com/\"\n";
/// Its users.
pub(super) const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nadm:x:3:4:adm:/var/adm:/sbin/nologin\nmail:x:8:12:mail:/var/spool/mail:/sbin/nologin\nnobody:x:65534:65534:Kernel Overflow User:/:/sbin/nologin\n";
/// Its groups.
pub(super) const GROUP: &str =
    "root:x:0:\nbin:x:1:\ndaemon:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\nmail:x:12:\nusers:x:100:\nnobody:x:65534:\n";

fn entries(_: &str) -> Vec<Entry> {
    let mut all = read(include_str!("data/debian-slim.txt"), debian::program);
    // Another package manager, and none of Debian's own files.
    let debians = ["apt", "dpkg", "debconf", "deb-", "update-"];
    all.retain(|e| {
        let name = e.path.rsplit('/').next().unwrap_or_default();
        !e.path.starts_with("etc/") && !e.path.contains("/dpkg") && !debians.iter().any(|d| name.starts_with(d))
    });
    for name in ["bin", "sbin", "lib", "lib64"] {
        all.push(Entry::symlink(name, &format!("usr/{name}")));
    }
    all.extend(debian::base(OS_RELEASE, ""));
    all.retain(|e| e.path != "etc/debian_version" && !e.path.starts_with("var/lib/dpkg") && !e.path.contains("/apt"));
    all.extend([
        super::files::executable("usr/bin/microdnf", "microdnf", "3.9", 0o755, 68_000),
        text("etc/oracle-release", "Oracle Linux Server release 9.7\n"),
        text("etc/passwd", PASSWD),
        text("etc/group", GROUP),
    ]);
    finish(all)
}

/// The image.
pub(super) fn image() -> Option<Official> {
    Some(Official {
        created: 1_788_912_000,
        comment: "",
        lines: vec![
            layer("ADD oraclelinux-9-slim-amd64-rootfs.tar.xz / # buildkit", LAYER),
            note("CMD [\"/bin/bash\"]"),
        ],
        config: Config { env: words(&[PATH]), cmd: words(&["/bin/bash"]), ..Config::default() },
    })
}
