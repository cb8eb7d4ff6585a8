//! `docker logs`.

use layerlab_api::container::Inspect;
use layerlab_api::query::Query;
use layerlab_api::stdcopy::Decoder;

use super::stream::output;
use crate::cli::Cli;
use crate::commands::timestamp;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let container: Inspect = cli.get(&format!("/containers/{}/json", p.arg(0)), Query::default()).await?;
    let mut query = Query::default().flag("stdout", true).flag("stderr", true);
    query = query
        .flag("follow", p.bool("follow"))
        .flag("timestamps", p.bool("timestamps"))
        .flag("details", p.bool("details"));
    for flag in ["since", "until"] {
        if let Some(v) = p.opt(flag).filter(|v| !v.is_empty()) {
            let t = timestamp(v, cli.now())
                .map_err(|e| CliError::new(format!("invalid value for {}: {e}", crate::format::quote(flag))))?;
            query = query.with(flag, t);
        }
    }
    query = query.with("tail", p.str(c, "tail"));
    let mut answer = cli.request("GET", &format!("/containers/{}/logs", container.id), query).await?;
    let mut decoder = Decoder::default();
    loop {
        let data = answer.chunk().await.map_err(|e| CliError::from_client(e, &cli.host))?;
        if data.is_empty() {
            break;
        }
        output(cli, &mut decoder, container.config.tty, &data).await?;
    }
    answer.close().await;
    Ok(0)
}
