//! `docker buildx imagetools create`: an index in a registry, of what registries have (buildx
//! `util/imagetools/create.go`).

use layerlab_api::build::{Log, Trace, Vertex};
use layerlab_api::query::Query;
use layerlab_oci::{Descriptor, Digest, Index, Manifest, Platform, Reference, media_type};

use crate::build::plain;
use crate::build::trace::State;
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::manifests;
use crate::tree::Command;

const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: {what}"))
}

/// Something that a registry has.
struct Found {
    from: Reference,
    descriptor: Descriptor,
    raw: Vec<u8>,
}

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let tags = names(p.list("tag"))?;
    let mut sources = names(&p.args)?;
    for path in p.list("file") {
        let bytes =
            cli.sys.read_file(path).await.map_err(|e| failed(crate::error::path_error("open", path, e).message))?;
        let d: Descriptor = serde_json::from_slice(&bytes).map_err(failed)?;
        let name = tags.first().ok_or_else(|| failed("no tag to take the descriptor's repository from"))?;
        sources.extend(names(&[format!("{}@{}", name.name(), d.digest)])?);
    }
    if sources.is_empty() {
        return Err(failed("no sources specified"));
    }
    if !p.bool("dry-run") && tags.is_empty() {
        return Err(failed("can't push with no tags specified, please set --tag or --dry-run"));
    }
    if p.bool("append") {
        let known = tags.first().ok_or_else(|| failed("can't append without a tag"))?;
        sources.insert(0, known.clone());
    }
    let annotations = annotations(p)?;
    let mut found = Vec::new();
    for s in &sources {
        let registry = manifests::registry(cli, s, false).await;
        let (kind, raw) = manifests::fetch(&registry, s).await.map_err(|e| not_found(s, &e))?;
        found.push(Found { from: s.clone(), descriptor: Descriptor::of(&kind, &raw), raw });
    }
    let is_index = |f: &Found| media_type::is_index(&f.descriptor.media_type);
    let plain = p.opt("prefer-index") == Some("false");
    let copied = found.len() == 1
        && annotations.is_empty()
        && p.list("platform").is_empty()
        && found.first().is_some_and(|f| is_index(f) || plain);
    let (kind, raw, parts) = match found.first() {
        Some(only) if copied => (only.descriptor.media_type.clone(), only.raw.clone(), listed(cli, only).await?),
        _ => combine(cli, &found, p, &annotations).await?,
    };
    if p.bool("dry-run") {
        cli.print(format!("{}\n", String::from_utf8_lossy(&raw))).await?;
        return Ok(0);
    }
    let mut state = State::default();
    for tag in &tags {
        push(cli, tag, &kind, &raw, &parts, &mut state).await?;
    }
    if p.opt("progress") != Some("none") {
        cli.eprint(plain::Printer::default().print(&mut state)).await;
    }
    Ok(0)
}

fn names(given: &[String]) -> Result<Vec<Reference>, CliError> {
    given.iter().map(|t| Ok(Reference::parse_normalized(t).map_err(failed)?.tag_name_only())).collect()
}

/// containerd's words instead of the client's own.
fn not_found(name: &Reference, e: &CliError) -> CliError {
    if e.message.starts_with("no such manifest") {
        return failed(format!("{name}: not found"));
    }
    if e.message.contains("denied: requested access") {
        return failed(
            "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
        );
    }
    failed(&e.message)
}

/// `[level:]key=value`; only those of the index and of its descriptors are set here.
fn annotations(p: &Parsed) -> Result<Vec<(String, String)>, CliError> {
    let mut out = Vec::new();
    for given in p.list("annotation") {
        let (key, value) = given
            .split_once('=')
            .ok_or_else(|| failed(format!("invalid annotation {}, expected key=value", crate::format::quote(given))))?;
        let key = key.strip_prefix("index:").unwrap_or(key);
        if let Some(("manifest" | "manifest-descriptor" | "index-descriptor", _)) = key.split_once(':') {
            return Err(failed(format!("{} annotations are not supported yet", key.split(':').next().unwrap_or(key))));
        }
        out.push((key.to_owned(), value.to_owned()));
    }
    Ok(out)
}

