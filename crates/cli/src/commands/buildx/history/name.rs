//! What a build is called in lists (buildx `commands/history/utils.go`, `BuildName`).

use layerlab_api::history::{LocalState, Record};

/// Whether a context is an address.
pub(super) fn is_remote(path: &str) -> bool {
    super::super::context::is_remote(path)
}

/// The last part of a path.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// From its context's folder, its Dockerfile and its target.
pub(super) fn build_name(r: &Record) -> String {
    let attr = |k: &str| r.frontend_attrs.get(k).map(String::as_str).filter(|v| !v.is_empty());
    if let Some(name) = attr("build-arg:BUILDKIT_BUILD_NAME") {
        return name.to_owned();
    }
    let not_here = |k: &str| attr(k).filter(|v| *v != ".");
    let context = attr("context").or_else(|| not_here("vcs:localdir:context"));
    let mut dockerfile = attr("filename").filter(|f| *f != "Dockerfile").unwrap_or_default().to_owned();
    if let Some(dir) = not_here("vcs:localdir:dockerfile") {
        dockerfile = if dockerfile.is_empty() { dir.to_owned() } else { format!("{dir}/{dockerfile}") };
    }
    let LocalState { local_path, dockerfile_path } = &r.local;
    let mut local = "";
    if !is_remote(local_path) {
        local = if local_path == "-" { "" } else { local_path };
        if !matches!(dockerfile_path.as_str(), "" | "-" | "Dockerfile") {
            dockerfile.clone_from(dockerfile_path);
        }
    }
    let usual = dockerfile.is_empty() || dockerfile.ends_with("/Dockerfile");
    let dockerfile = dockerfile.strip_suffix("/Dockerfile").unwrap_or(&dockerfile);
    let mut name = if dockerfile.len() > local.len() && dockerfile.starts_with(local) {
        dockerfile.get(local.rfind('/').map_or(0, |at| at + 1)..).unwrap_or_default().to_owned()
    } else {
        let path = if dockerfile.is_empty() { local } else { dockerfile };
        match path.rsplit_once('/') {
            _ if usual => base(path).to_owned(),
            Some((above, file)) => format!("{}/{file}", base(above)),
            None => format!("{path}/{path}"),
        }
    };
    if let Some(context) = context {
        name = context.to_owned();
    }
    if let Some(target) = attr("target") {
        name = if name.is_empty() { target.to_owned() } else { format!("{name} ({target})") };
    }
    if name.is_empty() { attr("vcs:source").unwrap_or_default().to_owned() } else { name }
}

/// The end of a long name.
pub(super) fn trim_beginning(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let mut from = name.len() + 2 - most;
    while !name.is_char_boundary(from) {
        from += 1;
    }
    format!("..{}", name.get(from..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(local: &str, dockerfile: &str, attrs: &[(&str, &str)]) -> String {
        let attrs = attrs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let local = LocalState { local_path: local.into(), dockerfile_path: dockerfile.into() };
        build_name(&Record { frontend_attrs: attrs, local, ..Record::default() })
    }

    /// As buildx's own function answers.
    #[test]
    fn names_from_folder_file_and_target() {
        assert_eq!(named("/home/u/app", "", &[("filename", "Dockerfile")]), "app");
        assert_eq!(named("/home/u/app", "", &[("target", "test")]), "app (test)");
        let dev = [("filename", "Dev.Dockerfile")];
        assert_eq!(named("/home/u/app", "/home/u/app/dev/Dev.Dockerfile", &dev), "app/dev/Dev.Dockerfile");
        assert_eq!(named("/home/u/app", "/etc/x/Dev.Dockerfile", &dev), "x/Dev.Dockerfile");
        assert_eq!(named("/home/u/app", "/home/u/app/dev/Dockerfile", &[]), "app/dev");
        let url = "https://git.example/demo.git";
        assert_eq!(named(url, "", &[("context", url)]), url);
        assert_eq!(named("/x", "", &[("build-arg:BUILDKIT_BUILD_NAME", "mine")]), "mine");
        assert_eq!(trim_beginning("a-name-of-exactly-thirty-six-bytes-x", 36), "a-name-of-exactly-thirty-six-bytes-x");
        assert_eq!(trim_beginning(&"x".repeat(40), 36), format!("..{}", "x".repeat(34)));
    }
}
