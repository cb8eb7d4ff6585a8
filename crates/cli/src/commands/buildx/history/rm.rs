//! `docker buildx history rm` (buildx `commands/history/rm.go`).

use super::{History, failed, refused};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let all = p.bool("all");
    if p.args.is_empty() && !all {
        return Err(failed("rm requires at least one argument"));
    }
    if !p.args.is_empty() && all {
        return Err(failed("rm requires either --all or at least one argument"));
    }
    let history = History::open(cli, p).await?;
    let mut given = p.args.clone();
    if all {
        // A build that runs stays.
        given =
            history.records().await?.into_iter().filter(|r| r.completed_at.is_some()).map(|r| r.reference).collect();
    }
    let mut errors = Vec::new();
    for reference in &given {
        if let Err(e) = cli.do_("DELETE", &History::path(reference, ""), history.query()).await {
            errors.push(refused(e).message.trim_start_matches("ERROR: ").to_owned());
        }
    }
    match errors.as_slice() {
        [] => Ok(0),
        [one] => Err(failed(one)),
        // As hashicorp/go-multierror lists them.
        many => {
            let lines: String = many.iter().map(|e| format!("\t* {e}\n")).collect();
            Err(failed(format!("{} errors occurred:\n{lines}\n", many.len())))
        }
    }
}
