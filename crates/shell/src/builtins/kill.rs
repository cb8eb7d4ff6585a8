//! `kill`.
use layerlab_kernel::{Cx, Signal};

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::{JobState, Shell};

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let mut signal = Some(Signal::TERM);
    let mut i = 1;
    let usage = "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n";
    match argv.get(1).map(String::as_str) {
        Some("-l" | "-L") => return list(sh, argv.get(2..).unwrap_or(&[])),
        Some("-s" | "-n") => {
            let name = argv.get(2).map_or("", String::as_str);
            match parse(name) {
                Some(s) => signal = s,
                None => return bad(sh, name),
            }
            i = 3;
        }
        Some("--") => i = 2,
        Some(s) if s.starts_with('-') && s.len() > 1 => {
            let name = s.get(1..).unwrap_or("");
            match parse(name) {
                Some(s) => signal = s,
                None => return bad(sh, name),
            }
            i = 2;
            if argv.get(2).is_some_and(|a| a == "--") {
                i = 3;
            }
        }
        _ => {}
    }
    let targets = argv.get(i..).unwrap_or(&[]);
    if targets.is_empty() {
        if sh.dialect.is_bash() {
            sh.err(usage);
            return 2.into();
        }
        if sh.dialect == Dialect::Ash {
            sh.complain_as_applet("you need to specify whom to kill");
            return 1.into();
        }
        sh.complain_as("kill", "Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]");
        return 2.into();
    }
    let mut status = 0;
    // A signal to the shell itself arrives before the next command.
    sh.give_turn = true;
    for t in targets {
        let pid = if t.starts_with('%') && sh.dialect.is_bash() && sh.is_ambiguous(t) {
            sh.complain_as("kill", &format!("{}: ambiguous job spec", t.trim_start_matches('%')));
            status = 1;
            continue;
        } else if t.starts_with('%') {
            match sh.find_job(t).map(|j| (j.pgid, j.pids.first().copied())) {
                Some((g, first)) => {
                    let own_group = cx.procs().is_ok_and(|all| all.iter().any(|p| Some(p.pid) == first && p.pgid == g));
                    if own_group { -(g as i32) } else { first.unwrap_or(g) as i32 }
                }
                None => {
                    sh.no_such_job("kill", t);
                    status = if sh.is_dash() { 2 } else { 1 };
                    continue;
                }
            }
        } else if let Ok(n) = t.parse::<i32>() {
            n
        } else {
            let text = match sh.dialect {
                Dialect::Bash => format!("{t}: arguments must be process or job IDs"),
                Dialect::Dash => format!("Illegal number: {t}"),
                Dialect::Ash => format!("invalid number '{t}'"),
            };
            if sh.dialect == Dialect::Ash {
                sh.complain_as_applet(&text);
            } else {
                sh.complain_as("kill", &text);
            }
            status = if sh.is_dash() { 2 } else { 1 };
            continue;
        };
        let stopped = t.starts_with('%')
            && matches!(signal, Some(Signal::TERM | Signal::HUP))
            && sh.find_job(t).is_some_and(|j| matches!(j.state, JobState::Stopped(_)));
        let sent = cx.kill(pid, signal);
        if stopped {
            // So that it can end.
            let _ = cx.kill(pid, Some(Signal::CONT));
        }
        if let Err(e) = sent {
            let text = match sh.dialect {
                Dialect::Bash => format!("({pid}) - {e}"),
                Dialect::Dash => format!("{e}"),
                Dialect::Ash => format!("can't kill pid {pid}: {e}"),
            };
            if sh.dialect == Dialect::Ash {
                sh.complain_as_applet(&text);
            } else {
                sh.complain_as("kill", &text);
            }
            status = 1;
        }
    }
    status.into()
}

/// `Some(None)`: signal 0, which only asks.
#[allow(clippy::option_option, reason = "not a signal, no signal, a signal")]
fn parse(name: &str) -> Option<Option<Signal>> {
    if name == "0" || name == "EXIT" { Some(None) } else { Signal::parse(name).map(Some) }
}

fn bad(sh: &mut Shell, name: &str) -> Ran {
    match sh.dialect {
        Dialect::Bash => sh.complain_as("kill", &format!("{name}: invalid signal specification")),
        Dialect::Dash => sh.complain_as("kill", &format!("invalid signal number or name: {name}")),
        Dialect::Ash => sh.complain_as_applet(&format!("bad signal name '{name}'")),
    }
    if sh.is_dash() { 2.into() } else { 1.into() }
}

pub(super) fn list(sh: &mut Shell, names: &[String]) -> Ran {
    if names.is_empty() {
        let mut text = String::new();
        if sh.dialect.is_bash() {
            for (i, s) in Signal::ALL.iter().enumerate() {
                text += &format!("{:>2}) SIG{}", s.number(), s.name());
                text += if i % 5 == 4 { "\n" } else { "\t" };
            }
            text = text.trim_end().to_owned() + "\n";
        } else {
            let ash = matches!(sh.dialect, Dialect::Ash);
            let line = |s: &Signal| match ash {
                true => format!("{:>2}) {}\n", s.number(), s.name()),
                false => format!("{}\n", s.name()),
            };
            text = Signal::ALL.iter().map(line).collect();
        }
        sh.out(text);
        return 0.into();
    }
    let mut status = 0;
    for n in names {
        match n.parse::<i32>() {
            Ok(k) => match Signal::from_number(if k > 128 { k - 128 } else { k }) {
                Some(s) => sh.out(format!("{}\n", s.name())),
                None if sh.is_dash() => {
                    sh.complain_as("kill", &format!("invalid signal number or exit status: {n}"));
                    return 2.into();
                }
                None => {
                    sh.complain_as("kill", &format!("{n}: invalid signal specification"));
                    status = 1;
                }
            },
            Err(_) if sh.is_dash() => {
                sh.complain_as("kill", &format!("Illegal number: {n}"));
                return 2.into();
            }
            Err(_) => match Signal::parse(n) {
                Some(s) => sh.out(format!("{}\n", s.number())),
                None => {
                    sh.complain_as("kill", &format!("{n}: invalid signal specification"));
                    status = 1;
                }
            },
        }
    }
    status.into()
}
