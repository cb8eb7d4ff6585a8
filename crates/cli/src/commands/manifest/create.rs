//! `docker manifest create`.

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::manifests;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let list = manifests::reference(p.arg(0))?;
    if manifests::list(cli, &list).await.is_some() && !p.bool("amend") {
        return Err(CliError::new("refusing to amend an existing manifest list with no --amend flag"));
    }
    let mut found = Vec::new();
    for text in p.args.iter().skip(1) {
        let name = manifests::reference(text)?;
        let (is_list, entries) = manifests::remote(cli, &name, p.bool("insecure")).await?;
        if is_list {
            return Err(CliError::new(format!("{} is a manifest list", name.familiar())));
        }
        found.extend(entries);
    }
    for entry in &found {
        manifests::put(cli, &list, entry).await?;
    }
    cli.print(format!("Created manifest list {list}\n")).await?;
    Ok(0)
}
