//! `hello-world`: one program.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{executable, finish};
use super::{LayerSpec, Official, PATH, layer, note, words};

const LAYER: LayerSpec =
    LayerSpec { key: "hello-world", variant: "linux", entries, compressed: 2_380, unpacked: 10_072 };

fn entries(_: &str) -> Vec<Entry> {
    finish(vec![executable("hello", "hello-world", "amd64", 0o755, 10_072)])
}

/// The image of a tag.
pub(super) fn image(tag: &str) -> Option<Official> {
    if !["latest", "linux"].contains(&tag) {
        return None;
    }
    Some(Official {
        created: 1_763_596_800,
        comment: "buildkit.dockerfile.v0",
        lines: vec![layer("COPY hello / # buildkit", LAYER), note("CMD [\"/hello\"]")],
        config: Config { env: words(&[PATH]), cmd: words(&["/hello"]), ..Config::default() },
    })
}
