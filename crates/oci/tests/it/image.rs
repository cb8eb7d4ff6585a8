//! An image of two layers, as `docker build` would make it.

use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_oci::archive::{Image, save};
use layerlab_oci::descriptor::{ANNOTATION_REFERENCE_DIGEST, ANNOTATION_REFERENCE_TYPE};
use layerlab_oci::layer::{Entry, Limits, Tree, read, whiteout, write};
use layerlab_oci::{
    Bytes, Config, Descriptor, Digest, History, ImageConfig, Index, Manifest, Platform, Reference, RootFs, gzip,
    media_type,
};

pub(crate) struct Sample {
    pub(crate) blobs: BTreeMap<Digest, Bytes>,
    pub(crate) target: Descriptor,
    pub(crate) config: ImageConfig,
    pub(crate) manifest: Manifest,
}

impl Sample {
    pub(crate) fn archive(&self, name: &str) -> Vec<u8> {
        let image = Image { name: Some(Reference::parse_familiar(name).unwrap()), target: self.target.clone() };
        save(&[image], &self.blobs, &Platform::linux("amd64")).unwrap()
    }
}

/// The lower layer's files; all stay but `etc/removed` and what is below `opt/gone`.
pub(crate) fn lower() -> Vec<Entry> {
    let mut tool = Entry::file("usr/bin/tool", "#!/bin/sh\necho hi\n", 0o4755);
    tool.mtime = 1_700_000_000;
    tool.nominal_size = Some(50_000_000);
    let long = format!("usr/share/{}/{}", "d".repeat(90), "n".repeat(110));
    vec![
        Entry::dir("etc", 0o755),
        Entry::file("etc/hosts", "127.0.0.1 localhost\n", 0o644),
        Entry::file("etc/removed", "x", 0o600),
        Entry::dir("opt", 0o755),
        Entry::dir("opt/gone", 0o755),
        Entry::file("opt/gone/file", "x", 0o644),
        Entry::dir("tmp", 0o1777),
        Entry::dir("usr", 0o755),
        Entry::dir("usr/bin", 0o755),
        Entry::hard_link("usr/bin/tool2", "usr/bin/tool"),
        tool,
        Entry::symlink("usr/bin/sh", "tool"),
        Entry::dir("usr/share", 0o755),
        Entry::file("usr/share/grün ☃", vec![0xff; 3000], 0o640),
        Entry::dir(long.rsplit_once('/').unwrap().0, 0o755),
        Entry::file(&long, "far down", 0o644),
    ]
}

pub(crate) fn upper() -> Vec<Entry> {
    vec![
        Entry::dir("app", 0o750),
        Entry::file("app/main.py", "print('<hello> & goodbye')\n", 0o644),
        whiteout("etc/removed", 1_700_000_000),
        whiteout("opt/gone", 1_700_000_000),
    ]
}

pub(crate) fn sample() -> Sample {
    of_layers(&[lower(), upper()])
}

/// What these layers, once written, make: in a written layer links stand behind their files.
pub(crate) fn tree_of(layers: &[Vec<Entry>]) -> Tree {
    let mut tree = Tree::default();
    for layer in layers {
        tree.apply(&read(&write(layer).unwrap(), Limits::default()).unwrap()).unwrap();
    }
    tree
}

/// An image with these layers, lowest first.
pub(crate) fn of_layers(all: &[Vec<Entry>]) -> Sample {
    let mut blobs = BTreeMap::new();
    let mut put = |media_type: &str, bytes: Vec<u8>| {
        let descriptor = Descriptor::of(media_type, &bytes);
        blobs.insert(descriptor.digest, Rc::new(bytes));
        descriptor
    };
    let mut diff_ids = Vec::new();
    let mut layers = Vec::new();
    for entries in all {
        let tar = write(entries).unwrap();
        diff_ids.push(Digest::of(&tar));
        layers.push(put(media_type::OCI_LAYER_GZIP, gzip::compress(&tar)));
    }
    let created = "2026-11-21T20:09:11.541580149Z".parse().ok();
    let history = |created_by: &str, empty_layer| History {
        created,
        created_by: created_by.to_owned(),
        comment: "buildkit.dockerfile.v0".to_owned(),
        empty_layer,
        ..History::default()
    };
    let config = ImageConfig {
        architecture: "amd64".to_owned(),
        os: "linux".to_owned(),
        created,
        config: Config {
            env: vec!["PATH=/usr/bin".to_owned(), "MODE=a&b".to_owned()],
            cmd: vec!["tool".to_owned()],
            working_dir: "/app".to_owned(),
            exposed_ports: ["5000/tcp".to_owned()].into(),
            labels: [("course".to_owned(), "<containers>".to_owned())].into(),
            ..Config::default()
        },
        history: all
            .iter()
            .map(|_| history("COPY . . # buildkit", false))
            .chain([history("CMD [\"tool\"]", true)])
            .collect(),
        rootfs: RootFs::new(diff_ids),
        ..ImageConfig::default()
    };
    let config_descriptor = put(media_type::OCI_CONFIG, config.to_json().unwrap());
    let manifest = Manifest::new(config_descriptor, layers);
    let target = put(media_type::OCI_MANIFEST, manifest.to_json().unwrap());
    Sample { blobs, target, config, manifest }
}

/// The image in an index with an attestation, as BuildKit gives it to the daemon of Docker 29.
pub(crate) fn attested() -> Sample {
    let mut sample = sample();
    let mut put = |media_type: &str, bytes: Vec<u8>| {
        let descriptor = Descriptor::of(media_type, &bytes);
        sample.blobs.insert(descriptor.digest, Rc::new(bytes));
        descriptor
    };
    let statement = put(media_type::IN_TOTO, br#"{"_type":"https://in-toto.io/Statement/v0.1"}"#.to_vec());
    let rootfs = RootFs::new(vec![statement.digest]);
    let unknown = || "unknown".to_owned();
    let config = ImageConfig { architecture: unknown(), os: unknown(), rootfs, ..ImageConfig::default() };
    let config = put(media_type::OCI_CONFIG, config.to_json().unwrap());
    let manifest = Manifest::new(config, vec![statement]);
    let mut attestation = put(media_type::OCI_MANIFEST, manifest.to_json().unwrap());
    attestation.platform = Some(Platform { os: unknown(), architecture: unknown(), ..Platform::default() });
    attestation.annotations = [
        (ANNOTATION_REFERENCE_DIGEST.to_owned(), sample.target.digest.to_string()),
        (ANNOTATION_REFERENCE_TYPE.to_owned(), "attestation-manifest".to_owned()),
    ]
    .into();
    let mut image = sample.target.clone();
    image.platform = Some(Platform::linux("amd64"));
    let index = Index::new(vec![image, attestation]);
    sample.target = put(media_type::OCI_INDEX, index.to_json().unwrap());
    sample
}
