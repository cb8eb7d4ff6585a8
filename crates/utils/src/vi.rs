//! `vi`: the editor that is everywhere, with the commands that people know by heart.

mod editor;
mod ex;
mod keys;
mod pattern;
mod text;

use layerlab_kernel::{Errno, FileType, Termios, WinSize};

use crate::cli::{Cli, Run, Stop};
use editor::{Editor, Mode, Want};
use ex::Job;
use text::Text;

/// What is open.
struct Session {
    editor: Editor,
    name: Option<String>,
    read_only: bool,
    top: usize,
    /// The line that says which file it is.
    title: String,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let read_only = c.name == "view" || args.iter().any(|a| a == "-R");
    if args.iter().any(|a| a == "--version") {
        return c.put("VIM - Vi IMproved 9.0 (simulated)\n").await;
    }
    if args.iter().any(|a| a == "--help" || a == "-h") {
        return c.put("Usage: vi [arguments] [file]\nEdit a file.\n\n  +<lnum>  Start at line <lnum>\n  -R       Readonly mode (like \"view\")\n  --version  Print version information and exit\n\nIn the editor: i inserts, Esc ends that, :w saves, :q quits, :q! without saving.\n").await;
    }
    let line = args.iter().find_map(|a| a.strip_prefix('+')).map(str::to_owned);
    let name = args.into_iter().find(|a| !a.starts_with(['-', '+']));
    let Ok(saved) = c.sys.tc_get_attr(0).await else {
        c.sys.eprint("Vim: Warning: Input is not from a terminal\n").await;
        return Err(Stop::Code(1));
    };
    let mut s = Session { editor: Editor::new(""), name, read_only, top: 0, title: String::new() };
    open(c, &mut s).await;
    match line.as_deref() {
        Some("") => s.editor.text.at.0 = s.editor.text.last(),
        Some(l) => s.editor.text.at.0 = l.parse::<usize>().unwrap_or(1).saturating_sub(1).min(s.editor.text.last()),
        None => {}
    }
    let _ = c.sys.tc_set_attr(0, Termios { nl_to_crnl: true, ..Termios::RAW }).await;
    c.put("\x1b[?1049h").await?;
    let result = live(c, &mut s, saved).await;
    let rows = c.sys.win_size(1).await.map_or(24, |s| s.rows);
    c.put(format!("\x1b[{rows};1H\x1b[K\x1b[?25h\x1b[?1049l")).await?;
    c.flush().await?;
    let _ = c.sys.tc_set_attr(0, saved).await;
    result
}

/// Reads the file.
async fn open(c: &Cli, s: &mut Session) {
    let number = s.editor.number;
    s.editor = Editor::new("");
    s.editor.number = number;
    let Some(name) = &s.name else { return };
    match c.sys.stat(name).await {
        Ok(st) if st.file_type == FileType::Dir => s.title = format!("\"{name}\" is a directory"),
        Ok(_) => match c.sys.read_file(name).await {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                s.editor.text = Text::new(&text);
                let ro = if s.read_only || c.sys.access(name, false, true, false).await.is_err() {
                    " [readonly]"
                } else {
                    ""
                };
                s.title = format!("\"{name}\"{ro} {}L, {}B", text.lines().count(), bytes.len());
            }
            Err(e) => s.title = format!("\"{name}\" [{e}]"),
        },
        Err(_) => s.title = format!("\"{name}\" [New]"),
    }
    s.editor.message.clone_from(&s.title);
}

async fn live(c: &mut Cli, s: &mut Session, saved: Termios) -> Run<()> {
    let mut bytes = Vec::new();
    loop {
        let size = c.sys.win_size(1).await.unwrap_or(WinSize { rows: 24, cols: 80 });
        s.editor.page = usize::from(size.rows).saturating_sub(3).max(1);
        let shown = draw(s, size);
        c.put(shown).await?;
        c.flush().await?;
        match c.sys.read(0, 1024).await {
            Ok(b) if b.is_empty() => return Ok(()),
            Ok(b) => bytes.extend_from_slice(&b),
            Err(Errno::EINTR) => continue,
            Err(_) => return Ok(()),
        }
        for key in keys::take(&mut bytes) {
            let over = match s.editor.press(key) {
                Want::Nothing => false,
                Want::Quit => true,
                Want::SaveAndQuit => {
                    let job = Job::Write { name: None, quit: true, force: false, only_changed: true };
                    carry_out(c, s, job, saved).await?
                }
                Want::Ex(line) => {
                    let job = ex::run(&mut s.editor, &line);
                    carry_out(c, s, job, saved).await?
                }
            };
            if over {
                return Ok(());
            }
        }
    }
}

