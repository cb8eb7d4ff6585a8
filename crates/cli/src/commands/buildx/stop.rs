//! `docker buildx stop`.

use super::{builders, node};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = match p.args.first() {
        Some(name) => name.clone(),
        None => builders::selected(cli).await,
    };
    let b = builders::find(cli, &name).await?;
    for n in b.nodes.iter().filter(|_| b.driver == "docker-container") {
        node::stop(cli, &b, n).await?;
    }
    Ok(0)
}
