//! What every command works with.

use layerlab_api::client::{Answer, Client};
use layerlab_api::query::Query;
use layerlab_kernel::{Errno, ProgramArgs, Sys};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::CliError;
use crate::help::{Daemon, HelpContext};

/// The program's handle to its machine and to the daemon.
pub(crate) struct Cli {
    pub(crate) sys: Sys,
    pub(crate) args: ProgramArgs,
    pub(crate) client: Client,
    /// As messages name it: `unix:///var/run/docker.sock`.
    pub(crate) host: String,
    /// `--debug`.
    pub(crate) debug: bool,
    /// `--context`.
    pub(crate) context: Option<String>,
    /// `--host`.
    pub(crate) asked_host: Option<String>,
    /// `--config`.
    pub(crate) config: Option<String>,
}

impl Cli {
    /// Prints to standard output.
    pub(crate) async fn print(&self, text: impl AsRef<str>) -> Result<(), CliError> {
        self.sys.print(text).await.map_err(|e| CliError::new(format!("write /dev/stdout: {}", e.text().to_lowercase())))
    }
    /// Prints to standard error.
    pub(crate) async fn eprint(&self, text: impl AsRef<str>) {
        self.sys.eprint(text).await;
    }
    /// Now, nanoseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.sys.wall_clock()
    }
    /// The terminal's columns, if the descriptor is one.
    pub(crate) async fn columns(&self, fd: i32) -> Option<usize> {
        self.sys.win_size(fd).await.ok().map(|w| usize::from(w.cols).max(1))
    }
    /// The user's home folder.
    pub(crate) fn home(&self) -> &str {
        self.args.var("HOME").unwrap_or("/root")
    }

    /// Refuses a path that names nothing (moby `client/utils.go`, `trimID`).
    fn named(path: &str) -> Result<(), CliError> {
        for (kind, place) in
            [("container", "/containers/"), ("network", "/networks/"), ("volume", "/volumes/"), ("plugin", "/plugins/")]
        {
            if let Some(rest) = path.strip_prefix(place) {
                Self::given(kind, rest.split('/').next().unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// Refuses a name that is none.
    pub(crate) fn given(kind: &str, name: &str) -> Result<(), CliError> {
        if name.trim().is_empty() {
            return Err(CliError::new(format!("invalid {kind} name or ID: value is empty")));
        }
        Ok(())
    }

    fn fail(&self, e: layerlab_api::client::ClientError) -> CliError {
        CliError::from_client(e, &self.host)
    }
    /// A request; refusals are errors.
    pub(crate) async fn request(&self, method: &str, path: &str, query: Query) -> Result<Answer, CliError> {
        Self::named(path)?;
        let answer = self.client.send(method, path, query).await.map_err(|e| self.fail(e))?;
        answer.ok().await.map_err(|e| self.fail(e))
    }
    /// `GET` of JSON.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str, query: Query) -> Result<T, CliError> {
        self.request("GET", path, query).await?.json().await.map_err(|e| self.fail(e))
    }
    /// `GET` of bytes.
    pub(crate) async fn get_bytes(&self, path: &str, query: Query) -> Result<Vec<u8>, CliError> {
        self.request("GET", path, query).await?.bytes().await.map_err(|e| self.fail(e))
    }
    /// Reads an answer that is JSON.
    pub(crate) fn json<'a, T: serde::Deserialize<'a>>(&self, answer: &'a [u8]) -> Result<T, CliError> {
        let wrong = |what: String| self.fail(layerlab_api::client::ClientError::Json(what));
        // Looked at once as a whole, not each text in it.
        let text = std::str::from_utf8(answer).map_err(|e| wrong(e.to_string()))?;
        serde_json::from_str(text).map_err(|e| wrong(e.to_string()))
    }
    /// A request whose answer is JSON.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, method: &str, path: &str, query: Query) -> Result<T, CliError> {
        self.request(method, path, query).await?.json().await.map_err(|e| self.fail(e))
    }
    /// A request without an answer that matters.
    pub(crate) async fn do_(&self, method: &str, path: &str, query: Query) -> Result<(), CliError> {
        self.request(method, path, query).await?.bytes().await.map(drop).map_err(|e| self.fail(e))
    }
    /// `POST` of JSON, answered with JSON.
    pub(crate) async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        query: Query,
        body: &B,
    ) -> Result<T, CliError> {
        Self::named(path)?;
        let answer = self.client.post(path, query, body).await.map_err(|e| self.fail(e))?;
        answer.json().await.map_err(|e| self.fail(e))
    }
    /// `POST` of JSON, answered with nothing.
    pub(crate) async fn post_only<B: Serialize>(&self, path: &str, query: Query, body: &B) -> Result<(), CliError> {
        Self::named(path)?;
        let answer = self.client.post(path, query, body).await.map_err(|e| self.fail(e))?;
        answer.bytes().await.map(drop).map_err(|e| self.fail(e))
    }
    /// `POST` of bytes; the answer is a stream.
    pub(crate) async fn upload(&self, path: &str, query: Query, kind: &str, body: Vec<u8>) -> Result<Answer, CliError> {
        let request = layerlab_api::http::Request::new("POST", path, query);
        let answer = self.client.send_raw(request, Some(kind), Some(body)).await.map_err(|e| self.fail(e))?;
        answer.ok().await.map_err(|e| self.fail(e))
    }
    /// A request with header fields of its own; refusals are errors.
    pub(crate) async fn send(&self, request: layerlab_api::http::Request) -> Result<Answer, CliError> {
        let answer = self.client.send_raw(request, None, None).await.map_err(|e| self.fail(e))?;
        answer.ok().await.map_err(|e| self.fail(e))
    }
    /// The next line of a stream.
    pub(crate) async fn line<T: DeserializeOwned>(&self, answer: &mut Answer) -> Result<Option<T>, CliError> {
        answer.line().await.map_err(|e| self.fail(e))
    }
    /// The raw connection of attach or exec.
    pub(crate) async fn hijack<B: Serialize>(
        &self,
        path: &str,
        query: Query,
        body: Option<&B>,
    ) -> Result<layerlab_api::client::Hijacked, CliError> {
        Self::named(path)?;
        self.client.hijack(path, query, body).await.map_err(|e| self.fail(e))
    }

    /// What help texts depend on: the daemon is asked, as the real client does.
    pub(crate) async fn help_context(&self) -> HelpContext {
        let width = self.columns(1).await.unwrap_or(80);
        let daemon = match self.client.send("GET", "/_ping", Query::default()).await {
            Ok(answer) => {
                let swarm = answer.head.headers.get("Swarm").is_some_and(|s| s.starts_with("active"));
                let experimental = answer.head.headers.get("Docker-Experimental") == Some("true");
                answer.close().await;
                Some(Daemon { swarm, experimental })
            }
            Err(_) => None,
        };
        HelpContext { width, home: self.home().to_owned(), daemon }
    }

    /// Asks `… [y/N]`; anything but `y` (or the end of input) is no.
    pub(crate) async fn confirm(&self, question: &str) -> Result<bool, CliError> {
        self.print(format!("{question} [y/N] ")).await?;
        let mut line = Vec::new();
        while !line.contains(&b'\n') {
            match self.sys.read(0, 1024).await {
                Ok(data) if data.is_empty() => break,
                Ok(data) => line.extend_from_slice(&data),
                Err(Errno::EINTR) => return Ok(false),
                Err(_) => break,
            }
        }
        Ok(String::from_utf8_lossy(&line).trim().eq_ignore_ascii_case("y"))
    }
}
