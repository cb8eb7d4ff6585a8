//! The build context: what files the client has. The daemon says which of them it wants.

use layerlab_api::build::{BuildOptions, ContextFiles, SessionAnswer, SessionFiles};
use layerlab_api::query::Query;
use layerlab_dockerfile::ignore::Ignore;
use layerlab_kernel::syscall::Stat;
use layerlab_kernel::{Errno, FileType};
use layerlab_oci::gzip;
use layerlab_oci::layer::{self, Entry, EntryKind, Limits};

use crate::cli::Cli;
use crate::commands::container::options::absolute;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;

/// A file that may be sent.
enum Content {
    /// On the disk.
    At(String),
    /// In memory: from a tar, or a Dockerfile that came by standard input.
    Is(layerlab_oci::Bytes),
    /// A folder or link has none.
    None,
}

/// A context ready to be told of.
#[derive(Default)]
pub(crate) struct Context {
    key: String,
    records: String,
    contents: Vec<Content>,
    /// The Dockerfile's path in it.
    pub(crate) dockerfile: String,
}

/// The folder of a Dockerfile that is not in the context; an ignore file beside it keeps it out of
/// the image.
const OUTSIDE: &str = ".dockerfile.outside";

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: failed to build: {what}"))
}

/// Appends a number with at least so many digits.
fn number(out: &mut String, mut n: u64, base: u64, least: usize) {
    let mut digits = [b'0'; 24];
    let mut at = digits.len();
    while n > 0 || at == digits.len() {
        at -= 1;
        if let Some(d) = digits.get_mut(at) {
            *d = b'0' + (n % base) as u8;
        }
        n /= base;
    }
    let at = at.min(digits.len() - least);
    out.extend(digits.get(at..).unwrap_or_default().iter().map(|d| char::from(*d)));
}

