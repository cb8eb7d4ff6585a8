//! The page without a network: `sw.js` keeps all files of one version (public/sw.js).

use crate::{
    page::{digest_of, read, replace_once},
    run::Outcome,
    worker,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What only the host needs.
const FOR_HOSTS: &[&str] = &["_headers", ".htaccess", "sw.js"];

/// Tells `sw.js` which files are the page's, and the page that there is a `sw.js`.
pub(crate) fn prepare(dist: &Path) -> Outcome {
    let page = dist.join("index.html");
    let html =
        replace_once(&read(&page)?, "\"layerlab-offline\" content=\"\"", "\"layerlab-offline\" content=\"sw.js\"")?;
    fs::write(&page, html).map_err(|error| error.to_string())?;
    let mut files = Vec::new();
    list(dist, &mut files)?;
    files.sort();
    let addresses: Vec<String> = files.iter().map(|file| address(file.strip_prefix(dist).unwrap_or(file))).collect();
    let script = read(&dist.join("sw.js"))?;
    let script = replace_once(&script, "{version}", &digest_of(files)?)?;
    let script = replace_once(&script, "/*files*/", &addresses.join(", "))?;
    fs::write(dist.join("sw.js"), script).map_err(|error| error.to_string())
}

/// As the script names it, quoted: relative to the page.
fn address(file: &Path) -> String {
    match file.to_string_lossy().as_ref() {
        "index.html" => "'./'".to_owned(),
        name => format!("'{name}'"),
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    for file in worker::files(folder)? {
        match file.is_dir() {
            true => list(&file, files)?,
            false if FOR_HOSTS.iter().any(|name| file.ends_with(name)) => {}
            false => files.push(file),
        }
    }
    Ok(())
}
