//! Debian's packages, where the machine is a Debian and we may install.

use crate::run::{Outcome, command_of, execute, output, which};
use std::sync::OnceLock;

/// Installs the packages that are missing; says so first. An error names the command to give by
/// hand where we cannot.
pub(crate) fn install(packages: &[&str], what_for: &str) -> Outcome {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("install {} ({what_for})", missing.join(", "));
    if which(&["apt-get"]).is_none() {
        return Err(format!("please {by_hand} with your system's package manager"));
    }
    if !is_root() {
        return Err(format!(
            "please {by_hand}: sudo apt-get update && sudo apt-get install --no-install-recommends {}",
            missing.join(" ")
        ));
    }
    eprintln!("xtask: {what_for}: installing Debian's {}", missing.join(", "));
    update()?;
    let mut command = command_of("apt-get", &["install", "-y", "-q", "--no-install-recommends"]);
    execute(command.args(&missing).env("DEBIAN_FRONTEND", "noninteractive"))
        .map_err(|why| format!("{why}; please {by_hand}"))
}

/// Refreshes the package lists, once a run.
fn update() -> Outcome {
    static DONE: OnceLock<Outcome> = OnceLock::new();
    DONE.get_or_init(|| execute(&mut command_of("apt-get", &["update", "-q"]))).clone()
}

fn is_installed(package: &str) -> bool {
    let query = ["-W", "-f=${db:Status-Status}", package];
    output(&mut command_of("dpkg-query", &query)).is_ok_and(|status| status == "installed")
}

fn is_root() -> bool {
    output(&mut command_of("id", &["-u"])).is_ok_and(|id| id.trim() == "0")
}
