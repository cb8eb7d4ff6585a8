//! Tar against GNU tar and Python's `tarfile`, both ways.

use layerlab_oci::layer::{Entry, EntryKind, Limits, read, write};
use serde_json::Value;

use crate::image::lower;
use crate::tool::{Scratch, have};

#[test]
fn gnu_tar_lists_our_layer() {
    if !have(&["tar"]) {
        return;
    }
    let scratch = Scratch::new("gnu");
    let mut owned = Entry::file("etc/shadow", "secret", 0o640);
    (owned.uid, owned.gid, owned.mtime) = (3_000_000, 42, 1_700_000_000);
    let mut entries = lower();
    entries.push(owned);
    entries.push(Entry::new("null", EntryKind::CharDev { major: 1, minor: 3 }, 0o666));
    scratch.write("layer.tar", &write(&entries).unwrap());
    let list = scratch.run(&["tar", "--numeric-owner", "--full-time", "--quoting-style=literal", "-tvf", "layer.tar"]);
    let lines: Vec<String> = list.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(lines.len(), entries.len());
    for expected in [
        "drwxr-xr-x 0/0 0 1970-01-01 00:00:00 etc/",
        "-rw-r----- 3000000/42 6 2023-11-14 22:13:20 etc/shadow",
        "drwxrwxrwt 0/0 0 1970-01-01 00:00:00 tmp/",
        "lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 usr/bin/sh -> tool",
        "-rwsr-xr-x 0/0 18 2023-11-14 22:13:20 usr/bin/tool",
        "hrw-r--r-- 0/0 0 1970-01-01 00:00:00 usr/bin/tool2 link to usr/bin/tool",
        "-rw-r----- 0/0 3000 1970-01-01 00:00:00 usr/share/grün ☃",
        "crw-rw-rw- 0/0 1,3 1970-01-01 00:00:00 null",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected:?} in\n{}", lines.join("\n"));
    }
}

const DUMP: &str = r#"
import json, sys, tarfile
with tarfile.open(sys.argv[1]) as tar:
    print(json.dumps([dict(name=m.name, type=m.type.decode(), mode=m.mode, uid=m.uid, gid=m.gid,
        mtime=int(m.mtime), size=m.size, link=m.linkname, uname=m.uname, major=m.devmajor, minor=m.devminor,
        pax={k: v.encode("utf-8", "surrogateescape").hex() for k, v in m.pax_headers.items()},
        data=tar.extractfile(m).read().hex() if m.isreg() else None) for m in tar]))
"#;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn python_reads_what_we_wrote() {
    if !have(&["python3"]) {
        return;
    }
    let scratch = Scratch::new("python");
    let mut special = Entry::file("z/ü", "content", 0o2755);
    (special.uid, special.gid, special.mtime) = (u32::MAX, 2_097_152, -5);
    special.xattrs.insert("user.note".into(), "a=b\nc".into());
    special.nominal_size = Some(7_000_000_000);
    let mut entries = lower();
    entries.push(special);
    scratch.write("layer.tar", &write(&entries).unwrap());
    let dump: Value = serde_json::from_str(&scratch.run(&["python3", "-c", DUMP, "layer.tar"])).unwrap();
    let dump = dump.as_array().unwrap();
    assert_eq!(dump.len(), entries.len());
    for entry in &entries {
        let seen = dump.iter().find(|seen| seen["name"] == entry.path.as_str()).expect(&entry.path);
        assert_eq!(seen["mode"], entry.mode, "{}", entry.path);
        assert_eq!((&seen["uid"], &seen["gid"]), (&entry.uid.into(), &entry.gid.into()));
        assert_eq!(seen["mtime"], entry.mtime);
        match &entry.kind {
            EntryKind::File { content } => assert_eq!(seen["data"], hex(content)),
            EntryKind::Symlink { target } | EntryKind::HardLink { target } => {
                assert_eq!(seen["link"], target.as_str());
            }
            _ => {}
        }
        for (name, value) in &entry.xattrs {
            assert_eq!(seen["pax"][format!("SCHILY.xattr.{name}")], hex(value));
        }
        if let Some(size) = entry.nominal_size {
            assert_eq!(seen["pax"]["LAYERLAB.nominal_size"], hex(size.to_string().as_bytes()));
        }
    }
}

/// A tree made by a shell, packed in every form of GNU tar and of Python, read by us.
#[test]
fn we_read_what_others_wrote() {
    if !have(&["tar", "python3"]) {
        return;
    }
    let scratch = Scratch::new("others");
    let long = format!("{}/{}", "d".repeat(80), "f".repeat(90));
    scratch.write(&format!("tree/{long}"), b"long");
    scratch.write("tree/etc/hosts", b"localhost\n");
    let script = "ln tree/etc/hosts tree/etc/hosts2 && ln -s /etc/hosts tree/link && chmod 4750 tree/etc/hosts";
    scratch.run(&["sh", "-c", script]);
    let mut forms: Vec<(String, Vec<u8>)> = Vec::new();
    for format in ["ustar", "pax", "gnu", "oldgnu"] {
        scratch.run(&["tar", "--sort=name", &format!("--format={format}"), "-C", "tree", "-cf", "t.tar", "."]);
        forms.push((format.to_owned(), scratch.read("t.tar")));
    }
    for format in ["USTAR_FORMAT", "GNU_FORMAT", "PAX_FORMAT"] {
        let program = format!(
            "import tarfile\nwith tarfile.open('t.tar', 'w', format=tarfile.{format}) as t: t.add('tree', '.')"
        );
        scratch.run(&["python3", "-c", &program]);
        forms.push((format!("python {format}"), scratch.read("t.tar")));
    }
    for (form, bytes) in forms {
        let entries = read(&bytes, Limits::default()).unwrap_or_else(|error| panic!("{form}: {error}"));
        let find =
            |path: &str| entries.iter().find(|entry| entry.path == path).unwrap_or_else(|| panic!("{form} {path}"));
        assert_eq!(find(&long).kind, EntryKind::File { content: std::rc::Rc::new(b"long".to_vec()) });
        assert_eq!(find("link").kind, EntryKind::Symlink { target: "/etc/hosts".into() });
        assert_eq!(find("etc/hosts").mode, 0o4750, "{form}");
        let links = entries.iter().filter(|entry| matches!(entry.kind, EntryKind::HardLink { .. })).count();
        assert_eq!(links, 1, "{form}");
    }
}
