//! The program `registry`: a registry as distribution's (`registry serve`). The accept loop is a state
//! machine, because it lives as long as its container; each connection is a thread.

use std::hash::Hash;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

use layerlab_api::http::{BodyDecoder, Conn, Request, Response};
use layerlab_kernel::{
    Cx, Disposition, Errno, Fd, Program, ProgramArgs, Ret, Signal, SockAddr, SockKind, StateHasher, Step, Sys, Syscall,
    ThreadBody, async_program,
};
use layerlab_oci::{Digest, Index, Manifest, Timestamp, media_type};

use super::error::RegistryError;
use super::store::Store;
use super::upload;

/// Starts it.
pub fn start(args: ProgramArgs) -> Box<dyn Program> {
    Box::new(Server { args, listener: None })
}

#[derive(Clone, Hash)]
struct Server {
    args: ProgramArgs,
    listener: Option<Fd>,
}

impl Server {
    fn listen(&self, cx: &mut Cx<'_>) -> Result<Fd, (u16, Errno)> {
        let addr = self.args.var("REGISTRY_HTTP_ADDR").unwrap_or(":5000");
        let port: u16 = addr.rsplit(':').next().and_then(|p| p.parse().ok()).unwrap_or(5000);
        let mut listen = || {
            for signal in [Signal::TERM, Signal::INT] {
                cx.sigaction(signal, Disposition::Catch)?;
            }
            cx.sigaction(Signal::PIPE, Disposition::Ignore)?;
            let fd = cx.socket(SockKind::Tcp)?;
            cx.set_cloexec(fd, true)?;
            cx.bind(fd, SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port)))?;
            cx.listen(fd, 128)?;
            Ok(fd)
        };
        listen().map_err(|e| (port, e))
    }
}

fn log(cx: &mut Cx<'_>, text: &str) {
    let time = Timestamp::from_nanos(i128::from(cx.wall_clock()));
    let line = format!("time=\"{time}\" {text}\n");
    let _ = cx.write(2, Rc::new(line.into_bytes()));
}

impl Program for Server {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        let result = cx.result();
        let Some(listener) = self.listener else {
            return match self.listen(cx) {
                Ok(fd) => {
                    self.listener = Some(fd);
                    log(
                        cx,
                        "level=info msg=\"listening on [::]:5000\" go.version=go1.20.8 service=registry version=2.8.3",
                    );
                    Step::Syscall(Syscall::Accept { fd })
                }
                Err((port, e)) => {
                    let why = crate::error::lower(e);
                    log(cx, &format!("level=fatal msg=\"listen tcp :{port}: bind: {why}\""));
                    Step::exit(1)
                }
            };
        };
        match result {
            Ok(Ret::Accepted { fd, peer }) => {
                let delete = self.args.var("REGISTRY_STORAGE_DELETE_ENABLED") == Some("true");
                let _ = cx.set_cloexec(fd, true);
                if cx.thread(ThreadBody::new(connection(fd, peer, delete))).is_err() {
                    let _ = cx.close(fd);
                }
            }
            Err(Errno::EINTR) if cx.take_signal().is_some() => return Step::exit(0),
            _ => {}
        }
        Step::Syscall(Syscall::Accept { fd: listener })
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        self.hash(h);
    }

    fn memory(&self) -> u64 {
        12 << 20
    }
}

/// Our addition to a blob's head when it is pulled, and to the query when it is pushed: the bytes that a pull of the
/// real one moves, and those on disk.
pub(super) const NOMINAL: &str = "Layerlab-Nominal-Size";

/// What a registry answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub kind: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub(super) fn new(status: u16) -> Self {
        Self { status, ..Self::default() }
    }
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
    pub(super) fn of(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, kind: kind.to_owned(), body: body.into(), headers: Vec::new() }
    }
}

