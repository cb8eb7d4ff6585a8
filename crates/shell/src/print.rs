//! Functions as text, in the layout of bash's `declare -f` and `type`.
//!
//! The definition's source is read again with words kept as they are written; what is printed is
//! the tree, not the text. Odd places (a blank line after a here-document, `for` without `in`) are bash's.

use std::rc::Rc;

use crate::Dialect;
use crate::parse::ast::{
    AndOr, Assign, AssignValue, CaseEnd, Command, CommandKind, Cond, Function, List, Part, Pipeline, Redir, RedirOp,
    Word,
};
use crate::parse::{Context, verbatim};

/// `name ()` and the body.
pub fn function(name: &str, f: &Function) -> String {
    let cx = Context { dialect: Dialect::Bash, aliases: None, extglob: true };
    let body = verbatim(&f.text, &cx).and_then(|l| definition(&l)).unwrap_or_else(|| f.body.clone());
    let mut p = Printer { out: format!("{name} () \n"), ..Printer::default() };
    p.body(&body);
    p.out
}

/// A command in bash's layout, for `BASH_COMMAND` and jobs.
pub fn command(text: &str) -> Option<String> {
    let cx = Context { dialect: Dialect::Bash, aliases: None, extglob: true };
    let list = verbatim(text, &cx)?;
    let mut p = Printer::default();
    p.and_or(&list.items.first()?.and_or);
    p.operator("");
    Some(p.out)
}

/// The body of the one function that the list defines.
/// How a `for`, `select` or `case` begins, as `set -x` shows it.
pub fn head(text: &str) -> Option<String> {
    let cx = Context { dialect: Dialect::Bash, aliases: None, extglob: true };
    Some(match &verbatim(text, &cx)?.items.first()?.and_or.first.commands.first()?.kind {
        CommandKind::For(name, items, _) => loop_head("for", name, items.as_deref()),
        CommandKind::Select(name, items, _) => loop_head("select", name, items.as_deref()),
        CommandKind::Case(subject, _) => case_head(subject),
        _ => return None,
    })
}

fn definition(list: &List) -> Option<Rc<Command>> {
    match &list.items.first()?.and_or.first.commands.first()?.kind {
        CommandKind::Function(_, f) => Some(f.body.clone()),
        _ => None,
    }
}

#[derive(Default)]
struct Printer {
    out: String,
    indent: usize,
    /// Here-documents whose lines follow.
    here: Vec<String>,
    /// Here-documents were printed last: no semicolon follows.
    was_here: bool,
}

impl Printer {
    fn put(&mut self, s: &str) {
        self.out.push_str(s);
    }

    fn newline(&mut self, s: &str) {
        self.put("\n");
        self.pad();
        self.put(s);
    }

