//! `realpath`: absolute paths without links.

use layerlab_kernel::{Errno, FileType};

use crate::cli::{Cli, Run, Spec, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE...",
    "Print the resolved absolute file name; all but the last component must exist.",
    "e|canonicalize-existing m|canonicalize-missing L|logical P|physical q|quiet relative-to= relative-base= s|strip|no-symlinks z|zero",
);

/// The path without `.`, `..` and double slashes.
pub(crate) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            p => parts.push(p),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Resolves; the last part may be missing unless `existing`, any part with `missing`.
pub(crate) async fn resolve(c: &Cli, name: &str, existing: bool, missing: bool) -> Result<String, Errno> {
    match c.sys.real_path(name).await {
        Ok(p) => Ok(p),
        Err(e) if existing => Err(e),
        Err(Errno::ELOOP) if !missing => Err(Errno::ELOOP),
        Err(e) => {
            if name.is_empty() {
                return Err(Errno::ENOENT);
            }
            // A dangling link says where the file would be.
            let name = match c.sys.readlink(name).await {
                Ok(to) if to.starts_with('/') => to,
                Ok(to) => path::join(path::dir(name), &to),
                Err(_) => name.to_owned(),
            };
            match c.sys.real_path(path::dir(&name)).await {
                Ok(dir) if !missing && c.sys.stat(&dir).await.is_ok_and(|s| s.file_type != FileType::Dir) => {
                    Err(Errno::ENOTDIR)
                }
                Ok(dir) => Ok(clean(&path::join(&dir, path::base(&name)))),
                Err(_) if missing => {
                    let cwd = c.sys.getcwd().await.unwrap_or_default();
                    Ok(clean(&if name.starts_with('/') { name } else { path::join(&cwd, &name) }))
                }
                Err(_) => Err(e),
            }
        }
    }
}

/// One absolute path as seen from another.
fn relative(path: &str, from: &str) -> String {
    let a: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let b: Vec<&str> = from.split('/').filter(|s| !s.is_empty()).collect();
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let mut parts = vec![".."; b.len() - same];
    parts.extend(&a[same..]);
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    let mut bases = [None, None];
    for (slot, name) in bases.iter_mut().zip(["relative-to", "relative-base"]) {
        if let Some(b) = p.value(name) {
            match resolve(c, b, p.has("e"), p.has("m")).await {
                Ok(path) => *slot = Some(path),
                Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(b))).await,
            }
        }
    }
    let [to, below] = bases;
    let lies_in =
        |path: &str, dir: &str| dir == "/" || path == dir || path.strip_prefix(dir).is_some_and(|r| r.starts_with('/'));
    // Without --relative-to, paths are relative to --relative-base itself.
    let base = match (&to, &below) {
        (Some(t), Some(b)) if !lies_in(t, b) => None,
        (Some(t), _) => Some(t.clone()),
        (None, b) => b.clone(),
    };
    for name in &p.operands {
        let found = if p.has("s") {
            let cwd = c.sys.getcwd().await.unwrap_or_default();
            let there = if p.has("e") { c.sys.stat(name).await.map(drop) } else { Ok(()) };
            there.map(|()| clean(&if name.starts_with('/') { name.clone() } else { path::join(&cwd, name) }))
        } else {
            resolve(c, name, p.has("e"), p.has("m")).await
        };
        match found {
            Ok(path) => {
                let shown = match &base {
                    Some(b) if below.as_ref().is_none_or(|x| lies_in(&path, x)) => relative(&path, b),
                    _ => path,
                };
                c.put(format!("{shown}{}", if p.has("z") { '\0' } else { '\n' })).await?;
            }
            Err(_) if p.has("q") => c.code = 1,
            Err(e) => c.fail(format!("{}: {e}", quote::before_colon(name))).await,
        }
    }
    Ok(())
}
