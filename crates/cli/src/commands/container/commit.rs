//! `docker commit`.

use layerlab_api::IdResponse;
use layerlab_api::query::Query;
use layerlab_oci::Reference;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    Cli::given("container", p.arg(0))?;
    let mut query = Query::default().with("container", p.arg(0)).with("comment", p.str(c, "message"));
    query = query.with("author", p.str(c, "author"));
    let named = p.args.get(1).is_some_and(|n| !n.is_empty());
    if !named {
        query = query.with("repo", "").with("tag", "");
    }
    if let Some(name) = p.args.get(1).filter(|n| !n.is_empty()) {
        let reference = Reference::parse_normalized(name).map_err(|e| CliError::new(e.to_string()))?;
        if reference.digest().is_some() {
            return Err(CliError::new("refusing to create a tag with a digest reference"));
        }
        query = query.with("repo", reference.name());
        query = query.with("tag", reference.clone().tag_name_only().tag().unwrap_or("latest"));
    }
    for change in p.list("change") {
        query = query.with("changes", change.as_str());
    }
    if p.bool("no-pause") || !p.bool_or("pause", true) {
        query = query.with("pause", "0");
    }
    let made: IdResponse = cli.ask("POST", "/commit", query).await?;
    cli.print(format!("{}\n", made.id)).await?;
    Ok(0)
}
