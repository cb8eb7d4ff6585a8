//! From a request and an image's config to a container's config (moby `daemon/commit.go` merge).

use layerlab_api::container::{Config, KeySet};
use layerlab_oci::Config as ImageConfig;

use crate::error::ApiError;
use crate::image::inspect::healthcheck;

fn some(list: &[String]) -> Option<Vec<String>> {
    (!list.is_empty()).then(|| list.to_vec())
}

fn empty(list: Option<&Vec<String>>) -> bool {
    list.is_none_or(Vec::is_empty)
}

/// Fills in what the image says and the request doesn't.
pub fn merge(config: &mut Config, image: &ImageConfig) {
    if config.user.is_empty() {
        config.user.clone_from(&image.user);
    }
    if !image.exposed_ports.is_empty() {
        config.exposed_ports.get_or_insert_with(KeySet::default).0.extend(image.exposed_ports.iter().cloned());
    }
    if !image.env.is_empty() {
        let env = config.env.get_or_insert_with(Vec::new);
        let key = |e: &str| e.split('=').next().unwrap_or_default().to_owned();
        let have: Vec<String> = env.iter().map(|e| key(e)).collect();
        env.extend(image.env.iter().filter(|e| !have.contains(&key(e))).cloned());
    }
    if !image.labels.is_empty() {
        let labels = config.labels.get_or_insert_with(Default::default);
        for (k, v) in &image.labels {
            labels.entry(k.clone()).or_insert_with(|| v.clone());
        }
    }
    if empty(config.entrypoint.as_ref()) {
        if empty(config.cmd.as_ref()) {
            config.cmd = some(&image.cmd);
        }
        if config.entrypoint.is_none() {
            config.entrypoint = some(&image.entrypoint);
        }
    }
    if config.working_dir.is_empty() {
        config.working_dir.clone_from(&image.working_dir);
    }
    if !image.volumes.is_empty() {
        config.volumes.get_or_insert_with(KeySet::default).0.extend(image.volumes.iter().cloned());
    }
    if config.stop_signal.is_empty() {
        config.stop_signal.clone_from(&image.stop_signal);
    }
    if config.healthcheck.is_none() {
        config.healthcheck = image.healthcheck.as_ref().map(healthcheck);
    }
    if config.shell.is_none() {
        config.shell = some(&image.shell);
    }
    if config.labels.is_none() {
        config.labels = Some(Default::default());
    }
}

/// The command line: entrypoint, then command.
///
/// # Errors
/// Neither is there.
pub fn command(config: &Config) -> Result<(String, Vec<String>), ApiError> {
    let mut all: Vec<String> = config.entrypoint.clone().unwrap_or_default();
    // `--entrypoint ""` takes the image's away.
    if all.first().is_some_and(String::is_empty) {
        all.remove(0);
    }
    all.extend(config.cmd.clone().unwrap_or_default());
    let mut words = all.into_iter();
    let path = words.next().ok_or_else(|| ApiError::bad("no command specified"))?;
    Ok((path, words.collect()))
}

/// The process's environment, in the order that `env` prints: PATH, HOSTNAME, TERM, the config's,
/// and HOME last (runc adds it).
pub fn environment(config: &Config, home: &str) -> Vec<(String, String)> {
    let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    let mut env: Vec<(String, String)> =
        vec![("PATH".to_owned(), path.to_owned()), ("HOSTNAME".to_owned(), config.hostname.clone())];
    if config.tty {
        env.push(("TERM".to_owned(), "xterm".to_owned()));
    }
    for (k, v) in config.env.iter().flatten().filter_map(|e| e.split_once('=')) {
        match env.iter_mut().find(|(n, _)| n == k) {
            Some(old) => v.clone_into(&mut old.1),
            None => env.push((k.to_owned(), v.to_owned())),
        }
    }
    if !env.iter().any(|(k, _)| k == "HOME") {
        env.push(("HOME".to_owned(), home.to_owned()));
    }
    env
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Option<Vec<String>> {
        Some(words.iter().map(|w| (*w).to_owned()).collect())
    }

    #[test]
    fn entrypoint_and_command_follow_dockers_matrix() {
        let image = ImageConfig {
            entrypoint: list(&["e"]).unwrap(),
            cmd: list(&["c", "p"]).unwrap(),
            ..ImageConfig::default()
        };
        type Words = Option<Vec<String>>;
        let cases: [(Words, Words, &[&str]); 5] = [
            (None, None, &["e", "c", "p"]),
            (None, list(&["x"]), &["e", "x"]),
            (list(&["n"]), None, &["n"]),
            (list(&["n"]), list(&["x"]), &["n", "x"]),
            (list(&[""]), list(&["x"]), &["x"]),
        ];
        for (entrypoint, cmd, want) in cases {
            let mut c = Config { entrypoint, cmd, ..Config::default() };
            merge(&mut c, &image);
            let (path, args) = command(&c).unwrap();
            let mut got = vec![path];
            got.extend(args);
            assert_eq!(got, want);
        }
        let mut none = Config::default();
        merge(&mut none, &ImageConfig::default());
        assert_eq!(command(&none).unwrap_err().message, "no command specified");
    }

    #[test]
    fn environment_is_in_dockers_order() {
        let c =
            Config { hostname: "h".to_owned(), env: list(&["B=2", "PATH=/x", "A=1"]), tty: true, ..Config::default() };
        let env: Vec<String> = environment(&c, "/root").into_iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(env, ["PATH=/x", "HOSTNAME=h", "TERM=xterm", "B=2", "A=1", "HOME=/root"]);
    }
}
