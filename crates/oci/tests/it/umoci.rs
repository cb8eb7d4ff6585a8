//! What umoci unpacks of our layers, and what it packs of a folder, against [`Tree`].

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use layerlab_oci::archive::{layout, load_files};
use layerlab_oci::layer::{Entry, EntryKind, Limits, Tree, unpack, whiteout, whiteout_opaque};
use layerlab_oci::{Bytes, ImageConfig, Manifest, Platform, Reference};

use crate::image::{Sample, lower, of_layers, tree_of, upper};
use crate::tool::{Scratch, have};

/// A file on the disk, or of a tree: kind, permissions, time (not of directories, which unpacking
/// touches), content or target, and the names that it has.
type Seen = BTreeMap<String, (String, u32, i64, Vec<u8>)>;

fn on_disk(root: &Path) -> Seen {
    let mut seen = Seen::new();
    let mut names: BTreeMap<u64, String> = BTreeMap::new();
    let mut todo = vec![String::new()];
    while let Some(dir) = todo.pop() {
        let mut children: Vec<String> = std::fs::read_dir(root.join(&dir))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| if dir.is_empty() { name } else { format!("{dir}/{name}") })
            .collect();
        children.sort();
        for path in children {
            let full = root.join(&path);
            let meta = std::fs::symlink_metadata(&full).unwrap();
            let mode = meta.permissions().mode() & 0o7777;
            let (kind, time, content) = if meta.is_dir() {
                todo.push(path.clone());
                ("dir".to_owned(), 0, Vec::new())
            } else if meta.is_symlink() {
                let target = std::fs::read_link(&full).unwrap().into_os_string().into_string().unwrap();
                ("symlink".to_owned(), 0, target.into_bytes())
            } else {
                ("file".to_owned(), meta.mtime(), std::fs::read(&full).unwrap())
            };
            if meta.is_file() && meta.nlink() > 1 {
                names.entry(meta.ino()).or_default().push_str(&format!(" {path}"));
            }
            let mode = if meta.is_symlink() { 0o777 } else { mode };
            seen.insert(path, (kind, mode, time, content));
        }
    }
    // Which names belong together.
    for all in names.into_values() {
        let mut all: Vec<&str> = all.split(' ').filter(|name| !name.is_empty()).collect();
        all.sort_unstable();
        for name in &all {
            seen.get_mut(*name).unwrap().0 = format!("file {}", all.join(" "));
        }
    }
    seen
}

fn in_tree(tree: &Tree) -> Seen {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in tree.entries() {
        if let EntryKind::HardLink { target } = &entry.kind {
            names.entry(target.clone()).or_insert_with(|| vec![target.clone()]).push(entry.path.clone());
        }
    }
    let mut linked: BTreeMap<String, String> = BTreeMap::new();
    for mut all in names.into_values() {
        all.sort();
        for name in &all {
            linked.insert(name.clone(), format!("file {}", all.join(" ")));
        }
    }
    let seen = tree.iter().map(|(path, entry)| {
        let (kind, time, content) = match &entry.kind {
            EntryKind::Dir => ("dir".to_owned(), 0, Vec::new()),
            EntryKind::Symlink { target } => ("symlink".to_owned(), 0, target.clone().into_bytes()),
            EntryKind::File { content } => {
                let kind = linked.get(path).cloned().unwrap_or_else(|| "file".to_owned());
                (kind, entry.mtime, content.to_vec())
            }
            other => panic!("{other:?}"),
        };
        let mode = if kind == "symlink" { 0o777 } else { entry.mode };
        (path.to_owned(), (kind, mode, time, content))
    });
    seen.collect()
}

/// The sample as a layout in a folder.
fn write_layout(scratch: &Scratch, folder: &str, sample: &Sample, tag: &str) {
    let name = Some(Reference::parse_familiar(&format!("notes:{tag}")).unwrap());
    let image = layerlab_oci::archive::Image { name, target: sample.target.clone() };
    for (path, content) in layout(&[image], &sample.blobs, &Platform::linux("amd64")).unwrap() {
        scratch.write(&format!("{folder}/{path}"), &content);
    }
}

fn read_layout(scratch: &Scratch, folder: &str) -> BTreeMap<String, Bytes> {
    on_disk(&scratch.path(folder))
        .into_iter()
        .filter(|(_, (kind, ..))| kind == "file")
        .map(|(path, (.., content))| (path, content.into()))
        .collect()
}

