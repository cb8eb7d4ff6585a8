//! Images on their way from or to a registry, for who watches.

use layerlab_api::stream::JsonMessage;
use layerlab_oci::{Digest, ImageConfig, Reference};

use crate::catalog::Remote;
use crate::image::Image;
use crate::moment::Moment;
use crate::shared::Shared;
use crate::state::EngineState;

/// An image on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// As a person writes it.
    pub reference: String,
    /// The registry's name.
    pub registry: String,
    /// To the registry, not from it.
    pub push: bool,
    /// Lowest first.
    pub layers: Vec<Moving>,
}

/// A layer on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Moving {
    /// Digest of the compressed blob.
    pub digest: Digest,
    /// Digest of the tar.
    pub diff_id: Digest,
    /// What made it, as the image's history has it.
    pub created_by: String,
    /// Nominal bytes that are moved.
    pub size: u64,
    /// How many of them were.
    pub done: u64,
    /// How far it is.
    pub phase: Phase,
}

/// How far a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It was there already, and is not moved.
    Present,
    /// Its turn has not come.
    Waiting,
    /// Bytes are moving.
    Moving,
    /// They are there, packed.
    Moved,
    /// It is unpacked (pushed: the registry has it).
    Done,
}

impl Transfer {
    /// An image that comes from its registry; those of its layers that `here` has are not fetched.
    pub fn pull(reference: &Reference, remote: &Remote, here: impl Fn(&Digest) -> bool) -> Self {
        let config = remote.blobs.iter().rev().find_map(|(_, b)| ImageConfig::from_json(b).ok().filter(is_of(remote)));
        let made = config.map(|c| made(&c)).unwrap_or_default();
        let layer = |(i, l): (usize, &crate::image::layer::NewLayer)| Moving {
            digest: l.info.digest,
            diff_id: l.info.diff_id,
            created_by: made.get(i).cloned().unwrap_or_default(),
            size: l.info.compressed,
            done: 0,
            phase: if here(&l.info.diff_id) { Phase::Present } else { Phase::Waiting },
        };
        Self::new(reference, false, remote.layers.iter().enumerate().map(layer).collect())
    }

    /// Images (of several platforms) that go to a registry.
    pub fn push(reference: &Reference, images: &[Image], state: &EngineState) -> Self {
        let mut layers: Vec<Moving> = Vec::new();
        for image in images {
            let made = made(&image.config);
            for (i, (l, diff_id)) in image.layers.iter().zip(image.diff_ids()).enumerate() {
                if layers.iter().any(|o| o.digest == l.digest) {
                    continue;
                }
                layers.push(Moving {
                    digest: l.digest,
                    diff_id: *diff_id,
                    created_by: made.get(i).cloned().unwrap_or_default(),
                    size: state.layer_of(&l.digest).map_or(l.size, |i| i.compressed),
                    done: 0,
                    phase: Phase::Waiting,
                });
            }
        }
        Self::new(reference, true, layers)
    }

    fn new(reference: &Reference, push: bool, layers: Vec<Moving>) -> Self {
        Self { reference: reference.familiar(), registry: reference.domain().to_owned(), push, layers }
    }

    /// Goes on as the client is told; what that is worth telling who watches.
    fn told(&mut self, message: &JsonMessage) -> Option<Moment> {
        let id = message.id.as_deref()?;
        let layer = self.layers.iter_mut().find(|l| l.digest.short() == id)?;
        let current = message.progress_detail.as_ref().and_then(|p| p.current);
        let phase = match message.status.as_deref()? {
            "Downloading" | "Pushing" => Phase::Moving,
            "Download complete" => Phase::Moved,
            "Pull complete" | "Pushed" => Phase::Done,
            "Layer already exists" => Phase::Present,
            s if s.starts_with("Mounted from ") => Phase::Present,
            _ => return None,
        };
        layer.done = match phase {
            Phase::Moving => current.unwrap_or(0),
            Phase::Moved | Phase::Done => layer.size,
            _ => layer.done,
        };
        let news = std::mem::replace(&mut layer.phase, phase) != phase && phase != Phase::Moving;
        news.then_some(Moment::Layer { created_by: layer.created_by.clone(), push: self.push, phase, size: layer.size })
    }
}

/// What made each layer.
fn made(config: &ImageConfig) -> Vec<String> {
    config.history.iter().filter(|h| !h.empty_layer).map(|h| h.created_by.clone()).collect()
}

fn is_of(remote: &Remote) -> impl Fn(&ImageConfig) -> bool {
    move |c| c.rootfs.diff_ids.iter().eq(remote.layers.iter().map(|l| &l.info.diff_id))
}

impl EngineState {
    /// An image is on its way from now on; its number.
    pub fn begin_transfer(&mut self, transfer: Transfer) -> u64 {
        self.transfer_count += 1;
        self.transfers.insert(self.transfer_count, Shared::new(transfer));
        self.transfer_count
    }

    /// It goes on as the client is told.
    pub fn go_on_transfer(&mut self, number: u64, message: &JsonMessage) {
        let moment = self.transfers.get_mut(&number).and_then(|t| t.told(message));
        if let Some(moment) = moment {
            self.moment(moment);
        }
    }

    /// It is there, or given up.
    pub fn end_transfer(&mut self, number: u64) {
        self.transfers.remove(&number);
    }
}
