//! A registry's client: requests of the OCI distribution protocol over the simulated network, with Go's
//! words for what goes wrong on the way. The daemon pulls and pushes with it, the client looks at
//! manifests.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddrV4;
use std::rc::Rc;

use layerlab_kernel::net::tls::{self, TlsError};
use layerlab_kernel::{Errno, Fd, SockAddr, SockKind, Sys};

use crate::http::{BodyDecoder, Conn, ConnError, Request, Response};
use crate::query::Query;

/// Docker Hub's registry, whose images are named after another host.
pub const HUB: &str = "registry-1.docker.io";

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryError {
    /// In Go's words: `failed to do request: …`, `failed to authorize: …`.
    pub message: String,
    /// The registry does not take the credentials.
    pub unauthorized: bool,
}

impl RegistryError {
    fn new(message: String) -> Self {
        Self { message, unauthorized: false }
    }
}

/// A registry that requests can be made to.
#[derive(Clone)]
pub struct Registry {
    /// System calls of who asks.
    pub sys: Sys,
    /// Host and port as in image names.
    pub host: String,
    /// `Authorization` of who has logged in.
    pub authorization: Option<String>,
    /// Speak plain HTTP.
    pub insecure: bool,
    /// Ask for tokens that allow to push.
    pub pushes: bool,
    /// Whom it says it is: `docker/29.7.2 go/…`.
    pub agent: String,
    /// Tokens that were given out, by what they are for.
    tokens: Rc<RefCell<BTreeMap<String, String>>>,
}

/// A registry's answer.
pub struct Reply {
    /// Status and headers.
    pub head: Response,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header's value, or the empty text.
    pub fn header(&self, name: &str) -> &str {
        self.head.headers.get(name).unwrap_or_default()
    }
    /// The message of the first error in the body.
    pub fn why(&self) -> String {
        let value: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let text = |of: &str| value.pointer(of).and_then(serde_json::Value::as_str).map(str::to_owned);
        let message = text("/errors/0/message");
        if self.head.status == 429 {
            return format!("toomanyrequests: {}", message.unwrap_or_default());
        }
        message.unwrap_or_else(|| format!("unexpected status: {}", self.status()))
    }
    /// Status as a line: `404 Not Found`.
    pub fn status(&self) -> String {
        let reason = match self.head.status {
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            429 => "Too Many Requests",
            500 => "Internal Server Error",
            _ => return self.head.status.to_string(),
        };
        format!("{} {reason}", self.head.status)
    }
}

/// Where to, as a URL has it.
struct Target<'a> {
    scheme: &'a str,
    name: &'a str,
    port: u16,
    /// Path and query as sent.
    request: Request,
}

/// What is wanted of a token: from where, and the query.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Challenge {
    realm: String,
    query: Query,
}

/// Reads `Bearer realm="…",service="…",scope="…"`.
fn challenge(header: &str) -> Option<Challenge> {
    let mut rest = header.strip_prefix("Bearer ")?;
    let mut found = Challenge { realm: String::new(), query: Query::default() };
    let mut service = String::new();
    let mut scope = String::new();
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, more) = after.split_once('"')?;
        match name.trim_matches([',', ' ']) {
            "realm" => found.realm = value.to_owned(),
            "service" => service = value.to_owned(),
            "scope" => scope = value.to_owned(),
            _ => {}
        }
        rest = more;
    }
    if !scope.is_empty() {
        found.query = found.query.with("scope", scope);
    }
    found.query = found.query.with("service", service);
    Some(found)
}

impl Registry {
    /// One that has nobody's credentials yet; `host` as in image names.
    pub fn new(sys: &Sys, host: &str, agent: &str, authorization: Option<String>, insecure: bool) -> Self {
        let (host, agent) = (host.to_owned(), agent.to_owned());
        Self { sys: sys.clone(), host, authorization, insecure, pushes: false, agent, tokens: Rc::default() }
    }

    /// Where requests go: Docker Hub's registry has another name than its images.
    fn address(&self) -> &str {
        if self.host == "docker.io" { HUB } else { &self.host }
    }