impl Context {
    /// The Dockerfile's text.
    ///
    /// # Errors
    /// There is none.
    pub(crate) async fn text(&self, cli: &Cli) -> Result<String, CliError> {
        let records = self.records.split('\0');
        let is_it = |r: &str| r.split('\t').nth(5) == Some(self.dockerfile.as_str());
        let found = records.zip(&self.contents).find(|(r, _)| is_it(r)).map(|(_, c)| c);
        let bytes = match found {
            Some(Content::At(path)) => {
                cli.sys.read_file(path).await.map_err(|e| failed(path_error("open", path, e).message))?
            }
            Some(Content::Is(bytes)) => bytes.to_vec(),
            _ => {
                return Err(failed(format!(
                    "failed to solve: failed to read dockerfile: open {}: no such file or directory",
                    self.dockerfile
                )));
            }
        };
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn add(&mut self, e: &Entry, size: u64, nanos: u32, content: Content) {
        let (kind, target) = match &e.kind {
            EntryKind::Dir => ('d', ""),
            EntryKind::Symlink { target } => ('l', target.as_str()),
            _ => ('f', ""),
        };
        // A thousand files a build: without the machinery of format strings.
        let out = &mut self.records;
        out.push(kind);
        out.push('\t');
        number(out, u64::from(e.mode), 8, 0);
        out.push('\t');
        number(out, size, 10, 0);
        out.push('\t');
        match e.nominal_size {
            Some(n) => number(out, n, 10, 0),
            None => out.push('-'),
        }
        out.push('\t');
        if e.mtime < 0 {
            out.push('-');
        }
        number(out, e.mtime.unsigned_abs(), 10, 0);
        out.push('.');
        number(out, u64::from(nanos), 10, 9);
        for text in ["\t", &e.path, "\t", target, "\0"] {
            out.push_str(text);
        }
        self.contents.push(content);
    }

    /// From entries in memory; hard links become files.
    fn of_entries(entries: Vec<Entry>) -> Self {
        let mut out = Self { dockerfile: "Dockerfile".to_owned(), ..Self::default() };
        let mut files = std::collections::BTreeMap::new();
        for mut e in entries {
            let content = match &e.kind {
                EntryKind::File { content } => Content::Is(content.clone()),
                EntryKind::HardLink { target } => match files.get(target) {
                    Some(content) => Content::Is(layerlab_oci::Bytes::clone(content)),
                    None => continue,
                },
                EntryKind::Dir | EntryKind::Symlink { .. } => Content::None,
                _ => continue,
            };
            let mut size = 0;
            if let Content::Is(c) = &content {
                e.kind = EntryKind::File { content: c.clone() };
                files.insert(e.path.clone(), c.clone());
                size = c.len() as u64;
            }
            out.add(&e, size, 0, content);
        }
        out
    }
}

/// Tells the daemon what there is, and makes the tar of what it wants.
pub(crate) async fn transfer(
    cli: &Cli,
    contexts: Vec<(String, Context)>,
    secrets: Vec<(String, Vec<u8>)>,
    options: &mut BuildOptions,
) -> Result<Vec<u8>, CliError> {
    let hex = |v: &[u8]| v.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let mut told =
        SessionFiles { secrets: secrets.iter().map(|(k, v)| (k.clone(), hex(v))).collect(), ..Default::default() };
    for (name, c) in &contexts {
        told.contexts.push(ContextFiles { name: name.clone(), key: c.key.clone(), files: c.records.clone() });
    }
    let answer: SessionAnswer = cli
        .post("/session/files", Query::default(), &told)
        .await
        .map_err(|e| CliError { message: format!("ERROR: {}", e.message), ..e })?;
    options.session = answer.id;
    let mut entries = Vec::new();
    for (n, ((_, context), needed)) in contexts.iter().zip(&answer.needed).enumerate() {
        for i in needed {
            let name = format!("{n}/{i}");
            match usize::try_from(*i).ok().and_then(|i| context.contents.get(i)) {
                Some(Content::At(path)) => {
                    let read = cli.sys.read_file(path).await;
                    let bytes =
                        read.map_err(|e| failed(format!("failed to solve: {}", path_error("open", path, e).message)))?;
                    entries.push(Entry::file(&name, bytes, 0o644));
                }
                Some(Content::Is(bytes)) => {
                    entries.push(Entry::new(&name, EntryKind::File { content: bytes.clone() }, 0o644));
                }
                _ => {}
            }
        }
    }
    layer::write(&entries).map_err(failed)
}

/// Whether a context is an address and no folder of the client's.
pub(crate) fn is_remote(given: &str) -> bool {
    given.contains("://") || given.starts_with("git@") || given.starts_with("github.com/")
}

/// Reads the folder that the command line names.
pub(crate) async fn read(cli: &Cli, given: &str, p: &Parsed, inline: Option<String>) -> Result<Context, CliError> {
    let file = p.opt("file").filter(|f| !f.is_empty());
    if given == "-" {
        return from_stdin(cli, file).await;
    }
    if is_remote(given) {
        // The daemon fetches it.
        let dockerfile = file.unwrap_or("Dockerfile").to_owned();
        return Ok(Context { dockerfile, ..Context::default() });
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
        _ if inline.is_some() => {
            outside = Some(("Dockerfile".to_owned(), inline.unwrap_or_default().into_bytes()));
            format!("{OUTSIDE}/Dockerfile")
        }
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
    let mut out = Context { key: dir.clone(), dockerfile, ..Context::default() };
    walk(cli, &dir, &ignore, &keep, &mut out).await?;
    if let Some((name, bytes)) = outside {
        let hidden = format!("{rules}\n{OUTSIDE}\n").into_bytes();
        out.add(&Entry::dir(OUTSIDE, 0o755), 0, 0, Content::None);
        for (name, bytes) in [(name.clone(), bytes), (format!("{name}.dockerignore"), hidden)] {
            let e = Entry::file(&format!("{OUTSIDE}/{name}"), bytes, 0o644);
            let EntryKind::File { content } = &e.kind else { continue };
            let content = content.clone();
            out.add(&e, content.len() as u64, 0, Content::Is(content));
        }
        // What came by standard input has no time by which the daemon could know it.
        out.key.clear();
    }
    Ok(out)
}

/// A named context: the files of a folder, by its own `.dockerignore`.
pub(crate) async fn read_named(cli: &Cli, path: &str) -> Result<Context, CliError> {
    let cwd = cli.sys.getcwd().await.unwrap_or_default();
    let dir = absolute(path, &cwd);
    if !cli.sys.stat(&dir).await.is_ok_and(|s| s.file_type == FileType::Dir) {
        return Err(failed(format!(
            "failed to get build context path {{{path} <nil>}}: stat {path}: no such file or directory"
        )));
    }
    let ignore = Ignore::parse(&ignore_rules(cli, &dir, None).await?).map_err(failed)?;
    let mut out = Context { key: dir.clone(), ..Context::default() };
    walk(cli, &dir, &ignore, &[".dockerignore".to_owned()], &mut out).await?;
    Ok(out)
}

/// `docker build -`: standard input is the Dockerfile, or a tar.
async fn from_stdin(cli: &Cli, file: Option<&str>) -> Result<Context, CliError> {
    let bytes = cli.sys.read_all(0).await?;
    let limits = Limits::default();
    let plain = if gzip::is_gzip(&bytes) {
        gzip::decompress(&bytes, limits.bytes.saturating_mul(2)).map_err(failed)?
    } else {
        bytes
    };
    let entries = if plain.get(257..262) == Some(b"ustar") {
        layer::read(&plain, limits).map_err(failed)?
    } else {
        vec![Entry::file("Dockerfile", plain, 0o644)]
    };
    let mut out = Context::of_entries(entries);
    if let Some(f) = file {
        out.dockerfile = f.trim_start_matches("./").to_owned();
    }
    Ok(out)
}

/// The text of `<Dockerfile>.dockerignore`, else of `.dockerignore`.
async fn ignore_rules(cli: &Cli, dir: &str, dockerfile: Option<String>) -> Result<String, CliError> {
    let own = format!("{}.dockerignore", dockerfile.unwrap_or_else(|| format!("{dir}/Dockerfile")));
    for path in [own, format!("{dir}/.dockerignore")] {
        match cli.sys.read_file(&path).await {
            Ok(bytes) => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(Errno::ENOENT | Errno::ENOTDIR) => {}
            Err(e) => return Err(failed(path_error("open", &path, e).message)),
        }
    }
    Ok(String::new())
}

/// A step of a walk: what is sent has been looked at.
struct Step {
    path: String,
    is_dir: bool,
    stat: Option<Result<Stat, Errno>>,
}

/// Folders before what is in them; owners are root's, as BuildKit sends them; sockets and the like are
/// left out.
async fn walk(cli: &Cli, dir: &str, ignore: &Ignore, keep: &[String], out: &mut Context) -> Result<(), CliError> {
    // A stack with the next one last: a folder, then what is in it, by name.
    let mut todo = vec![Step { path: String::new(), is_dir: true, stat: None }];
    let mut found = Vec::new();
    let checks = !ignore.is_empty();
    while let Some(Step { path: rel, is_dir, stat }) = todo.pop() {
        if is_dir {
            let full = if rel.is_empty() { dir.to_owned() } else { format!("{dir}/{rel}") };
            let names = cli.sys.read_dir_plus(&full).await;
            let mut names = names.map_err(|e| failed(path_error("open", &full, e).message))?;
            names.sort_by(|a, b| b.0.name.as_bytes().cmp(a.0.name.as_bytes()));
            for (name, stat) in names {
                let path = if rel.is_empty() { name.name } else { format!("{rel}/{}", name.name) };
                let ignored = checks && ignore.matches(&path) && !keep.contains(&path);
                if name.file_type != FileType::Dir {
                    if !ignored {
                        todo.push(Step { path, is_dir: false, stat: Some(stat) });
                    }
                    continue;
                }
                let holds_kept = || keep.iter().any(|k| k.strip_prefix(&path).is_some_and(|r| r.starts_with('/')));
                if !ignored || holds_kept() {
                    todo.push(Step { path, is_dir: true, stat: Some(stat) });
                } else if ignore.has_negation() {
                    todo.push(Step { path, is_dir: true, stat: None });
                }
            }
        }
        if let Some(stat) = stat {
            found.push((rel, stat));
        }
    }
    for (path, stat) in found {
        let full = format!("{dir}/{path}");
        let fail = |op: &str, e: Errno| failed(format!("failed to solve: {}", path_error(op, &full, e).message));
        let stat = stat.map_err(|e| fail("lstat", e))?;
        let (kind, content) = match stat.file_type {
            FileType::Dir => (EntryKind::Dir, Content::None),
            FileType::Symlink => {
                let target = cli.sys.readlink(&full).await.map_err(|e| fail("readlink", e))?;
                (EntryKind::Symlink { target }, Content::None)
            }
            FileType::File => (EntryKind::File { content: layerlab_oci::Bytes::default() }, Content::At(full.clone())),
            _ => continue,
        };
        let mut entry = Entry::new(&path, kind, stat.mode);
        entry.mtime = stat.mtime;
        if stat.file_type == FileType::File && stat.nominal_size != stat.size {
            entry.nominal_size = Some(stat.nominal_size);
        }
        let size = if stat.file_type == FileType::File { stat.size } else { 0 };
        out.add(&entry, size, stat.mtime_nsec, content);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_in_records() {
        let text = |n, base, least| {
            let mut out = String::new();
            number(&mut out, n, base, least);
            out
        };
        assert_eq!(
            (text(0, 10, 0), text(0o100_644, 8, 0), text(5, 10, 9)),
            ("0".into(), "100644".into(), "000000005".into())
        );
        assert_eq!(text(u64::MAX, 10, 0), u64::MAX.to_string());
    }
}