/// Stacks of layers that try what can go wrong between two of them.
fn stacks() -> Vec<Vec<Vec<Entry>>> {
    let dir = |path: &str| Entry::dir(path, 0o755);
    let file = |path: &str, text: &str| Entry::file(path, text, 0o644);
    vec![
        vec![lower(), upper()],
        vec![
            vec![dir("d"), file("d/a", "1"), file("d/b", "2"), dir("d/sub"), file("d/sub/x", "3"), file("e", "4")],
            vec![Entry::dir("d", 0o700), whiteout_opaque("d", 5), file("d/new", "5")],
        ],
        vec![
            vec![dir("x"), file("x/a", "1"), file("y", "2"), Entry::symlink("z", "x")],
            vec![file("x", "now a file"), dir("y"), file("y/in", "3"), dir("z"), file("z/in", "4")],
        ],
        vec![
            vec![file("a", "one"), Entry::hard_link("b", "a"), Entry::hard_link("c", "a")],
            vec![whiteout("a", 5), Entry::file("c", "own", 0o600)],
            vec![Entry::hard_link("d", "b")],
        ],
        vec![vec![dir("usr"), dir("usr/lib"), Entry::symlink("lib", "usr/lib")], vec![file("lib/through", "a link")]],
        vec![
            vec![dir("p"), file("p/q", "1"), dir("p/r"), file("p/r/s", "2")],
            vec![whiteout("p", 5)],
            vec![dir("p"), file("p/t", "3")],
        ],
    ]
}

#[test]
fn umoci_unpacks_what_our_tree_says() {
    if !have(&["umoci"]) {
        return;
    }
    let scratch = Scratch::new("umoci-unpack");
    for (number, layers) in stacks().into_iter().enumerate() {
        let sample = of_layers(&layers);
        let folder = format!("layout{number}");
        write_layout(&scratch, &folder, &sample, "1.0");
        let bundle = format!("bundle{number}");
        scratch.run(&["umoci", "unpack", "--rootless", "--image", &format!("{folder}:1.0"), &bundle]);
        assert_eq!(on_disk(&scratch.path(&format!("{bundle}/rootfs"))), in_tree(&tree_of(&layers)), "stack {number}");
    }
}

#[test]
fn we_understand_the_layer_that_umoci_packs() {
    if !have(&["umoci"]) {
        return;
    }
    let scratch = Scratch::new("umoci-repack");
    write_layout(&scratch, "layout", &of_layers(&[lower()]), "1.0");
    scratch.run(&["umoci", "unpack", "--rootless", "--image", "layout:1.0", "bundle"]);
    let changes = "cd bundle/rootfs && rm -r opt/gone etc/removed && echo new > etc/hosts && chmod 600 usr/bin/tool \
        && mkdir -p srv/www && ln -s ../srv etc/link && ln etc/hosts etc/hosts2 && rm usr/bin/sh && mkdir usr/bin/sh \
        && touch -d 2020-01-01 srv/www/index.html etc/hosts";
    scratch.run(&["sh", "-c", changes]);
    scratch.run(&["umoci", "repack", "--image", "layout:2.0", "bundle"]);
    let loaded = load_files(read_layout(&scratch, "layout"), Limits::default()).unwrap();
    let image = loaded
        .images
        .iter()
        .find(|image| image.name.as_ref().is_some_and(|name| name.tag() == Some("2.0")) || loaded.images.len() == 1);
    let target = &image.or(loaded.images.last()).unwrap().target;
    let manifest = Manifest::from_json(&loaded.blobs[&target.digest]).unwrap();
    assert_eq!(manifest.layers.len(), 2);
    let layers: Vec<Vec<Entry>> = manifest
        .layers
        .iter()
        .map(|layer| unpack(&loaded.blobs[&layer.digest], Limits::default()).unwrap().1)
        .collect();
    let tree = Tree::of_layers(layers.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(in_tree(&tree), on_disk(&scratch.path("bundle/rootfs")));
    let config = ImageConfig::from_json(&loaded.blobs[&manifest.config.digest]).unwrap();
    assert_eq!(config.config.cmd, ["tool"]);
}
