//! The build cache: results of steps by key.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use layerlab_api::system;
use layerlab_kernel::vfs::FsId;
use layerlab_oci::{Bytes, Digest, Timestamp};

use super::key::{Inputs, Key, Op};
use crate::shared::Shared;

/// A step's result.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The layer that it made.
    pub layer: Digest,
    /// All layers of its result, lowest first; the last is `layer`.
    pub chain: Vec<Digest>,
    /// Number of the build that made it.
    pub made_by: u64,
    /// When.
    pub created: Timestamp,
    /// When it was last used.
    pub used: Timestamp,
    /// How many builds took it from here.
    pub uses: u64,
    /// Milliseconds that it took.
    pub took: u64,
    /// The layer's bytes on disk (nominal).
    pub size: u64,
    /// The step's name without its number.
    pub description: String,
    /// What it depended on.
    pub inputs: Rc<Inputs>,
}

/// How something in the cache was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Usage {
    /// When it came.
    pub created: Timestamp,
    /// When it was last used.
    pub used: Timestamp,
    /// How often.
    pub uses: u64,
}

impl Usage {
    /// Used now; for the first time, if there is none `before`.
    fn now(before: Option<Self>, now: Timestamp) -> Self {
        Self { created: before.map_or(now, |b| b.created), used: now, uses: before.map_or(0, |b| b.uses) + 1 }
    }
}

/// A base image that was fetched for builds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseEntry {
    /// Its layers, lowest first.
    pub chain: Vec<Digest>,
    /// Its name.
    pub reference: String,
    /// How it was used.
    pub usage: Usage,
}

/// The file system of a cache mount.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MountEntry {
    /// Where its files are.
    pub fs: FsId,
    /// What it belongs to.
    pub description: String,
    /// How it was used.
    pub usage: Usage,
}

/// What a client sent: context, Dockerfile, ignore file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LocalEntry {
    /// Bytes in blocks.
    pub size: u64,
    /// How it was used.
    pub usage: Usage,
}

/// Which entry of a cache something is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// A step's result.
    Step(Key),
    /// A base image.
    Base(Digest),
    /// What a client sent: kind and name.
    Local(String, String),
    /// A cache mount, by its ID.
    Mount(String),
}

/// A line of `docker buildx du`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Which entry it is.
    pub which: Which,
    /// As it is shown.
    pub line: system::BuildCache,
    /// How it was used.
    pub usage: Usage,
}

/// All results that are kept, and the base images' layers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BuildCache {
    /// Results by key.
    pub entries: BTreeMap<Key, Shared<Entry>>,
    /// Base images that were fetched for builds, by the image's digest.
    pub bases: BTreeMap<Digest, BaseEntry>,
    /// Manifests, lists of them and configs of these: the registry is not asked for them again.
    pub manifests: BTreeMap<Digest, Bytes>,
    /// Results that `--cache-from` brought and no step has taken yet; gone when the builds end.
    pub imported: BTreeMap<Key, Shared<Entry>>,
    /// Cache mounts, by ID.
    pub mounts: BTreeMap<String, MountEntry>,
    /// What clients sent, by kind and name.
    pub locals: BTreeMap<(String, String), LocalEntry>,
}

impl BuildCache {
    /// Layers that the cache keeps alive.
    pub fn layers(&self) -> BTreeSet<Digest> {
        let of_entries = self.entries.values().chain(self.imported.values()).flat_map(|e| e.chain.iter().copied());
        of_entries.chain(self.bases.values().flat_map(|b| b.chain.iter().copied())).collect()
    }

