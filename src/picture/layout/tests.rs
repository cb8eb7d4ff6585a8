use super::*;
use crate::picture::{changes::changes, samples};
use layerlab_protocol::{ContainerState, Hop, HopPlace, Trace, TraceEnd};

const STILL: Space = Space { width: 1028.0, height: 440.0 };
const PHONE: Space = Space { width: 390.0, height: 600.0 };

fn still() -> Scene {
    fit(&samples::web_and_db(), &Changes::default(), STILL)
}

#[test]
fn everything_that_runs_stands_on_the_kernel() {
    let scene = still();
    for one in &scene.boxes {
        assert!(scene.floor.y - one.at.bottom() < 6.0, "{} floats", one.name);
    }
    let lowest = scene.chips.last().expect("the host's processes");
    assert!(scene.floor.y - lowest.at.bottom() < 8.0);
}

#[test]
fn containers_stand_in_the_room_and_apart() {
    for space in [STILL, PHONE] {
        let scene = fit(&samples::web_and_db(), &Changes::default(), space);
        let [web, db] = [&scene.boxes[1], &scene.boxes[0]];
        assert_eq!((web.name.as_str(), db.name.as_str()), ("web", "db"));
        assert!(!web.at.overlaps(db.at));
        assert!(scene.room.holds(web.at) && scene.room.holds(db.at));
    }
}

#[test]
fn the_writable_layer_is_on_top_and_the_base_at_the_bottom() {
    let scene = still();
    let web = &scene.boxes[1];
    let order: Vec<&str> = web.layers.bars.iter().map(|bar| bar.full.as_str()).collect();
    assert_eq!(order[0], "COPY . .");
    assert_eq!(order[3], "debian 12");
    assert!(web.writable.bottom() <= web.layers.bars[0].at.y);
    assert!(web.layers.bars.iter().all(|bar| web.at.holds(bar.at)));
}

#[test]
fn a_published_port_leads_from_the_wall_to_its_container() {
    let scene = still();
    let socket = &scene.sockets[0];
    let web = &scene.boxes[1];
    assert_eq!(socket.label, ":8080 → 5000");
    assert!(socket.at.y < scene.room.y && socket.at.bottom() > scene.room.y);
    assert!(web.at.x < socket.at.middle() && socket.at.middle() < web.at.right());
    assert_eq!(socket.bottom, web.at.y);
}

#[test]
fn the_same_port_on_both_address_families_is_one_socket() {
    let mut snapshot = samples::web_and_db();
    let mut second = snapshot.containers[0].ports[0].clone();
    second.address = "::".into();
    snapshot.containers[0].ports.push(second);
    let scene = fit(&snapshot, &Changes::default(), STILL);
    assert_eq!(scene.sockets.len(), 1);
}

#[test]
fn each_container_hangs_on_its_network_by_a_stub() {
    let scene = still();
    let rail = &scene.rails[0];
    assert_eq!(rail.stubs.len(), 2);
    assert_eq!(rail.stubs[1].address, "172.18.0.3");
    assert_eq!(rail.stubs[1].bottom, scene.boxes[1].at.y);
}

#[test]
fn a_stopped_container_keeps_its_place_and_loses_its_address() {
    let mut snapshot = samples::web_and_db();
    let web = &mut snapshot.containers[0];
    web.state = ContainerState::Exited { code: 137 };
    web.processes.clear();
    web.networks[0].address.clear();
    web.ports.clear();
    let scene = fit(&snapshot, &Changes::default(), STILL);
    assert_eq!(scene.boxes.len(), 2);
    assert_eq!(scene.boxes[1].state, State::Exited(137));
    assert_eq!(scene.rails[0].stubs.len(), 1);
    assert!(scene.sockets.is_empty());
}

#[test]
fn an_empty_machine_is_a_room_with_a_floor() {
    let scene = fit(&samples::empty(), &Changes::default(), STILL);
    assert!(scene.boxes.is_empty() && scene.rails.is_empty() && scene.stacks.is_empty());
    assert!(scene.room.holds(scene.floor));
}

#[test]
fn images_stand_outside_beside_the_room_or_on_a_phone_below_it() {
    let scene = still();
    assert!(scene.stacks.iter().all(|stack| stack.title.x >= scene.room.right()));
    let scene = fit(&samples::web_and_db(), &Changes::default(), PHONE);
    assert!(scene.stacks.iter().all(|stack| stack.title.y >= scene.room.bottom()));
}

#[test]
fn an_image_that_is_part_of_one_above_says_so() {
    let scene = still();
    let shared: Vec<_> = scene.stacks.iter().map(|stack| stack.shared.map(|(n, _)| n)).collect();
    assert_eq!(shared, [None, Some(2), None]);
}

#[test]
fn unused_images_of_many_are_counted() {
    let mut snapshot = samples::web_and_db();
    for n in 0..4 {
        let mut image = snapshot.images[1].clone();
        image.id = format!("sha256:{n}");
        image.references = vec![format!("postgres:{n}")];
        snapshot.images.push(image);
    }
    let scene = fit(&snapshot, &Changes::default(), STILL);
    assert_eq!(scene.stacks.len(), 2);
    assert_eq!(scene.folded_images, 5);
}

