//! `docker attach`.

use layerlab_api::container::Inspect;
use layerlab_api::query::Query;

use super::run::exit_code;
use super::stream::{Ended, Streams, catch_signals, stay};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let c: Inspect = cli.get(&format!("/containers/{}/json", p.arg(0)), Query::default()).await?;
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
    let path = format!("/containers/{}", c.id);
    let tty = c.config.tty;
    let stdin = !p.bool("no-stdin") && c.config.open_stdin;
    if tty && stdin && !cli.sys.is_atty(0).await {
        return refuse("cannot attach stdin to a TTY-enabled container because stdin is not a terminal");
    }
    let proxy = p.bool_or("sig-proxy", true) && !tty;
    let wait = cli.request("POST", &format!("{path}/wait"), Query::default()).await?;
    let query = Query::default().flag("stdin", stdin).flag("stdout", true).flag("stderr", true).flag("stream", true);
    let conn = cli.hijack::<()>(&format!("{path}/attach"), query, None).await?;
    catch_signals(cli, proxy, tty).await;
    let streams = Streams {
        stdin,
        tty,
        signals_to: proxy.then(|| path.clone()),
        resize: tty.then(|| path.clone()),
        detach_keys: p.opt("detach-keys").unwrap_or(""),
    };
    let result = stay(cli, &conn, &streams, tty && stdin).await;
    if result? == Ended::Detached {
        cli.eprint("read escape sequence\n").await;
        return Ok(0);
    }
    exit_code(cli, wait).await
}
