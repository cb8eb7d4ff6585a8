//! `docker context create`.

use serde_json::{Map, Value};

use crate::cli::Cli;
use crate::contexts::{self, Context};
use crate::error::{CliError, path_error};
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = p.arg(0);
    contexts::check_name(name)?;
    if contexts::get(cli, name).await.is_ok() {
        return Err(CliError::new(format!("context {} already exists", crate::format::quote(name))));
    }
    let description = p.opt("description").map(str::to_owned);
    match (p.opt("from"), p.is_set("docker")) {
        (None, true) => {
            let mut c = Context {
                name: name.to_owned(),
                description: description.unwrap_or_default(),
                host: String::new(),
                skip_tls: false,
            };
            set_endpoint(cli, &mut c, &contexts::endpoint(p.list("docker"))?).await?;
            contexts::put(cli, &c).await?;
        }
        (from, _) => {
            let from = match from {
                Some(f) => f.to_owned(),
                None => contexts::current(cli).await?,
            };
            let mut c = contexts::get(cli, &from).await?;
            let files = contexts::tls(cli, &from).await;
            name.clone_into(&mut c.name);
            if let Some(d) = description {
                c.description = d;
            }
            contexts::put(cli, &c).await?;
            for (file, data) in files {
                contexts::put_tls(cli, name, file, data).await?;
            }
        }
    }
    cli.print(format!("{name}\n")).await?;
    cli.eprint(format!("Successfully created context {}\n", crate::format::quote(name))).await;
    Ok(0)
}

/// Sets a context's endpoint to what `--docker` says.
pub(super) async fn set_endpoint(cli: &Cli, c: &mut Context, given: &Map<String, Value>) -> Result<(), CliError> {
    let text = |key: &str| given.get(key).and_then(Value::as_str);
    if let Some(from) = text("from") {
        let other = contexts::get(cli, from)
            .await
            .map_err(|e| CliError::new(format!("unable to create docker endpoint config: {}", e.message)))?;
        (c.host, c.skip_tls) = (other.host, other.skip_tls);
        return Ok(());
    }
    let host = text("host").unwrap_or_default();
    crate::host::check(host)
        .map_err(|(step, why)| CliError::new(format!("unable to create docker endpoint config: {step}: {why}")))?;
    host.clone_into(&mut c.host);
    if let Some(skip) = text("skip-tls-verify") {
        c.skip_tls = crate::flags::value::parse_bool(skip).ok_or_else(|| {
            CliError::new(format!("unable to create docker endpoint config: invalid value for skip-tls-verify: {skip}"))
        })?;
    }
    for (key, file) in [("ca", "ca.pem"), ("cert", "cert.pem"), ("key", "key.pem")] {
        if let Some(path) = text(key) {
            let data = cli.sys.read_file(path).await.map_err(|e| {
                CliError::new(format!(
                    "unable to create docker endpoint config: {}",
                    path_error("open", path, e).message
                ))
            })?;
            contexts::put_tls(cli, &c.name, file, data).await?;
        }
    }
    Ok(())
}
