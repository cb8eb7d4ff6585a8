//! What checks see of a machine.

use layerlab_engine::EngineState;
use layerlab_engine::build::record::{BuildRecord, BuildState};
use layerlab_engine::container::Container;
use layerlab_engine::image::Image;
use layerlab_engine::image::unpack;
use layerlab_engine::shared::Shared;
use layerlab_kernel::{Bytes, SimTime};
use layerlab_lab::{Probe, World};

use crate::Lesson;

/// A machine, and the lesson that it was started for.
pub struct View<'a> {
    lesson: &'a Lesson,
    world: &'a World,
    /// What the daemon knows.
    pub engine: Option<&'a EngineState>,
}

impl<'a> View<'a> {
    /// Of this machine.
    pub fn new(lesson: &'a Lesson, world: &'a World) -> Self {
        Self { lesson, world, engine: world.engine() }
    }

    /// The image that a name names now.
    pub fn image(&self, name: &str) -> Option<Shared<Image>> {
        self.engine?.images.find(name).ok()
    }

    /// Finished builds that gave this name, newest first.
    pub fn builds(&self, name: &str) -> impl Iterator<Item = &'a BuildRecord> {
        let builds = self.engine.into_iter().flat_map(|e| e.builds.iter().rev().map(|b| &**b));
        let full = full_name(name);
        builds.filter(move |b| b.state == BuildState::Done && b.tags.iter().any(|t| full_name(t) == full))
    }

    /// The latest build, however it ended.
    pub fn last_build(&self) -> Option<&'a BuildRecord> {
        self.engine?.builds.back().map(|b| &**b)
    }

    /// All containers, newest first.
    pub fn containers(&self) -> Vec<&'a Container> {
        let mut all: Vec<_> = self.engine.into_iter().flat_map(|e| e.containers.values().map(|c| &**c)).collect();
        all.sort_by_key(|c| std::cmp::Reverse(c.number));
        all
    }

    /// Whether a container was started from the image that has this name now, or had it then.
    pub fn is_of(&self, c: &Container, image: &str) -> bool {
        self.image(image).is_some_and(|i| c.image_id == i.id()) || full_name(&c.image) == full_name(image)
    }

    /// The running container that a port of the host leads to.
    pub fn behind(&self, port: u16) -> Option<&'a Container> {
        let running = self.containers().into_iter().filter(|c| c.is_running());
        running.into_iter().find(|c| c.ports.iter().any(|p| p.host_port == port && p.protocol == "tcp"))
    }

    /// A file in an image.
    pub fn file_in(&self, image: &Image, path: &str) -> Option<Bytes> {
        unpack::tree(self.engine?, image.diff_ids()).ok()?.read(path)
    }

    /// A file of the home folder.
    pub fn home(&self, path: &str) -> Option<Bytes> {
        self.world.read_home(path).ok()
    }

    /// A file as the lesson gave it.
    pub fn given(&self, path: &str) -> Option<&'static [u8]> {
        self.lesson.files.iter().find(|f| f.0 == path).map(|f| f.1)
    }

    /// Asks a port of the host, in a copy of the machine: nothing shows in any log.
    pub fn get(&self, port: u16) -> Option<Probe> {
        let url = format!("http://localhost:{port}/");
        self.world.probe(&["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-m", "10", &url], SimTime::secs(11))
    }
}

/// `notes` and `docker.io/library/notes:latest` are the same.
pub(crate) fn full_name(name: &str) -> String {
    let parsed = layerlab_oci::Reference::parse_normalized(name);
    parsed.map_or_else(|_| name.to_owned(), |r| r.tag_name_only().to_string())
}