fn connection(fd: Fd, peer: SockAddr, delete: bool) -> Box<dyn Program> {
    let args = ProgramArgs {
        argv: vec!["registry".to_owned(), format!("connection {fd}")],
        env: Vec::new(),
        variant: String::new(),
    };
    async_program(args, move |sys, _| async move {
        let mut conn = Conn::new(sys.clone(), fd);
        loop {
            let request = match conn.read_request().await {
                Ok(Some(r)) => r,
                Ok(None) => break,
                Err(_) => {
                    // Somebody speaks TLS, or nothing known (Go's net/http).
                    let text = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";
                    let _ = conn.write(text.as_bytes().to_vec()).await;
                    break;
                }
            };
            let mut decoder = BodyDecoder::new(request.framing());
            let Ok(body) = conn.read_all(&mut decoder).await else { break };
            let answer = match answer(&sys, &request, body, delete).await {
                Ok(a) => a,
                Err(e) => Answer::of(e.status, "application/json; charset=utf-8", e.json()),
            };
            access_log(&sys, &peer, &request, &answer).await;
            if conn.write(bytes(&request, &answer)).await.is_err() {
                break;
            }
        }
        let _ = sys.close(fd).await;
        0
    })
}

pub(super) fn bytes(request: &Request, answer: &Answer) -> Vec<u8> {
    let mut head = Response::new(answer.status).with("Docker-Distribution-Api-Version", "registry/2.0");
    for (name, value) in &answer.headers {
        head = head.with(name, value.clone());
    }
    if !answer.kind.is_empty() {
        head = head.with("Content-Type", answer.kind.clone());
    }
    head = head.with("X-Content-Type-Options", "nosniff");
    if answer.status != 204 {
        head = head.with("Content-Length", answer.body.len().to_string());
    }
    let mut out = head.to_bytes();
    if request.method != "HEAD" {
        out.extend(&answer.body);
    }
    out
}

async fn access_log(sys: &Sys, peer: &SockAddr, request: &Request, answer: &Answer) {
    let from = match peer {
        SockAddr::Inet(a) => a.ip().to_string(),
        SockAddr::Unix(_) => "-".to_owned(),
    };
    let version = request.version.as_ref().map(|v| format!("/v{v}")).unwrap_or_default();
    let agent = request.headers.get("User-Agent").unwrap_or_default();
    let line = format!(
        "{from} - - \"{} {version}{} HTTP/1.1\" {} {} \"\" \"{agent}\"\n",
        request.method,
        request.path,
        answer.status,
        answer.body.len()
    );
    let _ = sys.write_all(1, line.into_bytes()).await;
}

async fn answer(sys: &Sys, request: &Request, body: Vec<u8>, delete: bool) -> Result<Answer, RegistryError> {
    let store = Store { sys: sys.clone(), root: super::store::ROOT.to_owned(), official: None };
    respond(&store, request, body, delete).await
}

/// The v2 API over a registry's files.
pub(super) async fn respond(
    store: &Store,
    request: &Request,
    body: Vec<u8>,
    delete: bool,
) -> Result<Answer, RegistryError> {
    if request.version.as_deref() != Some("2") {
        return Ok(Answer::of(404, "text/plain; charset=utf-8", "404 page not found\n"));
    }
    let parts: Vec<&str> = request.path.split('/').filter(|p| !p.is_empty()).collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("GET" | "HEAD", []) => Ok(Answer::of(200, "application/json; charset=utf-8", "{}")),
        ("GET", ["_catalog"]) => {
            let all = serde_json::json!({ "repositories": store.repositories().await });
            Ok(Answer::of(200, "application/json; charset=utf-8", format!("{all}\n")))
        }
        ("GET", [name @ .., "tags", "list"]) => {
            let name = checked(name)?;
            let tags = store.tags(&name).await.ok_or_else(|| RegistryError::name_unknown(&name))?;
            let all = serde_json::json!({ "name": name, "tags": (!tags.is_empty()).then_some(tags) });
            Ok(Answer::of(200, "application/json; charset=utf-8", format!("{all}\n")))
        }
        (_, [name @ .., "manifests", reference]) => {
            manifest(store, &checked(name)?, reference, request, body, delete).await
        }
        ("POST", [name @ .., "blobs", "uploads"]) => upload::begin(store, &checked(name)?, request, body).await,
        (_, [name @ .., "blobs", "uploads", id]) => upload::go_on(store, &checked(name)?, id, request, body).await,
        ("GET" | "HEAD", [name @ .., "blobs", digest]) => {
            let name = checked(name)?;
            let wanted: Digest = digest.parse().map_err(|_| RegistryError::digest_invalid("digest parsing failed"))?;
            if !store.has_blob(&name, &wanted).await {
                return Err(RegistryError::blob_unknown(digest));
            }
            let found = store.found(&name, &wanted).await.ok_or_else(|| RegistryError::blob_unknown(digest))?;
            let mut answer = Answer::of(200, "application/octet-stream", found.bytes.to_vec())
                .with("Docker-Content-Digest", *digest)
                .with("Cache-Control", "max-age=31536000")
                .with("Etag", format!("\"{digest}\""));
            if let Some((compressed, unpacked)) = found.nominal {
                answer = answer.with(NOMINAL, format!("{compressed} {unpacked}"));
            }
            Ok(answer)
        }
        ("DELETE", [.., "blobs", _]) => Err(RegistryError::unsupported()),
        _ => Ok(Answer::of(404, "text/plain; charset=utf-8", "404 page not found\n")),
    }
}

