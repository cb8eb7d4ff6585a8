//! Reads diffs: unified, context and normal ones, with what stands around them.

/// A sign and a text.
type Line = (u8, Vec<u8>);

/// A hunk; its lines in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Hunk {
    /// First line in the old file, from 1 on; behind it where nothing is taken away.
    pub(super) old: usize,
    pub(super) new: usize,
    /// ` `, `-` or `+`, and the text with its newline.
    pub(super) lines: Vec<(u8, Vec<u8>)>,
    /// What stands behind the second `@@`.
    pub(super) title: String,
}

impl Hunk {
    /// Lines of one side.
    pub(super) fn side(&self, sign: u8) -> Vec<&[u8]> {
        self.lines.iter().filter(|(s, _)| *s == b' ' || *s == sign).map(|(_, l)| l.as_slice()).collect()
    }

    /// The other way round.
    pub(super) fn reversed(&self) -> Self {
        let mut lines: Vec<(u8, Vec<u8>)> = Vec::new();
        let mut added: Vec<(u8, Vec<u8>)> = Vec::new();
        for (s, l) in &self.lines {
            match s {
                b'+' => lines.push((b'-', l.clone())),
                b'-' => added.push((b'+', l.clone())),
                _ => {
                    lines.append(&mut added);
                    lines.push((b' ', l.clone()));
                }
            }
        }
        lines.append(&mut added);
        Self { old: self.new, new: self.old, lines, title: self.title.clone() }
    }
}

/// The changes of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    /// Names with what follows them, as in the header.
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    pub(super) index: Option<String>,
    pub(super) hunks: Vec<Hunk>,
    /// All lines before the first hunk.
    pub(super) lead: Vec<String>,
    /// The number of the first hunk's line.
    pub(super) line: usize,
    /// The file's mode, where it is given.
    pub(super) mode: Option<u32>,
}

/// A name without what follows; none for a file that is not there.
pub(super) fn name_of(header: &str) -> Option<&str> {
    let (name, rest) = header.split_once('\t').unwrap_or((header, ""));
    let gone = name == "/dev/null" || rest.starts_with("1970-01-01 00:00:00") || rest.contains("Jan  1 00:00:00 1970");
    (!gone && !name.is_empty()).then_some(name)
}

struct Reader<'a> {
    lines: Vec<&'a [u8]>,
    at: usize,
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end_matches(['\n', '\r']).to_owned()
}

/// `3,4` or `3`.
fn range(part: &str) -> Option<(usize, usize)> {
    let (a, n) = part.split_once(',').unwrap_or((part, "1"));
    Some((a.parse().ok()?, n.parse().ok()?))
}

/// All changes of a diff; what has begun where it is broken, and the message.
pub(super) fn parse(bytes: &[u8]) -> (Vec<Change>, Option<(Change, String)>) {
    let mut changes = Vec::new();
    let mut next = Change::default();
    match read(bytes, &mut changes, &mut next) {
        Ok(()) => (changes, None),
        Err(message) => (changes, Some((next, message))),
    }
}

