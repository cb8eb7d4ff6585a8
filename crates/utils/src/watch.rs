//! `watch`: runs a command again and again, its output on the whole screen.

use layerlab_kernel::{Errno, ExitStatus, PollFd, SimTime, WaitFlags, WaitFor, WinSize};

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[options] command",
    "Execute a program periodically, showing output fullscreen.",
    "+b|beep c|color C|no-color d|differences? e|errexit g|chgexit q|equexit= n|interval= p|precise t|no-title w|no-wrap x|exec",
)
.version("procps-ng) 4.0.4 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() {
        c.sys.eprint("\nUsage:\n watch [options] command\n\nOptions:\n  -c, --color            interpret ANSI color and style sequences\n  -d, --differences[=<permanent>]\n                         highlight changes between updates\n  -e, --errexit          exit if command has a non-zero exit\n  -g, --chgexit          exit when output from command changes\n  -n, --interval <secs>  seconds to wait between updates\n  -t, --no-title         turn off header\n  -x, --exec             pass command to exec instead of \"sh -c\"\n\nFor more details see watch(1).\n").await;
        return Err(Stop::Code(1));
    }
    let interval = match p.value("n") {
        None => SimTime::secs(2),
        Some(v) => match crate::sleep::duration(&v.replace(',', ".")) {
            Some(d) => d.max(SimTime::millis(100)),
            None => return c.die(1, format!("failed to parse argument: '{v}': Invalid argument")).await,
        },
    };
    let line = p.operands.join(" ");
    let argv = if p.has("x") { p.operands.clone() } else { vec!["sh".to_owned(), "-c".to_owned(), line.clone()] };
    let saved = c.sys.tc_get_attr(0).await;
    if let Ok(t) = saved {
        let _ = c.sys.tc_set_attr(0, layerlab_kernel::Termios { echo: false, canonical: false, ..t }).await;
    }
    c.put("\x1b[?1049h\x1b[?25l").await?;
    let (mut before, mut code): (Option<String>, i32) = (None, 0);
    loop {
        let size = c.sys.win_size(1).await.unwrap_or(WinSize { rows: 24, cols: 80 });
        let (rows, cols) = (usize::from(size.rows), usize::from(size.cols));
        let Some((text, status)) = output(c, argv.clone()).await else {
            code = 1;
            break;
        };
        let mut out = String::from("\x1b[H\x1b[2J");
        let mut room = rows;
        if !p.has("t") {
            out.push_str(&title(c, interval, &line, cols).await);
            room = rows.saturating_sub(2);
        }
        out.push_str(&body(&text, before.as_deref().filter(|_| p.has("d")), (room, cols), p.has("c"), p.has("w")));
        c.put(out).await?;
        c.flush().await?;
        if p.has("e") && status.code() != 0 {
            c.put("\r\ncommand exit with a non-zero status, press a key to exit").await?;
            c.flush().await?;
            let _ = c.sys.read(0, 1).await;
            code = 8;
            break;
        }
        if p.has("g") && before.as_ref().is_some_and(|b| *b != text) {
            break;
        }
        before = Some(text);
        let key = PollFd { fd: 0, read: true, write: false };
        let fds = if saved.is_ok() { vec![key] } else { Vec::new() };
        match c.sys.poll(fds, Some(interval)).await {
            Ok(ready) if !ready.is_empty() => {
                let bytes = c.sys.read(0, 16).await.unwrap_or_default();
                if bytes.is_empty() || bytes.contains(&b'q') || bytes.contains(&3) {
                    break;
                }
            }
            Ok(_) => {}
            Err(Errno::EINTR) => break,
            Err(_) => {
                let _ = c.sys.sleep(interval).await;
            }
        }
    }
    c.put("\x1b[?25h\x1b[?1049l").await?;
    c.flush().await?;
    if let Ok(t) = saved {
        let _ = c.sys.tc_set_attr(0, t).await;
    }
    if code == 0 { Ok(()) } else { Err(Stop::Code(code)) }
}

/// What the command writes, and how it ended.
async fn output(c: &mut Cli, argv: Vec<String>) -> Option<(String, ExitStatus)> {
    let (r, w) = c.sys.pipe().await.ok()?;
    let pid = c.start(argv, &[(1, w), (2, w)]).await;
    let _ = c.sys.close(w).await;
    let text = match &pid {
        Ok(_) => c.sys.read_all(r).await.unwrap_or_default(),
        Err(e) => format!("sh: 1: {e}\n").into_bytes(),
    };
    let _ = c.sys.close(r).await;
    let status = match pid {
        Ok(pid) => c.sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await.ok()?.1,
        Err(_) => ExitStatus::Code(127),
    };
    Some((String::from_utf8_lossy(&text).into_owned(), status))
}

async fn title(c: &Cli, interval: SimTime, line: &str, cols: usize) -> String {
    let tenths = interval.0 / 100_000_000;
    let left = format!("Every {}.{}s: ", tenths / 10, tenths % 10);
    let host = c.sys.uname().await.map(|u| u.nodename).unwrap_or_default();
    let right =
        format!("{host}: {}", c.zone().await.format("%a %b %e %H:%M:%S %Y", c.sys.wall_clock() / 1_000_000_000, 0));
    let room = cols.saturating_sub(left.len() + right.len() + 1);
    let shown: String = if line.chars().count() > room {
        format!("{}...", line.chars().take(room.saturating_sub(3)).collect::<String>())
    } else {
        line.to_owned()
    };
    format!("{left}{shown:<room$} {right}\r\n\r\n")
}

/// The lines that fit; characters that differ from `before` are reversed.
fn body(text: &str, before: Option<&str>, (rows, cols): (usize, usize), color: bool, cut: bool) -> String {
    let wrap = |t: &str| -> Vec<Vec<char>> {
        let clean = if color { t.to_owned() } else { plain(t) };
        let mut all = Vec::new();
        for l in clean.replace('\t', "        ").lines() {
            let chars: Vec<char> = l.chars().collect();
            if color || cut || chars.len() <= cols {
                all.push(chars.into_iter().take(if color { usize::MAX } else { cols }).collect());
            } else {
                all.extend(chars.chunks(cols.max(1)).map(<[char]>::to_vec));
            }
        }
        all
    };
    let (now, old) = (wrap(text), before.map(wrap));
    let mut out = String::new();
    for (y, line) in now.iter().take(rows).enumerate() {
        if y > 0 {
            out.push_str("\r\n");
        }
        let mut lit = false;
        for (x, ch) in line.iter().enumerate() {
            let differs = old.as_ref().is_some_and(|o| o.get(y).and_then(|l| l.get(x)) != Some(ch));
            if differs != lit {
                out.push_str(if differs { "\x1b[7m" } else { "\x1b[27m" });
                lit = differs;
            }
            out.push(*ch);
        }
        if lit {
            out.push_str("\x1b[27m");
        }
    }
    out
}

/// Without escape sequences.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(ch) = chars.next() {
        if ch == '\x1b' {
            if chars.next() == Some('[') {
                for d in chars.by_ref() {
                    if d.is_ascii_alphabetic() {
                        break;
                    }
                }
            }
        } else {
            out.push(ch);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_reversed() {
        assert_eq!(body("a1\nb2\n", Some("a1\nb1\n"), (9, 80), false, false), "a1\r\nb\x1b[7m2\x1b[27m");
        assert_eq!(body("abcdef\n", None, (9, 4), false, false), "abcd\r\nef");
        assert_eq!(body("\x1b[31mred\x1b[0m\n", None, (9, 4), false, false), "red");
    }
}
