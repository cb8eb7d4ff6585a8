//! `split`: a file in pieces.

use layerlab_kernel::{Errno, Fd, OpenFlags, Pid, WaitFlags, WaitFor};

use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec, human, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE [PREFIX]]",
    "Output pieces of FILE to PREFIXaa, PREFIXab, ...; default size is 1000 lines, and default PREFIX is 'x'.",
    "a|suffix-length= additional-suffix= b|bytes= C|line-bytes= d|numeric-suffixes? x|hex-suffixes? e|elide-empty-files filter= l|lines= n|number= t|separator= u|unbuffered verbose",
);

enum How {
    Lines(u64),
    Bytes(u64),
    LineBytes(u64),
}

struct Pieces {
    prefix: String,
    suffix: String,
    letters: &'static [u8],
    length: usize,
    /// The length was not given: it grows.
    grows: bool,
    next: u64,
    filter: Option<String>,
    verbose: bool,
    open: Option<(Fd, Option<Pid>)>,
    /// The input, which no piece may overwrite.
    own: Option<(u64, u64)>,
}

impl Pieces {
    /// The next name; `None` where suffixes are used up.
    fn name(&mut self) -> Option<String> {
        let base = self.letters.len() as u64;
        let mut n = self.next;
        self.next += 1;
        let mut length = self.length;
        let mut lead = String::new();
        if self.grows {
            // aa … yz, then zaaa …: the last first letter is kept for longer ones.
            let mut room = (base - 1) * base.pow(length as u32 - 1);
            while n >= room {
                n -= room;
                lead.push(char::from(*self.letters.last()?));
                length += 1;
                room = room.checked_mul(base)?;
            }
        } else if n >= base.checked_pow(length as u32).unwrap_or(u64::MAX) {
            return None;
        }
        let mut digits = vec![0u8; length];
        for d in digits.iter_mut().rev() {
            *d = *self.letters.get((n % base) as usize)?;
            n /= base;
        }
        Some(format!("{}{lead}{}{}", self.prefix, String::from_utf8_lossy(&digits), self.suffix))
    }

    async fn start(&mut self, c: &mut Cli) -> Run<Fd> {
        if let Some((fd, _)) = self.open {
            return Ok(fd);
        }
        let Some(name) = self.name() else { return c.die(1, "output file suffixes exhausted").await };
        if self.verbose {
            let what = if self.filter.is_some() { "executing with FILE=" } else { "creating file " };
            c.put(format!("{what}{}\n", quote::always(&name))).await?;
        }
        if let Some(command) = self.filter.clone() {
            let made = async {
                let (r, w) = c.sys.pipe().await?;
                c.env.retain(|(k, _)| k != "FILE");
                c.env.push(("FILE".to_owned(), name.clone()));
                let pid = c.start(vec!["/bin/sh".to_owned(), "-c".to_owned(), command], &[(0, r)]).await;
                c.sys.close(r).await?;
                Ok::<_, Errno>((w, pid?))
            };
            return match made.await {
                Ok((fd, pid)) => {
                    self.open = Some((fd, Some(pid)));
                    Ok(fd)
                }
                Err(e) => c.die(1, format!("{name}: {e}")).await,
            };
        }
        if self.own.is_some() && c.sys.stat(&name).await.ok().map(|s| (s.dev, s.ino)) == self.own {
            return c.die(1, format!("{} would overwrite input; aborting", quote::always(&name))).await;
        }
        match c.sys.open(&name, OpenFlags::CREATE, 0o666).await {
            Ok(fd) => {
                self.open = Some((fd, None));
                Ok(fd)
            }
            Err(e) => c.die(1, format!("{}: {e}", quote::before_colon(&name))).await,
        }
    }

    async fn put(&mut self, c: &mut Cli, bytes: &[u8]) -> Run<()> {
        let fd = self.start(c).await?;
        match c.sys.write_all(fd, bytes).await {
            Ok(()) | Err(Errno::EPIPE) => Ok(()),
            Err(e) => c.die(1, format!("write error: {e}")).await,
        }
    }

