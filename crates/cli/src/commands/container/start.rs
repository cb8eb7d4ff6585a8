//! `docker start`.

use layerlab_api::container::Inspect;
use layerlab_api::query::Query;

use super::run::{exit_code, removed};
use super::stream::{Ended, Streams, catch_signals, stay, streams_query};
use crate::cli::Cli;
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    if p.bool("attach") || p.bool("interactive") {
        if p.args.len() > 1 {
            return Err(CliError::new("you cannot start and attach multiple containers at once"));
        }
        return attached(cli, p).await;
    }
    let mut failed = Vec::new();
    for name in &p.args {
        match cli.do_("POST", &format!("/containers/{name}/start"), Query::default()).await {
            Ok(()) => cli.print(format!("{name}\n")).await?,
            Err(e) => {
                cli.eprint(format!("{}\n", e.message)).await;
                failed.push(name.clone());
            }
        }
    }
    if failed.is_empty() {
        Ok(0)
    } else {
        Err(CliError::new(format!("failed to start containers: {}", failed.join(", "))))
    }
}

async fn attached(cli: &Cli, p: &Parsed) -> Result<i32, CliError> {
    let c: Inspect = cli.get(&format!("/containers/{}/json", p.arg(0)), Query::default()).await?;
    let path = format!("/containers/{}", c.id);
    let tty = c.config.tty;
    let stdin = p.bool("interactive") && c.config.open_stdin;
    let proxy = p.bool_or("sig-proxy", true) && !tty;
    let keys = credentials::detach_keys(cli, p.opt("detach-keys").unwrap_or("")).await;
    let conn = cli.hijack::<()>(&format!("{path}/attach"), streams_query(stdin, true, true, &keys), None).await?;
    let condition = if c.host_config.auto_remove { "removed" } else { "next-exit" };
    let wait = cli.request("POST", &format!("{path}/wait"), Query::default().with("condition", condition)).await?;
    catch_signals(cli, proxy, tty).await;
    if let Err(e) = cli.do_("POST", &format!("{path}/start"), Query::default()).await {
        let _ = cli.sys.close(conn.fd).await;
        removed(cli, c.host_config.auto_remove, wait).await;
        return Err(e);
    }
    let streams = Streams {
        stdin,
        tty,
        signals_to: proxy.then(|| path.clone()),
        resize: tty.then(|| path.clone()),
        detach_keys: &keys,
    };
    let result = stay(cli, &conn, &streams, tty && stdin).await;
    if result? == Ended::Detached {
        return Ok(0);
    }
    exit_code(cli, wait).await
}
