//! `--call=outline` and `--call=targets`: what a Dockerfile offers, without building it (BuildKit
//! `frontend/subrequests/outline`, `…/targets`).

use std::collections::BTreeSet;

use layerlab_api::build::BuildOptions;
use layerlab_dockerfile::instruction::{ArgDeclaration, Mount, MountKind};
use layerlab_dockerfile::{Command, Severity, Stage};

use crate::error::CliError;
use crate::format::table::TabWriter;

const WIDE: TabWriter = TabWriter { min_width: 0, padding: 3 };
const NARROW: TabWriter = TabWriter { min_width: 0, padding: 1 };

/// What is printed.
pub(crate) fn show(call: &str, text: &str, options: &BuildOptions) -> Result<String, CliError> {
    let parsed = layerlab_dockerfile::parse(text);
    let (stages, globals, found) = layerlab_dockerfile::stages(&parsed.ast);
    let mut problems = parsed.diagnostics.iter().chain(&found);
    if let Some(d) = problems.find(|d| d.severity == Severity::Error) {
        return Err(CliError::new(format!("ERROR: failed to build: failed to solve: {}", d.message)));
    }
    if call == "targets" {
        return Ok(targets(&stages));
    }
    let last = stages.len().saturating_sub(1);
    let wanted = match options.target.as_str() {
        "" => last,
        name => stages.iter().position(|s| s.name.as_deref() == Some(&name.to_lowercase())).ok_or_else(|| {
            CliError::new(format!(
                "ERROR: failed to build: failed to solve: target stage {} could not be found",
                crate::format::quote(name)
            ))
        })?,
    };
    let declared: Vec<&ArgDeclaration> = globals.iter().flat_map(|a| &a.declarations).collect();
    Ok(outline(&stages, wanted, &declared, options))
}

fn targets(stages: &[Stage]) -> String {
    let mut table = String::from("TARGET\tDESCRIPTION\n");
    for (i, s) in stages.iter().enumerate() {
        let name = s.written_name.clone().unwrap_or_default();
        let name = match (name.is_empty(), i + 1 == stages.len()) {
            (true, true) => "(default)".to_owned(),
            (false, true) => format!("{name} (default)"),
            _ => name,
        };
        table.push_str(&format!("{name}\t{}\n", s.description.as_deref().unwrap_or_default()));
    }
    WIDE.align(&table)
}

/// The stage and those that it stands on or copies from, the lowest first.
fn chain(stages: &[Stage], wanted: usize) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let mut todo = vec![wanted];
    while let Some(i) = todo.pop() {
        let (Some(s), true) = (stages.get(i), seen.insert(i)) else { continue };
        let named = |name: &str| {
            let earlier = stages.get(..i).unwrap_or_default();
            earlier.iter().rposition(|o| o.name.as_deref() == Some(&name.to_lowercase())).or_else(|| name.parse().ok())
        };
        todo.extend(named(&s.image));
        for instruction in &s.instructions {
            if let Command::Copy(c) = &instruction.command {
                todo.extend(c.from.as_deref().and_then(named).filter(|n| *n < i));
            }
        }
    }
    seen.into_iter().collect()
}

fn outline(stages: &[Stage], wanted: usize, globals: &[&ArgDeclaration], options: &BuildOptions) -> String {
    let mut out = String::new();
    let Some(stage) = stages.get(wanted) else { return out };
    let description = stage.description.as_deref().unwrap_or_default();
    if stage.written_name.is_some() || !description.is_empty() {
        let mut head = format!("TARGET:\t{}\n", stage.written_name.as_deref().unwrap_or("(default)"));
        if !description.is_empty() {
            head.push_str(&format!("DESCRIPTION:\t{description}\n"));
        }
        out.push_str(&NARROW.align(&head));
        out.push('\n');
    }
    let mut args: Vec<(String, String, String)> = Vec::new();
    let mut secrets: Vec<(String, bool)> = Vec::new();
    let mut agents: Vec<(String, bool)> = Vec::new();
    let mut add = |d: &ArgDeclaration| {
        let given = options.build_args.get(&d.name).cloned().flatten();
        let global = globals.iter().find(|g| g.name == d.name).and_then(|g| g.default.clone());
        let value = given.or_else(|| d.default.clone()).or(global).unwrap_or_default();
        if !args.iter().any(|a| a.0 == d.name) {
            args.push((d.name.clone(), value, d.description.clone().unwrap_or_default()));
        }
    };
    globals.iter().for_each(|d| add(d));
    for i in chain(stages, wanted) {
        for instruction in stages.get(i).into_iter().flat_map(|s| &s.instructions) {
            match &instruction.command {
                Command::Arg(declarations) => declarations.iter().for_each(&mut add),
                Command::Run(run) => {
                    for m in run.mounts.iter().filter_map(|m| Mount::parse(m, |t| Ok(t.to_owned())).ok()) {
                        let list = match m.kind {
                            MountKind::Secret => &mut secrets,
                            MountKind::Ssh => &mut agents,
                            _ => continue,
                        };
                        let default = if m.kind == MountKind::Ssh { "default" } else { "" };
                        list.push((m.id.clone().unwrap_or_else(|| default.to_owned()), m.required));
                    }
                }
                _ => {}
            }
        }
    }
    if !args.is_empty() {
        let lines: String = args.iter().map(|(n, v, d)| format!("{n}\t{v}\t{d}\n")).collect();
        out.push_str(&WIDE.align(&format!("BUILD ARG\tVALUE\tDESCRIPTION\n{lines}")));
        out.push('\n');
    }
    for (title, list) in [("SECRET", secrets), ("SSH", agents)] {
        if !list.is_empty() {
            let lines: String =
                list.iter().map(|(n, must)| format!("{n}\t{}\n", if *must { "true" } else { "" })).collect();
            out.push_str(&WIDE.align(&format!("{title}\tREQUIRED\n{lines}")));
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# GO_VERSION sets the Go version for the build\nARG GO_VERSION=1.20\n\n# base has the tools\nFROM golang:${GO_VERSION} AS base\nRUN --mount=type=secret,id=token,required true\n\n# build makes the program\nFROM base AS build\n# V is what it says\nARG V=dev\nRUN true\nFROM scratch\nCOPY --from=build /x /\n";

    #[test]
    fn targets_and_outline_as_buildkit_prints_them() {
        let show = |call: &str, target: &str| {
            let options = BuildOptions { target: target.to_owned(), ..BuildOptions::default() };
            show(call, FILE, &options).map_err(|e| e.message)
        };
        assert_eq!(
            show("targets", "").unwrap(),
            "TARGET      DESCRIPTION\nbase        has the tools\nbuild       makes the program\n(default)   \n"
        );
        assert_eq!(
            show("outline", "build").unwrap(),
            "TARGET:      build\nDESCRIPTION: makes the program\n\nBUILD ARG    VALUE   DESCRIPTION\nGO_VERSION   1.20    sets the Go version for the build\nV            dev     is what it says\n\nSECRET   REQUIRED\ntoken    true\n\n"
        );
        assert!(show("outline", "nope").unwrap_err().contains("target stage \"nope\" could not be found"));
    }
}
