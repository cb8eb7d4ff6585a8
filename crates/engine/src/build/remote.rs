//! ADD of a URL: the file is fetched at every build; its content and time are in the key.

use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_api::http::{BodyDecoder, Conn, Request};
use layerlab_api::query::Query;
use layerlab_kernel::vfs::{Inode, Tree};
use layerlab_kernel::{SockAddr, SockKind, Sys};
use layerlab_oci::Digest;

use super::error::BuildError;
use super::graph::Remote;

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

/// What an address holds.
///
/// # Errors
/// Go's words for what goes wrong.
pub(super) async fn get(sys: &Sys, url: &str) -> Result<Vec<u8>, String> {
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
        if url.starts_with("https:") {
            return Err(failed("tls: the simulated machine has no TLS"));
        }
        let mut request = Request::new("GET", path.split('?').next().unwrap_or("/"), Query::default());
        // This is no request to a daemon.
        request.version = None;
        if let Some((_, q)) = path.split_once('?') {
            request.query = Query::parse(q);
        }
        request.headers.add("Host", if port == 80 { host.to_owned() } else { format!("{host}:{port}") });
        request.headers.add("User-Agent", "buildkit/v0.26");
        request.headers.add("Connection", "close");
        let mut conn = Conn::new(sys.clone(), fd);
        let broken = |_| failed("unexpected EOF");
        conn.write(request.to_bytes()).await.map_err(broken)?;
        let head = conn.read_response().await.map_err(broken)?;
        if head.status != 200 {
            return Err(format!("invalid response status {}", head.status));
        }
        conn.read_all(&mut BodyDecoder::new(head.framing("GET"))).await.map_err(broken)
    }
    .await;
    let _ = sys.close(fd).await;
    result
}

/// Fetches a file: a tree with it at its root, mode 600, without a time.
///
/// # Errors
/// It can't be fetched, or is not what `--checksum` says.
pub async fn fetch(sys: &Sys, remote: &Remote) -> Result<Tree, BuildError> {
    let failed = |what: String| BuildError {
        step_message: Some(what.clone()),
        ..BuildError::at(format!("failed to load cache key: {what}"), remote.lines)
    };
    if remote.url.starts_with("git@") || remote.url.starts_with("git://") || remote.url.ends_with(".git") {
        return Err(failed("the simulated internet has no git server".to_owned()));
    }
    let content = get(sys, &remote.url).await.map_err(failed)?;
    if let Some(wanted) = &remote.checksum {
        let digest = Digest::of(&content).to_string();
        if *wanted != digest {
            return Err(failed(format!("digest mismatch {digest}: {wanted}")));
        }
    }
    let mut tree = Tree::new();
    let _ = tree.insert(&format!("/{}", file_name(&remote.url)), Inode::file(content, 0o600));
    Ok(tree)
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
