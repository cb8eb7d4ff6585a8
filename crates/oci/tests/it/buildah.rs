//! buildah: it takes what we write, and we take what it writes.

use layerlab_oci::archive::load;
use layerlab_oci::layer::{Entry, EntryKind, Limits, Tree, unpack};
use layerlab_oci::{ImageConfig, Manifest};
use serde_json::Value;

use crate::image::{lower, sample, tree_of, upper};
use crate::tool::{Scratch, have};

/// Runs buildah with a store of its own.
fn buildah(scratch: &Scratch, args: &[&str]) -> String {
    let root = scratch.path("store").display().to_string();
    let run = scratch.path("run").display().to_string();
    let mut command = vec!["buildah", "--root", &root, "--runroot", &run, "--storage-driver", "vfs"];
    command.extend(args);
    scratch.run(&command).trim().to_owned()
}

/// Whether buildah is here and may work; says so if not.
fn works() -> bool {
    if !have(&["buildah"]) {
        return false;
    }
    let root = std::process::Command::new("id").arg("-u").output();
    let is_root = root.is_ok_and(|out| out.stdout == b"0\n");
    if !is_root {
        eprintln!("skipped: buildah wants root here");
    }
    is_root
}

#[test]
fn buildah_takes_what_we_save() {
    if !works() {
        return;
    }
    let scratch = Scratch::new("buildah-pull");
    let sample = sample();
    scratch.write("save.tar", &sample.archive("notes:1.0"));
    for source in ["docker-archive:save.tar", "oci-archive:save.tar:1.0"] {
        let container = buildah(&scratch, &["from", "--pull-always", source]);
        let seen: Value = serde_json::from_str(&buildah(&scratch, &["inspect", &container])).unwrap();
        let config: Value = serde_json::from_str(seen["Config"].as_str().unwrap()).unwrap();
        let ours: Value = serde_json::from_slice(&sample.config.to_json().unwrap()).unwrap();
        assert_eq!(config, ours, "{source}");
        if source.starts_with("oci") {
            assert_eq!(seen["FromImageDigest"], sample.target.digest.to_string());
        }
        let mounted = buildah(&scratch, &["mount", &container]);
        let tree = tree_of(&[lower(), upper()]);
        let list =
            scratch.run(&["sh", "-c", &format!("cd {mounted} && find . -mindepth 1 | cut -c3- | LC_ALL=C sort")]);
        let paths: Vec<&str> = tree.iter().map(|(path, _)| path).collect();
        assert_eq!(list.lines().collect::<Vec<_>>(), paths, "{source}");
        for (path, entry) in tree.iter() {
            if let EntryKind::File { content } = &entry.kind {
                assert_eq!(&scratch.read(&format!("{mounted}/{path}")), &**content, "{path}");
            }
        }
        buildah(&scratch, &["rm", &container]);
    }
}

#[test]
fn we_take_what_buildah_commits() {
    if !works() {
        return;
    }
    let scratch = Scratch::new("buildah-commit");
    scratch.write("src/sub/a", b"hello\n");
    scratch.run(&["sh", "-c", "ln -s a src/sub/link && ln src/sub/a src/hard && chmod 600 src/hard"]);
    let container = buildah(&scratch, &["from", "scratch"]);
    buildah(&scratch, &["copy", &container, "src", "/data"]);
    let options = "config --env A=1 --env B=two --cmd [\"/x\",\"y\"] --entrypoint [\"/e\"] --label k=v --port 80/tcp \
        --user 1000:1000 --workingdir /data --volume /vol --stop-signal SIGQUIT";
    let mut args: Vec<&str> = options.split_whitespace().collect();
    args.push(&container);
    buildah(&scratch, &args);
    for target in ["oci-archive:made.tar:notes:1", "docker-archive:made-docker.tar:notes:1"] {
        buildah(&scratch, &["commit", "--quiet", &container, target]);
        let file = target.split(':').nth(1).unwrap();
        let loaded = load(&scratch.read(file), Limits::default()).unwrap_or_else(|error| panic!("{target}: {error}"));
        assert_eq!(loaded.images[0].name.as_ref().unwrap().familiar(), "notes:1", "{target}");
        let manifest = Manifest::from_json(&loaded.blobs[&loaded.images[0].target.digest]).unwrap();
        let config = ImageConfig::from_json(&loaded.blobs[&manifest.config.digest]).unwrap();
        assert_eq!(
            config.config.env.iter().filter(|env| !env.starts_with("PATH=")).collect::<Vec<_>>(),
            ["A=1", "B=two"]
        );
        assert_eq!(config.config.cmd, ["/x", "y"]);
        assert_eq!(config.config.entrypoint, ["/e"]);
        assert_eq!(config.config.labels["k"], "v");
        assert!(config.config.exposed_ports.contains("80/tcp") && config.config.volumes.contains("/vol"));
        assert_eq!((config.config.user.as_str(), config.config.working_dir.as_str()), ("1000:1000", "/data"));
        let layers: Vec<Vec<Entry>> = manifest
            .layers
            .iter()
            .map(|layer| unpack(&loaded.blobs[&layer.digest], Limits::default()).unwrap().1)
            .collect();
        let tree = Tree::of_layers(layers.iter().map(Vec::as_slice)).unwrap();
        let content = |path: &str| match tree.get(path).map(|entry| &entry.kind) {
            Some(EntryKind::File { content }) => String::from_utf8(content.to_vec()).unwrap(),
            other => panic!("{path}: {other:?}"),
        };
        assert_eq!((content("data/sub/a"), content("data/hard")), ("hello\n".into(), "hello\n".into()));
        assert_eq!(tree.get("data/sub/link").unwrap().kind, EntryKind::Symlink { target: "a".into() });
        assert_eq!(tree.get("data/hard").unwrap().mode, 0o600);
    }
}
