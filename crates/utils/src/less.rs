//! `less` and `more`: a pager.

use layerlab_kernel::{Errno, Fd, OpenFlags, Termios};

use crate::cli::{Cli, Run, input};

/// Runs it: on a terminal page by page, else as `cat`.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let (options, files): (Vec<String>, Vec<String>) =
        args.into_iter().partition(|a| a.len() > 1 && (a.starts_with('-') || a.starts_with('+')));
    let flag = |f: char| options.iter().any(|o| !o.starts_with("--") && o.contains(f));
    let stdin_tty = c.sys.is_atty(0).await;
    if files.is_empty() && stdin_tty {
        let text = if c.name == "more" {
            "more: bad usage\nTry 'more --help' for more information.\n"
        } else {
            "Missing filename (\"less --help\" for help)\n"
        };
        c.sys.eprint(text).await;
        c.code = 1;
        return Ok(());
    }
    let mut all = Vec::new();
    let files = if files.is_empty() { vec!["-".to_owned()] } else { files };
    for f in &files {
        match c.slurp(f).await {
            Ok(bytes) => {
                if c.name == "more" && f != "-" && !c.sys.is_atty(1).await {
                    let line = ":".repeat(14);
                    all.extend(format!("{line}\n{f}\n{line}\n").into_bytes());
                }
                all.extend(bytes);
            }
            Err(e) => {
                let text = if e == Errno::EISDIR { format!("{f} is a directory\n") } else { format!("{f}: {e}\n") };
                let text =
                    if c.name == "more" && e != Errno::EISDIR { format!("more: cannot open {f}: {e}\n") } else { text };
                c.sys.eprint(text).await;
                c.code = 1;
            }
        }
    }
    if !c.sys.is_atty(1).await {
        return c.put(all).await;
    }
    let size = c.sys.win_size(1).await.unwrap_or(layerlab_kernel::WinSize { rows: 24, cols: 80 });
    let (rows, cols) = (usize::from(size.rows.max(3)) - 1, usize::from(size.cols.max(10)));
    let mut lines: Vec<String> = Vec::new();
    for (i, l) in input::lines(&all).into_iter().enumerate() {
        let text = String::from_utf8_lossy(l).replace('\t', "        ");
        let text = if flag('N') { format!("{:>7} {text}", i + 1) } else { text };
        let chars: Vec<char> = text.chars().collect();
        // Escape sequences take no room, so coloured lines are left whole.
        if text.contains('\x1b') || chars.len() <= cols {
            lines.push(text);
        } else {
            lines.extend(chars.chunks(cols).map(|p| p.iter().collect::<String>()));
        }
    }
    if flag('F') && lines.len() <= rows {
        return c.put(all).await;
    }
    let keyboard = if stdin_tty { 0 } else { c.sys.open("/dev/tty", OpenFlags::READ, 0).await.unwrap_or(1) };
    let Ok(saved) = c.sys.tc_get_attr(keyboard).await else { return c.put(all).await };
    let _ = c.sys.tc_set_attr(keyboard, Termios::RAW).await;
    c.put("\x1b[?1049h").await?;
    let name = if files[0] == "-" { String::new() } else { files[0].clone() };
    let result = page(c, &lines, rows, keyboard, &name).await;
    c.put("\r\x1b[K\x1b[?1049l").await?;
    c.flush().await?;
    let _ = c.sys.tc_set_attr(keyboard, saved).await;
    result
}

async fn page(c: &mut Cli, lines: &[String], rows: usize, keyboard: Fd, name: &str) -> Run<()> {
    let last = lines.len().saturating_sub(rows);
    let (mut top, mut pattern, mut typing): (usize, String, Option<String>) = (0, String::new(), None);
    let mut message = name.to_owned();
    let mut pending = Vec::new();
    loop {
        let mut out = String::from("\x1b[H");
        for i in 0..rows {
            let text = lines.get(top + i).map_or("~", String::as_str);
            let shown = if pattern.is_empty() {
                text.to_owned()
            } else {
                text.replace(&pattern, &format!("\x1b[7m{pattern}\x1b[27m"))
            };
            out.push_str(&format!("\x1b[K{shown}\n"));
        }
        let status = match (&typing, message.is_empty()) {
            (Some(t), _) => format!("/{t}"),
            (None, false) => {
                format!("\x1b[7m{message}{}\x1b[27m", if top >= last && message == name { " (END)" } else { "" })
            }
            (None, true) if top >= last => "\x1b[7m(END)\x1b[27m".to_owned(),
            (None, true) => ":".to_owned(),
        };
        out.push_str(&format!("\x1b[K{status}"));
        c.put(out).await?;
        c.flush().await?;
        match c.sys.read(keyboard, 256).await {
            Ok(b) if b.is_empty() => return Ok(()),
            Ok(b) => pending.extend_from_slice(&b),
            Err(Errno::EINTR) => continue,
            Err(_) => return Ok(()),
        }
        for key in crate::nano::keys(&mut pending) {
            use crate::nano::Key::{Char, Ctrl, Named};
            message.clear();
            if let Some(t) = &mut typing {
                match key {
                    Char(ch) => t.push(ch),
                    Named("backspace") if t.pop().is_none() => typing = None,
                    Named("enter") => {
                        if !t.is_empty() {
                            pattern.clone_from(t);
                        }
                        typing = None;
                        match find(lines, &pattern, top + 1) {
                            Some(at) => top = at.min(last),
                            None => message = "Pattern not found  (press RETURN)".to_owned(),
                        }
                    }
                    Ctrl(b'C') => typing = None,
                    _ => {}
                }
                continue;
            }
            match key {
                Char('q' | 'Q') | Ctrl(b'C') => return Ok(()),
                Char(' ' | 'f') | Ctrl(b'F' | b'V') | Named("page down") => top = (top + rows).min(last),
                Char('b') | Ctrl(b'B') | Named("page up") => top = top.saturating_sub(rows),
                Char('d') | Ctrl(b'D') => top = (top + rows / 2).min(last),
                Char('u') | Ctrl(b'U') => top = top.saturating_sub(rows / 2),
                Char('j' | 'e') | Named("down" | "enter") => top = (top + 1).min(last),
                Char('k' | 'y') | Named("up") => top = top.saturating_sub(1),
                Char('g' | '<') | Named("home") => top = 0,
                Char('G' | '>') | Named("end") => top = last,
                Char('/') => typing = Some(String::new()),
                Char('n') => match find(lines, &pattern, top + 1) {
                    Some(at) => top = at.min(last),
                    None => message = "Pattern not found  (press RETURN)".to_owned(),
                },
                Char('N') => match lines.iter().take(top).rposition(|l| l.contains(&pattern)) {
                    Some(at) => top = at,
                    None => message = "Pattern not found  (press RETURN)".to_owned(),
                },
                _ => {}
            }
        }
    }
}

fn find(lines: &[String], pattern: &str, from: usize) -> Option<usize> {
    let hit = lines.iter().skip(from).position(|l| l.contains(pattern));
    hit.map(|n| n + from).filter(|_| !pattern.is_empty())
}
