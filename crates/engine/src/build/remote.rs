//! ADD of an address: the file is fetched at every build, and its content is in the key; of a repository
//! the commit is.

use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_api::http::{BodyDecoder, Conn, Request};
use layerlab_api::query::Query;
use layerlab_kernel::net::tls::{self, TlsError};
use layerlab_kernel::vfs::{Inode, Tree};
use layerlab_kernel::{SockAddr, SockKind, Sys};
use layerlab_oci::Digest;

use super::error::BuildError;
use super::git::{self, GitRef};
use super::graph::Remote;
use super::key::{ContentId, FileId, FileSet, Files};
use super::progress::Progress;

/// The parts of an `http` address: host, port, path with query.
fn split(url: &str) -> Option<(&str, u16, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let (authority, path) = match rest.find(['/', '?']) {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((h, p)) => (h, p.parse().ok()?),
        None => (authority, if scheme == "https" { 443 } else { 80 }),
    };
    Some((host, port, path))
}

/// The name that a fetched file gets.
pub fn file_name(url: &str) -> String {
    let path = split(url).map_or("", |p| p.2);
    let name = path.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    if name.is_empty() { "index.html".to_owned() } else { name.to_owned() }
}

/// What an address holds; redirections are followed.
///
/// # Errors
/// Go's words for what goes wrong.
pub(super) async fn get(sys: &Sys, url: &str) -> Result<Vec<u8>, String> {
    let mut at = url.to_owned();
    for _ in 0..10 {
        match once(sys, &at).await? {
            Found::Body(body) => return Ok(body),
            Found::Elsewhere(next) if next.contains("://") => at = next,
            Found::Elsewhere(next) => {
                let root = split(&at).and_then(|p| at.strip_suffix(p.2)).unwrap_or(&at);
                at = format!("{root}/{}", next.trim_start_matches('/'));
            }
        }
    }
    Err(format!("Get \"{at}\": stopped after 10 redirects"))
}

enum Found {
    Body(Vec<u8>),
    Elsewhere(String),
}

async fn once(sys: &Sys, url: &str) -> Result<Found, String> {
    let failed = |why: &str| format!("Get \"{url}\": {why}");
    let (host, port, path) = split(url).ok_or_else(|| failed("unsupported protocol scheme"))?;
    let ip: Ipv4Addr = match host.parse() {
        Ok(ip) => ip,
        Err(_) => {
            let found = sys.resolve(host).await.ok().and_then(|l| l.first().copied());
            found.ok_or_else(|| failed(&format!("dial tcp: lookup {host}: no such host")))?
        }
    };
    let fd = sys.socket(SockKind::Tcp).await.map_err(|e| failed(&crate::error::lower(e)))?;
    let refused = |e| failed(&format!("dial tcp {ip}:{port}: connect: {}", crate::error::lower(e)));
    if let Err(e) = sys.connect(fd, SockAddr::Inet(SocketAddrV4::new(ip, port))).await {
        let _ = sys.close(fd).await;
        return Err(refused(e));
    }
    let result = async {
        if url.starts_with("https:")
            && let Err(e) = tls::connect(sys, fd, host, None).await
        {
            return Err(failed(match e {
                TlsError::Plain => "http: server gave HTTP response to HTTPS client",
                TlsError::Closed => "EOF",
                TlsError::Name(_) | TlsError::Issuer(_) => {
                    "tls: failed to verify certificate: x509: certificate signed by unknown authority"
                }
            }));
        }
        let mut request = Request::new("GET", path.split('?').next().unwrap_or("/"), Query::default());
        // This is no request to a daemon.
        request.version = None;
        if let Some((_, q)) = path.split_once('?') {
            request.query = Query::parse(q);
        }
        let own_port = if url.starts_with("https:") { 443 } else { 80 };
        request.headers.add("Host", if port == own_port { host.to_owned() } else { format!("{host}:{port}") });
        request.headers.add("User-Agent", "buildkit/v0.26");
        request.headers.add("Connection", "close");
        let mut conn = Conn::new(sys.clone(), fd);
        let broken = |_| failed("unexpected EOF");
        conn.write(request.to_bytes()).await.map_err(broken)?;
        let head = conn.read_response().await.map_err(broken)?;
        if let (301 | 302 | 303 | 307 | 308, Some(next)) = (head.status, head.headers.get("Location")) {
            return Ok(Found::Elsewhere(next.to_owned()));
        }
        if head.status != 200 {
            return Err(format!("invalid response status {}", head.status));
        }
        conn.read_all(&mut BodyDecoder::new(head.framing("GET"))).await.map(Found::Body).map_err(broken)
    }
    .await;
    let _ = sys.close(fd).await;
    result
}

/// What was fetched for an ADD.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// The file, or a repository's files.
    pub tree: Tree,
    /// What is in the key instead of the files: the repository's commit.
    pub files: Option<FileSet>,
}

/// Fetches a file: a tree with it at its root, mode 600, without a time; or a repository's files.
///
/// # Errors
/// It can't be fetched, or is not what `--checksum` says.
pub async fn fetch(progress: &mut Progress, id: &str, remote: &Remote, number: u64) -> Result<Fetched, BuildError> {
    let failed = |what: String| BuildError {
        step_message: Some(what.clone()),
        ..BuildError::at(format!("failed to load cache key: {what}"), remote.lines)
    };
    if let Some(git) = GitRef::parse(&remote.url) {
        let mut git = git.map_err(failed)?;
        git.keep_git_dir |= remote.keep_git_dir;
        if let Some(c) = &remote.checksum {
            git.checksum.clone_from(c);
        }
        let found = git::fetch(progress, id, &git, number).await.map_err(failed)?;
        let mode = u32::from(git.keep_git_dir);
        let content = ContentId::File(Digest::of(found.commit.as_bytes()));
        let key = FileId { content, mode, uid: 0, gid: 0 };
        let files = Files::from([(format!("{}:{}", found.commit, git.subdir), key)]);
        return Ok(Fetched { tree: found.tree, files: Some(FileSet::new(files)) });
    }
    let sys = progress.sys.clone();
    let content = get(&sys, &remote.url).await.map_err(failed)?;
    if let Some(wanted) = &remote.checksum {
        let digest = Digest::of(&content).to_string();
        if *wanted != digest {
            return Err(failed(format!("digest mismatch {digest}: {wanted}")));
        }
    }
    let mut tree = Tree::new();
    let _ = tree.insert(&format!("/{}", file_name(&remote.url)), Inode::file(content, 0o600));
    Ok(Fetched { tree, files: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(split("http://files.example:8080/a/b.txt?x=1"), Some(("files.example", 8080, "/a/b.txt?x=1")));
        assert_eq!(split("https://files.example"), Some(("files.example", 443, "/")));
        assert_eq!(file_name("http://files.example/a/b.txt?x=1"), "b.txt");
    }
}
