//! The image store: images by ID, names that point to them. As with containerd's store, an
//! image's ID is the digest of its index (or of its manifest, where there is no index).

use std::collections::BTreeMap;

use layerlab_oci::reference::{AnyReference, parse_any};
use layerlab_oci::{Descriptor, Digest, ImageConfig, Index, Manifest, Platform, Reference, Timestamp, media_type};

use crate::error::ApiError;
use crate::shared::Shared;
use crate::state::{Content, EngineState, LayerInfo};

/// An image whose blobs are here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    /// Its ID, and what it points to.
    pub target: Descriptor,
    /// The manifest of this machine's platform, or of the first that is here.
    pub manifest: Descriptor,
    /// The manifest's content.
    pub layers: Vec<Descriptor>,
    /// The config's digest.
    pub config_digest: Digest,
    /// The config.
    pub config: ImageConfig,
    /// Blobs of the index's other manifests that are here: attestations, other platforms.
    pub others: Vec<Digest>,
    /// The image for the other platforms that are here.
    pub variants: Vec<Shared<Image>>,
    /// Manifests of platforms whose blobs are not here.
    pub absent: Vec<Descriptor>,
}

/// What a name points to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    /// The image's ID.
    pub target: Digest,
    /// Since when.
    pub tagged: Timestamp,
}

/// Images and names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    /// Images by ID.
    pub images: BTreeMap<Digest, Shared<Image>>,
    /// Full names with tag (`docker.io/library/redis:7`).
    pub names: BTreeMap<String, Named>,
}

impl Image {
    /// Reads an image out of its blobs.
    ///
    /// # Errors
    /// A blob is missing or is not what it should be.
    pub fn read(target: &Descriptor, content: &Content) -> Result<Self, String> {
        let blob = |d: &Digest| content.0.get(d).ok_or_else(|| format!("content digest {d}: not found"));
        if !media_type::is_index(&target.media_type) {
            return Self::of_manifest(target, target, content);
        }
        let index = Index::from_json(blob(&target.digest)?).map_err(|e| e.to_string())?;
        let (mut others, mut here, mut absent) = (Vec::new(), Vec::new(), Vec::new());
        for one in &index.manifests {
            let is_image = !one.platform.as_ref().is_some_and(Platform::is_unknown);
            let Some(parsed) = content.0.get(&one.digest).and_then(|b| Manifest::from_json(b).ok()) else {
                absent.extend(is_image.then(|| one.clone()));
                continue;
            };
            others.extend([one.digest, parsed.config.digest]);
            others.extend(parsed.layers.iter().map(|l| l.digest));
            if is_image {
                match Self::of_manifest(target, one, content) {
                    Ok(image) if image.layers.iter().all(|l| content.0.contains_key(&l.digest)) => here.push(image),
                    _ => absent.push(one.clone()),
                }
            }
        }
        let runs = Platform::linux("amd64").runs();
        let rank = |i: &Self| runs.iter().position(|p| p.matches(&i.platform())).unwrap_or(runs.len());
        let best = (0..here.len()).min_by_key(|n| here.get(*n).map_or(usize::MAX, rank));
        let best = best.ok_or("no match for platform in manifest: not found")?;
        let mut image = here.remove(best);
        image.variants = here.into_iter().map(Shared::new).collect();
        (image.others, image.absent) = (others, absent);
        Ok(image)
    }

