//! Laws of containers' lives: random sequences against a simple model. After everything is removed,
//! nothing is left.

use std::collections::BTreeMap;

use layerlab_kernel::SimTime;

use crate::machine::Machine;

/// Commands of a sequence.
const LENGTH: usize = 50;
/// Sequences, unless `PROPTEST_CASES` says otherwise.
const SEQUENCES: u64 = 256;
const NAMES: u64 = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Created,
    Running,
    Paused,
    Exited,
}

#[derive(Clone, Debug)]
struct Container {
    state: State,
    volume: Option<String>,
    networks: Vec<String>,
}

#[derive(Default)]
struct Model {
    containers: BTreeMap<String, Container>,
    volumes: Vec<String>,
    networks: Vec<String>,
}

/// A small generator of numbers (Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

impl Model {
    fn runs(&self, name: &str) -> bool {
        self.containers.get(name).is_some_and(|c| matches!(c.state, State::Running | State::Paused))
    }

    /// The status that a verb must give, and what it makes of the container.
    fn verb(&mut self, name: &str, verb: &str) -> u16 {
        let Some(c) = self.containers.get_mut(name) else { return 404 };
        let (status, next) = match (verb, c.state) {
            ("start", State::Created | State::Exited) => (204, State::Running),
            ("start", State::Running) => (304, State::Running),
            ("start" | "pause", State::Paused) => (409, State::Paused),
            ("stop?t=0", State::Running | State::Paused) => (204, State::Exited),
            ("stop?t=0", other) => (304, other),
            ("kill", State::Running | State::Paused) => (204, State::Exited),
            ("pause", State::Running) => (204, State::Paused),
            ("unpause", State::Paused) => (204, State::Running),
            ("restart?t=0", _) => (204, State::Running),
            (_, other) => (409, other),
        };
        c.state = next;
        status
    }

    fn create(&mut self, name: &str, volume: Option<String>, network: Option<String>) -> u16 {
        if self.containers.contains_key(name) {
            return 409;
        }
        if let Some(v) = volume.clone().filter(|v| !self.volumes.contains(v)) {
            self.volumes.push(v);
        }
        let networks = network.into_iter().collect();
        self.containers.insert(name.to_owned(), Container { state: State::Created, volume, networks });
        201
    }

    fn remove(&mut self, name: &str, force: bool) -> u16 {
        if !self.containers.contains_key(name) {
            return 404;
        }
        if self.runs(name) && !force {
            return 409;
        }
        self.containers.remove(name);
        204
    }

    fn remove_volume(&mut self, name: &str) -> u16 {
        if !self.volumes.iter().any(|v| v == name) {
            return 404;
        }
        if self.containers.values().any(|c| c.volume.as_deref() == Some(name)) {
            return 409;
        }
        self.volumes.retain(|v| v != name);
        204
    }

    fn create_network(&mut self, name: &str) -> u16 {
        if self.networks.iter().any(|n| n == name) {
            return 409;
        }
        self.networks.push(name.to_owned());
        201
    }
}

