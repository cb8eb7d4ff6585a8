//! Provenance: the statement that BuildKit puts beside an image by default (`mode=min`), as an
//! attestation manifest in the image's index (BuildKit `exporter/containerimage/writer.go`,
//! `solver/llbsolver/provenance`, <https://slsa.dev/provenance/v0.2>).
//!
//! Its times are those of the image's own layers, not of the build, so that a cached rebuild gives the
//! same index.

use layerlab_api::build::BuildOptions;
use layerlab_oci::descriptor::{ANNOTATION_REFERENCE_DIGEST, ANNOTATION_REFERENCE_TYPE};
use layerlab_oci::{Descriptor, Digest, Index, Manifest, Platform, Reference, Timestamp, media_type};
use serde_json::{Value, json};

use super::export::{Attested, Exported};
use super::graph::Base;

/// The media type of a statement.
const IN_TOTO: &str = "application/vnd.in-toto+json";
/// The statement's predicate.
const PREDICATE: &str = "https://slsa.dev/provenance/v0.2";

/// What is said of a build.
pub struct Provenance<'a> {
    /// What was asked for.
    pub options: &'a BuildOptions,
    /// The image's names.
    pub names: &'a [Reference],
    /// Its base images.
    pub bases: &'a [Base],
    /// When its layers were made: the first and the last.
    pub times: (Timestamp, Timestamp),
}

/// A package URL: `pkg:docker/alpine@latest?platform=linux%2Famd64`.
fn purl(reference: &Reference) -> String {
    let tag = reference.tag().map(|t| format!("@{t}")).unwrap_or_default();
    format!("pkg:docker/{}{tag}?platform=linux%2Famd64", reference.familiar_name())
}

impl Provenance<'_> {
    /// The predicate, as `--metadata-file` has it too.
    pub fn predicate(&self) -> Value {
        let material = |b: &Base| {
            let uri = Reference::parse_normalized(&b.reference).map(|r| purl(&r.tag_name_only())).unwrap_or_default();
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
        json!({
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
        })
    }

    /// Adds the attestation to an image.
    ///
    /// # Errors
    /// JSON's.
    pub fn attest(&self, image: &mut Exported) -> Result<(), String> {
        let fail = |e: serde_json::Error| e.to_string();
        let digest = Digest::of(&image.manifest);
        let subject = |name: String| json!({ "name": name, "digest": { "sha256": digest.hex() } });
        let mut subjects: Vec<Value> = self.names.iter().map(|n| subject(purl(&n.clone().tag_name_only()))).collect();
        if subjects.is_empty() {
            subjects.push(subject("_".to_owned()));
        }
        let statement = serde_json::to_vec(&json!({
            "_type": "https://in-toto.io/Statement/v0.1",
            "predicateType": PREDICATE,
            "subject": subjects,
            "predicate": self.predicate()
        }))
        .map_err(fail)?;
        let mut layer = Descriptor::of(IN_TOTO, &statement);
        layer.annotations.insert("in-toto.io/predicate-type".to_owned(), PREDICATE.to_owned());
        let config = serde_json::to_vec(&json!({
            "architecture": "unknown",
            "os": "unknown",
            "config": {},
            "rootfs": { "type": "layers", "diff_ids": [layer.digest.to_string()] }
        }))
        .map_err(fail)?;
        let manifest = Manifest::new(Descriptor::of(media_type::OCI_CONFIG, &config), vec![layer]);
        let manifest = manifest.to_json().map_err(fail)?;
        let mut of_image = Descriptor::of(media_type::OCI_MANIFEST, &image.manifest);
        of_image.platform = Some(Platform::linux("amd64"));
        let mut of_statement = Descriptor::of(media_type::OCI_MANIFEST, &manifest);
        of_statement.platform = Some(Platform {
            architecture: "unknown".to_owned(),
            os: "unknown".to_owned(),
            ..Platform::linux("unknown")
        });
        of_statement.annotations.insert(ANNOTATION_REFERENCE_DIGEST.to_owned(), digest.to_string());
        of_statement.annotations.insert(ANNOTATION_REFERENCE_TYPE.to_owned(), "attestation-manifest".to_owned());
        let index = Index::new(vec![of_image, of_statement]).to_json().map_err(fail)?;
        image.attested = Some(Attested { statement, config, manifest, index });
        Ok(())
    }
}