/// A repository's name (distribution-spec, "Pulling manifests").
fn checked(parts: &[&str]) -> Result<String, RegistryError> {
    let name = parts.join("/");
    let part = |p: &&str| {
        p.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
    };
    if name.is_empty() || !parts.iter().all(part) { Err(RegistryError::name_invalid(&name)) } else { Ok(name) }
}

async fn manifest(
    store: &Store,
    name: &str,
    reference: &str,
    request: &Request,
    body: Vec<u8>,
    delete: bool,
) -> Result<Answer, RegistryError> {
    match request.method.as_str() {
        "GET" | "HEAD" => {
            let unknown = || RegistryError::manifest_unknown(name, reference);
            let digest = store.resolve(name, reference).await.ok_or_else(unknown)?;
            let data = store.found(name, &digest).await.ok_or_else(unknown)?.bytes.to_vec();
            Ok(Answer::of(200, &kind_of(&data), data)
                .with("Docker-Content-Digest", digest.to_string())
                .with("Etag", format!("\"{digest}\"")))
        }
        "PUT" => {
            for needed in references(&body)? {
                if store.blob(&needed).await.is_none() {
                    return Err(RegistryError::manifest_blob_unknown(&needed.to_string()));
                }
            }
            let digest = store.put_manifest(name, reference, body).await?;
            Ok(Answer::new(201)
                .with("Location", format!("/v2/{name}/manifests/{digest}"))
                .with("Docker-Content-Digest", digest.to_string()))
        }
        "DELETE" if delete => {
            let unknown = || RegistryError::manifest_unknown(name, reference);
            let digest = store.resolve(name, reference).await.ok_or_else(unknown)?;
            store.delete_manifest(name, &digest).await?;
            Ok(Answer::new(202))
        }
        _ => Err(RegistryError::unsupported()),
    }
}

/// The media type that a manifest says it is of.
pub(super) fn kind_of(data: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(data).unwrap_or_default();
    let said = value.get("mediaType").and_then(serde_json::Value::as_str);
    let guess = if value.get("manifests").is_some() { media_type::OCI_INDEX } else { media_type::OCI_MANIFEST };
    said.unwrap_or(guess).to_owned()
}

/// What a manifest or an index points to.
fn references(data: &[u8]) -> Result<Vec<Digest>, RegistryError> {
    if media_type::is_index(&kind_of(data)) {
        let index = Index::from_json(data).map_err(|e| RegistryError::manifest_invalid(&e.to_string()))?;
        return Ok(index.manifests.iter().map(|d| d.digest).collect());
    }
    let manifest = Manifest::from_json(data).map_err(|e| RegistryError::manifest_invalid(&e.to_string()))?;
    Ok(manifest.layers.iter().chain([&manifest.config]).map(|d| d.digest).collect())
}
