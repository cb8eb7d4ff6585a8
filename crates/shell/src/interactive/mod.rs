//! The loop at a prompt: prompt, line, command, again.

mod completion;
mod expansion;
mod history;
mod marks;
mod prompt;

pub(crate) use expansion::line_words;
use layerlab_kernel::{Cx, Errno, Ret, Syscall, Termios};

use crate::dialect::Dialect;
use crate::edit::{Action, Editor};
use crate::eval::{Control, Flow, Frame, Shell, SourceKind};
use crate::expand::{Expand, Mode};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum State {
    /// A new command line begins.
    Begin,
    /// PROMPT_COMMAND has run.
    Hooked,
    /// The prompt's text is being expanded.
    Prompt,
    /// A read has been asked for.
    Reading,
    /// Candidates come from a program: where the word starts, whether to list.
    Asked(usize, bool),
}

/// The interactive loop.
#[derive(Clone, Debug, Hash)]
pub struct PromptFrame {
    state: State,
    editor: Option<Editor>,
    /// Lines of a command that isn't complete yet.
    text: String,
    /// Whether a command has run since the last prompt.
    ran: bool,
    /// Bytes of a line, where there is no editor.
    line: Vec<u8>,
    /// The terminal's settings while a command runs.
    cooked: Option<Termios>,
    status_kept: i32,
}

impl PromptFrame {
    /// At the start of a session.
    pub fn new() -> Self {
        Self {
            state: State::Begin,
            editor: None,
            text: String::new(),
            ran: false,
            line: Vec::new(),
            cooked: None,
            status_kept: 0,
        }
    }
}

impl Default for PromptFrame {
    fn default() -> Self {
        Self::new()
    }
}

impl Shell {
    /// Whether lines are edited here, rather than by the terminal.
    fn edits(&self) -> bool {
        self.dialect != Dialect::Dash && self.tty.is_some()
    }

    pub(crate) fn step_prompt(&mut self, mut f: Box<PromptFrame>, cx: &mut Cx<'_>) -> Flow {
        match f.state.clone() {
            State::Begin => {
                self.interrupted = false;
                self.line = 1;
                self.loops = 0;
                if f.cooked.is_none() {
                    f.cooked = cx.tc_get_attr(0).ok();
                    self.load_history(cx);
                }
                self.take_terminal(cx);
                self.notify_jobs(cx);
                self.watch_hangup(cx);
                if std::mem::take(&mut f.ran) {
                    self.mark_end();
                    // What a command has set with stty stays, but not what one left that was killed.
                    if self.status < 128 {
                        f.cooked = cx.tc_get_attr(0).ok().or(f.cooked);
                    }
                }
                f.text.clear();
                if self.has_pending_trap() {
                    self.frames.push(Frame::Prompt(f));
                    self.run_pending_trap();
                    return Flow::Go;
                }
                f.state = State::Hooked;
                f.status_kept = self.status;
                let hook = self.vars.value("PROMPT_COMMAND").filter(|h| !h.trim().is_empty() && self.dialect.is_bash());
                self.frames.push(Frame::Prompt(f));
                if let Some(h) = hook {
                    self.push_source(SourceKind::Eval, &h, 1);
                }
            }
            State::Hooked => {
                self.status = f.status_kept;
                self.ask_prompt(f, "PS1", cx);
            }
            State::Prompt => return self.begin_line(f, cx),
            State::Reading => return self.take_line(f, cx),
            State::Asked(start, list) => {
                self.status = f.status_kept;
                let out = std::mem::take(&mut self.captured);
                let drawn = match &mut f.editor {
                    Some(e) => completion::from_program(e, &out, start, list),
                    None => Vec::new(),
                };
                self.err(drawn);
                return self.go_on(f, cx);
            }
        }
        Flow::Go
    }

    fn ask_prompt(&mut self, mut f: Box<PromptFrame>, which: &str, cx: &mut Cx<'_>) {
        let raw = self.vars.value(which).unwrap_or_default();
        let text = if self.dialect == Dialect::Dash { raw } else { self.decode_prompt(&raw, cx) };
        let word = crate::parse::quoted_text(&text, &self.parse_context());
        f.state = State::Prompt;
        self.frames.push(Frame::Prompt(f));
        self.frames.push(Frame::Expand(Box::new(Expand::new(vec![(word, Mode::Single)]))));
    }

