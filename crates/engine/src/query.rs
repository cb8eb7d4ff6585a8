//! What the page and the checks may ask of the daemon's state, from outside of the machine.

use layerlab_api::filters::Filters;
use layerlab_api::{container, image};
use layerlab_oci::layer::Entry;
use layerlab_oci::{Digest, Timestamp};

use crate::build::record::BuildRecord;
use crate::container::{Container, inspect, list as containers};
use crate::image::{Image, history, list as images, unpack};
use crate::state::{EngineState, LayerInfo};

impl EngineState {
    /// Lines of `docker ps -a`, newest first.
    pub fn container_summaries(&self, now: Timestamp) -> Vec<container::Summary<'_>> {
        containers::list(self, &Filters::default(), true, now).unwrap_or_default()
    }

    /// `docker inspect` of a container, by name or ID.
    pub fn inspect_container(&self, name: &str) -> Option<container::Inspect> {
        self.container(name).ok().map(|c| inspect::inspect(self, c))
    }

    /// Lines of `docker images`, newest first.
    pub fn image_summaries(&self) -> Vec<image::Summary> {
        images::list(self, &Filters::default(), true).unwrap_or_default()
    }

    /// An image by name or ID.
    pub fn image(&self, name: &str) -> Option<&Image> {
        let id = self.images.find(name).ok()?.id();
        self.images.images.get(&id).map(|i| &**i)
    }

    /// An image's layers with their figures, lowest first.
    pub fn layers_of(&self, image: &Image) -> Vec<LayerInfo> {
        image.layer_infos(self).cloned().collect()
    }

    /// `docker history` of an image, newest first.
    pub fn history_of(&self, image: &Image) -> Vec<image::HistoryItem> {
        history::history(self, image)
    }

    /// The files of a layer.
    pub fn layer_files(&self, diff_id: &Digest) -> Vec<Entry> {
        unpack::entries(self, diff_id).unwrap_or_default()
    }

    /// The containers of an image.
    pub fn containers_of<'a>(&'a self, image: &'a Image) -> impl Iterator<Item = &'a Container> {
        self.containers.values().map(|c| &**c).filter(|c| c.image_id == image.id())
    }

    /// The latest build, with its plan and causes.
    pub fn last_build(&self) -> Option<&BuildRecord> {
        self.builds.back().map(|b| &**b)
    }
}
