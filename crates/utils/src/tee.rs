//! `tee`: standard input to files and standard output.

use layerlab_kernel::OpenFlags;

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Copy standard input to each FILE, and also to standard output.",
    "a|append i|ignore-interrupts p output-error?",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let flags = if p.has("a") { OpenFlags::APPEND } else { OpenFlags::CREATE };
    let mut fds = Vec::new();
    for path in &p.operands {
        match c.sys.open(path, flags, 0o666).await {
            Ok(fd) => fds.push((path.clone(), fd)),
            Err(e) => c.fail(format!("{}: {e}", quote::before_colon(path))).await,
        }
    }
    while let Ok(bytes) = c.sys.read(0, 1 << 16).await {
        if bytes.is_empty() {
            break;
        }
        c.put(bytes.as_slice()).await?;
        c.flush().await?;
        for (path, fd) in &fds {
            if let Err(e) = c.sys.write_all(*fd, bytes.to_vec()).await {
                c.fail(format!("{}: {e}", quote::before_colon(path))).await;
            }
        }
    }
    Ok(())
}
