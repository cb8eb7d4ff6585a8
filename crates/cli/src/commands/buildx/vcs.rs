//! The git repository that a build context lies in (buildx `build/git.go`, `util/gitutil`).

use layerlab_kernel::FileType;

use crate::cli::Cli;

/// What is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repository {
    /// The folder that it is checked out in.
    pub(crate) root: String,
    /// The address of the remote that the branch follows, else of `origin` or `upstream`.
    pub(crate) source: Option<String>,
    /// The commit that is checked out.
    pub(crate) revision: Option<String>,
}

/// The repository that a folder is in.
pub(crate) async fn find(cli: &Cli, dir: &str) -> Option<Repository> {
    let mut root = dir.trim_end_matches('/').to_owned();
    let git = loop {
        let git = format!("{root}/.git");
        if cli.sys.stat(&git).await.is_ok_and(|s| s.file_type == FileType::Dir) {
            break git;
        }
        root.truncate(root.rfind('/')?);
    };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
    let read = async |name: &str| cli.sys.read_file(&format!("{git}/{name}")).await.ok().map(text);
    let head = read("HEAD").await.unwrap_or_default();
    let (branch, revision) = match head.strip_prefix("ref: ") {
        None => (String::new(), Some(head).filter(|h| !h.is_empty())),
        Some(name) => {
            let mut at = read(name).await;
            if at.is_none() {
                let packed = read("packed-refs").await.unwrap_or_default();
                at = packed.lines().find_map(|l| Some(l.strip_suffix(name)?.trim().to_owned()));
            }
            (name.strip_prefix("refs/heads/").unwrap_or(name).to_owned(), at)
        }
    };
    let config = read("config").await.unwrap_or_default();
    let followed = setting(&config, &format!("branch \"{branch}\""), "remote");
    let url = |remote: &str| setting(&config, &format!("remote \"{remote}\""), "url");
    let source = followed.and_then(|r| url(&r)).or_else(|| url("origin")).or_else(|| url("upstream"));
    let root = if root.is_empty() { "/".to_owned() } else { root };
    Some(Repository { root, source: source.map(|s| without_password(&s)), revision })
}

/// A value of git's configuration: the last one counts.
fn setting(config: &str, section: &str, key: &str) -> Option<String> {
    let (mut inside, mut found) = (false, None);
    for line in config.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            inside = name.trim_end_matches(']') == section;
        } else if let Some((k, v)) = line.split_once('=').filter(|_| inside)
            && k.trim() == key
        {
            found = Some(v.trim().to_owned());
        }
    }
    found
}

/// An address without the user's name and password.
fn without_password(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => match rest.split_once('/') {
            Some((host, path)) => format!("{scheme}://{}/{path}", host.rsplit('@').next().unwrap_or(host)),
            None => url.to_owned(),
        },
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_git() {
        let config =
            "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = https://me:x@git.example/a.git\n\tfetch = +x\n";
        let url = setting(config, "remote \"origin\"", "url").unwrap();
        assert_eq!(without_password(&url), "https://git.example/a.git");
        assert_eq!(setting(config, "remote \"upstream\"", "url"), None);
        assert_eq!(without_password("git@git.example:a.git"), "git@git.example:a.git");
    }
}
