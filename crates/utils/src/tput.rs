//! `tput`: what the terminal (an xterm with 256 colours) can do.

use crate::cli::{Cli, Run, Stop};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut args = std::mem::take(&mut c.args).into_iter().peekable();
    let mut term = c.var("TERM").unwrap_or("").to_owned();
    if let Some(t) = args.next_if(|a| a.starts_with("-T")) {
        term = if t.len() > 2 { t[2..].to_owned() } else { args.next().unwrap_or_default() };
    }
    if args.next_if(|a| a == "-V").is_some() {
        return c.put("ncurses 6.5.20250216\n").await;
    }
    if term.is_empty() {
        c.sys.eprint("tput: No value for $TERM and no -T specified\n").await;
        return Err(Stop::Code(2));
    }
    let Some(name) = args.next() else {
        c.sys.eprint("usage: tput [-V] [-S] [-x] [-T term] capname\n").await;
        return Err(Stop::Code(2));
    };
    let colors: i64 = match term.as_str() {
        "dumb" => -1,
        t if t.contains("256color") => 256,
        _ => 8,
    };
    let rest: Vec<u32> = args.map(|a| a.parse().unwrap_or(0)).collect();
    let n = |i: usize| rest.get(i).copied().unwrap_or(0);
    let size = match c.sys.win_size(1).await {
        Ok(s) => Ok(s),
        Err(_) => c.sys.win_size(2).await,
    };
    let text = match name.as_str() {
        "cols" => format!("{}\n", size.map_or(80, |s| s.cols)),
        "lines" => format!("{}\n", size.map_or(24, |s| s.rows)),
        "colors" => format!("{colors}\n"),
        "longname" => "xterm with 256 colors".to_owned(),
        "it" => "8\n".to_owned(),
        _ if colors < 0 => {
            return if matches!(name.as_str(), "bel" | "cr" | "ind") { Ok(()) } else { Err(Stop::Code(1)) };
        }
        "setaf" | "setab" => {
            let (base, bright) = if name == "setaf" { (30, 90) } else { (40, 100) };
            match n(0) {
                k @ 0..8 => format!("\x1b[{}m", base + k),
                k @ 8..16 if colors == 256 => format!("\x1b[{}m", bright + k - 8),
                k => format!("\x1b[{}8;5;{k}m", base / 10),
            }
        }
        "cup" => format!("\x1b[{};{}H", n(0) + 1, n(1) + 1),
        "hpa" => format!("\x1b[{}G", n(0) + 1),
        "cuu" | "cud" | "cuf" | "cub" => {
            let letter = match name.as_str() {
                "cuu" => 'A',
                "cud" => 'B',
                "cuf" => 'C',
                _ => 'D',
            };
            format!("\x1b[{}{letter}", n(0))
        }
        other => match SIMPLE.iter().find(|(k, _)| *k == other) {
            Some((_, text)) => (*text).to_owned(),
            None => {
                c.sys.eprint(format!("tput: unknown terminfo capability '{other}'\n")).await;
                return Err(Stop::Code(4));
            }
        },
    };
    c.put(text).await
}

/// Capabilities without parameters, as terminfo's xterm-256color has them.
const SIMPLE: &[(&str, &str)] = &[
    ("bel", "\x07"),
    ("blink", "\x1b[5m"),
    ("bold", "\x1b[1m"),
    ("civis", "\x1b[?25l"),
    ("clear", "\x1b[H\x1b[2J\x1b[3J"),
    ("cnorm", "\x1b[?12l\x1b[?25h"),
    ("cr", "\r"),
    ("cub1", "\x08"),
    ("cud1", "\n"),
    ("cuf1", "\x1b[C"),
    ("cuu1", "\x1b[A"),
    ("cvvis", "\x1b[?12;25h"),
    ("dim", "\x1b[2m"),
    ("ed", "\x1b[J"),
    ("el", "\x1b[K"),
    ("el1", "\x1b[1K"),
    ("home", "\x1b[H"),
    ("init", "\x1b[!p\x1b[?3;4l\x1b[4l\x1b>"),
    ("invis", "\x1b[8m"),
    ("op", "\x1b[39;49m"),
    ("rc", "\x1b8"),
    ("reset", "\x1bc\x1b]104\x07\x1b[!p\x1b[?3;4l\x1b[4l\x1b>"),
    ("rev", "\x1b[7m"),
    ("ritm", "\x1b[23m"),
    ("rmcup", "\x1b[?1049l\x1b[23;0;0t"),
    ("rmso", "\x1b[27m"),
    ("rmul", "\x1b[24m"),
    ("sc", "\x1b7"),
    ("sgr0", "\x1b(B\x1b[m"),
    ("sitm", "\x1b[3m"),
    ("smcup", "\x1b[?1049h\x1b[22;0;0t"),
    ("smso", "\x1b[7m"),
    ("smul", "\x1b[4m"),
];
