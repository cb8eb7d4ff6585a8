//! `docker volume inspect`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::inspect::{VOLUME, get, inspect_all};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut found = Vec::new();
    for name in &p.args {
        found.push(get(cli, VOLUME, &format!("/volumes/{name}"), Query::default()).await);
    }
    inspect_all(cli, p.str(c, "format"), found).await
}
