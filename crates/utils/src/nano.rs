//! `nano`: a small editor on the terminal.

mod buffer;
mod screen;

use layerlab_kernel::{Errno, FileType, Termios, WinSize};

use crate::cli::{Cli, Run, Stop};
use buffer::Buffer;
use screen::Screen;

/// A key as the editor knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// A character.
    Char(char),
    /// ^X.
    Ctrl(u8),
    /// A cursor or editing key by its xterm name.
    Named(&'static str),
}

/// Keys from bytes as a terminal sends them; what is incomplete stays.
pub(crate) fn keys(bytes: &mut Vec<u8>) -> Vec<Key> {
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        match b {
            27 => {
                let rest = &bytes[i..];
                let table: [(&[u8], &'static str); 17] = [
                    (b"\x1b[A", "up"),
                    (b"\x1b[B", "down"),
                    (b"\x1b[C", "right"),
                    (b"\x1b[D", "left"),
                    (b"\x1bOA", "up"),
                    (b"\x1bOB", "down"),
                    (b"\x1bOC", "right"),
                    (b"\x1bOD", "left"),
                    (b"\x1b[H", "home"),
                    (b"\x1bOH", "home"),
                    (b"\x1b[F", "end"),
                    (b"\x1bOF", "end"),
                    (b"\x1b[3~", "delete"),
                    (b"\x1b[5~", "page up"),
                    (b"\x1b[6~", "page down"),
                    (b"\x1b[1~", "home"),
                    (b"\x1b[4~", "end"),
                ];
                match table.iter().find(|(seq, _)| rest.starts_with(seq)) {
                    Some((seq, name)) => {
                        out.push(Key::Named(name));
                        i += seq.len();
                    }
                    None => {
                        // An unknown sequence ends with a letter or ~.
                        let end = rest
                            .iter()
                            .skip(2)
                            .position(|b| b.is_ascii_alphabetic() || *b == b'~')
                            .map_or(rest.len(), |n| n + 3);
                        i += if rest.get(1) == Some(&b'[') { end } else { 1 };
                    }
                }
            }
            b'\r' | b'\n' => {
                out.push(Key::Named("enter"));
                i += 1;
            }
            127 | 8 => {
                out.push(Key::Named("backspace"));
                i += 1;
            }
            b'\t' => {
                out.push(Key::Char('\t'));
                i += 1;
            }
            0..32 => {
                out.push(Key::Ctrl(b + 64));
                i += 1;
            }
            _ => {
                let n = match b {
                    0..0x80 => 1,
                    0xc0..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    0xf0.. => 4,
                    _ => 1,
                };
                let Some(part) = bytes.get(i..i + n) else { break };
                out.extend(std::str::from_utf8(part).ok().and_then(|t| t.chars().next()).map(Key::Char));
                i += n;
            }
        }
    }
    bytes.drain(..i);
    out
}

/// What the line above the help says, or asks.
enum Mode {
    Edit,
    /// "Save modified buffer?"
    SaveBeforeExit,
    /// A file name is asked for; `exit` afterwards.
    WriteName {
        text: String,
        exit: bool,
    },
    Search {
        text: String,
    },
}

struct Editor {
    buffer: Buffer,
    name: String,
    mode: Mode,
    message: String,
    last_search: String,
    size: WinSize,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut operands: Vec<String> = std::mem::take(&mut c.args).into_iter().filter(|a| !a.starts_with('-')).collect();
    let line = operands.first().and_then(|o| o.strip_prefix('+')).and_then(|n| n.parse::<usize>().ok());
    if line.is_some() {
        operands.remove(0);
    }
    let name = operands.first().cloned().unwrap_or_default();
    let Ok(saved) = c.sys.tc_get_attr(0).await else {
        c.sys.eprint("Standard input is not a terminal\n").await;
        return Err(Stop::Code(1));
    };
    let mut e = Editor {
        buffer: Buffer::default(),
        name: name.clone(),
        mode: Mode::Edit,
        message: String::new(),
        last_search: String::new(),
        size: WinSize { rows: 24, cols: 80 },
    };
    if !name.is_empty() {
        let directory = c.sys.stat(&name).await.is_ok_and(|s| s.file_type == FileType::Dir);
        match c.sys.read_file(&name).await {
            _ if directory => e.message = format!("{name} is a directory"),
            Ok(bytes) => {
                e.buffer = Buffer::from_text(&String::from_utf8_lossy(&bytes));
                let n = e.buffer.shown_lines();
                e.message = format!("Read {n} line{}", if n == 1 { "" } else { "s" });
            }
            Err(Errno::ENOENT) => e.message = "New File".to_owned(),
            Err(err) => e.message = format!("Error reading {name}: {err}"),
        }
        if directory {
            e.name.clear();
        }
    }
    if let Some(n) = line {
        e.buffer.row = n.saturating_sub(1).min(e.buffer.lines.len().saturating_sub(1));
    }
    let _ = c.sys.tc_set_attr(0, Termios::RAW).await;
    c.put("\x1b[?1049h\x1b[?1h").await?;
    let result = edit(c, &mut e).await;
    c.put("\x1b[?1l\x1b[?1049l").await?;
    c.flush().await?;
    let _ = c.sys.tc_set_attr(0, saved).await;
    result
}

