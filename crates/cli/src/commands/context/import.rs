//! `docker context import`.

use layerlab_oci::layer::{EntryKind, Limits, read};
use serde_json::Value;

use crate::cli::Cli;
use crate::contexts::{self, Context, TLS_FILES};
use crate::error::{CliError, path_error};
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let (name, path) = (p.arg(0), p.arg(1));
    contexts::check_name(name)?;
    if contexts::get(cli, name).await.is_ok() {
        return Err(CliError::new(format!("context {} already exists", crate::format::quote(name))));
    }
    let bytes = match path {
        "-" => cli.sys.read_all(0).await?,
        _ => cli.sys.read_file(path).await.map_err(|e| path_error("open", path, e))?,
    };
    let entries = read(&bytes, Limits::default()).map_err(|e| CliError::new(e.to_string()))?;
    let mut found = None;
    let mut files = Vec::new();
    for e in entries {
        let EntryKind::File { content } = &e.kind else { continue };
        match e.path.trim_start_matches("./") {
            "meta.json" => found = serde_json::from_slice::<Value>(content).ok().as_ref().and_then(Context::from_json),
            other => {
                let file = TLS_FILES.iter().find(|f| other == format!("tls/docker/{f}"));
                let Some(file) = file else {
                    return Err(CliError::new(format!("{other}: unexpected context file")));
                };
                files.push((*file, content.to_vec()));
            }
        }
    }
    let mut context = found.ok_or_else(|| CliError::new("invalid context: no metadata found"))?;
    name.clone_into(&mut context.name);
    contexts::put(cli, &context).await?;
    for (file, data) in files {
        contexts::put_tls(cli, name, file, data).await?;
    }
    cli.print(format!("{name}\n")).await?;
    cli.eprint(format!("Successfully imported context {}\n", crate::format::quote(name))).await;
    Ok(0)
}