fn read(bytes: &[u8], changes: &mut Vec<Change>, next: &mut Change) -> Result<(), String> {
    let mut r = Reader { lines: bytes.split_inclusive(|b| *b == b'\n').collect(), at: 0 };
    while let Some(line) = r.line(0) {
        let bare = text(line);
        let follows = |n: usize, lead: &str| r.line(n).is_some_and(|l| l.starts_with(lead.as_bytes()));
        if let Some(name) = bare.strip_prefix("Index:") {
            next.index = Some(name.trim().to_owned());
        } else if let Some(mode) =
            bare.strip_prefix("new file mode ").or(bare.strip_prefix("new mode ")).filter(|m| m.len() == 6)
        {
            next.mode = u32::from_str_radix(mode, 8).ok().map(|m| m & 0o777);
        } else if bare.starts_with("--- ") && follows(1, "+++ ") && follows(2, "@@ -") {
            next.old = bare.get(4..).map(str::to_owned);
            next.new = r.line(1).and_then(|l| text(l).get(4..).map(str::to_owned));
            next.lead.push(bare);
            next.lead.extend(r.line(1).map(text));
            r.at += 2;
            continue;
        } else if bare.starts_with("*** ") && follows(1, "--- ") && follows(2, "***************") {
            next.old = bare.get(4..).map(str::to_owned);
            next.new = r.line(1).and_then(|l| text(l).get(4..).map(str::to_owned));
            next.lead.push(bare);
            next.lead.extend(r.line(1).map(text));
            r.at += 2;
            continue;
        } else if bare.starts_with("@@ -") {
            next.line = r.at + 1;
            while r.line(0).is_some_and(|l| l.starts_with(b"@@ -")) {
                let hunk = r.unified()?;
                next.hunks.push(hunk);
            }
        } else if bare.starts_with("***************") && follows(1, "*** ") {
            next.line = r.at + 1;
            while r.line(0).is_some_and(|l| l.starts_with(b"***************")) {
                let hunk = r.context()?;
                next.hunks.push(hunk);
            }
        } else if normal(&bare).is_some() && (follows(1, "< ") || follows(1, "> ")) {
            next.line = r.at + 1;
            while let Some(command) = r.line(0).and_then(|l| normal(&text(l))) {
                let hunk = r.normal(command)?;
                next.hunks.push(hunk);
            }
        }
        if next.hunks.is_empty() {
            next.lead.push(bare);
            r.at += 1;
        } else {
            changes.push(std::mem::take(next));
        }
    }
    Ok(())
}

/// A normal diff's command: both ranges, first and last line, and the letter.
fn normal(line: &str) -> Option<(usize, usize, char, usize)> {
    let at = line.find(['a', 'c', 'd'])?;
    let letter = line.get(at..)?.chars().next()?;
    let pair = |t: &str| -> Option<(usize, usize)> {
        let (a, b) = t.split_once(',').unwrap_or((t, t));
        Some((a.parse().ok()?, b.parse().ok()?))
    };
    let ((a, b), (x, _)) = (pair(line.get(..at)?)?, pair(line.get(at + 1..)?)?);
    Some((a, b, letter, x))
}

