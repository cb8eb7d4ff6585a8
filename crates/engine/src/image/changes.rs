//! `--change` of `docker commit` and `docker import`: Dockerfile instructions on an image's config.

use layerlab_dockerfile::Command;
use layerlab_oci::Config;

use crate::build::config::{self as build, Env};
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

/// Applies the instructions, a line each.
///
/// # Errors
/// The daemon's words for what is no instruction, or none that may stand there.
pub fn apply(config: &mut Config, changes: &[String]) -> Result<(), ApiError> {
    let parsed = layerlab_dockerfile::parse(&changes.join("\n"));
    let mut cmd_set = false;
    for node in &parsed.ast.nodes {
        let keyword = node.keyword.to_lowercase();
        if !VALID.contains(&keyword.as_str()) {
            return Err(ApiError::bad(format!("{keyword} is not a valid change command")));
        }
        let written = layerlab_dockerfile::instruction(node).map_err(|d| ApiError::bad(d.message))?;
        let env = config.env.clone();
        let expanded = written.expand('\\', &Env(&env)).map_err(|e| ApiError::bad(e.message))?;
        match &expanded.command {
            Command::Workdir(path) => {
                build::workdir(config, path);
            }
            other => {
                build::apply(config, other, &mut cmd_set).map_err(ApiError::bad)?;
            }
        }
    }
    Ok(())
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
        // moby's dispatcher: without a CMD of its own, ENTRYPOINT takes the image's away.
        apply(&mut c, &["ENTRYPOINT [\"e\"]".to_owned()]).unwrap();
        assert_eq!((c.entrypoint.join(" "), c.cmd.len()), ("e".to_owned(), 0));
        let refused = apply(&mut c, &["RUN true".to_owned()]).unwrap_err();
        assert_eq!(refused.message, "run is not a valid change command");
    }
}
