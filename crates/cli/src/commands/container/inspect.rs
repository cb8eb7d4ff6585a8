//! `docker container inspect`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::inspect::{Found, inspect_all};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut found = Vec::new();
    for name in &p.args {
        let bytes =
            cli.get_bytes(&format!("/containers/{name}/json"), Query::default().flag("size", p.bool("size"))).await;
        found.push(Found::from(bytes));
    }
    inspect_all(cli, p.str(c, "format"), found).await
}
