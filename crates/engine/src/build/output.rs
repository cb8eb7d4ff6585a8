//! A build's result: an image in the store, or what `--output` asks for.

use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_kernel::SimTime;
use layerlab_oci::archive::{self, Image as Archived};
use layerlab_oci::layer::{Entry, write};
use layerlab_oci::{Digest, Platform, Reference, Timestamp};

use super::attest::Provenance;
use super::error::BuildError;
use super::export::{self, Exported, Single};
use super::graph::{HistoryLine, Kind, StageResult};
use super::remote_cache;
use super::solve::{Solve, Work};
use crate::context::{Context, Reply, now, with};
use crate::error::ApiError;
use crate::image::{layer, unpack};

/// Of how many builds results wait for being fetched.
const RESULTS_KEPT: usize = 4;

/// A finished build.
#[derive(Clone, Debug)]
pub struct Built {
    /// The image's ID.
    pub id: Digest,
    /// The exporter's response: what `--metadata-file` holds.
    pub response: BTreeMap<String, String>,
}

/// What `--output` asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// `image`, `local`, `tar`, `oci`, `docker`, `cacheonly`, `registry`.
    pub kind: String,
    /// The rest.
    pub options: BTreeMap<String, String>,
}

impl Output {
    /// Reads `type=tar,dest=x`.
    pub fn parse(text: &str) -> Self {
        let mut options: BTreeMap<String, String> = BTreeMap::new();
        for field in text.split(',') {
            let (k, v) = field.split_once('=').unwrap_or((field, "true"));
            options.insert(k.trim().to_lowercase(), v.to_owned());
        }
        Self { kind: options.remove("type").unwrap_or_default(), options }
    }

    fn is(&self, option: &str) -> bool {
        self.options.get(option).is_some_and(|v| v == "true" || v == "1")
    }

    /// An image that stays in the store.
    fn stays(&self) -> bool {
        matches!(self.kind.as_str(), "image" | "registry" | "")
            || self.kind == "docker" && !self.options.contains_key("dest")
    }
}

/// `GET /build/result/{number}/{what}`: what a build made for its client; `output0` is for its first `--output`,
/// `cache0` for its first `--cache-to`.
///
/// # Errors
/// There is none.
pub async fn result(cx: &mut Context, number: &str, what: &str) -> Reply {
    let key = (number.parse().unwrap_or_default(), what.to_owned());
    let found = cx.with(|s| s.results.remove(&key))?;
    let found = found.ok_or_else(|| ApiError::not_found(format!("no result {what} of build {number}")))?;
    cx.begin("application/x-tar").await?;
    for piece in found.chunks(1 << 16) {
        cx.send(piece).await?;
    }
    cx.end().await
}

impl Solve {
    pub(super) async fn export(&mut self, work: &Work) -> Result<Built, BuildError> {
        let mut outputs: Vec<Output> = self.options.outputs.iter().map(|o| Output::parse(o)).collect();
        let contained = !self.options.builder.is_empty();
        if outputs.is_empty() {
            // A builder in a container keeps a result only in its cache.
            let kind = if contained { "cacheonly" } else { "image" };
            outputs.push(Output { kind: kind.to_owned(), ..Output::default() });
        }
        let mut built: Option<Built> = None;
        for (n, output) in outputs.iter().enumerate() {
            let new = match output.kind.as_str() {
                "docker" if contained && output.stays() => self.load(work, output).await?,
                _ if contained && output.stays() => self.hand_over(work, output).await?,
                _ if output.stays() => self.image(work, output, true).await?,
                "local" | "tar" => self.files(work, n, output).await?,
                "oci" | "docker" => self.archive(work, n, output).await?,
                "cacheonly" => self.image_of(work, output)?.1,
                other => return Err(BuildError::new(format!("exporter \"{other}\" could not be found"))),
            };
            match &mut built {
                Some(b) => b.response.extend(new.response),
                None => built = Some(new),
            }
        }
        built.ok_or_else(|| BuildError::new("nothing to export"))
    }

    fn inputs_of_export(&self, work: &Work) -> Vec<String> {
        let lasts = work.graph.results().filter_map(|r| r.last.and_then(|v| work.graph.vertices.get(v)));
        lasts.map(|v| self.progress.id(&v.name)).collect()
    }

    fn chain(work: &Work, result: &StageResult) -> Vec<Digest> {
        result.last.and_then(|v| work.done.get(&v)).cloned().unwrap_or_default()
    }