    /// What is left of an image when the content of its last platform was taken away: its index.
    ///
    /// # Errors
    /// There is no index.
    pub fn bare(target: &Descriptor, content: &Content) -> Result<Self, String> {
        let missing = || format!("content digest {}: not found", target.digest);
        let bytes = content.0.get(&target.digest).filter(|_| media_type::is_index(&target.media_type));
        let index = Index::from_json(bytes.ok_or_else(missing)?).map_err(|e| e.to_string())?;
        let (notes, absent) = index
            .manifests
            .into_iter()
            .partition::<Vec<_>, _>(|m| m.platform.as_ref().is_some_and(Platform::is_unknown));
        let mut others = Vec::new();
        for note in notes {
            let parsed = content.0.get(&note.digest).and_then(|b| Manifest::from_json(b).ok());
            let blobs = parsed.into_iter().flat_map(|p| [p.config].into_iter().chain(p.layers));
            others.extend([note.digest].into_iter().chain(blobs.map(|b| b.digest)));
        }
        Ok(Self {
            target: target.clone(),
            manifest: target.clone(),
            layers: Vec::new(),
            config_digest: target.digest,
            config: ImageConfig::default(),
            others,
            variants: Vec::new(),
            absent,
        })
    }

    /// Whether only its index is here.
    pub fn is_bare(&self) -> bool {
        self.config_digest == self.target.digest
    }

    fn of_manifest(target: &Descriptor, manifest: &Descriptor, content: &Content) -> Result<Self, String> {
        let blob = |d: &Digest| content.0.get(d).ok_or_else(|| format!("content digest {d}: not found"));
        let parsed = Manifest::from_json(blob(&manifest.digest)?).map_err(|e| e.to_string())?;
        let config = ImageConfig::from_json(blob(&parsed.config.digest)?).map_err(|e| e.to_string())?;
        Ok(Self {
            target: target.clone(),
            manifest: manifest.clone(),
            layers: parsed.layers,
            config_digest: parsed.config.digest,
            config,
            others: Vec::new(),
            variants: Vec::new(),
            absent: Vec::new(),
        })
    }

    /// The platform that it is for.
    pub fn platform(&self) -> Platform {
        self.manifest.platform.clone().unwrap_or_else(|| Platform {
            os: self.config.os.clone(),
            architecture: self.config.architecture.clone(),
            variant: self.config.variant.clone(),
            ..Platform::default()
        })
    }

    /// It and its other platforms that are here, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).filter(|i| !i.is_bare()).chain(self.variants.iter().map(|v| &**v))
    }

    /// The image for a platform, or for one that runs on it; none if that is not here.
    pub fn of(&self, platform: &Platform) -> Option<Self> {
        platform.runs().iter().find_map(|p| self.all().find(|i| i.platform().matches(p)).cloned())
    }

    /// The image's ID.
    pub fn id(&self) -> Digest {
        self.target.digest
    }

    /// The layers' digests when unpacked, lowest first.
    pub fn diff_ids(&self) -> &[Digest] {
        &self.config.rootfs.diff_ids
    }

    /// All blobs that belong to it.
    pub fn blobs(&self) -> Vec<Digest> {
        let mut all = vec![self.target.digest, self.manifest.digest, self.config_digest];
        all.extend(self.layers.iter().map(|l| l.digest));
        all.extend(&self.others);
        all
    }

    /// What is known of its layers, lowest first.
    pub fn layer_infos<'a>(&'a self, state: &'a EngineState) -> impl Iterator<Item = &'a LayerInfo> {
        self.diff_ids().iter().filter_map(|d| state.layers.get(d))
    }

    /// Bytes of the compressed blobs (nominal).
    pub fn content_size(&self, state: &EngineState) -> u64 {
        let json = self.manifest.size + state.content.0.get(&self.config_digest).map_or(0, |b| b.len() as u64);
        self.layer_infos(state).map(|l| l.compressed).sum::<u64>() + json
    }

    /// Bytes when unpacked (nominal).
    pub fn unpacked_size(&self, state: &EngineState) -> u64 {
        self.layer_infos(state).map(|l| l.unpacked).sum()
    }
}

