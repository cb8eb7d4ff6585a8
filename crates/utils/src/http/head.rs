//! The head of an answer.

use super::{Framing, NetError, Stream};

/// Status line and headers.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Every line as received, the empty one at the end included.
    pub(crate) lines: Vec<String>,
    /// `HTTP/1.1`.
    pub(crate) version: String,
    /// Status code.
    pub(crate) status: u16,
    /// Names (as received) and values.
    pub(crate) headers: Vec<(String, String)>,
}

/// Why there is no head.
#[derive(Debug)]
pub(crate) enum HeadError {
    /// The connection.
    Net(NetError),
    /// Nothing came at all.
    Empty,
    /// It isn't HTTP.
    NotHttp,
}

impl Head {
    /// Reads one.
    pub(crate) async fn read(stream: &mut Stream) -> Result<Self, HeadError> {
        let first = stream.line().await.map_err(HeadError::Net)?.ok_or(HeadError::Empty)?;
        let first = String::from_utf8_lossy(&first).into_owned();
        if !first.starts_with("HTTP/") {
            return Err(HeadError::NotHttp);
        }
        let mut words = first.trim_end().splitn(3, ' ');
        let version = words.next().unwrap_or("").to_owned();
        let status = words.next().and_then(|s| s.parse().ok()).ok_or(HeadError::NotHttp)?;
        let mut head = Self { lines: vec![first], version, status, headers: Vec::new() };
        while let Some(line) = stream.line().await.map_err(HeadError::Net)? {
            let line = String::from_utf8_lossy(&line).into_owned();
            let text = line.trim_end_matches(['\r', '\n']).to_owned();
            head.lines.push(line);
            if text.is_empty() {
                break;
            }
            if let Some((name, value)) = text.split_once(':') {
                head.headers.push((name.to_owned(), value.trim().to_owned()));
            }
        }
        Ok(head)
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// How the body is delimited (RFC 9112, 6.3).
    pub(crate) fn framing(&self, method: &str) -> Framing {
        if method == "HEAD" || self.status == 204 || self.status == 304 || self.status < 200 {
            return Framing::None;
        }
        if self.header("Transfer-Encoding").is_some_and(|v| v.to_ascii_lowercase().contains("chunked")) {
            return Framing::Chunked;
        }
        match self.header("Content-Length").and_then(|v| v.parse().ok()) {
            Some(n) => Framing::Length(n),
            None => Framing::Close,
        }
    }
}