/// Files and leaving; whether it is over.
async fn carry_out(c: &mut Cli, s: &mut Session, job: Job, saved: Termios) -> Run<bool> {
    match job {
        Job::Done => Ok(false),
        Job::Quit { force } => {
            if s.editor.changed && !force {
                "E37: No write since last change (add ! to override)".clone_into(&mut s.editor.message);
            }
            Ok(force || !s.editor.changed)
        }
        Job::Write { name, quit, force, only_changed } => {
            if only_changed && !s.editor.changed && name.is_none() {
                return Ok(quit);
            }
            let own = name.is_none() || name == s.name;
            let Some(path) = name.or_else(|| s.name.clone()) else {
                "E32: No file name".clone_into(&mut s.editor.message);
                return Ok(false);
            };
            if s.read_only && own && !force {
                "E45: 'readonly' option is set (add ! to override)".clone_into(&mut s.editor.message);
                return Ok(false);
            }
            let text = s.editor.text.text();
            let new = c.sys.stat(&path).await.is_err();
            let (lines, size) = (text.lines().count(), text.len());
            match c.sys.write_file(&path, text, 0o666).await {
                Ok(()) => {
                    let mark = if new { " [New]" } else { "" };
                    s.editor.message = format!("\"{path}\"{mark} {lines}L, {size}B written");
                    if own || s.name.is_none() {
                        s.editor.changed = false;
                        s.name = Some(path);
                    }
                    Ok(quit)
                }
                Err(e) => {
                    s.editor.message = format!("\"{path}\" E212: Can't open file for writing: {e}");
                    Ok(false)
                }
            }
        }
        Job::Edit { name, force } => {
            if s.editor.changed && !force {
                "E37: No write since last change (add ! to override)".clone_into(&mut s.editor.message);
                return Ok(false);
            }
            s.name = name.or_else(|| s.name.clone());
            open(c, s).await;
            Ok(false)
        }
        Job::Read { name, row } => {
            match c.sys.read_file(&name).await {
                Ok(b) => {
                    s.editor.keep();
                    s.editor.text.insert_lines(row + 1, &String::from_utf8_lossy(&b));
                }
                Err(_) => s.editor.message = format!("E484: Can't open file {name}"),
            }
            Ok(false)
        }
        Job::Shell(line) => {
            let _ = c.sys.tc_set_attr(0, saved).await;
            c.put("\x1b[?1049l").await?;
            let _ = c.run_child(vec!["sh".to_owned(), "-c".to_owned(), line]).await;
            c.put("\nPress ENTER or type command to continue").await?;
            c.flush().await?;
            let _ = c.sys.tc_set_attr(0, Termios { nl_to_crnl: true, ..Termios::RAW }).await;
            let _ = c.sys.read(0, 16).await;
            c.put("\x1b[?1049h").await?;
            Ok(false)
        }
    }
}

/// A line's text with tabs expanded, and the column of each of its characters (and of its end).
fn columns(line: &[char]) -> (Vec<(char, usize)>, usize) {
    let (mut out, mut width) = (Vec::new(), 0);
    for c in line {
        out.push((*c, width));
        width += if *c == '\t' { 8 - width % 8 } else { crate::cli::human_width(c.encode_utf8(&mut [0; 4])).max(1) };
    }
    (out, width)
}

/// The whole screen.
fn draw(s: &mut Session, size: WinSize) -> String {
    let e = &s.editor;
    let (rows, cols) = (usize::from(size.rows).max(2), usize::from(size.cols).max(10));
    let height = rows - 1;
    let (row, col) = e.text.at;
    if row < s.top {
        s.top = row;
    } else if row >= s.top + height {
        s.top = row + 1 - height;
    }
    let gutter = if e.number { 8.min(cols / 2) } else { 0 };
    let room = cols - gutter;
    let (places, end) = columns(e.text.line());
    let column = places.get(col).map_or(end, |p| p.1);
    let shift = if column >= room { (column + 1 - room).next_multiple_of(room / 2) } else { 0 };
    let picked = |r: usize, i: usize| match e.mode {
        Mode::VisualLine => (e.anchor.0.min(row)..=e.anchor.0.max(row)).contains(&r),
        Mode::Visual => {
            let (a, b) = if e.anchor <= e.text.at { (e.anchor, e.text.at) } else { (e.text.at, e.anchor) };
            (r, i) >= a && (r, i) <= b
        }
        _ => false,
    };
    let mut out = String::from("\x1b[?25l");
    for i in 0..height {
        out.push_str(&format!("\x1b[{};1H\x1b[K", i + 1));
        let r = s.top + i;
        let Some(line) = e.text.lines.get(r) else {
            out.push_str("\x1b[94m~\x1b[0m");
            continue;
        };
        if gutter > 0 {
            out.push_str(&format!("\x1b[33m{:>w$} \x1b[0m", r + 1, w = gutter - 1));
        }
        let left = if r == row { shift } else { 0 };
        let (chars, width) = columns(line);
        let mut lit = false;
        for (n, (ch, at)) in chars.iter().enumerate() {
            let next = chars.get(n + 1).map_or(width, |p| p.1);
            if *at < left || next > left + room {
                continue;
            }
            if picked(r, n) != lit {
                lit = !lit;
                out.push_str(if lit { "\x1b[7m" } else { "\x1b[27m" });
            }
            match ch {
                '\t' => out.push_str(&" ".repeat(next - at)),
                c if c.is_control() => out.push('?'),
                c => out.push(*c),
            }
        }
        if lit {
            out.push_str("\x1b[27m");
        }
    }
    out.push_str(&format!("\x1b[{rows};1H\x1b[K"));
    let mut cursor = (row - s.top + 1, gutter + column - shift + 1);
    match e.mode {
        Mode::Prompt(lead) => {
            out.push_str(&format!("{lead}{}", e.prompt));
            cursor = (rows, e.prompt.chars().count() + 2);
        }
        mode => {
            let bold = |t: &str| format!("\x1b[1m-- {t} --\x1b[0m");
            let left = match mode {
                Mode::Insert => bold("INSERT"),
                Mode::Replace => bold("REPLACE"),
                Mode::Visual => bold("VISUAL"),
                Mode::VisualLine => bold("VISUAL LINE"),
                _ => e.message.chars().take(cols.saturating_sub(20)).collect(),
            };
            out.push_str(&left);
            let total = e.text.lines.len();
            let place = if total <= height {
                "All".to_owned()
            } else if s.top == 0 {
                "Top".to_owned()
            } else if s.top + height >= total {
                "Bot".to_owned()
            } else {
                format!("{}%", s.top * 100 / (total - height))
            };
            let spot = format!("{},{}", row + 1, col + 1);
            out.push_str(&format!("\x1b[{rows};{}H{:<7}{spot:<14}{place}", cols.saturating_sub(28).max(1), e.typed()));
        }
    }
    out.push_str(&format!("\x1b[{};{}H\x1b[?25h", cursor.0, cursor.1));
    out
}

