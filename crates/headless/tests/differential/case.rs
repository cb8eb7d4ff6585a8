//! The format of cases, and what a run gives.

use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shell {
    Bash,
    Dash,
    Ash,
}

impl Shell {
    pub(crate) const ALL: [Self; 3] = [Self::Bash, Self::Dash, Self::Ash];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Dash => "dash",
            Self::Ash => "ash",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// How much of the messages is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stderr {
    /// All of it.
    Text,
    /// Whether there is one.
    Kind,
    /// Nothing.
    Any,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) shells: Vec<Shell>,
    pub(crate) stderr: Stderr,
    pub(crate) script: String,
    pub(crate) stdin: Option<String>,
    pub(crate) files: Vec<(String, String)>,
}

/// What a run gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) exit: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// Files that the script has made or changed: mode and content; `None` where it removed one.
    pub(crate) files: BTreeMap<String, Option<(u32, Vec<u8>)>>,
}

impl Outcome {
    /// As in a record.
    pub(crate) fn print(&self) -> String {
        let mut s = format!("exit {}\n", self.exit);
        lines(&mut s, '|', &self.stdout);
        lines(&mut s, '!', &self.stderr);
        for (name, file) in &self.files {
            match file {
                None => {
                    let _ = writeln!(s, ">gone {name}");
                }
                Some((mode, data)) => {
                    let _ = writeln!(s, ">{mode:o} {name}");
                    lines(&mut s, ':', data);
                }
            }
        }
        s
    }
}

/// Bytes as lines with a mark in front; what cannot be seen is escaped, `\c` stands for no newline.
fn lines(s: &mut String, mark: char, bytes: &[u8]) {
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        s.push(mark);
        let (text, end) = match line.strip_suffix(b"\n") {
            Some(text) => (text, ""),
            None => (line, "\\c"),
        };
        for chunk in text.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\\' => s.push_str("\\\\"),
                    '\t' => s.push(c),
                    c if c.is_control() => {
                        let _ = write!(s, "\\u{{{:x}}}", c as u32);
                    }
                    c => s.push(c),
                }
            }
            for b in chunk.invalid() {
                let _ = write!(s, "\\x{b:02x}");
            }
        }
        s.push_str(end);
        s.push('\n');
    }
}

/// The bytes of such a line, without its mark.
pub(crate) fn unescape(line: &str, out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let mut chars = rest[at + 1..].chars();
        match chars.next() {
            Some('c') => return,
            Some('x') => {
                out.push(u8::from_str_radix(&rest[at + 2..at + 4], 16).unwrap());
                rest = &rest[at + 4..];
                continue;
            }
            Some('u') => {
                let end = at + rest[at..].find('}').unwrap();
                let c = char::from_u32(u32::from_str_radix(&rest[at + 3..end], 16).unwrap()).unwrap();
                out.extend_from_slice(c.to_string().as_bytes());
                rest = &rest[end + 1..];
                continue;
            }
            _ => out.push(b'\\'),
        }
        rest = &rest[at + 2..];
    }
    out.extend_from_slice(rest.as_bytes());
    out.push(b'\n');
}

#[derive(Clone)]
struct Head {
    shells: Vec<Shell>,
    stderr: Stderr,
}

impl Head {
    /// Reads a line `key: value`; false if it is none.
    fn read(&mut self, line: &str) -> Result<bool, String> {
        if let Some(v) = line.strip_prefix("shells:") {
            self.shells = v
                .split_whitespace()
                .map(|n| Shell::parse(n).ok_or_else(|| format!("no shell is called '{n}'")))
                .collect::<Result<_, _>>()?;
        } else if let Some(v) = line.strip_prefix("stderr:") {
            self.stderr = match v.trim() {
                "text" => Stderr::Text,
                "kind" => Stderr::Kind,
                "any" => Stderr::Any,
                other => return Err(format!("stderr is text, kind or any, not '{other}'")),
            };
        } else {
            return Ok(false);
        }
        Ok(true)
    }
}

/// The cases of a file.
pub(crate) fn parse(text: &str) -> Result<Vec<Case>, String> {
    enum Part {
        Head,
        Script,
        Stdin,
        File,
    }
    let mut file = Head { shells: Shell::ALL.to_vec(), stderr: Stderr::Text };
    let mut cases: Vec<Case> = Vec::new();
    let mut head = file.clone();
    let mut part = Part::Head;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if let Some(name) = bare.strip_prefix("### ") {
            head = file.clone();
            part = Part::Head;
            cases.push(Case {
                name: name.trim().to_owned(),
                shells: Vec::new(),
                stderr: file.stderr,
                script: String::new(),
                stdin: None,
                files: Vec::new(),
            });
        }
        let Some(case) = cases.last_mut() else {
            file.read(bare)?;
            continue;
        };
        if let Part::Head = part {
            let more = bare.starts_with("### ") || head.read(bare)?;
            (case.shells, case.stderr) = (head.shells.clone(), head.stderr);
            if more {
                continue;
            }
            part = Part::Script;
        }
        if bare == "--- stdin" {
            case.stdin = Some(String::new());
            part = Part::Stdin;
        } else if let Some(name) = bare.strip_prefix("--- file ") {
            case.files.push((name.to_owned(), String::new()));
            part = Part::File;
        } else {
            match part {
                Part::Head | Part::Script => case.script.push_str(line),
                Part::Stdin => case.stdin.get_or_insert_default().push_str(line),
                Part::File => case.files.last_mut().unwrap().1.push_str(line),
            }
        }
    }
    for c in &mut cases {
        let n = c.script.trim_end_matches('\n').len();
        c.script.truncate(n);
        if c.script.is_empty() {
            return Err(format!("case '{}' is empty", c.name));
        }
    }
    Ok(cases)
}