/// One step: what is asked, and the status that the model expects.
fn step(m: &mut Machine, model: &mut Model, r: &mut Random) -> (String, u16, u16) {
    let name = format!("box{}", r.below(NAMES));
    match r.below(14) {
        0..=3 => {
            let volume = (r.below(2) == 0).then(|| format!("vol{}", r.below(2)));
            let network = model.networks.first().cloned().filter(|_| r.below(2) == 0);
            let binds = volume.as_ref().map(|v| format!("\"{v}:/data\"")).unwrap_or_default();
            let mode = network.clone().unwrap_or_else(|| "bridge".to_owned());
            let body = format!(
                r#"{{"Image":"alpine","Cmd":["sleep","100000"],"HostConfig":{{"Binds":[{binds}],"NetworkMode":"{mode}"}}}}"#
            );
            let want = model.create(&name, volume, network);
            (format!("create {body}"), m.post(&format!("/containers/create?name={name}"), &body).status, want)
        }
        4 => {
            let want = model.remove(&name, false);
            (format!("rm {name}"), m.request("DELETE", &format!("/containers/{name}"), "").status, want)
        }
        5 => {
            let want = model.remove(&name, true);
            (format!("rm -f {name}"), m.request("DELETE", &format!("/containers/{name}?force=1"), "").status, want)
        }
        6 => {
            let volume = format!("vol{}", r.below(2));
            let want = model.remove_volume(&volume);
            (format!("volume rm {volume}"), m.request("DELETE", &format!("/volumes/{volume}"), "").status, want)
        }
        7 => {
            let network = format!("net{}", r.below(2));
            let want = model.create_network(&network);
            let body = format!(r#"{{"Name":"{network}"}}"#);
            (format!("network create {network}"), m.post("/networks/create", &body).status, want)
        }
        n => {
            let verb = ["start", "start", "stop?t=0", "kill", "pause", "unpause", "restart?t=0"]
                .get((n - 7) as usize % 7)
                .copied()
                .unwrap_or("start");
            let want = model.verb(&name, verb);
            (format!("{verb} {name}"), m.post(&format!("/containers/{name}/{verb}"), "").status, want)
        }
    }
}

fn agrees(m: &mut Machine, model: &Model) -> Result<(), String> {
    let all = m.get("/containers/json?all=1").json();
    let mut seen = BTreeMap::new();
    for c in all.as_array().into_iter().flatten() {
        let name = c["Names"][0].as_str().unwrap_or_default().trim_start_matches('/').to_owned();
        seen.insert(name, c["State"].as_str().unwrap_or_default().to_owned());
    }
    let want: BTreeMap<String, String> =
        model.containers.iter().map(|(n, c)| (n.clone(), format!("{:?}", c.state).to_lowercase())).collect();
    if seen != want {
        return Err(format!("containers are {seen:?}, should be {want:?}"));
    }
    let state = m.state();
    if state.volumes.len() != model.volumes.len() {
        return Err(format!("volumes are {:?}, should be {:?}", state.volumes.keys(), model.volumes));
    }
    for n in state.networks.values() {
        let members = model
            .containers
            .iter()
            .filter(|(name, c)| {
                let joined = if c.networks.is_empty() { n.name == "bridge" } else { c.networks.contains(&n.name) };
                joined && model.runs(name)
            })
            .count();
        if n.members.len() != members {
            return Err(format!("network {} has {} members, should have {members}", n.name, n.members.len()));
        }
    }
    Ok(())
}

#[test]
fn containers_live_as_the_model_and_leave_nothing_behind() {
    #[expect(clippy::disallowed_methods, reason = "a switch of the test, not of the machine")]
    let sequences = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(SEQUENCES);
    for seed in 0..sequences {
        let mut m = Machine::new();
        m.pull("alpine");
        // What is there before any container.
        let files = m.kernel.sys.filesystems.len();
        let (mut model, mut r, mut log) = (Model::default(), Random(seed), Vec::new());
        for _ in 0..LENGTH {
            let (what, got, want) = step(&mut m, &mut model, &mut r);
            log.push(format!("{what} -> {got}"));
            assert_eq!(got, want, "sequence {seed}:\n{}", log.join("\n"));
            if let Err(why) = agrees(&mut m, &model) {
                panic!("sequence {seed}: {why}\n{}", log.join("\n"));
            }
        }
        for name in model.containers.keys() {
            assert_eq!(m.request("DELETE", &format!("/containers/{name}?force=1&v=1"), "").status, 204);
        }
        for volume in &model.volumes {
            assert_eq!(m.request("DELETE", &format!("/volumes/{volume}"), "").status, 204);
        }
        for network in &model.networks {
            assert_eq!(m.request("DELETE", &format!("/networks/{network}"), "").status, 204);
        }
        m.run_for(SimTime::secs(1));
        let state = m.state();
        assert!(state.containers.is_empty() && state.volumes.is_empty() && state.watchers.is_empty());
        assert_eq!(state.networks.len(), 3, "sequence {seed}");
        let left: Vec<_> = m.kernel.sys.filesystems.values().map(|f| f.kind).collect();
        assert_eq!(left.len(), files, "file systems are left: {left:?}, sequence {seed}:\n{}", log.join("\n"));
    }
}
