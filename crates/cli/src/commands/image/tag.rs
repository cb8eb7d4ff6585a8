//! `docker tag`.

use layerlab_api::query::Query;
use layerlab_oci::Reference;
use layerlab_oci::reference::parse_any;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let bad = |given: &str, e: String| {
        CliError::new(format!(
            "error parsing reference: {} is not a valid repository/tag: {e}",
            crate::format::quote(given)
        ))
    };
    parse_any(p.arg(0)).map_err(|e| bad(p.arg(0), e.to_string()))?;
    let r = Reference::parse_normalized(p.arg(1)).map_err(|e| bad(p.arg(1), e.to_string()))?;
    if r.digest().is_some() {
        return Err(CliError::new("refusing to create a tag with a digest reference"));
    }
    let r = r.tag_name_only();
    let query = Query::default().with("repo", r.name()).with("tag", r.tag().unwrap_or(""));
    cli.do_("POST", &format!("/images/{}/tag", p.arg(0)), query).await?;
    Ok(0)
}
