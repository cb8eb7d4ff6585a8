//! Lines of `GET /containers/json` as they were told last: of a thousand containers few change between
//! two looks, and most clients only look.

use std::cell::RefCell;

use layerlab_oci::Timestamp;

use super::list::{Known, summary};
use super::{Container, status};
use crate::error::ApiError;
use crate::network::{Member, Network};
use crate::shared::Shared;

/// A container's line, and all that it was made from.
struct Told {
    container: Shared<Container>,
    /// Its image still has the name that it was made from.
    still: bool,
    status: String,
    /// The networks' IDs, and its place in them while it runs. All else of a network never changes.
    places: Vec<Option<(String, Option<Member>)>>,
    json: Vec<u8>,
}

thread_local! {
    /// The lines of the last list, newest container first. Only a memo.
    static TOLD: RefCell<Vec<Told>> = const { RefCell::new(Vec::new()) };
}

/// A network, and the container's place in it.
fn place<'a>(network: Option<&'a Network>, c: &Container) -> Option<(&'a str, Option<&'a Member>)> {
    network.map(|n| (n.id.as_str(), n.members.get(&c.id)))
}

impl Told {
    fn new(known: &Known<'_>, c: &Shared<Container>, now: Timestamp) -> Result<Self, ApiError> {
        let owned = |(id, member): (&str, Option<&Member>)| (id.to_owned(), member.cloned());
        Ok(Self {
            container: c.clone(),
            still: known.is_still(c),
            status: status::text(c, now),
            places: c.networks.iter().map(|(name, _)| place(known.network(name), c).map(owned)).collect(),
            json: serde_json::to_vec(&summary(known, c, now))?,
        })
    }

    fn holds(&self, known: &Known<'_>, c: &Shared<Container>, now: Timestamp) -> bool {
        let places = self.places.iter().map(|p| p.as_ref().map(|(id, member)| (id.as_str(), member.as_ref())));
        self.container.same(c)
            && self.still == known.is_still(c)
            && self.status == status::text(c, now)
            && places.eq(c.networks.iter().map(|(name, _)| place(known.network(name), c)))
    }
}

/// The lines of these containers, newest first, as a JSON list.
///
/// # Errors
/// One can't be written.
pub(super) fn json(known: &Known<'_>, containers: &[&Shared<Container>], now: Timestamp) -> Result<Vec<u8>, ApiError> {
    let mut before = TOLD.take().into_iter().peekable();
    let mut told = Vec::with_capacity(containers.len());
    let mut out = vec![b'['];
    for c in containers {
        // Both are in the same order: what is newer here is not in this list.
        while before.next_if(|t| t.container.number > c.number).is_some() {}
        let line = match before.next_if(|t| t.container.number == c.number).filter(|t| t.holds(known, c, now)) {
            Some(line) => line,
            None => Told::new(known, c, now)?,
        };
        if !told.is_empty() {
            out.push(b',');
        }
        out.extend_from_slice(&line.json);
        told.push(line);
    }
    out.extend_from_slice(b"]\n");
    TOLD.set(told);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use layerlab_api::filters::Filters;
    use layerlab_api::network::EndpointSettings;

    use super::*;
    use crate::container::{Status, list};
    use crate::state::EngineState;

    fn at(secs: i64) -> Timestamp {
        Timestamp { secs, nanos: 0 }
    }

    fn told(state: &EngineState, secs: i64) -> String {
        let mut all: Vec<&Shared<Container>> = state.containers.values().collect();
        all.sort_by_key(|c| std::cmp::Reverse(c.number));
        String::from_utf8(json(&Known::new(state, &all), &all, at(secs)).unwrap()).unwrap()
    }

    fn anew(state: &EngineState, secs: i64) -> String {
        let all = list::list(state, &Filters::default(), true, at(secs)).unwrap();
        format!("{}\n", serde_json::to_string(&all).unwrap())
    }

    #[test]
    fn what_was_told_before_is_told_again_only_while_it_is_true() {
        let mut state = EngineState::default();
        for number in 1..=3u64 {
            let id = format!("{number:064}");
            let networks = vec![("app".to_owned(), EndpointSettings::default())];
            let (status, started) = (Status::Running, Some(at(10)));
            let c = Container {
                id: id.clone(),
                name: format!("c{number}"),
                number,
                status,
                started,
                networks,
                ..Container::default()
            };
            state.containers.insert(id, c.into());
        }
        let app =
            Network { id: "a".repeat(64), name: "app".to_owned(), driver: "bridge".to_owned(), ..Network::default() };
        state.networks.insert(app.id.clone(), app.into());
        let second = format!("{:064}", 2);
        let member = Member {
            endpoint: "e".repeat(64),
            addr: Ipv4Addr::new(172, 18, 0, 2),
            addr6: None,
            mac: "02:00:00:00:00:01".to_owned(),
            interface: "eth0".to_owned(),
        };
        type Change<'a> = (&'a str, i64, &'a dyn Fn(&mut EngineState));
        let changes: [Change<'_>; 7] = [
            ("nothing", 20, &|_| {}),
            ("nothing again", 20, &|_| {}),
            ("time", 25, &|_| {}),
            ("a name", 25, &|s| s.containers.get_mut(&second).unwrap().name = "other".to_owned()),
            ("an address", 25, &|s| {
                let app = s.networks.values_mut().next().unwrap();
                app.members.insert(second.clone(), member.clone());
            }),
            ("the network", 25, &|s| s.networks.clear()),
            ("the container", 25, &|s| drop(s.containers.remove(&second))),
        ];
        let mut last = String::new();
        for (what, secs, change) in changes {
            change(&mut state);
            let now = told(&state, secs);
            assert_eq!(now, anew(&state, secs), "after a change of {what}");
            assert_eq!(now == last, what == "nothing again", "{what}");
            last = now;
        }
    }
}
