//! The picture in sentences: for screen readers, and for all who rather read.

use crate::i18n::{Lang, size};
use layerlab_protocol::{Container, ContainerState, MountSource, Phase, Snapshot, TraceEnd};

/// One sentence or so for each thing in the picture, outside first.
pub(crate) fn describe(snapshot: &Snapshot, lang: Lang) -> Vec<String> {
    let host = &snapshot.host;
    let mut lines = Vec::new();
    // Until the machine has told of itself there is nothing to say.
    if !host.name.is_empty() {
        lines.push(lang.word_host(&host.name, &host.system, &host.kernel, host.cpus, gibibytes(host.memory)));
    }
    if snapshot.containers.is_empty() {
        lines.push(lang.no_containers().into());
    }
    lines.extend(snapshot.containers.iter().map(|one| container(one, lang)));
    for network in &snapshot.networks {
        let on: Vec<&str> = snapshot
            .containers
            .iter()
            .filter(|one| one.networks.iter().any(|at| at.network == network.name))
            .map(|one| one.name.as_str())
            .collect();
        if on.is_empty() && network.name == "bridge" {
            continue;
        }
        let dns = if network.dns { lang.with_dns() } else { lang.without_dns() };
        lines.push(lang.word_network(&network.name, &network.subnet, dns, names(&on, lang)));
    }
    for volume in &snapshot.volumes {
        lines.push(lang.word_volume(&volume.name, size(volume.size)));
    }
    lines.extend(snapshot.transfers.iter().map(|one| {
        let over = one.layers.iter().filter(|layer| matches!(layer.phase, Phase::Present | Phase::Done)).count();
        let (registry, reference, all) = (&one.registry, &one.reference, one.layers.len());
        match one.push {
            true => lang.word_push(registry, reference, over, all),
            false => lang.word_pull(registry, reference, over, all),
        }
    }));
    if snapshot.images.is_empty() {
        lines.push(lang.no_images().into());
    }
    for image in &snapshot.images {
        let name = image.references.first().map_or(lang.nameless(), String::as_str);
        lines.push(lang.word_image(name, size(image.size), image.layers.len()));
    }
    if let Some(trace) = snapshot.traces.first() {
        lines.push(lang.word_request(&trace.what, request_end(&trace.end, lang)));
    }
    lines
}

/// As people name memory.
pub(crate) fn gibibytes(bytes: u64) -> String {
    format!("{} GB", (bytes + (1 << 29)) >> 30)
}

/// How a container stands, in one word or two.
pub(crate) fn state(state: &ContainerState, lang: Lang) -> String {
    match state {
        ContainerState::Created => lang.state_created().into(),
        ContainerState::Running => lang.state_running().into(),
        ContainerState::Paused => lang.state_paused().into(),
        ContainerState::Restarting => lang.state_restarting().into(),
        ContainerState::Exited { code } => lang.state_exited(code),
        ContainerState::Dead => lang.state_dead().into(),
    }
}

/// How a request ended.
pub(crate) fn request_end(end: &TraceEnd, lang: Lang) -> String {
    match end {
        TraceEnd::Open => lang.end_open().into(),
        TraceEnd::Answered { status: Some(status) } => lang.end_status(status),
        TraceEnd::Answered { status: None } => lang.end_answered().into(),
        TraceEnd::Refused => lang.end_refused().into(),
        TraceEnd::Reset => lang.end_reset().into(),
        TraceEnd::Timeout => lang.end_timeout().into(),
        TraceEnd::UnknownName => lang.end_unknown_name().into(),
        TraceEnd::Unreachable => lang.end_unreachable().into(),
    }
}

fn container(one: &Container, lang: Lang) -> String {
    let mut line = lang.word_container(&one.name, &one.image.reference, state(&one.state, lang));
    if one.image.moved {
        line.push_str(&lang.word_moved(&one.image.reference));
    }
    for process in &one.processes {
        line.push_str(&lang.word_process(process.pid, process.argv.join(" ")));
    }
    line.push_str(&lang.word_layers(one.layers.len(), size(one.writable)));
    for attachment in one.networks.iter().filter(|at| !at.address.is_empty()) {
        line.push_str(&lang.word_address(&attachment.address, &attachment.network));
    }
    for port in &one.ports {
        line.push_str(&lang.word_port(port.host, port.container));
        if !port.listening {
            line.push_str(lang.word_nobody_listens());
        }
    }
    for mount in &one.mounts {
        if let MountSource::Volume(name) = &mount.source {
            line.push_str(&lang.word_mount(name, &mount.target));
        }
    }
    line
}

fn names(list: &[&str], lang: Lang) -> String {
    if list.is_empty() { lang.nobody().into() } else { list.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::samples;

    #[test]
    fn an_empty_machine_says_that_it_is_empty() {
        let text = describe(&samples::empty(), Lang::En);
        assert_eq!(text[0], "Host layerlab: Debian 12, Linux kernel 6.12.30, 4 CPUs, 8 GB of memory.");
        assert!(text.contains(&"No containers yet.".to_owned()));
    }

    #[test]
    fn a_container_tells_all_that_its_box_shows() {
        let text = describe(&samples::web_and_db(), Lang::En).join("\n");
        for part in ["Container web from notes:1.0: running.", "1 python main.py", "172.18.0.3", "8080", "2.1 kB"] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }

    #[test]
    fn both_languages_say_equally_much() {
        let snapshot = samples::web_and_db();
        let counts = [Lang::De, Lang::En].map(|lang| describe(&snapshot, lang).len());
        assert_eq!(counts[0], counts[1]);
    }

    #[test]
    fn what_is_on_its_way_is_told() {
        let mut snapshot = samples::empty();
        snapshot.transfers.push(samples::pull(3).into());
        let text = describe(&snapshot, Lang::En);
        assert!(
            text.contains(&"python:3.13-slim comes from docker.io: 1 of 3 layers are here.".to_owned()),
            "{text:?}"
        );
    }
}
