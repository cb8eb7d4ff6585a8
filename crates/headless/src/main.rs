//! The native program `layerlab`: the core without a browser, for lesson authors, lecturers, scripts
//! and tests. It is an edge: it may touch real files, the terminal and the clock; the core may not.

mod commands;
mod folder;
mod usage;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = lexopt::Parser::from_env();
    let result = match usage::command(&mut args) {
        Ok(usage::Command::Help) => {
            print!("{}", usage::HELP);
            Ok(0)
        }
        Ok(usage::Command::Version) => {
            println!("layerlab {}", layerlab_lab::VERSION);
            Ok(0)
        }
        Ok(usage::Command::Named(name)) => match name.as_str() {
            "sh" => commands::sh::main(args),
            "engine" => commands::engine::main(args),
            "replay" => commands::replay::main(args),
            "course" => commands::course::main(args),
            "layers" => commands::layers::main(args),
            "dockerfile" => commands::dockerfile::main(args),
            other => Err(usage::Failure::Usage(format!("unknown command: {other}"))),
        },
        Err(e) => Err(e),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(usage::Failure::Usage(text)) => {
            eprintln!("layerlab: {text}\nTry 'layerlab --help'.");
            ExitCode::from(2)
        }
        Err(usage::Failure::Failed(text)) => {
            eprintln!("layerlab: {text}");
            ExitCode::from(1)
        }
    }
}
