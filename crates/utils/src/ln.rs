//! `ln`: makes links.

use layerlab_kernel::{Errno, FileType};

use crate::cli::{Cli, Run, Spec, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... TARGET LINK_NAME",
    "Create a link to TARGET with the name LINK_NAME.",
    "s|symbolic f|force i|interactive n|no-dereference r|relative t|target-directory= T|no-target-directory v|verbose L|logical P|physical d b|backup? S|suffix=",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let backup = crate::backup::wanted(c, &p).await?;
    let mut sources = p.operands.clone();
    if sources.is_empty() {
        return c.usage(1, "missing file operand").await;
    }
    if p.has("r") && !p.has("s") {
        return c.die(1, "cannot do --relative without --symbolic").await;
    }
    if let ([one], true) = (sources.as_slice(), p.has("T")) {
        return c.usage(1, format!("missing destination file operand after {}", quote::always(one))).await;
    }
    let (to, dir) = match (p.value("t"), sources.len()) {
        (Some(d), _) => (d.to_owned(), true),
        (None, 1) => (".".to_owned(), true),
        (None, _) => {
            let to = sources.pop().unwrap_or_default();
            let s = if p.has("n") { c.sys.lstat(&to).await } else { c.sys.stat(&to).await };
            let dir = s.is_ok_and(|s| s.file_type == FileType::Dir) && !p.has("T");
            (to, dir)
        }
    };
    if sources.len() > 1 && !dir {
        return c
            .die(
                1,
                format!(
                    "target {}: {}",
                    quote::always(&to),
                    if c.sys.stat(&to).await.is_ok() { Errno::ENOTDIR } else { Errno::ENOENT }
                ),
            )
            .await;
    }
    for from in &sources {
        let link = if dir { path::join(&to, path::base(from)) } else { to.clone() };
        let symbolic = p.has("s");
        if !symbolic {
            match c.sys.stat(from).await {
                Ok(s) if s.file_type == FileType::Dir => {
                    c.fail(format!("{}: hard link not allowed for directory", quote::before_colon(from))).await;
                    continue;
                }
                Ok(_) => {}
                Err(e) => {
                    c.fail(format!("failed to access {}: {e}", quote::always(from))).await;
                    continue;
                }
            }
        }
        // What would be removed to make room may be what the link is to.
        let replaces = p.has("f") || p.has("i") || backup.is_some();
        if replaces && (backup.is_none() || !symbolic) && same_entry(c, from, &link).await {
            c.fail(format!("{} and {} are the same file", quote::always(from), quote::always(&link))).await;
            continue;
        }
        if let Some(backup) = &backup {
            backup.make(c, &link).await;
        } else if p.has("f") && c.sys.lstat(&link).await.is_ok_and(|s| s.file_type != FileType::Dir) {
            let _ = c.sys.unlink(&link).await;
        }
        let mut text = from.clone();
        if p.has("r") && symbolic {
            let at = crate::realpath::resolve(c, path::dir(&link), false, true).await.unwrap_or_default();
            let goal = crate::realpath::resolve(c, from, false, true).await.unwrap_or_default();
            let (a, b): (Vec<&str>, Vec<&str>) = (
                goal.split('/').filter(|s| !s.is_empty()).collect(),
                at.split('/').filter(|s| !s.is_empty()).collect(),
            );
            let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
            let mut parts = vec![".."; b.len() - same];
            parts.extend(&a[same..]);
            text = parts.join("/");
        }
        let r = if symbolic { c.sys.symlink(&text, &link).await } else { c.sys.link(from, &link).await };
        match r {
            Ok(()) if p.has("v") => {
                let arrow = if symbolic { "->" } else { "=>" };
                c.put(format!("{} {arrow} {}\n", quote::always(&link), quote::always(&text))).await?;
            }
            Ok(()) => {}
            Err(e) if symbolic => c.fail(format!("failed to create symbolic link {}: {e}", quote::always(&link))).await,
            Err(e) if e == Errno::EEXIST => {
                c.fail(format!("failed to create hard link {}: {e}", quote::always(&link))).await;
            }
            Err(e) => {
                let text =
                    format!("failed to create hard link {} => {}: {e}", quote::always(&link), quote::always(from));
                c.fail(text).await;
            }
        }
    }
    Ok(())
}

/// Whether to remove what `link` names would remove what `from` names.
async fn same_entry(c: &Cli, from: &str, link: &str) -> bool {
    let (Ok(a), Ok(b)) = (c.sys.stat(from).await, c.sys.lstat(link).await) else { return false };
    if (a.dev, a.ino) != (b.dev, b.ino) {
        return false;
    }
    if a.nlink == 1 {
        return true;
    }
    let (x, y) = (c.sys.real_path(path::dir(from)).await, c.sys.real_path(path::dir(link)).await);
    path::base(from) == path::base(link) && x.is_ok() && x == y
}
