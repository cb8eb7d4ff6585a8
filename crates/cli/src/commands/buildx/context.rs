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

/// The folder of a Dockerfile that is not in the context; an ignore file beside it keeps it out of
/// the image.
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
    let mut outside = None;
    let dockerfile = match file {
        None => "Dockerfile".to_owned(),
        Some("-") => {
            outside = Some(("Dockerfile".to_owned(), cli.sys.read_all(0).await?));
            format!("{OUTSIDE}/Dockerfile")
        }
        Some(f) => {
            let full = absolute(f, &cwd);
            match full.strip_prefix(&format!("{}/", dir.trim_end_matches('/'))) {
                Some(inside) => inside.to_owned(),
                None => match cli.sys.read_file(f).await {
                    Ok(bytes) => {
                        let name = full.rsplit('/').next().unwrap_or("Dockerfile").to_owned();
                        let path = format!("{OUTSIDE}/{name}");
                        outside = Some((name, bytes));
                        path
                    }
                    Err(_) => f.to_owned(),
                },
            }
        }
    };
    let rules = ignore_rules(cli, &dir, file.map(|f| absolute(f, &cwd))).await?;
    let ignore = Ignore::parse(&rules).map_err(failed)?;
    let keep = [dockerfile.clone(), format!("{dockerfile}.dockerignore"), ".dockerignore".to_owned()];
    let mut entries = walk(cli, &dir, &ignore, &keep).await?;
    if let Some((name, bytes)) = outside {
        entries.push(Entry::dir(OUTSIDE, 0o755));
        entries.push(Entry::file(&format!("{OUTSIDE}/{name}"), bytes, 0o644));
        let hidden = format!("{rules}\n{OUTSIDE}\n");
        entries.push(Entry::file(&format!("{OUTSIDE}/{name}.dockerignore"), hidden.into_bytes(), 0o644));
    }
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

/// The text of `<Dockerfile>.dockerignore`, else of `.dockerignore`.
async fn ignore_rules(cli: &Cli, dir: &str, dockerfile: Option<String>) -> Result<String, CliError> {
    let own = format!("{}.dockerignore", dockerfile.unwrap_or_else(|| format!("{dir}/Dockerfile")));
    for path in [own, format!("{dir}/.dockerignore")] {
        match cli.sys.read_file(&path).await {
            Ok(bytes) => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(Errno::ENOENT | Errno::ENOTDIR) => {}
            Err(e) => return Err(failed(crate::error::path_error("open", &path, e).message)),
        }
    }
    Ok(String::new())
}

async fn walk(cli: &Cli, dir: &str, ignore: &Ignore, keep: &[String]) -> Result<Vec<Entry>, CliError> {
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
            let ignored = ignore.matches(&path) && !keep.contains(&path);
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
