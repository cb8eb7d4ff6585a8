//! Commands that do one request for each container and print its name.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;

/// `POST /containers/{name}/{verb}` for each; names on standard output, failures at the end.
pub(crate) async fn each(cli: &Cli, names: &[String], verb: &str, query: Query) -> Result<i32, CliError> {
    let mut errors = Vec::new();
    for name in names {
        match cli.do_("POST", &format!("/containers/{name}/{verb}"), query.clone()).await {
            Ok(()) => cli.print(format!("{name}\n")).await?,
            Err(e) => errors.push(e),
        }
    }
    CliError::join(errors)
}
