//! `--sbom`: what packages an image has, as its package databases say it, in SPDX
//! (<https://spdx.github.io/spdx-spec/v2.3/>). BuildKit asks a scanner's container; here the daemon reads
//! the same files that a scanner reads.

use layerlab_kernel::vfs::Tree;
use serde_json::{Value, json};

/// The statement's predicate.
pub const PREDICATE: &str = "https://spdx.dev/Document";

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// `deb`, `apk`, `pypi`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

fn text(tree: &Tree, path: &str) -> String {
    tree.read(path).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default()
}

/// The values of two fields in each paragraph.
fn paragraphs(kind: &'static str, text: &str, name: &str, version: &str) -> Vec<Package> {
    let field = |p: &str, f: &str| p.lines().find_map(|l| l.strip_prefix(f)).map(|v| v.trim().to_owned());
    let package = |p: &str| Some(Package { kind, name: field(p, name)?, version: field(p, version)? });
    text.split("\n\n").filter_map(package).collect()
}

/// All packages of a file system, sorted.
pub fn packages(tree: &Tree) -> Vec<Package> {
    let mut out = paragraphs("deb", &text(tree, "/var/lib/dpkg/status"), "Package:", "Version:");
    out.extend(paragraphs("apk", &text(tree, "/lib/apk/db/installed"), "P:", "V:"));
    out.extend(paragraphs("apk", &text(tree, "/usr/lib/apk/db/installed"), "P:", "V:"));
    for (path, _, inode) in tree.walk() {
        if path.ends_with(".dist-info/METADATA") && inode.size() > 0 {
            out.extend(paragraphs("pypi", &text(tree, &path), "Name:", "Version:").into_iter().take(1));
        }
    }
    out.sort();
    out.dedup();
    out
}

/// The SPDX document of a file system; `name` names the image, `created` is a time.
pub fn document(tree: &Tree, name: &str, created: &str) -> Value {
    let distribution = text(tree, "/etc/os-release");
    let id = distribution.lines().find_map(|l| l.strip_prefix("ID=")).unwrap_or("linux").trim_matches('"').to_owned();
    let packages: Vec<Value> = packages(tree)
        .iter()
        .map(|p| {
            let purl = match p.kind {
                "pypi" => format!("pkg:pypi/{}@{}", p.name.to_lowercase(), p.version),
                kind => format!("pkg:{kind}/{id}/{}@{}", p.name, p.version),
            };
            json!({
                "name": p.name,
                "SPDXID": format!("SPDXRef-Package-{}-{}", p.kind, safe(&p.name)),
                "versionInfo": p.version,
                "downloadLocation": "NOASSERTION",
                "licenseConcluded": "NOASSERTION",
                "licenseDeclared": "NOASSERTION",
                "externalRefs": [{
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": purl
                }]
            })
        })
        .collect();
    let relations: Vec<Value> = packages
        .iter()
        .map(|p| {
            json!({
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": p.get("SPDXID")
            })
        })
        .collect();
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": format!("https://layerlab.example/spdx/{}", safe(name)),
        "creationInfo": { "creators": ["Tool: layerlab"], "created": created },
        "packages": packages,
        "relationships": relations
    })
}

/// Only what an identifier may have.
fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use layerlab_kernel::vfs::Inode;

    #[test]
    fn packages_of_all_databases() {
        let mut tree = Tree::new();
        let mut put = |path: &str, text: &str| {
            tree.insert(path, Inode::file(text.as_bytes().to_vec(), 0o644)).unwrap();
        };
        put("/etc/os-release", "ID=debian\n");
        put(
            "/var/lib/dpkg/status",
            "Package: bash\nStatus: install ok installed\nVersion: 5.2-1\n\nPackage: apt\nVersion: 2.6\n",
        );
        put("/lib/apk/db/installed", "C:Q1\nP:musl\nV:1.2.5-r0\n\n");
        put(
            "/usr/lib/python3/site-packages/Flask-3.0.3.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: Flask\nVersion: 3.0.3\n\nText\n",
        );
        let all: Vec<String> = packages(&tree).iter().map(|p| format!("{} {} {}", p.kind, p.name, p.version)).collect();
        assert_eq!(all, ["apk musl 1.2.5-r0", "deb apt 2.6", "deb bash 5.2-1", "pypi Flask 3.0.3"]);
        let d = document(&tree, "app:1", "2026-11-21T08:00:00Z");
        assert_eq!(d.pointer("/packages/1/externalRefs/0/referenceLocator").unwrap(), "pkg:deb/debian/apt@2.6");
        assert_eq!(d.pointer("/packages/3/externalRefs/0/referenceLocator").unwrap(), "pkg:pypi/flask@3.0.3");
    }
}
