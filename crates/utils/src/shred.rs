//! `shred`: a file's content made unreadable.

use layerlab_kernel::{FileType, OpenFlags};

use crate::cli::{Cli, Run, Spec, human, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE...",
    "Overwrite the specified FILE(s) repeatedly, to make it harder to recover the data.",
    "f|force n|iterations= random-source= s|size= u remove? v|verbose x|exact z|zero",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() {
        return c.usage(1, "missing file operand").await;
    }
    let passes = match p.value("n").map(str::parse::<usize>) {
        None => 3,
        Some(Ok(n)) => n,
        Some(Err(_)) => {
            let text = quote::word(p.value("n").unwrap_or(""));
            return c.die(1, format!("invalid number of passes: {text}")).await;
        }
    };
    let total = passes + usize::from(p.has("z"));
    for file in &p.operands {
        let fd = match c.sys.open(file, OpenFlags { truncate: false, create: false, ..OpenFlags::CREATE }, 0).await {
            Ok(fd) => fd,
            Err(e) => {
                c.fail(format!("{}: failed to open for writing: {e}", quote::before_colon(file))).await;
                continue;
            }
        };
        let stat = c.sys.fstat(fd).await.ok();
        if stat.as_ref().is_some_and(|s| s.file_type != FileType::File) {
            c.fail(format!("{}: invalid file type", quote::before_colon(file))).await;
            let _ = c.sys.close(fd).await;
            continue;
        }
        let size = stat.map_or(0, |s| s.size);
        let size = match p.value("s") {
            Some(s) => human::parse(s).unwrap_or(size),
            None if p.has("x") || size == 0 => size,
            // Whole blocks, unless -x is given.
            None => size.div_ceil(4096) * 4096,
        };
        for pass in 0..total {
            let zero = pass >= passes;
            if p.has("v") {
                let what = if zero { "000000" } else { "random" };
                c.warn(format!("{file}: pass {}/{total} ({what})...", pass + 1)).await;
            }
            let _ = c.sys.lseek(fd, 0, layerlab_kernel::Whence::Set).await;
            let mut left = size;
            while left > 0 {
                let n = left.min(1 << 16) as usize;
                let bytes =
                    if zero { vec![0; n] } else { c.sys.random(n).await.map_or_else(|_| vec![0; n], |b| b.to_vec()) };
                if let Err(e) = c.sys.write_all(fd, bytes).await {
                    c.fail(format!("{}: error writing: {e}", quote::before_colon(file))).await;
                    break;
                }
                left -= n as u64;
            }
        }
        let _ = c.sys.close(fd).await;
        if p.has("u") || p.has("remove") {
            if p.has("v") {
                c.warn(format!("{file}: removing")).await;
            }
            match c.sys.unlink(file).await {
                Ok(()) if p.has("v") => c.warn(format!("{file}: removed")).await,
                Ok(()) => {}
                Err(e) => c.fail(format!("{}: failed to remove: {e}", quote::before_colon(file))).await,
            }
        }
    }
    Ok(())
}
