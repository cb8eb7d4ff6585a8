//! The connection to a container's input and output.

use layerlab_api::client::Hijacked;
use layerlab_api::detach::detach_keys;
use layerlab_api::query::Query;
use layerlab_api::stdcopy::{Decoder, Stream};
use layerlab_kernel::{Disposition, Errno, PollFd, Signal, Termios};

use crate::cli::Cli;
use crate::error::CliError;

/// Signals that docker passes on to the container.
const PROXIED: &[Signal] = &[Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM, Signal::USR1, Signal::USR2];

/// How the streams are joined.
pub(crate) struct Streams<'a> {
    pub(crate) stdin: bool,
    pub(crate) tty: bool,
    /// Signals go here: `/containers/<id>`.
    pub(crate) signals_to: Option<String>,
    /// The terminal's size goes here: `/containers/<id>` or `/exec/<id>`.
    pub(crate) resize: Option<String>,
    /// Names of the keys that detach; empty: the usual ones.
    pub(crate) detach_keys: &'a str,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The container closed its streams.
    Closed,
    /// The keys were typed.
    Detached,
}

/// A terminal in raw mode, with what it was before.
pub(crate) struct RawTerminal(Option<Termios>);

impl RawTerminal {
    pub(crate) async fn enter(cli: &Cli) -> Self {
        let before = cli.sys.tc_get_attr(0).await.ok();
        if before.is_some() {
            let _ = cli.sys.tc_set_attr(0, Termios { nl_to_crnl: false, ..Termios::RAW }).await;
        }
        Self(before)
    }
    pub(crate) async fn leave(self, cli: &Cli) {
        if let Some(t) = self.0 {
            let _ = cli.sys.tc_set_attr(0, t).await;
        }
    }
}

/// Tells the daemon the terminal's size.
pub(crate) async fn resize(cli: &Cli, target: &str) {
    if let Ok(size) = cli.sys.win_size(1).await {
        let query = Query::default().with("h", size.rows.to_string()).with("w", size.cols.to_string());
        let _ = cli.do_("POST", &format!("{target}/resize"), query).await;
    }
}

/// Control and P, control and Q.
const DETACH: [u8; 2] = [16, 17];

/// Catches the signals that [`join`] passes on.
pub(crate) async fn catch_signals(cli: &Cli, proxy: bool, tty: bool) {
    if proxy {
        for s in PROXIED {
            let _ = cli.sys.sigaction(*s, Disposition::Catch).await;
        }
    }
    if tty {
        let _ = cli.sys.sigaction(Signal::WINCH, Disposition::Catch).await;
    }
}

/// What the client says where detaching is no success.
pub(crate) const DETACHED: &str = "read escape sequence";

/// Refuses input that is wanted for a terminal and comes from none (docker/cli `streams/in.go`).
pub(crate) async fn check_tty(cli: &Cli, wanted: bool) -> Result<(), CliError> {
    if wanted && !cli.sys.is_atty(0).await {
        return Err(CliError::new("cannot attach stdin to a TTY-enabled container because stdin is not a terminal"));
    }
    Ok(())
}

/// The query of an attach.
pub(crate) fn streams_query(stdin: bool, stdout: bool, stderr: bool, detach_keys: &str) -> Query {
    let query = Query::default();
    let query = if detach_keys.is_empty() { query } else { query.with("detachKeys", detach_keys) };
    query.flag("stream", true).flag("stdin", stdin).flag("stdout", stdout).flag("stderr", stderr)
}

/// A whole attached stay: the person's terminal is raw meanwhile (if `terminal`), the other side learns
/// its size, bytes pass both ways, and the connection is closed in the end.
pub(crate) async fn stay(cli: &Cli, conn: &Hijacked, streams: &Streams<'_>, terminal: bool) -> Result<Ended, CliError> {
    let raw = if terminal { Some(RawTerminal::enter(cli).await) } else { None };
    if let Some(path) = &streams.resize {
        resize(cli, path).await;
    }
    let result = join(cli, conn, streams).await;
    if let Some(raw) = raw {
        raw.leave(cli).await;
    }
    let _ = cli.sys.close(conn.fd).await;
    result
}

