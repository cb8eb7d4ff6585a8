//! The room: floor, containers, networks, ports, volumes, and the way of the latest request.

use super::{
    EDGE,
    images::bars,
    scene::{BoxShape, Chip, Rail, RequestShape, Scene, Socket, State, Stub, VolumeShape},
};
use crate::picture::{
    changes::Changes,
    colour::short,
    geometry::{Rect, clip, code_width, text_width},
};
use layerlab_protocol::{
    Container, ContainerState, HopPlace, MountSource, Network, Protocol, Snapshot, Trace, TraceEnd,
};
use std::collections::BTreeSet;

const HEADER: f64 = 34.0;
const RAIL: f64 = 52.0;
const FLOOR: f64 = 36.0;
const ABOVE_BOXES: f64 = 36.0;
const BOX_MIN: f64 = 150.0;
const BOX_MAX: f64 = 244.0;
const GAP: f64 = 24.0;
const BOX_LAYERS: usize = 12;
const PROCESSES: usize = 4;
const VOLUME: (f64, f64) = (84.0, 66.0);
const CHIPS_WIDTH: f64 = 132.0;

/// Width of the text part of a socket's label.
const SOCKET_FONT: f64 = 11.0;

/// The room at its least height.
pub(super) fn room(snapshot: &Snapshot, changes: &Changes, width: f64, wide: bool) -> Scene {
    let rails = drawn_networks(snapshot);
    let containers: Vec<&Container> = snapshot.containers.iter().rev().map(|one| &**one).collect();
    let published = containers.iter().any(|one| !one.ports.is_empty());
    let top = if published { 44.0 } else { 24.0 };
    let rails_top = top + HEADER;
    let boxes_top = rails_top + rails.len() as f64 * RAIL + ABOVE_BOXES;

    let chips = host_chips(snapshot, wide);
    let mut left = EDGE + 20.0;
    if !chips.is_empty() {
        left += CHIPS_WIDTH + GAP;
    }
    let volumes_width = if snapshot.volumes.is_empty() { 0.0 } else { VOLUME.0 + 44.0 };
    let count = containers.len() as f64;
    let free = EDGE + width - 20.0 - volumes_width - left;
    let box_width =
        if containers.is_empty() { 0.0 } else { ((free - GAP * (count - 1.0)) / count).clamp(BOX_MIN, BOX_MAX) };
    let used = count * box_width + (count - 1.0).max(0.0) * GAP;
    let right = (left + used + volumes_width + 20.0).max(EDGE + width);
    // Boxes in the middle of what is free, so that a single one does not hang at the edge.
    let start = left + ((free - used) / 2.0).max(0.0);

    let heights: Vec<f64> = containers.iter().map(|one| box_height(one)).collect();
    let tallest = heights
        .iter()
        .copied()
        .chain([chips.len() as f64 * 26.0, snapshot.volumes.len() as f64 * (VOLUME.1 + 10.0)])
        .fold(84.0, f64::max);
    let floor_y = boxes_top + tallest + 4.0;
    let mut scene = Scene {
        width: right + EDGE,
        scale: 1.0,
        room: Rect::new(EDGE, top, right - EDGE, floor_y + FLOOR + 14.0 - top),
        floor: Rect::new(EDGE + 8.0, floor_y, right - EDGE - 16.0, FLOOR),
        ..Scene::default()
    };
    scene.chips = chips;
    for (index, chip) in scene.chips.iter_mut().rev().enumerate() {
        chip.at = Rect::new(EDGE + 20.0, floor_y - 4.0 - 24.0 - index as f64 * 26.0, CHIPS_WIDTH, 22.0);
    }
    for (index, container) in containers.iter().enumerate() {
        let height = heights.get(index).copied().unwrap_or_default();
        let x = start + index as f64 * (box_width + GAP);
        let at = Rect::new(x, floor_y - 4.0 - height, box_width, height);
        scene.boxes.push(container_box(container, changes, at));
    }
    scene.rails = rails
        .iter()
        .enumerate()
        .map(|(index, network)| {
            let y = rails_top + index as f64 * RAIL + 22.0;
            rail(network, &containers, &scene, changes, y, wide)
        })
        .collect();
    ports(&mut scene, &containers, top);
    volumes(&mut scene, snapshot, &containers, changes, start + used + 44.0);
    scene
}

/// Makes the room higher by `by`: the floor sinks, and with it all that stands on it.
pub(super) fn raise(scene: &mut Scene, by: f64) {
    if by <= 0.0 {
        return;
    }
    scene.room.h += by;
    scene.floor.y += by;
    for chip in &mut scene.chips {
        chip.at.y += by;
    }
    for one in &mut scene.boxes {
        one.at.y += by;
        one.rule_y += by;
        one.writable.y += by;
        one.layers.shift(by);
        for (_, _, y) in &mut one.processes {
            *y += by;
        }
    }
    for rail in &mut scene.rails {
        for stub in &mut rail.stubs {
            stub.bottom += by;
        }
    }
    for socket in &mut scene.sockets {
        socket.bottom += by;
    }
    for volume in &mut scene.volumes {
        volume.at.y += by;
    }
    for (way, _) in &mut scene.mounts {
        for (_, y) in way {
            *y += by;
        }
    }
}