    async fn end(&mut self, c: &mut Cli) {
        if let Some((fd, pid)) = self.open.take() {
            let _ = c.sys.close(fd).await;
            if let Some(pid) = pid {
                let _ = c.sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await;
            }
        }
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args).into_iter().map(|a| match a.strip_prefix('-') {
        Some(d) if !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()) => format!("-l{d}"),
        _ => a,
    });
    let p = c.parse_args(&SPEC, args.collect()).await?;
    c.at_most(&p.operands, 2).await?;
    let file = p.operands.first().cloned().unwrap_or_else(|| "-".to_owned());
    let kinds = ["l", "b", "C", "n"].iter().filter(|n| p.has(n)).count();
    if kinds > 1 {
        return c.usage(1, "cannot split in more than one way").await;
    }
    let how = match p.last_of(&["l", "b", "C"]) {
        None => How::Lines(1000),
        Some(name) => {
            let v = p.value(name).unwrap_or("");
            let Some(n) = human::parse(v).filter(|n| *n > 0 && v.starts_with(|d: char| d.is_ascii_digit())) else {
                let what = if name == "l" { "lines" } else { "bytes" };
                let range = if human::parse(v) == Some(0) { ": Numerical result out of range" } else { "" };
                return c.die(1, format!("invalid number of {what}: {}{range}", quote::word(v))).await;
            };
            match name {
                "l" => How::Lines(n),
                "b" => How::Bytes(n),
                _ => How::LineBytes(n),
            }
        }
    };
    let numeric = p.last_of(&["d", "x"]);
    let letters: &'static [u8] = match numeric {
        Some("d") => b"0123456789",
        Some(_) => b"0123456789abcdef",
        None => b"abcdefghijklmnopqrstuvwxyz",
    };
    let from = numeric.and_then(|n| p.value(n)).map(|v| u64::from_str_radix(v, letters.len() as u32));
    let Ok(from) = from.unwrap_or(Ok(0)) else { return c.usage(1, "invalid start value").await };
    let length = match p.value("a").map(|a| (a, a.parse::<usize>())) {
        None => None,
        Some((_, Ok(n))) if n < 100 => Some(n).filter(|n| *n > 0),
        Some((a, _)) => return c.die(1, format!("invalid suffix length: {}", quote::word(a))).await,
    };
    if let Some(s) = p.value("additional-suffix").filter(|s| s.contains('/')) {
        return c.die(1, format!("invalid suffix {}, contains directory separator", quote::word(s))).await;
    }
    let mut pieces = Pieces {
        prefix: p.operands.get(1).cloned().unwrap_or_else(|| "x".to_owned()),
        suffix: p.value("additional-suffix").unwrap_or("").to_owned(),
        letters,
        length: length.unwrap_or(2),
        grows: length.is_none() && from == 0 && !p.has("n"),
        next: from,
        filter: p.value("filter").map(str::to_owned),
        verbose: p.has("verbose"),
        open: None,
        own: None,
    };
    let separator = match p.value("t") {
        None => b'\n',
        Some("\\0") => 0,
        Some(t) if t.len() == 1 => t.bytes().next().unwrap_or(b'\n'),
        Some(t) => return c.die(1, format!("multi-character separator {}", quote::word(t))).await,
    };
    let mut input = match Input::open(&c.sys, &file).await {
        Ok(i) => i,
        Err(e) => return c.die(1, format!("cannot open {} for reading: {e}", quote::always(&file))).await,
    };
    if file != "-" {
        pieces.own = c.sys.fstat(input.fd()).await.ok().map(|s| (s.dev, s.ino));
    }
    if let Some(n) = p.value("n") {
        return number(c, n, input, pieces, separator, p.has("e"), length.is_none()).await;
    }
    let result = pieces_by(c, &how, &mut input, &mut pieces, separator).await?;
    if let Err(e) = result {
        return c.die(1, format!("{}: {e}", quote::before_colon(&file))).await;
    }
    pieces.end(c).await;
    Ok(())
}

