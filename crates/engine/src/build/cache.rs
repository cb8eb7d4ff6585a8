//! The build cache: results of steps by key.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use layerlab_api::system;
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

/// All results that are kept, and the base images' layers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BuildCache {
    /// Results by key.
    pub entries: BTreeMap<Key, Shared<Entry>>,
    /// Base images that were fetched for builds: layers by the image's digest.
    pub bases: BTreeMap<Digest, Vec<Digest>>,
    /// Manifests, lists of them and configs of these: the registry is not asked for them again.
    pub manifests: BTreeMap<Digest, Bytes>,
    /// Results that `--cache-from` brought and no step has taken yet; gone when the builds end.
    pub imported: BTreeMap<Key, Shared<Entry>>,
    /// File systems of cache mounts, by ID.
    pub mounts: BTreeMap<String, layerlab_kernel::vfs::FsId>,
}

impl BuildCache {
    /// Layers that the cache keeps alive.
    pub fn layers(&self) -> BTreeSet<Digest> {
        let of_entries = self.entries.values().chain(self.imported.values()).flat_map(|e| e.chain.iter().copied());
        of_entries.chain(self.bases.values().flatten().copied()).collect()
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

    /// Lines of `docker system df -v` and `docker buildx du`.
    pub fn list(&self, _now: Timestamp) -> Vec<system::BuildCache> {
        let line = |(key, e): (&Key, &Shared<Entry>)| system::BuildCache {
            id: Self::id(key),
            kind: "regular".to_owned(),
            description: e.description.clone(),
            in_use: false,
            shared: false,
            size: i64::try_from(e.size).unwrap_or(i64::MAX),
            created_at: e.created.to_string(),
            last_used_at: Some(e.used.to_string()),
            usage_count: u32::try_from(e.uses).unwrap_or(u32::MAX),
        };
        self.entries.iter().map(line).collect()
    }

    /// The ID that `docker buildx du` shows: 25 letters and digits, from the key.
    pub fn id(key: &Key) -> String {
        const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let letter = |b: &u8| LETTERS.get(usize::from(b % 36)).map_or('0', |c| char::from(*c));
        key.raw().iter().take(25).map(letter).collect()
    }
}
