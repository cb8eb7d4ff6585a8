//! `docker volume rm`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut errors = Vec::new();
    for name in &p.args {
        match cli.do_("DELETE", &format!("/volumes/{name}"), Query::default().flag("force", p.bool("force"))).await {
            Ok(()) => cli.print(format!("{name}\n")).await?,
            Err(e) => errors.push(e),
        }
    }
    CliError::join(errors)
}
