//! What the last command changed: the picture outlines this and only this.

use layerlab_protocol::{Container, ContainerState, Snapshot};
use std::collections::BTreeSet;

/// Names of what is new or different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Ids of containers that are new, changed their state, or run other processes.
    pub(crate) containers: BTreeSet<String>,
    /// Ids of images that are new or got another name.
    pub(crate) images: BTreeSet<String>,
    /// Digests that were nowhere on disk before.
    pub(crate) layers: BTreeSet<String>,
    /// Ids of containers whose writable layer grew or shrank.
    pub(crate) writable: BTreeSet<String>,
    /// Names of networks that are new.
    pub(crate) networks: BTreeSet<String>,
    /// Names of volumes that are new or hold something else.
    pub(crate) volumes: BTreeSet<String>,
    /// The latest request came with this command.
    pub(crate) request: bool,
}

fn digests(snapshot: &Snapshot) -> BTreeSet<&str> {
    let of_images = snapshot.images.iter().flat_map(|image| &image.layers);
    let of_containers = snapshot.containers.iter().flat_map(|one| &one.layers);
    of_images.chain(of_containers).map(|layer| layer.digest.as_str()).collect()
}

fn differs(one: &Container, other: &Container) -> bool {
    let kind = |state: &ContainerState| std::mem::discriminant(state);
    kind(&one.state) != kind(&other.state)
        || one.processes != other.processes
        || one.networks != other.networks
        || one.ports != other.ports
        || one.name != other.name
}

/// What is different in `now`.
pub(crate) fn changes(before: &Snapshot, now: &Snapshot) -> Changes {
    let old_layers = digests(before);
    let mut found = Changes {
        layers: digests(now).into_iter().filter(|digest| !old_layers.contains(digest)).map(str::to_owned).collect(),
        request: now.traces.first().map(|trace| trace.number) != before.traces.first().map(|trace| trace.number),
        ..Changes::default()
    };
    for container in &now.containers {
        let old = before.containers.iter().find(|old| old.id == container.id);
        if old.is_none_or(|old| differs(old, container)) {
            found.containers.insert(container.id.clone());
        }
        if old.is_some_and(|old| old.writable != container.writable) {
            found.writable.insert(container.id.clone());
        }
    }
    for image in &now.images {
        let old = before.images.iter().find(|old| old.id == image.id);
        if old.is_none_or(|old| old.references != image.references) {
            found.images.insert(image.id.clone());
        }
    }
    for network in &now.networks {
        if !before.networks.iter().any(|old| old.id == network.id) {
            found.networks.insert(network.name.clone());
        }
    }
    for volume in &now.volumes {
        if !before.volumes.contains(volume) {
            found.volumes.insert(volume.name.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::samples;

    #[test]
    fn nothing_changed_means_nothing_outlined() {
        let now = samples::web_and_db();
        assert_eq!(changes(&now, &now), Changes::default());
    }

    #[test]
    fn a_rebuilt_image_shows_its_new_layer_only() {
        let before = samples::web_and_db();
        let mut now = before.clone();
        now.images[0].id = "sha256:ab".into();
        now.images[0].layers[3].digest = "sha256:cd".into();
        let found = changes(&before, &now);
        assert_eq!(found.images, BTreeSet::from(["sha256:ab".to_owned()]));
        assert_eq!(found.layers, BTreeSet::from(["sha256:cd".to_owned()]));
        assert!(found.containers.is_empty());
    }

    #[test]
    fn a_stopped_container_is_a_change_and_a_bigger_writable_layer_another() {
        let before = samples::web_and_db();
        let mut now = before.clone();
        now.containers[0].state = ContainerState::Exited { code: 0 };
        now.containers[1].writable += 1;
        let found = changes(&before, &now);
        assert_eq!(found.containers.len(), 1);
        assert!(found.writable.contains(&now.containers[1].id));
    }
}
