//! `rm`: removes files and directories.

use layerlab_kernel::{Errno, FileType};

use crate::cli::{Cli, Run, Spec, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Remove (unlink) the FILE(s).",
    "f|force i I interactive? r|R|recursive d|dir v|verbose no-preserve-root preserve-root? one-file-system",
);

struct Options {
    force: bool,
    ask: bool,
    recursive: bool,
    dir: bool,
    verbose: bool,
    tty: bool,
}

/// Asks on standard error; the answer from standard input.
pub(crate) async fn yes(c: &mut Cli, question: String) -> Run<bool> {
    c.flush().await?;
    c.sys.eprint(format!("{}: {question} ", c.name)).await;
    let mut line = Vec::new();
    while let Ok(b) = c.sys.read(0, 1).await {
        match b.first() {
            None | Some(b'\n') => break,
            Some(b) => line.push(*b),
        }
    }
    Ok(matches!(line.first(), Some(b'y' | b'Y')))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let last = p.last_of(&["f", "i", "I", "interactive"]);
    if p.operands.is_empty() && last != Some("f") {
        c.need(&p.operands, 1).await?;
    }
    let o = Options {
        force: last == Some("f"),
        ask: last == Some("i")
            || last == Some("interactive") && !matches!(p.value("interactive"), Some("never" | "no" | "none" | "once")),
        recursive: p.has("r"),
        dir: p.has("d"),
        verbose: p.has("v"),
        tty: c.sys.is_atty(0).await,
    };
    let once = last == Some("I") || p.value("interactive") == Some("once");
    if once && (p.operands.len() > 3 || o.recursive) {
        let n = p.operands.len();
        let how = if o.recursive { " recursively" } else { "" };
        if !yes(c, format!("remove {n} argument{}{how}?", if n == 1 { "" } else { "s" })).await? {
            return Ok(());
        }
    }
    for operand in &p.operands {
        let base = path::base(operand);
        if o.recursive && (base == "." || base == "..") {
            c.fail(format!("refusing to remove '.' or '..' directory: skipping {}", quote::always(operand))).await;
        } else if o.recursive && base == "/" && !p.has("no-preserve-root") {
            c.fail(
                "it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe",
            )
            .await;
        } else {
            remove(c, operand, &o).await?;
        }
    }
    Ok(())
}

enum Task {
    Look(String),
    Finish(String),
}

async fn remove(c: &mut Cli, operand: &str, o: &Options) -> Run<()> {
    let mut tasks = vec![Task::Look(operand.to_owned())];
    while let Some(task) = tasks.pop() {
        let (path, done) = match task {
            Task::Finish(path) => {
                let r = c.sys.rmdir(&path).await;
                (path, r.map(|()| true))
            }
            Task::Look(path) => {
                let stat = match c.sys.lstat(&path).await {
                    Ok(s) => s,
                    Err(Errno::ENOENT | Errno::ENOTDIR) if o.force => continue,
                    Err(e) => {
                        c.fail(format!("cannot remove {}: {e}", quote::always(&path))).await;
                        continue;
                    }
                };
                if stat.file_type == FileType::Dir {
                    if !o.recursive && !o.dir {
                        c.fail(format!("cannot remove {}: Is a directory", quote::always(&path))).await;
                        continue;
                    }
                    let names = match c.sys.read_dir(&path).await {
                        Ok(n) if o.recursive => n,
                        Err(e) if o.recursive => {
                            // An unreadable empty directory still goes.
                            if c.sys.rmdir(&path).await.is_err() {
                                c.fail(format!("cannot remove {}: {e}", quote::always(&path))).await;
                            }
                            continue;
                        }
                        _ => Vec::new(),
                    };
                    if o.ask
                        && !names.is_empty()
                        && !yes(c, format!("descend into directory {}?", quote::always(&path))).await?
                    {
                        continue;
                    }
                    let below = names.iter().rev().map(|n| Task::Look(path::join(&path, &n.name))).collect::<Vec<_>>();
                    tasks.push(Task::Finish(path));
                    tasks.extend(below);
                    continue;
                }
                let guarded = !o.force
                    && o.tty
                    && stat.file_type != FileType::Symlink
                    && c.sys.access(&path, false, true, false).await.is_err();
                if o.ask || guarded {
                    let guard = if guarded { "write-protected " } else { "" };
                    let kind = match (stat.file_type, stat.size) {
                        (FileType::Symlink, _) => "symbolic link",
                        (FileType::File, 0) => "regular empty file",
                        (FileType::File, _) => "regular file",
                        (FileType::Fifo, _) => "fifo",
                        (FileType::Socket, _) => "socket",
                        _ => "file",
                    };
                    if !yes(
                        c,
                        if c.variant == "busybox" {
                            format!("remove {}?", quote::always(&path))
                        } else {
                            format!("remove {guard}{kind} {}?", quote::always(&path))
                        },
                    )
                    .await?
                    {
                        continue;
                    }
                }
                let r = c.sys.unlink(&path).await;
                (path, r.map(|()| false))
            }
        };
        match done {
            Ok(dir) if o.verbose => {
                let what = if dir { "removed directory" } else { "removed" };
                c.put(format!("{what} {}\n", quote::always(&path))).await?;
            }
            Ok(_) => {}
            Err(e) => c.fail(format!("cannot remove {}: {e}", quote::always(&path))).await,
        }
    }
    Ok(())
}
