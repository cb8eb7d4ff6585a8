//! `container-runs`: a container of this image runs.

use layerlab_engine::container::Status;

use super::{Verdict, View, words};

pub(super) fn check(view: &View<'_>, image: &str) -> Verdict {
    let of_image: Vec<_> = view.containers().into_iter().filter(|c| view.is_of(c, image)).collect();
    if of_image.iter().any(|c| c.status == Status::Running) {
        return Ok(());
    }
    let Some(c) = of_image.first() else {
        let other = view.containers().into_iter().find(|c| c.is_running());
        return Err(other.and_then(|c| {
            words(
                format!("`{}` läuft, aber aus `{}`", c.name, c.image),
                format!("`{}` runs, but from `{}`", c.name, c.image),
            )
        }));
    };
    let name = &c.name;
    Err(match c.status {
        Status::Created => words(
            format!("`{name}` wurde angelegt, aber nicht gestartet"),
            format!("`{name}` was created, but not started"),
        ),
        Status::Paused => words(format!("`{name}` ist angehalten"), format!("`{name}` is paused")),
        _ => words(
            format!("`{name}` läuft nicht mehr (Status {}); `docker logs {name}` sagt, warum", c.exit_code),
            format!("`{name}` does not run any more (status {}); `docker logs {name}` says why", c.exit_code),
        ),
    })
}
