//! Instructions that change an image's config and nothing else: of a Dockerfile, of `docker commit
//! --change` and of `docker import --change`.

use layerlab_dockerfile::Command;
use layerlab_dockerfile::expand::Variables;
use layerlab_dockerfile::instruction::{CommandLine, check_signal, exposed_ports};
use layerlab_oci::Config;

use super::created_by;

/// The variables that ENV has set.
pub struct Env<'a>(pub &'a [String]);

impl Variables for Env<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().filter_map(|e| e.split_once('=')).find(|(k, _)| *k == name).map(|(_, v)| v)
    }
}

/// The shell of shell forms.
pub fn shell(config: &Config) -> Vec<String> {
    if config.shell.is_empty() { vec!["/bin/sh".to_owned(), "-c".to_owned()] } else { config.shell.clone() }
}

/// What a command line runs.
pub fn words(config: &Config, line: &CommandLine) -> Vec<String> {
    match line {
        CommandLine::Exec(words) => words.clone(),
        CommandLine::Shell(text) => shell(config).into_iter().chain([text.clone()]).collect(),
    }
}

/// A path as WORKDIR makes it absolute; a `/` at its end stays.
pub fn absolute(config: &Config, path: &str) -> String {
    let base = &config.working_dir;
    let slash = if path.ends_with('/') || path.ends_with("/.") || path == "." { "/" } else { "" };
    let clean = super::copy::clean(&if path.starts_with('/') { path.to_owned() } else { format!("{base}/{path}") });
    if clean == "/" { clean } else { format!("{clean}{slash}") }
}

/// WORKDIR: answers the new one.
pub fn workdir(config: &mut Config, path: &str) -> String {
    let path = absolute(config, path);
    let path = if path == "/" { path } else { path.trim_end_matches('/').to_owned() };
    config.working_dir.clone_from(&path);
    path
}

/// Applies an expanded instruction; answers its line of the history, none if it has none. `cmd_set`
/// tells whether CMD has been set: else ENTRYPOINT takes away the base image's.
///
/// # Errors
/// A value is wrong.
pub fn apply(config: &mut Config, command: &Command, cmd_set: &mut bool) -> Result<Option<String>, String> {
    Ok(Some(match command {
        Command::Env(pairs) => {
            let mut text = "ENV".to_owned();
            for p in pairs {
                set(&mut config.env, &p.key, &p.value);
                text.push_str(&format!(" {}={}", p.key, p.value));
            }
            text
        }
        Command::Label(pairs) => {
            let mut text = "LABEL".to_owned();
            for p in pairs {
                config.labels.insert(p.key.clone(), p.value.clone());
                text.push_str(&format!(" {}={}", p.key, p.value));
            }
            text
        }
        Command::Cmd(line) => {
            let words = words(config, line);
            let text = format!("CMD {}", created_by::quoted(&words));
            (config.cmd, config.args_escaped) = (words, true);
            *cmd_set = true;
            text
        }
        Command::Entrypoint(line) => {
            let words = words(config, line);
            let text = format!("ENTRYPOINT {}", created_by::quoted(&words));
            config.entrypoint = words;
            if !*cmd_set {
                config.cmd.clear();
            }
            text
        }
        Command::Expose(ports) => {
            let ports = exposed_ports(ports)?;
            let text = format!("EXPOSE {}", created_by::plain(&ports));
            config.exposed_ports.extend(ports);
            text
        }
        Command::Healthcheck(h) => {
            let h = layerlab_oci::Healthcheck {
                test: h.test_words(),
                interval: h.interval,
                timeout: h.timeout,
                start_period: h.start_period,
                start_interval: h.start_interval,
                retries: i64::from(h.retries),
            };
            let text = created_by::healthcheck(&h);
            config.healthcheck = Some(h);
            text
        }
        Command::Onbuild(text) => {
            config.on_build.push(text.clone());
            return Ok(None);
        }
        Command::Shell(words) => {
            config.shell.clone_from(words);
            format!("SHELL {}", created_by::plain(words))
        }
        Command::StopSignal(signal) => {
            check_signal(signal)?;
            config.stop_signal.clone_from(signal);
            format!("STOPSIGNAL {signal}")
        }
        Command::User(user) => {
            config.user.clone_from(user);
            format!("USER {user}")
        }
        Command::Volume(paths) => {
            config.volumes.extend(paths.iter().cloned());
            format!("VOLUME {}", created_by::plain(paths))
        }
        _ => return Ok(None),
    }))
}

fn set(env: &mut Vec<String>, key: &str, value: &str) {
    let new = format!("{key}={value}");
    match env.iter_mut().find(|e| e.split_once('=').map_or(e.as_str(), |(k, _)| k) == key) {
        Some(old) => *old = new,
        None => env.push(new),
    }
}