async fn pieces_by(
    c: &mut Cli,
    how: &How,
    input: &mut Input,
    pieces: &mut Pieces,
    separator: u8,
) -> Run<Result<(), Errno>> {
    let mut count = 0u64;
    match how {
        How::Lines(n) => loop {
            let line = match input.line(separator).await {
                Ok(Some(l)) => l,
                Ok(None) => return Ok(Ok(())),
                Err(e) => return Ok(Err(e)),
            };
            pieces.put(c, &line).await?;
            count += 1;
            if count == *n {
                pieces.end(c).await;
                count = 0;
            }
        },
        How::Bytes(n) => loop {
            let chunk = match input.chunk().await {
                Ok(b) if b.is_empty() => return Ok(Ok(())),
                Ok(b) => b,
                Err(e) => return Ok(Err(e)),
            };
            let mut rest = chunk.as_slice();
            while !rest.is_empty() {
                let take = usize::try_from(n - count).unwrap_or(usize::MAX).min(rest.len());
                pieces.put(c, &rest[..take]).await?;
                rest = &rest[take..];
                count += take as u64;
                if count == *n {
                    pieces.end(c).await;
                    count = 0;
                }
            }
        },
        How::LineBytes(n) => loop {
            let line = match input.line(separator).await {
                Ok(Some(l)) => l,
                Ok(None) => return Ok(Ok(())),
                Err(e) => return Ok(Err(e)),
            };
            if count > 0 && count + line.len() as u64 > *n {
                pieces.end(c).await;
                count = 0;
            }
            for part in line.chunks(usize::try_from(*n).unwrap_or(usize::MAX)) {
                if count + part.len() as u64 > *n {
                    pieces.end(c).await;
                    count = 0;
                }
                pieces.put(c, part).await?;
                count += part.len() as u64;
            }
        },
    }
}

/// `-n`: so many pieces, by bytes, lines, or in turn; or one of them.
async fn number(
    c: &mut Cli,
    text: &str,
    mut input: Input,
    mut pieces: Pieces,
    separator: u8,
    elide: bool,
    free: bool,
) -> Run<()> {
    let mut parts: Vec<&str> = text.split('/').collect();
    let kind = match parts.first() {
        Some(k @ (&"l" | &"r")) => {
            let k = k.chars().next();
            parts.remove(0);
            k
        }
        _ => None,
    };
    let numbers: Vec<Option<u64>> = parts.iter().map(|p| p.parse().ok().filter(|n| *n > 0)).collect();
    let (only, n) = match numbers.as_slice() {
        [Some(n)] => (None, *n),
        [Some(k), Some(n)] if k <= n => (Some(*k), *n),
        _ => return c.die(1, format!("invalid number of chunks: {}", quote::word(text))).await,
    };
    let mut all = Vec::new();
    loop {
        match input.chunk().await {
            Ok(b) if b.is_empty() => break,
            Ok(b) => all.extend(b),
            Err(e) => return c.die(1, e).await,
        }
    }
    if free {
        let base = pieces.letters.len() as u64;
        while base.checked_pow(pieces.length as u32).is_some_and(|m| m < n) {
            pieces.length += 1;
        }
    }
    let mut chunks: Vec<Vec<u8>> = vec![Vec::new(); usize::try_from(n.min(1 << 20)).unwrap_or(1)];
    let count = chunks.len();
    let size = all.len() / count;
    let extra = all.len() % count;
    // Earlier chunks take what doesn't divide.
    let bound = |i: usize| i * size + i.min(extra);
    match kind {
        None => {
            for (i, chunk) in chunks.iter_mut().enumerate() {
                chunk.extend_from_slice(&all[bound(i)..bound(i + 1)]);
            }
        }
        Some('l') => {
            let (mut at, mut i) = (0, 0);
            for line in all.split_inclusive(|b| *b == separator) {
                while i + 1 < count && at >= bound(i + 1) {
                    i += 1;
                }
                if let Some(chunk) = chunks.get_mut(i) {
                    chunk.extend_from_slice(line);
                }
                at += line.len();
            }
        }
        Some(_) => {
            for (i, line) in all.split_inclusive(|b| *b == separator).enumerate() {
                if let Some(chunk) = chunks.get_mut(i % count) {
                    chunk.extend_from_slice(line);
                }
            }
        }
    }
    if let Some(k) = only {
        let chunk = chunks.get(usize::try_from(k - 1).unwrap_or(0)).cloned().unwrap_or_default();
        return c.put(chunk).await;
    }
    for chunk in chunks {
        if !(elide && chunk.is_empty()) {
            pieces.put(c, &chunk).await?;
            pieces.end(c).await;
        }
    }
    Ok(())
}