    fn pad(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.indent));
    }

    fn semicolon(&mut self) {
        if !self.out.ends_with(['&', '\n']) {
            self.put(";");
        }
    }

    /// An operator, and the here-documents of the command before it.
    fn operator(&mut self, s: &str) {
        self.put(s);
        if self.here.is_empty() {
            return;
        }
        self.put("\n");
        for body in std::mem::take(&mut self.here) {
            self.put(&body);
            self.put("\n");
        }
        if !s.is_empty() {
            self.put(" ");
        }
        self.was_here = true;
    }

    /// `{`, what a function or group holds, `}`.
    fn body(&mut self, c: &Command) {
        self.pad();
        self.put("{ \n");
        self.indent += 4;
        match &c.kind {
            CommandKind::Group(list) => self.list(list, true),
            _ => {
                self.pad();
                self.kind(c);
            }
        }
        self.operator("");
        self.indent -= 4;
        self.newline("}");
        if !c.redirs.is_empty() {
            self.put(" ");
            self.redirs(&c.redirs);
        }
    }

    fn list(&mut self, list: &List, mut pad: bool) {
        let last = list.items.len().saturating_sub(1);
        for (i, item) in list.items.iter().enumerate() {
            if pad {
                self.pad();
            }
            self.and_or(&item.and_or);
            if item.background {
                self.operator(" &");
                if i < last {
                    self.put(" ");
                }
                pad = false;
            } else if i < last {
                if !self.here.is_empty() {
                    self.operator("");
                } else if !std::mem::take(&mut self.was_here) {
                    self.put(";");
                }
                self.put("\n");
                pad = true;
            }
        }
        self.operator("");
    }

    /// A list one step further in.
    fn inner(&mut self, list: &List) {
        self.indent += 4;
        self.list(list, true);
        self.indent -= 4;
    }

    fn and_or(&mut self, a: &AndOr) {
        self.pipeline(&a.first);
        for (and, p) in &a.rest {
            self.operator(if *and { " && " } else { " || " });
            self.pipeline(p);
        }
    }

    fn pipeline(&mut self, p: &Pipeline) {
        if p.timed {
            self.put(if p.timed_posix { "time -p " } else { "time " });
        }
        if p.negated {
            self.put("! ");
        }
        for (i, c) in p.commands.iter().enumerate() {
            if i > 0 {
                self.operator(" |");
                self.put(" ");
            }
            self.command(c);
        }
    }

    fn command(&mut self, c: &Command) {
        self.kind(c);
        let bare = matches!(&c.kind, CommandKind::Simple(a, w) if a.is_empty() && w.is_empty());
        if !c.redirs.is_empty() && !matches!(c.kind, CommandKind::Function(..)) {
            if !bare {
                self.put(" ");
            }
            self.redirs(&c.redirs);
        }
    }

    fn kind(&mut self, c: &Command) {
        match &c.kind {
            CommandKind::Simple(assigns, words) => {
                let all = assigns.iter().map(assign).chain(words.iter().map(word)).collect::<Vec<_>>();
                self.put(&all.join(" "));
            }
            CommandKind::Group(list) => {
                self.put("{ \n");
                self.inner(list);
                self.newline("}");
            }
            CommandKind::Subshell(list) => {
                self.put("( ");
                self.list(list, false);
                self.put(" )");
            }
            CommandKind::If(arms, other) => self.if_(arms, other.as_deref()),
            CommandKind::While(until, cond, body) => {
                self.put(if *until { "until " } else { "while " });
                self.list(cond, false);
                self.semicolon();
                self.put(" do\n");
                self.loop_end(body);
            }
            CommandKind::For(name, items, body) => self.for_("for", name, items.as_deref(), body),
            CommandKind::Select(name, items, body) => self.for_("select", name, items.as_deref(), body),
            CommandKind::ForArith(exprs, body) => {
                let exprs = exprs.iter().map(|e| match word(e).trim_start() {
                    "" => "1".to_owned(),
                    e => e.to_owned(),
                });
                let head = format!("for (({}))", exprs.collect::<Vec<_>>().join("; "));
                self.put(&head);
                self.newline("do\n");
                self.loop_end(body);
            }
            CommandKind::Case(subject, arms) => {
                self.put(&case_head(subject));
                self.put(" ");
                self.indent += 4;
                for arm in arms.iter() {
                    self.newline("");
                    self.put(&words(&arm.patterns, " | "));
                    self.put(")\n");
                    self.inner(&arm.body);
                    self.newline(match arm.end {
                        CaseEnd::Break => ";;",
                        CaseEnd::Fall => ";&",
                        CaseEnd::Next => ";;&",
                    });
                }
                self.indent -= 4;
                self.newline("esac");
            }
            CommandKind::Function(name, f) => {
                self.put(&format!("function {name} () \n"));
                self.body(&f.body);
            }
            CommandKind::Cond(c) => {
                self.put("[[ ");
                self.cond(c);
                self.put(" ]]");
            }
            CommandKind::Arith(e) => self.put(&format!("(({}))", word(e))),
            CommandKind::Coproc(name, c) => {
                self.put(&format!("coproc {name} "));
                self.command(c);
            }
        }
    }

    fn if_(&mut self, arms: &[(Rc<List>, Rc<List>)], other: Option<&List>) {
        let Some(((cond, body), rest)) = arms.split_first() else { return };
        self.put("if ");
        self.list(cond, false);
        self.semicolon();
        self.put(" then\n");
        self.inner(body);
        if !rest.is_empty() || other.is_some() {
            self.semicolon();
            self.newline("else\n");
            self.indent += 4;
            match other {
                Some(list) if rest.is_empty() => self.list(list, true),
                _ => {
                    self.pad();
                    self.if_(rest, other);
                }
            }
            self.indent -= 4;
        }
        self.semicolon();
        self.newline("fi");
    }

    fn for_(&mut self, keyword: &str, name: &str, items: Option<&[Word]>, body: &List) {
        self.put(&format!("{};", loop_head(keyword, name, items)));
        self.newline("do\n");
        self.loop_end(body);
    }

    fn loop_end(&mut self, body: &List) {
        self.inner(body);
        self.semicolon();
        self.newline("done");
    }

    fn cond(&mut self, c: &Cond) {
        match c {
            Cond::Word(w) if word(w).starts_with('(') => self.put(&word(w)),
            Cond::Word(w) => self.put(&format!("-n {}", word(w))),
            Cond::Unary(op, w) => self.put(&format!("{op} {}", word(w))),
            Cond::Binary(op, a, b) => self.put(&format!("{} {op} {}", word(a), word(b))),
            Cond::Not(c) => {
                self.put("! ");
                self.cond(c);
            }
            Cond::And(a, b) | Cond::Or(a, b) => {
                self.cond(a);
                self.put(if matches!(c, Cond::And(..)) { " && " } else { " || " });
                self.cond(b);
            }
        }
    }

    fn redirs(&mut self, redirs: &[Redir]) {
        for (i, r) in redirs.iter().enumerate() {
            if i > 0 {
                self.put(" ");
            }
            self.redir(r);
        }
    }

    fn redir(&mut self, r: &Redir) {
        let target = word(&r.target);
        let (op, standard) = match &r.op {
            RedirOp::In => ("< ", 0),
            RedirOp::Out => ("> ", 1),
            RedirOp::Clobber => (">| ", 1),
            RedirOp::Append => (">> ", 1),
            RedirOp::InOut => ("<> ", -1),
            RedirOp::DupIn if target == "-" => (">&", -1),
            RedirOp::DupIn => ("<&", -1),
            RedirOp::DupOut => (">&", -1),
            RedirOp::Both => ("&> ", 1),
            RedirOp::BothAppend => ("&>> ", 1),
            RedirOp::HereString => ("<<< ", 0),
            // The target is the operator with its delimiter.
            RedirOp::Here(doc) => {
                let end = target.trim_start_matches(['<', '-']).trim_matches('\'').to_owned();
                let body = doc.body.get().map(word).unwrap_or_default();
                self.here.push(format!("{body}{end}"));
                ("", 0)
            }
        };
        let own = match r.op {
            RedirOp::InOut | RedirOp::DupIn => 0,
            _ => 1,
        };
        match (&r.var, r.fd) {
            (Some(name), _) => self.put(&format!("{{{name}}}")),
            (None, Some(fd)) if fd != standard => self.put(&fd.to_string()),
            (None, None) if standard < 0 => self.put(if own == 0 { "0" } else { "1" }),
            _ => {}
        }
        self.put(op);
        self.put(&target);
    }
}

