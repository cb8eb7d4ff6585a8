use super::*;
use crate::Digest;

fn read_all(bytes: &[u8]) -> Result<Vec<Entry>, LayerError> {
    read(bytes, Limits::default())
}

#[test]
fn empty_layer_is_the_well_known_one() {
    // The diff ID of a WORKDIR that existed, in every image that has one.
    let layer = write(&[]).unwrap();
    assert_eq!(
        Digest::of(&layer).to_string(),
        "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
    );
    assert_eq!(read_all(&layer), Ok(vec![]));
}

#[test]
fn plain_header_is_ustar_as_go_writes_it() {
    let mut entry = Entry::file("etc/hosts", "hi\n", 0o4755);
    (entry.uid, entry.gid, entry.mtime) = (1000, 8, 1_700_000_000);
    let tar = write(&[entry]).unwrap();
    assert_eq!(tar.len(), 512 + 512 + 1024);
    assert_eq!(&tar[..10], b"etc/hosts\0");
    assert_eq!(&tar[100..148], b"0004755\x000001750\x000000010\x0000000000003\x0014524770400\x00");
    assert_eq!(&tar[156..158], b"0\0");
    assert_eq!(&tar[257..265], b"ustar\x0000");
    assert_eq!(&tar[329..345], b"0000000\x000000000\0");
    assert_eq!(&tar[512..515], b"hi\n");
}

#[test]
fn long_ascii_paths_are_split_and_others_get_records() {
    let dir = "d".repeat(90);
    let split = write(&[Entry::file(&format!("{dir}/{}", "f".repeat(60)), "", 0o644)]).unwrap();
    assert_eq!(split.len(), 512 + 1024, "USTAR prefix, no extended header");
    assert_eq!(&split[345..345 + 90], dir.as_bytes());

    let long = write(&[Entry::file(&"n".repeat(120), "", 0o644)]).unwrap();
    assert_eq!(&long[..13], b"PaxHeaders.0/");
    assert_eq!(&long[13..108], ["n".repeat(87).as_bytes(), b"0000000\0"].concat());
    assert_eq!(&long[512..512 + 130], format!("130 path={}\n", "n".repeat(120)).as_bytes());

    let umlaut = write(&[Entry::dir("a/grün", 0o755)]).unwrap();
    assert_eq!(&umlaut[..24], b"a/grn/PaxHeaders.0\0\0\0\0\0\0");
    assert_eq!(&umlaut[512..512 + 18], "17 path=a/grün/\n\0".as_bytes());
}

#[test]
fn order_is_that_of_the_walk() {
    let mut names = ["b", "a-b", "a/z", "a", "a/.wh.m", "a/.wh..wh..opq", "a/b/c", "a/b", ".wh.a.txt", "a.txt2"];
    names.sort_by(|a, b| compare_paths(a, b));
    assert_eq!(names, ["a", "a/.wh..wh..opq", "a/b", "a/b/c", "a/.wh.m", "a/z", "a-b", ".wh.a.txt", "a.txt2", "b"]);
}

#[test]
fn first_name_of_a_file_carries_its_content() {
    let content = EntryKind::File { content: Bytes::new(b"x".to_vec()) };
    let entries = [Entry::file("z", "x", 0o644), Entry::hard_link("b", "z"), Entry::hard_link("a", "z")];
    let back = read_all(&write(&entries).unwrap()).unwrap();
    let kinds: Vec<_> = back.iter().map(|e| (e.path.as_str(), e.kind.clone())).collect();
    let link = || EntryKind::HardLink { target: "a".into() };
    assert_eq!(kinds, [("a", content), ("b", link()), ("z", link())]);
}

#[test]
fn everything_survives_a_round_trip() {
    let mut special = Entry::file("opt/ä b", "content", 0o2755);
    special.uid = u32::MAX;
    special.gid = 3_000_000;
    special.mtime = -5;
    special.uname = "ünal".into();
    special.xattrs.insert("security.capability".into(), vec![0, 1, b'\n', b'=', 255]);
    special.nominal_size = Some(123_456_789_012);
    let entries = vec![
        Entry::new("dev/null", EntryKind::CharDev { major: 1, minor: 3 }, 0o666),
        Entry::new("dev/sda", EntryKind::BlockDev { major: 8, minor: 0 }, 0o660),
        Entry::dir("opt", 0o755),
        special,
        Entry::new("run/pipe", EntryKind::Fifo, 0o600),
        Entry::symlink("tmp-link", &format!("/{}", "long/".repeat(40))),
    ];
    assert_eq!(read_all(&write(&entries).unwrap()).unwrap(), entries);
}