    fn begin_line(&mut self, mut f: Box<PromptFrame>, cx: &mut Cx<'_>) -> Flow {
        let prompt = self.take_one();
        // The status is that of the last command, whatever the prompt ran.
        self.status = f.status_kept;
        let first = f.text.is_empty();
        if !self.edits() {
            self.err(prompt.replace(['\x01', '\x02'], ""));
            f.state = State::Reading;
            self.frames.push(Frame::Prompt(f));
            return Flow::Call(Syscall::Read { fd: 0, len: 4096 });
        }
        if first {
            self.mark_prompt();
        }
        let cols = cx.win_size(0).map_or(80, |s| usize::from(s.cols));
        let mut editor = Editor::new(&prompt, cols, self.history.clone());
        if let Some(old) = &f.editor {
            editor = editor.follow(old);
        }
        let raw = f.cooked.map_or(Termios::RAW, |c| Termios { nl_to_crnl: c.nl_to_crnl, ..Termios::RAW });
        let _ = cx.tc_set_attr(0, raw);
        let mut out = b"\x1b[?2004h".to_vec();
        out.extend(editor.start());
        self.err(out);
        if first {
            self.mark_input();
        }
        f.editor = Some(editor);
        self.go_on(f, cx)
    }

    /// Lets the editor take what was typed ahead, or reads.
    fn go_on(&mut self, mut f: Box<PromptFrame>, cx: &mut Cx<'_>) -> Flow {
        let pending = f.editor.as_mut().filter(|e| e.has_pending()).map(|e| e.feed(&[]));
        f.state = State::Reading;
        match pending {
            Some(actions) => self.act(f, actions, cx),
            None => {
                self.frames.push(Frame::Prompt(f));
                Flow::Call(Syscall::Read { fd: 0, len: 4096 })
            }
        }
    }

    fn take_line(&mut self, mut f: Box<PromptFrame>, cx: &mut Cx<'_>) -> Flow {
        let read = self.ret.take();
        if std::mem::take(&mut self.window_changed) {
            let cols = cx.win_size(0).map_or(80, |s| usize::from(s.cols));
            if let Some(e) = &mut f.editor {
                let out = e.resize(cols);
                self.err(out);
            }
        }
        match read {
            Some(Ok(Ret::Bytes(b))) if !b.is_empty() => match &mut f.editor {
                Some(e) => {
                    let actions = e.feed(&b);
                    self.act(f, actions, cx)
                }
                None => {
                    f.line.extend_from_slice(&b);
                    if !f.line.ends_with(b"\n") {
                        self.frames.push(Frame::Prompt(f));
                        return Flow::Call(Syscall::Read { fd: 0, len: 4096 });
                    }
                    let mut line = String::from_utf8_lossy(&std::mem::take(&mut f.line)).into_owned();
                    line.pop();
                    self.accept(f, &line, cx)
                }
            },
            Some(Err(Errno::EINTR)) => {
                if std::mem::take(&mut self.interrupted) && f.editor.is_none() {
                    self.err("\n");
                    return self.restart(f);
                }
                if self.has_pending_trap() {
                    // The trap runs, then a new prompt comes.
                    self.cook(&f, cx);
                    return self.restart(f);
                }
                self.frames.push(Frame::Prompt(f));
                Flow::Call(Syscall::Read { fd: 0, len: 4096 })
            }
            Some(Err(Errno::EAGAIN)) => {
                self.frames.push(Frame::Prompt(f));
                Flow::Call(Syscall::Read { fd: 0, len: 4096 })
            }
            // The terminal is gone, or says the end of the file.
            _ => self.end_of_input(f, cx),
        }
    }

    fn restart(&mut self, mut f: Box<PromptFrame>) -> Flow {
        f.state = State::Begin;
        f.line.clear();
        self.status = 130;
        f.ran = false;
        self.frames.push(Frame::Prompt(f));
        Flow::Go
    }

