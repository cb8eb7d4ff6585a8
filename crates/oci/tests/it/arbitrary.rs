//! Whatever goes in: round trips hold, and no input makes a parser panic.

use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_oci::archive::load;
use layerlab_oci::layer::{Entry, EntryKind, Limits, Whiteout, compare_paths, read, write};
use layerlab_oci::reference::parse_any;
use layerlab_oci::{Digest, ImageConfig, Index, Manifest, Reference, Timestamp, gzip};
use proptest::prelude::*;

use crate::image::sample;

fn component() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,3}", "[a-zA-Z0-9äß☃ .]{1,40}", "[a-z]{60,130}", "\\.wh\\.[a-z]{1,3}"]
        .prop_filter("no dots alone", |name| name != "." && name != "..")
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(component(), 1..4).prop_map(|parts| parts.join("/"))
}

fn kind() -> impl Strategy<Value = EntryKind> {
    prop_oneof![
        4 => prop::collection::vec(any::<u8>(), 0..1200).prop_map(|content| EntryKind::File { content: Rc::new(content) }),
        2 => Just(EntryKind::Dir),
        1 => "[^\\x00]{1,150}".prop_map(|target| EntryKind::Symlink { target }),
        1 => (0..1u32 << 21, 0..1u32 << 21).prop_map(|(major, minor)| EntryKind::CharDev { major, minor }),
        1 => (0..4096u32, 0..256u32).prop_map(|(major, minor)| EntryKind::BlockDev { major, minor }),
        1 => Just(EntryKind::Fifo),
    ]
}

prop_compose! {
    fn entry()(
        path in path(),
        kind in kind(),
        mode in 0..0o10000u32,
        owner in (any::<u32>(), any::<u32>()),
        mtime in prop_oneof![any::<i64>(), 0..2_000_000_000i64],
        names in ("[a-zä]{0,40}", "[a-z]{0,5}"),
        xattrs in prop::collection::btree_map("[a-z.ü]{1,20}", prop::collection::vec(any::<u8>(), 1..50), 0..3),
        nominal_size in prop::option::of(any::<u64>()),
    ) -> Entry {
        let mut entry = Entry::new(&path, kind, mode);
        (entry.uid, entry.gid) = owner;
        entry.mtime = mtime;
        (entry.uname, entry.gname) = names;
        entry.xattrs = xattrs;
        entry.nominal_size = nominal_size;
        entry
    }
}

/// At most one entry of each path, and some hard links to files.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    (prop::collection::vec(entry(), 0..12), prop::collection::vec((path(), any::<prop::sample::Index>()), 0..4))
        .prop_map(|(entries, links)| {
            let mut by_path: BTreeMap<String, Entry> = entries.into_iter().map(|e| (e.path.clone(), e)).collect();
            let files: Vec<String> = by_path
                .values()
                .filter(|entry| matches!(entry.kind, EntryKind::File { .. }))
                .map(|entry| entry.path.clone())
                .collect();
            for (path, pick) in links {
                if !files.is_empty() && !by_path.contains_key(&path) {
                    by_path.insert(path.clone(), Entry::hard_link(&path, &files[pick.index(files.len())]));
                }
            }
            by_path.into_values().collect()
        })
}

/// Content by path, with hard links followed.
fn contents(entries: &[Entry]) -> BTreeMap<String, Vec<u8>> {
    let mut contents = BTreeMap::new();
    for entry in entries {
        if let EntryKind::File { content } = &entry.kind {
            contents.insert(entry.path.clone(), content.to_vec());
        }
    }
    for entry in entries {
        if let EntryKind::HardLink { target } = &entry.kind {
            contents.insert(entry.path.clone(), contents[target].clone());
        }
    }
    contents
}

