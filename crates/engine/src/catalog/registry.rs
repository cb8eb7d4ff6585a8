//! `registry`: distribution's registry on Alpine.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{dir, executable, finish};
use super::{LayerSpec, Official, PATH, alpine, layer, note, words};

const CONFIG: &str = "version: 0.1\nlog:\n  fields:\n    service: registry\nstorage:\n  cache:\n    blobdescriptor: inmemory\n  filesystem:\n    rootdirectory: /var/lib/registry\nhttp:\n  addr: :5000\n  headers:\n    X-Content-Type-Options: [nosniff]\nhealth:\n  storagedriver:\n    enabled: true\n    interval: 10s\n    threshold: 3\n";
const ENTRYPOINT: &str = "#!/bin/sh\n\nset -e\n\ncase \"$1\" in\n    *.yaml|*.yml) set -- registry serve \"$@\" ;;\n    serve|garbage-collect|help|-*) set -- registry \"$@\" ;;\nesac\n\nexec \"$@\"\n";

const BINARY: LayerSpec =
    LayerSpec { key: "registry", variant: "2.8.3", entries, compressed: 6_510_000, unpacked: 17_520_000 };

fn entries(version: &str) -> Vec<Entry> {
    finish(vec![
        executable("bin/registry", "registry", version, 0o755, 17_500_000),
        Entry::file("etc/docker/registry/config.yml", CONFIG, 0o644),
        Entry::file("entrypoint.sh", ENTRYPOINT, 0o755),
        dir("var/lib/registry", 0o755),
    ])
}

/// The image of a tag.
pub(super) fn image(tag: &str) -> Option<Official> {
    if !["latest", "2", "2.8", "2.8.3"].contains(&tag) {
        return None;
    }
    Some(Official {
        created: 1_696_268_000,
        comment: "buildkit.dockerfile.v0",
        lines: vec![
            layer(alpine::ADD, alpine::LAYER),
            note("CMD [\"/bin/sh\"]"),
            layer("COPY registry, config and entrypoint / # buildkit", BINARY),
            note("VOLUME [/var/lib/registry]"),
            note("EXPOSE map[5000/tcp:{}]"),
            note("ENTRYPOINT [\"/entrypoint.sh\"]"),
            note("CMD [\"/etc/docker/registry/config.yml\"]"),
        ],
        config: Config {
            env: words(&[PATH]),
            entrypoint: words(&["/entrypoint.sh"]),
            cmd: words(&["/etc/docker/registry/config.yml"]),
            exposed_ports: std::iter::once("5000/tcp".to_owned()).collect(),
            volumes: std::iter::once("/var/lib/registry".to_owned()).collect(),
            ..Config::default()
        },
    })
}