/// Networks worth a rail: those on which a container hangs, and those that somebody made.
fn drawn_networks(snapshot: &Snapshot) -> Vec<&Network> {
    let used: BTreeSet<&str> = snapshot
        .containers
        .iter()
        .flat_map(|one| &one.networks)
        .map(|attachment| attachment.network.as_str())
        .collect();
    snapshot
        .networks
        .iter()
        .map(|one| &**one)
        .filter(|network| network.name != "bridge" || used.contains("bridge"))
        .collect()
}

fn host_chips(snapshot: &Snapshot, wide: bool) -> Vec<Chip> {
    if !wide {
        return Vec::new();
    }
    let shown = snapshot.host.processes.iter().take(5);
    shown
        .map(|process| {
            let command = process.argv.first().map_or("", String::as_str);
            let name = command.rsplit('/').next().unwrap_or(command);
            Chip {
                at: Rect::default(),
                pid: process.pid,
                name: clip(name, CHIPS_WIDTH - 50.0, |text| code_width(text, 11.5)),
            }
        })
        .collect()
}

fn box_height(container: &Container) -> f64 {
    let lines = container.processes.len().clamp(1, PROCESSES);
    let layers = container.layers.len().min(BOX_LAYERS);
    71.0 + 16.0 * lines as f64 + 15.0 * layers as f64
}

fn container_box(container: &Container, changes: &Changes, at: Rect) -> BoxShape {
    let inner = at.w - 16.0;
    let command_width = inner - 22.0;
    let more_processes = container.processes.len().saturating_sub(PROCESSES);
    // How many more there are stands at the end of the last line.
    let told = if more_processes > 0 { text_width("+ 99 weitere ", 11.0) } else { 0.0 };
    let shown = container.processes.iter().take(PROCESSES);
    let processes: Vec<_> = shown
        .enumerate()
        .map(|(index, process)| {
            let command = process.argv.join(" ");
            let room = if index + 1 == PROCESSES { command_width - told } else { command_width };
            let command = clip(&command, room, |text| code_width(text, 11.5));
            (process.pid, command, at.y + 40.0 + 16.0 * index as f64)
        })
        .collect();
    let rule_y = at.y + 36.0 + 16.0 * processes.len().max(1) as f64;
    let writable = Rect::new(at.x + 8.0, rule_y + 10.0, inner, 15.0);
    // Names are bold.
    let name_width = |text: &str| text_width(text, 13.0) * 1.08;
    let name = clip(&container.name, inner - 60.0, name_width);
    let image_width = inner - 32.0 - name_width(&name);
    let image = &container.image;
    BoxShape {
        id: container.id.clone(),
        at,
        full: container.name.clone(),
        image: clip(&image.reference, image_width, |text| text_width(text, 11.0)),
        moved: image.moved.then(|| (short(&image.id).get(..8).unwrap_or_default().to_owned(), image.reference.clone())),
        name,
        state: match container.state {
            ContainerState::Created => State::Created,
            ContainerState::Running => State::Running,
            ContainerState::Paused => State::Paused,
            ContainerState::Restarting => State::Restarting,
            ContainerState::Exited { code } => State::Exited(code),
            ContainerState::Dead => State::Dead,
        },
        more_processes,
        processes,
        rule_y,
        writable,
        writable_size: container.writable,
        filled: fill(container.writable),
        writable_new: changes.writable.contains(&container.id),
        layers: bars(
            &container.layers,
            changes,
            Rect::new(at.x + 8.0, writable.bottom() + 2.0, inner, 0.0),
            BOX_LAYERS,
        ),
        new: changes.containers.contains(&container.id),
    }
}

/// How full a writable layer looks: a logarithm, 1 B barely seen, 100 MB full.
fn fill(bytes: u64) -> f64 {
    if bytes == 0 {
        return 0.0;
    }
    (f64::from(bytes.ilog2() + 1) / 27.0).clamp(0.04, 1.0)
}

fn rail(network: &Network, containers: &[&Container], scene: &Scene, changes: &Changes, y: f64, wide: bool) -> Rail {
    let width =
        text_width(&network.name, 12.0).max(text_width(&network.subnet, 11.0) + 46.0).clamp(110.0, 190.0) + 24.0;
    let label = Rect::new(EDGE + 20.0, y - 19.0, if wide { width.max(CHIPS_WIDTH) } else { width }, 38.0);
    let mut rail = Rail {
        name: network.name.clone(),
        subnet: network.subnet.clone(),
        dns: network.dns,
        label,
        y,
        from: label.right(),
        to: scene.room.right() - 20.0,
        stubs: Vec::new(),
        new: changes.networks.contains(&network.name),
    };
    for (container, shape) in containers.iter().zip(&scene.boxes) {
        for (order, attachment) in container.networks.iter().enumerate() {
            if attachment.network != network.name || attachment.address.is_empty() {
                continue;
            }
            let x = shape.at.x + (30.0 + 84.0 * order as f64).min(shape.at.w * 0.6);
            // The label is part of the network: what hangs below it hangs on its edge.
            let top = if x < label.right() { label.bottom() } else { y };
            rail.stubs.push(Stub {
                x,
                top,
                bottom: shape.at.y,
                address: attachment.address.clone(),
                label_y: y + if x < label.right() { 34.0 } else { 20.0 },
            });
        }
    }
    rail
}

