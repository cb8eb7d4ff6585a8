//! Lists, conditions and loops.

use std::rc::Rc;

use layerlab_kernel::{Cx, SimTime};

use super::fork::{ForkFrame, Task};
use super::{Control, Flow, Frame, Hot, Shell, SourceKind};
use crate::expand::{Expand, Mode};
use crate::parse::ast::{AndOr, CaseArm, CaseEnd, Command, CommandKind, Item, List, Part, Pipeline, Word};

/// The simple command that is all of the list.
fn lone_command(node: &AndOr) -> Option<Rc<Command>> {
    match node.first.commands.as_slice() {
        [c] if node.rest.is_empty()
            && !node.first.negated
            && !node.first.timed
            && matches!(c.kind, CommandKind::Simple(..)) =>
        {
            Some(c.clone())
        }
        _ => None,
    }
}

/// A command as bash shows it in `BASH_COMMAND`: of a loop and `case`, the head.
fn shown(c: &Command) -> Rc<str> {
    match &c.kind {
        CommandKind::For(..) | CommandKind::Select(..) => c.text.split([';', '\n']).next().unwrap_or("").into(),
        CommandKind::Case(..) => {
            let mut end = c.text.match_indices(" in").map(|(i, _)| i + 3);
            let end = end.find(|i| c.text.get(*i..).is_some_and(|t| t.starts_with(char::is_whitespace)));
            format!("{} ", c.text.get(..end.unwrap_or(c.text.len())).unwrap_or("")).into()
        }
        // Redirections and conditions are shown as bash writes them.
        _ if c.text.contains(['<', '>']) || c.text.starts_with("[[") => {
            crate::print::command(&c.text).map_or_else(|| c.text.clone(), Into::into)
        }
        _ => c.text.clone(),
    }
}

type Arms = Rc<[(Rc<List>, Rc<List>)]>;

impl Shell {
    pub(super) fn step_list(&mut self, list: Rc<List>, i: usize, cx: &mut Cx<'_>) -> Flow {
        if self.has_pending_trap() {
            self.frames.push(Frame::List(list, i));
            self.run_pending_trap();
            return Flow::Go;
        }
        let Some(item) = list.items.get(i) else { return Flow::Go };
        let (and_or, background) = (item.and_or.clone(), item.background);
        self.frames.push(Frame::List(list.clone(), i + 1));
        if background {
            let text = and_or.text.clone();
            self.frames.push(Frame::Fork(Box::new(ForkFrame::background(Task::AndOr(and_or), text))));
        } else if let Some(c) = lone_command(&and_or) {
            self.frames.push(Frame::Command(c));
        } else {
            self.frames.push(Frame::AndOr(and_or, 0));
        }
        cx.charge(SimTime(300));
        Flow::Go
    }

    /// `i` pipelines have been started.
    pub(super) fn step_and_or(&mut self, node: Rc<AndOr>, i: usize, cx: &Cx<'_>) -> Flow {
        let next = if i == 0 {
            Some((node.first.clone(), 0))
        } else {
            // The next one whose condition holds.
            node.rest
                .iter()
                .enumerate()
                .skip(i - 1)
                .find(|(_, (and, _))| *and == (self.status == 0))
                .map(|(k, (_, p))| (p.clone(), k + 1))
        };
        let Some((pipeline, k)) = next else { return Flow::Go };
        self.frames.push(Frame::AndOr(node, k + 1));
        self.start_pipeline(pipeline, cx);
        Flow::Go
    }

    /// Starts a command: with its redirections if it is a compound one.
    pub(super) fn start_command(&mut self, c: Rc<Command>, cx: &mut Cx<'_>) -> Flow {
        if self.opts.hot(Hot::Noexec) && !self.interactive {
            return Flow::Go;
        }
        if self.dialect.is_bash()
            && self.traces_commands()
            && !matches!(
                c.kind,
                CommandKind::Group(_)
                    | CommandKind::Subshell(_)
                    | CommandKind::If(..)
                    | CommandKind::While(..)
                    | CommandKind::For(..)
                    | CommandKind::Function(..)
            )
        {
            self.line = c.line;
            self.command_text = shown(&c);
            self.frames.push(Frame::Traced(c));
            self.run_trap_named(super::TrapName::Debug);
            return Flow::Go;
        }
        self.start_traced(c, cx)
    }

