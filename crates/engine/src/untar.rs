//! `docker-untar`: unpacks a tar from standard input into a directory. dockerd runs it in a
//! container's mounts for `docker cp`.

use layerlab_kernel::{Errno, FileType, OpenFlags, Program, ProgramArgs, Sys, async_program};
use layerlab_oci::layer::{Entry, EntryKind, Limits, read};

/// Starts it: `docker-untar DIRECTORY [--keep-owner]`.
pub fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let dir = args.argv.get(1).cloned().unwrap_or_else(|| "/".to_owned());
        let keep = args.argv.iter().any(|a| a == "--keep-owner");
        let tar = match sys.read_all(0).await {
            Ok(tar) => tar,
            Err(e) => return fail(&sys, &dir, &crate::error::lower(e)).await,
        };
        let entries = match read(&tar, Limits::default()) {
            Ok(entries) => entries,
            Err(e) => return fail(&sys, &dir, &e.to_string()).await,
        };
        for mut entry in entries {
            if !keep {
                (entry.uid, entry.gid) = (0, 0);
            }
            let path = format!("{}/{}", dir.trim_end_matches('/'), entry.path);
            if let Err(e) = put(&sys, &dir, &path, &entry).await {
                return fail(&sys, &path, &crate::error::lower(e)).await;
            }
        }
        0
    })
}

async fn fail(sys: &Sys, path: &str, why: &str) -> i32 {
    sys.eprint(format!("{path}: {why}\n")).await;
    1
}

async fn put(sys: &Sys, dir: &str, path: &str, entry: &Entry) -> Result<(), Errno> {
    let here = sys.lstat(path).await.ok().map(|s| s.file_type);
    if here.is_some() && here != Some(FileType::Dir) && !matches!(entry.kind, EntryKind::File { .. }) {
        sys.unlink(path).await?;
    }
    match &entry.kind {
        EntryKind::Dir if here == Some(FileType::Dir) => {}
        EntryKind::Dir => sys.mkdir(path, entry.mode).await?,
        EntryKind::File { content } => {
            let fd = sys.open(path, OpenFlags::CREATE, entry.mode).await?;
            let written = sys.write_all(fd, content.to_vec()).await;
            sys.close(fd).await?;
            written?;
            if let Some(size) = entry.nominal_size {
                sys.set_nominal_size(path, size).await?;
            }
        }
        EntryKind::Symlink { target } => sys.symlink(target, path).await?,
        EntryKind::HardLink { target } => sys.link(&format!("{}/{target}", dir.trim_end_matches('/')), path).await?,
        // Devices and pipes are not copied: nothing here makes them.
        EntryKind::CharDev { .. } | EntryKind::BlockDev { .. } | EntryKind::Fifo => return Ok(()),
    }
    sys.chown(path, Some(entry.uid), Some(entry.gid), false).await?;
    if !matches!(entry.kind, EntryKind::Symlink { .. }) {
        sys.chmod(path, entry.mode).await?;
        sys.utimes(path, Some((entry.mtime, 0))).await?;
    }
    Ok(())
}