    /// Configs, manifests and attestations of the result.
    fn image_of(&mut self, work: &Work, output: &Output) -> Result<(Exported, Built), BuildError> {
        let epoch = self.options.build_args.get("SOURCE_DATE_EPOCH").cloned().flatten();
        let epoch = match epoch.filter(|e| !e.is_empty()) {
            Some(e) => Some(e.parse::<i64>().map_err(|_| BuildError::new(format!("invalid SOURCE_DATE_EPOCH: {e}")))?),
            None => None,
        };
        let mut names = self.names.clone();
        for name in output.options.get("name").into_iter().flat_map(|n| n.split(',')) {
            names.push(Reference::parse_normalized(name).map_err(|e| BuildError::new(e.to_string()))?);
        }
        let mut exported = Exported::default();
        let mut response = BTreeMap::new();
        let multi = work.graph.images.len() > 1;
        for (platform, result) in &work.graph.images {
            let (single, provenance) = self.single(work, output, &names, platform, result, epoch)?;
            self.attest(work, platform, multi)?;
            let behind = if multi { format!("/{platform}") } else { String::new() };
            response.insert(format!("buildx.build.provenance{behind}"), provenance);
            if !multi {
                let config = Digest::of(&single.config).to_string();
                response.insert("containerimage.config.digest".to_owned(), config);
            }
            exported.images.push(single);
        }
        exported.make_index().map_err(BuildError::new)?;
        let target = exported.target();
        response.extend([
            ("containerimage.digest".to_owned(), target.digest.to_string()),
            ("containerimage.descriptor".to_owned(), serde_json::to_string(&target).unwrap_or_default()),
        ]);
        if !names.is_empty() {
            let all: Vec<String> = names.iter().map(|n| n.clone().tag_name_only().to_string()).collect();
            response.insert("image.name".to_owned(), all.join(","));
        }
        Ok((exported, Built { id: target.digest, response }))
    }

    /// The image of one platform, and its provenance.
    fn single(
        &self,
        work: &Work,
        output: &Output,
        names: &[Reference],
        platform: &Platform,
        result: &StageResult,
        epoch: Option<i64>,
    ) -> Result<(Single, String), BuildError> {
        let mut chain = Self::chain(work, result);
        let bases: Vec<_> = work.bases.iter().map(|b| b.base.clone()).collect();
        with(&self.sys(), |s| {
            if let Some(latest) = epoch.filter(|_| output.is("rewrite-timestamp")) {
                let base = base_layers(work, result);
                chain = export::rewrite_times(s, &chain, base, latest).map_err(BuildError::new)?;
            }
            let created = |v: usize| -> Option<Timestamp> {
                let made =
                    s.known_cache(&self.options.builder).get(&work.plan.steps.get(v)?.key?).map(|e| e.created)?;
                Some(epoch.map_or(made, |secs| Timestamp { secs, nanos: 0 }))
            };
            let mut config = export::config(result, &chain, &created);
            if let Some(secs) = epoch {
                config.created = Some(Timestamp { secs, nanos: 0 });
            }
            if self.wants_inline_cache() {
                config.inline_cache = remote_cache::export::inline(s, work, &chain).unwrap_or_default();
            }
            let mut single = export::export(s, &config, platform).map_err(BuildError::new)?;
            let made = config.history.iter().zip(&result.history);
            let times: Vec<Timestamp> =
                made.filter(|(_, l)| !matches!(l, HistoryLine::Base(_))).filter_map(|(h, _)| h.created).collect();
            let zero = config.created.unwrap_or(Timestamp { secs: 0, nanos: 0 });
            let times = (times.first().copied().unwrap_or(zero), times.last().copied().unwrap_or(zero));
            let contents = if self.options.sbom { unpack::tree(s, &chain).ok() } else { None };
            let provenance = Provenance {
                options: &self.options,
                names,
                bases: &bases,
                platform,
                contents: contents.as_ref(),
                source: &self.record.text,
                times,
            };
            provenance.attest(&mut single).map_err(BuildError::new)?;
            Ok((single, provenance.predicate().to_string()))
        })?
    }

    async fn layers_step(&mut self, work: &Work, name: &str) -> Result<String, BuildError> {
        let id = self.progress.start(name, &self.inputs_of_export(work), None, None).await?;
        let begin = self.progress.now();
        if !work.ran.is_empty() {
            self.sys().sleep(SimTime::millis(60)).await?;
        }
        self.progress.status(&id, "exporting layers", (0, 0), begin, true).await?;
        if self.options.sbom {
            for (platform, _) in &work.graph.images {
                let scan = self.progress.start(&format!("[{platform}] generating sbom"), &[], None, None).await?;
                self.progress.done(&scan).await?;
            }
        }
        if self.wants_inline_cache() {
            let inline = self.progress.start("preparing layers for inline cache", &[], None, None).await?;
            self.progress.done(&inline).await?;
        }
        Ok(id)
    }

