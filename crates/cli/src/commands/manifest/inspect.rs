//! `docker manifest inspect`.

use layerlab_kernel::base64;
use layerlab_oci::{Descriptor, Manifest, media_type};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::manifests::{self, Entry};
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let insecure = p.bool("insecure");
    let (is_list, entries) = if let Some(one) = p.args.get(1) {
        let (list, name) = (manifests::reference(p.arg(0))?, manifests::reference(one)?);
        let all = manifests::list(cli, &list).await.unwrap_or_default();
        let found = all.into_iter().find(|e| e.name == name.to_string());
        let found = found.ok_or_else(|| CliError::new(format!("no such manifest: {one}")))?;
        (false, vec![found])
    } else {
        let name = manifests::reference(p.arg(0))?;
        match manifests::list(cli, &name).await {
            Some(local) => (true, local),
            None => manifests::remote(cli, &name, insecure).await?,
        }
    };
    let text = match (p.bool("verbose"), is_list, entries.first()) {
        (false, false, Some(one)) => tabs(&Manifest::from_json(&one.raw).map_err(|e| CliError::new(e.to_string()))?),
        (false, ..) => String::from_utf8_lossy(&manifests::manifest_list(&entries)).into_owned(),
        (true, false, Some(one)) => tabs(&verbose(one)),
        (true, ..) => tabs(&entries.iter().map(verbose).collect::<Vec<_>>()),
    };
    cli.print(format!("{text}\n")).await?;
    Ok(0)
}

/// A manifest with where it comes from.
#[derive(Serialize)]
struct Verbose {
    #[serde(rename = "Ref")]
    name: String,
    #[serde(rename = "Descriptor")]
    descriptor: Descriptor,
    #[serde(rename = "Raw")]
    raw: String,
    #[serde(rename = "SchemaV2Manifest", skip_serializing_if = "Option::is_none")]
    docker: Option<Manifest>,
    #[serde(rename = "OCIManifest", skip_serializing_if = "Option::is_none")]
    oci: Option<Manifest>,
}

fn verbose(e: &Entry) -> Verbose {
    let is_oci = e.descriptor.media_type == media_type::OCI_MANIFEST;
    let manifest = Manifest::from_json(&e.raw).ok();
    let (docker, oci) = if is_oci { (None, manifest) } else { (manifest, None) };
    Verbose { name: e.name.clone(), descriptor: e.descriptor.clone(), raw: base64::encode(&e.raw), docker, oci }
}

fn tabs(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    let mut to = Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b"\t"));
    // Writing to memory does not fail.
    let _ = value.serialize(&mut to);
    String::from_utf8(out).unwrap_or_default()
}
