//! The page without a network: `sw.js` keeps all files of one version (public/sw.js).

use crate::{
    page::{self, digest_of, read, replace_once},
    run::Outcome,
};
use std::{fs, path::Path};

/// What only the host needs.
const FOR_HOSTS: &[&str] = &["_headers", ".htaccess", "sw.js"];

/// Tells `sw.js` which files are the page's, and the page that there is a `sw.js`.
pub(crate) fn prepare(dist: &Path) -> Outcome {
    let page = dist.join("index.html");
    let html =
        replace_once(&read(&page)?, "\"layerlab-offline\" content=\"\"", "\"layerlab-offline\" content=\"sw.js\"")?;
    fs::write(&page, html).map_err(|error| error.to_string())?;
    let mut files = page::files(dist)?;
    files.retain(|(name, _)| !FOR_HOSTS.contains(&name.as_str()));
    files.sort();
    let addresses: Vec<String> = files.iter().map(|(name, _)| address(name)).collect();
    let script = read(&dist.join("sw.js"))?;
    let script = replace_once(&script, "{version}", &digest_of(files.into_iter().map(|(_, path)| path))?)?;
    let script = replace_once(&script, "/*files*/", &addresses.join(", "))?;
    fs::write(dist.join("sw.js"), script).map_err(|error| error.to_string())
}

/// As the script names it, quoted: relative to the page.
fn address(name: &str) -> String {
    match name {
        "index.html" => "'./'".to_owned(),
        name => format!("'{name}'"),
    }
}
