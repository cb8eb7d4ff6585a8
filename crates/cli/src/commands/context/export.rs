//! `docker context export`.

use layerlab_oci::layer::{Entry, write};

use crate::cli::Cli;
use crate::contexts::{self, DEFAULT};
use crate::error::{CliError, path_error};
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = p.arg(0);
    if name != DEFAULT {
        contexts::check_name(name)?;
    }
    let context = contexts::get(cli, name).await?;
    let mut entries = vec![Entry::file("meta.json", context.to_json().into_bytes(), 0o644), Entry::dir("tls", 0o700)];
    let files = contexts::tls(cli, name).await;
    if !files.is_empty() {
        entries.push(Entry::dir("tls/docker", 0o700));
    }
    entries.extend(files.into_iter().map(|(file, data)| Entry::file(&format!("tls/docker/{file}"), data, 0o600)));
    let tar = write(&entries).map_err(|e| CliError::new(e.to_string()))?;
    let own = format!("{name}.dockercontext");
    let path = p.args.get(1).map_or(own.as_str(), String::as_str);
    if path == "-" {
        if cli.sys.is_atty(1).await {
            return Err(CliError::new("cowardly refusing to export to a terminal, specify a file path"));
        }
        cli.sys.write_all(1, tar).await?;
        return Ok(0);
    }
    if cli.sys.stat(path).await.is_ok() {
        return Err(path_error("open", path, layerlab_kernel::Errno::EEXIST));
    }
    cli.sys.write_file(path, tar, 0o600).await.map_err(|e| path_error("open", path, e))?;
    cli.eprint(format!("Written file {}\n", crate::format::quote(path))).await;
    Ok(0)
}
