//! History expansion: `!!`, `!n`, `!-n`, `!text`, `!$`, `!*`, `^a^b`.

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
                        let (text, used) = self.event(&chars, i + 1)?;
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

    fn event(&self, c: &[char], at: usize) -> Result<(String, usize), String> {
        let h = &self.history;
        let last = || h.last().cloned();
        let word = |n: usize| -> String { c.iter().skip(at).take(n).collect() };
        let missing = |n: usize| format!("!{}: event not found", word(n));
        match c.get(at).copied() {
            Some('!') => Ok((last().ok_or_else(|| missing(1))?, 1)),
            Some('$') => Ok((
                last().and_then(|l| l.split_whitespace().next_back().map(str::to_owned)).ok_or_else(|| missing(1))?,
                1,
            )),
            Some('^') => {
                Ok((last().and_then(|l| l.split_whitespace().nth(1).map(str::to_owned)).ok_or_else(|| missing(1))?, 1))
            }
            Some('*') => Ok((
                last().map(|l| l.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")).ok_or_else(|| missing(1))?,
                1,
            )),
            Some(d) if d.is_ascii_digit() || d == '-' => {
                let n = 1 + c.iter().skip(at + 1).take_while(|d| d.is_ascii_digit()).count();
                let k: i64 = word(n).parse().map_err(|_| missing(n))?;
                let index = if k < 0 { h.len() as i64 + k } else { k - 1 };
                let line = usize::try_from(index).ok().and_then(|i| h.get(i)).ok_or_else(|| missing(n))?;
                Ok((line.clone(), n))
            }
            Some('?') => {
                let n = 1 + c.iter().skip(at + 1).take_while(|d| **d != '?' && **d != '\n').count();
                let text: String = c.iter().skip(at + 1).take(n - 1).collect();
                let line = h.iter().rev().find(|l| l.contains(&text)).ok_or_else(|| missing(n))?;
                Ok((line.clone(), n + usize::from(c.get(at + n) == Some(&'?'))))
            }
            _ => {
                let n = c.iter().skip(at).take_while(|d| !d.is_whitespace() && !";&|()<>\"'".contains(**d)).count();
                let text = word(n);
                let line = h.iter().rev().find(|l| l.starts_with(&text)).ok_or_else(|| missing(n))?;
                Ok((line.clone(), n))
            }
        }
    }
}
