//! Laws of layers: applying and diffing, against a model that says of each path alone whether it is there.

use std::collections::{BTreeMap, BTreeSet};

use layerlab_oci::archive::{Image, Loaded, layout, load, load_files, save, save_oci};
use layerlab_oci::layer::{
    Entry, EntryKind, Limits, Tree, Whiteout, compare_paths, read, whiteout, whiteout_opaque, write,
};
use layerlab_oci::{Manifest, Platform, Reference, gzip};
use proptest::prelude::*;

use crate::image::of_layers;

/// Few names, so that layers meet.
fn path() -> impl Strategy<Value = String> {
    prop::collection::vec("[abc]", 1..4).prop_map(|parts| parts.join("/"))
}

#[derive(Clone, Debug)]
enum Part {
    File(u8),
    Dir(u32),
    Symlink,
    Remove,
    Opaque,
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        4 => (0..3u8).prop_map(Part::File),
        3 => prop_oneof![Just(0o755), Just(0o700)].prop_map(Part::Dir),
        1 => Just(Part::Symlink),
        2 => Just(Part::Remove),
        1 => Just(Part::Opaque),
    ]
}

/// A layer that does not contradict itself: what an entry lies in is a directory of the same layer.
fn layer() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((path(), part()), 0..8).prop_map(|parts| {
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for (path, part) in parts {
            let mut parents: Vec<String> = path.match_indices('/').map(|(at, _)| path[..at].to_owned()).collect();
            if matches!(part, Part::Opaque) {
                parents.push(path.clone());
            }
            let blocked = |parent: &String| entries.get(parent).is_some_and(|entry| entry.kind != EntryKind::Dir);
            let mark = |path: &str| whiteout(path, 0).path;
            if entries.contains_key(&path) || entries.contains_key(&mark(&path)) || parents.iter().any(blocked) {
                continue;
            }
            if parents.iter().any(|parent| entries.contains_key(&mark(parent))) {
                continue;
            }
            let inside = format!("{path}/");
            if !matches!(part, Part::Dir(_)) && entries.keys().any(|known| known.starts_with(&inside)) {
                continue;
            }
            let entry = match part {
                Part::File(content) => Entry::file(&path, vec![content], 0o644),
                Part::Dir(mode) => Entry::dir(&path, mode),
                Part::Symlink => Entry::symlink(&path, "elsewhere"),
                Part::Remove => whiteout(&path, 0),
                Part::Opaque => whiteout_opaque(&path, 0),
            };
            for parent in parents {
                entries.entry(parent.clone()).or_insert_with(|| Entry::dir(&parent, 0o755));
            }
            entries.insert(entry.path.clone(), entry);
        }
        entries.into_values().collect()
    })
}

fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Each path by itself: it is there if a layer brings it and no layer above takes it away.
fn model(layers: &[Vec<Entry>]) -> BTreeMap<String, Entry> {
    let mut found = BTreeMap::new();
    for (at, layer) in layers.iter().enumerate() {
        for entry in layer.iter().filter(|entry| Whiteout::parse(&entry.path).is_none()) {
            let above = layers.iter().skip(at + 1).flatten();
            let taken = above.into_iter().any(|other| match Whiteout::parse(&other.path) {
                Some(Whiteout::Remove(gone)) => gone == entry.path || parents(&entry.path).any(|dir| dir == gone),
                Some(Whiteout::Opaque(dir)) => parents(&entry.path).any(|parent| parent == dir),
                Some(Whiteout::Skip) => false,
                None => {
                    let in_the_way = other.kind != EntryKind::Dir && parents(&entry.path).any(|dir| dir == other.path);
                    other.path == entry.path || in_the_way
                }
            });
            if !taken {
                found.insert(entry.path.clone(), entry.clone());
            }
        }
    }
    found
}

fn tree(layers: &[Vec<Entry>]) -> Tree {
    Tree::of_layers(layers.iter().map(Vec::as_slice)).unwrap()
}

/// Makes some files links of each other.
fn linked(mut tree: Tree, picks: &[(prop::sample::Index, prop::sample::Index)]) -> Tree {
    for (from, to) in picks {
        let files: Vec<String> = tree
            .iter()
            .filter(|(_, entry)| matches!(entry.kind, EntryKind::File { .. }))
            .map(|(path, _)| path.to_owned())
            .collect();
        if files.len() > 1 {
            let (from, to) = (&files[from.index(files.len())], &files[to.index(files.len())]);
            if from != to {
                tree.apply(&[Entry::hard_link(from, to)]).unwrap();
            }
        }
    }
    tree
}

