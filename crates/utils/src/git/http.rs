//! Repositories at an address of the web, over the "dumb" protocol (gitprotocol-http(5)): references,
//! then each object that they lead to, as a file.

use layerlab_kernel::Errno;

use super::fail::{Fail, Git, at, fatal};
use super::repo::Repo;
use super::store::hex;
use crate::cli::Cli;
use crate::http::head::HeadError;
use crate::http::{Body, Head, Stream, Url};

/// A web server that is asked several times.
struct Server<'a> {
    c: &'a Cli,
    /// Without a slash at its end.
    url: String,
    stream: Option<Stream>,
}

impl Server<'_> {
    fn unable(&self, why: impl std::fmt::Display) -> Fail {
        Fail::Fatal(format!("unable to access '{}/': {why}", self.url))
    }

    async fn connect(&self, url: &Url) -> Git<Stream> {
        let found = match url.host.parse() {
            Ok(ip) => Some(ip),
            Err(_) => self.c.sys.resolve(&url.host).await.ok().and_then(|all| all.first().copied()),
        };
        let ip = found.ok_or_else(|| self.unable(format!("Could not resolve host: {}", url.host)))?;
        let begin = self.c.sys.now();
        let connected = Stream::tcp(&self.c.sys, ip, url.port).await;
        let took = (self.c.sys.now() - begin).as_millis();
        let mut stream = connected.map_err(|_| {
            self.unable(format!(
                "Failed to connect to {} port {} after {took} ms: Could not connect to server",
                url.host, url.port
            ))
        })?;
        if url.scheme == "https" && stream.tls(&url.host).await.is_err() {
            return Err(self.unable("TLS connect error: error:0A0000C6:SSL routines::packet length too long"));
        }
        Ok(stream)
    }

    /// What is at a path; the status where it is not 200.
    async fn get(&mut self, path: &str) -> Git<Result<Vec<u8>, u16>> {
        let text = format!("{}/{path}", self.url);
        let Some(url) = Url::parse(&text) else { return fatal(format!("unable to parse URL '{text}'")) };
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: git/2.47.3\r\nAccept: */*\r\n\r\n",
            url.target,
            url.authority()
        );
        // A connection that was kept may have ended.
        for kept in [self.stream.is_some(), false] {
            let mut stream = match self.stream.take() {
                Some(s) => s,
                None => self.connect(&url).await?,
            };
            let sent = stream.send(request.as_bytes()).await;
            let head = match (sent, Head::read(&mut stream).await) {
                (Ok(()), Ok(head)) => head,
                (Err(_), _) | (_, Err(HeadError::Empty)) if kept => {
                    stream.close().await;
                    continue;
                }
                _ => return Err(self.unable("Empty reply from server")),
            };
            let mut body = Body::new(head.framing("GET"));
            let mut all = Vec::new();
            while let Some(part) = body.next(&mut stream).await.map_err(|_| self.unable("transfer closed"))? {
                all.extend(part);
            }
            let close = head.version == "HTTP/1.0"
                || head.header("Connection").is_some_and(|v| v.eq_ignore_ascii_case("close"))
                || head.header("Content-Length").is_none();
            if close {
                stream.close().await;
            } else {
                self.stream = Some(stream);
            }
            return Ok(if head.status == 200 { Ok(all) } else { Err(head.status) });
        }
        Err(self.unable("Empty reply from server"))
    }
}

/// The folder of a fetched repository; it goes when the command ends.
pub(super) fn mirror(c: &Cli) -> String {
    format!("/tmp/.git-fetch-{}", c.sys.pid())
}

/// Takes the fetched repository away.
pub(super) async fn forget(c: &Cli) {
    let root = mirror(c);
    let mut dirs = vec![root];
    let mut seen = 0;
    while let Some(dir) = dirs.get(seen).cloned() {
        seen += 1;
        for e in c.sys.read_dir(&dir).await.unwrap_or_default() {
            let path = format!("{dir}/{}", e.name);
            if e.file_type == layerlab_kernel::FileType::Dir {
                dirs.push(path);
            } else {
                let _ = c.sys.unlink(&path).await;
            }
        }
    }
    for dir in dirs.iter().rev() {
        let _ = c.sys.rmdir(dir).await;
    }
}

/// Fetches the repository at an address to a folder of its own.
pub(super) async fn fetch(c: &Cli, url: &str) -> Git<Repo> {
    let git = mirror(c);
    forget(c).await;
    let url = url.trim_end_matches('/').to_owned();
    let mut server = Server { c, url, stream: None };
    let refs = match server.get("info/refs?service=git-upload-pack").await? {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(404) => return fatal(format!("repository '{}/' not found", server.url)),
        Err(status) => return Err(server.unable(format!("The requested URL returned error: {status}"))),
    };
    if !refs.is_empty() && !refs.lines().all(|l| l.split('\t').next().is_some_and(|o| o.len() == 40)) {
        return fatal(format!("invalid server response; got '{}'", refs.lines().next().unwrap_or_default()));
    }
    let head = server.get("HEAD").await?.unwrap_or_default();
    let head = String::from_utf8_lossy(&head).into_owned();
    let branch = head.trim().strip_prefix("ref: refs/heads/").unwrap_or("master").to_owned();
    super::init::make(c, &git, true, &branch).await?;
    let repo = Repo::open(c, String::new(), git.clone(), String::new(), &[]).await;
    packs(&mut server, &repo).await?;
    let mut todo: Vec<String> = Vec::new();
    for (oid, name) in refs.lines().filter_map(|l| l.split_once('\t')) {
        if name.ends_with("^{}") || !name.starts_with("refs/") {
            continue;
        }
        repo.set_ref(name, Some(oid)).await?;
        todo.push(oid.to_owned());
    }
    let mut seen = std::collections::BTreeSet::new();
    while let Some(oid) = todo.pop() {
        if !seen.insert(oid.clone()) {
            continue;
        }
        if repo.object(&oid).await.is_err() {
            loose(&mut server, &repo, &oid).await?;
        }
        let object = repo.object(&oid).await?;
        match object.kind.as_str() {
            "commit" | "tag" => {
                let text = String::from_utf8_lossy(&object.data).into_owned();
                for line in text.lines().take_while(|l| !l.is_empty()) {
                    if let Some(("tree" | "parent" | "object", to)) = line.split_once(' ') {
                        todo.push(to.to_owned());
                    }
                }
            }
            "tree" => {
                let mut rest = object.data.as_slice();
                while let Some(end) = rest.iter().position(|b| *b == 0) {
                    let Some(name) = rest.get(end + 1..end + 21) else { break };
                    // A submodule's commit is another repository's.
                    if !rest.starts_with(b"160000") {
                        todo.push(hex(name));
                    }
                    rest = &rest[end + 21..];
                }
            }
            _ => {}
        }
    }
    if let Some(stream) = server.stream {
        stream.close().await;
    }
    Ok(repo)
}

async fn loose(server: &mut Server<'_>, repo: &Repo, oid: &str) -> Git<()> {
    let (dir, rest) = oid.split_at(2);
    match server.get(&format!("objects/{dir}/{rest}")).await? {
        Ok(data) => {
            let folder = format!("{}/objects/{dir}", repo.git);
            match repo.sys.mkdir(&folder, 0o777).await {
                Ok(()) | Err(Errno::EEXIST) => {}
                Err(e) => return Err(at(&folder)(e)),
            }
            let path = format!("{folder}/{rest}");
            repo.sys.write_file(&path, data, 0o444).await.map_err(at(&path))
        }
        Err(_) => {
            let url = &server.url;
            server
                .c
                .sys
                .eprint(format!("error: Unable to find {oid} under {url}\nCannot obtain needed object {oid}\n"))
                .await;
            Err(Fail::Error("fetch failed.".to_owned()))
        }
    }
}

/// All packs that the repository has.
async fn packs(server: &mut Server<'_>, repo: &Repo) -> Git<()> {
    let Ok(list) = server.get("objects/info/packs").await? else { return Ok(()) };
    let list = String::from_utf8_lossy(&list).into_owned();
    for pack in list.lines().filter_map(|l| l.strip_prefix("P ")) {
        let Some(stem) = pack.trim().strip_suffix(".pack").filter(|s| !s.contains('/')) else { continue };
        for name in [format!("{stem}.pack"), format!("{stem}.idx")] {
            if let Ok(data) = server.get(&format!("objects/pack/{name}")).await? {
                let path = format!("{}/objects/pack/{name}", repo.git);
                repo.sys.write_file(&path, data, 0o444).await.map_err(at(&path))?;
            }
        }
    }
    Ok(())
}
