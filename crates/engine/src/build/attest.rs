//! Provenance: the statement that BuildKit puts beside an image by default (`mode=min`), as an
//! attestation manifest in the image's index (BuildKit `exporter/containerimage/writer.go`,
//! `solver/llbsolver/provenance`, <https://slsa.dev/provenance/v0.2>).
//!
//! Its times are those of the image's own layers, not of the build, so that a cached rebuild gives the
//! same index.

use layerlab_api::build::BuildOptions;
use layerlab_kernel::vfs::Tree;
use layerlab_oci::{Descriptor, Digest, Manifest, Platform, Reference, Timestamp, media_type};
use serde_json::{Value, json};

use super::export::{Attestation, Single};
use super::graph::Base;

/// The media type of a statement.
const IN_TOTO: &str = "application/vnd.in-toto+json";
/// The statement's predicate.
pub const PREDICATE: &str = "https://slsa.dev/provenance/v0.2";

/// What is said of a build.
pub struct Provenance<'a> {
    /// What was asked for.
    pub options: &'a BuildOptions,
    /// The image's names.
    pub names: &'a [Reference],
    /// Its base images.
    pub bases: &'a [Base],
    /// Its platform.
    pub platform: &'a Platform,
    /// Its files, where a list of what is in it is wanted.
    pub contents: Option<&'a Tree>,
    /// The Dockerfile.
    pub source: &'a str,
    /// When its layers were made: the first and the last.
    pub times: (Timestamp, Timestamp),
}

/// A package URL: `pkg:docker/alpine@latest?platform=linux%2Famd64`.
fn purl(reference: &Reference, platform: &Platform) -> String {
    let tag = reference.tag().map(|t| format!("@{t}")).unwrap_or_default();
    let platform = platform.to_string().replace('/', "%2F");
    format!("pkg:docker/{}{tag}?platform={platform}", reference.familiar_name())
}

impl Provenance<'_> {
    /// The predicate, as `--metadata-file` has it too.
    pub fn predicate(&self) -> Value {
        let material = |b: &Base| {
            let uri = Reference::parse_normalized(&b.reference)
                .map(|r| purl(&r.tag_name_only(), &b.platform))
                .unwrap_or_default();
            json!({ "uri": uri, "digest": { "sha256": b.digest.hex() } })
        };
        let o = self.options;
        let mut args = serde_json::Map::new();
        for (k, v) in &o.build_args {
            args.insert(format!("build-arg:{k}"), json!(v));
        }
        for (k, v) in &o.labels {
            args.insert(format!("label:{k}"), json!(v));
        }
        for (k, v) in [("target", &o.target), ("filename", &o.dockerfile)] {
            if !v.is_empty() && v != "Dockerfile" {
                args.insert(k.to_owned(), json!(v));
            }
        }
        let mut predicate = json!({
            "builder": { "id": "" },
            "buildType": "https://mobyproject.org/buildkit@v1",
            "materials": self.bases.iter().map(material).collect::<Vec<_>>(),
            "invocation": {
                "configSource": { "entryPoint": o.dockerfile.rsplit('/').next().unwrap_or_default() },
                "parameters": {
                    "frontend": "dockerfile.v0",
                    "args": args,
                    "locals": [{ "name": "context" }, { "name": "dockerfile" }]
                },
                "environment": { "platform": "linux/amd64" }
            },
            "metadata": {
                "buildStartedOn": self.times.0.to_string(),
                "buildFinishedOn": self.times.1.to_string(),
                "completeness": { "parameters": true, "environment": true, "materials": false },
                "reproducible": false
            }
        });
        if o.provenance_mode == "max"
            && let Some(metadata) = predicate.get_mut("metadata").and_then(Value::as_object_mut)
        {
            let data = layerlab_kernel::base64::encode(self.source.as_bytes());
            let info = json!({ "filename": o.dockerfile, "language": "Dockerfile", "data": data });
            metadata.insert(
                "https://mobyproject.org/buildkit@v1#metadata".to_owned(),
                json!({ "source": { "infos": [info] } }),
            );
        }
        predicate
    }

    /// Adds the attestation to an image.
    ///
    /// # Errors
    /// JSON's.
    pub fn attest(&self, image: &mut Single) -> Result<(), String> {
        let fail = |e: serde_json::Error| e.to_string();
        let digest = Digest::of(&image.manifest);
        let subject = |name: String| json!({ "name": name, "digest": { "sha256": digest.hex() } });
        let mut subjects: Vec<Value> =
            self.names.iter().map(|n| subject(purl(&n.clone().tag_name_only(), self.platform))).collect();
        if subjects.is_empty() {
            subjects.push(subject("_".to_owned()));
        }
        let mut statements = Vec::new();
        let mut layers = Vec::new();
        for (kind, predicate) in self.predicates() {
            let statement = serde_json::to_vec(&json!({
                "_type": "https://in-toto.io/Statement/v0.1",
                "predicateType": kind,
                "subject": subjects,
                "predicate": predicate
            }))
            .map_err(fail)?;
            let mut layer = Descriptor::of(IN_TOTO, &statement);
            layer.annotations.insert("in-toto.io/predicate-type".to_owned(), kind.to_owned());
            layers.push(layer);
            statements.push(statement);
        }
        if layers.is_empty() {
            return Ok(());
        }
        let diff_ids: Vec<String> = layers.iter().map(|l| l.digest.to_string()).collect();
        let config = serde_json::to_vec(&json!({
            "architecture": "unknown",
            "os": "unknown",
            "config": {},
            "rootfs": { "type": "layers", "diff_ids": diff_ids }
        }))
        .map_err(fail)?;
        let manifest = Manifest::new(Descriptor::of(media_type::OCI_CONFIG, &config), layers);
        let manifest = manifest.to_json().map_err(fail)?;
        image.attestation = Some(Attestation { statements, config, manifest });
        Ok(())
    }

    /// What is attested, by kind.
    fn predicates(&self) -> Vec<(&'static str, Value)> {
        let mut out = Vec::new();
        if let Some(tree) = self.contents {
            let name = self.names.first().map_or_else(|| "_".to_owned(), |n| n.clone().tag_name_only().familiar());
            out.push((super::sbom::PREDICATE, super::sbom::document(tree, &name, &self.times.1.to_string())));
        }
        if !self.options.no_provenance {
            out.push((PREDICATE, self.predicate()));
        }
        out
    }
}
