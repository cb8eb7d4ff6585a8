//! The shapes of a picture. Texts in them are the machine's own (names, addresses, commands);
//! whatever has a language is added where it is drawn.

use crate::picture::{colour::LayerColour, geometry::Rect};
use layerlab_protocol::{Phase, TraceEnd};

/// Everything to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// CSS pixels per unit.
    pub(crate) scale: f64,
    pub(crate) room: Rect,
    pub(crate) floor: Rect,
    /// Processes of the host itself, standing on the floor.
    pub(crate) chips: Vec<Chip>,
    pub(crate) boxes: Vec<BoxShape>,
    pub(crate) rails: Vec<Rail>,
    pub(crate) sockets: Vec<Socket>,
    pub(crate) volumes: Vec<VolumeShape>,
    /// From a volume to the containers that mount it: line and path.
    pub(crate) mounts: Vec<(Vec<(f64, f64)>, String)>,
    pub(crate) request: Option<RequestShape>,
    /// Registries that something comes from, or goes to.
    pub(crate) registries: Vec<RegistryShape>,
    pub(crate) images_heading: Rect,
    pub(crate) stacks: Vec<Stack>,
    /// Images that are only counted: unused, or without a name.
    pub(crate) folded_images: usize,
}

/// A process of the host.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chip {
    pub(crate) at: Rect,
    pub(crate) pid: u32,
    pub(crate) name: String,
}

/// A container.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BoxShape {
    pub(crate) id: String,
    pub(crate) at: Rect,
    /// Its name, whole.
    pub(crate) full: String,
    /// Cut to fit.
    pub(crate) name: String,
    /// The image as given to `docker run`, cut to fit; empty if `moved`.
    pub(crate) image: String,
    /// The reference names another image now: the short id and the reference.
    pub(crate) moved: Option<(String, String)>,
    pub(crate) state: State,
    /// pid and command line, cut to fit; with its baseline.
    pub(crate) processes: Vec<(u32, String, f64)>,
    /// More processes than are shown.
    pub(crate) more_processes: usize,
    pub(crate) rule_y: f64,
    pub(crate) writable: Rect,
    pub(crate) writable_size: u64,
    /// How full the writable layer is drawn, 0 to 1.
    pub(crate) filled: f64,
    pub(crate) writable_new: bool,
    pub(crate) layers: Layers,
    pub(crate) new: bool,
}

/// What a container does, as far as the picture tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum State {
    #[default]
    Created,
    Running,
    Paused,
    Restarting,
    Exited(i32),
    Dead,
}

/// Layers, newest on top.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Layers {
    pub(crate) bars: Vec<Bar>,
    /// Base layers that had no room, and their sum in bytes; drawn as the lowest bar.
    pub(crate) folded: Option<(usize, u64, Rect)>,
}

/// A layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bar {
    pub(crate) at: Rect,
    pub(crate) digest: String,
    pub(crate) colour: LayerColour,
    /// Cut to fit.
    pub(crate) label: String,
    pub(crate) full: String,
    pub(crate) size: u64,
    pub(crate) new: bool,
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rail {
    pub(crate) name: String,
    pub(crate) subnet: String,
    pub(crate) dns: bool,
    pub(crate) label: Rect,
    pub(crate) y: f64,
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) stubs: Vec<Stub>,
    pub(crate) new: bool,
}

/// How a container hangs on a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stub {
    pub(crate) x: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) address: String,
    pub(crate) label_y: f64,
}

/// A published port.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Socket {
    pub(crate) at: Rect,
    pub(crate) host: u16,
    pub(crate) label: String,
    /// Where the line ends: the container's box.
    pub(crate) bottom: f64,
    /// Someone listens at the other end.
    pub(crate) listening: bool,
    pub(crate) container: String,
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct VolumeShape {
    pub(crate) at: Rect,
    /// Whole.
    pub(crate) full: String,
    /// Cut to fit.
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) new: bool,
}

/// The latest request's way.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RequestShape {
    pub(crate) number: u32,
    pub(crate) way: Vec<(f64, f64)>,
    pub(crate) what: String,
    /// How it ended, if not with an answer.
    pub(crate) lost: Option<TraceEnd>,
}

/// An image on its way.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RegistryShape {
    pub(crate) at: Rect,
    /// The registry's.
    pub(crate) name: String,
    /// Of the image, cut to fit.
    pub(crate) reference: String,
    /// It goes to the registry.
    pub(crate) push: bool,
    pub(crate) layers: Layers,
    /// Of each bar of `layers`.
    pub(crate) moved: Vec<Moved>,
}

/// How far a layer is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moved {
    /// How much of it has moved, 0 to 1.
    pub(crate) filled: f64,
    pub(crate) phase: Phase,
}

/// An image on disk.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stack {
    pub(crate) id: String,
    /// What docker is asked for: a reference, or else the id.
    pub(crate) full: String,
    /// Cut to fit; empty: has none.
    pub(crate) name: String,
    pub(crate) title: Rect,
    pub(crate) size: u64,
    pub(crate) layers: Layers,
    /// All its layers are also those of an image above, stored once: how many.
    pub(crate) shared: Option<(usize, f64)>,
    pub(crate) new: bool,
}

impl Stack {
    pub(crate) fn bottom(&self) -> f64 {
        let layers = self.layers.bottom().unwrap_or(self.title.bottom());
        self.shared.map_or(layers, |(_, y)| y + 4.0)
    }
}

impl Layers {
    pub(crate) fn bottom(&self) -> Option<f64> {
        let folded = self.folded.map(|(_, _, at)| at.bottom());
        folded.or_else(|| self.bars.last().map(|bar| bar.at.bottom()))
    }

    pub(crate) fn shift(&mut self, dy: f64) {
        for bar in &mut self.bars {
            bar.at.y += dy;
        }
        if let Some((_, _, at)) = &mut self.folded {
            at.y += dy;
        }
    }
}
