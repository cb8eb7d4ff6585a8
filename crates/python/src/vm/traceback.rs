//! Tracebacks as CPython 3.11 prints them (Python/traceback.c, Lib/traceback.py).

use super::*;
use crate::value::TbEntry;

impl Vm {
    /// One exception: frames and the last line. `message` is its text, which Python code may have made.
    pub(crate) fn format_exception(&self, e: Value, message: &str, with_frames: bool) -> String {
        let mut out = String::new();
        let Kind::Exc(x) = self.kind(e) else { return out };
        if with_frames && !x.tb.is_empty() {
            out.push_str("Traceback (most recent call last):\n");
            out.push_str(&format_entries(&x.tb));
        }
        let class = self.class_of(e);
        let name = self.full_name(class);
        let name = name.strip_prefix("__main__.").unwrap_or(&name).to_owned();
        if self.is_subclass(class, T::SyntaxError.class()) {
            out.push_str(&self.syntax_place(e));
        }
        // A syntax error's own text names the place again.
        let plain =
            x.args.first().filter(|_| self.is_subclass(class, T::SyntaxError.class())).and_then(|a| self.to_str(*a));
        let message = plain.as_deref().unwrap_or(message);
        if message.is_empty() {
            out.push_str(&format!("{name}\n"));
        } else {
            out.push_str(&format!("{name}: {message}{}\n", self.suggestion(e)));
        }
        out
    }

    fn syntax_place(&self, e: Value) -> String {
        let get = |n: &str| match e {
            Value::Obj(r) => self.object(r).attrs.and_then(|a| self.get_name(a, n)),
            _ => None,
        };
        let int = |n: &str| get(n).and_then(|v| self.as_int(v));
        let text = |n: &str| get(n).and_then(|v| self.text(v));
        let Some(line) = int("lineno") else { return String::new() };
        let file = text("filename").unwrap_or_else(|| "<string>".into());
        let mut out = format!("  File \"{file}\", line {line}\n");
        if let Some(t) = text("text") {
            let t = t.trim_end_matches('\n');
            let stripped = t.trim_start_matches([' ', '\t', '\x0c']);
            let cut = (t.chars().count() - stripped.chars().count()) as i64;
            out.push_str(&format!("    {stripped}\n"));
            if let Some(o) = int("offset") {
                let end = int("end_offset").filter(|n| *n > 0 && int("end_lineno") == Some(line)).unwrap_or(o);
                let end = if end == o || end == -1 { o + 1 } else { end };
                let from = (o - 1 - cut).max(-1);
                if from >= 0 {
                    let to = end - 1 - cut;
                    let carets = "^".repeat((to - from).max(1) as usize);
                    out.push_str(&format!("    {}{carets}\n", " ".repeat(from as usize)));
                }
            }
        }
        out
    }
}

/// The frames, with source lines and marks, repeated ones counted.
pub(crate) fn format_entries(tb: &[TbEntry]) -> String {
    let mut out = String::new();
    let mut last: Option<(Arc<str>, u32, Arc<str>)> = None;
    let mut count = 0;
    let flush = |count: i32, out: &mut String| {
        if count > 3 {
            let n = count - 3;
            out.push_str(&format!("  [Previous line repeated {n} more time{}]\n", if n == 1 { "" } else { "s" }));
        }
    };
    for t in tb {
        let pos = t.code.pos.get(t.pc as usize).copied().unwrap_or_default();
        let key = (t.code.source.filename.clone(), pos.span.line, t.code.name.clone());
        if last.as_ref() != Some(&key) {
            flush(count, &mut out);
            last = Some(key);
            count = 0;
        }
        count += 1;
        if count > 3 {
            continue;
        }
        out.push_str(&format!("  File \"{}\", line {}, in {}\n", t.code.source.filename, pos.span.line, t.code.name));
        let Some(line) = t.code.source.lines.get(pos.span.line.saturating_sub(1) as usize) else { continue };
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        out.push_str(&format!("    {trimmed}\n"));
        if let Some(m) = marks(line, &pos) {
            out.push_str(&format!("    {m}\n"));
        }
    }
    flush(count, &mut out);
    out
}

fn marks(line: &str, pos: &crate::compile::code::Pos) -> Option<String> {
    let chars: Vec<char> = line.trim_end().chars().collect();
    let indent = chars.iter().take_while(|c| c.is_whitespace()).count();
    let start = pos.span.col as usize;
    let end = if pos.span.end_line == pos.span.line { pos.span.end_col as usize } else { chars.len() };
    if end <= start || start < indent {
        return None;
    }
    let anchored = pos.hi > pos.lo && pos.span.end_line == pos.span.line;
    if !anchored && end - start >= chars.len() - indent {
        return None;
    }
    let mut out = " ".repeat(start - indent);
    for i in start..end {
        let mark = !anchored || (i >= pos.lo as usize && i < pos.hi as usize);
        out.push(if mark { '^' } else { '~' });
    }
    Some(out)
}