/// Passes bytes both ways until the container closes or the keys are typed.
async fn join(cli: &Cli, conn: &Hijacked, s: &Streams<'_>) -> Result<Ended, CliError> {
    let mut decoder = Decoder::default();
    let raw = s.tty || conn.raw;
    let keys = detach_keys(s.detach_keys).unwrap_or(DETACH.to_vec());
    let mut matched = 0;
    let mut stdin = s.stdin;
    output(cli, &mut decoder, raw, &conn.early).await?;
    loop {
        let mut fds = vec![PollFd { fd: conn.fd, read: true, write: false }];
        if stdin {
            fds.push(PollFd { fd: 0, read: true, write: false });
        }
        let ready = match cli.sys.poll(fds, None).await {
            Ok(r) => r,
            Err(Errno::EINTR) => {
                pass_signals(cli, s).await;
                continue;
            }
            Err(e) => return Err(e.into()),
        };
        if ready.iter().any(|r| r.fd == conn.fd && r.read) {
            match cli.sys.read(conn.fd, 1 << 16).await {
                Ok(data) if data.is_empty() => return Ok(Ended::Closed),
                Ok(data) => output(cli, &mut decoder, raw, &data).await?,
                Err(Errno::EINTR) => pass_signals(cli, s).await,
                Err(_) => return Ok(Ended::Closed),
            }
        }
        if stdin && ready.iter().any(|r| r.fd == 0 && r.read) {
            match cli.sys.read(0, 1 << 16).await {
                Ok(data) if data.is_empty() => {
                    stdin = false;
                    let _ = cli.sys.shutdown(conn.fd, false, true).await;
                }
                Ok(data) => {
                    let (send, detach) =
                        if s.tty { watch_keys(&data, &keys, &mut matched) } else { (data.to_vec(), false) };
                    if !send.is_empty() && cli.sys.write_all(conn.fd, send).await.is_err() {
                        stdin = false;
                    }
                    if detach {
                        return Ok(Ended::Detached);
                    }
                }
                Err(Errno::EINTR) => pass_signals(cli, s).await,
                Err(_) => stdin = false,
            }
        }
    }
}

/// What to send on of typed bytes; the keys are held back until they turn out to be others.
fn watch_keys(data: &[u8], keys: &[u8], matched: &mut usize) -> (Vec<u8>, bool) {
    let mut send = Vec::new();
    for b in data {
        if keys.get(*matched) == Some(b) {
            *matched += 1;
            if *matched == keys.len() {
                return (send, true);
            }
            continue;
        }
        send.extend(keys.get(..*matched).unwrap_or(&[]));
        *matched = usize::from(keys.first() == Some(b));
        if *matched == 0 {
            send.push(*b);
        }
    }
    (send, false)
}

async fn pass_signals(cli: &Cli, s: &Streams<'_>) {
    for signal in cli.sys.take_signals() {
        if signal == Signal::WINCH {
            if let Some(target) = &s.resize {
                resize(cli, target).await;
            }
        } else if let Some(target) = &s.signals_to {
            let _ = cli.do_("POST", &format!("{target}/kill"), Query::default().with("signal", signal.name())).await;
        }
    }
}

/// Writes what came: raw, or frames to standard output and error.
pub(crate) async fn output(cli: &Cli, decoder: &mut Decoder, raw: bool, data: &[u8]) -> Result<(), CliError> {
    if raw {
        return Ok(cli.sys.write_all(1, data).await?);
    }
    for (stream, bytes) in decoder.push(data) {
        let fd = if stream == Stream::Stderr { 2 } else { 1 };
        cli.sys.write_all(fd, bytes).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detach_keys_are_found_over_reads() {
        let keys = DETACH;
        assert_eq!(keys, [16, 17]);
        let mut m = 0;
        assert_eq!(watch_keys(b"a\x10", &keys, &mut m), (b"a".to_vec(), false));
        assert_eq!(watch_keys(b"\x11b", &keys, &mut m), (vec![], true));
        let mut m = 0;
        assert_eq!(watch_keys(b"\x10x", &keys, &mut m), (b"\x10x".to_vec(), false));
    }
}
