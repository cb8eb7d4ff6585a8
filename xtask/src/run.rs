//! Running other programs from the project's root, with an environment that is the same whether
//! or not cargo started us.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
};

/// What went wrong, in words for the person at the terminal.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The project's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Cargo's target folder: `$CARGO_TARGET_DIR` or `target/`.
pub(crate) fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A command in the project's root. What `cargo run` set for us is taken away: another cargo or
/// rustc (the wasm one) must not inherit it.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null()).env_remove("LD_LIBRARY_PATH");
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// `command` with arguments.
pub(crate) fn command_of(program: &str, arguments: &[&str]) -> Command {
    let mut command = command(program);
    command.args(arguments);
    command
}

/// Runs to the end with the terminal's own output; anything but success is an error.
pub(crate) fn execute(command: &mut Command) -> Outcome {
    eprintln!("$ {}", shown(command));
    let status = command.status().map_err(|error| not_started(command, &error))?;
    success(command, status)
}

/// Runs to the end and keeps what it says on stdout; its stderr is dropped.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    success(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end, shows its output as it comes and keeps the lines of both streams.
pub(crate) fn execute_and_keep(command: &mut Command) -> (Vec<String>, Outcome) {
    eprintln!("$ {}", shown(command));
    let mut child = match command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return (Vec::new(), Err(not_started(command, &error))),
    };
    let errors = child.stderr.take();
    let reader = thread::spawn(move || match errors {
        Some(stream) => tee(stream, std::io::stderr()),
        None => Vec::new(),
    });
    let mut lines = match child.stdout.take() {
        Some(stream) => tee(stream, std::io::stdout()),
        None => Vec::new(),
    };
    lines.extend(reader.join().unwrap_or_default());
    let outcome = match child.wait() {
        Ok(status) => success(command, status),
        Err(error) => Err(error.to_string()),
    };
    (lines, outcome)
}

fn tee(stream: impl std::io::Read, mut terminal: impl Write) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        // A closed terminal is no reason to stop reading: the program would block.
        let _ = terminal.write_all(&line).and_then(|()| terminal.write_all(b"\n"));
        lines.push(String::from_utf8_lossy(&line).into_owned());
    }
    lines
}

fn success(command: &Command, status: ExitStatus) -> Outcome {
    match status.success() {
        true => Ok(()),
        false => Err(format!("`{}` failed ({status})", shown(command))),
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}", command.get_program().to_string_lossy())
}

fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// The first program of one of these names on `$PATH` (an absolute name is looked at itself).
pub(crate) fn which(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    names.iter().find_map(|name| env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// `$PATH` with folders before it.
pub(crate) fn path_with(first: &[PathBuf]) -> std::ffi::OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().cloned().chain(env::split_paths(&old));
    env::join_paths(folders).unwrap_or(old)
}