#[cfg(test)]
mod tests {
    use super::editor::Want;
    use super::*;

    /// Types keys (`\x1b` is Esc, `\n` Enter) into a text; the text afterwards.
    fn edit(text: &str, typed: &str) -> String {
        let mut e = Editor::new(text);
        for k in keys::take(&mut typed.as_bytes().to_vec()) {
            if let Want::Ex(line) = e.press(k) {
                ex::run(&mut e, &line);
            }
        }
        e.text.text()
    }

    // Each was typed into vim 9.0 (`vim -u NONE -N -s KEYS FILE`).
    #[test]
    fn keys_change_the_text_as_in_vim() {
        for (text, typed, expected) in [
            ("one two\n", "ihello \x1b", "hello one two\n"),
            ("one two\n", "A!\x1b", "one two!\n"),
            ("one\ntwo\n", "onew\x1b", "one\nnew\ntwo\n"),
            ("one\ntwo\n", "jOnew\x1b", "one\nnew\ntwo\n"),
            ("one\ntwo\nthree\n", "jdd", "one\nthree\n"),
            ("one\ntwo\nthree\n", "ddp", "two\none\nthree\n"),
            ("one\ntwo\nthree\n", "2ddGp", "three\none\ntwo\n"),
            ("one two three\n", "dw", "two three\n"),
            ("one two three\n", "wcwXX\x1b", "one XX three\n"),
            ("one two three\n", "d2w", "three\n"),
            ("one two three\n", "wD", "one \n"),
            ("one two three\n", "$x", "one two thre\n"),
            ("one two\n", "xu", "one two\n"),
            ("one two three\n", "dw.", "three\n"),
            ("a\nb\n", "yyjp", "a\nb\na\n"),
            ("one two\n", "ylvep", "o two\n"),
            ("a b c\n", "wi(\x1bf a)\x1b", "a (b )c\n"),
            ("key: old\n", "f:wciwnew\x1b", "key: new\n"),
            ("say \"hi there\"\n", "f\"ci\"bye\x1b", "say \"bye\"\n"),
            ("f(a, b)\n", "f(di(", "f()\n"),
            ("a\nb\nc\n", "VjdP", "a\nb\nc\n"),
            ("a\nb\nc\n", "J", "a b\nc\n"),
            ("abc\n", "~~", "ABc\n"),
            ("x\n", "rZ", "Z\n"),
            ("one\n", ">>", "\tone\n"),
            ("a a\nb a\n", ":%s/a/X/g\n", "X X\nb X\n"),
            ("a a\nb a\n", ":s/a/<&>/\n", "<a> a\nb a\n"),
            ("a1\nb2\n", ":%s/\\([a-z]\\)\\([0-9]\\)/\\2\\1/\n", "1a\n2b\n"),
            ("a\nb\nc\nd\n", ":2,3d\n", "a\nd\n"),
            ("a\nb\nab\n", ":g/a/d\n", "b\n"),
            ("one\ntwo two\n", "/two\ncwTWO\x1bn.", "one\nTWO TWO\n"),
            ("a\nb\nc\n", "Gdgg", ""),
            ("if (x) { y }\n", "f{d%", "if (x) \n"),
            ("one two\n", "wdb", "two\n"),
            ("one two\n", "de", " two\n"),
            ("a,b\n", "dt,", ",b\n"),
            ("one\n", "cctwo\x1b", "two\n"),
            ("one\n", "Stwo\x1b", "two\n"),
            ("one\n", "3ix\x1b", "xxxone\n"),
        ] {
            assert_eq!(edit(text, typed), expected, "{typed:?}");
        }
    }
}
