//! `docker buildx history logs` (buildx `commands/history/logs.go`).

use super::super::build::{Build, Screen, follow, mode_of};
use super::{History, failed, refused};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let history = History::open(cli, p).await?;
    let record = history.find(p.arg(0)).await?;
    let mode = match p.str(c, "progress") {
        "auto" => "plain",
        given => given,
    };
    let mode = mode_of(cli, mode).await.map_err(failed)?;
    let path = History::path(&record.reference, "/logs");
    let mut answer = cli.request("GET", &path, history.query()).await.map_err(refused)?;
    let mut screen = Screen::new(mode, &history.builder);
    let mut build = Build::default();
    let result = follow(cli, &mut answer, &mut screen, &mut build, &mut Vec::new()).await;
    screen.end(cli, &mut build.state).await;
    answer.close().await;
    result.map(|()| 0)
}
