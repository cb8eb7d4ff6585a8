//! What happened, in words.

use crate::{
    i18n::{Lang, size},
    picture::{colour::short, words::request_end},
};
use layerlab_protocol::{LineState, Moment, Phase};

/// A sentence or two; empty without a moment.
pub(super) fn moment(moment: Option<&Moment>, lang: Lang) -> String {
    let Some(moment) = moment else { return String::new() };
    match moment {
        Moment::Before { line } => lang.film_before(line),
        Moment::Request { method, path } => lang.film_request(method, path_in_short(path)),
        Moment::Resolved { reference, registry, digest } => lang.film_resolved(registry, reference, short(digest)),
        Moment::Layer { created_by, push, phase, size: bytes, .. } => match (push, phase) {
            (false, Phase::Done) => lang.film_unpacked(created_by),
            (false, _) => lang.film_loaded(created_by, size(*bytes)),
            (true, Phase::Present) => lang.film_there(created_by),
            (true, _) => lang.film_sent(created_by, size(*bytes)),
        },
        Moment::Pulled { reference } => lang.film_pulled(reference),
        Moment::Pushed { reference } => lang.film_pushed(reference),
        Moment::Tagged { reference } => lang.film_tagged(reference),
        Moment::Untagged { reference } => lang.film_untagged(reference),
        Moment::ImageDeleted { id } => lang.film_image_deleted(short(id)),
        Moment::Created { container, image } => lang.film_created(container, image),
        Moment::Joined { container, network, address } if address.is_empty() => lang.film_joined(container, network),
        Moment::Joined { container, network, address } => lang.film_addressed(container, network, address),
        Moment::Left { container, network } => lang.film_left(container, network),
        Moment::Mounted { container, volume, path } => lang.film_mounted(container, name(volume), path),
        Moment::Isolated { container, namespaces } => lang.film_isolated(container, namespaces.join(", ")),
        Moment::Started { container, command } => lang.film_started(container, command),
        Moment::Exec { container, command } => lang.film_exec(container, command),
        Moment::Killed { container, signal } => lang.film_killed(container, signal_name(signal)),
        Moment::Ended { container, code } => lang.film_ended(container, code),
        Moment::Paused { container } => lang.film_paused(container),
        Moment::Unpaused { container } => lang.film_unpaused(container),
        Moment::OutOfMemory { container } => lang.film_out_of_memory(container),
        Moment::Health { container, state } => lang.film_health(container, state),
        Moment::Renamed { container, before } => lang.film_renamed(before, container),
        Moment::Removed { container } => lang.film_removed(container),
        Moment::NetworkCreated { name } => lang.film_network_created(name),
        Moment::NetworkRemoved { name } => lang.film_network_removed(name),
        Moment::VolumeCreated { name: volume } => lang.film_volume_created(name(volume)),
        Moment::VolumeRemoved { name: volume } => lang.film_volume_removed(name(volume)),
        Moment::Line { line, text, state: LineState::Hit } => lang.film_line_hit(line, text),
        Moment::Line { line, text, state: LineState::Failed(_) } => lang.film_line_failed(line, text),
        Moment::Line { line, text, .. } => lang.film_line_ran(line, text),
        Moment::Asked { what, end } => lang.film_asked(what, request_end(end, lang)),
        Moment::More { left_out } => lang.film_more(left_out),
        Moment::Nothing => lang.film_nothing().into(),
        Moment::End { exit: None } => lang.film_runs().into(),
        Moment::End { exit: Some(0) } => lang.film_end().into(),
        Moment::End { exit: Some(code) } => lang.film_end_with(code),
    }
}

/// 64 digits are an id: twelve of them are enough.
fn name(name: &str) -> &str {
    let is_id = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { name.get(..12).unwrap_or(name) } else { name }
}

fn path_in_short(path: &str) -> String {
    path.split('/').map(name).collect::<Vec<_>>().join("/")
}

/// By which a person knows a signal.
fn signal_name(number: &str) -> &str {
    match number {
        "1" => "SIGHUP",
        "2" => "SIGINT",
        "3" => "SIGQUIT",
        "9" => "SIGKILL",
        "10" => "SIGUSR1",
        "12" => "SIGUSR2",
        "15" => "SIGTERM",
        "28" => "SIGWINCH",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(one: Moment) -> String {
        moment(Some(&one), Lang::En)
    }

    #[test]
    fn ids_are_short_and_signals_have_names() {
        let path = format!("/containers/{}/start", "ab".repeat(32));
        let request = said(Moment::Request { method: "POST".into(), path });
        assert_eq!(request, "The client asks the engine: POST /containers/abababababab/start");
        let killed = said(Moment::Killed { container: "web".into(), signal: "15".into() });
        assert!(killed.contains("SIGTERM"), "{killed}");
    }
}