    /// A result whose layers are still here.
    pub fn get(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key).or_else(|| self.imported.get(key)).map(|e| &**e)
    }

    /// Keeps what was imported and a step takes: its inputs are known now.
    pub fn adopt(&mut self, key: &Key, inputs: Option<&Rc<Inputs>>, description: &str) {
        let (Some(inputs), Some(found)) = (inputs, self.imported.get(key)) else { return };
        if !self.entries.contains_key(key) {
            let entry = Entry { inputs: inputs.clone(), description: description.to_owned(), ..Entry::clone(found) };
            self.entries.insert(*key, entry.into());
        }
    }

    /// Keeps a result. What stood on another result of the same key is no longer good (WORKDIR is: it
    /// only makes a directory).
    pub fn insert(&mut self, key: Key, entry: Entry) {
        if let Some(old) = self.entries.get(&key).filter(|e| e.layer != entry.layer) {
            let below = old.chain.clone();
            let stands_on_it = |e: &Entry| e.chain.len() > below.len() && e.chain.starts_with(&below);
            let keeps = |e: &Entry| match &e.inputs.op {
                Op::Workdir(_) => true,
                Op::Copy(op) => op.link,
                _ => false,
            };
            self.entries.retain(|_, e| keeps(e) || !stands_on_it(e));
        }
        self.entries.insert(key, entry.into());
    }

    /// Notes that a build took a result from here.
    pub fn touch(&mut self, key: &Key, now: Timestamp) {
        if let Some(e) = self.entries.get_mut(key) {
            e.used = now;
            e.uses += 1;
        }
    }

    /// A base image is here now, and used.
    pub fn keep_base(&mut self, key: Digest, reference: &str, chain: &[Digest], now: Timestamp) {
        let usage = Usage::now(self.bases.get(&key).map(|b| b.usage), now);
        let entry = BaseEntry { chain: chain.to_vec(), reference: reference.to_owned(), usage };
        self.bases.insert(key, entry);
    }

    /// A client sent something; `size` in bytes of blocks.
    pub fn keep_local(&mut self, kind: &str, name: &str, size: u64, now: Timestamp) {
        let key = (kind.to_owned(), name.to_owned());
        let usage = Usage::now(self.locals.get(&key).map(|l| l.usage), now);
        self.locals.insert(key, LocalEntry { size, usage });
    }

    /// A cache mount's files, if they are here; it is used now.
    pub fn mount(&mut self, id: &str, now: Timestamp) -> Option<FsId> {
        let found = self.mounts.get_mut(id)?;
        found.usage = Usage::now(Some(found.usage), now);
        Some(found.fs)
    }

    /// A new cache mount.
    pub fn keep_mount(&mut self, id: String, fs: FsId, description: String, now: Timestamp) {
        self.mounts.insert(id, MountEntry { fs, description, usage: Usage::now(None, now) });
    }

    /// Everything, as `docker buildx du` tells it. `held`: layers of images; `size_of`: bytes of layers,
    /// `mounts`: of cache mounts.
    pub fn records(
        &self,
        held: &BTreeSet<Digest>,
        size_of: &dyn Fn(&Digest) -> u64,
        mounts: &BTreeMap<String, u64>,
    ) -> Vec<Record> {
        let line =
            |which: Which, id: String, kind: &str, description: String, size: u64, shared: bool, usage: Usage| {
                let mutable = matches!(which, Which::Local(..) | Which::Mount(_));
                let line = system::BuildCache {
                    id,
                    parents: Vec::new(),
                    kind: kind.to_owned(),
                    description,
                    in_use: false,
                    shared,
                    mutable,
                    size: i64::try_from(size).unwrap_or(i64::MAX),
                    created_at: usage.created.to_string(),
                    last_used_at: Some(usage.used.to_string()),
                    usage_count: u32::try_from(usage.uses).unwrap_or(u32::MAX),
                };
                Record { which, line, usage }
            };
        let base_key = |d: Digest| Inputs { parent: None, op: Op::From(d) }.key();
        let named = |what: &str| Self::id(&Digest::of(what.as_bytes()));
        let mut out = Vec::new();
        for (key, b) in &self.bases {
            let size = b.chain.iter().map(size_of).sum();
            let shared = b.chain.iter().all(|d| held.contains(d));
            let description = format!("pulled from {}", b.reference);
            out.push(line(Which::Base(*key), Self::id(&base_key(*key)), "regular", description, size, shared, b.usage));
        }
        for ((kind, name), l) in &self.locals {
            let id = named(&format!("local {kind} {name}"));
            let which = Which::Local(kind.clone(), name.clone());
            out.push(line(which, id, "source.local", format!("local source for {kind}"), l.size, false, l.usage));
        }
        for (id, m) in &self.mounts {
            let size = mounts.get(id).copied().unwrap_or(0);
            let shown = named(&format!("mount {id}"));
            let which = Which::Mount(id.clone());
            out.push(line(which, shown, "exec.cachemount", m.description.clone(), size, false, m.usage));
        }
        for (key, e) in &self.entries {
            let usage = Usage { created: e.created, used: e.used, uses: e.uses };
            let mut record = line(
                Which::Step(*key),
                Self::id(key),
                "regular",
                e.description.clone(),
                e.size,
                held.contains(&e.layer),
                usage,
            );
            let known = |k: &Key| self.entries.contains_key(k) || self.bases.keys().any(|b| base_key(*b) == *k);
            record.line.parents.extend(e.inputs.parent.filter(known).map(|k| Self::id(&k)));
            out.push(record);
        }
        out.sort_by(|a, b| (b.usage.used, &a.which).cmp(&(a.usage.used, &b.which)));
        out
    }

    /// The ID that `docker buildx du` shows: 25 letters and digits, from the key.
    pub fn id(key: &Key) -> String {
        const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let letter = |b: &u8| LETTERS.get(usize::from(b % 36)).map_or('0', |c| char::from(*c));
        key.raw().iter().take(25).map(letter).collect()
    }
}
