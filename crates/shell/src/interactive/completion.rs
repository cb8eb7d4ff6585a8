//! What could stand before the cursor: commands, files, variables; for docker, its client is asked.

use std::rc::Rc;

use layerlab_kernel::sorted::SortedSet;
use layerlab_kernel::{Cx, FileType};

use crate::edit::{Candidate, Editor};
use crate::eval::{ExecFrame, Shell, Task};

/// Where completions come from.
pub(super) enum Found {
    /// They are known: the word's start, the candidates, what follows a single one.
    List(usize, Vec<Candidate>, &'static str),
    /// A program knows: the word's start, the command to run.
    Ask(usize, Vec<String>),
}

/// Programs that answer `__complete ARGS…` as cobra's do.
const COBRA: &[&str] = &["docker", "docker-compose"];

/// Words after which a command stands.
const BEFORE: &[&str] = &[
    "sudo", "time", "exec", "command", "!", "if", "then", "do", "while", "until", "else", "elif", "{", "nohup", "nice",
    "xargs", "watch", "env", "which", "type",
];

/// The words of the command that the cursor is in; the last is what is being completed, with the
/// place in characters where it starts and its open quote.
fn words(line: &[char]) -> (Vec<String>, usize, Option<char>) {
    let mut words: Vec<String> = Vec::new();
    let (mut current, mut start, mut started) = (String::new(), 0, false);
    let mut quote = None;
    let mut i = 0;
    while let Some(&c) = line.get(i) {
        match (quote, c) {
            (None, ' ' | '\t' | '\n') => {
                if started {
                    words.push(std::mem::take(&mut current));
                    started = false;
                }
            }
            (None, ';' | '&' | '|' | '(') => {
                words.clear();
                current.clear();
                started = false;
            }
            (None, '<' | '>') => {
                current.clear();
                started = false;
                // What follows is a file.
                words.push(">".into());
            }
            (None, '\'' | '"') => {
                quote = Some(c);
                if !started {
                    (started, start) = (true, i);
                }
            }
            (Some(q), c) if q == c => quote = None,
            (q, '\\') if q != Some('\'') && i + 1 < line.len() => {
                if !started {
                    (started, start) = (true, i);
                }
                i += 1;
                current.extend(line.get(i));
            }
            (_, c) => {
                if !started {
                    (started, start) = (true, i);
                }
                current.push(c);
            }
        }
        i += 1;
    }
    if !started {
        start = line.len();
    }
    words.push(current);
    (words, start, quote)
}

fn quote_name(name: &str, open: Option<char>) -> String {
    match open {
        Some(q) => format!("{q}{name}"),
        None => {
            let mut out = String::new();
            for c in name.chars() {
                if " \t\n\\'\"$&|;()<>*?[]#!`{}".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            out
        }
    }
}

impl Shell {
    pub(super) fn candidates(&mut self, line: &str, cursor: usize, cx: &mut Cx<'_>) -> Found {
        let chars: Vec<char> = line.chars().take(cursor).collect();
        let (mut words, start, open) = words(&chars);
        // Assignments before a command don't count.
        while words.len() > 1
            && words.first().is_some_and(|w| w.split_once('=').is_some_and(|(n, _)| crate::parse::valid_name(n)))
        {
            words.remove(0);
        }
        while words.len() > 1 && words.first().is_some_and(|w| BEFORE.contains(&w.as_str())) {
            words.remove(0);
            // Its options, and their values.
            while words.len() > 1 && words.first().is_some_and(|w| w.starts_with('-')) {
                let valued = matches!(words.remove(0).as_str(), "-u" | "-g" | "-n" | "-I" | "-a");
                if valued && words.len() > 1 {
                    words.remove(0);
                }
            }
        }
        let word = words.last().cloned().unwrap_or_default();
        if let Some(at) = word.rfind('$').filter(|_| open != Some('\'')) {
            let name = word.get(at + 1..).unwrap_or("");
            let (brace, name) = match name.strip_prefix('{') {
                Some(n) => (true, n),
                None => (false, name),
            };
            if name.is_empty() || crate::parse::valid_name(name) {
                let head = word.get(..at).unwrap_or("").to_owned();
                let all: Vec<Candidate> = self
                    .names_with(name)
                    .into_iter()
                    .map(|n| {
                        let v = if brace { format!("${{{n}}}") } else { format!("${n}") };
                        Candidate { value: format!("{head}{v}"), shown: v }
                    })
                    .collect();
                // One that names a directory goes on with a slash.
                let dir = match all.as_slice() {
                    [one] => self.vars.value(one.shown.trim_matches(['$', '{', '}'])),
                    _ => None,
                };
                let is_dir = dir.is_some_and(|d| cx.stat(&d).is_ok_and(|s| s.file_type == FileType::Dir));
                return Found::List(
                    start,
                    all,
                    match (is_dir, brace) {
                        (true, _) => "/",
                        (false, true) => "",
                        (false, false) => " ",
                    },
                );
            }
        }
        if words.len() == 1 && !word.contains(['/', '=']) {
            let all = self
                .commands(&word, cx)
                .into_iter()
                .map(|n| Candidate { value: quote_name(&n, open), shown: n })
                .collect();
            return Found::List(start, all, " ");
        }
        let first = words.first().map(|w| w.rsplit('/').next().unwrap_or(w).to_owned()).unwrap_or_default();
        if COBRA.contains(&first.as_str()) && matches!(self.find_command(cx, &first), Ok(Some(_))) {
            let mut argv = vec![first, "__complete".to_owned()];
            argv.extend(words.into_iter().skip(1));
            return Found::Ask(start, argv);
        }
        // What `complete -W` has been told.
        if let Some(options) = self.completions.get(&first)
            && let Some(list) = options.iter().position(|o| o == "-W").and_then(|i| options.get(i + 1))
        {
            let all = list.split_whitespace().filter(|w| w.starts_with(&word));
            let all = all.map(|w| Candidate { value: quote_name(w, open), shown: w.to_owned() }).collect();
            return Found::List(start, all, " ");
        }
        // A user's home folder.
        if let Some(user) = word.strip_prefix('~').filter(|u| !u.contains('/') && open.is_none()) {
            let names = self.passwd(cx).into_iter().filter_map(|f| f.first().cloned());
            let all: Vec<Candidate> = names
                .filter(|n| n.starts_with(user))
                .map(|n| Candidate { value: format!("~{n}/"), shown: format!("~{n}") })
                .collect();
            if !user.is_empty() && !all.is_empty() {
                return Found::List(start, all, "");
            }
        }
        // After `=` and `:` a new file's name begins.
        let raw = chars.get(start..).unwrap_or(&[]);
        let at = raw.iter().rposition(|c| matches!(c, '=' | ':')).filter(|_| !raw.iter().any(|c| "'\"\\".contains(*c)));
        let (word, start) = match at {
            Some(i) if words.len() > 1 || raw.get(i) == Some(&'=') => (raw.iter().skip(i + 1).collect(), start + i + 1),
            _ => (word, start),
        };
        let dirs_only = matches!(first.as_str(), "cd" | "rmdir" | "pushd");
        let executables = words.len() == 1 && at.is_none();
        self.files(&word, start, open, dirs_only, executables, cx)
    }

    fn commands(&self, prefix: &str, cx: &mut Cx<'_>) -> Vec<String> {
        let mut all: SortedSet<String> = crate::builtins::names(self.dialect).map(str::to_owned).collect();
        all.extend(self.funcs.keys().cloned());
        all.extend(self.aliases.keys().cloned());
        all.extend(
            ["if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac"]
                .map(str::to_owned),
        );
        all.retain(|n| n.starts_with(prefix));
        for dir in self.vars.value("PATH").unwrap_or_default().split(':') {
            for e in cx.read_dir(if dir.is_empty() { "." } else { dir }).unwrap_or_default() {
                if e.name.starts_with(prefix) && e.file_type != FileType::Dir {
                    let full = format!("{dir}/{}", e.name);
                    if cx.access(&full, false, false, true).is_ok() {
                        all.insert(e.name);
                    }
                }
            }
        }
        all.into_iter().collect()
    }

    fn files(
        &self,
        word: &str,
        start: usize,
        open: Option<char>,
        dirs_only: bool,
        executables: bool,
        cx: &mut Cx<'_>,
    ) -> Found {
        let (dir, prefix) = match word.rfind('/') {
            Some(i) => (word.get(..=i).unwrap_or(""), word.get(i + 1..).unwrap_or("")),
            None => ("", word),
        };
        let real = match dir.strip_prefix('~') {
            Some(rest) if open.is_none() => {
                let user = rest.split('/').next().unwrap_or("");
                format!("{}{}", self.home(user, cx), rest.get(user.len()..).unwrap_or(""))
            }
            _ => dir.to_owned(),
        };
        let mut all = Vec::new();
        let mut tail = " ";
        for e in cx.read_dir(if real.is_empty() { "." } else { &real }).unwrap_or_default() {
            if !e.name.starts_with(prefix) || (e.name.starts_with('.') && !prefix.starts_with('.')) {
                continue;
            }
            let full = format!("{real}{}", e.name);
            let is_dir = e.file_type == FileType::Dir
                || (e.file_type == FileType::Symlink && cx.stat(&full).is_ok_and(|s| s.file_type == FileType::Dir));
            if (dirs_only && !is_dir) || (executables && !is_dir && cx.access(&full, false, false, true).is_err()) {
                continue;
            }
            let slash = if is_dir { "/" } else { "" };
            let tilde = dir.starts_with('~') && open.is_none();
            let head = if tilde { dir.to_owned() } else { quote_name(dir, open) };
            let name = quote_name(&e.name, None);
            let name = if open.is_some() { e.name.clone() } else { name };
            all.push(Candidate { value: format!("{head}{name}{slash}"), shown: format!("{}{slash}", e.name) });
        }
        if let [one] = all.as_slice() {
            tail = match (one.value.ends_with('/'), open) {
                (true, _) => "",
                (false, Some('"')) => "\" ",
                (false, Some(_)) => "' ",
                (false, None) => " ",
            };
        }
        Found::List(start, all, tail)
    }

    /// Runs a command; its output comes back as `captured`.
    pub(super) fn ask_program(&mut self, argv: Vec<String>, cx: &mut Cx<'_>) {
        let frame = ExecFrame { argv, name: None, redirs: Rc::from([]), clean: false, path: None, builtin: false };
        self.push_subst(Task::Quiet(Box::new(frame)), true, cx);
    }
}

/// cobra's directives.
const ERROR: u32 = 1;
const NO_SPACE: u32 = 2;

/// Puts in what a program's `__complete` printed: `value\tdescription` lines, then `:directive`.
pub(super) fn from_program(e: &mut Editor, output: &str, start: usize, list: bool) -> Vec<u8> {
    let mut directive = 0;
    let mut all = Vec::new();
    for line in output.lines() {
        if let Some(d) = line.strip_prefix(':')
            && let Ok(n) = d.trim().parse::<u32>()
        {
            directive = n;
            continue;
        }
        if line.is_empty() || line.starts_with("Completion ended with directive") || line.starts_with("_activeHelp_") {
            continue;
        }
        let (value, about) = line.split_once('\t').unwrap_or((line, ""));
        all.push((value.to_owned(), about.to_owned()));
    }
    if directive & ERROR != 0 {
        return b"\x07".to_vec();
    }
    let typed: String = e.text().chars().skip(start).take(e.cursor().saturating_sub(start)).collect();
    all.retain(|(v, _)| v.starts_with(&typed));
    let width = all.iter().map(|(v, _)| v.chars().count()).max().unwrap_or(0);
    let candidates: Vec<Candidate> = all
        .into_iter()
        .map(|(v, about)| {
            let shown = if about.is_empty() { v.clone() } else { format!("{v:<width$}  ({about})") };
            Candidate { value: v, shown }
        })
        .collect();
    e.complete(start, &candidates, if directive & NO_SPACE != 0 { "" } else { " " }, list)
}