    /// The same after the DEBUG trap.
    pub(super) fn start_traced(&mut self, c: Rc<Command>, cx: &mut Cx<'_>) -> Flow {
        if let CommandKind::Simple(..) = c.kind {
            self.line = c.line;
            if self.dialect.is_bash() && self.traps.any() && !self.frames.iter().any(|f| matches!(f, Frame::Trap(..))) {
                self.command_text = shown(&c);
            }
            return match self.inner_assignments(&c) {
                Some(group) => self.start_redirected(group, cx),
                None => self.start_simple(c, cx),
            };
        }
        if !c.redirs.is_empty() && !matches!(c.kind, CommandKind::Function(..)) {
            return self.start_redirected(c, cx);
        }
        self.start_compound(&c, cx);
        Flow::Go
    }

    /// In dash and ash the redirections of assignments alone are done before their values are expanded: as those of
    /// a group that holds them.
    fn inner_assignments(&self, c: &Command) -> Option<Rc<Command>> {
        let CommandKind::Simple(assigns, words) = &c.kind else { return None };
        if self.dialect.is_bash() || c.redirs.is_empty() || assigns.is_empty() || !words.is_empty() {
            return None;
        }
        let inner = Rc::new(Command { redirs: Rc::from([]), ..c.clone() });
        let pipeline =
            Pipeline { negated: false, timed: false, timed_posix: false, commands: vec![inner], text: c.text.clone() };
        let and_or = AndOr { first: Rc::new(pipeline), rest: Vec::new(), text: c.text.clone() };
        let list = List { items: vec![Item { and_or: Rc::new(and_or), background: false }] };
        Some(Rc::new(Command { kind: CommandKind::Group(Rc::new(list)), ..c.clone() }))
    }

    pub(super) fn start_compound(&mut self, c: &Rc<Command>, cx: &mut Cx<'_>) {
        match &c.kind {
            CommandKind::Simple(..) => {}
            CommandKind::Group(list) => self.frames.push(Frame::List(list.clone(), 0)),
            CommandKind::Subshell(list) => {
                self.frames.push(Frame::Check);
                self.frames.push(Frame::Fork(Box::new(ForkFrame::foreground(Task::List(list.clone())))));
            }
            CommandKind::If(arms, other) => self.frames.push(Frame::If(arms.clone(), other.clone(), 0, false)),
            CommandKind::While(until, cond, body) => {
                self.loops += 1;
                self.frames.push(Frame::While(*until, cond.clone(), body.clone(), false, 0));
            }
            CommandKind::For(_, words, _) => {
                self.line = c.line;
                match words {
                    Some(words) => {
                        self.frames.push(Frame::ForStart(c.clone()));
                        let words: Vec<(Word, Mode)> =
                            self.braces(words).into_iter().map(|w| (w, Mode::Fields)).collect();
                        self.push_expand(words, cx);
                    }
                    None => {
                        self.loops += 1;
                        let values: Rc<[String]> = self.params.to_vec().into();
                        self.push_for(c.clone(), values);
                    }
                }
            }
            CommandKind::Select(name, words, body) => {
                self.line = c.line;
                self.trace_head(c, cx);
                match words {
                    Some(words) => {
                        self.frames.push(Frame::SelectStart(name.clone(), body.clone()));
                        let words: Vec<(Word, Mode)> =
                            self.braces(words).into_iter().map(|w| (w, Mode::Fields)).collect();
                        self.push_expand(words, cx);
                    }
                    None => {
                        self.results = vec![self.params.to_vec()];
                        self.frames.push(Frame::SelectStart(name.clone(), body.clone()));
                    }
                }
            }
            CommandKind::ForArith(exprs, body) => {
                self.line = c.line;
                self.loops += 1;
                self.frames.push(Frame::ForArith(exprs.clone(), body.clone(), 0));
                self.push_arith(&exprs[0], cx);
            }
            CommandKind::Case(subject, arms) => {
                self.line = c.line;
                self.trace_head(c, cx);
                self.frames.push(Frame::Case(None, arms.clone(), 0, 0, true));
                self.push_expand(vec![(subject.clone(), Mode::Single)], cx);
            }
            CommandKind::Function(name, f) => {
                Rc::make_mut(&mut self.funcs).insert(name.to_string(), f.clone());
                let origin = match self.sources.last() {
                    Some(s) => s.clone(),
                    None if self.from_c => "environment".into(),
                    None if self.interactive => "main".into(),
                    None => self.name.clone(),
                };
                Rc::make_mut(&mut self.origins).insert(name.to_string(), origin);
                self.status = 0;
            }
            CommandKind::Cond(cond) => {
                self.line = c.line;
                self.frames.push(Frame::Check);
                let _ = self.push_cond(cond, cx);
            }
            CommandKind::Coproc(name, body) => self.start_coproc(name, body, cx),
            CommandKind::Arith(expr) => {
                self.line = c.line;
                self.frames.push(Frame::Check);
                self.frames.push(Frame::Arith);
                self.push_arith(expr, cx);
            }
        }
    }

