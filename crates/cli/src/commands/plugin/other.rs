//! `docker plugin inspect`, `rm`, `enable`, `disable`, `set`, `push`, `upgrade`: the daemon knows whether there is one.

use layerlab_api::query::Query;
use layerlab_oci::Reference;

use crate::cli::Cli;
use crate::commands::inspect::{get, inspect_all};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = p.arg(0);
    match c.name() {
        "inspect" => {
            let mut found = Vec::new();
            for name in &p.args {
                found.push(get(cli, "", &format!("/plugins/{name}/json"), Query::default()).await);
            }
            inspect_all(cli, p.str(c, "format"), found).await
        }
        "rm" => {
            let mut errors = Vec::new();
            for name in &p.args {
                let query = Query::default().flag("force", p.bool("force"));
                match cli.do_("DELETE", &format!("/plugins/{name}"), query).await {
                    Ok(()) => cli.print(format!("{name}\n")).await?,
                    Err(e) => errors.push(e),
                }
            }
            CliError::join(errors)
        }
        "upgrade" => {
            let asked = cli.do_("GET", &format!("/plugins/{name}/json"), Query::default()).await;
            asked.map_err(|e| CliError { message: format!("error reading plugin data: {}", e.message), ..e })?;
            Err(CliError::new(crate::commands::why_unavailable(&p.path)))
        }
        "push" => {
            let reference = Reference::parse_normalized(name).map_err(|e| CliError::new(e.to_string()))?;
            let name = reference.tag_name_only().familiar();
            cli.do_("POST", &format!("/plugins/{name}/push"), Query::default()).await.map(|()| 0)
        }
        "set" => {
            let values = p.args.get(1..).unwrap_or_default();
            cli.post_only(&format!("/plugins/{name}/set"), Query::default(), &values).await?;
            cli.print(format!("{name}\n")).await?;
            Ok(0)
        }
        verb => {
            let query = match verb {
                "enable" => Query::default().with("timeout", p.int("timeout").unwrap_or(30).to_string()),
                _ => Query::default().flag("force", p.bool("force")),
            };
            cli.do_("POST", &format!("/plugins/{name}/{verb}"), query).await?;
            cli.print(format!("{name}\n")).await?;
            Ok(0)
        }
    }
}
