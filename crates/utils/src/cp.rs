//! `cp`: copies files and directories.

use crate::cli::{Cli, Run, Spec, path, quote};
use crate::copy;

const SPEC: Spec = Spec::new(
    "[OPTION]... SOURCE... DIRECTORY",
    "Copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY.",
    "a|archive r|R|recursive p preserve? no-preserve= d P|no-dereference L|dereference H f|force i|interactive n|no-clobber u v|verbose \
     t|target-directory= T|no-target-directory l|link s|symbolic-link x|one-file-system b backup? S|suffix= update? remove-destination \
     parents strip-trailing-slashes reflink? sparse= attributes-only Z",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let (sources, to, dir) = copy::target(c, &p).await?;
    let kept = p.value("preserve").unwrap_or("").to_owned();
    let bare = p.has("preserve") && kept.is_empty();
    let all = p.has("a") || kept.contains("all");
    let keep = |what: &str| all || bare || p.has("p") || kept.contains(what);
    let clobber = p.last_of(&["f", "i", "n"]);
    let recursive = p.has("r") || p.has("a");
    let links = p.last_of(&["a", "d", "P", "L", "H"]);
    let backup = crate::backup::wanted(c, &p).await?;
    let mut o = copy::Options {
        recursive,
        keep_mode: keep("mode"),
        keep_owner: keep("ownership"),
        keep_time: keep("timestamps"),
        keep_links: !p.has("L") && (recursive || matches!(links, Some("a" | "d" | "P"))),
        follow_args: links == Some("H"),
        force: p.has("f"),
        no_clobber: clobber == Some("n") || p.value("update") == Some("none"),
        update: p.has("u") || p.has("update") && matches!(p.value("update"), None | Some("older")),
        ask: clobber == Some("i"),
        verbose: p.has("v"),
        link: p.has("l"),
        symlink: p.has("s"),
        remove_destination: p.has("remove-destination"),
        backup: None,
    };
    if p.has("parents") && !dir {
        return c.usage(1, "with --parents, the destination must be a directory").await;
    }
    let mut made: Vec<String> = Vec::new();
    for from in &sources {
        let dest = if !dir {
            to.clone()
        } else if p.has("parents") {
            let dest = path::join(&to, from);
            let mut at = to.clone();
            for part in path::dir(from).split('/').filter(|s| !s.is_empty() && *s != ".") {
                at = path::join(&at, part);
                let _ = c.sys.mkdir(&at, 0o777).await;
            }
            dest
        } else {
            let base = path::base(from);
            if base == ".." || base == "." { path::join(&to, ".") } else { path::join(&to, base) }
        };
        if made.contains(&dest) && !recursive {
            let text = format!("will not overwrite just-created {} with {}", quote::always(&dest), quote::always(from));
            c.fail(text).await;
            continue;
        }
        let source = c.sys.stat(from).await.ok();
        let same =
            c.sys.stat(&dest).await.ok().zip(source.clone()).is_some_and(|(a, b)| (a.dev, a.ino) == (b.dev, b.ino));
        o.backup = match &backup {
            Some(b) if source.is_some() && !same => b.make(c, &dest).await,
            _ => None,
        };
        copy::tree(c, from, &dest, &o).await?;
        made.push(dest);
    }
    Ok(())
}
