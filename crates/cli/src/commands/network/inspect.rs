//! `docker network inspect`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::inspect::{Found, inspect_all};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut found = Vec::new();
    for name in &p.args {
        found.push(Found::from(
            cli.get_bytes(&format!("/networks/{name}"), Query::default().flag("verbose", p.bool("verbose"))).await,
        ));
    }
    inspect_all(cli, p.str(c, "format"), found).await
}
