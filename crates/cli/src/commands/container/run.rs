//! `docker run`.

use layerlab_api::container::{CreateRequest, Wait};
use layerlab_api::query::Query;

use super::create::{create, with_help};
use super::options::{Inputs, request};
use super::stream::{Ended, Streams, catch_signals, check_tty, stay, streams_query};
use crate::cli::Cli;
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let inputs = Inputs::read(cli, p).await.map_err(|e| with_help(e, "run"))?;
    let mut body = request(c, p, &inputs).map_err(|e| with_help(CliError::new(e), "run"))?;
    let detach = p.bool("detach");
    if detach {
        if !p.list("attach").is_empty() {
            return Err(CliError::new("conflicting options: cannot specify both --attach and --detach"));
        }
        body.config.attach_stdin = false;
        body.config.attach_stdout = false;
        body.config.attach_stderr = false;
        body.config.stdin_once = false;
    }
    check_tty(cli, body.config.tty && body.config.attach_stdin).await?;
    if let Ok(size) = cli.sys.win_size(1).await
        && body.config.tty
    {
        body.host_config.console_size = [u32::from(size.rows), u32::from(size.cols)];
    }
    let id = create(cli, c, p, &body).await.map_err(start_error)?;
    if !(body.config.attach_stdin || body.config.attach_stdout || body.config.attach_stderr) {
        cli.print(format!("{id}\n")).await?;
    }
    started(cli, p, &body, &id).await
}

/// The exit code of a start that failed (docker/cli `toStatusError`).
pub(crate) fn start_error(e: CliError) -> CliError {
    let says = |words: &[&str]| words.iter().any(|w| e.message.contains(w));
    let code =
        if says(&["executable file not found", "no such file or directory", "system cannot find the file specified"]) {
            127
        } else if says(&["permission denied", "is a directory"]) {
            126
        } else {
            125
        };
    CliError { code, ..with_help(e, "run") }
}

/// Waits until a container that is removed by itself is gone, after a start that failed.
pub(crate) async fn removed(cli: &Cli, auto_remove: bool, wait: layerlab_api::client::Answer) {
    if auto_remove {
        let _ = exit_code(cli, wait).await;
    }
}

/// Attaches, listens for the end, starts, and stays until the end where somebody listens.
async fn started(cli: &Cli, p: &Parsed, body: &CreateRequest, id: &str) -> Result<i32, CliError> {
    let config = &body.config;
    let path = format!("/containers/{id}");
    let tty = config.tty;
    let proxy = p.bool_or("sig-proxy", true) && !tty;
    let terminal = tty && config.attach_stdin;
    let attached = config.attach_stdin || config.attach_stdout || config.attach_stderr;
    let keys = credentials::detach_keys(cli, p.opt("detach-keys").unwrap_or("")).await;
    let conn = if attached {
        let query = streams_query(config.attach_stdin, config.attach_stdout, config.attach_stderr, &keys);
        Some(cli.hijack::<()>(&format!("{path}/attach"), query, None).await?)
    } else {
        None
    };
    let condition = if p.bool("rm") { "removed" } else { "next-exit" };
    let wait = cli
        .request("POST", &format!("{path}/wait"), Query::default().with("condition", condition))
        .await
        .map_err(|e| with_help(e, "run"))?;
    catch_signals(cli, proxy, tty).await;
    if let Err(e) = cli.do_("POST", &format!("{path}/start"), Query::default()).await {
        if let Some(conn) = conn {
            let _ = cli.sys.close(conn.fd).await;
        }
        removed(cli, p.bool("rm"), wait).await;
        return Err(start_error(e));
    }
    let mut ended = Ended::Closed;
    if let Some(conn) = conn {
        let streams = Streams {
            stdin: config.attach_stdin,
            tty,
            signals_to: proxy.then(|| path.clone()),
            resize: tty.then(|| path.clone()),
            detach_keys: &keys,
        };
        let result = stay(cli, &conn, &streams, terminal).await;
        ended = result?;
    }
    if ended == Ended::Detached || !attached {
        wait.close().await;
        return Ok(0);
    }
    exit_code(cli, wait).await
}

/// The code that a `wait` tells.
pub(crate) async fn exit_code(cli: &Cli, wait: layerlab_api::client::Answer) -> Result<i32, CliError> {
    let status: Wait = wait.json().await.map_err(|e| CliError::from_client(e, &cli.host))?;
    match status.error {
        Some(e) if !e.message.is_empty() => Err(CliError::code(125, e.message)),
        _ => Ok(status.status_code),
    }
}
