//! Here-documents: their lines follow the line that names them.

use std::rc::Rc;

use super::ast::{HereDoc, Part, Word};
use super::lexer::{Parser, PendingHere, Res};

impl Parser<'_> {
    /// The document that will be read, and the operator with its delimiter where words are kept as written.
    pub(super) fn expect_here_doc(&mut self, strip: bool) -> Res<(Rc<HereDoc>, Word)> {
        self.blanks();
        let verbatim = std::mem::take(&mut self.verbatim);
        let word = self.word()?;
        self.verbatim = verbatim;
        let Some(word) = word else { return Err(self.unexpected(None)) };
        let mut delimiter = String::new();
        let quoted = plain(&word, &mut delimiter);
        let doc = Rc::new(HereDoc::default());
        let mut target: Word = Rc::from([]);
        if verbatim {
            let quote = if quoted { "'" } else { "" };
            let text = format!("<<{}{quote}{delimiter}{quote}", if strip { "-" } else { "" });
            target = Rc::from([Part::Lit(text.into())]);
        }
        self.pending.push(PendingHere { doc: doc.clone(), delimiter, quoted, strip });
        Ok((doc, target))
    }

    pub(super) fn read_here_docs(&mut self) -> Res<()> {
        for here in std::mem::take(&mut self.pending) {
            let first = self.line;
            let mut text = String::new();
            let mut ended = false;
            loop {
                if self.pos >= self.src.len() {
                    // Bash warns and takes what is there; at a prompt more is asked for.
                    break;
                }
                let rest = self.rest();
                let end = rest.find('\n').unwrap_or(rest.len());
                let mut line = rest.get(..end).unwrap_or("").to_owned();
                let had_newline = end < rest.len();
                self.skip(end + usize::from(had_newline));
                if here.strip {
                    line = line.trim_start_matches('\t').to_owned();
                }
                if line == here.delimiter {
                    ended = true;
                    break;
                }
                text.push_str(&line);
                if had_newline || self.bash() {
                    text.push('\n');
                }
                if !had_newline {
                    break;
                }
                // A continued line joins before the delimiter is looked for.
                while !here.quoted && ends_in_continuation(&text) && self.pos < self.src.len() {
                    let rest = self.rest();
                    let end = rest.find('\n').map_or(rest.len(), |e| e + 1);
                    let next = rest.get(..end).unwrap_or("").to_owned();
                    self.skip(end);
                    text.push_str(&next);
                    if self.bash() && !next.ends_with('\n') {
                        text.push('\n');
                    }
                }
            }
            if !ended {
                self.cut.set(true);
                let line = self.line - u32::from(self.src.ends_with('\n'));
                let text = format!(
                    "warning: here-document at line {} delimited by end-of-file (wanted `{}')",
                    first.saturating_sub(1),
                    here.delimiter
                );
                self.warnings.push((line, text));
            }
            let word: Word = if here.quoted || self.verbatim {
                Rc::from([Part::Quoted(text.into())])
            } else {
                let mut inner = Parser::new(&text, first, self.cx);
                inner.depth = self.depth + 1;
                inner.here_text()?
            };
            let _ = here.doc.body.set(word);
        }
        Ok(())
    }
}

fn ends_in_continuation(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or("");
    body.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}

/// The delimiter's text without quotes; whether there were any.
fn plain(parts: &[Part], out: &mut String) -> bool {
    let mut quoted = false;
    for p in parts {
        match p {
            Part::Lit(s) => out.push_str(s),
            Part::Quoted(s) => {
                quoted = true;
                out.push_str(s);
            }
            Part::Tilde(s) => {
                out.push('~');
                out.push_str(s);
            }
            Part::Double(w) => {
                quoted = true;
                plain(w, out);
            }
            Part::Param(p) => {
                out.push('$');
                out.push_str(&p.name);
            }
            _ => {}
        }
    }
    quoted
}
