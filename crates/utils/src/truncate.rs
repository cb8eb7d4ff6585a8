//! `truncate`: files cut or extended.

use layerlab_kernel::OpenFlags;

use crate::cli::{Cli, Run, Spec, human, quote};

const SPEC: Spec = Spec::new(
    "OPTION... FILE...",
    "Shrink or extend the size of each FILE to the specified size.",
    "c|no-create o|io-blocks r|reference= s|size=",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut sign = '=';
    let mut amount = None;
    if let Some(text) = p.value("s") {
        let trimmed = text.trim_start();
        let rest = match trimmed.chars().next() {
            Some(s @ ('+' | '-' | '<' | '>' | '/' | '%')) => {
                sign = s;
                &trimmed[1..]
            }
            _ => trimmed,
        };
        amount = rest.starts_with(|d: char| d.is_ascii_digit()).then(|| human::parse(rest)).flatten();
        if amount.is_none() {
            return c.die(1, format!("Invalid number: {}", quote::word(text))).await;
        }
        if amount == Some(0) && matches!(sign, '/' | '%') {
            return c.die(1, "division by zero").await;
        }
        if p.has("r") && sign == '=' {
            return c.usage(1, "you must specify a relative '--size' with '--reference'").await;
        }
    } else if !p.has("r") {
        return c.usage(1, "you must specify either '--size' or '--reference'").await;
    }
    if p.operands.is_empty() {
        return c.usage(1, "missing file operand").await;
    }
    let reference = match p.value("r") {
        None => None,
        Some(r) => match c.sys.stat(r).await {
            Ok(s) => Some(s.size),
            Err(e) => return c.die(1, format!("cannot stat {}: {e}", quote::always(r))).await,
        },
    };
    for file in &p.operands {
        let flags = OpenFlags { create: !p.has("c"), truncate: false, ..OpenFlags::CREATE };
        let fd = match c.sys.open(file, flags, 0o666).await {
            Ok(fd) => fd,
            Err(layerlab_kernel::Errno::ENOENT) if p.has("c") => continue,
            Err(e) => {
                c.fail(format!("cannot open {} for writing: {e}", quote::always(file))).await;
                continue;
            }
        };
        let size = match reference {
            Some(n) => n,
            None => c.sys.fstat(fd).await.map_or(0, |s| s.size),
        };
        let n = amount.unwrap_or(0).saturating_mul(if p.has("o") { 4096 } else { 1 });
        let new = match (amount, sign) {
            (None, _) => size,
            (_, '+') => size.saturating_add(n),
            (_, '-') => size.saturating_sub(n),
            (_, '<') => size.min(n),
            (_, '>') => size.max(n),
            (_, '/') => size / n * n,
            (_, '%') => size.div_ceil(n) * n,
            _ => n,
        };
        if let Err(e) = c.sys.truncate(fd, new).await {
            c.fail(format!("failed to truncate {} at {new} bytes: {e}", quote::always(file))).await;
        }
        let _ = c.sys.close(fd).await;
    }
    Ok(())
}
