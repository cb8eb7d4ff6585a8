//! The build context: a folder as a tar, without what `.dockerignore` leaves out.

use layerlab_dockerfile::ignore::Ignore;
use layerlab_kernel::{Errno, FileType};
use layerlab_oci::layer::{self, Entry, EntryKind};

use crate::cli::Cli;
use crate::commands::container::options::absolute;
use crate::error::CliError;
use crate::flags::Parsed;

/// A context ready to be sent.
pub(crate) struct Context {
    pub(crate) tar: Vec<u8>,
    /// The Dockerfile's path in it.
    pub(crate) dockerfile: String,
}

/// Where a Dockerfile goes that is not in the context.
const OUTSIDE: &str = ".dockerfile.outside";

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: failed to build: {what}"))
}

/// Reads the folder that the command line names.
pub(crate) async fn read(cli: &Cli, p: &Parsed) -> Result<Context, CliError> {
    let given = p.arg(0);
    let file = p.opt("file").filter(|f| !f.is_empty());
    if given == "-" {
        return from_stdin(cli).await;
    }
    if given.contains("://") || given.starts_with("git@") {
        return Err(failed(crate::commands::why_unavailable("a build context from a URL")));
    }
    let cwd = cli.sys.getcwd().await.unwrap_or_default();
    let dir = absolute(given, &cwd);
    match cli.sys.stat(given).await {
        Ok(s) if s.file_type == FileType::Dir => {}
        Ok(_) => return Err(failed(format!("unable to prepare context: context must be a directory: {dir}"))),
        Err(_) => {
            return Err(failed(format!("unable to prepare context: path {} not found", crate::format::quote(given))));
        }
    }
    let mut extra = Vec::new();
    let dockerfile = match file {
        None => "Dockerfile".to_owned(),
        Some("-") => {
            extra.push(Entry::file(OUTSIDE, cli.sys.read_all(0).await?, 0o644));
            OUTSIDE.to_owned()
        }
        Some(f) => {
            let full = absolute(f, &cwd);
            match full.strip_prefix(&format!("{}/", dir.trim_end_matches('/'))) {
                Some(inside) => inside.to_owned(),
                None => match cli.sys.read_file(f).await {
                    Ok(bytes) => {
                        extra.push(Entry::file(OUTSIDE, bytes, 0o644));
                        OUTSIDE.to_owned()
                    }
                    Err(_) => f.to_owned(),
                },
            }
        }
    };
    let ignore = ignore(cli, &dir, file.map(|f| absolute(f, &cwd))).await?;
    let keep = [dockerfile.as_str(), ".dockerignore"];
    let mut entries = walk(cli, &dir, &ignore, &keep).await?;
    entries.extend(extra);
    let tar = layer::write(&entries).map_err(failed)?;
    Ok(Context { tar, dockerfile })
}

/// `docker build -`: standard input is the Dockerfile, or a tar.
async fn from_stdin(cli: &Cli) -> Result<Context, CliError> {
    let bytes = cli.sys.read_all(0).await?;
    let is_tar = bytes.get(257..262) == Some(b"ustar");
    let tar = if is_tar { bytes } else { layer::write(&[Entry::file("Dockerfile", bytes, 0o644)]).map_err(failed)? };
    Ok(Context { tar, dockerfile: "Dockerfile".into() })
}

/// `<Dockerfile>.dockerignore` before `.dockerignore`.
async fn ignore(cli: &Cli, dir: &str, dockerfile: Option<String>) -> Result<Ignore, CliError> {
    let own = format!("{}.dockerignore", dockerfile.unwrap_or_else(|| format!("{dir}/Dockerfile")));
    for path in [own, format!("{dir}/.dockerignore")] {
        match cli.sys.read_file(&path).await {
            Ok(bytes) => return Ignore::parse(&String::from_utf8_lossy(&bytes)).map_err(failed),
            Err(Errno::ENOENT | Errno::ENOTDIR) => {}
            Err(e) => return Err(failed(crate::error::path_error("open", &path, e).message)),
        }
    }
    Ignore::parse("").map_err(failed)
}

async fn walk(cli: &Cli, dir: &str, ignore: &Ignore, keep: &[&str]) -> Result<Vec<Entry>, CliError> {
    let mut entries = Vec::new();
    let mut todo = vec![String::new()];
    while let Some(rel) = todo.pop() {
        let full = |p: &str| if p.is_empty() { dir.to_owned() } else { format!("{dir}/{p}") };
        let names = cli
            .sys
            .read_dir(&full(&rel))
            .await
            .map_err(|e| failed(crate::error::path_error("open", &full(&rel), e).message))?;
        for name in names {
            let path = if rel.is_empty() { name.name.clone() } else { format!("{rel}/{}", name.name) };
            let ignored = ignore.matches(&path) && !keep.contains(&path.as_str());
            let holds_kept = keep.iter().any(|k| k.starts_with(&format!("{path}/")));
            if name.file_type == FileType::Dir {
                if !ignored || holds_kept || ignore.has_negation() {
                    todo.push(path.clone());
                }
                if ignored && !holds_kept {
                    continue;
                }
            } else if ignored {
                continue;
            }
            entries.extend(entry(cli, &full(&path), &path).await?);
        }
    }
    entries.sort_by(|a, b| layer::compare_paths(&a.path, &b.path));
    Ok(entries)
}

/// Owners are root's, as BuildKit sends them; sockets and the like are left out.
async fn entry(cli: &Cli, full: &str, path: &str) -> Result<Option<Entry>, CliError> {
    let fail =
        |op: &str, e: Errno| failed(format!("failed to solve: {}", crate::error::path_error(op, full, e).message));
    let stat = cli.sys.lstat(full).await.map_err(|e| fail("lstat", e))?;
    let kind = match stat.file_type {
        FileType::Dir => EntryKind::Dir,
        FileType::Symlink => Entry::symlink(path, &cli.sys.readlink(full).await.map_err(|e| fail("readlink", e))?).kind,
        FileType::File => Entry::file(path, cli.sys.read_file(full).await.map_err(|e| fail("open", e))?, 0).kind,
        _ => return Ok(None),
    };
    let mut entry = Entry::new(path, kind, stat.mode);
    entry.mtime = stat.mtime;
    if stat.file_type == FileType::File && stat.nominal_size != stat.size {
        entry.nominal_size = Some(stat.nominal_size);
    }
    Ok(Some(entry))
}
