//! `docker manifest rm`.

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::manifests;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut errors = Vec::new();
    for text in &p.args {
        let name = manifests::reference(text)?;
        if manifests::list(cli, &name).await.is_none() {
            errors.push(CliError::new(format!("No such manifest: {name}")));
            continue;
        }
        manifests::remove(cli, &name).await;
    }
    CliError::join(errors)
}
