//! `layerlab dockerfile ast|lint FILE`: what the parser and the build checks say.

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
    let text = read(std::path::Path::new(file))?;
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
            for d in &errors {
                println!("error:{}: {}", d.lines.start(), d.message);
            }
            for d in lint::lint(&parsed.ast, &lint::Options::default()) {
                println!("{}:{}: {}", d.rule.unwrap_or("check"), d.lines.start(), d.message);
            }
            Ok(u8::from(!errors.is_empty()))
        }
        other => Err(Failure::Usage(format!("unknown: dockerfile {other}; 'ast' or 'lint'"))),
    }
}
