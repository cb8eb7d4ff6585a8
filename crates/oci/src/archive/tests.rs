use std::rc::Rc;

use super::*;
use crate::layer::{Entry, EntryKind, Limits, read, write};
use crate::{Config, ImageConfig, Index, Manifest, Platform, RootFs, gzip, media_type};

/// A small image in a store: its manifest, and the manifest's parts.
fn sample(store: &mut BTreeMap<Digest, Bytes>, text: &str) -> Descriptor {
    let tar = write(&[Entry::dir("app", 0o755), Entry::file("app/main.py", text, 0o644)]).unwrap();
    let diff_id = Digest::of(&tar);
    let config = ImageConfig {
        architecture: "amd64".into(),
        os: "linux".into(),
        config: Config { cmd: vec!["python".into(), "main.py".into()], ..Config::default() },
        rootfs: RootFs::new(vec![diff_id]),
        ..ImageConfig::default()
    };
    let layer = put(store, media_type::OCI_LAYER_GZIP, gzip::compress(&tar));
    let config = put(store, media_type::OCI_CONFIG, config.to_json().unwrap());
    let manifest = Manifest::new(config, vec![layer]).to_json().unwrap();
    put(store, media_type::OCI_MANIFEST, manifest)
}

fn put(store: &mut BTreeMap<Digest, Bytes>, media_type: &str, bytes: Vec<u8>) -> Descriptor {
    let descriptor = Descriptor::of(media_type, &bytes);
    store.insert(descriptor.digest, Rc::new(bytes));
    descriptor
}

fn named(name: &str, target: &Descriptor) -> Image {
    Image { name: Some(Reference::parse_familiar(name).unwrap()), target: target.clone() }
}

fn amd64() -> Platform {
    Platform::linux("amd64")
}

fn load_all(bytes: &[u8]) -> Result<Loaded, ArchiveError> {
    load(bytes, Limits::default())
}

/// The archive with one file changed (`None`: removed).
fn tamper(archive: &[u8], path: &str, content: Option<&[u8]>) -> Vec<u8> {
    let mut entries = read(archive, Limits::default()).unwrap();
    entries.retain(|entry| entry.path != path);
    if let Some(content) = content {
        entries.push(Entry::file(path, content, 0o644));
    }
    write(&entries).unwrap()
}

fn text_of(archive: &[u8], path: &str) -> String {
    for entry in read(archive, Limits::default()).unwrap() {
        if let (EntryKind::File { content }, true) = (entry.kind, entry.path == path) {
            return String::from_utf8(content.to_vec()).unwrap();
        }
    }
    panic!("no {path}")
}

#[test]
fn saves_the_layout_of_docker_29() {
    let mut store = BTreeMap::new();
    let target = sample(&mut store, "print(1)");
    let images = [named("notes:1.0", &target), named("localhost:5000/notes", &target)];
    let archive = save(&images, &store, &amd64()).unwrap();
    let names: Vec<String> = read(&archive, Limits::default()).unwrap().into_iter().map(|e| e.path).collect();
    assert_eq!(&names[..2], ["blobs", "blobs/sha256"]);
    assert_eq!(&names[names.len() - 3..], ["index.json", "manifest.json", "oci-layout"]);
    assert_eq!(text_of(&archive, "oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#);
    let digest = target.digest;
    let size = target.size;
    assert_eq!(
        text_of(&archive, "index.json"),
        format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"annotations":{{"io.containerd.image.name":"docker.io/library/notes:1.0","org.opencontainers.image.ref.name":"1.0"}}}},{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"annotations":{{"io.containerd.image.name":"localhost:5000/notes:latest","org.opencontainers.image.ref.name":"latest"}}}}]}}"#
        )
    );
    let manifest = Manifest::from_json(&store[&digest]).unwrap();
    let (config, layer) = (manifest.config.digest.hex(), manifest.layers[0].digest.hex());
    assert_eq!(
        text_of(&archive, "manifest.json"),
        format!(
            r#"[{{"Config":"blobs/sha256/{config}","RepoTags":["notes:1.0","localhost:5000/notes:latest"],"Layers":["blobs/sha256/{layer}"]}}]"#
        )
    );
}

#[test]
fn load_gives_back_what_was_saved() {
    let mut store = BTreeMap::new();
    let first = sample(&mut store, "print(1)");
    let second = sample(&mut store, "print(2)");
    let images = vec![named("a:1", &first), named("b", &second), Image { name: None, target: first }];
    let archive = save(&images, &store, &amd64()).unwrap();
    let expected = Loaded { images, blobs: store };
    assert_eq!(load_all(&archive), Ok(expected.clone()));
    assert_eq!(load_all(&gzip::compress(&archive)), Ok(expected));
}

