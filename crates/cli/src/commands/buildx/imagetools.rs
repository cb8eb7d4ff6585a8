//! `docker buildx imagetools inspect`: what a registry has under a name.

use layerlab_api::query::Query;
use layerlab_oci::{Descriptor, Digest, Index, Reference, media_type};
use serde_json::{Value as Json, json};

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::table::TabWriter;
use crate::format::template::{Missing, Template};
use crate::format::value::Value;
use crate::tree::Command;

const LINES: TabWriter = TabWriter { min_width: 0, padding: 1 };

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: {what}"))
}

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let given = p.arg(0);
    let reference = Reference::parse_normalized(given).map_err(failed)?.tag_name_only();
    let path = format!("/distribution/{reference}/manifest");
    let bytes = cli
        .get_bytes(&path, Query::default())
        .await
        .map_err(|e| failed(e.message.strip_prefix("Error response from daemon: ").unwrap_or(&e.message)))?;
    if p.bool("raw") {
        cli.sys.write_all(1, bytes).await?;
        return Ok(0);
    }
    let json: Json = serde_json::from_slice(&bytes).map_err(failed)?;
    let kind = json.get("mediaType").and_then(Json::as_str).unwrap_or(media_type::OCI_MANIFEST).to_owned();
    let text = match p.opt("format").filter(|f| !f.is_empty()) {
        Some(format) => formatted(format, &reference, &kind, json, &bytes)?,
        None => show(&reference, &kind, &bytes),
    };
    cli.print(text).await?;
    Ok(0)
}

fn formatted(format: &str, name: &Reference, kind: &str, mut json: Json, bytes: &[u8]) -> Result<String, CliError> {
    if let Some(map) = json.as_object_mut() {
        map.insert("digest".to_owned(), Digest::of(bytes).to_string().into());
        map.insert("size".to_owned(), bytes.len().into());
        map.insert("mediaType".to_owned(), kind.into());
    }
    let all = json!({ "Name": name.to_string(), "Manifest": json });
    let value = Value::from_json(all.to_string().as_bytes()).map_err(failed)?;
    let template = Template::parse(format).map_err(failed)?;
    template.execute(&value, Missing::Error).map_err(|(e, _)| failed(e))
}

fn show(reference: &Reference, kind: &str, bytes: &[u8]) -> String {
    let digest = Digest::of(bytes);
    let mut out = LINES.align(&format!("Name:\t{reference}\nMediaType:\t{kind}\nDigest:\t{digest}\n"));
    let Some(index) = Index::from_json(bytes).ok().filter(|_| media_type::is_index(kind)) else { return out };
    out.push_str(&LINES.align("\t\nManifests:\t\n"));
    let list: Vec<String> = index.manifests.iter().map(|d| one(reference, d)).collect();
    out.push_str(&list.join(&LINES.align("  MediaType:\t\n").replace("MediaType:", "          ")));
    out
}

fn one(reference: &Reference, d: &Descriptor) -> String {
    let mut text = format!("  Name:\t{}@{}\n  MediaType:\t{}\n", name_of(reference), d.digest, d.media_type);
    if let Some(p) = &d.platform {
        text.push_str(&format!("  Platform:\t{p}\n"));
    }
    if d.annotations.is_empty() {
        return LINES.align(&text);
    }
    text.push_str("  Annotations:\t\n");
    let notes: String = d.annotations.iter().map(|(k, v)| format!("    {k}:\t{v}\n")).collect();
    format!("{}{}", LINES.align(&text), LINES.align(&notes))
}

/// The name with its tag.
fn name_of(reference: &Reference) -> String {
    reference.tag().map_or_else(|| reference.name(), |t| format!("{}:{t}", reference.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use layerlab_oci::Platform;

    #[test]
    fn an_index_as_buildx_prints_it() {
        let of = |arch: &str| {
            let mut d = Descriptor::of(media_type::OCI_MANIFEST, arch.as_bytes());
            d.platform = Some(Platform::linux(arch));
            d
        };
        let index = Index::new(vec![of("amd64"), of("arm64")]).to_json().unwrap();
        let name = Reference::parse_normalized("alpine:3").unwrap();
        let (all, amd, arm) = (Digest::of(&index), Digest::of(b"amd64"), Digest::of(b"arm64"));
        let kind = media_type::OCI_INDEX;
        let one = media_type::OCI_MANIFEST;
        assert_eq!(
            show(&name, kind, &index),
            format!(
                "Name:      docker.io/library/alpine:3\nMediaType: {kind}\nDigest:    {all}\n           \nManifests: \n  Name:      docker.io/library/alpine:3@{amd}\n  MediaType: {one}\n  Platform:  linux/amd64\n             \n  Name:      docker.io/library/alpine:3@{arm}\n  MediaType: {one}\n  Platform:  linux/arm64\n"
            )
        );
    }
}
