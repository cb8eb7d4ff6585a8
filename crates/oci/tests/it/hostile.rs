//! Archives that mean harm: refused with a sentence that says why, and nothing is loaded.

use layerlab_oci::archive::{ArchiveError, load, load_files};
use layerlab_oci::layer::Format;
use layerlab_oci::layer::{Entry, EntryKind, LayerError, Limits, Tree, read, write_with};
use layerlab_oci::{Digest, ImageConfig, gzip};

use crate::image::{of_layers, sample};

/// A tar with one header whose fields are set by hand, and its checksum right.
fn raw(name: &str, flag: u8, link: &str, size: &[u8; 12], content: &[u8]) -> Vec<u8> {
    let mut header = [0u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    header[108..115].copy_from_slice(b"0000000");
    header[116..123].copy_from_slice(b"0000000");
    header[124..136].copy_from_slice(size);
    header[136..147].copy_from_slice(b"00000000000");
    header[156] = flag;
    header[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let mut out = header.to_vec();
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(512) + 1024, 0);
    out
}

const NOTHING: &[u8; 12] = b"00000000000\0";

fn refused(tar: &[u8]) -> String {
    read(tar, Limits::default()).unwrap_err().to_string()
}

#[test]
fn names_that_lead_out_are_refused() {
    for name in ["../etc/passwd", "a/../../etc/passwd", "/../x", "a/../.."] {
        assert_eq!(refused(&raw(name, b'0', "", NOTHING, b"")), format!("{name:?} is outside of the layer"));
    }
    let link = refused(&raw("a", b'1', "../../etc/shadow", NOTHING, b""));
    assert_eq!(link, "\"../../etc/shadow\" is outside of the layer");
    // An absolute name is one below the root.
    let entries = read(&raw("/etc/passwd", b'0', "", NOTHING, b""), Limits::default()).unwrap();
    assert_eq!(entries[0].path, "etc/passwd");
    assert_eq!(refused(&raw("", b'0', "", NOTHING, b"")), "invalid path \"\"");
    assert_eq!(refused(&raw("./", b'2', "x", NOTHING, b"")), "invalid path \"./\"");
}

#[test]
fn what_is_written_through_a_link_stays_inside() {
    let layer = [Entry::symlink("up", "../../.."), Entry::symlink("root", "/"), Entry::file("up/root/x", "x", 0o644)];
    let tree = Tree::of_layers([&layer[..]]).unwrap();
    let paths: Vec<&str> = tree.iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["root", "up", "x"]);
}

#[test]
fn sizes_that_cannot_be_are_refused_before_anything_is_allocated() {
    for size in [b"77777777777\0", b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", b"00000010000\0"] {
        let message = refused(&raw("big", b'0', "", size, b""));
        assert!(matches!(message.as_str(), "unexpected EOF" | "more than 268435456 bytes"), "{message}");
        assert!(size != b"00000010000\0" || message != "more than 268435456 bytes");
    }
    assert_eq!(refused(&raw("neg", b'0', "", &[0xff; 12], b"")), "archive/tar: invalid tar header");
    assert_eq!(refused(&raw("pax", b'x', "", b"77777777777\0", b"")), "more than 1048576 bytes");
    assert_eq!(refused(&raw("sparse", b'S', "", NOTHING, b"")), "unhandled tar header type 'S' of \"sparse\"");
    let small = Limits { bytes: 10, entries: 2 };
    let many = [Entry::dir("a", 0), Entry::dir("b", 0), Entry::dir("c", 0)];
    let tar = write_with(&many, Format::AsGiven).unwrap();
    assert_eq!(read(&tar, small), Err(LayerError::TooMany(2)));
}

