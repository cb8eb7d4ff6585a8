//! `mv`: renames.

use layerlab_kernel::{Errno, FileType};

use crate::cli::{Cli, Run, Spec, path, quote};
use crate::copy;

const SPEC: Spec = Spec::new(
    "[OPTION]... SOURCE... DIRECTORY",
    "Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.",
    "f|force i|interactive n|no-clobber u v|verbose t|target-directory= T|no-target-directory b backup? S|suffix= update? \
     strip-trailing-slashes exchange Z",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let (sources, to, dir) = copy::target(c, &p).await?;
    let clobber = p.last_of(&["f", "i", "n"]);
    let backup = crate::backup::wanted(c, &p).await?;
    for from in &sources {
        let dest = if dir { path::join(&to, path::base(from)) } else { to.clone() };
        let Some(s) = stat(c, from).await else { continue };
        if let Ok(t) = c.sys.lstat(&dest).await {
            if (t.dev, t.ino) == (s.dev, s.ino)
                && (path::base(from) == path::base(&dest) || s.file_type == FileType::Dir)
            {
                c.fail(format!("{} and {} are the same file", quote::always(from), quote::always(&dest))).await;
                continue;
            }
            let text = match (s.file_type == FileType::Dir, t.file_type == FileType::Dir) {
                (true, false) => Some("cannot overwrite non-directory"),
                (false, true) => Some("cannot overwrite directory"),
                _ => None,
            };
            if let Some(text) = text {
                let with = if s.file_type == FileType::Dir { "directory" } else { "non-directory" };
                c.fail(format!("{text} {} with {with} {}", quote::always(&dest), quote::always(from))).await;
                continue;
            }
            let newer = (t.mtime, t.mtime_nsec) >= (s.mtime, s.mtime_nsec);
            if clobber == Some("n") || (p.has("u") || p.has("update")) && newer {
                continue;
            }
            let guarded = t.file_type != FileType::Symlink
                && clobber != Some("f")
                && c.sys.is_atty(0).await
                && c.sys.access(&dest, false, true, false).await.is_err();
            if (clobber == Some("i") || guarded)
                && !crate::rm::yes(c, format!("overwrite {}?", quote::always(&dest))).await?
            {
                continue;
            }
        }
        let kept = match &backup {
            Some(b) => b.make(c, &dest).await,
            None => None,
        };
        match c.sys.rename(from, &dest).await {
            Ok(()) if p.has("v") => {
                let kept = kept.map(|k| format!(" (backup: {})", quote::always(&k))).unwrap_or_default();
                c.put(format!("renamed {} -> {}{kept}\n", quote::always(from), quote::always(&dest))).await?;
            }
            Ok(()) => {}
            Err(Errno::EXDEV) => across(c, from, &dest).await?,
            Err(Errno::EINVAL) if s.file_type == FileType::Dir => {
                let text = format!(
                    "cannot move {} to a subdirectory of itself, {}",
                    quote::always(from),
                    quote::always(&dest)
                );
                c.fail(text).await;
            }
            Err(e) => c.fail(format!("cannot move {} to {}: {e}", quote::always(from), quote::always(&dest))).await,
        }
    }
    Ok(())
}

async fn stat(c: &mut Cli, path: &str) -> Option<layerlab_kernel::Stat> {
    match c.sys.lstat(path).await {
        Ok(s) => Some(s),
        Err(e) => {
            c.fail(format!("cannot stat {}: {e}", quote::always(path))).await;
            None
        }
    }
}

/// To another file system: a copy with everything, then the old one goes.
async fn across(c: &mut Cli, from: &str, to: &str) -> Run<()> {
    let o = copy::Options {
        recursive: true,
        keep_mode: true,
        keep_owner: true,
        keep_time: true,
        keep_links: true,
        force: true,
        ..copy::Options::default()
    };
    if !copy::tree(c, from, to, &o).await? {
        return Ok(());
    }
    let mut tasks = vec![(from.to_owned(), false)];
    while let Some((at, emptied)) = tasks.pop() {
        let dir = c.sys.lstat(&at).await.is_ok_and(|s| s.file_type == FileType::Dir);
        let r = if dir && !emptied {
            let names = c.sys.read_dir(&at).await.unwrap_or_default();
            tasks.push((at.clone(), true));
            tasks.extend(names.into_iter().map(|n| (path::join(&at, &n.name), false)));
            Ok(())
        } else if dir {
            c.sys.rmdir(&at).await
        } else {
            c.sys.unlink(&at).await
        };
        if let Err(e) = r {
            c.fail(format!("cannot remove {}: {e}", quote::always(&at))).await;
        }
    }
    Ok(())
}