    /// Words with their braces expanded.
    pub(super) fn braces(&self, words: &[Word]) -> Vec<Word> {
        let any = |w: &Word| w.iter().any(|p| matches!(p, Part::Lit(s) if s.contains('{')));
        if !words.iter().any(any) {
            return words.to_vec();
        }
        if self.dialect.is_bash() && self.opts.has("braceexpand") {
            words.iter().flat_map(crate::parse::expand_braces).collect()
        } else {
            words.to_vec()
        }
    }

    /// Expands words into `results`: at once where that can be, else by a frame above this one's.
    pub(super) fn push_expand(&mut self, words: Vec<(Word, Mode)>, cx: &mut Cx<'_>) {
        if self.quick_expand(&words, cx) {
            return;
        }
        self.frames.push(Frame::Expand(Box::new(Expand::new(words))));
    }

    fn push_arith(&mut self, expr: &Word, cx: &mut Cx<'_>) {
        self.push_expand(vec![(Rc::from([Part::Double(expr.clone())]), Mode::Single)], cx);
    }

    pub(crate) fn take_one(&mut self) -> String {
        std::mem::take(&mut self.results).into_iter().next().and_then(|v| v.into_iter().next()).unwrap_or_default()
    }

    pub(super) fn step_if(&mut self, arms: Arms, other: Option<Rc<List>>, i: usize, tested: bool) -> Flow {
        if !tested {
            match arms.get(i) {
                Some((cond, _)) => {
                    let cond = cond.clone();
                    self.frames.push(Frame::If(arms, other, i, true));
                    self.frames.push(Frame::List(cond, 0));
                }
                None => match other {
                    Some(list) => self.frames.push(Frame::List(list, 0)),
                    None => self.status = 0,
                },
            }
            return Flow::Go;
        }
        if self.status == 0 {
            if let Some((_, body)) = arms.get(i) {
                self.frames.push(Frame::List(body.clone(), 0));
            }
        } else {
            self.frames.push(Frame::If(arms, other, i + 1, false));
        }
        Flow::Go
    }

    pub(super) fn step_while(
        &mut self,
        until: bool,
        cond: Rc<List>,
        body: Rc<List>,
        tested: bool,
        last: i32,
        cx: &mut Cx<'_>,
    ) -> Flow {
        if !tested {
            cx.charge(SimTime(500));
            // `last` is the status so far: the body has just run, or nothing yet.
            let status = self.status;
            self.frames.push(Frame::While(until, cond.clone(), body, true, if last == -1 { status } else { last }));
            self.frames.push(Frame::List(cond, 0));
            return Flow::Go;
        }
        if (self.status == 0) == until {
            self.status = last;
            self.loops = self.loops.saturating_sub(1);
            return Flow::Go;
        }
        self.frames.push(Frame::While(until, cond, body.clone(), false, -1));
        self.frames.push(Frame::List(body, 0));
        Flow::Go
    }

    pub(super) fn start_for(&mut self, c: Rc<Command>) -> Flow {
        let values: Rc<[String]> = std::mem::take(&mut self.results).into_iter().flatten().collect();
        self.loops += 1;
        self.push_for(c, values);
        Flow::Go
    }

    /// A body sees the status of what was before; without any round it is 0.
    fn push_for(&mut self, c: Rc<Command>, values: Rc<[String]>) {
        if values.is_empty() {
            self.status = 0;
        }
        self.frames.push(Frame::For(c, values, 0, false));
    }