fn ports(scene: &mut Scene, containers: &[&Container], top: f64) {
    for (container, shape) in containers.iter().zip(&scene.boxes) {
        let mut seen = BTreeSet::new();
        let mut line = shape.at.right() - 46.0;
        for port in &container.ports {
            // The same port on 0.0.0.0 and [::] is one socket.
            if !seen.insert((port.host, port.container, port.protocol == Protocol::Udp)) {
                continue;
            }
            let udp = if port.protocol == Protocol::Udp { "/udp" } else { "" };
            let label = format!(":{} → {}{udp}", port.host, port.container);
            let width = code_width(&label, SOCKET_FONT) + 20.0;
            line = line.max(shape.at.x + 14.0);
            scene.sockets.push(Socket {
                at: Rect::new(line - width / 2.0, top - 14.0, width, 28.0),
                host: port.host,
                label,
                bottom: shape.at.y,
                listening: port.listening,
                container: container.id.clone(),
            });
            line -= width + 8.0;
        }
    }
}

fn volumes(scene: &mut Scene, snapshot: &Snapshot, containers: &[&Container], changes: &Changes, x: f64) {
    for (index, volume) in snapshot.volumes.iter().enumerate() {
        let lift = index as f64 * (VOLUME.1 + 10.0);
        let at = Rect::new(x, scene.floor.y - 8.0 - VOLUME.1 - lift, VOLUME.0, VOLUME.1);
        scene.volumes.push(VolumeShape {
            at,
            full: volume.name.clone(),
            name: clip(&volume.name, VOLUME.0 - 12.0, |text| text_width(text, 13.0)),
            size: volume.size,
            new: changes.volumes.contains(&volume.name),
        });
        for (container, shape) in containers.iter().zip(&scene.boxes) {
            for mount in &container.mounts {
                if mount.source == MountSource::Volume(volume.name.clone()) {
                    let y = at.y + at.h / 2.0 + 2.0;
                    let way = vec![(shape.at.right(), y), (at.x, y)];
                    scene.mounts.push((way, mount.target.clone()));
                }
            }
        }
    }
}

/// The way of `trace` along the lines that are drawn, as far as it came.
pub(super) fn request(scene: &Scene, trace: &Trace) -> Option<RequestShape> {
    let mut way: Vec<(f64, f64)> = Vec::new();
    for (index, hop) in trace.hops.iter().enumerate() {
        let target = trace.hops.get(index..)?.iter().find_map(|hop| match &hop.place {
            HopPlace::Container(id) => scene.boxes.iter().find(|one| one.id == *id),
            _ => None,
        });
        match &hop.place {
            HopPlace::Port { host } => {
                let socket = scene.sockets.iter().find(|socket| socket.host == *host)?;
                way.push((socket.at.middle(), socket.at.y));
                way.push((socket.at.middle(), socket.at.bottom()));
                if target.is_some() {
                    way.push((socket.at.middle(), socket.bottom));
                }
            }
            HopPlace::Network(name) if !trace.hops.iter().any(|hop| matches!(hop.place, HopPlace::Port { .. })) => {
                let rail = scene.rails.iter().find(|rail| rail.name == *name)?;
                let start = way.last().map_or(rail.from, |(x, _)| *x);
                way.push((start, rail.y));
                let stub = target.and_then(|shape| {
                    rail.stubs
                        .iter()
                        .find(|stub| stub.bottom == shape.at.y && stub.x > shape.at.x && stub.x < shape.at.right())
                });
                if let Some(stub) = stub {
                    way.push((stub.x, rail.y));
                    way.push((stub.x, stub.bottom));
                }
            }
            HopPlace::Container(id) if index == 0 => {
                let shape = scene.boxes.iter().find(|one| one.id == *id)?;
                let stub = scene
                    .rails
                    .iter()
                    .flat_map(|rail| &rail.stubs)
                    .find(|stub| stub.x > shape.at.x && stub.x < shape.at.right())?;
                way.push((stub.x, stub.bottom));
            }
            _ => {}
        }
    }
    if way.is_empty() {
        return None;
    }
    Some(RequestShape {
        number: trace.number,
        way,
        what: trace.what.clone(),
        lost: match trace.end {
            TraceEnd::Answered { .. } | TraceEnd::Open => None,
            ref end => Some(end.clone()),
        },
    })
}
