//! `docker unpause`.

use layerlab_api::query::Query;

use super::each::each;
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    each(cli, &p.args, "unpause", Query::default()).await
}