    pub(super) fn step_for(
        &mut self,
        c: Rc<Command>,
        values: Rc<[String]>,
        i: usize,
        traced: bool,
        cx: &mut Cx<'_>,
    ) -> Flow {
        let (Some(v), CommandKind::For(name, _, body)) = (values.get(i), &c.kind) else {
            self.loops = self.loops.saturating_sub(1);
            return Flow::Go;
        };
        if !traced && self.dialect.is_bash() && self.traces_commands() {
            // Bash runs the DEBUG trap in every round.
            self.line = c.line;
            self.command_text = shown(&c);
            self.frames.push(Frame::For(c, values, i, true));
            self.run_trap_named(super::TrapName::Debug);
            return Flow::Go;
        }
        let (v, body) = (v.clone(), body.clone());
        if !self.assign_in_loop(name, &v) {
            self.loops = self.loops.saturating_sub(1);
            self.status = 1;
            if !self.dialect.is_bash() {
                self.status = 2;
                self.control = Some(Control::Abort);
            }
            return Flow::Go;
        }
        if self.opts.hot(Hot::Xtrace) {
            self.trace_head(&c, cx);
        }
        self.frames.push(Frame::For(c, values, i + 1, false));
        self.frames.push(Frame::List(body, 0));
        Flow::Go
    }

    pub(super) fn step_for_arith(&mut self, exprs: Rc<[Word; 3]>, body: Rc<List>, stage: u8, cx: &mut Cx<'_>) -> Flow {
        if stage == 2 {
            self.frames.push(Frame::ForArith(exprs.clone(), body, 3));
            self.push_arith(&exprs[2], cx);
            return Flow::Go;
        }
        let text = self.take_one();
        if self.opts.hot(Hot::Xtrace) {
            let shown = text.trim_start();
            self.trace(&format!("(( {} ))", if shown.is_empty() { "1" } else { shown }), cx);
        }
        if !matches!(stage, 1 | 4) {
            if self.arith_or_complain(&text, cx).is_none() {
                self.loops = self.loops.saturating_sub(1);
                return Flow::Go;
            }
            let test = if stage == 3 { 4 } else { 1 };
            self.frames.push(Frame::ForArith(exprs.clone(), body, test));
            self.push_arith(&exprs[1], cx);
            return Flow::Go;
        }
        let go_on = if text.trim().is_empty() { Some(1) } else { self.arith_or_complain(&text, cx) };
        if go_on.is_none_or(|n| n == 0) {
            self.loops = self.loops.saturating_sub(1);
            // Without any round it is 0, else the last round's.
            if go_on.is_some() && stage == 1 {
                self.status = 0;
            }
            return Flow::Go;
        }
        self.frames.push(Frame::ForArith(exprs, body.clone(), 2));
        self.frames.push(Frame::List(body, 0));
        Flow::Go
    }

    pub(super) fn step_case(
        &mut self,
        subject: Option<Rc<str>>,
        arms: Rc<[CaseArm]>,
        mut i: usize,
        mut j: usize,
        expanding: bool,
        cx: &mut Cx<'_>,
    ) -> Flow {
        let subject = match subject {
            None => self.take_one().into(),
            Some(s) => {
                if expanding {
                    let pattern = self.take_one();
                    if self.pattern_matches(&pattern, &s) {
                        self.run_arm(s, arms, i);
                        return Flow::Go;
                    }
                    j += 1;
                }
                s
            }
        };
        loop {
            let Some(arm) = arms.get(i) else {
                self.status = 0;
                return Flow::Go;
            };
            match arm.patterns.get(j) {
                Some(p) => {
                    let p = p.clone();
                    self.frames.push(Frame::Case(Some(subject), arms, i, j, true));
                    self.push_expand(vec![(p, Mode::Pattern)], cx);
                    return Flow::Go;
                }
                None => (i, j) = (i + 1, 0),
            }
        }
    }

    fn run_arm(&mut self, subject: Rc<str>, arms: Rc<[CaseArm]>, i: usize) {
        let Some(arm) = arms.get(i) else { return };
        let body = arm.body.clone();
        if arm.end != CaseEnd::Break {
            self.frames.push(Frame::CaseNext(subject, arms, i));
        }
        if body.items.is_empty() {
            self.status = 0;
        }
        self.frames.push(Frame::List(body, 0));
    }

