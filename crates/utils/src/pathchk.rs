//! `pathchk`: whether names are good ones.

use layerlab_kernel::Errno;

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new("[OPTION]... NAME...", "Diagnose invalid or non-portable file names.", "p P portability");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    let portable = p.has("p") || p.has("portability");
    let strict = p.has("P") || p.has("portability");
    for name in &p.operands {
        let shown = quote::always(name);
        let odd = name.chars().find(|ch| !(ch.is_ascii_alphanumeric() || "._-/".contains(*ch)));
        let limit = if portable { (256, 14) } else { (4096, 255) };
        let long = name.split('/').find(|part| part.len() > limit.1);
        if strict && let Some(part) = name.split('/').find(|part| part.starts_with('-')) {
            let _ = part;
            c.fail(format!("leading '-' in a component of file name {shown}")).await;
        } else if name.is_empty() && (portable || strict) {
            c.fail("empty file name").await;
        } else if let Some(ch) = odd.filter(|_| portable) {
            c.fail(format!("nonportable character {} in file name {shown}", quote::word(&ch.to_string()))).await;
        } else if name.len() >= limit.0 {
            c.fail(format!("limit {} exceeded by length {} of file name {shown}", limit.0 - 1, name.len())).await;
        } else if let Some(part) = long {
            let text = format!(
                "limit {} exceeded by length {} of file name component {}",
                limit.1,
                part.len(),
                quote::always(part)
            );
            c.fail(text).await;
        } else if !portable
            && let Err(e) = c.sys.lstat(name).await
            && (e != Errno::ENOENT || name.is_empty())
        {
            c.fail(format!("{}: {e}", quote::before_colon(name))).await;
        }
    }
    Ok(())
}
