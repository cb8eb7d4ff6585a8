//! A small server for `dist/`: what a static host does, compression and headers of `_headers` included. For
//! this machine only; it listens on the loopback address.

use crate::{budget, headers, run::Outcome};
use std::{
    collections::HashMap,
    fs,
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// A server that runs until the program ends.
pub(crate) struct Server {
    /// Where the page is, with the sub-path.
    pub(crate) address: String,
}

struct Site {
    folder: PathBuf,
    /// `/`, or a sub-path with slashes at both ends.
    base: String,
    packed: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
}

impl Server {
    /// Serves `folder` under `base` (`/`, or `/a/b/`) at a port, or at any free one for 0.
    pub(crate) fn start(folder: PathBuf, base: &str, port: u16) -> Outcome<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| format!("port {port}: {error}"))?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let site = Arc::new(Site { folder, base: base.to_owned(), packed: Mutex::default() });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = Arc::clone(&site);
                // A broken connection concerns nobody but its client.
                thread::spawn(move || site.converse(&stream));
            }
        });
        Ok(Self { address: format!("http://127.0.0.1:{port}{base}") })
    }
}

impl Site {
    fn converse(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut reader = BufReader::new(stream);
        let mut writer = stream;
        loop {
            let mut request = String::new();
            if reader.read_line(&mut request)? == 0 {
                return Ok(());
            }
            let (mut header, mut packs) = (String::new(), false);
            while reader.read_line(&mut header)? > 2 {
                let line = header.to_ascii_lowercase();
                packs |= line.starts_with("accept-encoding:") && line.contains("gzip");
                header.clear();
            }
            let mut words = request.split_whitespace();
            let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or("/"));
            let mut answer = self.answer(method, target);
            if packs {
                self.pack(&mut answer);
            }
            writer.write_all(answer.head().as_bytes())?;
            if method != "HEAD" {
                writer.write_all(&answer.body)?;
            }
            writer.flush()?;
        }
    }

    /// Compresses what static hosts compress, each content once.
    fn pack(&self, answer: &mut Answer) {
        let packed = ["text/", "application/json", "application/manifest", "application/wasm", "image/svg"];
        if !packed.iter().any(|kind| answer.media_type.starts_with(kind)) {
            return;
        }
        let mut known = self.packed.lock().unwrap_or_else(PoisonError::into_inner);
        let body = std::mem::take(&mut answer.body);
        answer.body = known.entry(body).or_insert_with_key(|body| budget::gzipped(body)).clone();
        answer.headers.push("Content-Encoding: gzip".into());
    }

    fn answer(&self, method: &str, target: &str) -> Answer {
        if !matches!(method, "GET" | "HEAD") {
            return Answer::text("405 Method Not Allowed", "only GET and HEAD\n");
        }
        let path = target.split(['?', '#']).next().unwrap_or("/");
        let Some(inner) = path.strip_prefix(self.base.as_str()) else {
            return Answer::text("404 Not Found", &format!("the page is at {}\n", self.base));
        };
        let name = if inner.is_empty() { "index.html" } else { inner };
        let relative = Path::new(name);
        if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
            return Answer::text("404 Not Found", "not found\n");
        }
        match fs::read(self.folder.join(relative)) {
            Ok(body) => {
                Answer { status: "200 OK", media_type: media_type(name), headers: headers::for_all(&self.folder), body }
            }
            Err(_) => Answer::text("404 Not Found", "not found\n"),
        }
    }
}

struct Answer {
    status: &'static str,
    media_type: &'static str,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Answer {
    fn text(status: &'static str, text: &str) -> Self {
        Self { status, media_type: "text/plain", headers: Vec::new(), body: text.into() }
    }

    fn head(&self) -> String {
        let mut head = format!(
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n",
            self.status,
            self.media_type,
            self.body.len()
        );
        for header in &self.headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        head
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "md" | "txt" | "toml" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
        Site { folder, base: "/x/".into(), packed: Mutex::default() }
    }

    #[test]
    fn serves_files_under_its_base_only() {
        assert_eq!(site().answer("GET", "/x/Cargo.toml?v=1").status, "200 OK");
        assert_eq!(site().answer("GET", "/Cargo.toml").status, "404 Not Found");
        assert_eq!(site().answer("POST", "/x/Cargo.toml").status, "405 Method Not Allowed");
    }

    #[test]
    fn packs_what_static_hosts_pack() {
        let mut answer = site().answer("GET", "/x/Cargo.toml");
        let plain = answer.body.len();
        site().pack(&mut answer);
        assert!(answer.body.starts_with(&[0x1f, 0x8b]) && answer.body.len() < plain);
        assert!(answer.head().contains("Content-Encoding: gzip\r\n"));
        let mut font = Answer { media_type: "font/woff2", body: vec![1; 99], ..Answer::text("200 OK", "") };
        site().pack(&mut font);
        assert_eq!(font.body.len(), 99);
    }

    #[test]
    fn never_leaves_its_folder() {
        for target in ["/x/../Cargo.toml", "/x//etc/passwd", "/x/src/../../Cargo.toml"] {
            assert_eq!(site().answer("GET", target).status, "404 Not Found", "{target}");
        }
    }
}
