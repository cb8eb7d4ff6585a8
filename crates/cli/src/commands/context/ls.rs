//! `docker context ls`.

use crate::cli::Cli;
use crate::contexts;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::value::{Row, Value};
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "formatter.clientContextContext",
    table: "table {{.Name}}{{if .Current}} *{{end}}\\t{{.Description}}\\t{{.DockerEndpoint}}\\t{{.Error}}",
    quiet: "{{.Name}}",
    headers: &[("DockerEndpoint", "DOCKER ENDPOINT"), ("Current", "")],
};

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let format = Format::new(p.str(c, "format"), p.bool("quiet"), &LAYOUT).map_err(CliError::new)?;
    let current = contexts::current(cli).await?;
    let own = "Current DOCKER_HOST based configuration".to_owned();
    let mut all = contexts::all(cli).await;
    all.push(contexts::Context { description: own, ..contexts::get(cli, contexts::DEFAULT).await? });
    let mut rows: Vec<(String, Row)> =
        all.iter().map(|c| (c.name.clone(), row(&c.name, &c.description, &c.host, &current, ""))).collect();
    if !all.iter().any(|c| c.name == current) {
        // The current one is gone: it is listed with the reason.
        let why = contexts::get(cli, &current).await.err().map_or(String::new(), |e| e.message);
        rows.push((current.clone(), row(&current, "", "", &current, &why)));
    }
    rows.sort_by(|a, b| crate::format::natural(&a.0, &b.0));
    let rows: Vec<Row> = rows.into_iter().map(|r| r.1).collect();
    cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    if cli.args.var("DOCKER_HOST").is_some_and(|h| !h.is_empty()) {
        cli.eprint("Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either set the global --context flag, or unset DOCKER_HOST environment variable.\n").await;
    }
    Ok(0)
}

fn row(name: &str, description: &str, host: &str, current: &str, error: &str) -> Row {
    let fields = [
        ("Name", Value::str(name)),
        ("Description", Value::str(description)),
        ("DockerEndpoint", Value::str(host)),
        ("Current", Value::Bool(name == current)),
        ("Error", Value::str(error)),
        ("ContextType", Value::str("")),
    ];
    Row { type_name: LAYOUT.type_name, fields: fields.into(), ..Row::default() }
}
