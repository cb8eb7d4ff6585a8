//! `exit`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::{Control, JobState, Shell};

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    if argv.first().is_some_and(|a| a == "logout") && !sh.login {
        sh.complain_as("logout", "not login shell: use `exit'");
        return 1.into();
    }
    if sh.interactive && sh.subshell == 0 {
        if sh.dialect.is_bash() {
            sh.err(if sh.login { "logout\n" } else { "exit\n" });
        }
        if !sh.warned_jobs && sh.jobs.iter().any(|j| matches!(j.state, JobState::Stopped(_))) {
            sh.err("There are stopped jobs.\n");
            sh.warned_jobs = true;
            return 1.into();
        }
    }
    if let Some(code) = argv.get(1) {
        match code.trim().parse::<i64>() {
            Ok(n) if n >= 0 || sh.dialect.is_bash() => sh.status = (n & 0xff) as i32,
            _ => {
                sh.complain_as(
                    "exit",
                    &match sh.dialect {
                        Dialect::Bash => format!("{code}: numeric argument required"),
                        _ => format!("Illegal number: {code}"),
                    },
                );
                sh.status = 2;
            }
        }
        if argv.len() > 2 && sh.dialect.is_bash() && sh.status != 2 {
            sh.complain_as("exit", "too many arguments");
            return 1.into();
        }
    }
    // In a trap, it is the status from before: in bash's EXIT trap, in any of dash and ash.
    if argv.len() < 2
        && let Some(status) = sh.status_before_trap()
    {
        sh.status = status;
    }
    sh.jump(Control::Exit);
    Ran::Quiet
}
