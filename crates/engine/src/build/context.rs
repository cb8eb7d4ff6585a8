//! The build context: from the client's tar to a tree.

use layerlab_dockerfile::ignore::Ignore;
use layerlab_kernel::vfs::{Inode, Node, Tree};
use layerlab_oci::gzip;
use layerlab_oci::layer::{EntryKind, Limits, read};

/// A context.
#[derive(Clone, Debug, Default)]
pub struct BuildContext {
    /// Its files, owned by root; ignored ones are not in it.
    pub tree: Tree,
    /// The Dockerfile's text, if it is there.
    pub dockerfile: Option<String>,
    /// The rules of `.dockerignore`, if there is one.
    pub ignore: Option<Ignore>,
    /// Bytes that the ignore file takes on its way, 2 where there is none (as BuildKit counts).
    pub ignore_size: u64,
    /// Bytes of all files.
    pub size: u64,
}

/// Reads a context; `dockerfile` is the Dockerfile's path in it.
///
/// # Errors
/// It is no tar, or the ignore file has a pattern that is none.
pub fn read_context(tar: &[u8], dockerfile: &str) -> Result<BuildContext, String> {
    let limits = Limits::default();
    let entries = if gzip::is_gzip(tar) {
        let plain = gzip::decompress(tar, limits.bytes.saturating_mul(2)).map_err(|e| e.to_string())?;
        read(&plain, limits)
    } else {
        read(tar, limits)
    };
    let mut tree = Tree::new();
    for e in entries.map_err(|e| e.to_string())? {
        let node = match e.kind {
            EntryKind::File { content } => Node::File(content),
            EntryKind::Dir => Inode::dir(0).node,
            EntryKind::Symlink { target } => Node::Symlink(target),
            EntryKind::HardLink { target } => match tree.at(&target).map(|i| i.node.clone()) {
                Some(node) => node,
                None => continue,
            },
            _ => continue,
        };
        let mut inode = Inode::new(node, e.mode);
        inode.mtime = (e.mtime, 0);
        inode.nominal = e.nominal_size;
        let _ = tree.insert(&format!("/{}", e.path), inode);
    }
    let text = |path: &str| tree.read(path).map(|b| String::from_utf8_lossy(&b).into_owned());
    let rules = text(&format!("{dockerfile}.dockerignore")).or_else(|| text(".dockerignore"));
    let mut out = BuildContext {
        dockerfile: text(dockerfile),
        ignore_size: rules.as_ref().map_or(2, |r| r.len() as u64 + 40),
        ..BuildContext::default()
    };
    if let Some(rules) = rules {
        let ignore = Ignore::parse(&rules)?;
        drop_ignored(&mut tree, &ignore);
        out.ignore = Some(ignore);
    }
    out.size = tree.real_size();
    out.tree = tree;
    Ok(out)
}

/// Takes ignored files away; a directory stays while something in it is wanted.
fn drop_ignored(tree: &mut Tree, ignore: &Ignore) {
    for (path, _, inode) in tree.walk().into_iter().rev() {
        if !ignore.matches(path.trim_start_matches('/')) {
            continue;
        }
        let holds = matches!(inode.node, Node::Dir { .. })
            && tree.lookup(&path).is_some_and(|i| tree.entries(i).next().is_some());
        if !holds {
            tree.remove_path(&path);
        }
    }
}
