//! What can be in progress.

use std::rc::Rc;

use layerlab_kernel::{Cx, SimTime, Syscall};

use super::fork::ForkFrame;
use super::pipeline::PipelineFrame;
use super::redirect::{RedirectedFrame, Saved};
use super::simple::SimpleFrame;
use super::subst::SubstFrame;
use super::wait::WaitFrame;
use super::{Shell, SourceFrame};
use crate::builtins::{FgFrame, MapfileFrame, ReadFrame, WaitForFrame};
use crate::expand::Expand;
use crate::interactive::PromptFrame;
use crate::parse::ast::{AndOr, CaseArm, Command, Cond, List, Word};
use crate::vars::Var;

/// What a step asks for.
pub enum Flow {
    /// The next step.
    Go,
    /// This call's result first.
    Call(Syscall),
}

/// One thing in progress.
#[derive(Clone, Debug, Hash)]
pub enum Frame {
    /// Reads and runs commands from a text.
    Source(Box<SourceFrame>),
    /// The interactive loop.
    Prompt(Box<PromptFrame>),
    /// A list; the next item.
    List(Rc<List>, usize),
    /// An and-or list; the next pipeline.
    AndOr(Rc<AndOr>, usize),
    /// A pipeline being started.
    Pipeline(Box<PipelineFrame>),
    /// Turns the status round.
    Not,
    /// Looks whether `set -e` or the ERR trap has something to say.
    Check,
    /// The same after a pipeline, whose statuses are kept.
    CheckPipeline,
    /// `time`: when it started; `-p`.
    Timed(SimTime, bool),
    /// `if`: arm, and whether its condition has run.
    If(Rc<[(Rc<List>, Rc<List>)]>, Option<Rc<List>>, usize, bool),
    /// `while`: until, condition, body, whether the condition has run, the body's status.
    While(bool, Rc<List>, Rc<List>, bool, i32),
    /// `for` whose words are being expanded.
    ForStart(Rc<Command>),
    /// `for`: values, next, whether its DEBUG trap has run.
    For(Rc<Command>, Rc<[String]>, usize, bool),
    /// `select` whose words are being expanded.
    SelectStart(Rc<str>, Rc<List>),
    /// `select`: name, values, body; whether an answer has been read, whether the menu is due.
    Select(Rc<str>, Rc<[String]>, Rc<List>, bool, bool),
    /// `for ((…))`: stage 0 start, 1 condition asked, 2 body ran, 3 step ran.
    ForArith(Rc<[Word; 3]>, Rc<List>, u8),
    /// `case`: subject (once known), arms, arm, pattern; true while a pattern is being expanded.
    Case(Option<Rc<str>>, Rc<[CaseArm]>, usize, usize, bool),
    /// After a `case` body: the arms, the one that ran.
    CaseNext(Rc<str>, Rc<[CaseArm]>, usize),
    /// `(( … ))` whose text is being expanded.
    Arith,
    /// `[[ … ]]`: what is left to decide.
    Cond(Box<super::cond::CondFrame>),
    /// A simple command.
    Simple(Box<SimpleFrame>),
    /// Words being expanded.
    Expand(Box<Expand>),
    /// Command substitution being read.
    Subst(Box<SubstFrame>),
    /// A compound command with redirections.
    Redirected(Box<RedirectedFrame>),
    /// Descriptors to put back.
    Restore(Vec<Saved>),
    /// A coprocess has been started: its name, our copies of its ends.
    CoprocStarted(Rc<str>, Vec<layerlab_kernel::Fd>),
    /// Descriptors to close.
    Close(Vec<layerlab_kernel::Fd>),
    /// Variables to put back after a command's own assignments.
    TempEnv(Vec<(String, Option<Var>)>),
    /// An array assignment after a declaration command.
    ArrayAssigns(Vec<Rc<crate::parse::ast::Assign>>),
    /// An array's words being expanded.
    ArrayValues(Box<super::assign::ArrayFrame>),
    /// A function runs: the caller's parameters and loop depth, whether its RETURN trap has run.
    Function(Rc<Vec<String>>, u32, bool),
    /// A sourced script runs: the caller's parameters, if it got its own.
    Dot(Option<Rc<Vec<String>>>),
    /// A trap runs: the status before it.
    Trap(i32, super::TrapName),
    /// A fork.
    Fork(Box<ForkFrame>),
    /// Waits for a foreground job.
    Wait(Box<WaitFrame>),
    /// In a child: run the program, or say why not.
    Exec(Box<super::exec::ExecFrame>),
    /// `read`.
    Read(Box<ReadFrame>),
    /// `mapfile`.
    Mapfile(Box<MapfileFrame>),
    /// `wait`.
    WaitFor(Box<WaitForFrame>),
    /// `fg`.
    Fg(Box<FgFrame>),
    /// The shell's end, after the ERR trap.
    Leave,
    /// One command, whose DEBUG trap has run.
    Traced(Rc<Command>),
    /// One command.
    Command(Rc<Command>),
    /// A condition's sub-expression, for `[[`.
    CondPush(Rc<Cond>),
}