    async fn tell_digests(&mut self, id: &str, exported: &Exported) -> Result<(), BuildError> {
        for image in &exported.images {
            self.progress.note(id, &format!("exporting manifest {}", Digest::of(&image.manifest)), 0).await?;
            self.progress.note(id, &format!("exporting config {}", Digest::of(&image.config)), 0).await?;
            if let Some(a) = &image.attestation {
                let manifest = Digest::of(&a.manifest);
                self.progress.note(id, &format!("exporting attestation manifest {manifest}"), 0).await?;
            }
        }
        if let Some(index) = &exported.index {
            self.progress.note(id, &format!("exporting manifest list {}", Digest::of(index)), 0).await?;
        }
        Ok(())
    }

    /// An image in the store.
    async fn image(&mut self, work: &Work, output: &Output, unpack: bool) -> Result<Built, BuildError> {
        let sys = self.sys();
        let id = self.layers_step(work, "exporting to image").await?;
        let (exported, built) = self.image_of(work, output)?;
        self.attach(&exported);
        self.tell_digests(&id, &exported).await?;
        let at = now(&sys);
        let names = names_of(&built);
        with(&sys, |s| export::take(s, exported, &names, at))?.map_err(BuildError::new)?;
        for name in names {
            self.progress.note(&id, &format!("naming to {name}"), 0).await?;
            if !unpack {
                continue;
            }
            let begin = self.progress.now();
            if !work.ran.is_empty() {
                sys.sleep(SimTime::millis(40)).await?;
            }
            self.progress.status(&id, &format!("unpacking to {name}"), (0, 0), begin, true).await?;
        }
        self.progress.done(&id).await?;
        Ok(built)
    }

    /// An image of a builder in a container: nobody but a registry gets it.
    async fn hand_over(&mut self, work: &Work, output: &Output) -> Result<Built, BuildError> {
        let id = self.layers_step(work, "exporting to image").await?;
        let (exported, mut built) = self.image_of(work, output)?;
        self.attach(&exported);
        self.tell_digests(&id, &exported).await?;
        if output.kind == "registry" || output.is("push") {
            let number = self.record.number;
            built.response.insert("layerlab.push".to_owned(), number.to_string());
            let begin = self.progress.now();
            self.progress.status(&id, "pushing layers", (0, 0), begin, true).await?;
            let digest = exported.target().digest;
            for name in names_of(&built) {
                self.progress.note(&id, &format!("pushing manifest for {name}@{digest}"), 0).await?;
            }
            with(&self.sys(), |s| {
                s.handed_over.insert(number, exported);
                while s.handed_over.len() > RESULTS_KEPT {
                    s.handed_over.pop_first();
                }
            })?;
        } else {
            for name in names_of(&built) {
                self.progress.note(&id, &format!("naming to {name}"), 0).await?;
            }
        }
        self.progress.done(&id).await?;
        Ok(built)
    }

    /// `--load` from a builder in a container: an archive, which the daemon imports.
    async fn load(&mut self, work: &Work, output: &Output) -> Result<Built, BuildError> {
        if work.graph.images.len() > 1 {
            return Err(BuildError::new("docker exporter does not currently support exporting manifest lists"));
        }
        let sys = self.sys();
        let id = self.layers_step(work, "exporting to docker image format").await?;
        let (mut exported, mut built) = self.image_of(work, output)?;
        // The archive has no place for what is attested.
        exported.index = None;
        exported.images.iter_mut().for_each(|i| i.attestation = None);
        let target = exported.target();
        built.id = target.digest;
        built.response.insert("containerimage.digest".to_owned(), target.digest.to_string());
        self.tell_digests(&id, &exported).await?;
        let begin = self.progress.now();
        sys.sleep(SimTime::millis(60)).await?;
        self.progress.status(&id, "sending tarball", (0, 0), begin, true).await?;
        self.progress.done(&id).await?;
        let id = self.progress.start("importing to docker", &[], None, None).await?;
        let (at, names) = (now(&sys), names_of(&built));
        with(&sys, |s| export::take(s, exported, &names, at))?.map_err(BuildError::new)?;
        self.progress.done(&id).await?;
        Ok(built)
    }

