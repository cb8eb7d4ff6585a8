//! Manifest lists that `docker manifest` has made and not pushed yet, as files of `~/.docker/manifests`
//! (docker/cli `internal/manifest/store`), and manifests as registries have them.

use layerlab_api::query::Query;
use layerlab_api::registry::{Registry, RegistryError, Reply};
use layerlab_kernel::base64;
use layerlab_oci::{Descriptor, Digest, Index, Manifest, Platform, Reference, media_type};
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::contexts::make_dirs;
use crate::credentials;
use crate::error::{CliError, path_error};

const ACCEPT: &str = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";

/// A manifest of one platform, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Full name with tag or digest.
    pub(crate) name: String,
    /// With its platform.
    pub(crate) descriptor: Descriptor,
    /// The manifest's bytes.
    pub(crate) raw: Vec<u8>,
}

impl Entry {
    /// As it is stored.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "Ref": self.name,
            "Descriptor": serde_json::to_value(&self.descriptor).unwrap_or_default(),
            "Raw": base64::encode(&self.raw),
        })
    }

    fn from_json(v: &Value) -> Option<Self> {
        Some(Self {
            name: v.get("Ref")?.as_str()?.to_owned(),
            descriptor: serde_json::from_value(v.get("Descriptor")?.clone()).ok()?,
            raw: base64::decode(v.get("Raw")?.as_str()?)?,
        })
    }
}

/// A name with its tag.
///
/// # Errors
/// It is none.
pub(crate) fn reference(text: &str) -> Result<Reference, CliError> {
    Reference::parse_familiar(text).map_err(|e| CliError::new(e.to_string()))
}

fn safe(name: &str) -> String {
    name.replace(':', "-").replace('/', "_")
}

fn folder(cli: &Cli, list: &Reference) -> String {
    format!("{}/manifests/{}", credentials::folder(cli), safe(&list.to_string()))
}

/// The manifests of a local list; `None`: there is no such list.
pub(crate) async fn list(cli: &Cli, name: &Reference) -> Option<Vec<Entry>> {
    let dir = folder(cli, name);
    let mut found = Vec::new();
    for e in cli.sys.read_dir(&dir).await.ok()? {
        let text = cli.sys.read_file(&format!("{dir}/{}", e.name)).await.unwrap_or_default();
        found.extend(serde_json::from_slice(&text).ok().as_ref().and_then(Entry::from_json));
    }
    Some(found)
}

/// Keeps a manifest in a local list.
///
/// # Errors
/// It cannot be written.
pub(crate) async fn put(cli: &Cli, list: &Reference, entry: &Entry) -> Result<(), CliError> {
    let dir = folder(cli, list);
    make_dirs(cli, &dir).await;
    let path = format!("{dir}/{}", safe(&entry.name));
    let data = entry.to_json().to_string().into_bytes();
    cli.sys.write_file(&path, data, 0o644).await.map_err(|e| path_error("open", &path, e))
}

/// Forgets a local list.
pub(crate) async fn remove(cli: &Cli, list: &Reference) {
    let dir = folder(cli, list);
    for e in cli.sys.read_dir(&dir).await.unwrap_or_default() {
        let _ = cli.sys.unlink(&format!("{dir}/{}", e.name)).await;
    }
    let _ = cli.sys.rmdir(&dir).await;
}

/// The registry of a name, with the credentials that are stored for it.
pub(crate) async fn registry(cli: &Cli, name: &Reference, insecure: bool) -> Registry {
    let host = name.domain();
    let local = host.starts_with("localhost") || host.starts_with("127.");
    let agent = format!("Docker-Client/{} (linux)", crate::VERSION);
    Registry::new(&cli.sys, host, &agent, credentials::basic(cli, host).await, insecure || local)
}

fn failed(e: &RegistryError) -> CliError {
    CliError::new(e.message.replace("failed to do request: ", ""))
}

/// What the client makes of a registry's refusal.
fn refused(name: &str, reply: &Reply) -> CliError {
    CliError::new(match reply.head.status {
        404 => format!("no such manifest: {name}"),
        401 | 403 => {
            "errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n"
                .to_owned()
        }
        429 => reply.why(),
        _ => format!("received unexpected HTTP status: {}", reply.status()),
    })
}

/// What a registry has under a name: its media type and its bytes.
///
/// # Errors
/// It has nothing, or does not give it.
pub(crate) async fn fetch(registry: &Registry, name: &Reference) -> Result<(String, Vec<u8>), CliError> {
    let what = name.digest().map_or_else(|| name.tag().unwrap_or("latest").to_owned(), ToString::to_string);
    let path = format!("{}/manifests/{what}", name.path());
    let reply = registry.request("GET", &path, Query::default(), ACCEPT, None).await.map_err(|e| failed(&e))?;
    if reply.head.status != 200 {
        return Err(refused(&name.to_string(), &reply));
    }
    Ok((reply.header("Content-Type").to_owned(), reply.body))
}

/// The manifests under a name in its registry: one, or those of a list.
///
/// # Errors
/// It has nothing, or does not give it.
pub(crate) async fn remote(cli: &Cli, name: &Reference, insecure: bool) -> Result<(bool, Vec<Entry>), CliError> {
    let registry = registry(cli, name, insecure).await;
    let (kind, raw) = fetch(&registry, name).await?;
    if !media_type::is_index(&kind) {
        let entry = single(&registry, name, &kind, raw, None).await?;
        return Ok((false, vec![entry]));
    }
    let index = Index::from_json(&raw).map_err(|e| CliError::new(e.to_string()))?;
    let mut entries = Vec::new();
    for d in &index.manifests {
        let text = format!("{}@{}", name.name(), d.digest);
        let one = Reference::parse(&text).map_err(|e| CliError::new(e.to_string()))?;
        let (kind, raw) = fetch(&registry, &one).await?;
        entries.push(single(&registry, &one, &kind, raw, d.platform.clone()).await?);
    }
    Ok((true, entries))
}

