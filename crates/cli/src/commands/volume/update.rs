//! `docker volume update`: for volumes of a cluster, which this machine has none of.

use layerlab_api::query::Query;
use layerlab_api::volume::Volume;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let _: Volume = cli.get(&format!("/volumes/{}", p.arg(0)), Query::default()).await?;
    Err(CliError::new("can only update cluster volumes"))
}
