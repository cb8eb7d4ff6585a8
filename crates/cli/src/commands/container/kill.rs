//! `docker kill`.

use layerlab_api::query::Query;

use super::each::each;
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let query = match p.opt("signal") {
        Some(s) if !s.is_empty() => Query::default().with("signal", s),
        _ => Query::default(),
    };
    each(cli, &p.args, "kill", query).await
}