impl<'a> Reader<'a> {
    fn line(&self, ahead: usize) -> Option<&'a [u8]> {
        self.lines.get(self.at + ahead).copied()
    }

    fn malformed<T>(&self) -> Result<T, String> {
        match self.line(0) {
            Some(l) => Err(format!("malformed patch at line {}: {}\n", self.at + 1, text(l))),
            None => Err("unexpected end of file in patch".to_owned()),
        }
    }

    /// Takes the newline off the line before where `\ No newline` follows.
    fn no_newline(&mut self, lines: &mut [(u8, Vec<u8>)]) {
        if self.line(0).is_some_and(|l| l.starts_with(b"\\ ")) {
            self.at += 1;
            if let Some((_, l)) = lines.last_mut()
                && l.last() == Some(&b'\n')
            {
                l.pop();
            }
        }
    }

    fn unified(&mut self) -> Result<Hunk, String> {
        let head = self.line(0).map(text).unwrap_or_default();
        let parsed = head.strip_prefix("@@ -").and_then(|h| {
            let (ranges, title) = h.split_once(" @@")?;
            let (old, new) = ranges.split_once(" +")?;
            Some((range(old)?, range(new)?, title.to_owned()))
        });
        let Some(((old, mut take), (new, mut give), title)) = parsed else { return self.malformed() };
        self.at += 1;
        let mut h =
            Hunk { old: old + usize::from(take == 0), new: new + usize::from(give == 0), title, ..Hunk::default() };
        while take > 0 || give > 0 {
            let Some(line) = self.line(0) else { return self.malformed() };
            let (sign, rest) = match line {
                // Mail programs cut the space of an empty line of context.
                [b'\n'] => (b' ', line),
                [s, rest @ ..] => (*s, rest),
                [] => return self.malformed(),
            };
            match sign {
                b' ' if take > 0 && give > 0 => (take, give) = (take - 1, give - 1),
                b'-' if take > 0 => take -= 1,
                b'+' if give > 0 => give -= 1,
                _ => return self.malformed(),
            }
            self.at += 1;
            h.lines.push((sign, rest.to_vec()));
            self.no_newline(&mut h.lines);
        }
        Ok(h)
    }

    fn context(&mut self) -> Result<Hunk, String> {
        let title = self.line(0).map(|l| text(l).trim_start_matches('*').to_owned()).unwrap_or_default();
        self.at += 1;
        let (old, before) = self.part("*** ", " ****")?;
        let (new, after) = self.part("--- ", " ----")?;
        // A part without changes is left out: its lines are the other's unchanged ones.
        let same = |of: &[(u8, Vec<u8>)]| of.iter().filter(|(s, _)| *s == b' ').cloned().collect::<Vec<_>>();
        let (before, after) = match (before.is_empty(), after.is_empty()) {
            (true, false) => (same(&after), after),
            (false, true) => (before.clone(), same(&before)),
            _ => (before, after),
        };
        let mut lines = Vec::new();
        let (mut a, mut b) = (before.into_iter().peekable(), after.into_iter().peekable());
        loop {
            while let Some((_, l)) = a.next_if(|(s, _)| *s != b' ') {
                lines.push((b'-', l));
            }
            while let Some((_, l)) = b.next_if(|(s, _)| *s != b' ') {
                lines.push((b'+', l));
            }
            match (a.next(), b.next()) {
                (Some(line), Some(_)) => lines.push(line),
                (None, None) => break,
                _ => return self.malformed(),
            }
        }
        Ok(Hunk { old, new, lines, title })
    }

    fn part(&mut self, lead: &str, tail: &str) -> Result<(usize, Vec<Line>), String> {
        let head = self.line(0).map(text).unwrap_or_default();
        let numbers = head.strip_prefix(lead).and_then(|h| h.strip_suffix(tail)).and_then(|h| {
            let (a, b) = h.split_once(',').unwrap_or((h, h));
            Some((a.parse::<usize>().ok()?, b.parse::<usize>().ok()?))
        });
        let Some((first, last)) = numbers else { return self.malformed() };
        self.at += 1;
        let count = if last == 0 { 0 } else { (last + 1).saturating_sub(first) };
        let mut lines = Vec::new();
        while lines.len() < count {
            let Some([s @ (b' ' | b'-' | b'+' | b'!'), b' ', rest @ ..]) = self.line(0) else { break };
            lines.push((*s, rest.to_vec()));
            self.at += 1;
            self.no_newline(&mut lines);
        }
        if !lines.is_empty() && lines.len() < count {
            return self.malformed();
        }
        Ok((first + usize::from(count == 0), lines))
    }

    fn normal(&mut self, (a, b, letter, x): (usize, usize, char, usize)) -> Result<Hunk, String> {
        self.at += 1;
        let mut h =
            Hunk { old: a + usize::from(letter == 'a'), new: x + usize::from(letter == 'd'), ..Hunk::default() };
        if letter != 'a' {
            for _ in a..=b {
                let Some([b'<', b' ', rest @ ..]) = self.line(0) else { return self.malformed() };
                h.lines.push((b'-', rest.to_vec()));
                self.at += 1;
                self.no_newline(&mut h.lines);
            }
        }
        if letter == 'c' {
            if self.line(0).is_none_or(|l| !l.starts_with(b"---")) {
                return self.malformed();
            }
            self.at += 1;
        }
        while let Some([b'>', b' ', rest @ ..]) = self.line(0) {
            h.lines.push((b'+', rest.to_vec()));
            self.at += 1;
            self.no_newline(&mut h.lines);
        }
        Ok(h)
    }
}
