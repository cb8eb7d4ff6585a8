//! Images on disk.

use std::cell::RefCell;

use layerlab_engine::EngineState;
use layerlab_engine::image::Image;
use layerlab_oci::{Reference, Timestamp};
use layerlab_protocol as protocol;

use super::{layer, since_boot};
use crate::world::World;

type Shown = (Timestamp, protocol::Shared<protocol::Image>);

thread_local! {
    /// All images as they were shown last, and the stamp of what that was made from. Only a memo.
    static SEEN: RefCell<(u64, Vec<Shown>)> = const { RefCell::new((0, Vec::new())) };
}

/// All images, newest first.
pub(super) fn images(world: &World, engine: &EngineState, names: u64) -> Vec<protocol::Shared<protocol::Image>> {
    let names = names ^ world.kernel.sys.boot_epoch_ns as u64;
    SEEN.with_borrow_mut(|seen| {
        if seen.0 != names {
            *seen = (names, anew(world, engine));
        }
        seen.1.iter().map(|(_, i)| i.clone()).collect()
    })
}

fn anew(world: &World, engine: &EngineState) -> Vec<Shown> {
    let mut list: Vec<Shown> = engine
        .images
        .images
        .values()
        .map(|image| {
            let names = engine.images.names_of(&image.id());
            let references = names.iter().map(|n| familiar(n)).collect();
            let tagged = names.iter().filter_map(|n| engine.images.names.get(*n)).map(|n| n.tagged).max();
            let made = created(image);
            // What was built here is as old as its config says; what was pulled came with its maker's date.
            let here = since_boot(world, made);
            let shown = protocol::Image {
                id: image.id().to_string(),
                references,
                // As `docker images` shows it: DISK USAGE is what is unpacked and the blobs.
                size: image.unpacked_size(engine) + image.content_size(engine),
                layers: layers(engine, image),
                created: here,
            };
            (tagged.unwrap_or(made), shown.into())
        })
        .collect();
    list.sort_by(|a, b| (b.0, &a.1.id).cmp(&(a.0, &b.1.id)));
    list
}

fn created(image: &Image) -> Timestamp {
    image.config.created.unwrap_or_default()
}

/// The image's layers, base first.
pub(super) fn layers(engine: &EngineState, image: &Image) -> Vec<protocol::Layer> {
    let made = image.config.history.iter().filter(|h| !h.empty_layer).map(|h| h.created_by.as_str());
    let made: Vec<&str> = made.collect();
    image.diff_ids().iter().enumerate().map(|(i, d)| layer(engine, d, made.get(i).copied().unwrap_or(""))).collect()
}

/// `docker.io/library/notes:1.0` as a person writes it.
pub(super) fn familiar(name: &str) -> String {
    Reference::parse_normalized(name).map_or_else(|_| name.to_owned(), |r| r.familiar())
}

/// What made a layer, as short as the Dockerfile says it.
pub(crate) fn label(created_by: &str) -> String {
    let text = created_by.trim_end_matches("# buildkit").trim().replace('\t', " ");
    let text = text.strip_prefix("/bin/sh -c #(nop) ").unwrap_or(&text);
    let text = text.replacen("RUN /bin/sh -c ", "RUN ", 1);
    // debuerreotype's images: `# debian.sh --arch 'amd64' out/ 'bookworm' '@…'`
    if let Some(rest) = text.strip_prefix("# debian.sh") {
        let suite = rest.split('\'').nth(3).unwrap_or("");
        return format!("debian {suite}").trim().to_owned();
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.strip_prefix("RUN set -eux; ") {
        Some(script) => summary(script).unwrap_or_else(|| format!("RUN {script}")),
        None => text,
    }
}

/// What a long script of an official image brings: the packages that it installs, or the programs
/// whose version it asks for at its end.
fn summary(script: &str) -> Option<String> {
    let words: Vec<&str> = script.split_whitespace().collect();
    let asked: Vec<&str> =
        words.windows(2).filter(|w| w[1].trim_end_matches(';') == "--version").map(|w| w[0]).collect();
    if !asked.is_empty() {
        return Some(asked.join(", "));
    }
    let at = words.windows(2).position(|w| matches!(w, ["apt-get", "install"] | ["apk", "add"]))? + 2;
    let packages = words[at..].iter().take_while(|w| **w != ";").filter(|w| !w.starts_with(['-', '.', ';']));
    let list: Vec<&str> = packages.map(|w| w.trim_end_matches(';')).collect();
    (!list.is_empty()).then(|| list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_layer_is_called_what_the_dockerfile_calls_it() {
        assert_eq!(label("COPY . . # buildkit"), "COPY . .");
        assert_eq!(label("RUN /bin/sh -c pip install -r r.txt # buildkit"), "RUN pip install -r r.txt");
        let apt = "RUN /bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends \t\tca-certificates \t\tnetbase \t; # buildkit";
        assert_eq!(label(apt), "ca-certificates, netbase");
        assert_eq!(
            label("RUN /bin/sh -c set -eux; \tmake; python3 --version; \tpip3 --version # buildkit"),
            "python3, pip3"
        );
        assert_eq!(label("# debian.sh --arch 'amd64' out/ 'trixie' '@1785715200'"), "debian trixie");
    }
}
