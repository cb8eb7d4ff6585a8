//! Byte for byte what Go programs (umoci, skopeo: `archive/tar`, `encoding/json`) write.

use layerlab_oci::layer::{Entry, EntryKind, Format, Limits, read, write_with};
use layerlab_oci::{Descriptor, ImageConfig, Index, Manifest, gzip};

use crate::tool::{Scratch, have};

/// Reads and writes again; the bytes must be the same.
///
/// `missing_end`: umoci's layers lack the two zero blocks.
fn assert_same_tar(name: &str, tar: &[u8], missing_end: usize) -> Vec<Entry> {
    let entries = read(tar, Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let again = write_with(&entries, Format::AsGiven).unwrap();
    let differs = again.iter().zip(tar).position(|(a, b)| a != b);
    assert_eq!(differs, None, "{name}: first byte that differs");
    assert_eq!(again.len(), tar.len() + missing_end, "{name}");
    entries
}

/// A layout that umoci made, with one layer that has long, foreign and special names.
fn umoci_layout(scratch: &Scratch) {
    let dir = "d".repeat(60);
    scratch.write(&format!("tree/{dir}/{}", "f".repeat(120)), b"long name");
    scratch.write(&format!("tree/{dir}/{dir}/f"), b"split name");
    scratch.write("tree/grün ☃/file", b"foreign name");
    scratch.write("tree/empty", b"");
    scratch.write("tree/block", &[7; 512]);
    let script = "ln -s ../grün tree/link && ln -s $(printf 'x%.0s' $(seq 130)) tree/long-link \
        && mkfifo tree/pipe && chmod 4711 tree/empty && chmod 1777 tree \
        && find tree -exec touch -h -d @1700000000 {} +";
    scratch.run(&["sh", "-c", script]);
    scratch.run(&["umoci", "init", "--layout", "layout"]);
    scratch.run(&["umoci", "new", "--image", "layout:x"]);
    scratch.run(&["umoci", "insert", "--image", "layout:x", "tree", "/opt/tree"]);
    let config = ["umoci", "config", "--image", "layout:x", "--config.env", "A=<b>&c", "--config.cmd", "sh"];
    let more = ["--config.exposedports", "80/tcp", "--config.volume", "/data", "--config.label", "l=ü \u{2028}"];
    let rest = ["--config.workingdir", "/app", "--config.stopsignal", "SIGQUIT", "--config.user", "1:2"];
    let times = ["--created", "2026-11-21T20:09:11.5Z", "--author", "A <a@b.example>", "--architecture", "amd64"];
    scratch.run(&[&config[..], &more, &rest, &times].concat());
}

fn blob(scratch: &Scratch, descriptor: &Descriptor) -> Vec<u8> {
    scratch.read(&format!("layout/blobs/sha256/{}", descriptor.digest.hex()))
}

#[test]
fn layers_and_json_are_those_of_go() {
    if !have(&["umoci"]) {
        return;
    }
    let scratch = Scratch::new("go");
    umoci_layout(&scratch);
    let index_bytes = scratch.read("layout/index.json");
    let index = Index::from_json(&index_bytes).unwrap();
    let same = |ours: Vec<u8>, theirs: &[u8]| {
        assert_eq!(String::from_utf8(ours).unwrap(), String::from_utf8_lossy(theirs));
    };
    same(index.to_json_compact().unwrap(), index_bytes.trim_ascii_end());
    let manifest_bytes = blob(&scratch, &index.manifests[0]);
    let manifest = Manifest::from_json(&manifest_bytes).unwrap();
    same(manifest.to_json_compact().unwrap(), manifest_bytes.trim_ascii_end());
    let config_bytes = blob(&scratch, &manifest.config);
    let config = ImageConfig::from_json(&config_bytes).unwrap();
    assert_eq!(config.config.env, ["A=<b>&c"]);
    assert_eq!(config.author, "A <a@b.example>");
    for layer in &manifest.layers {
        let tar = gzip::decompress(&blob(&scratch, layer), 1 << 20).unwrap();
        let entries = assert_same_tar("layer", &tar, 1024);
        assert!(entries.len() >= 10);
        assert!(entries.iter().any(|entry| entry.kind == EntryKind::Fifo));
        assert!(entries.iter().any(|entry| entry.path.len() > 180));
    }
}

#[test]
fn archives_are_those_of_go() {
    if !have(&["umoci", "skopeo"]) {
        return;
    }
    let scratch = Scratch::new("go-archive");
    umoci_layout(&scratch);
    scratch.run(&["skopeo", "copy", "--quiet", "oci:layout:x", "docker-archive:out.tar:x:y"]);
    assert_same_tar("docker-archive", &scratch.read("out.tar"), 0);
}
