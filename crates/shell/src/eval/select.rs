//! `select`: a menu, and a choice by number.

use std::rc::Rc;

use super::{Flow, Frame, Shell};
use crate::builtins::ReadFrame;
use crate::parse::ast::List;

impl Shell {
    pub(super) fn start_select(&mut self, name: Rc<str>, body: Rc<List>) -> Flow {
        let values: Rc<[String]> = std::mem::take(&mut self.results).into_iter().flatten().collect();
        self.status = 0;
        if values.is_empty() {
            return Flow::Go;
        }
        self.loops += 1;
        self.frames.push(Frame::Select(name, values, body, false, true));
        Flow::Go
    }

    pub(super) fn step_select(
        &mut self,
        name: Rc<str>,
        values: Rc<[String]>,
        body: Rc<List>,
        read: bool,
        menu: bool,
    ) -> Flow {
        if !read {
            if menu {
                let text: String = values.iter().enumerate().map(|(i, v)| format!("{}) {v}\n", i + 1)).collect();
                self.err(text);
            }
            let prompt = self.vars.value("PS3").unwrap_or_else(|| "#? ".into());
            self.err(prompt);
            self.frames.push(Frame::Select(name, values, body, true, false));
            self.frames.push(Frame::Read(Box::new(ReadFrame::line("REPLY"))));
            return Flow::Go;
        }
        if self.status != 0 {
            self.out("\n");
            self.loops = self.loops.saturating_sub(1);
            return Flow::Go;
        }
        let reply = self.vars.value("REPLY").unwrap_or_default();
        if reply.is_empty() {
            // An empty line shows the menu again.
            self.frames.push(Frame::Select(name, values, body, false, true));
            return Flow::Go;
        }
        let choice = reply
            .trim()
            .parse::<usize>()
            .ok()
            .and_then(|n| n.checked_sub(1))
            .and_then(|i| values.get(i))
            .cloned()
            .unwrap_or_default();
        self.assign_scalar(&name, &choice, false);
        self.frames.push(Frame::Select(name, values, body.clone(), false, false));
        self.frames.push(Frame::List(body, 0));
        Flow::Go
    }
}
