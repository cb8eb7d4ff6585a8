//! `docker context update`.

use crate::cli::Cli;
use crate::contexts;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = p.arg(0);
    if name == contexts::DEFAULT {
        return Err(CliError::new("\"default\" is a reserved context name"));
    }
    let mut c = contexts::get(cli, name).await?;
    if let Some(d) = p.opt("description") {
        d.clone_into(&mut c.description);
    }
    if p.is_set("docker") {
        super::create::set_endpoint(cli, &mut c, &contexts::endpoint(p.list("docker"))?).await?;
    }
    contexts::put(cli, &c).await?;
    cli.print(format!("{name}\n")).await?;
    cli.eprint(format!("Successfully updated context {}\n", crate::format::quote(name))).await;
    Ok(0)
}
