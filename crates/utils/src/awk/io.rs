//! Files and commands that a program reads from and writes to.

use layerlab_kernel::{Errno, ExitStatus, Fd, OpenFlags, Pid, WaitFlags, WaitFor};

use super::code::To;
use crate::cli::{Cli, Run};
use crate::regex::Pattern;

/// An open output.
pub(super) struct Output {
    fd: Fd,
    pid: Option<Pid>,
    buffer: Vec<u8>,
}

/// An open input.
pub(super) struct Reader {
    fd: Fd,
    pid: Option<Pid>,
    buffer: Vec<u8>,
    at: usize,
    end: bool,
}

/// How records end.
pub(super) enum Ending {
    Char(u8),
    /// Empty lines (`RS=""`).
    Paragraph,
    Regex(std::rc::Rc<Pattern>),
}

/// Waits for a child; what `close` answers.
pub(super) async fn reap(c: &Cli, pid: Pid) -> i32 {
    loop {
        match c.sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await {
            Ok((_, ExitStatus::Code(n))) => return n,
            Ok((_, s)) => return 256 + s.code() - 128,
            Err(Errno::EINTR) => {}
            Err(_) => return -1,
        }
    }
}

fn shell(command: &str) -> Vec<String> {
    vec!["/bin/sh".to_owned(), "-c".to_owned(), command.to_owned()]
}

/// `system()`.
pub(super) async fn system(c: &mut Cli, command: &str) -> i32 {
    match c.start(shell(command), &[]).await {
        Ok(pid) => reap(c, pid).await,
        Err(_) => 127,
    }
}

impl Output {
    pub(super) async fn open(c: &mut Cli, name: &str, to: To) -> Result<Self, Errno> {
        let (fd, pid) = match (to, name) {
            (To::Pipe, _) => {
                let (r, w) = c.sys.pipe().await?;
                let pid = c.start(shell(name), &[(0, r)]).await;
                c.sys.close(r).await?;
                (w, Some(pid?))
            }
            (_, "/dev/stdout" | "-") => (1, None),
            (_, "/dev/stderr") => (2, None),
            (To::Append, _) => (c.sys.open(name, OpenFlags::APPEND, 0o666).await?, None),
            _ => (c.sys.open(name, OpenFlags::CREATE, 0o666).await?, None),
        };
        Ok(Self { fd, pid, buffer: Vec::new() })
    }
    pub(super) async fn put(&mut self, c: &mut Cli, bytes: &[u8]) -> Run<()> {
        if self.fd == 1 && self.pid.is_none() {
            return c.put(bytes).await;
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() > 1 << 15 || self.fd == 2 {
            self.flush(c).await;
        }
        Ok(())
    }
    pub(super) async fn flush(&mut self, c: &mut Cli) -> bool {
        if self.buffer.is_empty() {
            return true;
        }
        let data = std::mem::take(&mut self.buffer);
        c.sys.write_all(self.fd, data).await.is_ok()
    }
    pub(super) async fn close(mut self, c: &mut Cli) -> i32 {
        let fine = self.flush(c).await;
        if self.fd > 2 {
            let _ = c.sys.close(self.fd).await;
        }
        match self.pid {
            Some(pid) => reap(c, pid).await,
            None => -i32::from(!fine),
        }
    }
}

impl Reader {
    pub(super) async fn file(c: &Cli, name: &str) -> Result<Self, Errno> {
        let fd = if matches!(name, "-" | "/dev/stdin") { 0 } else { c.sys.open(name, OpenFlags::READ, 0).await? };
        Ok(Self { fd, pid: None, buffer: Vec::new(), at: 0, end: false })
    }
    pub(super) async fn command(c: &mut Cli, command: &str) -> Result<Self, Errno> {
        let (r, w) = c.sys.pipe().await?;
        let pid = c.start(shell(command), &[(1, w)]).await;
        c.sys.close(w).await?;
        Ok(Self { fd: r, pid: Some(pid?), buffer: Vec::new(), at: 0, end: false })
    }
    pub(super) async fn close(self, c: &Cli) -> i32 {
        if self.fd > 2 {
            let _ = c.sys.close(self.fd).await;
        }
        match self.pid {
            Some(pid) => reap(c, pid).await,
            None => 0,
        }
    }
    /// Whether the next record needs a read.
    pub(super) fn dry(&self) -> bool {
        !self.end && !self.buffer[self.at..].contains(&b'\n')
    }

    async fn more(&mut self, c: &Cli) -> Result<(), Errno> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let bytes = c.sys.read(self.fd, 1 << 16).await?;
        self.end = bytes.is_empty();
        self.buffer.extend_from_slice(&bytes);
        Ok(())
    }

    /// The next record and what ended it; `None` at the end.
    pub(super) async fn record(&mut self, c: &Cli, ending: &Ending) -> Result<Option<(String, String)>, Errno> {
        loop {
            let rest = &self.buffer[self.at..];
            // Where the record ends, and where the next one begins.
            let found = match ending {
                Ending::Char(b) => rest.iter().position(|x| x == b).map(|n| (n, n + 1)),
                Ending::Paragraph => {
                    let skip = rest.iter().take_while(|b| **b == b'\n').count();
                    if skip > 0 {
                        self.at += skip;
                        continue;
                    }
                    let end = rest.windows(2).position(|w| w == b"\n\n");
                    let next = end.map(|n| n + rest[n..].iter().take_while(|b| **b == b'\n').count());
                    match (end, next) {
                        (Some(n), Some(m)) if m < rest.len() || self.end => Some((n, m)),
                        _ => None,
                    }
                }
                Ending::Regex(r) => {
                    let text = String::from_utf8_lossy(rest);
                    let hit = r.find_at(&text, 0).filter(|(s, e)| s < e);
                    hit.filter(|(_, e)| (*e < text.len() || self.end) && text.len() == rest.len())
                }
            };
            if let Some((end, next)) = found {
                let record = String::from_utf8_lossy(&rest[..end]).into_owned();
                let mark = String::from_utf8_lossy(&rest[end..next]).into_owned();
                self.at += next;
                return Ok(Some((record, mark)));
            }
            if self.end {
                if rest.is_empty() {
                    return Ok(None);
                }
                let mut text = String::from_utf8_lossy(rest).into_owned();
                self.at = self.buffer.len();
                // The last newline ends the file, not the record, however records end.
                let cut = match ending {
                    Ending::Paragraph | Ending::Regex(_) => text.ends_with('\n'),
                    Ending::Char(_) => false,
                };
                if cut {
                    text.pop();
                }
                return Ok(Some((text, String::new())));
            }
            self.more(c).await?;
        }
    }
}
