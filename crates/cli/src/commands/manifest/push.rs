//! `docker manifest push`.

use layerlab_oci::{Reference, media_type};

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::manifests;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let list = manifests::reference(p.arg(0))?;
    let entries = manifests::list(cli, &list).await.unwrap_or_default();
    if entries.is_empty() {
        return Err(CliError::new(format!("No such manifest: {list}")));
    }
    let mut registry = manifests::registry(cli, &list, p.bool("insecure")).await;
    registry.pushes = true;
    for e in &entries {
        let from = Reference::parse(&e.name).map_err(|e| CliError::new(e.to_string()))?;
        if from.domain() != list.domain() {
            return Err(CliError::new(format!(
                "cannot use source images from a different registry than the target image: {} != {}",
                from.domain(),
                list.domain()
            )));
        }
        if from.path() != list.path() {
            manifests::mount(&registry, &list, &from, &e.raw).await?;
        }
        let what = e.descriptor.digest.to_string();
        let digest = manifests::push(&registry, &list, &what, &e.descriptor.media_type, e.raw.clone()).await?;
        cli.print(format!("Pushed ref {}@{digest} with digest: {digest}\n", list.name())).await?;
    }
    let raw = manifests::manifest_list(&entries);
    let oci = entries.first().is_some_and(|e| e.descriptor.media_type == media_type::OCI_MANIFEST);
    let kind = if oci { media_type::OCI_INDEX } else { "application/vnd.docker.distribution.manifest.list.v2+json" };
    let tag = list.tag().unwrap_or("latest").to_owned();
    let digest = manifests::push(&registry, &list, &tag, kind, raw).await?;
    cli.print(format!("{digest}\n")).await?;
    if p.bool("purge") {
        manifests::remove(cli, &list).await;
    }
    Ok(0)
}
