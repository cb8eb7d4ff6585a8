//! Machines for the tests of the picture: what a snapshot looks like at some moments of a lesson.

use layerlab_protocol::{
    Attachment, Container, ContainerState, Host, Image, ImageUse, Layer, Mount, MountSource, MovingLayer, Network,
    Phase, Process, Protocol, PublishedPort, Shared, Snapshot, Transfer, Volume,
};

pub(crate) fn layer(seed: u8, created_by: &str, size: u64) -> Layer {
    Layer {
        digest: format!("sha256:{}", format!("{seed:02x}").repeat(32)),
        created_by: created_by.into(),
        size,
        entries: 3,
    }
}

/// Only the machine: nothing was done yet.
pub(crate) fn empty() -> Snapshot {
    Snapshot {
        host: Host {
            name: "layerlab".into(),
            system: "Debian 12".into(),
            kernel: "6.12.30".into(),
            cpus: 4,
            memory: 8 << 30,
            processes: vec![process(1, "init"), process(412, "dockerd"), process(520, "bash")],
        },
        ..Snapshot::default()
    }
}

fn process(pid: u32, command: &str) -> Process {
    Process { pid, host_pid: pid, argv: command.split(' ').map(str::to_owned).collect() }
}

fn container(seed: u8, name: &str, reference: &str, layers: Vec<Layer>) -> Container {
    Container {
        id: format!("{seed:02x}").repeat(32),
        name: name.into(),
        image: ImageUse {
            reference: reference.into(),
            id: format!("sha256:{}", format!("{seed:02x}").repeat(32)),
            moved: false,
        },
        state: ContainerState::Running,
        shell: "sh".into(),
        processes: vec![process(1, "python main.py")],
        layers,
        writable: 2100,
        networks: vec![Attachment {
            network: "appnet".into(),
            address: format!("172.18.0.{seed}"),
            names: vec![name.into()],
        }],
        ports: Vec::new(),
        mounts: Vec::new(),
    }
}

/// The still's machine: two containers on a network, a port, a volume.
pub(crate) fn web_and_db() -> Snapshot {
    let base = vec![layer(34, "debian 12", 74_800_000), layer(23, "python 3.11", 42_100_000)];
    let mut app = base.clone();
    app.push(layer(112, "RUN pip install --no-cache-dir -r requirements.txt", 11_300_000));
    app.push(layer(219, "COPY . .", 1_200));
    let redis = vec![layer(139, "alpine 3.22", 8_300_000), layer(97, "redis 8.2", 30_100_000)];
    let mut web = container(3, "web", "notes:1.0", app.clone());
    web.ports = vec![PublishedPort {
        address: "0.0.0.0".into(),
        host: 8080,
        container: 5000,
        protocol: Protocol::Tcp,
        listening: true,
    }];
    let mut db = container(2, "db", "redis:8-alpine", redis.clone());
    db.mounts = vec![Mount { source: MountSource::Volume("data".into()), target: "/data".into(), read_only: false }];
    let image = |id: &str, reference: &str, layers: &[Layer]| Image {
        id: id.into(),
        references: vec![reference.into()],
        size: layers.iter().map(|layer| layer.size).sum(),
        layers: layers.to_vec(),
        created: 0,
    };
    Snapshot {
        images: vec![
            image(&web.image.id, "notes:1.0", &app).into(),
            image("sha256:aa", "python:3.11-slim", &base).into(),
            image(&db.image.id, "redis:8-alpine", &redis).into(),
        ],
        containers: vec![web.into(), db.into()],
        networks: vec![Shared::from(Network {
            id: "ee".repeat(32),
            name: "appnet".into(),
            driver: "bridge".into(),
            subnet: "172.18.0.0/16".into(),
            gateway: "172.18.0.1".into(),
            dns: true,
        })],
        volumes: vec![Volume { name: "data".into(), size: 4096 }.into()],
        ..empty()
    }
}

/// An image of so many layers that comes: the base is there, half of the next one has moved.
pub(crate) fn pull(layers: u8) -> Transfer {
    let layer = |n: u8| {
        let Layer { digest, created_by, size, .. } = layer(n, "RUN make", 1000);
        let (done, phase) = match n {
            0 => (size, Phase::Present),
            1 => (size / 2, Phase::Moving),
            _ => (0, Phase::Waiting),
        };
        MovingLayer { digest, created_by, size, done, phase }
    };
    Transfer {
        number: 1,
        reference: "python:3.13-slim".into(),
        registry: "docker.io".into(),
        push: false,
        layers: (0..layers).map(layer).collect(),
    }
}
