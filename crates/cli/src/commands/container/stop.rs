//! `docker stop`.

use layerlab_api::query::Query;

use super::each::each;
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut query = Query::default();
    if let Some(s) = p.opt("signal").filter(|s| !s.is_empty()) {
        query = query.with("signal", s);
    }
    if p.is_set("time") {
        cli.print("Flag --time has been deprecated, use --timeout instead\n").await?;
        if p.is_set("timeout") {
            return Err(CliError::new("conflicting options: cannot specify both --timeout and --time"));
        }
    }
    if let Some(t) = p.opt("timeout").or_else(|| p.opt("time")) {
        query = query.with("t", t);
    }
    each(cli, &p.args, "stop", query).await
}