async fn edit(c: &mut Cli, e: &mut Editor) -> Run<()> {
    let mut pending = Vec::new();
    let mut screen = Screen::default();
    loop {
        if let Ok(size) = c.sys.win_size(0).await
            && size.rows > 5
            && size.cols > 10
        {
            e.size = size;
        }
        let prompt = match &e.mode {
            Mode::Edit => None,
            Mode::SaveBeforeExit => Some("Save modified buffer? ".to_owned()),
            Mode::WriteName { text, .. } => Some(format!("File Name to Write: {text}")),
            Mode::Search { text } if e.last_search.is_empty() => Some(format!("Search: {text}")),
            Mode::Search { text } => Some(format!("Search [{}]: {text}", e.last_search)),
        };
        let yes_no = matches!(e.mode, Mode::SaveBeforeExit);
        let text = screen.draw(&e.buffer, &e.name, &e.message, prompt.as_deref(), yes_no, e.size);
        c.put(text).await?;
        c.flush().await?;
        match c.sys.read(0, 4096).await {
            Ok(bytes) if bytes.is_empty() => return Ok(()),
            Ok(bytes) => pending.extend_from_slice(&bytes),
            Err(Errno::EINTR) => continue,
            Err(_) => return Ok(()),
        }
        for key in keys(&mut pending) {
            if !press(c, e, key).await {
                return Ok(());
            }
        }
    }
}

/// One key; false ends the editor.
async fn press(c: &mut Cli, e: &mut Editor, key: Key) -> bool {
    match &mut e.mode {
        Mode::Edit => {
            e.message.clear();
            match key {
                Key::Ctrl(b'X') if e.buffer.modified => e.mode = Mode::SaveBeforeExit,
                Key::Ctrl(b'X') => return false,
                Key::Ctrl(b'O') => e.mode = Mode::WriteName { text: e.name.clone(), exit: false },
                Key::Ctrl(b'S') if !e.name.is_empty() => {
                    let name = e.name.clone();
                    save(c, e, &name).await;
                }
                Key::Ctrl(b'W') => e.mode = Mode::Search { text: String::new() },
                Key::Ctrl(b'C') => {
                    let (row, all) = (e.buffer.row + 1, e.buffer.lines.len());
                    e.message = format!("line {row}/{all} ({}%), col {}", row * 100 / all.max(1), e.buffer.col + 1);
                }
                key => e.buffer.press(key, usize::from(e.size.rows.saturating_sub(5))),
            }
        }
        Mode::SaveBeforeExit => match key {
            Key::Char('y' | 'Y') => e.mode = Mode::WriteName { text: e.name.clone(), exit: true },
            Key::Char('n' | 'N') => return false,
            Key::Ctrl(b'C') => {
                e.mode = Mode::Edit;
                e.message = "Cancelled".to_owned();
            }
            _ => {}
        },
        Mode::WriteName { text, exit } => match key {
            Key::Char(ch) => text.push(ch),
            Key::Named("backspace") => drop(text.pop()),
            Key::Ctrl(b'C') => {
                e.mode = Mode::Edit;
                e.message = "Cancelled".to_owned();
            }
            Key::Named("enter") if !text.is_empty() => {
                let (name, exit) = (text.clone(), *exit);
                e.mode = Mode::Edit;
                if save(c, e, &name).await && exit {
                    return false;
                }
            }
            Key::Named("enter") => {
                e.mode = Mode::Edit;
                e.message = "Cancelled".to_owned();
            }
            _ => {}
        },
        Mode::Search { text } => match key {
            Key::Char(ch) => text.push(ch),
            Key::Named("backspace") => drop(text.pop()),
            Key::Ctrl(b'C') => {
                e.mode = Mode::Edit;
                e.message = "Cancelled".to_owned();
            }
            Key::Named("enter") => {
                if !text.is_empty() {
                    e.last_search = text.clone();
                }
                e.mode = Mode::Edit;
                e.message = match e.buffer.search(&e.last_search) {
                    Some(true) => "Search Wrapped".to_owned(),
                    Some(false) => String::new(),
                    None => format!("\"{}\" not found", e.last_search),
                };
            }
            _ => {}
        },
    }
    true
}

async fn save(c: &mut Cli, e: &mut Editor, name: &str) -> bool {
    let text = e.buffer.text();
    match c.sys.write_file(name, text, 0o666).await {
        Ok(()) => {
            let n = e.buffer.shown_lines();
            e.message = format!("Wrote {n} line{}", if n == 1 { "" } else { "s" });
            name.clone_into(&mut e.name);
            e.buffer.modified = false;
            true
        }
        Err(err) => {
            e.message = format!("Error writing {name}: {err}");
            false
        }
    }
}