fn links() -> impl Strategy<Value = Vec<(prop::sample::Index, prop::sample::Index)>> {
    prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..3)
}

proptest! {
    #[test]
    fn layers_make_what_the_model_says(layers in prop::collection::vec(layer(), 1..4)) {
        let made: BTreeMap<String, Entry> =
            tree(&layers).iter().map(|(path, entry)| (path.to_owned(), entry.clone())).collect();
        prop_assert_eq!(made, model(&layers));
    }

    #[test]
    fn the_order_in_a_layer_does_not_matter_but_for_parents(layers in prop::collection::vec(layer(), 2..4)) {
        let sorted: Vec<Vec<Entry>> = layers
            .iter()
            .map(|layer| {
                let mut layer = layer.clone();
                layer.sort_by(|a, b| compare_paths(&a.path, &b.path));
                layer
            })
            .collect();
        prop_assert_eq!(tree(&sorted), tree(&layers));
    }

    #[test]
    fn a_diff_leads_from_one_tree_to_the_other(
        lower in prop::collection::vec(layer(), 0..3),
        upper in prop::collection::vec(layer(), 0..3),
        some in links(),
        more in links(),
        related in any::<bool>(),
    ) {
        let lower = linked(tree(&lower), &some);
        let mut changed = if related { lower.clone() } else { Tree::default() };
        for layer in &upper {
            changed.apply(layer).unwrap();
        }
        let upper = linked(changed, &more);
        let diff = lower.diff(&upper, 0);
        let bytes = write(&diff).unwrap();
        let diff_read = read(&bytes, Limits::default()).unwrap();
        let mut made = lower.clone();
        made.apply(&diff_read).unwrap();
        prop_assert_eq!(&made, &upper);
        made.apply(&diff_read).unwrap();
        prop_assert_eq!(&made, &upper, "applied again, nothing changes");
        prop_assert_eq!(upper.diff(&upper, 0), vec![]);
        // Nothing is in it that did not have to be: a file that is the same, with all its names, is not.
        let in_diff: BTreeSet<&str> = diff.iter().map(|entry| entry.path.as_str()).collect();
        for entry in upper.entries().iter().filter(|entry| matches!(entry.kind, EntryKind::Symlink { .. })) {
            if lower.get(&entry.path) == Some(entry) {
                prop_assert!(!in_diff.contains(entry.path.as_str()));
            }
        }
    }
}

proptest! {
    // Each is five archives: a quarter of what is asked for.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() })]

    #[test]
    fn what_is_saved_is_loaded_again(
        stacks in prop::collection::vec((prop::collection::vec(layer(), 1..3), "[a-z]{1,4}(/[a-z]{1,3})?(:[a-z0-9]{1,3})?"), 1..4),
        nameless in any::<bool>(),
    ) {
        let mut expected = Loaded { images: Vec::new(), blobs: BTreeMap::new() };
        for (layers, name) in &stacks {
            let sample = of_layers(layers);
            expected.blobs.extend(sample.blobs);
            let name = Reference::parse_familiar(name).unwrap();
            expected.images.push(Image { name: Some(name), target: sample.target });
        }
        if nameless {
            expected.images[0].name = None;
        }
        let platform = Platform::linux("amd64");
        let loaded = |archive: &[u8]| load(archive, Limits::default()).unwrap();
        let docker = save(&expected.images, &expected.blobs, &platform).unwrap();
        prop_assert_eq!(&loaded(&docker), &expected);
        prop_assert_eq!(&loaded(&gzip::compress(&docker)), &expected);
        let oci = save_oci(&expected.images, &expected.blobs, &platform).unwrap();
        prop_assert_eq!(&loaded(&oci), &expected);
        let files = layout(&expected.images, &expected.blobs, &platform).unwrap();
        prop_assert_eq!(&load_files(files, Limits::default()).unwrap(), &expected);
        // Without the layout, Docker's own list tells the same of names, configs and layers.
        let mut entries = read(&docker, Limits::default()).unwrap();
        entries.retain(|entry| entry.path != "oci-layout");
        let old = loaded(&write(&entries).unwrap());
        let names = |loaded: &Loaded| -> BTreeSet<String> {
            loaded.images.iter().filter_map(|image| Some(image.name.as_ref()?.to_string())).collect()
        };
        prop_assert_eq!(names(&old), names(&expected));
        for (digest, blob) in &old.blobs {
            let is_manifest = Manifest::from_json(blob).is_ok();
            prop_assert!(is_manifest || expected.blobs.contains_key(digest));
        }
    }
}
