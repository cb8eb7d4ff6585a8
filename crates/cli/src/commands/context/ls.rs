//! `docker context ls`.

use crate::cli::Cli;
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
    let fields = [
        ("Name", Value::str("default")),
        ("Description", Value::str("Current DOCKER_HOST based configuration")),
        ("DockerEndpoint", Value::str(&cli.host)),
        ("Current", Value::Bool(true)),
        ("Error", Value::str("")),
        ("ContextType", Value::str("")),
    ];
    let rows = [Row { type_name: LAYOUT.type_name, fields: fields.into(), ..Row::default() }];
    cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    if cli.args.var("DOCKER_HOST").is_some_and(|h| !h.is_empty()) && p.opt("format").is_none() && !p.bool("quiet") {
        cli.eprint("Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either set the global --context flag, or unset DOCKER_HOST environment variable.\n").await;
    }
    Ok(0)
}
