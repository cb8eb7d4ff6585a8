//! Words: quoting and expansions.

use std::rc::Rc;

use super::SLURP;
use super::ast::{
    AndOr, Command, CommandKind, Index, Item, List, Param, ParamOp, Part, Pipeline, RedirOp, ReplaceKind, Word,
};
use super::error::ErrorKind;
use super::lexer::{Parser, Res, is_meta, is_name, is_name_start};
use crate::Dialect;

/// Where text is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// A word of a command.
    Word,
    /// Between double quotes.
    Double,
    /// A here-document's body.
    Here,
    /// In `${x-…}`, up to the byte.
    Brace,
    /// Between double quotes within `"${x-…}"`: in bash a backslash takes away any meaning.
    InnerDouble,
    /// In `"${x-…}"`.
    BraceDouble,
}

/// Collects parts, joining adjacent text.
#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    lit: String,
    quoted: String,
    has_quoted: bool,
}

impl Parts {
    fn lit(&mut self, c: char) {
        self.flush_quoted();
        self.lit.push(c);
    }
    fn quoted(&mut self, s: &str) {
        self.flush_lit();
        self.has_quoted = true;
        self.quoted.push_str(s);
    }
    fn flush_lit(&mut self) {
        if !self.lit.is_empty() {
            self.done.push(Part::Lit(std::mem::take(&mut self.lit).into()));
        }
    }
    fn flush_quoted(&mut self) {
        if std::mem::take(&mut self.has_quoted) {
            self.done.push(Part::Quoted(std::mem::take(&mut self.quoted).into()));
        }
    }
    fn push(&mut self, p: Part) {
        self.flush_lit();
        self.flush_quoted();
        self.done.push(p);
    }
    fn is_empty(&self) -> bool {
        self.done.is_empty() && self.lit.is_empty() && !self.has_quoted
    }
    fn finish(mut self) -> Word {
        self.flush_lit();
        self.flush_quoted();
        self.done.into()
    }
}

