//! `mktemp`: a new file or directory with a name that nobody has.

use layerlab_kernel::OpenFlags;

use crate::cli::{Cli, Run, Spec, Stop, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [TEMPLATE]",
    "Create a temporary file or directory, safely, and print its name.",
    "d|directory u|dry-run q|quiet suffix= p= tmpdir? t V",
);

const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.len() > 1 {
        return c.usage(1, "too many templates").await;
    }
    let template = p.operands.first().cloned().unwrap_or_else(|| "tmp.XXXXXXXXXX".to_owned());
    let in_dir = p.operands.is_empty() || p.has("p") || p.has("tmpdir") || p.has("t");
    let (mut body, mut suffix) = (template.clone(), String::new());
    match p.value("suffix") {
        Some(s) => {
            if !body.ends_with('X') {
                let text = format!("with --suffix, template {} must end in X", quote::word(&template));
                return c.die(1, text).await;
            }
            suffix = s.to_owned();
        }
        None => {
            if let Some(last) = body.rfind('X') {
                suffix = body.split_off(last + 1);
            }
        }
    }
    if suffix.contains('/') {
        return c.die(1, format!("invalid suffix {}, contains directory separator", quote::word(&suffix))).await;
    }
    let xs = body.len() - body.trim_end_matches('X').len();
    if xs < 3 {
        return c.die(1, format!("too few X's in template {}", quote::word(&template))).await;
    }
    if in_dir {
        let given = p.value("p").or(p.value("tmpdir")).filter(|d| !d.is_empty());
        let tmp = c.var("TMPDIR").filter(|d| !d.is_empty()).map(str::to_owned);
        let dir = match given {
            Some(d) if p.has("t") => tmp.unwrap_or_else(|| d.to_owned()),
            Some(d) => d.to_owned(),
            None => tmp.unwrap_or_else(|| "/tmp".to_owned()),
        };
        if p.has("t") && body.contains('/') {
            let text = format!("invalid template, {}, contains directory separator", quote::word(&template));
            return c.die(1, text).await;
        }
        if body.starts_with('/') {
            let text = format!("invalid template, {}; with --tmpdir, it may not be absolute", quote::word(&template));
            return c.die(1, text).await;
        }
        body = path::join(&dir, &body);
    }
    let stem = body[..body.len() - xs].to_owned();
    for _ in 0..100 {
        let random = c.sys.random(xs).await.map(|b| b.to_vec()).unwrap_or_default();
        let letters: String = random
            .iter()
            .map(|b| char::from(LETTERS.get(usize::from(*b) % LETTERS.len()).copied().unwrap_or(b'0')))
            .collect();
        let name = format!("{stem}{letters}{suffix}");
        let made = if p.has("u") {
            match c.sys.lstat(&name).await {
                Ok(_) => Err(layerlab_kernel::Errno::EEXIST),
                Err(_) => Ok(()),
            }
        } else if p.has("d") {
            c.sys.mkdir(&name, 0o700).await
        } else {
            match c.sys.open(&name, OpenFlags { exclusive: true, ..OpenFlags::CREATE }, 0o600).await {
                Ok(fd) => c.sys.close(fd).await,
                Err(e) => Err(e),
            }
        };
        match made {
            Ok(()) => return c.put(format!("{name}\n")).await,
            Err(layerlab_kernel::Errno::EEXIST) => {}
            Err(e) => {
                if !p.has("q") {
                    let what = if p.has("d") { "directory" } else { "file" };
                    let shown = quote::word(&format!("{stem}{}{suffix}", "X".repeat(xs)));
                    c.warn(format!("failed to create {what} via template {shown}: {e}")).await;
                }
                return Err(Stop::Code(1));
            }
        }
    }
    c.die(1, "no free name found").await
}
