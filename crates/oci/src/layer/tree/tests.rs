use super::*;
use crate::layer::{Entry, whiteout, whiteout_opaque};

fn tree(layers: &[&[Entry]]) -> Tree {
    Tree::of_layers(layers.iter().copied()).unwrap()
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.iter().map(|(path, _)| path).collect()
}

fn file(path: &str) -> Entry {
    Entry::file(path, path, 0o644)
}

#[test]
fn whiteouts_take_what_lower_layers_have() {
    let lower = [Entry::dir("d", 0o755), file("d/a"), file("d/b"), file("e")];
    assert_eq!(paths(&tree(&[&lower, &[whiteout("d/a", 0)]])), ["d", "d/b", "e"]);
    assert_eq!(paths(&tree(&[&lower, &[whiteout("d", 0)]])), ["e"]);
    assert_eq!(paths(&tree(&[&lower, &[whiteout("nothing", 0)]])), ["d", "d/a", "d/b", "e"]);
    assert_eq!(paths(&tree(&[&lower, &[whiteout_opaque("d", 0)]])), ["d", "e"]);
    assert_eq!(paths(&tree(&[&lower, &[whiteout_opaque("", 0)]])), Vec::<&str>::new());
    let skipped = Entry::dir(".wh..wh.plnk", 0o700);
    assert_eq!(paths(&tree(&[&lower, &[skipped]])).len(), 4);
}

#[test]
fn whiteouts_leave_what_their_own_layer_brings_in_whatever_order() {
    let lower = [Entry::dir("d", 0o755), file("d/a"), file("d/b")];
    let mut upper = [Entry::dir("d", 0o700), file("d/new"), whiteout_opaque("d", 0), whiteout("d/new", 0)];
    for _ in 0..upper.len() {
        upper.rotate_left(1);
        assert_eq!(paths(&tree(&[&lower, &upper])), ["d", "d/new"]);
    }
}

#[test]
fn a_file_replaces_a_directory_and_the_other_way_round() {
    let dir = [Entry::dir("x", 0o755), file("x/a")];
    let other = [file("x")];
    assert_eq!(paths(&tree(&[&dir, &other])), ["x"]);
    assert_eq!(paths(&tree(&[&other, &dir])), ["x", "x/a"]);
    let restricted = [Entry::dir("x", 0o700)];
    let merged = tree(&[&dir, &restricted]);
    assert_eq!((paths(&merged), merged.get("x").unwrap().mode), (vec!["x", "x/a"], 0o700));
}

#[test]
fn links_of_parents_are_followed_but_never_out_of_the_root() {
    let lower = [
        Entry::dir("usr", 0o755),
        Entry::dir("usr/lib", 0o755),
        Entry::symlink("lib", "usr/lib"),
        Entry::symlink("abs", "/usr/lib"),
        Entry::symlink("out", "../../../../etc"),
    ];
    let made = tree(&[&lower, &[file("lib/a"), file("abs/b"), file("out/passwd")]]);
    assert_eq!(paths(&made), ["abs", "etc", "etc/passwd", "lib", "out", "usr", "usr/lib", "usr/lib/a", "usr/lib/b"]);
    // The last part is never followed.
    assert_eq!(paths(&tree(&[&lower, &[file("lib")]])), ["abs", "lib", "out", "usr", "usr/lib"]);
}

#[test]
fn paths_that_lead_nowhere_are_refused_and_change_nothing() {
    let lower = [file("f"), Entry::symlink("a", "b"), Entry::symlink("b", "a"), Entry::dir("d", 0o755)];
    let mut made = tree(&[&lower]);
    let before = made.clone();
    let not_a_dir = made.apply(&[file("new"), file("f/x")]);
    assert_eq!(not_a_dir, Err(LayerError::NotADirectory("f/x".into())));
    assert_eq!(made.apply(&[file("a/x")]), Err(LayerError::TooManyLinks("a/x".into())));
    let link = |path, target| [Entry::hard_link(path, target)];
    assert_eq!(made.apply(&link("l", "gone")), Err(LayerError::NoLinkTarget("l".into(), "gone".into())));
    assert_eq!(made.apply(&link("l", "d")), Err(LayerError::NoLinkTarget("l".into(), "d".into())));
    assert_eq!(made.apply(&link("f", "f")), Err(LayerError::NoLinkTarget("f".into(), "f".into())));
    assert_eq!(made, before);
}

#[test]
fn hard_links_are_one_file() {
    let layer = [file("a"), Entry::hard_link("b", "a"), Entry::hard_link("d/c", "b")];
    let made = tree(&[&layer]);
    assert_eq!(made.get("d/c").map(|entry| &entry.kind), made.get("a").map(|entry| &entry.kind));
    let kinds: Vec<EntryKind> = made.entries().into_iter().skip(1).map(|entry| entry.kind).collect();
    let link = EntryKind::HardLink { target: "a".into() };
    assert_eq!(kinds, [link.clone(), EntryKind::Dir, link]);
    assert_ne!(made, tree(&[&[file("a"), Entry { path: "b".into(), ..file("a") }]]));
}

#[test]
fn a_diff_has_the_changes_with_their_directories() {
    let lower = tree(&[&[
        Entry::dir("d", 0o755),
        file("d/same"),
        file("d/changed"),
        file("d/gone"),
        Entry::dir("old", 0o755),
        file("old/x"),
        Entry::dir("other", 0o755),
        file("other/y"),
    ]]);
    let mut upper = lower.clone();
    upper.apply(&[Entry::file("d/changed", "new", 0o644), whiteout("d/gone", 0), whiteout("old", 0)]).unwrap();
    let diff = lower.diff(&upper, 7);
    let names: Vec<&str> = diff.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(names, ["d", "d/changed", "d/.wh.gone", ".wh.old"]);
    assert_eq!(diff[3].mtime, 7);
    assert_eq!(lower.diff(&lower, 0), []);
}

#[test]
fn a_diff_has_all_names_of_a_file_of_which_one_is_new() {
    let lower = tree(&[&[file("a"), Entry::hard_link("b", "a")]]);
    let mut upper = lower.clone();
    upper.apply(&[Entry::hard_link("c", "a")]).unwrap();
    let diff = lower.diff(&upper, 0);
    assert_eq!(diff.len(), 3);
    let mut split = lower.clone();
    split.apply(&[file("a"), Entry { path: "b".into(), ..file("a") }]).unwrap();
    assert_eq!(lower.diff(&split, 0).len(), 2, "no longer links of each other");
    let mut one = lower.clone();
    one.apply(&[whiteout("b", 0)]).unwrap();
    assert_eq!(lower.diff(&one, 0), [whiteout("b", 0)]);
}