#[test]
fn any_cut_is_noticed_and_loads_nothing() {
    let sample = sample();
    let archive = sample.archive("notes:1.0");
    for at in (1..archive.len() - 1024).step_by(509) {
        // Where only the last file is gone, Docker's list alone still tells of the whole image; and as
        // Go does, we forgive a last file without its padding.
        if let Ok(loaded) = load(&archive[..at], Limits::default()) {
            let parts = [&sample.manifest.config].into_iter().chain(&sample.manifest.layers);
            assert!(parts.into_iter().all(|part| loaded.blobs.contains_key(&part.digest)), "cut at {at}");
        }
    }
    let zipped = gzip::compress(&archive);
    for at in (1..zipped.len()).step_by(509) {
        assert!(load(&zipped[..at], Limits::default()).is_err(), "cut at {at}");
    }
}

#[test]
fn bombs_do_not_go_off() {
    let zeros = gzip::compress(&vec![0; 64 << 20]);
    let small = Limits { bytes: 1 << 20, entries: 100 };
    let message = load(&zeros, small).unwrap_err().to_string();
    assert_eq!(message, format!("gzip: more than {} bytes", 2 << 20));
    // A small archive with a layer that is large only when it is unpacked.
    let bomb = of_layers(&[vec![Entry::file("zeros", vec![0; 8 << 20], 0o644)]]);
    let archive = bomb.archive("bomb:1");
    assert!(archive.len() < 64 << 10);
    assert_eq!(load(&archive, small).unwrap_err().to_string(), format!("gzip: more than {} bytes", 1 << 20));
    assert!(load(&archive, Limits::default()).is_ok());
}

#[test]
fn two_files_of_one_name_are_refused_if_they_differ() {
    let sample = sample();
    let archive = sample.archive("notes:1.0");
    let entries = read(&archive, Limits::default()).unwrap();
    let mut twice = entries.clone();
    twice.extend(entries.iter().filter(|entry| entry.path == "index.json").cloned());
    let same = write_with(&twice, Format::AsGiven).unwrap();
    assert_eq!(load(&same, Limits::default()).unwrap().blobs, sample.blobs);
    twice.push(Entry::file("index.json", "{}", 0o644));
    let other = write_with(&twice, Format::AsGiven).unwrap();
    let error = load(&other, Limits::default()).unwrap_err();
    assert_eq!(error, ArchiveError::Duplicate("index.json".into()));
    assert_eq!(error.to_string(), "\"index.json\" is twice in the archive, with different content");
}

#[test]
fn a_layer_that_leads_out_spoils_the_whole_archive() {
    // Written as it is, since the writer itself refuses such a name.
    let tar = raw("../evil", b'0', "", NOTHING, b"");
    let mut sample = sample();
    let diff_id = Digest::of(&tar);
    sample.config.rootfs.diff_ids = vec![diff_id];
    let config = sample.config.to_json().unwrap();
    let list = r#"[{"Config":"config.json","RepoTags":["evil:1"],"Layers":["layer.tar"]}]"#;
    let files = [("config.json", config), ("manifest.json", list.as_bytes().to_vec()), ("layer.tar", tar)];
    let files = files.into_iter().map(|(path, content)| (path.to_owned(), content.into())).collect();
    let error = load_files(files, Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "\"../evil\" is outside of the layer");
}

#[test]
fn json_that_is_not_what_it_should_be_is_named() {
    let sample = sample();
    let archive = sample.archive("notes:1.0");
    let with = |path: &str, content: &str| {
        let mut entries = read(&archive, Limits::default()).unwrap();
        for entry in entries.iter_mut().filter(|entry| entry.path == path) {
            entry.kind = EntryKind::File { content: content.as_bytes().to_vec().into() };
        }
        load(&write_with(&entries, Format::AsGiven).unwrap(), Limits::default()).unwrap_err().to_string()
    };
    assert!(with("index.json", "{").starts_with("index.json: EOF while parsing"));
    assert!(with("oci-layout", "7").starts_with("oci-layout: invalid type"));
    assert_eq!(with("oci-layout", "{}"), "unsupported OCI version ");
    let deep = "[".repeat(100_000);
    assert!(with("index.json", &deep).starts_with("index.json: "));
    assert!(ImageConfig::from_json(deep.as_bytes()).is_err());
    assert!(with("index.json", r#"{"schemaVersion":2,"manifests":[{"mediaType":"text/plain","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}]}"#).contains("not found"));
}