impl Parser<'_> {
    /// A word, if one starts here.
    pub(super) fn word(&mut self) -> Res<Option<Word>> {
        let mut parts = Parts::default();
        let from = self.pos;
        self.tilde(&mut parts, false);
        let start = self.pos;
        self.read(Mode::Word, &[], false, &mut parts)?;
        if self.pos > from
            && let Some(w) = self.kept(from, self.pos)
        {
            return Ok(Some(w));
        }
        if parts.is_empty() && self.pos == start { Ok(None) } else { Ok(Some(parts.finish())) }
    }

    /// An assignment's value: may be empty, tildes also after colons.
    pub(super) fn value_word(&mut self) -> Res<Word> {
        let mut parts = Parts::default();
        let from = self.pos;
        self.tilde(&mut parts, true);
        self.read(Mode::Word, &[], true, &mut parts)?;
        Ok(self.kept(from, self.pos).unwrap_or_else(|| parts.finish()))
    }

    /// All of the text, as in a here-document.
    pub(super) fn here_text(&mut self) -> Res<Word> {
        let mut parts = Parts::default();
        self.here = true;
        self.read(Mode::Here, &[], false, &mut parts)?;
        Ok(Rc::from([Part::Double(parts.finish())]))
    }

    fn tilde(&mut self, parts: &mut Parts, assignment: bool) {
        if self.peek() != Some(b'~') {
            return;
        }
        let rest = self.rest().get(1..).unwrap_or("");
        let len = rest.bytes().take_while(|b| is_name(*b) || matches!(b, b'-' | b'.' | b'+')).count();
        let next = rest.as_bytes().get(len);
        let ends = match next {
            None => true,
            Some(b'/') => true,
            Some(b':') => assignment,
            Some(b) => is_meta(*b) || *b == b'}',
        };
        if ends {
            let user: Rc<str> = rest.get(..len).unwrap_or("").into();
            self.skip(1 + len);
            parts.push(Part::Tilde(user));
        }
    }

    /// Reads up to one of the ends (not taken), or to what ends this kind of text.
    fn read(&mut self, mode: Mode, ends: &[u8], assignment: bool, parts: &mut Parts) -> Res<()> {
        self.enter()?;
        let double = matches!(mode, Mode::Double | Mode::InnerDouble | Mode::Here | Mode::BraceDouble);
        // In bash, single quotes within "${x-…}" hide what would end it, and stay.
        let mut hidden = false;
        let open = self.line;
        while let Some(b) = self.peek() {
            if ends.contains(&b) && !hidden {
                break;
            }
            hidden ^= b == b'\'' && mode == Mode::BraceDouble && self.bash();
            if mode == Mode::Word {
                if self.process_or_extglob(b, parts)? {
                    continue;
                }
                if is_meta(b) {
                    break;
                }
            }
            match b {
                b'\\' => self.backslash(mode, parts),
                b'\'' if !double => self.single(parts)?,
                b'"' if mode == Mode::Double => break,
                b'"' if mode == Mode::Here => {
                    self.bump();
                    parts.quoted("\"");
                }
                b'"' if mode == Mode::BraceDouble => {
                    // Quotes within "${x-…}" group, and go away.
                    self.bump();
                    let mut inner = Parts::default();
                    let mode = if self.bash() { Mode::InnerDouble } else { Mode::Double };
                    self.read(mode, b"\"", false, &mut inner)?;
                    if self.peek() != Some(b'"') {
                        return Err(self.error(ErrorKind::Unclosed('"')));
                    }
                    self.bump();
                    parts.push(Part::Double(inner.finish()));
                }
                b'"' => self.double(parts)?,
                b'`' => self.backtick(double, parts)?,
                b'$' => {
                    let quotes = !double || (mode == Mode::BraceDouble && self.bash() && !self.here);
                    self.dollar(double, quotes, parts)?;
                }
                _ => {
                    let c = self.take_char().unwrap_or('\0');
                    if double {
                        let mut buf = [0; 4];
                        parts.quoted(c.encode_utf8(&mut buf));
                    } else {
                        parts.lit(c);
                        let like_assignment = mode == Mode::Word
                            && c == '='
                            && self.bash()
                            && parts.done.is_empty()
                            && parts.lit.strip_suffix('=').is_some_and(super::valid_name);
                        if (assignment && c == ':') || like_assignment {
                            self.tilde(parts, true);
                        }
                    }
                }
            }
        }
        self.leave();
        if hidden {
            return Err(self.unclosed('\'', open));
        }
        Ok(())
    }

    fn process_or_extglob(&mut self, b: u8, parts: &mut Parts) -> Res<bool> {
        if self.cx.dialect == Dialect::Dash {
            return Ok(false);
        }
        if (b == b'<' || b == b'>') && self.at(1) == Some(b'(') && parts.is_empty() {
            self.skip(2);
            let list = self.substituted()?;
            parts.push(Part::Process(b == b'<', list));
            return Ok(true);
        }
        if self.extglob && self.bash() && matches!(b, b'?' | b'*' | b'+' | b'@' | b'!') && self.at(1) == Some(b'(') {
            self.extglob(parts)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// `@(a|b)`: the parentheses belong to the pattern.
    fn extglob(&mut self, parts: &mut Parts) -> Res<()> {
        for _ in 0..2 {
            if let Some(c) = self.take_char() {
                parts.lit(c);
            }
        }
        loop {
            self.read(Mode::Word, b")|", false, parts)?;
            match self.peek() {
                Some(b')') => {
                    self.bump();
                    parts.lit(')');
                    return Ok(());
                }
                None => return Err(self.error(ErrorKind::Unclosed(')'))),
                Some(_) => {
                    let c = self.take_char().unwrap_or('|');
                    parts.lit(c);
                }
            }
        }
    }

    fn backslash(&mut self, mode: Mode, parts: &mut Parts) {
        self.bump();
        match self.peek() {
            None => parts.quoted("\\"),
            Some(b'\n') => self.bump(),
            Some(n) => {
                let special = match mode {
                    Mode::Word | Mode::Brace | Mode::InnerDouble => true,
                    Mode::Double => matches!(n, b'$' | b'`' | b'"' | b'\\'),
                    Mode::Here => matches!(n, b'$' | b'`' | b'\\'),
                    Mode::BraceDouble => matches!(n, b'$' | b'`' | b'"' | b'\\' | b'}'),
                };
                if !special {
                    parts.quoted("\\");
                }
                let c = self.take_char().unwrap_or('\\');
                let mut buf = [0; 4];
                parts.quoted(c.encode_utf8(&mut buf));
            }
        }
    }

    fn single(&mut self, parts: &mut Parts) -> Res<()> {
        let open = self.line;
        self.bump();
        let Some(len) = self.rest().find('\'') else {
            return Err(self.unclosed('\'', open));
        };
        let text = self.rest().get(..len).unwrap_or("").to_owned();
        self.skip(len + 1);
        parts.quoted(&text);
        Ok(())
    }

    /// An unclosed quote: bash names the line where it was opened.
    fn unclosed(&self, c: char, open: u32) -> super::ParseError {
        let mut e = self.error(ErrorKind::Unclosed(c));
        if self.bash() {
            e.line = open;
        }
        e
    }

    fn double(&mut self, parts: &mut Parts) -> Res<()> {
        let open = self.line;
        self.bump();
        let mut inner = Parts::default();
        self.read(Mode::Double, b"\"", false, &mut inner)?;
        if self.peek() != Some(b'"') {
            return Err(self.unclosed('"', open));
        }
        self.bump();
        let inner = inner.finish();
        match &*inner {
            [] => parts.quoted(""),
            [Part::Quoted(s)] => parts.quoted(s),
            _ => parts.push(Part::Double(inner)),
        }
        Ok(())
    }

    /// The commands of a substitution, up to its `)`, which is taken. Bash misses that one whatever stays open within.
    fn substituted(&mut self) -> Res<Rc<List>> {
        let list = self.list().and_then(|list| self.expect_paren().map(|()| list));
        list.map_err(|e| match e.kind {
            ErrorKind::Eof { .. } if self.bash() => super::ParseError { kind: ErrorKind::Unclosed(')'), ..e },
            _ => e,
        })
    }

    fn backtick(&mut self, double: bool, parts: &mut Parts) -> Res<()> {
        let open = self.line;
        self.bump();
        let mut text = String::new();
        loop {
            match self.take_char() {
                None => return Err(self.unclosed('`', open)),
                Some('`') => break,
                Some('\\') => match self.peek() {
                    Some(b'`' | b'\\' | b'$') => text.extend(self.take_char()),
                    Some(b'"') if double => text.extend(self.take_char()),
                    _ => text.push('\\'),
                },
                Some(c) => text.push(c),
            }
        }
        parts.push(Part::Backtick(text.into()));
        Ok(())
    }

    /// Within "${x-…}" bash knows `$'…'` too: `quotes`.
    fn dollar(&mut self, double: bool, quotes: bool, parts: &mut Parts) -> Res<()> {
        self.join_name(self.pos + 1);
        match self.at(1) {
            Some(b'(') => {
                if self.at(2) == Some(b'(') {
                    let save = (self.pos, self.line);
                    self.skip(3);
                    let depth = self.depth;
                    match self.arith_text() {
                        Ok(Some(expr)) => {
                            parts.push(Part::Arith(expr));
                            return Ok(());
                        }
                        Err(e) if e.kind == ErrorKind::TooDeep => return Err(e),
                        _ if !self.bash() => {
                            // Only bash takes it for a subshell.
                            self.skip(self.rest().len());
                            return Err(self.error(ErrorKind::Arithmetic));
                        }
                        _ => {}
                    }
                    self.depth = depth;
                    (self.pos, self.line) = save;
                }
                self.skip(2);
                let outer = (std::mem::take(&mut self.pending), std::mem::take(&mut self.here));
                let list = self.substituted()?;
                (self.pending, self.here) = outer;
                parts.push(Part::Command(if self.bash() { file_content(list) } else { list }));
            }
            Some(b'{') => {
                let p = self.braced(double)?;
                parts.push(p);
            }
            Some(b'[') if self.bash() => {
                self.skip(2);
                let (w, _) = self.arith_until(b']')?;
                parts.push(Part::Arith(w));
            }
            Some(b'\'') if quotes && self.cx.dialect != Dialect::Dash => {
                self.skip(2);
                let text = self.ansi_c()?;
                parts.quoted(&text);
            }
            Some(b'"') if !double && self.bash() => {
                self.skip(1);
                self.double(parts)?;
            }
            // A translation within the word of "${x-…}": what is read next are its quotes.
            Some(b'"') if quotes && self.bash() => self.skip(1),
            Some(b) if is_name_start(b) => {
                self.bump();
                let len = self.rest().bytes().take_while(|b| is_name(*b)).count();
                let name = self.rest().get(..len).unwrap_or("").into();
                self.pos += len;
                parts.push(simple_param(name));
            }
            Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => {
                self.bump();
                let c = self.take_char().unwrap_or('?');
                parts.push(simple_param(c.to_string().into()));
            }
            _ => {
                self.bump();
                if double { parts.quoted("$") } else { parts.lit('$') }
            }
        }
        Ok(())
    }

    /// The text after `$'`.
    fn ansi_c(&mut self) -> Res<String> {
        let open = self.line;
        let mut raw = String::new();
        loop {
            match self.take_char() {
                None => return Err(self.unclosed('\'', open)),
                Some('\'') => break,
                Some('\\') => {
                    raw.push('\\');
                    raw.extend(self.take_char());
                }
                Some(c) => raw.push(c),
            }
        }
        Ok(crate::escape::ansi_c(&raw, self.cx.dialect))
    }

    /// `${…}`.
    fn braced(&mut self, double: bool) -> Res<Part> {
        self.enter()?;
        let start = self.pos;
        let open = self.line;
        self.skip(2);
        let part = self.braced_inner(double)?;
        let part = match part {
            Some(p) if self.peek() == Some(b'}') => {
                self.bump();
                Part::Param(Rc::new(p))
            }
            _ => {
                // Not understood: what it is shows when it is expanded.
                let mode = if double { Mode::BraceDouble } else { Mode::Brace };
                self.read(mode, b"}", false, &mut Parts::default())?;
                if self.peek() != Some(b'}') {
                    return Err(self.unclosed('}', open));
                }
                self.bump();
                Part::Bad(self.slice(start, self.pos).into())
            }
        };
        self.leave();
        Ok(part)
    }

    fn param_name(&mut self) -> Option<Rc<str>> {
        let b = self.peek()?;
        let len = if is_name_start(b) {
            self.rest().bytes().take_while(|b| is_name(*b)).count()
        } else if b.is_ascii_digit() {
            self.rest().bytes().take_while(u8::is_ascii_digit).count()
        } else if matches!(b, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') {
            1
        } else {
            return None;
        };
        let name = self.rest().get(..len)?.into();
        self.pos += len;
        Some(name)
    }

    fn index(&mut self) -> Res<Option<Index>> {
        if self.peek() != Some(b'[') || !self.bash() {
            return Ok(None);
        }
        if self.starts("[@]") || self.starts("[*]") {
            let at = self.at(1) == Some(b'@');
            self.skip(3);
            return Ok(Some(if at { Index::At } else { Index::Star }));
        }
        self.bump();
        let (w, _) = self.arith_until(b']')?;
        Ok(Some(Index::Key(w)))
    }

    fn braced_inner(&mut self, double: bool) -> Res<Option<Param>> {
        // ${#x} is a length; ${#}, ${#-…} and ${#?} speak of $#.
        if self.peek() == Some(b'#') && self.at(1).is_some_and(|b| b != b'}') {
            let save = self.pos;
            self.bump();
            if let Some(name) = self.param_name() {
                let index = self.index()?;
                if self.peek() == Some(b'}') {
                    return Ok(Some(Param { name, index, indirect: false, op: ParamOp::Length }));
                }
            }
            self.pos = save;
            // A length of nothing that there is, not `$#` with an empty word.
            if matches!(self.at(1), Some(b'+' | b'=')) && self.at(2) == Some(b'}') {
                return Ok(None);
            }
        }
        let mut indirect = false;
        if self.peek() == Some(b'!')
            && self.bash()
            && self.at(1).is_some_and(|b| is_name(b) || matches!(b, b'@' | b'*' | b'#'))
        {
            self.bump();
            indirect = true;
        }
        let Some(name) = self.param_name() else { return Ok(None) };
        if indirect && matches!(self.peek(), Some(b'*' | b'@')) && self.at(1) == Some(b'}') {
            let at = self.peek() == Some(b'@');
            self.bump();
            return Ok(Some(Param { name, index: None, indirect: false, op: ParamOp::Names(at) }));
        }
        let index = self.index()?;
        if indirect && self.peek() == Some(b'}') {
            match index {
                Some(Index::At) => {
                    return Ok(Some(Param { name, index: None, indirect: false, op: ParamOp::Keys(true) }));
                }
                Some(Index::Star) => {
                    return Ok(Some(Param { name, index: None, indirect: false, op: ParamOp::Keys(false) }));
                }
                _ => {}
            }
        }
        let Some(op) = self.param_op(double)? else { return Ok(None) };
        Ok(Some(Param { name, index, indirect, op }))
    }

    fn param_op(&mut self, double: bool) -> Res<Option<ParamOp>> {
        let Some(b) = self.peek() else { return Ok(None) };
        let colon = b == b':' && self.at(1).is_some_and(|n| matches!(n, b'-' | b'=' | b'?' | b'+'));
        let sign = if colon { self.at(1).unwrap_or(b) } else { b };
        let slices = self.cx.dialect != Dialect::Dash;
        Ok(Some(match sign {
            b'}' => ParamOp::Value,
            b'-' | b'=' | b'?' | b'+' => {
                self.skip(if colon { 2 } else { 1 });
                let w = self.brace_word(double, b"}")?;
                match sign {
                    b'-' => ParamOp::Default(colon, w),
                    b'=' => ParamOp::Assign(colon, w),
                    b'?' => ParamOp::Error(colon, w),
                    _ => ParamOp::Alternative(colon, w),
                }
            }
            b'#' | b'%' => {
                self.bump();
                let longest = self.peek() == Some(sign);
                if longest {
                    self.bump();
                }
                let w = self.brace_word(false, b"}")?;
                if sign == b'#' { ParamOp::Prefix(longest, w) } else { ParamOp::Suffix(longest, w) }
            }
            b'/' if slices => {
                self.bump();
                let kind = match self.peek() {
                    Some(b'/') => ReplaceKind::All,
                    Some(b'#') if self.bash() => ReplaceKind::Prefix,
                    Some(b'%') if self.bash() => ReplaceKind::Suffix,
                    _ => ReplaceKind::First,
                };
                if kind != ReplaceKind::First {
                    self.bump();
                }
                let pattern = self.brace_word(false, b"/}")?;
                let mut with: Word = Rc::from([]);
                if self.peek() == Some(b'/') {
                    self.bump();
                    with = self.brace_word(false, b"}")?;
                }
                ParamOp::Replace(kind, pattern, with)
            }
            b':' if slices => {
                self.bump();
                let (offset, end) = self.slice_expr()?;
                let len = if end == b':' { Some(self.slice_expr()?.0) } else { None };
                ParamOp::Slice(offset, len)
            }
            b'^' | b',' | b'~' if self.bash() => {
                self.bump();
                let all = self.peek() == Some(b);
                if all {
                    self.bump();
                }
                let w = self.brace_word(false, b"}")?;
                ParamOp::Case(char::from(b), all, w)
            }
            b'@' if self.bash() => {
                self.bump();
                let Some(c) = self.take_char() else { return Ok(None) };
                if !"QEPAaKkuUL".contains(c) {
                    return Ok(None);
                }
                ParamOp::Transform(c)
            }
            _ => return Ok(None),
        }))
    }

    fn brace_word(&mut self, double: bool, ends: &[u8]) -> Res<Word> {
        let mut parts = Parts::default();
        if !double {
            self.tilde(&mut parts, false);
        }
        let mode = if double { Mode::BraceDouble } else { Mode::Brace };
        let open = self.line;
        self.read(mode, ends, false, &mut parts)?;
        if self.peek().is_none() {
            return Err(self.unclosed('}', open));
        }
        Ok(parts.finish())
    }

    /// An offset or a length; what ended it (`:` taken, `}` not).
    fn slice_expr(&mut self) -> Res<(Word, u8)> {
        let mut parts = Parts::default();
        let (mut depth, mut questions) = (0_u32, 0_u32);
        loop {
            self.read(Mode::Brace, b"():?}", false, &mut parts)?;
            match self.peek() {
                None => return Err(self.error(ErrorKind::Unclosed('}'))),
                Some(b'}') => return Ok((parts.finish(), b'}')),
                Some(b':') if depth == 0 && questions == 0 => {
                    self.bump();
                    return Ok((parts.finish(), b':'));
                }
                Some(b) => {
                    match b {
                        b'(' => depth += 1,
                        b')' => depth = depth.saturating_sub(1),
                        b'?' => questions += 1,
                        _ => questions = questions.saturating_sub(1),
                    }
                    self.bump();
                    parts.lit(char::from(b));
                }
            }
        }
    }

    /// The expression after `((`, with its `))` taken; `None` if it isn't arithmetic.
    pub(super) fn arith_text(&mut self) -> Res<Option<Word>> {
        let (w, _) = self.arith_until(b')')?;
        if self.peek() == Some(b')') {
            self.bump();
            return Ok(Some(w));
        }
        if self.peek().is_none() {
            return Err(self.error(ErrorKind::Unclosed(')')));
        }
        Ok(None)
    }

    /// An expression up to the byte, which is taken; brackets within it are matched.
    pub(super) fn arith_until(&mut self, end: u8) -> Res<(Word, ())> {
        // Single quotes are text in an expression, quotes in a subscript.
        let mode = if end == b']' { Mode::Brace } else { Mode::BraceDouble };
        let mut parts = Parts::default();
        let mut nested: Vec<u8> = Vec::new();
        let from = self.pos;
        loop {
            self.read(mode, b"()[];", false, &mut parts)?;
            let Some(b) = self.peek() else { return Err(self.error(ErrorKind::Unclosed(char::from(end)))) };
            if nested.is_empty() && b == end {
                self.bump();
                return Ok((self.kept(from, self.pos - 1).unwrap_or_else(|| parts.finish()), ()));
            }
            match b {
                b'(' => nested.push(b')'),
                b'[' => nested.push(b']'),
                _ if nested.last() == Some(&b) => {
                    nested.pop();
                }
                b')' if nested.is_empty() => return Err(self.error(ErrorKind::Unclosed(char::from(end)))),
                _ => {}
            }
            self.bump();
            parts.lit(char::from(b));
        }
    }
}

/// `$(< file)` stands for the file's content: the builtin of [`SLURP`]'s name reads it.
pub(crate) fn file_content(list: Rc<List>) -> Rc<List> {
    let only_input = |c: &Command| matches!((&c.kind, &*c.redirs), (CommandKind::Simple(a, w), [r]) if a.is_empty() && w.is_empty() && r.op == RedirOp::In);
    let [item] = list.items.as_slice() else { return list };
    let [command] = item.and_or.first.commands.as_slice() else { return list };
    if item.background || !item.and_or.rest.is_empty() || !only_input(command) {
        return list;
    }
    let word: Word = Rc::from([Part::Quoted(SLURP.into())]);
    let command = Command { kind: CommandKind::Simple(Rc::from([]), Rc::from([word])), ..(**command).clone() };
    let pipeline = Pipeline { commands: vec![Rc::new(command)], ..(*item.and_or.first).clone() };
    let and_or = AndOr { first: Rc::new(pipeline), ..(*item.and_or).clone() };
    Rc::new(List { items: vec![Item { and_or: Rc::new(and_or), background: false }] })
}

fn simple_param(name: Rc<str>) -> Part {
    Part::Param(Rc::new(Param { name, index: None, indirect: false, op: ParamOp::Value }))
}