#[test]
fn refuses_paths_that_lead_out() {
    for bad in ["../x", "a/../../x", "/../x"] {
        assert!(matches!(read_all(&raw(bad, "", b'0')), Err(LayerError::Escapes(_))), "{bad}");
        assert!(matches!(read_all(&raw("ok", bad, b'1')), Err(LayerError::Escapes(_))), "{bad}");
    }
    let paths = |name| read_all(&raw(name, "", b'5')).unwrap().into_iter().map(|e| e.path).collect::<Vec<_>>();
    assert_eq!(paths("/etc/../usr//bin/./"), ["usr/bin"]);
    assert_eq!(paths("./"), [""; 0]);
    for bad in ["", "/a", "a/", "a//b", "./a", "a/..", "a\0b"] {
        assert_eq!(write(&[Entry::dir(bad, 0)]), Err(LayerError::BadPath(bad.into())), "{bad}");
    }
}

#[test]
fn refuses_damage_and_bombs() {
    let tar = write(&[Entry::file("a", vec![7; 5000], 0o644)]).unwrap();
    assert_eq!(read_all(&tar[..2000]), Err(LayerError::Truncated));
    assert_eq!(read_all(&tar[..100]), Err(LayerError::Truncated));
    let mut flipped = tar.clone();
    flipped[3] ^= 1;
    assert_eq!(read_all(&flipped), Err(LayerError::InvalidHeader));
    let limit = |bytes, entries| read(&tar, Limits { bytes, entries });
    assert_eq!(limit(4999, 9), Err(LayerError::TooLarge(4999)));
    assert_eq!(limit(5000, 0), Err(LayerError::TooMany(0)));
    assert!(limit(5000, 1).is_ok());
    assert_eq!(read_all(&raw("s", "", b'S')), Err(LayerError::UnsupportedType("s".into(), b'S')));
    assert_eq!(read_all(&raw("s", "", b'Z')), Err(LayerError::UnsupportedType("s".into(), b'Z')));
}

/// A header made by hand, with names that `write` would refuse.
fn raw(name: &str, link: &str, flag: u8) -> Vec<u8> {
    use super::header::{Header, LINK_NAME, NAME, SIZE, TYPE};
    let mut header = Header::new();
    header.set(NAME, name.as_bytes());
    header.set(LINK_NAME, link.as_bytes());
    header.set_number(SIZE, 0);
    header.set(TYPE, &[flag]);
    header.seal();
    header.bytes().to_vec()
}

#[test]
fn whiteouts_are_made_and_known() {
    assert_eq!(whiteout("a/b", 7).path, "a/.wh.b");
    assert_eq!(whiteout("b", 7).path, ".wh.b");
    assert_eq!((whiteout("b", 7).mode, whiteout("b", 7).mtime), (0, 7));
    assert_eq!(whiteout_opaque("a/b", 0).path, "a/b/.wh..wh..opq");
    assert_eq!(whiteout_opaque("", 0).path, ".wh..wh..opq");
    assert_eq!(Whiteout::parse("a/.wh.b"), Some(Whiteout::Remove("a/b".into())));
    assert_eq!(Whiteout::parse(".wh.b"), Some(Whiteout::Remove("b".into())));
    assert_eq!(Whiteout::parse("a/.wh..wh..opq"), Some(Whiteout::Opaque("a".into())));
    assert_eq!(Whiteout::parse(".wh..wh.plnk"), Some(Whiteout::Skip));
    assert_eq!(Whiteout::parse("a/.wh..."), None.or(Some(Whiteout::Skip)));
    assert_eq!(Whiteout::parse("a/b"), None);
}

#[test]
fn changes_become_entries() {
    let remove = Change::Remove { path: "a/b".into(), mtime: 7 };
    let opaque = Change::Opaque { dir: "a".into(), mtime: 7 };
    let put = Change::Put(Entry::dir("a", 0o755));
    let entries: Vec<Entry> = [remove, opaque, put].map(Change::into_entry).into();
    let back = read_all(&write(&entries).unwrap()).unwrap();
    let paths: Vec<&str> = back.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["a", "a/.wh..wh..opq", "a/.wh.b"]);
}

#[test]
fn nominal_bytes_stand_for_the_real_software() {
    let mut python = Entry::file("usr/bin/python3", "stand-in", 0o755);
    python.nominal_size = Some(6_000_000);
    let entries = [python, Entry::file("a", "12345", 0o644), Entry::hard_link("b", "a"), Entry::dir("c", 0)];
    assert_eq!(nominal_bytes(&entries), 6_000_005);
}

#[test]
fn packed_layers_unpack() {
    let entries = vec![Entry::dir("a", 0o755), Entry::file("a/b", "text", 0o644)];
    let packed = pack(&entries).unwrap();
    assert_eq!(packed.descriptor.digest, Digest::of(&packed.blob));
    for blob in [&packed.blob, &packed.tar] {
        assert_eq!(unpack(blob, Limits::default()), Ok((packed.diff_id, entries.clone())));
    }
    let small = Limits { bytes: 100, entries: 9 };
    assert!(matches!(unpack(&packed.blob, small), Err(LayerError::Gzip(_))));
}
