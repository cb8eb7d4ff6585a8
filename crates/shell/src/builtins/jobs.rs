//! `jobs` and `disown`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::{Job, JobState, Shell, SourceKind};

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    if argv.get(1).is_some_and(|a| a == "-x") && sh.dialect.is_bash() {
        // A command, with the numbers of groups for jobs.
        let words = argv.iter().skip(2).map(|a| match sh.find_job(a).filter(|_| a.starts_with('%')) {
            Some(j) => j.pgid.to_string(),
            None => crate::escape::single_quote(a),
        });
        let text = words.collect::<Vec<_>>().join(" ");
        sh.push_source(SourceKind::Eval, &text, sh.line);
        return Ran::Quiet;
    }
    let (flags, args) = match super::letters(argv, if sh.dialect.is_bash() { "lpnrs" } else { "lp" }) {
        Ok(x) => x,
        Err(c) => return sh.bad_option("jobs", c, "jobs [-lnprs] [jobspec ...] or jobs -x command [args]"),
    };
    sh.reap(cx);
    // A subshell shows its parent's jobs.
    let own = std::mem::take(&mut sh.jobs);
    let borrowed = own.is_empty() && !sh.inherited_jobs.is_empty() && !sh.is_dash();
    sh.jobs = if borrowed { sh.inherited_jobs.clone() } else { own };
    let status = show(sh, &flags, args);
    if borrowed {
        sh.jobs.clear();
    }
    status.into()
}

fn show(sh: &mut Shell, flags: &[char], args: &[String]) -> i32 {
    let mut status = 0;
    let numbers: Vec<u32> = if args.is_empty() {
        // Dash and ash begin with the latest.
        let mut all: Vec<u32> = sh.jobs.iter().map(|j| j.number).collect();
        if !sh.dialect.is_bash() {
            all.reverse();
        }
        all
    } else {
        let mut v = Vec::new();
        for a in args {
            match sh.find_job(a).map(|j| j.number) {
                Some(n) => v.push(n),
                None => {
                    sh.no_such_job("jobs", a);
                    status = if sh.dialect.is_bash() { 1 } else { 2 };
                }
            }
        }
        v
    };
    for n in numbers {
        let Some(job) = sh.jobs.iter().find(|j| j.number == n).cloned() else { continue };
        if flags.contains(&'r') && job.state != JobState::Running
            || flags.contains(&'s') && !matches!(job.state, JobState::Stopped(_))
        {
            continue;
        }
        let line = if flags.contains(&'p') {
            format!("{}\n", job.pgid)
        } else if flags.contains(&'l') {
            long_line(&sh.job_line(n), &job)
        } else {
            sh.job_line(n)
        };
        sh.out(line);
        if let Some(j) = sh.jobs.iter_mut().find(|j| j.number == n) {
            j.told |= j.state != JobState::Running;
        }
    }
    sh.forget_done();
    status
}

/// `jobs -l`: the processes of a pipeline one below the other.
fn long_line(line: &str, job: &Job) -> String {
    let (head, tail) = line.split_once(' ').unwrap_or((line, ""));
    let tail = tail.trim_start();
    let first = job.pids.first().copied().unwrap_or(0);
    let stages: Vec<&str> = job.text.split(" | ").collect();
    let Some(at) = tail.find(&*job.text).filter(|_| stages.len() > 1 && stages.len() == job.pids.len()) else {
        return format!("{head} {first:>5} {tail}");
    };
    let mut out = format!("{head} {first:>5} {}{}\n", tail.get(..at).unwrap_or(""), stages.first().unwrap_or(&""));
    for (pid, stage) in job.pids.iter().zip(&stages).skip(1) {
        out += &format!("     {pid:>5} {}| {stage}\n", " ".repeat(at.saturating_sub(2)));
    }
    out.pop();
    out + tail.get(at + job.text.len()..).unwrap_or("\n")
}

impl Shell {
    /// A job specification that fits none.
    pub(super) fn no_such_job(&mut self, who: &str, spec: &str) {
        let text = if self.is_dash() { format!("No such job: {spec}") } else { format!("{spec}: no such job") };
        self.complain_as(who, &text);
    }
}

pub(super) fn run_disown(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let specs: Vec<String> = argv.iter().skip(1).filter(|a| !a.starts_with("-")).cloned().collect();
    if argv.get(1).is_some_and(|a| a == "-a") {
        sh.jobs.clear();
        return 0.into();
    }
    for s in if specs.is_empty() { vec!["%+".to_owned()] } else { specs } {
        match sh.find_job(&s).map(|j| j.number) {
            Some(n) => sh.jobs.retain(|j| j.number != n),
            None => {
                sh.complain_as("disown", &format!("{}: no such job", if argv.len() < 2 { "current" } else { &s }));
                return 1.into();
            }
        }
    }
    0.into()
}