proptest! {
    #[test]
    fn layers_survive_a_round_trip(mut entries in entries(), seed in any::<prop::sample::Index>()) {
        let tar = write(&entries).unwrap();
        let back = read(&tar, Limits::default()).unwrap();
        prop_assert_eq!(contents(&back), contents(&entries));
        prop_assert_eq!(&write(&back).unwrap(), &tar, "written again, the same");
        // A link never comes before its file.
        for (at, entry) in back.iter().enumerate() {
            if let EntryKind::HardLink { target } = &entry.kind {
                prop_assert!(back[..at].iter().any(|earlier| earlier.path == *target));
            }
        }
        let links = entries.iter().any(|entry| matches!(entry.kind, EntryKind::HardLink { .. }));
        let rotation = if entries.is_empty() { 0 } else { seed.index(entries.len()) };
        entries.rotate_left(rotation);
        prop_assert_eq!(&write(&entries).unwrap(), &tar, "order of input does not matter");
        if !links {
            entries.sort_by(|a, b| compare_paths(&a.path, &b.path));
            prop_assert_eq!(back, entries);
        }
    }

    #[test]
    fn gzip_survives_a_round_trip(content in prop::collection::vec(any::<u8>(), 0..5000)) {
        prop_assert_eq!(gzip::decompress(&gzip::compress(&content), 5000), Ok(content));
    }

    #[test]
    fn damaged_layers_never_panic(entries in entries(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20), cut in any::<prop::sample::Index>()) {
        let mut tar = write(&entries).unwrap();
        for (at, byte) in flips {
            let at = at.index(tar.len());
            tar[at] = byte;
            fix_checksum(&mut tar, at);
        }
        let _ = read(&tar, Limits::default());
        let _ = read(&tar[..cut.index(tar.len())], Limits::default());
    }

    #[test]
    fn references_never_panic_and_print_what_they_read(text in "[a-zA-Z0-9ÄẞǅK:/@.\\[\\]_-]{0,40}|\\PC{0,40}") {
        if let Ok(reference) = Reference::parse(&text) {
            prop_assert_eq!(reference.to_string(), text.as_str());
        }
        if let Ok(reference) = Reference::parse_familiar(&text) {
            let again = Reference::parse_familiar(&reference.to_string());
            prop_assert_eq!(again.as_ref(), Ok(&reference));
            let familiar = Reference::parse_familiar(&reference.familiar());
            prop_assert_eq!(familiar.as_ref(), Ok(&reference));
            let _ = reference.familiar_match(&text);
        }
        let _ = parse_any(&text);
        let _ = text.parse::<Digest>();
        let _ = text.parse::<Timestamp>();
        let _ = Whiteout::parse(&text);
    }

    #[test]
    fn timestamps_survive_a_round_trip(secs in -62_135_596_800..253_402_300_800i64, nanos in 0..1_000_000_000u32) {
        let time = Timestamp { secs, nanos };
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }

    #[test]
    fn bytes_never_make_json_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ImageConfig::from_json(&bytes);
        let _ = Manifest::from_json(&bytes);
        let _ = Index::from_json(&bytes);
        let _ = gzip::decompress(&bytes, 1000);
        let _ = read(&bytes, Limits::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_archives_give_all_or_nothing(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let sample = sample();
        let mut archive = sample.archive("notes:1.0");
        for (at, byte) in flips {
            let at = at.index(archive.len());
            archive[at] = byte;
            fix_checksum(&mut archive, at);
        }
        if let Ok(loaded) = load(&archive, Limits::default()) {
            for image in &loaded.images {
                prop_assert!(loaded.blobs.contains_key(&image.target.digest));
            }
            for (digest, content) in &loaded.blobs {
                prop_assert_eq!(Digest::of(content), *digest);
            }
        }
    }
}

/// Makes the checksum of the block around a byte right, as if it were a header, so that damage gets
/// past the checksum.
fn fix_checksum(tar: &mut [u8], at: usize) {
    let start = at / 512 * 512;
    let Some(block) = tar.get_mut(start..start + 512) else {
        return;
    };
    if &block[257..262] != b"ustar" {
        return;
    }
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}
