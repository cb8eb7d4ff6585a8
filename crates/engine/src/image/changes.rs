//! `--change` of `docker commit` and `docker import`: Dockerfile instructions on an image's config.

use layerlab_dockerfile::Command;
use layerlab_dockerfile::expand::Variables;
use layerlab_dockerfile::instruction::CommandLine;
use layerlab_oci::Config;

use crate::error::ApiError;

/// Instructions that may stand there (moby `builder/dockerfile`, `validCommitCommands`).
const VALID: &[&str] = &[
    "cmd",
    "entrypoint",
    "healthcheck",
    "env",
    "expose",
    "label",
    "onbuild",
    "stopsignal",
    "user",
    "volume",
    "workdir",
];

struct Scope<'a>(&'a Config);

impl Variables for Scope<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.env.iter().filter_map(|e| e.split_once('=')).find(|(k, _)| *k == name).map(|(_, v)| v)
    }
}

/// Applies the instructions, a line each.
///
/// # Errors
/// The daemon's words for what is no instruction, or none that may stand there.
pub fn apply(config: &mut Config, changes: &[String]) -> Result<(), ApiError> {
    let parsed = layerlab_dockerfile::parse(&changes.join("\n"));
    for node in &parsed.ast.nodes {
        let keyword = node.keyword.to_lowercase();
        if !VALID.contains(&keyword.as_str()) {
            return Err(ApiError::bad(format!("{keyword} is not a valid change command")));
        }
        let written = layerlab_dockerfile::instruction(node).map_err(|d| ApiError::bad(d.message))?;
        let expanded = written.expand('\\', &Scope(config)).map_err(|e| ApiError::bad(e.message))?;
        one(config, &expanded.command);
    }
    Ok(())
}

fn words(config: &Config, line: &CommandLine) -> Vec<String> {
    match line {
        CommandLine::Exec(words) => words.clone(),
        CommandLine::Shell(text) if config.shell.is_empty() => ["/bin/sh", "-c", text].map(str::to_owned).to_vec(),
        CommandLine::Shell(text) => config.shell.iter().cloned().chain([text.clone()]).collect(),
    }
}

fn one(config: &mut Config, command: &Command) {
    match command {
        Command::Cmd(line) => config.cmd = words(config, line),
        Command::Entrypoint(line) => config.entrypoint = words(config, line),
        Command::Env(pairs) => {
            for p in pairs {
                let new = format!("{}={}", p.key, p.value);
                match config.env.iter_mut().find(|e| e.split('=').next() == Some(&p.key)) {
                    Some(old) => *old = new,
                    None => config.env.push(new),
                }
            }
        }
        Command::Label(pairs) => config.labels.extend(pairs.iter().map(|p| (p.key.clone(), p.value.clone()))),
        Command::Expose(ports) => config
            .exposed_ports
            .extend(ports.iter().map(|p| if p.contains('/') { p.clone() } else { format!("{p}/tcp") })),
        Command::Healthcheck(h) => {
            config.healthcheck = Some(layerlab_oci::Healthcheck {
                test: h.test_words(),
                interval: h.interval,
                timeout: h.timeout,
                start_period: h.start_period,
                start_interval: h.start_interval,
                retries: i64::from(h.retries),
            });
        }
        Command::Onbuild(text) => config.on_build.push(text.clone()),
        Command::StopSignal(signal) => config.stop_signal.clone_from(signal),
        Command::User(user) => config.user.clone_from(user),
        Command::Volume(paths) => config.volumes.extend(paths.iter().cloned()),
        Command::Workdir(path) if path.starts_with('/') => config.working_dir.clone_from(path),
        Command::Workdir(path) => {
            config.working_dir = format!("{}/{path}", config.working_dir.trim_end_matches('/'));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_dockerfile_instructions() {
        let mut c = Config { env: vec!["A=1".to_owned()], ..Config::default() };
        let lines = ["ENV A=2 B=$A", "CMD [\"x\", \"y\"]", "expose 80", "WORKDIR /a", "WORKDIR b", "USER 5"];
        apply(&mut c, &lines.map(str::to_owned)).unwrap();
        assert_eq!(c.env, ["A=2", "B=1"]);
        assert_eq!((c.cmd.join(" "), c.working_dir.as_str(), c.user.as_str()), ("x y".to_owned(), "/a/b", "5"));
        assert!(c.exposed_ports.contains("80/tcp"));
        let refused = apply(&mut c, &["RUN true".to_owned()]).unwrap_err();
        assert_eq!(refused.message, "run is not a valid change command");
    }
}
