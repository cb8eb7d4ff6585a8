use crate::{Build, Container, Host, Image, Network, Shared, Snapshot, Trace, Transfer, TreeEntry, Volume};
use serde::{Deserialize, Serialize};

/// What is different in a snapshot: a message is as long as what changed, not as all that there is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SnapshotChange {
    /// It says all: what was known before does not count.
    whole: bool,
    host: Option<Host>,
    containers: ListChange<Container>,
    images: ListChange<Image>,
    networks: ListChange<Network>,
    volumes: ListChange<Volume>,
    builds: ListChange<Build>,
    traces: ListChange<Trace>,
    transfers: ListChange<Transfer>,
    home: ListChange<TreeEntry>,
}

impl SnapshotChange {
    /// From `old` to `new`; `None`: all of `new`.
    pub fn between(old: Option<&Snapshot>, new: &Snapshot) -> Self {
        let (nothing, whole) = (Snapshot::default(), old.is_none());
        let old = old.unwrap_or(&nothing);
        Self {
            whole,
            host: (old.host != new.host).then(|| new.host.clone()),
            containers: ListChange::between(&old.containers, &new.containers),
            images: ListChange::between(&old.images, &new.images),
            networks: ListChange::between(&old.networks, &new.networks),
            volumes: ListChange::between(&old.volumes, &new.volumes),
            builds: ListChange::between(&old.builds, &new.builds),
            traces: ListChange::between(&old.traces, &new.traces),
            transfers: ListChange::between(&old.transfers, &new.transfers),
            home: ListChange::between(&old.home, &new.home),
        }
    }

    /// `old` as it is now; `None` if this is no change of it. What did not change is shared with `old`.
    pub fn apply(self, old: &Snapshot) -> Option<Snapshot> {
        let nothing = Snapshot::default();
        let old = if self.whole { &nothing } else { old };
        Some(Snapshot {
            host: self.host.unwrap_or_else(|| old.host.clone()),
            containers: self.containers.apply(&old.containers)?,
            images: self.images.apply(&old.images)?,
            networks: self.networks.apply(&old.networks)?,
            volumes: self.volumes.apply(&old.volumes)?,
            builds: self.builds.apply(&old.builds)?,
            traces: self.traces.apply(&old.traces)?,
            transfers: self.transfers.apply(&old.transfers)?,
            home: self.home.apply(&old.home)?,
        })
    }
}

/// How a list became another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ListChange<T>(Vec<Piece<T>>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Piece<T> {
    /// So many of the old list, from there on.
    Old {
        from: u32,
        count: u32,
    },
    New(Shared<T>),
}

impl<T: PartialEq> ListChange<T> {
    /// What kept its order is found again; what moved up is told anew.
    fn between(old: &[Shared<T>], new: &[Shared<T>]) -> Self {
        let mut pieces = Vec::new();
        let mut at = 0;
        for one in new {
            let rest = old.get(at..).unwrap_or_default();
            let Some(skipped) = rest.iter().position(|o| o == one) else {
                pieces.push(Piece::New(one.clone()));
                continue;
            };
            match pieces.last_mut() {
                Some(Piece::Old { count, .. }) if skipped == 0 => *count += 1,
                _ => pieces.push(Piece::Old { from: (at + skipped) as u32, count: 1 }),
            }
            at += skipped + 1;
        }
        Self(pieces)
    }

    fn apply(self, old: &[Shared<T>]) -> Option<Vec<Shared<T>>> {
        let mut new = Vec::new();
        for piece in self.0 {
            match piece {
                Piece::Old { from, count } => {
                    let from = from as usize;
                    new.extend_from_slice(old.get(from..from.checked_add(count as usize)?)?);
                }
                Piece::New(one) => new.push(one),
            }
        }
        Some(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(values: &[u8]) -> Vec<Shared<u8>> {
        values.iter().copied().map(Shared::from).collect()
    }

    fn volumes(count: usize) -> Vec<Shared<Volume>> {
        (0..count).map(|n| Volume { name: format!("volume-{n}"), size: 0 }.into()).collect()
    }

    proptest! {
        #[test]
        fn a_change_leads_from_one_list_to_the_other(old: Vec<u8>, new: Vec<u8>) {
            let (old, new) = (list(&old), list(&new));
            prop_assert_eq!(ListChange::between(&old, &new).apply(&old), Some(new));
        }
    }

    #[test]
    fn a_change_is_as_long_as_what_changed() {
        let old = Snapshot { volumes: volumes(1000), ..Snapshot::default() };
        let mut new = old.clone();
        new.volumes[500].size = 7;
        new.volumes.remove(3);
        let change = SnapshotChange::between(Some(&old), &new);
        let (part, whole) = (crate::encode(&change), crate::encode(&SnapshotChange::between(None, &new)));
        assert!(part.len() < 50 && whole.len() > 10_000, "{} and {} bytes", part.len(), whole.len());
        let got = change.apply(&old).expect("a change of it");
        assert!(got == new && got.volumes[0].same(&old.volumes[0]));
    }

    #[test]
    fn all_can_be_told_to_who_knew_something_else() {
        let (old, new) = (Snapshot { volumes: volumes(3), ..Snapshot::default() }, Snapshot::default());
        assert_eq!(SnapshotChange::between(None, &new).apply(&old), Some(new));
    }

    #[test]
    fn a_change_of_something_else_is_refused() {
        let old = Snapshot { volumes: volumes(3), ..Snapshot::default() };
        let change = SnapshotChange::between(Some(&old), &old);
        assert_eq!(change.apply(&Snapshot::default()), None);
    }
}
