//! `docker tag`.

use layerlab_api::query::Query;
use layerlab_oci::Reference;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let target = p.arg(1);
    let bad = |e: String| {
        CliError::new(format!(
            "error parsing reference: {} is not a valid repository/tag: {e}",
            crate::format::quote(target)
        ))
    };
    let r = Reference::parse_normalized(target).map_err(|e| bad(e.to_string()))?;
    if r.digest().is_some() {
        return Err(CliError::new("refusing to create a tag with a digest reference"));
    }
    let r = r.tag_name_only();
    let query = Query::default().with("repo", r.name()).with("tag", r.tag().unwrap_or(""));
    cli.do_("POST", &format!("/images/{}/tag", p.arg(0)), query).await?;
    Ok(0)
}