    /// The result's files, for the client.
    async fn files(&mut self, work: &Work, n: usize, output: &Output) -> Result<Built, BuildError> {
        let what = if output.kind == "local" { "directory" } else { "tarball" };
        let name = format!("exporting to client {what}");
        let id = self.progress.start(&name, &self.inputs_of_export(work), None, None).await?;
        let mut entries = Vec::new();
        let mut size = 0;
        let split = work.graph.images.len() > 1;
        for (platform, result) in &work.graph.images {
            let chain = Self::chain(work, result);
            let tree = with(&self.sys(), |s| unpack::tree(s, &chain))?.map_err(BuildError::new)?;
            // Each platform in a folder of its own.
            let folder = if split { format!("{}/", platform.to_string().replace('/', "_")) } else { String::new() };
            if split {
                entries.push(Entry::dir(folder.trim_end_matches('/'), 0o755));
            }
            for (path, _, inode) in tree.walk() {
                size += inode.size();
                entries.extend(layer::entry(&format!("{folder}{}", path.trim_start_matches('/')), &inode));
            }
        }
        let tar = write(&entries).map_err(|e| BuildError::new(e.to_string()))?;
        let begin = self.progress.now();
        self.sys().sleep(SimTime::millis(10)).await?;
        let told = if output.kind == "local" { "copying files" } else { "sending tarball" };
        self.progress.status(&id, told, (if output.kind == "local" { size } else { 0 }, 0), begin, true).await?;
        self.progress.done(&id).await?;
        let built = self.image_of(work, output)?.1;
        self.keep_output(tar, n, built)
    }

    /// An archive of the image, for the client.
    async fn archive(&mut self, work: &Work, n: usize, output: &Output) -> Result<Built, BuildError> {
        let format = if output.kind == "oci" { "oci" } else { "docker" };
        if format == "docker" && work.graph.images.len() > 1 {
            return Err(BuildError::new("docker exporter does not currently support exporting manifest lists"));
        }
        let id = self.layers_step(work, &format!("exporting to {format} image format")).await?;
        let (exported, built) = self.image_of(work, output)?;
        self.tell_digests(&id, &exported).await?;
        let begin = self.progress.now();
        let target = exported.target();
        let names = built.response.get("image.name").cloned().unwrap_or_default();
        let mut images: Vec<Archived> = names
            .split(',')
            .filter_map(|n| Reference::parse_normalized(n).ok())
            .map(|n| Archived { name: Some(n), target: target.clone() })
            .collect();
        if images.is_empty() {
            images.push(Archived { name: None, target: target.clone() });
        }
        let tar = with(&self.sys(), |s| {
            export::put(s, exported);
            let tar = archive::save(&images, &s.content, &Platform::linux("amd64"));
            s.collect_garbage();
            tar
        })?
        .map_err(|e| BuildError::new(e.to_string()))?;
        let tar = if output.kind == "oci" { without_docker_manifest(tar)? } else { tar };
        self.progress.status(&id, "sending tarball", (0, 0), begin, true).await?;
        self.progress.done(&id).await?;
        self.keep_output(tar, n, built)
    }

    fn keep_output(&self, tar: Vec<u8>, n: usize, mut built: Built) -> Result<Built, BuildError> {
        built.response.insert("layerlab.result".to_owned(), self.record.number.to_string());
        self.keep(format!("output{n}"), tar)?;
        Ok(built)
    }

    /// Keeps what the client will fetch.
    pub(super) fn keep(&self, what: String, bytes: Vec<u8>) -> Result<(), BuildError> {
        let number = self.record.number;
        with(&self.sys(), |s| {
            s.results.insert((number, what), Rc::new(bytes));
            let is_old = |build: u64| build + RESULTS_KEPT as u64 <= number;
            s.results.retain(|(build, _), _| !is_old(*build));
        })?;
        Ok(())
    }
}

/// The image's names.
fn names_of(built: &Built) -> Vec<Reference> {
    let names = built.response.get("image.name").into_iter().flat_map(|n| n.split(','));
    names.filter_map(|n| Reference::parse_normalized(n).ok()).collect()
}

/// How many layers of the result are its base image's.
fn base_layers(work: &Work, result: &StageResult) -> usize {
    let mut at = result.last;
    while let Some(vertex) = at.and_then(|v| work.graph.vertices.get(v)) {
        if let Kind::From(n) = vertex.kind {
            return work.bases.get(n).map_or(0, |b| b.chain.len());
        }
        at = vertex.parent;
    }
    0
}

/// An OCI layout has no `manifest.json`.
fn without_docker_manifest(tar: Vec<u8>) -> Result<Vec<u8>, BuildError> {
    let fail = |e: layerlab_oci::layer::LayerError| BuildError::new(e.to_string());
    let mut entries = layerlab_oci::layer::read(&tar, layerlab_oci::layer::Limits::default()).map_err(fail)?;
    entries.retain(|e| e.path != "manifest.json");
    write(&entries).map_err(fail)
}
