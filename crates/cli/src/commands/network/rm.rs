//! `docker network rm`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut failed = false;
    for name in &p.args {
        match cli.do_("DELETE", &format!("/networks/{name}"), Query::default()).await {
            Ok(()) => cli.print(format!("{name}\n")).await?,
            Err(e) if p.bool("force") && e.is_not_found() => {}
            Err(e) => {
                cli.eprint(format!("{}\n", e.message)).await;
                failed = true;
            }
        }
    }
    if failed { Err(CliError::new("exit status 1")) } else { Ok(0) }
}
