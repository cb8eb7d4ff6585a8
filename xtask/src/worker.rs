//! Building the worker: cargo, then the program is cut into the parts that `crates/worker/src/parts.rs`
//! marks, then wasm-bindgen and wasm-opt. Trunk can do all but the cutting.

use crate::{
    page::Profile,
    run::{Outcome, command, command_of, execute, root, target_dir},
    tools::{PageTools, TARGET},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

const NAME: &str = "layerlab-worker";

/// What browsers have had for years; wasm-opt must be told.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds the worker; gives the folder with `start.js` and all that it loads.
pub(crate) fn build(tools: &PageTools, profile: Profile) -> Outcome<PathBuf> {
    let release = profile == Profile::Release;
    let mut cargo =
        command_of("cargo", &["rustc", "--locked", "--quiet", "--target", TARGET, "-p", NAME, "--bin", NAME]);
    if release {
        cargo.arg("--release");
    }
    // The linker's notes on what refers to what are what the cutting goes by.
    execute(tools.apply(cargo.args(["--", "-Clink-args=--emit-relocs"])))?;
    let folder = if release { "release" } else { "debug" };
    let program = target_dir().join("wasm").join(TARGET).join(folder).join(NAME).with_extension("wasm");

    let (parts, made) = (target_dir().join("worker-parts"), target_dir().join("worker"));
    for folder in [&parts, &made] {
        // It may not be there yet.
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    let mut split = command("wasm-split-cli");
    split.arg(&program).arg(&parts).args(["--target", "web", "--out-name", NAME]);
    execute(tools.apply(&mut split))?;
    let main = parts.join(NAME).with_extension("wasm");
    let mut bindgen = command("wasm-bindgen");
    bindgen.arg(&main).arg("--out-dir").arg(&made);
    // The parts are linked by names that only the linker's exports have.
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", NAME]);
    execute(tools.apply(&mut bindgen))?;
    let at_prompt = format!("{NAME}_bg.wasm");
    for file in files(&parts)?.into_iter().filter(|file| *file != main).chain([made.join(at_prompt)]) {
        let to = made.join(file.file_name().unwrap_or_default());
        if release && file.extension().is_some_and(|extension| extension == "wasm") {
            let mut optimise = command("wasm-opt");
            optimise.arg("-Oz").args(FEATURES).arg(&file).arg("-o").arg(&to);
            execute(tools.apply(&mut optimise))?;
        } else if file != to {
            fs::copy(&file, &to).map_err(|error| error.to_string())?;
        }
    }
    let start = root().join("public/worker-start.js");
    fs::copy(start, made.join("start.js")).map_err(|error| error.to_string())?;
    Ok(made)
}

/// A folder's files in the order of their names.
pub(crate) fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}