/// The manifests of an index, each with where it is; of a manifest itself.
async fn listed(cli: &Cli, f: &Found) -> Result<Vec<(Reference, Descriptor)>, CliError> {
    if media_type::is_index(&f.descriptor.media_type) {
        let index = Index::from_json(&f.raw).map_err(failed)?;
        return Ok(index.manifests.into_iter().map(|d| (f.from.clone(), d)).collect());
    }
    let mut d = f.descriptor.clone();
    let manifest = Manifest::from_json(&f.raw).map_err(failed)?;
    let registry = manifests::registry(cli, &f.from, false).await;
    let path = format!("{}/blobs/{}", f.from.path(), manifest.config.digest);
    let config = registry.request("GET", &path, Query::default(), "", None).await.map_err(|e| failed(e.message))?;
    let platform: Platform = serde_json::from_slice(&config.body).unwrap_or_default();
    d.platform = Some(platform);
    Ok(vec![(f.from.clone(), d)])
}

type Combined = (String, Vec<u8>, Vec<(Reference, Descriptor)>);

async fn combine(cli: &Cli, found: &[Found], p: &Parsed, notes: &[(String, String)]) -> Result<Combined, CliError> {
    let mut parts: Vec<(Reference, Descriptor)> = Vec::new();
    for f in found {
        for (from, d) in listed(cli, f).await? {
            match parts.iter_mut().find(|(_, o)| o.digest == d.digest) {
                // What comes later says more.
                Some((_, old)) => {
                    old.platform = d.platform.or(old.platform.take());
                    old.annotations.extend(d.annotations);
                }
                None => parts.push((from, d)),
            }
        }
    }
    let mut wanted = Vec::new();
    for text in p.list("platform").iter().flat_map(|t| t.split(',')) {
        wanted.push(Platform::parse(text, &Platform::linux("amd64")).map_err(failed)?.normalized());
    }
    if !wanted.is_empty() {
        parts.retain(|(_, d)| d.platform.as_ref().is_some_and(|o| wanted.iter().any(|w| w.matches(o))));
    }
    let docker = parts.iter().all(|(_, d)| d.media_type.starts_with("application/vnd.docker."));
    let kind = if docker && notes.is_empty() { DOCKER_LIST } else { media_type::OCI_INDEX };
    let mut index = Index::new(parts.iter().map(|(_, d)| d.clone()).collect());
    index.annotations.extend(notes.iter().cloned());
    let mut value = serde_json::to_value(&index).map_err(failed)?;
    if let Some(map) = value.as_object_mut() {
        map.insert("mediaType".to_owned(), kind.into());
    }
    let raw = if kind == media_type::OCI_INDEX {
        index.to_json().map_err(failed)?
    } else {
        serde_json::to_vec_pretty(&value).map_err(failed)?
    };
    Ok((kind.to_owned(), raw, parts))
}

/// Copies what the index needs, then puts it under its name.
async fn push(
    cli: &Cli,
    tag: &Reference,
    kind: &str,
    raw: &[u8],
    parts: &[(Reference, Descriptor)],
    state: &mut State,
) -> Result<(), CliError> {
    let digest = format!("{}", Digest::of(format!("push {tag}").as_bytes()));
    let mut vertex = Vertex {
        digest: digest.clone(),
        name: format!("[internal] pushing {tag}"),
        started: Some(cli.now()),
        ..Vertex::default()
    };
    state.apply(&Trace { vertexes: vec![vertex.clone()], ..Trace::default() });
    let mut registry = manifests::registry(cli, tag, false).await;
    registry.pushes = true;
    let say = |state: &mut State, text: String| {
        let log = Log { vertex: digest.clone(), stream: 1, data: text, timestamp: cli.now() };
        state.apply(&Trace { logs: vec![log], ..Trace::default() });
    };
    for (from, d) in parts {
        if from.name() == tag.name() {
            continue;
        }
        say(state, format!("copying {} from {from} to {tag}\n", d.digest));
        let one = Reference::parse(&format!("{}@{}", from.name(), d.digest)).map_err(failed)?;
        let source = manifests::registry(cli, from, false).await;
        let (kind, manifest) = manifests::fetch(&source, &one).await.map_err(|e| not_found(&one, &e))?;
        manifests::copy(&source, &registry, from, tag, &manifest).await?;
        manifests::push(&registry, tag, &d.digest.to_string(), &kind, manifest).await?;
    }
    let target = Digest::of(raw);
    say(state, format!("pushing {target} to {tag}\n"));
    let what = tag.tag().map_or_else(|| target.to_string(), str::to_owned);
    manifests::push(&registry, tag, &what, kind, raw.to_vec()).await?;
    vertex.completed = Some(cli.now());
    state.apply(&Trace { vertexes: vec![vertex], ..Trace::default() });
    Ok(())
}