    /// One request, again with a token or credentials where the registry wants them; `path` begins
    /// after `/v2/`.
    ///
    /// # Errors
    /// Nobody answers: `failed to do request: …`; there is no token: `failed to authorize: …`.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        query: Query,
        accept: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Reply, RegistryError> {
        let scope = path.split("/manifests/").next().and_then(|p| p.split("/blobs/").next()).unwrap_or_default();
        let kind = if matches!(method, "GET" | "HEAD") && !self.pushes { "pull" } else { "push" };
        let key = format!("{kind} {scope}");
        let known = self.tokens.borrow().get(&key).cloned();
        let first = self.once(method, path, query.clone(), accept, body.clone(), known.clone()).await?;
        if first.head.status != 401 {
            return Ok(first);
        }
        let wanted = first.header("Www-Authenticate").to_owned();
        let authorization = match challenge(&wanted) {
            Some(mut c) if known.is_none() => {
                if self.pushes && !scope.is_empty() {
                    let service = c.query.text("service").to_owned();
                    let wanted = format!("repository:{scope}:pull,push");
                    c.query = Query::default().with("scope", wanted).with("service", service);
                }
                format!("Bearer {}", self.token(&c).await?)
            }
            None if wanted.starts_with("Basic") && known.is_none() => match &self.authorization {
                Some(a) => a.clone(),
                None => return Ok(first),
            },
            _ => return Ok(first),
        };
        self.tokens.borrow_mut().insert(key, authorization.clone());
        self.once(method, path, query, accept, body, Some(authorization)).await
    }

    /// One request without credentials, to another API than that of images.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn get(&self, version: &str, path: &str, query: Query) -> Result<Reply, RegistryError> {
        let mut request = Request::new("GET", &format!("/{path}"), query);
        request.version = Some(version.trim_start_matches('v').to_owned());
        request.headers.add("Host", self.host.clone());
        let url = format!("https://{}/{version}/{path}?{}", self.host, request.query.encode());
        let (name, port) = split(&self.host, 443);
        self.send(Target { scheme: "https", name, port, request }, None)
            .await
            .map_err(|why| RegistryError::new(format!("Get \"{url}\": {why}")))
    }

    /// Gets a token.
    async fn token(&self, c: &Challenge) -> Result<String, RegistryError> {
        let what = if self.authorization.is_some() { "oauth" } else { "anonymous" };
        let failed =
            |why: String| RegistryError::new(format!("failed to authorize: failed to fetch {what} token: {why}"));
        let (scheme, rest) = c.realm.split_once("://").ok_or_else(|| failed(format!("bad realm {}", c.realm)))?;
        let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (name, port) = split(address, if scheme == "http" { 80 } else { 443 });
        let mut request = Request::new("GET", &format!("/{path}"), c.query.clone());
        request.version = None;
        request.headers.add("Host", address);
        if let Some(a) = &self.authorization {
            request.headers.add("Authorization", a.clone());
        }
        let url = format!("{}?{}", c.realm, c.query.encode());
        let reply = self
            .send(Target { scheme, name, port, request }, None)
            .await
            .map_err(|why| failed(format!("Get \"{url}\": {why}")))?;
        if reply.head.status != 200 {
            let status = reply.status();
            return Err(RegistryError {
                unauthorized: reply.head.status == 401,
                ..failed(format!("unexpected status from GET request to {url}: {status}"))
            });
        }
        let value: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let token = value.get("token").and_then(serde_json::Value::as_str);
        token.map(str::to_owned).ok_or_else(|| failed("no token in the answer".to_owned()))
    }

    async fn once(
        &self,
        method: &str,
        path: &str,
        query: Query,
        accept: &str,
        body: Option<(&str, Vec<u8>)>,
        authorization: Option<String>,
    ) -> Result<Reply, RegistryError> {
        let scheme = if self.insecure { "http" } else { "https" };
        let verb = match method {
            "HEAD" => "Head",
            "GET" => "Get",
            "POST" => "Post",
            "PATCH" => "Patch",
            _ => "Put",
        };
        let address = self.address();
        let (name, port) = split(address, if scheme == "http" { 80 } else { 443 });
        let mut request = Request::new(method, &format!("/{path}"), query);
        request.version = Some("2".to_owned());
        request.headers.add("Host", address);
        request.headers.add("User-Agent", self.agent.clone());
        if !accept.is_empty() {
            request.headers.add("Accept", accept);
        }
        if let Some(a) = authorization {
            request.headers.add("Authorization", a);
        }
        self.send(Target { scheme, name, port, request }, body).await.map_err(|why| {
            let url = format!("{scheme}://{address}/v2/{path}");
            RegistryError::new(format!("failed to do request: {verb} \"{url}\": {why}"))
        })
    }

    /// One request, in Go's words for what goes wrong.
    async fn send(&self, target: Target<'_>, body: Option<(&str, Vec<u8>)>) -> Result<Reply, String> {
        let fd = self.connect(target.name, target.port).await?;
        let result = self.exchange(fd, target, body).await;
        let _ = self.sys.close(fd).await;
        result
    }

    async fn connect(&self, name: &str, port: u16) -> Result<Fd, String> {
        let ip = match name.parse() {
            Ok(ip) => ip,
            Err(_) => {
                let found = self.sys.resolve(name).await.unwrap_or_default();
                *found.first().ok_or_else(|| no_such_host(name))?
            }
        };
        let fd = self.sys.socket(SockKind::Tcp).await.map_err(lower)?;
        let addr = SocketAddrV4::new(ip, port);
        if let Err(e) = self.sys.connect(fd, SockAddr::Inet(addr)).await {
            let _ = self.sys.close(fd).await;
            let why = if e == Errno::ETIMEDOUT { "i/o timeout".to_owned() } else { format!("connect: {}", lower(e)) };
            return Err(format!("dial tcp {addr}: {why}"));
        }
        Ok(fd)
    }

    async fn exchange(&self, fd: Fd, target: Target<'_>, body: Option<(&str, Vec<u8>)>) -> Result<Reply, String> {
        if target.scheme == "https" {
            tls::connect(&self.sys, fd, target.name, None).await.map_err(|e| refused(&e, target.name))?;
        }
        let mut request = target.request;
        let (kind, data) = body.unwrap_or_default();
        if !kind.is_empty() {
            request.headers.add("Content-Type", kind);
        }
        request.headers.add("Content-Length", data.len().to_string());
        request.headers.add("Connection", "close");
        let mut conn = Conn::new(self.sys.clone(), fd);
        let mut bytes = request.to_bytes();
        bytes.extend(data);
        let text = |e: ConnError| e.to_string();
        conn.write(bytes).await.map_err(text)?;
        let head = conn.read_response().await.map_err(text)?;
        let mut decoder = BodyDecoder::new(head.framing(&request.method));
        let body = conn.read_all(&mut decoder).await.map_err(text)?;
        Ok(Reply { head, body })
    }
}

