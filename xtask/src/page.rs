//! Building the page: npm bundles, Trunk, then the finishing of `dist/`: what Trunk leaves with
//! plain names gets a digest in its name, so that a browser's cache never mixes two versions.

use crate::{
    first_sight, headers, lessons, offline,
    run::{Outcome, command, command_of, execute, root, target_dir},
    tools::PageTools,
    worker,
};
use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::Hasher,
    path::{Path, PathBuf},
};

/// How the page is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build, slow to run.
    Dev,
    /// What is published.
    Release,
}

/// The finished page.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Builds `dist/`.
pub(crate) fn build(profile: Profile) -> Outcome {
    let tools = PageTools::ensure()?;
    let release = profile == Profile::Release;
    let flag = ["--release"];
    let flag = if release { flag.as_slice() } else { &[] };
    execute(command_of("node", &["web/build.mjs"]).args(flag))?;
    // Trunk works offline, with the tools that are given to it; so all sources must be here first.
    tools.fetch()?;
    let first = root().join("assets/first.html");
    let course = lessons::read()?;
    fs::write(first, first_sight::html(&course)).map_err(|error| error.to_string())?;
    // What an earlier build needed would be copied along.
    let _ = fs::remove_dir_all(target_dir().join("wasm/wasm-bindgen"));
    execute(tools.apply(command("trunk").args(["build", "--offline"]).args(flag)))?;
    let made = worker::build(&tools, profile)?;
    copy(&made, &dist().join("worker"))?;
    lessons::write(&course, &dist().join("lessons"))?;
    finish(&dist(), &course.first)?;
    // While it is worked on, a page that stays as it was would only be in the way.
    match release {
        true => offline::prepare(&dist()),
        false => Ok(()),
    }
}

fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(|error| error.to_string())?;
    for file in worker::files(from)? {
        fs::copy(&file, to.join(file.file_name().unwrap_or_default())).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Gives the folders of the worker, of vendors and of lessons their digests and tells the page.
fn finish(dist: &Path, first: &str) -> Outcome {
    let page = dist.join("index.html");
    let mut html = read(&page)?;
    html = replace_once(&html, "data-first=\"first\"", &format!("data-first=\"{first}\""))?;
    let folders =
        [("worker", "content=\"worker/"), ("vendor", "content=\"vendor\""), ("lessons", "content=\"lessons\"")];
    for (name, named) in folders {
        let folder = dist.join(name);
        let digested = format!("{name}-{}", digest_of(worker::files(&folder)?)?);
        fs::rename(&folder, dist.join(&digested)).map_err(|error| error.to_string())?;
        html = replace_once(&html, named, &named.replace(name, &digested))?;
        html = html.replace(&format!("href=\"{name}/"), &format!("href=\"{digested}/"));
    }
    headers::agree(&html, &headers::for_all(dist))?;
    headers::write_apache(dist)?;
    fs::write(page, html).map_err(|error| error.to_string())
}

/// All files of the page: name relative to the folder, path.
pub(crate) fn files(dist: &Path) -> Outcome<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    list(dist, "", &mut files)?;
    Ok(files)
}

fn list(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> Outcome {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("{}: {error} (cargo xtask build makes it)", folder.display()))?;
    for entry in entries.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => list(&entry.path(), &format!("{name}/"), files)?,
            false => files.push((name, entry.path())),
        }
    }
    Ok(())
}

pub(crate) fn replace_once(text: &str, old: &str, new: &str) -> Outcome<String> {
    match text.matches(old).count() {
        1 => Ok(text.replace(old, new)),
        n => Err(format!("`{old}` is there {n} times, expected once")),
    }
}

pub(crate) fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Tells versions apart; nothing relies on it being hard to forge.
pub(crate) fn digest_of(files: impl IntoIterator<Item = PathBuf>) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    for path in files {
        hasher.write(path.file_name().unwrap_or_default().as_encoded_bytes());
        hasher.write(&fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