#[test]
fn many_layers_fold_at_the_bottom() {
    let mut snapshot = samples::web_and_db();
    let layers = (0..20).map(|n| samples::layer(n, "RUN x", 10)).collect();
    snapshot.containers[0].layers = layers;
    let scene = fit(&snapshot, &Changes::default(), STILL);
    let web = &scene.boxes[1];
    let (count, sum, at) = web.layers.folded.expect("a fold");
    assert_eq!((web.layers.bars.len(), count, sum), (11, 9, 90));
    assert!(web.at.holds(at));
}

#[test]
fn only_what_changed_is_marked() {
    let before = samples::web_and_db();
    let mut now = before.clone();
    now.images[0].id = "sha256:ab".into();
    now.images[0].layers[3].digest = "sha256:cd".into();
    let scene = fit(&now, &changes(&before, &now), STILL);
    let marked: usize = scene.stacks.iter().flat_map(|stack| &stack.layers.bars).filter(|bar| bar.new).count();
    assert_eq!(marked, 1);
    assert!(scene.stacks[0].new && scene.boxes.iter().all(|one| !one.new));
}

#[test]
fn a_request_runs_along_the_port_and_ends_at_the_box() {
    let mut snapshot = samples::web_and_db();
    let before = snapshot.clone();
    let hop = |place| Hop { place, address: String::new() };
    let trace = Trace {
        number: 1,
        time: 0,
        what: "GET /".into(),
        hops: vec![
            hop(HopPlace::Host),
            hop(HopPlace::Port { host: 8080 }),
            hop(HopPlace::Network("appnet".into())),
            hop(HopPlace::Container(snapshot.containers[0].id.clone())),
        ],
        end: TraceEnd::Answered { status: Some(200) },
    };
    snapshot.traces.push(trace.into());
    let scene = fit(&snapshot, &changes(&before, &snapshot), STILL);
    let request = scene.request.expect("a request");
    let web = &scene.boxes[1];
    assert_eq!(request.way.last().map(|(_, y)| *y), Some(web.at.y));
    assert_eq!(request.lost, None);
}

#[test]
fn more_containers_than_fit_make_the_picture_wider() {
    let mut snapshot = samples::web_and_db();
    for n in 10..16 {
        let mut more = snapshot.containers[1].clone();
        more.id = format!("{n}").repeat(32);
        snapshot.containers.push(more);
    }
    let scene = fit(&snapshot, &Changes::default(), STILL);
    for (index, one) in scene.boxes.iter().enumerate() {
        assert!(scene.room.holds(one.at));
        assert!(scene.boxes[index + 1..].iter().all(|other| !one.at.overlaps(other.at)));
    }
}

#[test]
fn how_many_more_processes_there_are_has_its_own_place() {
    let mut machine = samples::web_and_db();
    let process = machine.containers[0].processes[0].clone();
    let argv = vec!["nginx:".to_owned(), "worker".to_owned(), "process".to_owned(), "of".to_owned(), "many".to_owned()];
    machine.containers[0].processes = vec![layerlab_protocol::Process { argv, ..process }; 6];
    let scene = fit(&machine, &Changes::default(), STILL);
    let one = scene.boxes.iter().find(|one| one.more_processes > 0).expect("a full box");
    let (lines, (_, last, _)) = (&one.processes, one.processes.last().expect("a process"));
    assert!(last.chars().count() < lines[0].1.chars().count(), "{last}");
    let more = crate::picture::geometry::text_width("+ 2 weitere", 11.0);
    assert!(12.0 + 22.0 + crate::picture::geometry::code_width(last, 11.5) + more < one.at.w - 12.0, "{last}");
}

#[test]
fn a_long_name_and_its_image_stand_apart() {
    let mut machine = samples::web_and_db();
    let crowd = (0..30).map(|number| {
        let mut one = machine.containers[0].clone();
        (one.id, one.name) = (format!("{number:064x}"), "determined_wozniak".into());
        one.image.reference = "nginx:alpine".into();
        one
    });
    machine.containers = crowd.collect();
    let scene = fit(&machine, &Changes::default(), STILL);
    let one = scene.boxes.first().expect("a box");
    let (begin, end) = (one.at.x + 28.0, one.at.right() - 12.0);
    let name = crate::picture::geometry::text_width(&one.name, 13.0) * 1.08;
    let image = crate::picture::geometry::text_width(&one.image, 11.0);
    assert!(begin + name + 6.0 < end - image, "{} {}", one.name, one.image);
}

#[test]
fn what_comes_from_a_registry_stands_above_the_images() {
    let mut snapshot = samples::web_and_db();
    snapshot.transfers.push(samples::pull(3).into());
    let scene = fit(&snapshot, &Changes::default(), STILL);
    let card = &scene.registries[0];
    assert!(card.at.bottom() < scene.images_heading.y && !card.at.overlaps(scene.room));
    assert_eq!((card.layers.bars.len(), card.layers.folded.is_none()), (3, true));
    // The base below, half of which has come.
    let filled: Vec<f64> = card.moved.iter().map(|moved| moved.filled).collect();
    assert_eq!(filled, [0.0, 0.5, 1.0]);
    assert!(card.layers.bars.iter().all(|bar| card.at.holds(bar.at)));
}

#[test]
fn many_layers_on_their_way_are_folded() {
    let mut snapshot = samples::empty();
    snapshot.transfers.push(samples::pull(20).into());
    let scene = fit(&snapshot, &Changes::default(), STILL);
    let card = &scene.registries[0];
    let (count, _, at) = card.layers.folded.expect("too many for the card");
    assert_eq!(card.layers.bars.len() + count, 20);
    assert!(card.at.holds(at));
}