    pub(super) fn step_case_next(&mut self, subject: Rc<str>, arms: Rc<[CaseArm]>, i: usize, cx: &mut Cx<'_>) -> Flow {
        match arms.get(i).map(|a| a.end) {
            Some(CaseEnd::Fall) => self.run_arm(subject, arms, i + 1),
            Some(CaseEnd::Next) => {
                let status = self.status;
                let flow = self.step_case(Some(subject), arms, i + 1, 0, false, cx);
                if self.status == 0 {
                    self.status = status;
                }
                return flow;
            }
            _ => {}
        }
        Flow::Go
    }

    pub(super) fn step_arith(&mut self, cx: &mut Cx<'_>) -> Flow {
        let text = self.take_one();
        if self.opts.hot(Hot::Xtrace) {
            self.trace(&format!("(( {text} ))"), cx);
        }
        match self.eval_arith(&text, cx) {
            Ok(n) => self.status = i32::from(n == 0),
            Err(e) => {
                self.complain(&format!("((: {e}"));
                self.status = 1;
            }
        }
        Flow::Go
    }

    fn arith_or_complain(&mut self, text: &str, cx: &mut Cx<'_>) -> Option<i64> {
        match self.eval_arith(text, cx) {
            Ok(n) => Some(n),
            Err(e) => {
                self.complain(&format!("((: {e}"));
                self.status = 1;
                None
            }
        }
    }

    pub(super) fn pattern_matches(&self, pattern: &str, text: &str) -> bool {
        if self.opts.hot(Hot::Nocasematch) {
            return self.pattern(&pattern.to_lowercase()).matches(&text.to_lowercase());
        }
        self.pattern(pattern).matches(text)
    }

    /// How a loop or a `case` begins, as bash's `set -x` shows it: as it is written.
    fn trace_head(&mut self, c: &Command, cx: &mut Cx<'_>) {
        if self.opts.hot(Hot::Xtrace)
            && self.dialect.is_bash()
            && let Some(head) = crate::print::head(&c.text)
        {
            self.trace(&head, cx);
        }
    }

    /// A line of `set -x`.
    pub(super) fn trace(&mut self, text: &str, cx: &mut Cx<'_>) {
        let raw = self.vars.value("PS4").unwrap_or_else(|| "+ ".into());
        let mut ps4 = self.plain_expansion(&raw, cx);
        // Bash repeats the first character for each substitution and eval around.
        if self.dialect.is_bash()
            && let Some(first) = ps4.chars().next()
        {
            let inner =
                |f: &&Frame| matches!(f, Frame::Source(s) if matches!(s.kind, SourceKind::Eval | SourceKind::Trap));
            let depth = self.substs + self.dots + u32::try_from(self.frames.iter().filter(inner).count()).unwrap_or(0);
            ps4.insert_str(0, &first.to_string().repeat(depth as usize));
        }
        self.err(format!("{ps4}{text}\n"));
    }

    /// A text with its parameters and arithmetic expanded, where that needs no other process.
    fn plain_expansion(&mut self, raw: &str, cx: &mut Cx<'_>) -> String {
        if !raw.contains('$') || raw.contains('`') || raw.replace("$((", "").contains("$(") {
            return raw.to_owned();
        }
        let word = crate::parse::quoted_text(raw, &self.parse_context());
        let results = std::mem::take(&mut self.results);
        let base = self.frames.len();
        self.push_expand(vec![(word, Mode::Single)], cx);
        while self.frames.len() > base
            && let Some(Frame::Expand(x)) = self.frames.pop()
        {
            let _ = self.step_expand(x, cx);
        }
        let text = self.take_one();
        self.results = results;
        text
    }

    /// A command's words as `set -x` shows them.
    pub(super) fn traced(&self, words: &[String]) -> String {
        let shown: Vec<String> = if self.dialect == crate::Dialect::Dash {
            words.to_vec()
        } else {
            words.iter().map(|w| crate::escape::quote_for_trace(w)).collect()
        };
        shown.join(" ")
    }

    /// A jump that a builtin asked for.
    pub fn jump(&mut self, control: Control) {
        self.control = Some(control);
    }
}
