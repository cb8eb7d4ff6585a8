//! `docker attach`.

use layerlab_api::container::Inspect;
use layerlab_api::query::Query;

use super::run::exit_code;
use super::stream::{DETACHED, Ended, Streams, catch_signals, check_tty, stay, streams_query};
use crate::cli::Cli;
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let path = format!("/containers/{}", p.arg(0));
    // What is wrong with the container is told by what comes next.
    let wait = cli.request("POST", &format!("{path}/wait"), Query::default()).await;
    let c = running(cli, &path).await?;
    let tty = c.config.tty;
    check_tty(cli, tty && !p.bool("no-stdin")).await?;
    let stdin = !p.bool("no-stdin") && c.config.open_stdin;
    let proxy = p.bool_or("sig-proxy", true) && !tty;
    let keys = credentials::detach_keys(cli, p.opt("detach-keys").unwrap_or("")).await;
    catch_signals(cli, proxy, tty).await;
    let conn = cli.hijack::<()>(&format!("{path}/attach"), streams_query(stdin, true, true, &keys), None).await?;
    // It may have ended meanwhile: nothing would ever come.
    running(cli, &path).await?;
    let streams = Streams {
        stdin,
        tty,
        signals_to: proxy.then(|| path.clone()),
        resize: tty.then(|| path.clone()),
        detach_keys: &keys,
    };
    let result = stay(cli, &conn, &streams, tty && stdin).await;
    if result? == Ended::Detached {
        return Err(CliError::new(DETACHED));
    }
    exit_code(cli, wait?).await
}

/// The container, if one can attach to it.
async fn running(cli: &Cli, path: &str) -> Result<Inspect, CliError> {
    let c: Inspect = cli.get(&format!("{path}/json"), Query::default()).await?;
    let refuse = |text: &str| Err(CliError::new(text));
    if !c.state.running {
        return refuse("cannot attach to a stopped container, start it first");
    }
    if c.state.paused {
        return refuse("cannot attach to a paused container, unpause it first");
    }
    if c.state.restarting {
        return refuse("cannot attach to a restarting container, wait until it is running");
    }
    Ok(c)
}