/// Go writes what errors say in small letters.
fn lower(e: Errno) -> String {
    e.text().to_lowercase()
}

/// Name and port of `NAME[:PORT]`.
pub fn split(host: &str, default: u16) -> (&str, u16) {
    match host.rsplit_once(':').map(|(n, p)| (n, p.parse())) {
        Some((name, Ok(port))) => (name, port),
        _ => (host, default),
    }
}

/// What Go says of a name that nobody knows.
fn no_such_host(name: &str) -> String {
    format!("dial tcp: lookup {name} on 10.0.0.53:53: no such host")
}

/// What Go says where TLS does not come about.
fn refused(e: &TlsError, name: &str) -> String {
    match e {
        TlsError::Plain => "http: server gave HTTP response to HTTPS client".to_owned(),
        TlsError::Closed => "EOF".to_owned(),
        TlsError::Issuer(_) => {
            "tls: failed to verify certificate: x509: certificate signed by unknown authority".to_owned()
        }
        TlsError::Name(c) => format!(
            "tls: failed to verify certificate: x509: certificate is valid for {}, not {name}",
            c.names.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_says_where_the_token_is() {
        let c = challenge(
            "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:a/b:pull,push\"",
        )
        .unwrap();
        assert_eq!(c.realm, "https://auth.docker.io/token");
        assert_eq!(c.query.text("scope"), "repository:a/b:pull,push");
        assert_eq!(c.query.text("service"), "registry.docker.io");
        assert_eq!(challenge("Basic realm=\"x\""), None);
        assert_eq!((split("a:5000", 443), split("a", 443)), (("a", 5000), ("a", 443)));
    }
}
