//! Request and response heads.

use std::fmt;

use super::body::Framing;
use crate::query::{Query, decode};

/// Largest head in bytes.
const MAX_HEAD: usize = 1 << 20;

/// Header fields in order; names are compared without case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// A field's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
    /// Adds a field.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }
    fn write(&self, out: &mut String) {
        for (k, v) in &self.0 {
            // A line end in a value would make a header of its own.
            let v: String = v.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
            out.push_str(&format!("{k}: {v}\r\n"));
        }
        out.push_str("\r\n");
    }
    /// How the body that follows is framed, where the head says nothing: `otherwise`.
    fn framing(&self, otherwise: Framing) -> Framing {
        if self.get("Transfer-Encoding").is_some_and(|v| v.to_ascii_lowercase().contains("chunked")) {
            return Framing::Chunked;
        }
        match self.get("Content-Length").map(|n| n.trim().parse()) {
            Some(Ok(n)) => Framing::Length(n),
            _ => otherwise,
        }
    }
}

/// Why bytes are no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadError;

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("malformed HTTP message")
    }
}

impl std::error::Error for HeadError {}

/// A request's head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Request {
    /// `GET`, `POST`, ….
    pub method: String,
    /// Decoded path, without the version prefix and without the query.
    pub path: String,
    /// The version asked for (`1.52`), if there was a prefix.
    pub version: Option<String>,
    /// Parameters.
    pub query: Query,
    /// Fields.
    pub headers: Headers,
}

impl Request {
    /// A request of this API version.
    pub fn new(method: &str, path: &str, query: Query) -> Self {
        let version = Some(crate::API_VERSION.to_owned());
        Self { method: method.to_owned(), path: path.to_owned(), version, query, headers: Headers::default() }
    }

    /// Reads a head if it is whole: it, and how many bytes it took.
    ///
    /// # Errors
    /// It is malformed or larger than 1 MiB.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, HeadError> {
        let Some((first, headers, used)) = split(bytes)? else { return Ok(None) };
        let mut words = first.split(' ');
        let (Some(method), Some(target), Some(proto), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(HeadError);
        };
        if !proto.starts_with("HTTP/1.") || method.is_empty() {
            return Err(HeadError);
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (version, path) = split_version(path);
        let request = Self {
            method: method.to_owned(),
            path: decode(path, false),
            version: version.map(str::to_owned),
            query: Query::parse(query),
            headers,
        };
        Ok(Some((request, used)))
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let path: Vec<String> = self
            .path
            .split('/')
            .map(|p| crate::query::encode(p).replace('+', "%20").replace("%3A", ":").replace("%40", "@"))
            .collect();
        let prefix = self.version.as_ref().map(|v| format!("/v{v}")).unwrap_or_default();
        let query = if self.query.0.is_empty() { String::new() } else { format!("?{}", self.query.encode()) };
        let mut out = format!("{} {prefix}{}{query} HTTP/1.1\r\n", self.method, path.join("/"));
        self.headers.write(&mut out);
        out.into_bytes()
    }

    /// How its body is framed.
    pub fn framing(&self) -> Framing {
        self.headers.framing(Framing::Length(0))
    }
    /// Whether it wants the raw connection.
    pub fn is_upgrade(&self) -> bool {
        self.headers.get("Upgrade").is_some()
    }
}

fn split_version(path: &str) -> (Option<&str>, &str) {
    let Some(rest) = path.strip_prefix("/v") else { return (None, path) };
    let (version, tail) = rest.find('/').map_or((rest, ""), |i| rest.split_at(i));
    let is_version =
        version.starts_with(|c: char| c.is_ascii_digit()) && version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_version { (Some(version), if tail.is_empty() { "/" } else { tail }) } else { (None, path) }
}

/// A response's head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Response {
    /// 200, 404, ….
    pub status: u16,
    /// Fields.
    pub headers: Headers,
}

impl Response {
    /// With this status.
    pub fn new(status: u16) -> Self {
        Self { status, headers: Headers::default() }
    }
    /// With a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.add(name, value);
        self
    }

    /// Reads a head if it is whole: it, and how many bytes it took.
    ///
    /// # Errors
    /// It is malformed or larger than 1 MiB.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, HeadError> {
        let Some((first, headers, used)) = split(bytes)? else { return Ok(None) };
        let mut words = first.splitn(3, ' ');
        let (Some(proto), Some(status)) = (words.next(), words.next()) else { return Err(HeadError) };
        let status = status.parse().map_err(|_| HeadError)?;
        if !proto.starts_with("HTTP/1.") {
            return Err(HeadError);
        }
        Ok(Some((Self { status, headers }, used)))
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        self.headers.write(&mut out);
        out.into_bytes()
    }

    /// How its body is framed; `HEAD` and some statuses have none.
    pub fn framing(&self, method: &str) -> Framing {
        if method == "HEAD" || self.status == 204 || self.status == 304 {
            return Framing::Length(0);
        }
        self.headers.framing(Framing::UntilClose)
    }
}

fn split(bytes: &[u8]) -> Result<Option<(String, Headers, usize)>, HeadError> {
    let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else {
        return if bytes.len() > MAX_HEAD { Err(HeadError) } else { Ok(None) };
    };
    let text = bytes.get(..end).and_then(|b| std::str::from_utf8(b).ok()).ok_or(HeadError)?;
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let mut headers = Headers::default();
    for line in lines {
        let (k, v) = line.split_once(':').ok_or(HeadError)?;
        headers.add(k, v.trim());
    }
    Ok(Some((first, headers, end + 4)))
}

/// The status' text, as Go's `http.StatusText`.
pub fn reason(status: u16) -> &'static str {
    match status {
        101 => "UPGRADED",
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        409 => "Conflict",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_round_trip() {
        let mut r = Request::new("POST", "/images/a b/c:1/tag", Query::default().with("repo", "x/y"));
        r.headers.add("Host", "api.moby.localhost");
        let bytes = r.to_bytes();
        assert!(bytes.starts_with(b"POST /v1.52/images/a%20b/c:1/tag?repo=x%2Fy HTTP/1.1\r\n"));
        assert_eq!(Request::parse(&bytes), Ok(Some((r, bytes.len()))));
    }

    #[test]
    fn curl_without_version() {
        let bytes = b"GET /containers/json HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\nrest";
        let (r, used) = Request::parse(bytes).unwrap().unwrap();
        assert_eq!((r.path.as_str(), r.version, &bytes[used..]), ("/containers/json", None, &b"rest"[..]));
        assert_eq!(r.headers.get("ACCEPT"), Some("*/*"));
        assert_eq!(Request::parse(b"GET / HTTP/1.1\r\nHost"), Ok(None));
        for bad in ["GET\r\n\r\n", "GET / SPDY\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n"] {
            assert_eq!(Request::parse(bad.as_bytes()), Err(HeadError), "{bad}");
        }
        assert_eq!(split_version("/volumes/x"), (None, "/volumes/x"));
    }

    #[test]
    fn response_framing() {
        let r = Response::new(200).with("Transfer-Encoding", "chunked");
        let (back, _) = Response::parse(&r.to_bytes()).unwrap().unwrap();
        assert_eq!(back.framing("GET"), Framing::Chunked);
        assert_eq!(back.framing("HEAD"), Framing::Length(0));
        assert_eq!(Response::new(204).framing("GET"), Framing::Length(0));
        assert_eq!(Response::new(101).framing("POST"), Framing::UntilClose);
    }
}