impl Shell {
    pub(super) fn step(&mut self, frame: Frame, cx: &mut Cx<'_>) -> Flow {
        match frame {
            Frame::Source(f) => self.step_source(f, cx),
            Frame::Prompt(f) => self.step_prompt(f, cx),
            Frame::List(list, i) => self.step_list(list, i, cx),
            Frame::AndOr(node, i) => self.step_and_or(node, i, cx),
            Frame::Pipeline(f) => self.step_pipeline(f, cx),
            Frame::Not => {
                self.status = i32::from(self.status == 0);
                Flow::Go
            }
            Frame::Check => {
                if self.dialect.is_bash() {
                    self.pipe_status.clear();
                    self.pipe_status.push(self.status);
                }
                self.check_errexit()
            }
            Frame::CheckPipeline => self.check_errexit(),
            Frame::Timed(start, posix) => self.report_time(start, posix, cx),
            Frame::If(arms, other, i, tested) => self.step_if(arms, other, i, tested),
            Frame::While(until, cond, body, tested, last) => self.step_while(until, cond, body, tested, last, cx),
            Frame::ForStart(c) => self.start_for(c),
            Frame::For(c, values, i, traced) => self.step_for(c, values, i, traced, cx),
            Frame::SelectStart(name, body) => self.start_select(name, body),
            Frame::Select(name, values, body, read, menu) => self.step_select(name, values, body, read, menu),
            Frame::ForArith(exprs, body, stage) => self.step_for_arith(exprs, body, stage, cx),
            Frame::Case(subject, arms, i, j, expanding) => self.step_case(subject, arms, i, j, expanding, cx),
            Frame::CaseNext(subject, arms, i) => self.step_case_next(subject, arms, i, cx),
            Frame::Arith => self.step_arith(cx),
            Frame::Cond(f) => self.step_cond(*f, cx),
            Frame::CondPush(c) => self.push_cond(&c, cx),
            Frame::Simple(f) => self.step_simple(f, cx),
            Frame::Expand(f) => self.step_expand(f, cx),
            Frame::Subst(f) => self.step_subst(f, cx),
            Frame::Redirected(f) => self.step_redirected(&f, cx),
            Frame::Restore(saved) => {
                self.restore_fds(saved, cx);
                Flow::Go
            }
            Frame::CoprocStarted(name, fds) => {
                self.coproc_started(&name, &fds, cx);
                Flow::Go
            }
            Frame::Close(fds) => {
                self.close_all(&fds, cx);
                Flow::Go
            }
            Frame::TempEnv(saved) => {
                self.restore_vars(saved);
                Flow::Go
            }
            Frame::ArrayAssigns(a) => self.step_array_assigns(a, cx),
            Frame::ArrayValues(f) => self.step_array_values(&f, cx),
            Frame::Function(params, loops, ran) => {
                self.end_function(params, loops, ran, self.status);
                Flow::Go
            }
            Frame::Dot(params) => {
                self.leave_dot(params);
                Flow::Go
            }
            Frame::Trap(status, _) => {
                self.status = status;
                Flow::Go
            }
            Frame::Leave => {
                self.control = Some(super::Control::Exit);
                Flow::Go
            }
            Frame::Fork(f) => self.step_fork(f, cx),
            Frame::Wait(f) => self.step_wait(f, cx),
            Frame::Exec(f) => self.step_exec(f, cx),
            Frame::Read(f) => self.step_read(f, cx),
            Frame::Mapfile(f) => self.step_mapfile(f),
            Frame::WaitFor(f) => self.step_wait_for(f, cx),
            Frame::Fg(f) => self.step_fg(&f, cx),
            Frame::Traced(c) => self.start_traced(c, cx),
            Frame::Command(c) => self.start_command(c, cx),
        }
    }
}