/// One manifest with its platform, which its config tells if nobody else does.
async fn single(
    registry: &Registry,
    name: &Reference,
    kind: &str,
    raw: Vec<u8>,
    platform: Option<Platform>,
) -> Result<Entry, CliError> {
    let mut descriptor = Descriptor::of(kind, &raw);
    descriptor.platform = platform;
    if descriptor.platform.is_none() {
        let manifest = Manifest::from_json(&raw).map_err(|e| CliError::new(e.to_string()))?;
        let path = format!("{}/blobs/{}", name.path(), manifest.config.digest);
        let reply = registry.request("GET", &path, Query::default(), "", None).await.map_err(|e| failed(&e))?;
        descriptor.platform = serde_json::from_slice(&reply.body).ok();
    }
    Ok(Entry { name: name.to_string(), descriptor, raw })
}

/// A list of manifests as registries keep it (distribution `manifestlist`: indented by three blanks).
pub(crate) fn manifest_list(entries: &[Entry]) -> Vec<u8> {
    let oci = entries.first().is_some_and(|e| e.descriptor.media_type == media_type::OCI_MANIFEST);
    let kind = if oci { media_type::OCI_INDEX } else { "application/vnd.docker.distribution.manifest.list.v2+json" };
    let quote = |t: &str| serde_json::to_string(t).unwrap_or_default();
    let mut out = format!("{{\n   \"schemaVersion\": 2,\n   \"mediaType\": {},\n   \"manifests\": [", quote(kind));
    for (n, e) in entries.iter().enumerate() {
        let d = &e.descriptor;
        out.push_str(if n == 0 { "\n" } else { ",\n" });
        out.push_str(&format!(
            "      {{\n         \"mediaType\": {},\n         \"size\": {},\n         \"digest\": \"{}\",\n         \"platform\": {{\n",
            quote(&d.media_type),
            d.size,
            d.digest
        ));
        let fields: Vec<String> = d.platform.iter().flat_map(platform_fields).collect();
        out.push_str(&fields.join(",\n"));
        out.push_str("\n         }\n      }");
    }
    out.push_str(if entries.is_empty() { "]\n}" } else { "\n   ]\n}" });
    out.into_bytes()
}

fn platform_fields(p: &Platform) -> Vec<String> {
    let value = serde_json::to_value(p).unwrap_or_default();
    let keys = ["architecture", "os", "os.version", "os.features", "variant"];
    keys.iter().filter_map(|k| Some(format!("            \"{k}\": {}", value.get(*k)?))).collect()
}

/// Puts bytes under a name in a registry.
///
/// # Errors
/// It refuses.
pub(crate) async fn push(
    registry: &Registry,
    name: &Reference,
    what: &str,
    kind: &str,
    raw: Vec<u8>,
) -> Result<Digest, CliError> {
    let digest = Digest::of(&raw);
    let path = format!("{}/manifests/{what}", name.path());
    let reply =
        registry.request("PUT", &path, Query::default(), "", Some((kind, raw))).await.map_err(|e| failed(&e))?;
    if reply.head.status == 201 { Ok(digest) } else { Err(refused(&name.to_string(), &reply)) }
}

/// Lets a registry mount the blobs of a manifest from another repository of its own.
///
/// # Errors
/// It refuses.
pub(crate) async fn mount(registry: &Registry, to: &Reference, from: &Reference, raw: &[u8]) -> Result<(), CliError> {
    let manifest = Manifest::from_json(raw).map_err(|e| CliError::new(e.to_string()))?;
    for d in manifest.layers.iter().chain([&manifest.config]) {
        let query = Query::default().with("mount", d.digest.to_string()).with("from", from.path());
        let path = format!("{}/blobs/uploads/", to.path());
        let reply = registry.request("POST", &path, query, "", None).await.map_err(|e| failed(&e))?;
        if reply.head.status >= 400 {
            return Err(refused(&to.to_string(), &reply));
        }
    }
    Ok(())
}

/// Brings the blobs of a manifest to a registry: those of its own are mounted, others are moved.
///
/// # Errors
/// One of them refuses.
pub(crate) async fn copy(
    source: &Registry,
    target: &Registry,
    from: &Reference,
    to: &Reference,
    raw: &[u8],
) -> Result<(), CliError> {
    if from.domain() == to.domain() {
        return mount(target, to, from, raw).await;
    }
    let manifest = Manifest::from_json(raw).map_err(|e| CliError::new(e.to_string()))?;
    for d in manifest.layers.iter().chain([&manifest.config]) {
        let there = format!("{}/blobs/{}", to.path(), d.digest);
        let head = target.request("HEAD", &there, Query::default(), "", None).await.map_err(|e| failed(&e))?;
        if head.head.status == 200 {
            continue;
        }
        let path = format!("{}/blobs/{}", from.path(), d.digest);
        let blob = source.request("GET", &path, Query::default(), "", None).await.map_err(|e| failed(&e))?;
        if blob.head.status != 200 {
            return Err(refused(&from.to_string(), &blob));
        }
        let query = Query::default().with("digest", d.digest.to_string());
        let path = format!("{}/blobs/uploads/", to.path());
        let body = Some(("application/octet-stream", blob.body));
        let reply = target.request("POST", &path, query, "", body).await.map_err(|e| failed(&e))?;
        if reply.head.status >= 400 {
            return Err(refused(&to.to_string(), &reply));
        }
    }
    Ok(())
}
