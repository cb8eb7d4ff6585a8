//! Redirections.

use std::rc::Rc;

use super::ast::{Redir, RedirOp};
use super::lexer::{Parser, Res, valid_name};

const OPS: &[(&str, RedirOp)] = &[
    ("&>>", RedirOp::BothAppend),
    ("&>", RedirOp::Both),
    ("<<<", RedirOp::HereString),
    (">>", RedirOp::Append),
    (">|", RedirOp::Clobber),
    (">&", RedirOp::DupOut),
    ("<&", RedirOp::DupIn),
    ("<>", RedirOp::InOut),
    (">", RedirOp::Out),
    ("<", RedirOp::In),
];

impl Parser<'_> {
    /// A redirection, if one starts here.
    pub(super) fn redirection(&mut self) -> Res<Option<Redir>> {
        let mut fd = None;
        let mut var: Option<Rc<str>> = None;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let mut ahead = 0;
        // Dash knows only one digit.
        if digits > 0 && digits < if self.cx.dialect == crate::Dialect::Dash { 2 } else { 10 } {
            fd = self.rest().get(..digits).and_then(|d| d.parse().ok());
            ahead = digits;
        } else if self.peek() == Some(b'{') && self.bash() {
            let rest = self.rest();
            if let Some(end) = rest.find('}')
                && let Some(name) = rest.get(1..end)
                && (valid_name(name) || name.split_once('[').is_some_and(|(n, k)| valid_name(n) && k.ends_with(']')))
            {
                var = Some(name.into());
                ahead = end + 1;
            }
        }
        let tail = self.rest().get(ahead..).unwrap_or("");
        if ahead > 0 && !tail.starts_with(['<', '>']) {
            return Ok(None);
        }
        let bash_like = self.bash() || self.cx.dialect == crate::Dialect::Ash;
        if bash_like && (tail.starts_with("<(") || tail.starts_with(">(")) {
            return Ok(None);
        }
        if tail.starts_with("<<") && !(tail.starts_with("<<<") && self.bash()) {
            let strip = tail.starts_with("<<-");
            self.skip(ahead + if strip { 3 } else { 2 });
            let (doc, target) = self.expect_here_doc(strip)?;
            return Ok(Some(Redir { fd, var, op: RedirOp::Here(doc), target }));
        }
        let Some((text, op)) = OPS
            .iter()
            .find(|(t, _)| tail.starts_with(t) && (bash_like || !t.starts_with('&')) && (*t != "<<<" || self.bash()))
        else {
            return Ok(None);
        };
        self.skip(ahead + text.len());
        self.blanks();
        let Some(target) = self.word()? else {
            if self.peek().is_none() && self.bash() {
                return Err(self.error(super::ErrorKind::Unexpected {
                    token: "newline".into(),
                    word: false,
                    expecting: None,
                }));
            }
            return Err(self.unexpected(None));
        };
        Ok(Some(Redir { fd, var, op: op.clone(), target }))
    }
}
