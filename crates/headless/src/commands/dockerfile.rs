//! `layerlab dockerfile ast|lint FILE`: what the parser and the build checks say.

use std::ffi::OsStr;
use std::path::Path;

use layerlab_dockerfile::ignore::Ignore;
use layerlab_dockerfile::{lint, parse, stages};
use lexopt::{Arg, Parser};

use crate::usage::{Failure, Result, read};

/// Prints the tree or the findings; 1 where the file does not parse.
pub(crate) fn main(mut args: Parser) -> Result<u8> {
    let mut words = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Value(v) => words.push(v),
            other => return Err(other.unexpected().into()),
        }
    }
    let [what, file] = words.as_slice() else {
        return Err(Failure::Usage("dockerfile needs 'ast' or 'lint' and a file".to_owned()));
    };
    let file = Path::new(file);
    let text = read(file)?;
    let text = String::from_utf8_lossy(&text);
    let parsed = parse(&text);
    match what.to_string_lossy().as_ref() {
        "ast" => {
            if let Some(d) = parsed.diagnostics.iter().find(|d| d.is_error()) {
                return Err(Failure::Failed(d.message.clone()));
            }
            print!("{}", parsed.ast.dump());
            Ok(0)
        }
        "lint" => {
            let (_, _, wrong) = stages(&parsed.ast);
            let errors: Vec<_> = parsed.diagnostics.iter().chain(&wrong).filter(|d| d.is_error()).collect();
            let options = lint::Options { ignore: ignore_file(file)?, ..lint::Options::default() };
            for d in lint::lint(&parsed.ast, &options) {
                println!("{}:{}: {}", d.rule.unwrap_or("check"), d.lines.start(), d.message);
            }
            // What stops a build is no check.
            for d in &errors {
                eprintln!("layerlab: {}:{}: {}", file.display(), d.lines.start(), d.message);
            }
            Ok(u8::from(!errors.is_empty()))
        }
        other => Err(Failure::Usage(format!("unknown: dockerfile {other}; 'ast' or 'lint'"))),
    }
}

/// The ignore file that a build in this folder would use: `<Dockerfile>.dockerignore`, else `.dockerignore`.
fn ignore_file(file: &Path) -> Result<Option<Ignore>> {
    let mut own = file.file_name().unwrap_or(OsStr::new("Dockerfile")).to_owned();
    own.push(".dockerignore");
    for path in [file.with_file_name(own), file.with_file_name(".dockerignore")] {
        if path.is_file() {
            let text = read(&path)?;
            let ignore = Ignore::parse(&String::from_utf8_lossy(&text));
            return ignore.map(Some).map_err(|message| Failure::Failed(format!("{}: {message}", path.display())));
        }
    }
    Ok(None)
}
