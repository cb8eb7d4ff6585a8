//! What the last command changed: the picture outlines this and only this.

use layerlab_protocol::{Container, ContainerState, Shared, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

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

fn differs(one: &Container, other: &Container) -> bool {
    let kind = |state: &ContainerState| std::mem::discriminant(state);
    kind(&one.state) != kind(&other.state)
        || one.processes != other.processes
        || one.networks != other.networks
        || one.ports != other.ports
        || one.name != other.name
}

/// Each that is not the same in memory as one of `before`, with the one of the same key there. Lists of a
/// machine that goes on share what did not change, mostly in the same place.
fn touched<'a, T>(
    before: &'a [Shared<T>],
    now: &'a [Shared<T>],
    key: impl Fn(&T) -> &str,
) -> Vec<(&'a T, Option<&'a T>)> {
    let same_at =
        |place: Option<usize>, one: &Shared<T>| place.and_then(|p| before.get(p)).is_some_and(|o| o.same(one));
    // As many as are more, or fewer, now: they came or went at the front.
    let (more, fewer) = (now.len().saturating_sub(before.len()), before.len().saturating_sub(now.len()));
    let rest: Vec<&Shared<T>> = (now.iter().enumerate())
        .filter(|(place, one)| !same_at((place + fewer).checked_sub(more), one) && !same_at(Some(*place), one))
        .map(|(_, one)| one)
        .collect();
    if rest.is_empty() {
        return Vec::new();
    }
    let by_key: BTreeMap<&str, &Shared<T>> = before.iter().map(|one| (key(one), one)).collect();
    let with_old = rest.into_iter().map(|one| (one, by_key.get(key(one)).copied()));
    with_old
        .filter(|(one, old)| !old.is_some_and(|o| o.same(one)))
        .map(|(one, old)| (&**one, old.map(|o| &**o)))
        .collect()
}

/// What is different in `now`.
pub(crate) fn changes(before: &Snapshot, now: &Snapshot) -> Changes {
    let mut found = Changes {
        request: now.traces.first().map(|trace| trace.number) != before.traces.first().map(|trace| trace.number),
        ..Changes::default()
    };
    let mut layers: BTreeSet<&str> = BTreeSet::new();
    for (container, old) in touched(&before.containers, &now.containers, |one| &one.id) {
        if old.is_none_or(|old| differs(old, container)) {
            found.containers.insert(container.id.clone());
        }
        if old.is_some_and(|old| old.writable != container.writable) {
            found.writable.insert(container.id.clone());
        }
        layers.extend(container.layers.iter().map(|layer| layer.digest.as_str()));
    }
    for (image, old) in touched(&before.images, &now.images, |one| &one.id) {
        if old.is_none_or(|old| old.references != image.references) {
            found.images.insert(image.id.clone());
        }
        layers.extend(image.layers.iter().map(|layer| layer.digest.as_str()));
    }
    if !layers.is_empty() {
        let of_images = before.images.iter().flat_map(|image| &image.layers);
        let of_containers = before.containers.iter().flat_map(|one| &one.layers);
        for layer in of_images.chain(of_containers) {
            layers.remove(layer.digest.as_str());
        }
        found.layers = layers.into_iter().map(str::to_owned).collect();
    }
    let networks = touched(&before.networks, &now.networks, |one| &one.id).into_iter();
    found.networks = networks.filter(|(_, old)| old.is_none()).map(|(network, _)| network.name.clone()).collect();
    let volumes = touched(&before.volumes, &now.volumes, |one| &one.name).into_iter();
    found.volumes = volumes.filter(|(one, old)| *old != Some(one)).map(|(volume, _)| volume.name.clone()).collect();
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

    #[test]
    fn one_that_goes_changes_no_other() {
        let before = samples::web_and_db();
        let mut now = before.clone();
        now.containers.remove(0);
        now.images.rotate_left(1);
        assert_eq!(changes(&before, &now), Changes::default());
        assert_eq!(changes(&now, &before).containers, BTreeSet::from([before.containers[0].id.clone()]));
    }

    #[test]
    fn what_a_message_brought_once_more_is_no_change() {
        let before = samples::web_and_db();
        let whole = layerlab_protocol::SnapshotChange::between(None, &before);
        let again = layerlab_protocol::decode(&layerlab_protocol::encode(&whole)).ok();
        let now = again.and_then(|again: layerlab_protocol::SnapshotChange| again.apply(&before));
        assert_eq!(now.map(|now| changes(&before, &now)), Some(Changes::default()));
    }
}
