//! `docker context use`.

use layerlab_oci::Digest;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = p.arg(0);
    if name != "default" {
        let folder = Digest::of(name.as_bytes()).hex();
        let home = cli.home();
        return Err(CliError::new(format!(
            "context {}: context not found: open {home}/.docker/contexts/meta/{folder}/meta.json: no such file or directory",
            crate::format::quote(name)
        )));
    }
    cli.print("default\n").await?;
    cli.eprint("Current context is now \"default\"\n").await;
    Ok(0)
}
