//! `cat`: files one after the other.

use layerlab_kernel::{FileType, Whence};

use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Concatenate FILE(s) to standard output.",
    "A|show-all b|number-nonblank e E|show-ends n|number s|squeeze-blank t T|show-tabs u v|show-nonprinting",
);

#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are options")]
struct Show {
    number: bool,
    nonblank: bool,
    ends: bool,
    tabs: bool,
    nonprinting: bool,
    squeeze: bool,
    line: u64,
    at_start: bool,
    blank: u32,
}

impl Show {
    fn plain(&self) -> bool {
        !(self.number || self.nonblank || self.ends || self.tabs || self.nonprinting || self.squeeze)
    }

    fn render(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + 64);
        for &b in bytes {
            if self.at_start {
                let blank = b == b'\n';
                self.blank = if blank { self.blank + 1 } else { 0 };
                if self.squeeze && self.blank > 1 {
                    continue;
                }
                if self.nonblank && !blank || self.number && !self.nonblank {
                    self.line += 1;
                    out.extend(format!("{:6}\t", self.line).bytes());
                }
                self.at_start = false;
            }
            match b {
                b'\n' => {
                    if self.ends {
                        out.push(b'$');
                    }
                    out.push(b);
                    self.at_start = true;
                }
                b'\t' if self.tabs => out.extend(b"^I"),
                b'\t' => out.push(b),
                _ if self.nonprinting => visible(b, &mut out),
                _ => out.push(b),
            }
        }
        out
    }
}

/// `^X` and `M-x` notation.
pub(crate) fn visible(b: u8, out: &mut Vec<u8>) {
    let low = b & 0x7f;
    if b >= 0x80 {
        out.extend(b"M-");
    }
    match low {
        0..32 => out.extend([b'^', low + 64]),
        127 => out.extend(b"^?"),
        _ => out.push(low),
    }
}

/// Whether standard output writes behind what would be read: that never ends.
async fn is_output(c: &Cli, input: &Input) -> bool {
    let (Ok(from), Ok(to)) = (c.sys.fstat(input.fd()).await, c.sys.fstat(1).await) else { return false };
    from.file_type == FileType::File
        && (from.dev, from.ino) == (to.dev, to.ino)
        && c.sys.lseek(input.fd(), 0, Whence::Current).await.is_ok_and(|at| at < from.size)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let has = |names: &[&str]| names.iter().any(|n| p.has(n));
    let mut show = Show {
        number: has(&["n"]),
        nonblank: has(&["b"]),
        ends: has(&["A", "e", "E"]),
        tabs: has(&["A", "t", "T"]),
        nonprinting: has(&["A", "e", "t", "v"]),
        squeeze: has(&["s"]),
        at_start: true,
        ..Show::default()
    };
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands };
    for path in files {
        let result = match Input::open(&c.sys, &path).await {
            Err(e) => Err(e),
            Ok(input) if is_output(c, &input).await => {
                input.close().await;
                c.fail(format!("{}: input file is output file", quote::before_colon(&path))).await;
                continue;
            }
            Ok(mut input) => loop {
                match input.chunk().await {
                    Err(e) => break Err(e),
                    Ok(bytes) if bytes.is_empty() => {
                        input.close().await;
                        break Ok(());
                    }
                    Ok(bytes) if show.plain() => c.put(bytes).await?,
                    Ok(bytes) => c.put(show.render(&bytes)).await?,
                }
                c.flush().await?;
            },
        };
        if let Err(e) = result {
            c.fail(format!("{}: {e}", quote::before_colon(&path))).await;
        }
    }
    Ok(())
}
