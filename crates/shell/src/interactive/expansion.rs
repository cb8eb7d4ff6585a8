//! History expansion: `!!`, `!n`, `!-n`, `!text`, `!?text?`, `!#`, `^a^b`; word designators (`:n`, `:n-m`, `:^`, `:$`,
//! `:*`, `:n*`, `:n-`) and modifiers (`:h`, `:t`, `:r`, `:e`, `:q`, `:s/a/b/`, `:gs/a/b/`, `:&`, `:p`), as history(3) has them.

use crate::eval::Shell;

impl Shell {
    /// The line with its history references replaced; `None` if it has none.
    pub(super) fn expand_history(&self, line: &str) -> Result<Option<String>, String> {
        if !self.opts.has("histexpand") {
            return Ok(None);
        }
        if let Some(rest) = line.strip_prefix('^') {
            let mut parts = rest.splitn(3, '^');
            let (old, new) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let last = self.history.last().ok_or_else(|| format!(":s{line}: event not found"))?;
            if old.is_empty() || !last.contains(old) {
                return Err(format!(":s{line}: substitution failed"));
            }
            return Ok(Some(last.replacen(old, new, 1)));
        }
        if !line.contains('!') {
            return Ok(None);
        }
        let chars: Vec<char> = line.chars().collect();
        let mut out = String::new();
        let (mut i, mut single, mut double, mut changed) = (0, false, false, false);
        while let Some(&c) = chars.get(i) {
            match c {
                '\\' if !single => {
                    out.push(c);
                    out.extend(chars.get(i + 1));
                    i += 2;
                    continue;
                }
                '\'' if !double => single = !single,
                '"' if !single => double = !double,
                '!' if !single => {
                    let next = chars.get(i + 1).copied();
                    let quoted_end = double && next == Some('"');
                    let before = i.checked_sub(1).and_then(|k| chars.get(k));
                    let plain = matches!(next, None | Some(' ' | '\t' | '\n' | '=' | '('))
                        || quoted_end
                        || matches!(before, Some('$' | '{' | '['));
                    if !plain {
                        let (text, used) = self.event(&chars, i + 1, &out)?;
                        out.push_str(&text);
                        i += 1 + used;
                        changed = true;
                        continue;
                    }
                }
                _ => {}
            }
            out.push(c);
            i += 1;
        }
        Ok(changed.then_some(out))
    }

    /// The text of the reference after a `!`, and how many characters it has.
    fn event(&self, c: &[char], at: usize, before: &str) -> Result<(String, usize), String> {
        let h = &self.history;
        let word = |n: usize| -> String { c.iter().skip(at).take(n).collect() };
        let missing = |n: usize| format!("!{}: event not found", word(n));
        let (line, mut used) = match c.get(at).copied() {
            Some('!') => (h.last().cloned().ok_or_else(|| missing(1))?, 1),
            Some('#') => (before.to_owned(), 1),
            // Only words of the last line.
            Some('$' | '^' | '*' | ':') => (h.last().cloned().ok_or_else(|| missing(1))?, 0),
            Some(d) if d.is_ascii_digit() || d == '-' => {
                let n = 1 + c.iter().skip(at + 1).take_while(|d| d.is_ascii_digit()).count();
                let k: i64 = word(n).parse().map_err(|_| missing(n))?;
                let index = if k < 0 { h.len() as i64 + k } else { k - 1 };
                let line = usize::try_from(index).ok().and_then(|i| h.get(i)).ok_or_else(|| missing(n))?;
                (line.clone(), n)
            }
            Some('?') => {
                let n = 1 + c.iter().skip(at + 1).take_while(|d| **d != '?' && **d != '\n').count();
                let text: String = c.iter().skip(at + 1).take(n - 1).collect();
                let line = h.iter().rev().find(|l| l.contains(&text)).ok_or_else(|| missing(n))?;
                (line.clone(), n + usize::from(c.get(at + n) == Some(&'?')))
            }
            _ => {
                let ends = |d: char| d.is_whitespace() || ";&|()<>\"':^$*".contains(d);
                let n = c.iter().skip(at).take_while(|d| !ends(**d)).count();
                let text = word(n);
                let line = h.iter().rev().find(|l| l.starts_with(&text)).ok_or_else(|| missing(n))?;
                (line.clone(), n)
            }
        };
        let mut text = line.clone();
        if let Some((picked, n)) = designated(&line, c, at + used) {
            text = picked.map_err(|w| format!("{w}: bad word specifier"))?;
            used += n;
        }
        while c.get(at + used) == Some(&':')
            && let Some(n) = modify(&mut text, c, at + used + 1)
        {
            used += 1 + n;
        }
        Ok((text, used))
    }
}

/// The words that a designator picks, and its length; the error is the designator.
fn designated(line: &str, c: &[char], at: usize) -> Option<(Result<String, String>, usize)> {
    let words = line_words(line);
    let colon = usize::from(c.get(at) == Some(&':'));
    let mut i = at + colon;
    let last = words.len().saturating_sub(1);
    let number = |i: &mut usize| -> Option<usize> {
        let digits: String = c.iter().skip(*i).take_while(|d| d.is_ascii_digit()).collect();
        *i += digits.len();
        digits.parse().ok()
    };
    let first = match c.get(i)? {
        '^' => {
            i += 1;
            1
        }
        '$' => {
            i += 1;
            last
        }
        '*' => {
            let n = i + 1 - at;
            return Some((Ok(words.get(1..).unwrap_or(&[]).join(" ")), n));
        }
        '-' if colon == 1 => 0,
        d if d.is_ascii_digit() && colon == 1 => number(&mut i)?,
        _ => return None,
    };
    let end = match c.get(i) {
        Some('*') => {
            i += 1;
            last
        }
        Some('-') => {
            i += 1;
            match c.get(i) {
                Some('$') => {
                    i += 1;
                    last
                }
                Some(d) if d.is_ascii_digit() => number(&mut i)?,
                _ => last.saturating_sub(1),
            }
        }
        _ => first,
    };
    let picked = match words.get(first..=end.max(first)) {
        Some(w) => Ok(w.join(" ")),
        None => Err(c.get(at..i).unwrap_or(&[]).iter().collect()),
    };
    Some((picked, i - at))
}

