//! `docker rm`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let force = p.bool("force");
    let query = Query::default().flag("force", force).flag("v", p.bool("volumes")).flag("link", p.bool("link"));
    let mut errors = Vec::new();
    for name in &p.args {
        let name = name.trim_matches('/');
        if name.is_empty() {
            errors.push(CliError::new("container name cannot be empty"));
            continue;
        }
        match cli.do_("DELETE", &format!("/containers/{name}"), query.clone()).await {
            Ok(()) => cli.print(format!("{name}\n")).await?,
            Err(e) if force && e.is_not_found() => {}
            Err(e) => errors.push(e),
        }
    }
    CliError::join(errors)
}
