//! Finds the shell's marks in what the terminal shows: the shell-integration sequences that VS
//! Code's terminal documents (OSC 133 and OSC 633;E), written by the interactive shell.

/// Something that the shell told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A prompt begins.
    Prompt,
    /// The prompt is drawn: what follows is typed.
    Input,
    /// The command line that was entered.
    Line(String),
    /// It runs: what follows is its output.
    Running,
    /// It has ended; `None` where the line was empty or given up.
    Done(Option<i32>),
}

/// Reads the stream bit by bit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scanner {
    sequence: Option<Vec<u8>>,
    escape: bool,
}

/// Longer sequences are not the shell's.
const LONGEST: usize = 1 << 16;

impl Scanner {
    /// Reads more of the stream.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Mark> {
        let mut marks = Vec::new();
        for &b in bytes {
            let escape = std::mem::replace(&mut self.escape, b == 0x1b);
            match &mut self.sequence {
                None if escape && b == b']' => self.sequence = Some(Vec::new()),
                None => {}
                // The end: BEL, or ESC \.
                Some(s) if b == 7 || (escape && b == b'\\') => {
                    marks.extend(parse(&String::from_utf8_lossy(s)));
                    self.sequence = None;
                }
                Some(_) if b == 0x1b => {}
                Some(s) if !escape && s.len() < LONGEST => s.push(b),
                Some(_) => self.sequence = None,
            }
        }
        marks
    }
}

fn parse(s: &str) -> Option<Mark> {
    if let Some(line) = s.strip_prefix("633;E;") {
        return Some(Mark::Line(unescape(line.split(';').next().unwrap_or(line))));
    }
    let mut parts = s.strip_prefix("133;")?.split(';');
    match parts.next()? {
        "A" => Some(Mark::Prompt),
        "B" => Some(Mark::Input),
        "C" => Some(Mark::Running),
        "D" => Some(Mark::Done(parts.next().and_then(|c| c.parse().ok()))),
        _ => None,
    }
}

/// `\\` and `\xHH` of the sequence's escaping.
fn unescape(s: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = s.as_bytes();
    while let Some((&b, tail)) = rest.split_first() {
        rest = tail;
        if b != b'\\' {
            bytes.push(b);
        } else if let [b'x', a, c, tail @ ..] = rest
            && let Some(n) = std::str::from_utf8(&[*a, *c]).ok().and_then(|h| u8::from_str_radix(h, 16).ok())
        {
            bytes.push(n);
            rest = tail;
        } else if let [b'\\', tail @ ..] = rest {
            bytes.push(b'\\');
            rest = tail;
        } else {
            bytes.push(b);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_however_the_stream_is_cut() {
        let stream = b"x\x1b]133;A\x07$ \x1b]133;B\x1b\\ls\r\n\x1b]633;E;echo a\\x3b b \\\\\x07\x1b]133;C\x07out\x1b]0;title\x07\x1b]133;D;2\x07";
        let expected =
            [Mark::Prompt, Mark::Input, Mark::Line("echo a; b \\".into()), Mark::Running, Mark::Done(Some(2))];
        for cut in 1..stream.len() {
            let mut s = Scanner::default();
            let mut got = s.feed(&stream[..cut]);
            got.extend(s.feed(&stream[cut..]));
            assert_eq!(got, expected, "cut at {cut}");
        }
    }
}
