//! `mkdir`: makes directories.

use layerlab_kernel::{Errno, FileType};

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... DIRECTORY...",
    "Create the DIRECTORY(ies), if they do not already exist.",
    "m|mode= p|parents v|verbose Z",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    let mode = match p.value("m") {
        None => None,
        Some(text) => match crate::chmod::change(text, 0o777, true, 0) {
            Some(m) => Some(m),
            None => return c.die(1, format!("invalid mode {}", quote::word(text))).await,
        },
    };
    for path in &p.operands {
        if let Err((at, e)) = make(c, path, mode, p.has("p"), p.has("v")).await? {
            c.fail(format!("cannot create directory {}: {e}", quote::word(&at))).await;
        }
    }
    Ok(())
}

async fn make(
    c: &mut Cli,
    path: &str,
    mode: Option<u32>,
    parents: bool,
    verbose: bool,
) -> Run<Result<(), (String, Errno)>> {
    let mut prefixes = Vec::new();
    if parents {
        let bytes = path.as_bytes();
        for i in 1..bytes.len() {
            if bytes[i] == b'/' && bytes[i - 1] != b'/' {
                prefixes.push(path[..i].to_owned());
            }
        }
    }
    prefixes.retain(|p| p.trim_end_matches('/') != path.trim_end_matches('/'));
    prefixes.push(path.to_owned());
    let last = prefixes.len() - 1;
    for (i, at) in prefixes.into_iter().enumerate() {
        match c.sys.mkdir(&at, 0o777).await {
            Ok(()) => {
                if let Some(m) = mode.filter(|_| i == last)
                    && let Err(e) = c.sys.chmod(&at, m).await
                {
                    return Ok(Err((at, e)));
                }
                if verbose {
                    let text = if c.variant == "busybox" {
                        format!("created directory: {}\n", quote::always(&at))
                    } else {
                        format!("{}: created directory {}\n", c.name, quote::always(&at))
                    };
                    c.put(text).await?;
                }
            }
            Err(e) => {
                let there = c.sys.stat(&at).await.is_ok_and(|s| s.file_type == FileType::Dir);
                if !(parents && there) {
                    let e = if parents && e == Errno::EEXIST && i != last { Errno::ENOTDIR } else { e };
                    return Ok(Err((at, e)));
                }
            }
        }
    }
    Ok(Ok(()))
}