/// `for x in …`, without the body.
fn loop_head(keyword: &str, name: &str, items: Option<&[Word]>) -> String {
    let items = items.map_or_else(|| "\"$@\"".to_owned(), |i| words(i, " "));
    format!("{keyword} {name} in {items}")
}

/// `case … in`.
fn case_head(subject: &Word) -> String {
    format!("case {} in", word(subject))
}

/// A word as it is written: verbatim ones are one literal.
fn word(w: &Word) -> String {
    w.iter()
        .map(|p| match p {
            Part::Lit(s) | Part::Quoted(s) => s.to_string(),
            Part::Assign(a) => assign(a),
            _ => String::new(),
        })
        .collect()
}

fn words(list: &[Word], between: &str) -> String {
    list.iter().map(word).collect::<Vec<_>>().join(between)
}

fn assign(a: &Assign) -> String {
    let index = a.index.as_ref().map(|i| format!("[{}]", word(i))).unwrap_or_default();
    let value = match &a.value {
        AssignValue::Scalar(w) => word(w),
        AssignValue::Array(items) => {
            let items = items.iter().map(|(key, w)| match key {
                Some((k, append)) => format!("[{}]{}={}", word(k), if *append { "+" } else { "" }, word(w)),
                None => word(w),
            });
            format!("({})", items.collect::<Vec<_>>().join(" "))
        }
    };
    format!("{}{index}{}{value}", a.name, if a.append { "+=" } else { "=" })
}
