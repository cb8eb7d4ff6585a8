//! The daemon's memory: all that it knows, as one value that can be cloned and hashed.
//!
//! The picture and the checks read it from outside ([`crate::query`]); only the daemon's own
//! threads change it.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use layerlab_api::events::{Actor, Event};
use layerlab_kernel::Fd;
use layerlab_oci::archive::Blobs;
use layerlab_oci::{Bytes, Digest, Timestamp};

use crate::build::cache::BuildCache;
use crate::build::export::Exported;
use crate::build::record::BuildRecord;
use crate::build::session::Sessions;
use crate::container::{Container, Exec};
use crate::image::Store;
use crate::moment::Moment;
use crate::network::Network;
use crate::shared::Shared;
use crate::transfer::Transfer;
use crate::volume::Volume;

/// How many events are kept (moby: 256).
const EVENTS_KEPT: usize = 256;
/// How many removed containers are remembered.
const REMOVED_KEPT: usize = 64;
/// How many builds are remembered.
const BUILDS_KEPT: usize = 50;

/// Blobs by digest. Their digests stand for them in the state's digest.
#[derive(Clone, Debug, Default)]
pub struct Content(pub BTreeMap<Digest, Bytes>);

impl Hash for Content {
    fn hash<H: Hasher>(&self, h: &mut H) {
        for digest in self.0.keys() {
            digest.hash(h);
        }
    }
}

impl Blobs for Content {
    fn blob(&self, digest: &Digest) -> Option<Bytes> {
        self.0.get(digest).cloned()
    }
}

/// What is known of a layer beside its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LayerInfo {
    /// Digest of the compressed blob.
    pub digest: Digest,
    /// Digest of the tar.
    pub diff_id: Digest,
    /// Bytes of the compressed blob here.
    pub size: u64,
    /// Bytes that the real one moves (nominal).
    pub compressed: u64,
    /// Bytes on disk when unpacked (nominal, in blocks as `docker history` of 29 counts).
    pub unpacked: u64,
    /// Whether the layer is unpacked here.
    pub present: bool,
}

/// All that the daemon knows.
#[derive(Clone, Debug, Default, Hash)]
pub struct EngineState {
    /// Blobs.
    pub content: Content,
    /// Layers by diff ID.
    pub layers: BTreeMap<Digest, LayerInfo>,
    /// Images and their names.
    pub images: Store,
    /// Containers by ID.
    pub containers: BTreeMap<String, Shared<Container>>,
    /// Execs by ID.
    pub execs: BTreeMap<String, Exec>,
    /// Networks by ID.
    pub networks: BTreeMap<String, Shared<Network>>,
    /// Volumes by name.
    pub volumes: BTreeMap<String, Volume>,
    /// The daemon's own build cache.
    pub cache: BuildCache,
    /// Those of builders in containers, by the name of the volume that keeps them.
    pub builder_caches: BTreeMap<String, BuildCache>,
    /// The latest builds, oldest first.
    pub builds: VecDeque<Shared<BuildRecord>>,
    /// Their records for `docker buildx history`, oldest first.
    pub history: VecDeque<Shared<crate::build::history::Entry>>,
    /// What clients sent for builds.
    pub sessions: Sessions,
    /// Results of builds that wait to be fetched: by the build's number, and what they are of it.
    pub results: BTreeMap<(u64, String), Rc<Vec<u8>>>,
    /// Images of builders in containers that wait to be pushed: by the build's number.
    pub handed_over: BTreeMap<u64, Exported>,
    /// How many builds there were.
    pub build_count: u64,
    /// The latest events, oldest first.
    pub events: VecDeque<Shared<Event>>,
    /// How many events there were.
    pub event_count: u64,
    /// What was done lately, oldest first.
    pub moments: VecDeque<Moment>,
    /// How many moments there were.
    pub moment_count: u64,
    /// Images on their way from or to registries.
    pub transfers: BTreeMap<u64, Shared<Transfer>>,
    /// How many there were.
    pub transfer_count: u64,
    /// Exit codes of containers that were removed lately, oldest first: for those who wait for it.
    pub removed: VecDeque<(String, i32)>,
    /// Counts containers: for their order.
    pub created_count: u64,
    /// Who waits for changes of what: an ID (empty: events) and a pipe.
    pub watchers: Vec<(String, Fd)>,
    /// The daemon's own ID.
    pub daemon_id: String,
    /// Containers have a user namespace with these users and groups (`userns-remap`).
    pub remap: Option<layerlab_kernel::vfs::IdMap>,
}

impl EngineState {
    /// The layer that a blob is.
    pub fn layer_of(&self, blob: &Digest) -> Option<&LayerInfo> {
        self.layers.values().find(|l| l.digest == *blob)
    }

    /// Those who watch this ID.
    pub fn watchers_of(&self, id: &str) -> Vec<Fd> {
        self.watchers.iter().filter(|w| w.0 == id).map(|w| w.1).collect()
    }

    /// The build cache of a builder; empty: the daemon's own.
    pub fn cache_of(&mut self, builder: &str) -> &mut BuildCache {
        if builder.is_empty() {
            return &mut self.cache;
        }
        self.builder_caches.entry(crate::build::builder::volume(builder)).or_default()
    }

    /// The same, where it is known that there is one.
    pub fn known_cache(&self, builder: &str) -> &BuildCache {
        let own = || self.builder_caches.get(&crate::build::builder::volume(builder));
        if builder.is_empty() { &self.cache } else { own().unwrap_or(&self.cache) }
    }

    /// All build caches.
    pub fn caches(&self) -> impl Iterator<Item = &BuildCache> {
        std::iter::once(&self.cache).chain(self.builder_caches.values())
    }

    /// Notes an event.
    pub fn event(&mut self, now: Timestamp, kind: &str, action: &str, id: &str, attributes: &[(&str, &str)]) {
        let attributes = attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let event = Shared::new(Event {
            kind: kind.to_owned(),
            action: action.to_owned(),
            actor: Actor { id: id.to_owned(), attributes },
            scope: "local".to_owned(),
            time: now.secs,
            time_nano: now.secs.saturating_mul(1_000_000_000).saturating_add(i64::from(now.nanos)),
        });
        self.moment(Moment::Event(event.clone()));
        self.events.push_back(event);
        self.event_count += 1;
        while self.events.len() > EVENTS_KEPT {
            self.events.pop_front();
        }
    }

    /// Remembers how a removed container ended.
    pub fn remember_removed(&mut self, id: &str, code: i32) {
        self.removed.push_back((id.to_owned(), code));
        while self.removed.len() > REMOVED_KEPT {
            self.removed.pop_front();
        }
    }

    /// Remembers a build.
    pub fn remember_build(&mut self, record: Shared<BuildRecord>) {
        self.builds.push_back(record);
        while self.builds.len() > BUILDS_KEPT {
            self.builds.pop_front();
        }
    }
}
