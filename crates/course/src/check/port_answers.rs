//! `port-answers` and `port-answers-new`: a container answers on a port of the host.

use layerlab_engine::container::Container;

use super::{Verdict, View, built_after_change, words};

pub(super) fn check(view: &View<'_>, port: u16, image: &str) -> Verdict {
    behind(view, port, image).and_then(|_| answers(view, port))
}

/// The running container behind the port; it must be of this image.
fn behind<'a>(view: &View<'a>, port: u16, image: &str) -> Result<&'a Container, Option<layerlab_protocol::Words>> {
    if let Some(c) = view.behind(port) {
        if view.is_of(c, image) {
            return Ok(c);
        }
        return Err(words(
            format!("Port {port} führt zu `{}`, das aus `{}` läuft", c.name, c.image),
            format!("port {port} leads to `{}`, which runs from `{}`", c.name, c.image),
        ));
    }
    let running = view.containers().into_iter().find(|c| c.is_running() && view.is_of(c, image));
    Err(running.and_then(|c| {
        let name = &c.name;
        match c.ports.iter().find(|p| p.host_port != 0) {
            Some(p) => words(
                format!("`{name}` läuft, veröffentlicht ist aber Port {}, nicht {port}", p.host_port),
                format!("`{name}` runs, but port {} is published, not {port}", p.host_port),
            ),
            None => words(
                format!("`{name}` läuft, aber Port {port} ist nicht veröffentlicht"),
                format!("`{name}` runs, but port {port} is not published"),
            ),
        }
    }))
}

fn answers(view: &View<'_>, port: u16) -> Verdict {
    let Some(probe) = view.get(port) else { return Err(None) };
    let code = probe.text();
    match code.as_str() {
        "200" => Ok(()),
        "" | "000" => Err(words(
            format!("Port {port} ist veröffentlicht, aber dahinter antwortet niemand"),
            format!("port {port} is published, but nobody answers behind it"),
        )),
        code => Err(words(
            format!("Port {port} antwortet mit dem HTTP-Status {code}"),
            format!("port {port} answers with HTTP status {code}"),
        )),
    }
}

pub(super) fn check_new(view: &View<'_>, port: u16, image: &str, file: &str, path: &str) -> Verdict {
    built_after_change::check(view, image, file, path).map_err(|_| None)?;
    let c = behind(view, port, image)?;
    if view.image(image).is_none_or(|i| c.image_id != i.id()) {
        let name = &c.name;
        return Err(words(
            format!(
                "`{name}` läuft noch aus dem alten Image: Ein Container behält das Image, aus dem er gestartet wurde"
            ),
            format!("`{name}` still runs the old image: a container keeps the image that it was started from"),
        ));
    }
    answers(view, port)
}
