//! `docker wait`.

use layerlab_api::container::Wait;
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut errors = Vec::new();
    for name in &p.args {
        match cli.ask::<Wait>("POST", &format!("/containers/{name}/wait"), Query::default()).await {
            Ok(w) => match w.error {
                Some(e) if !e.message.is_empty() => errors.push(CliError::new(e.message)),
                _ => cli.print(format!("{}\n", w.status_code)).await?,
            },
            Err(e) => errors.push(e),
        }
    }
    CliError::join(errors)
}
