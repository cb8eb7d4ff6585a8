//! `docker save` and `docker load` against skopeo and umoci.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use layerlab_oci::archive::load;
use layerlab_oci::layer::Limits;
use layerlab_oci::{ImageConfig, Manifest, media_type};
use serde_json::Value;

use crate::image::{attested, sample};
use crate::tool::{Scratch, have};

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn skopeo_reads_our_archive_in_both_forms() {
    if !have(&["skopeo"]) {
        return;
    }
    let sample = sample();
    let scratch = Scratch::new("inspect");
    scratch.write("save.tar", &sample.archive("notes:1.0"));
    for form in ["docker-archive:save.tar", "docker-archive:save.tar:notes:1.0", "oci-archive:save.tar:1.0"] {
        let seen = parse(&scratch.run(&["skopeo", "inspect", form]));
        assert_eq!(seen["Architecture"], "amd64", "{form}");
        assert_eq!(seen["Created"], "2026-11-21T20:09:11.541580149Z");
        assert_eq!(seen["Labels"]["course"], "<containers>");
        assert_eq!(seen["Env"][1], "MODE=a&b");
        assert_eq!(seen["Layers"].as_array().unwrap().len(), 2);
        let config = scratch.run(&["skopeo", "inspect", "--config", "--raw", form]);
        assert_eq!(ImageConfig::from_json(config.as_bytes()).unwrap(), sample.config, "{form}");
    }
    let oci = parse(&scratch.run(&["skopeo", "inspect", "oci-archive:save.tar:1.0"]));
    assert_eq!(oci["Digest"], sample.target.digest.to_string());
    assert_eq!(oci["Layers"][0], sample.manifest.layers[0].digest.to_string());
}

#[test]
fn umoci_unpacks_what_skopeo_copied() {
    if !have(&["skopeo", "umoci"]) {
        return;
    }
    let scratch = Scratch::new("unpack");
    scratch.write("save.tar", &sample().archive("notes:1.0"));
    for (number, source) in ["docker-archive:save.tar", "oci-archive:save.tar:1.0"].into_iter().enumerate() {
        let layout = format!("layout{number}");
        scratch.run(&["skopeo", "copy", "--quiet", source, &format!("oci:{layout}:x")]);
        let bundle = format!("bundle{number}");
        scratch.run(&["umoci", "unpack", "--rootless", "--image", &format!("{layout}:x"), &bundle]);
        let file = |name: &str| format!("{bundle}/rootfs/{name}");
        let text = |name: &str| String::from_utf8(scratch.read(&file(name))).unwrap();
        let mode =
            |name: &str| std::fs::symlink_metadata(scratch.path(&file(name))).unwrap().permissions().mode() & 0o7777;
        assert_eq!(text("etc/hosts"), "127.0.0.1 localhost\n");
        assert_eq!(text("app/main.py"), "print('<hello> & goodbye')\n");
        let long = format!("usr/share/{}/{}", "d".repeat(90), "n".repeat(110));
        assert_eq!(text(&long), "far down");
        assert_eq!(scratch.read(&file("usr/share/grün ☃")), vec![0xff; 3000]);
        assert_eq!((mode("app"), mode("tmp"), mode("usr/bin/tool")), (0o750, 0o1777, 0o4755));
        let inode = |name: &str| std::fs::metadata(scratch.path(&file(name))).unwrap();
        assert_eq!(inode("usr/bin/tool").ino(), inode("usr/bin/tool2").ino(), "a hard link");
        assert_eq!(inode("usr/bin/tool").mtime(), 1_700_000_000);
        assert_eq!(std::fs::read_link(scratch.path(&file("usr/bin/sh"))).unwrap().to_str(), Some("tool"));
        assert!(!scratch.path(&file("etc/removed")).exists(), "whiteout of a file");
        assert!(!scratch.path(&file("opt/gone")).exists(), "whiteout of a folder");
        assert!(scratch.path(&file("opt")).exists());
    }
}

#[test]
fn we_load_what_skopeo_writes() {
    if !have(&["skopeo"]) {
        return;
    }
    let sample = sample();
    let scratch = Scratch::new("load");
    scratch.write("save.tar", &sample.archive("notes:1.0"));
    scratch.run(&["skopeo", "copy", "--quiet", "docker-archive:save.tar", "docker-archive:old.tar:user/other:2"]);
    scratch.run(&["skopeo", "copy", "--quiet", "oci-archive:save.tar:1.0", "oci-archive:oci.tar:notes:3"]);
    for (file, name) in [("old.tar", "user/other:2"), ("oci.tar", "notes:3")] {
        let loaded = load(&scratch.read(file), Limits::default()).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(loaded.images.len(), 1);
        assert_eq!(loaded.images[0].name.as_ref().unwrap().familiar(), name);
        assert!(loaded.blobs.contains_key(&sample.manifest.config.digest), "{file}: the same config");
    }
}

#[test]
fn attested_images_are_saved_and_loaded_whole() {
    let sample = attested();
    let archive = sample.archive("notes:1.0");
    let loaded = load(&archive, Limits::default()).unwrap();
    assert_eq!(loaded.images[0].target.digest, sample.target.digest);
    assert_eq!(loaded.blobs, sample.blobs);
    if !have(&["skopeo"]) {
        return;
    }
    let scratch = Scratch::new("attested");
    scratch.write("save.tar", &archive);
    for form in ["docker-archive:save.tar:notes:1.0", "oci-archive:save.tar:1.0"] {
        let args = ["skopeo", "--override-arch", "amd64", "inspect", "--config", "--raw", form];
        let config = scratch.run(&args);
        assert_eq!(ImageConfig::from_json(config.as_bytes()).unwrap(), sample.config, "{form}");
    }
}

#[test]
fn we_load_layers_in_zstd() {
    if !have(&["skopeo", "zstd"]) {
        return;
    }
    let sample = sample();
    let scratch = Scratch::new("zstd");
    scratch.write("save.tar", &sample.archive("notes:1.0"));
    // Only plain layers are compressed anew.
    scratch.run(&["skopeo", "copy", "--quiet", "--dest-decompress", "oci-archive:save.tar:1.0", "dir:plain"]);
    let zstd = ["skopeo", "copy", "--quiet", "--dest-compress-format", "zstd", "--dest-compress"];
    scratch.run(&[&zstd[..], &["dir:plain", "oci-archive:zstd.tar:notes:3"]].concat());
    let bytes = scratch.read("zstd.tar");
    let loaded = load(&bytes, Limits::default()).unwrap();
    let manifest = Manifest::from_json(&loaded.blobs[&loaded.images[0].target.digest]).unwrap();
    assert_eq!(manifest.config.digest, sample.manifest.config.digest, "diff IDs are of what is in the layers");
    assert!(manifest.layers.iter().all(|layer| media_type::is_zstd_layer(&layer.media_type)), "{manifest:?}");
    scratch.run(&["zstd", "-q", "zstd.tar"]);
    assert_eq!(load(&scratch.read("zstd.tar.zst"), Limits::default()), Ok(loaded));
}