#[test]
fn index_needs_only_the_platforms_that_are_there() {
    let mut store = BTreeMap::new();
    let mut here = sample(&mut store, "print(1)");
    here.platform = Some(amd64());
    let mut elsewhere = Descriptor::of(media_type::OCI_MANIFEST, b"not here");
    elsewhere.platform = Some(Platform::linux("arm64"));
    let index = Index::new(vec![elsewhere.clone(), here.clone()]).to_json().unwrap();
    let target = put(&mut store, media_type::OCI_INDEX, index);
    let archive = save(&[named("multi", &target)], &store, &amd64()).unwrap();
    assert!(text_of(&archive, "manifest.json").contains(r#""RepoTags":["multi:latest"]"#));
    assert_eq!(load_all(&archive).unwrap().blobs, store);

    let nothing = Index::new(vec![elsewhere.clone()]).to_json().unwrap();
    let target = put(&mut store, media_type::OCI_INDEX, nothing);
    let archive = save(&[named("nothing", &target)], &store, &amd64()).unwrap();
    assert_eq!(load_all(&archive), Err(ArchiveError::NotFound(elsewhere.digest)));
}

#[test]
fn old_docker_archives_are_understood() {
    let mut store = BTreeMap::new();
    let target = sample(&mut store, "print(1)");
    let manifest = Manifest::from_json(&store[&target.digest]).unwrap();
    let layer = gzip::decompress(&store[&manifest.layers[0].digest], 1 << 20).unwrap();
    let config = Rc::clone(&store[&manifest.config.digest]);
    let list = r#"[{"Config":"c.json","RepoTags":["old:1","old:2"],"Layers":["x/layer.tar"]}]"#;
    let archive = write(&[
        Entry::file("c.json", config.to_vec(), 0o644),
        Entry::file("manifest.json", list, 0o644),
        Entry::symlink("x/layer.tar", "../y/layer.tar"),
        Entry::file("y/layer.tar", layer, 0o644),
    ])
    .unwrap();
    let loaded = load_all(&archive).unwrap();
    let names: Vec<String> = loaded.images.iter().map(|i| i.name.as_ref().unwrap().familiar()).collect();
    assert_eq!(names, ["old:1", "old:2"]);
    assert_eq!(loaded.images[0].target.media_type, media_type::DOCKER_MANIFEST);
    assert_eq!(loaded.images[0].target.platform, Some(amd64()));
    assert_eq!(loaded.blobs.len(), 3);

    let broken = tamper(&archive, "y/layer.tar", None);
    assert_eq!(
        load_all(&broken).unwrap_err().to_string(),
        r#"no target for symlink layer from "x/layer.tar" to "y/layer.tar""#
    );
    let broken = tamper(&archive, "c.json", None);
    assert_eq!(load_all(&broken).unwrap_err().to_string(), r#"image config "c.json" not found"#);
    let other = write(&[]).unwrap();
    let broken = tamper(&archive, "y/layer.tar", Some(&other));
    assert!(matches!(load_all(&broken), Err(ArchiveError::WrongDiffId { .. })));
}

#[test]
fn refuses_hostile_archives_as_a_whole() {
    let mut store = BTreeMap::new();
    let target = sample(&mut store, "print(1)");
    let manifest = Manifest::from_json(&store[&target.digest]).unwrap();
    let archive = save(&[named("a", &target)], &store, &amd64()).unwrap();
    let layer = manifest.layers[0].digest;

    let gone = tamper(&archive, &blob_path(&layer), None);
    assert_eq!(load_all(&gone).unwrap_err().to_string(), format!("content digest {layer}: not found"));
    let swapped = tamper(&archive, &blob_path(&layer), Some(b"other"));
    let actual = Digest::of(b"other");
    assert_eq!(load_all(&swapped), Err(ArchiveError::DigestMismatch { expected: layer, actual }));
    let version = tamper(&archive, "oci-layout", Some(br#"{"imageLayoutVersion":"9"}"#));
    assert_eq!(load_all(&version).unwrap_err().to_string(), "unsupported OCI version 9");
    let no_index = tamper(&archive, "index.json", None);
    assert_eq!(load_all(&no_index), Err(ArchiveError::MissingIndex));
    let sized = text_of(&archive, "index.json").replace(&format!("\"size\":{}", target.size), "\"size\":1");
    let sized = tamper(&archive, "index.json", Some(sized.as_bytes()));
    assert_eq!(load_all(&sized), Err(ArchiveError::SizeMismatch { actual: target.size, expected: 1 }));
    let nonsense = write(&[Entry::file("hello", "x", 0o644)]).unwrap();
    assert_eq!(load_all(&nonsense), Err(ArchiveError::Unrecognized));
    assert!(load_all(b"no tar at all").is_err());
    let small = Limits { bytes: 100, entries: 100 };
    assert!(matches!(load(&archive, small), Err(ArchiveError::Tar(_))));
}

#[test]
fn an_index_that_lists_itself_ends() {
    // Its digest cannot be known in advance, but two indexes may list the same missing ones.
    let mut store = BTreeMap::new();
    let inner = put(&mut store, media_type::OCI_INDEX, Index::new(vec![]).to_json().unwrap());
    let mut outer = inner.clone();
    for _ in 0..3 {
        outer = put(&mut store, media_type::OCI_INDEX, Index::new(vec![outer.clone(), outer]).to_json().unwrap());
    }
    let archive = save(&[named("a", &outer)], &store, &amd64()).unwrap();
    assert_eq!(load_all(&archive), Err(ArchiveError::NotFound(outer.digest)));
    for _ in 0..3 {
        outer = put(&mut store, media_type::OCI_INDEX, Index::new(vec![outer]).to_json().unwrap());
    }
    assert_eq!(save(&[named("a", &outer)], &store, &amd64()), Err(ArchiveError::TooDeep));
}
