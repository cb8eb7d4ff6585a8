//! `wc`: counts lines, words and bytes.

use layerlab_kernel::{Errno, FileType};

use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Print newline, word, and byte counts for each FILE.",
    "c|bytes m|chars l|lines L|max-line-length w|words files0-from= total=",
);

/// Numbers of what has been read so far.
#[derive(Default)]
struct Counter {
    lines: u64,
    words: u64,
    chars: u64,
    bytes: u64,
    longest: u64,
    column: u64,
    word: bool,
    /// The beginning of a character that a read has cut.
    cut: Vec<u8>,
}

impl Counter {
    fn add(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        for b in bytes {
            let blank = b.is_ascii_whitespace() || *b == 11;
            self.lines += u64::from(*b == b'\n');
            self.words += u64::from(!blank && !self.word);
            self.word = !blank;
        }
        self.cut.extend_from_slice(bytes);
        let bytes = std::mem::take(&mut self.cut);
        for part in bytes.utf8_chunks() {
            self.text(part.valid());
            // What is no character may become one with the next bytes, if it stands at the end.
            let rest = part.invalid();
            if !rest.is_empty()
                && bytes.ends_with(rest)
                && std::str::from_utf8(rest).is_err_and(|e| e.error_len().is_none())
            {
                self.cut = rest.to_vec();
            }
        }
    }

    fn text(&mut self, text: &str) {
        for ch in text.chars() {
            self.chars += 1;
            match ch {
                '\n' | '\r' | '\x0c' => {
                    self.longest = self.longest.max(self.column);
                    self.column = 0;
                }
                '\t' => self.column += 8 - self.column % 8,
                ' '..='~' => self.column += 1,
                ch => self.column += crate::cli::human_width(ch.encode_utf8(&mut [0; 4])) as u64,
            }
        }
    }

    fn numbers(&self) -> [u64; 5] {
        [self.lines, self.words, self.chars, self.bytes, self.longest.max(self.column)]
    }
}

/// Reads a file as it comes.
async fn count(c: &Cli, path: &str) -> (Counter, Result<(), Errno>) {
    let mut counter = Counter::default();
    let mut input = match Input::open(&c.sys, path).await {
        Ok(i) => i,
        Err(e) => return (counter, Err(e)),
    };
    let result = loop {
        match input.chunk().await {
            Ok(bytes) if bytes.is_empty() => break Ok(()),
            Ok(bytes) => counter.add(&bytes),
            Err(e) => break Err(e),
        }
    };
    input.close().await;
    (counter, result)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut wanted = [p.has("l"), p.has("w"), p.has("m"), p.has("c"), p.has("L")];
    if wanted.iter().all(|w| !w) {
        wanted = [true, true, false, true, false];
    }
    let mut files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let list = p.value("files0-from").map(str::to_owned);
    if let Some(list) = &list {
        if let Some(extra) = p.operands.first() {
            let text = "file operands cannot be combined with --files0-from";
            return c.usage(1, format!("extra operand {}\n{text}", quote::always(extra))).await;
        }
        match c.slurp(list).await {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                files = text.split_terminator('\0').map(str::to_owned).collect();
            }
            Err(e) => return c.die(1, format!("cannot open {} for reading: {e}", quote::always(list))).await,
        }
    }
    let mut total = [0u64; 5];
    let mut width = 1;
    let (mut sizes, mut regular) = (0u64, true);
    for path in &files {
        let stat = if path == "-" { c.sys.fstat(0).await } else { c.sys.stat(path).await };
        match stat {
            Ok(s) if s.file_type == FileType::File => sizes += s.size,
            Ok(_) => regular = false,
            Err(_) => {}
        }
    }
    // As GNU does it: the width of the sum of all sizes; seven where they are not known before.
    let single = wanted.iter().filter(|w| **w).count() == 1 && files.len() == 1;
    if !single {
        width = sizes.to_string().len().max(if regular { 1 } else { 7 });
    }
    if c.variant == "busybox" && !single {
        width = 9;
    }
    let mode = p.value("total").unwrap_or("auto").to_owned();
    let row = |numbers: [u64; 5], name: &str, width: usize| {
        let shown: Vec<String> =
            numbers.iter().zip(wanted).filter(|(_, w)| *w).map(|(n, _)| format!("{n:>width$}")).collect();
        let name = if name.is_empty() {
            String::new()
        } else {
            format!(" {}", if name.contains('\n') { quote::maybe(name) } else { name.to_owned() })
        };
        format!("{}{name}\n", shown.join(" "))
    };
    for path in &files {
        let (counter, result) = count(c, path).await;
        let numbers = counter.numbers();
        if let Err(e) = result {
            c.fail(format!("{}: {e}", quote::before_colon(path))).await;
            if e != Errno::EISDIR {
                continue;
            }
        }
        for (i, (t, n)) in total.iter_mut().zip(numbers).enumerate() {
            *t = if i == 4 { (*t).max(n) } else { *t + n };
        }
        if mode != "only" {
            c.put(row(numbers, if p.operands.is_empty() && list.is_none() { "" } else { path }, width)).await?;
        }
    }
    let show_total = match mode.as_str() {
        "never" => false,
        "always" | "only" => true,
        _ => files.len() > 1,
    };
    if show_total {
        let (name, width) = if mode == "only" { ("", 1) } else { ("total", width) };
        c.put(row(total, name, width)).await?;
    }
    Ok(())
}
