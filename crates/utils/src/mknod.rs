//! `mknod` and `mkfifo`: named pipes and devices.

use layerlab_kernel::vfs::{Dev, Node};

use crate::cli::{Cli, Parsed, Run, Spec, Stop, quote};

const MKNOD: Spec =
    Spec::new("[OPTION]... NAME TYPE [MAJOR MINOR]", "Create the special file NAME of the given TYPE.", "m|mode= Z");
const MKFIFO: Spec = Spec::new("[OPTION]... NAME...", "Create named pipes (FIFOs) with the given NAMEs.", "m|mode= Z");

async fn mode(c: &mut Cli, p: &Parsed) -> Run<Option<u32>> {
    let Some(text) = p.value("m") else { return Ok(None) };
    match crate::chmod::change(text, 0o666, false, 0) {
        Some(m) => Ok(Some(m)),
        None => c.die(1, format!("invalid mode {}", quote::word(text))).await,
    }
}

async fn set(c: &mut Cli, path: &str, mode: Option<u32>) {
    if let Some(m) = mode {
        let _ = c.sys.chmod(path, m).await;
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.name == "mkfifo" {
        let p = c.parse(&MKFIFO).await?;
        c.need(&p.operands, 1).await?;
        let mode = mode(c, &p).await?;
        for path in &p.operands {
            match c.sys.mkfifo(path, mode.unwrap_or(0o666)).await {
                Ok(()) => set(c, path, mode).await,
                Err(e) if c.variant == "busybox" => c.fail(format!("{path}: {e}")).await,
                Err(e) => c.fail(format!("cannot create fifo {}: {e}", quote::always(path))).await,
            }
        }
        return Ok(());
    }
    let p = c.parse(&MKNOD).await?;
    let mode = mode(c, &p).await?;
    c.need(&p.operands, 2).await?;
    let [path, kind, rest @ ..] = p.operands.as_slice() else { return Err(Stop::Code(1)) };
    let fifo = kind.starts_with('p');
    if !fifo && rest.len() < 2 {
        let last = p.operands.last().map_or("", String::as_str);
        c.warn(format!("missing operand after {}", quote::word(last))).await;
        let lead = if rest.is_empty() { "Special files require major and minor device numbers.\n" } else { "" };
        c.sys.eprint(format!("{lead}Try '{} --help' for more information.\n", c.name)).await;
        return Err(Stop::Code(1));
    }
    c.at_most(&p.operands, if fifo { 2 } else { 4 }).await?;
    let mut numbers = Vec::new();
    for (text, what) in rest.iter().zip(["major", "minor"]) {
        let n = match text.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => text.parse(),
        };
        match n {
            Ok(n) => numbers.push(n),
            Err(_) => return c.die(1, format!("invalid {what} device number {}", quote::word(text))).await,
        }
    }
    let node = match (kind.chars().next(), numbers.as_slice()) {
        (Some('p'), _) => Node::Fifo,
        (Some('b'), [major, minor]) => Node::Block(*major, *minor),
        (Some('c' | 'u'), [major, minor]) => Node::Char(Dev::from_numbers(*major, *minor)),
        _ => return c.usage(1, format!("invalid device type {}", quote::word(kind))).await,
    };
    match c.sys.mknod(path, mode.unwrap_or(0o666), node).await {
        Ok(()) => set(c, path, mode).await,
        Err(e) => c.fail(format!("{path}: {e}")).await,
    }
    Ok(())
}