impl Store {
    /// An image by name, digest, ID or the start of an ID; one that can be used.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn find(&self, name: &str) -> Result<Shared<Image>, ApiError> {
        self.find_any(name).and_then(|i| if i.is_bare() { Err(no_such(name)) } else { Ok(i) })
    }

    /// The same, also if only its index is here.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn find_any(&self, name: &str) -> Result<Shared<Image>, ApiError> {
        let by_id = |d: &Digest| self.images.get(d).cloned();
        match parse_any(name) {
            Ok(AnyReference::Digest(d)) => by_id(&d).ok_or_else(|| no_such(name)),
            Ok(AnyReference::Named(reference)) => {
                self.find_named(&reference).or_else(|| self.by_prefix(name)).ok_or_else(|| no_such(name))
            }
            Err(e) => self.by_prefix(name).ok_or_else(|| match name.contains(char::is_uppercase) {
                true => ApiError::bad(
                    format!("invalid reference format: {e}").replace("invalid reference format: invalid", "invalid"),
                ),
                false => no_such(name),
            }),
        }
    }

    /// An image by its full name.
    pub fn find_named(&self, reference: &Reference) -> Option<Shared<Image>> {
        if let Some(digest) = reference.digest() {
            let repo = reference.name();
            let here = self.names.iter().any(|(n, t)| t.target == *digest && repo_of(n) == repo);
            return if here { self.images.get(digest).cloned() } else { None };
        }
        let named = self.names.get(&reference.clone().tag_name_only().to_string())?;
        self.images.get(&named.target).cloned()
    }

    fn by_prefix(&self, name: &str) -> Option<Shared<Image>> {
        let hex = name.strip_prefix("sha256:").unwrap_or(name);
        if hex.is_empty() || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut found = self.images.values().filter(|i| i.id().hex().starts_with(hex));
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one.clone()),
            _ => None,
        }
    }

    /// An image's full names.
    pub fn names_of(&self, id: &Digest) -> Vec<&String> {
        self.names.iter().filter(|(_, n)| n.target == *id).map(|(n, _)| n).collect()
    }

    /// Gives an image a name; answers the ID that had it before, if that was another.
    pub fn tag(&mut self, reference: &Reference, id: Digest, now: Timestamp) -> Option<Digest> {
        let name = reference.clone().tag_name_only().to_string();
        let old = self.names.insert(name, Named { target: id, tagged: now });
        old.map(|n| n.target).filter(|t| *t != id)
    }
}

impl EngineState {
    /// Takes an image in whose blobs are here.
    ///
    /// # Errors
    /// A blob is missing or wrong.
    pub fn add_image(&mut self, target: &Descriptor) -> Result<Shared<Image>, String> {
        let image = Shared::new(Image::read(target, &self.content)?);
        self.images.images.insert(image.id(), image.clone());
        Ok(image)
    }

    /// Forgets images without a name that nothing uses, and blobs that nothing needs. Layers that
    /// the build cache knows stay.
    pub fn collect_garbage(&mut self) {
        let mut keep: std::collections::BTreeSet<Digest> = std::collections::BTreeSet::new();
        let mut layers: std::collections::BTreeSet<Digest> =
            self.caches().flat_map(crate::build::cache::BuildCache::layers).collect();
        for image in self.images.images.values() {
            keep.extend(image.blobs());
            layers.extend(image.all().flat_map(Image::diff_ids));
        }
        for container in self.containers.values() {
            layers.extend(&container.layers);
        }
        self.layers.retain(|d, _| layers.contains(d));
        keep.extend(self.layers.values().map(|l| l.digest));
        self.content.0.retain(|d, _| keep.contains(d));
    }

    /// A retagged image that has no name left goes, unless a container uses it.
    pub fn drop_if_dangling(&mut self, id: &Digest) {
        let used = self.containers.values().any(|c| c.image_id == *id);
        if self.images.names_of(id).is_empty() && !used {
            self.images.images.remove(id);
            self.collect_garbage();
        }
    }
}

fn repo_of(name: &str) -> &str {
    name.rfind(':').and_then(|i| name.get(..i)).unwrap_or(name)
}

/// `No such image: nope:latest`.
pub(crate) fn no_such(name: &str) -> ApiError {
    let shown = Reference::parse_familiar(name).map_or_else(|_| name.to_owned(), |r| r.familiar());
    ApiError::not_found(format!("No such image: {shown}"))
}