/// Does the modifier at the place (after its colon); answers its length.
fn modify(text: &mut String, c: &[char], at: usize) -> Option<usize> {
    let global = usize::from(matches!(c.get(at), Some('g' | 'a')));
    match c.get(at + global)? {
        'h' => *text = text.rsplit_once('/').map_or(text.clone(), |(h, _)| h.to_owned()),
        't' => *text = text.rsplit('/').next().unwrap_or("").to_owned(),
        'r' => *text = text.rsplit_once('.').map_or(text.clone(), |(r, _)| r.to_owned()),
        'e' => *text = text.rsplit_once('.').map_or(text.clone(), |(_, e)| format!(".{e}")),
        'q' => *text = crate::escape::single_quote(text),
        'p' => {}
        's' => {
            let rest: String = c.iter().skip(at + global + 1).collect();
            let mark = rest.chars().next()?;
            let mut parts = rest.get(mark.len_utf8()..)?.splitn(3, mark);
            let (old, new) = (parts.next()?, parts.next().unwrap_or(""));
            let closed = parts.next().is_some();
            let with = new.replace("\\&", "\u{0}").replace('&', old).replace('\u{0}', "&");
            *text = if global == 1 { text.replace(old, &with) } else { text.replacen(old, &with, 1) };
            return Some(global + 2 + old.chars().count() + 1 + new.chars().count() + usize::from(closed));
        }
        _ => return None,
    }
    Some(global + 1)
}

/// The words of a command line, quotes kept together, as history(3) splits them.
pub(crate) fn line_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    let mut it = line.chars().peekable();
    while let Some(c) = it.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            (None, ';' | '&' | '|' | '<' | '>' | '(' | ')') => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                let mut op = String::from(c);
                if !matches!(c, '(' | ')')
                    && let Some(d) = it.next_if(|d| *d == c || (*d == '&' && matches!(c, '<' | '>')))
                {
                    op.push(d);
                }
                words.push(op);
            }
            (None, '\'' | '"' | '`') => {
                quote = Some(c);
                word.push(c);
            }
            (q, '\\') if q != Some('\'') => {
                word.push(c);
                word.extend(it.next());
            }
            (q, c) => {
                if q == Some(c) {
                    quote = None;
                }
                word.push(c);
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether the line only asks to be shown (`:p`).
pub(super) fn only_shown(line: &str) -> bool {
    line.contains('!') && line.split_whitespace().any(|w| w.contains('!') && w.contains(":p"))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::dialect::Dialect;
    use crate::eval::Shell;

    fn expanded(line: &str) -> String {
        let mut sh = Shell::new(Dialect::Bash, "bash");
        sh.opts.set("histexpand", true);
        let lines = ["ls -l /tmp", "cp src/a.txt 'my dir/b.txt' out", "echo one two three"];
        sh.history = Rc::new(lines.map(str::to_owned).to_vec());
        match sh.expand_history(line) {
            Ok(Some(t)) => t,
            Ok(None) => line.to_owned(),
            Err(e) => format!("error: {e}"),
        }
    }

    /// As bash 5.2's `set -H -o history` gives them.
    #[test]
    fn references_to_the_history() {
        for (line, wanted) in [
            ("!!", "echo one two three"),
            ("sudo !!", "sudo echo one two three"),
            ("!ls", "ls -l /tmp"),
            ("!-2", "cp src/a.txt 'my dir/b.txt' out"),
            ("!1", "ls -l /tmp"),
            ("!?a.txt?", "cp src/a.txt 'my dir/b.txt' out"),
            ("cat !$", "cat three"),
            ("cat !^", "cat one"),
            ("cat !*", "cat one two three"),
            ("cat !!:2", "cat two"),
            ("cat !:1-2", "cat one two"),
            ("cat !cp:2", "cat 'my dir/b.txt'"),
            ("cat !cp:$", "cat out"),
            ("cat !!:2*", "cat two three"),
            ("cat !!:1-", "cat one two"),
            ("cat !cp:1:h", "cat src"),
            ("cat !cp:1:t", "cat a.txt"),
            ("cat !cp:1:r", "cat src/a"),
            ("cat !cp:1:e", "cat .txt"),
            ("!!:s/one/1/", "echo 1 two three"),
            ("!!:gs/e/E/", "Echo onE two thrEE"),
            ("^two^2", "echo one 2 three"),
            ("^two^2^", "echo one 2 three"),
            ("echo '!!' hi!", "echo '!!' hi!"),
            ("!nope", "error: !nope: event not found"),
            ("!!:9", "error: :9: bad word specifier"),
            ("echo a !#:1", "echo a a"),
        ] {
            assert_eq!(expanded(line), wanted, "{line}");
        }
    }
}
