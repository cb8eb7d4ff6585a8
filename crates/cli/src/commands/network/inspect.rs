//! `docker network inspect`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::inspect::{Found, inspect_all};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let query = if p.bool("verbose") { Query::default().with("verbose", "true") } else { Query::default() };
    let mut found = Vec::new();
    for name in &p.args {
        found.push(Found::from(cli.get_bytes(&format!("/networks/{name}"), query.clone()).await));
    }
    inspect_all(cli, p.str(c, "format"), found).await
}
