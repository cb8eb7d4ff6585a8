//! `docker volume create`.

use layerlab_api::query::Query;
use layerlab_api::volume::{CreateRequest, Volume};

use crate::cli::Cli;
use crate::commands::container::options::key_values;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    if p.is_set("name") && !p.args.is_empty() {
        return Err(CliError::new(
            "conflicting options: cannot specify a volume-name through both --name and as a positional arg",
        ));
    }
    let name = p.args.first().map(String::as_str).or_else(|| p.opt("name")).unwrap_or("");
    let map = |flag: &str| (!p.list(flag).is_empty()).then(|| key_values(p.list(flag)));
    let request = CreateRequest {
        driver: p.str(c, "driver").to_owned(),
        driver_opts: map("opt"),
        labels: map("label"),
        name: name.to_owned(),
    };
    let made: Volume = cli.post("/volumes/create", Query::default(), &request).await?;
    cli.print(format!("{}\n", made.name)).await?;
    Ok(0)
}