    fn act(&mut self, mut f: Box<PromptFrame>, actions: Vec<Action>, cx: &mut Cx<'_>) -> Flow {
        for a in actions {
            match a {
                Action::Write(b) => self.err(b),
                Action::Accept(line) => {
                    self.cook(&f, cx);
                    return self.accept(f, &line, cx);
                }
                Action::Interrupt => {
                    self.cook(&f, cx);
                    return self.restart(f);
                }
                Action::Eof => {
                    self.cook(&f, cx);
                    return self.end_of_input(f, cx);
                }
                Action::Complete(line, cursor, list) => {
                    match self.candidates(&line, cursor, cx) {
                        completion::Found::List(start, list_of, tail) => {
                            if let Some(e) = &mut f.editor {
                                let out = e.complete(start, &list_of, tail, list);
                                self.err(out);
                            }
                        }
                        completion::Found::Ask(start, argv) => {
                            f.state = State::Asked(start, list);
                            f.status_kept = self.status;
                            self.frames.push(Frame::Prompt(f));
                            self.ask_program(argv, cx);
                            return Flow::Go;
                        }
                    }
                    return self.go_on(f, cx);
                }
            }
        }
        self.go_on(f, cx)
    }

    /// The terminal as commands want it.
    fn cook(&mut self, f: &PromptFrame, cx: &mut Cx<'_>) {
        let _ = cx.tc_set_attr(0, f.cooked.unwrap_or(Termios::COOKED));
        self.err("\x1b[?2004l\r");
    }

    fn end_of_input(&mut self, mut f: Box<PromptFrame>, cx: &mut Cx<'_>) -> Flow {
        if !f.text.is_empty() {
            // Within a command: what is there is wrong.
            let text = std::mem::take(&mut f.text);
            return self.run_text(f, &text, cx);
        }
        let word = match (self.dialect, self.login) {
            (Dialect::Bash, true) => "logout\n",
            (Dialect::Bash, false) => "exit\n",
            (Dialect::Dash, _) => "\n",
            _ => "\n",
        };
        self.err(word);
        let stopped = self.jobs.iter().any(|j| matches!(j.state, crate::eval::JobState::Stopped(_)));
        if stopped && !self.warned_jobs {
            self.err("There are stopped jobs.\n");
            self.warned_jobs = true;
            f.state = State::Begin;
            self.frames.push(Frame::Prompt(f));
            return Flow::Go;
        }
        self.save_history(cx);
        self.control = Some(Control::Exit);
        Flow::Go
    }

    fn accept(&mut self, mut f: Box<PromptFrame>, line: &str, cx: &mut Cx<'_>) -> Flow {
        let line = match self.expand_history(line) {
            Ok(Some(new)) => {
                self.err(format!("{new}\n"));
                if expansion::only_shown(line) {
                    self.add_history(&new);
                    f.state = State::Begin;
                    self.frames.push(Frame::Prompt(f));
                    return Flow::Go;
                }
                new
            }
            Ok(None) => line.to_owned(),
            Err(message) => {
                self.err(format!("{}: {message}\n", self.name));
                f.state = State::Begin;
                self.frames.push(Frame::Prompt(f));
                return Flow::Go;
            }
        };
        f.text.push_str(&line);
        f.text.push('\n');
        if self.wants_more(&f.text) {
            self.ask_prompt(f, "PS2", cx);
            return Flow::Go;
        }
        let text = std::mem::take(&mut f.text);
        self.add_history(text.trim_end_matches('\n'));
        self.run_text(f, &text, cx)
    }

    fn run_text(&mut self, mut f: Box<PromptFrame>, text: &str, cx: &mut Cx<'_>) -> Flow {
        f.state = State::Begin;
        f.ran = !text.trim().is_empty();
        if f.ran {
            self.mark_command(text.trim_end_matches('\n'));
            self.warned_jobs &= text.trim_start().starts_with("exit");
        }
        let _ = cx;
        self.frames.push(Frame::Prompt(f));
        self.push_source(SourceKind::Line, text, 1);
        Flow::Go
    }
}
