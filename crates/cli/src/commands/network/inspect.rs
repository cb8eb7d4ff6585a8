//! `docker network inspect`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::inspect::{NETWORK, get, inspect_all};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let query = if p.bool("verbose") { Query::default().with("verbose", "true") } else { Query::default() };
    let mut found = Vec::new();
    for name in &p.args {
        found.push(get(cli, NETWORK, &format!("/networks/{name}"), query.clone()).await);
    }
    inspect_all(cli, p.str(c, "format"), found).await
}
