//! `docker exec`.

use layerlab_api::IdResponse;
use layerlab_api::container::Inspect;
use layerlab_api::exec;
use layerlab_api::query::Query;

use super::options::{Inputs, environment};
use super::stream::{DETACHED, Ended, Streams, catch_signals, check_tty, stay};
use crate::cli::Cli;
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let (detach, tty) = (p.bool("detach"), p.bool("tty"));
    let stdin = p.bool("interactive") && !detach;
    let inputs = Inputs::read(cli, p).await?;
    let env = environment(&inputs.env_lines, p.list("env"), &inputs.env);
    let _: Inspect = cli.get(&format!("/containers/{}/json", p.arg(0)), Query::default()).await?;
    check_tty(cli, tty && stdin).await?;
    let keys = credentials::detach_keys(cli, p.str(c, "detach-keys")).await;
    let size = if tty { cli.sys.win_size(1).await.ok().map(|s| [u32::from(s.rows), u32::from(s.cols)]) } else { None };
    let request = exec::CreateRequest {
        user: p.str(c, "user").to_owned(),
        privileged: p.bool("privileged"),
        tty,
        console_size: size,
        attach_stdin: stdin,
        attach_stderr: !detach,
        attach_stdout: !detach,
        detach,
        detach_keys: keys.clone(),
        env: (!env.is_empty()).then_some(env),
        working_dir: p.str(c, "workdir").to_owned(),
        cmd: Some(p.args.get(1..).unwrap_or(&[]).to_vec()),
    };
    let made: IdResponse = cli.post(&format!("/containers/{}/exec", p.arg(0)), Query::default(), &request).await?;
    let start = exec::StartRequest { detach, tty, console_size: size };
    let path = format!("/exec/{}", made.id);
    if detach {
        cli.post_only(&format!("{path}/start"), Query::default(), &start).await?;
        return Ok(0);
    }
    let conn = cli.hijack(&format!("{path}/start"), Query::default(), Some(&start)).await?;
    catch_signals(cli, false, tty).await;
    let streams = Streams { stdin, tty, signals_to: None, resize: tty.then(|| path.clone()), detach_keys: &keys };
    let result = stay(cli, &conn, &streams, tty && stdin).await;
    if result? == Ended::Detached {
        return Err(CliError::new(DETACHED));
    }
    let state: exec::Inspect = cli.get(&format!("{path}/json"), Query::default()).await?;
    Ok(state.exit_code.unwrap_or(0))
}
