//! `docker buildx history open`, `import` and `trace`: they want Docker Desktop, a browser or a trace, and
//! say what they say on a machine without (buildx `commands/history/{open,import,trace}.go`, pkg/browser).

use super::{History, failed};
use crate::cli::Cli;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;
use crate::format::quote;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    match c.name() {
        "import" => import(cli, p).await,
        "open" => {
            let history = History::open(cli, p).await?;
            history.find(p.arg(0)).await?;
            Err(failed("exec: \"xdg-open,x-www-browser,www-browser\": executable file not found in $PATH"))
        }
        _ => {
            let history = History::open(cli, p).await?;
            let record = history.find(p.arg(0)).await?;
            let name = quote(&record.reference);
            Err(failed(match record.completed_at {
                None => format!("build {name} is not completed, only completed builds can be traced"),
                Some(_) => format!("build record {name} is missing a trace"),
            }))
        }
    }
}

async fn import(cli: &Cli, p: &Parsed) -> Result<i32, CliError> {
    let socket = format!("{}/.docker/desktop/docker-desktop-build.sock", cli.home());
    for name in p.list("file").iter().filter(|n| *n != "-") {
        cli.sys
            .stat(name)
            .await
            .map_err(|e| failed(format!("failed to open file {name}: {}", path_error("open", name, e).message)))?;
    }
    Err(failed(format!(
        "failed to send request, check if Docker Desktop is running: Post \"http://docker-desktop/upload\": dial unix {socket}: connect: no such file or directory"
    )))
}
