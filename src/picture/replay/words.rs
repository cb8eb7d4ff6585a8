//! What happened, in words.

use crate::{
    i18n::{Lang, size},
    picture::{colour::short, words::request_end},
};
use layerlab_protocol::{Deed, LineState, Moment, Phase};

/// A sentence or two; empty without a moment.
pub(super) fn moment(moment: Option<&Moment>, lang: Lang) -> String {
    let Some(moment) = moment else { return String::new() };
    match moment {
        Moment::Did { deed, names } => did(*deed, names, lang),
        Moment::Layer { created_by, push, phase, size: bytes } => match (push, phase) {
            (false, Phase::Done) => lang.film_unpacked(created_by),
            (false, _) => lang.film_loaded(created_by, size(*bytes)),
            (true, Phase::Present) => lang.film_there(created_by),
            (true, _) => lang.film_sent(created_by, size(*bytes)),
        },
        Moment::Line { line, text, state: LineState::Hit } => lang.film_line_hit(line, text),
        Moment::Line { line, text, state: LineState::Failed(_) } => lang.film_line_failed(line, text),
        Moment::Line { line, text, .. } => lang.film_line_ran(line, text),
        Moment::Asked { what, end } => lang.film_asked(what, request_end(end, lang)),
        Moment::More(count) => lang.film_more(count),
        Moment::Nothing => lang.film_nothing().into(),
        Moment::End(None) => lang.film_runs().into(),
        Moment::End(Some(0)) => lang.film_end().into(),
        Moment::End(Some(code)) => lang.film_end_with(code),
    }
}

fn did(deed: Deed, names: &[String], lang: Lang) -> String {
    let mut said = String::new();
    let mut parts = lang.deed(deed).split('{');
    said.push_str(parts.next().unwrap_or_default());
    for part in parts {
        // `0} and what follows`
        let (number, rest) = part.split_at(part.len().min(1));
        let name = number.parse().ok().and_then(|number: usize| names.get(number)).map_or("", String::as_str);
        said.push_str(&match (deed, number) {
            (Deed::Killed, "1") => signal_name(name).to_owned(),
            (Deed::Resolved, "2") | (Deed::ImageDeleted, _) => short(name).to_owned(),
            (Deed::Request, "1") => path_in_short(name),
            _ => in_short(name).to_owned(),
        });
        said.push_str(rest.get(1..).unwrap_or_default());
    }
    said
}

/// 64 digits are an id: twelve of them are enough.
fn in_short(name: &str) -> &str {
    let is_id = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { name.get(..12).unwrap_or(name) } else { name }
}

fn path_in_short(path: &str) -> String {
    path.split('/').map(in_short).collect::<Vec<_>>().join("/")
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

    fn said(deed: Deed, names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        did(deed, &names, Lang::En)
    }

    #[test]
    fn names_stand_in_their_places() {
        assert_eq!(said(Deed::Mounted, &["web", "data", "/var"]), "The volume data is mounted in web at /var.");
        assert_eq!(said(Deed::Before, &["echo {0}"]), "Before the command: echo {0}");
    }

    #[test]
    fn ids_are_short_and_signals_have_names() {
        let id = "ab".repeat(32);
        let request = said(Deed::Request, &["POST", &format!("/containers/{id}/start")]);
        assert_eq!(request, "The client asks the engine: POST /containers/abababababab/start");
        assert_eq!(said(Deed::Killed, &["web", "15"]), "The process of web gets SIGTERM.");
        assert_eq!(said(Deed::VolumeCreated, &[&id]), "The volume abababababab is there.");
    }
}
