//! Turns `lessons/` into Rust data: Markdown becomes HTML here, so that the page needs no parser.
//! A mistake in a lesson stops the build with its file and line.

#![allow(clippy::disallowed_methods, reason = "a build script works on the real machine")]

#[path = "build/lesson.rs"]
mod lesson;
#[path = "build/text.rs"]
mod text;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let lessons = here.join("../../lessons");
    println!("cargo::rerun-if-changed={}", lessons.display());
    println!("cargo::rerun-if-changed=build");
    match generate(&lessons) {
        Ok(code) => {
            let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("lessons.rs");
            if let Err(e) = std::fs::write(&out, code) {
                println!("cargo::error={}: {e}", out.display());
            }
        }
        Err(e) => println!("cargo::error={e}"),
    }
}

fn generate(dir: &Path) -> Result<String, String> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(dir)
        .map_err(|e| format!("{}: {e}", dir.display()))?
        .filter_map(|e| Some(e.ok()?.path()))
        .collect();
    folders.retain(|p| p.is_dir());
    folders.sort();
    let mut code = String::from("/// Every lesson, in the order of the course.\npub static LESSONS: &[Lesson] = &[\n");
    for folder in folders {
        let _ = writeln!(code, "{},", lesson::read(&folder)?);
    }
    code.push_str("];\n");
    Ok(code)
}
