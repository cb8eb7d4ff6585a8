//! `docker rmi`.

use layerlab_api::image::DeleteItem;
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let force = p.bool("force");
    let mut query = Query::default().flag("force", force).flag("noprune", p.bool("no-prune"));
    for given in p.list("platform").iter().flat_map(|l| l.split(',')) {
        query = query.with("platforms", super::inspect::named_platform(given)?);
    }
    let mut errors = Vec::new();
    let mut fatal = false;
    for name in &p.args {
        match cli.ask::<Vec<DeleteItem>>("DELETE", &format!("/images/{name}"), query.clone()).await {
            Ok(items) => {
                let line = |i: &DeleteItem| match (&i.deleted, &i.untagged) {
                    (Some(d), _) => format!("Deleted: {d}\n"),
                    (None, Some(u)) => format!("Untagged: {u}\n"),
                    _ => String::new(),
                };
                cli.print(items.iter().map(line).collect::<String>()).await?;
            }
            Err(e) => {
                fatal |= !(force && e.is_not_found());
                errors.push(e);
            }
        }
    }
    match CliError::join(errors) {
        Err(e) if !fatal => Err(CliError { code: 0, ..e }),
        other => other,
    }
}
