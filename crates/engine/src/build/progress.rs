//! What the client is told while a build runs. Steps at work in threads of their own hand their lines
//! to the build's thread, which alone writes to the connection.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_api::build::{Cause, Log, Status, Trace, Vertex, Warning};
use layerlab_api::http::chunk;
use layerlab_api::stream::JsonMessage;
use layerlab_kernel::{Fd, Sys};
use layerlab_oci::Digest;

use super::error::BuildError;

/// Lines of the steps' threads, and how the build's thread is woken and the steps are stopped.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Lines that wait to be written.
    pub lines: Rc<RefCell<Vec<Vec<u8>>>>,
    /// Write end of the pipe that wakes the build's thread.
    pub wake: Fd,
    /// Read end of a pipe that becomes readable when the build is given up.
    pub stop: Fd,
    /// Whether it is given up.
    pub stopped: Rc<Cell<bool>>,
}

/// Tells a client.
pub struct Progress {
    /// System calls of the thread that tells.
    pub sys: Sys,
    /// The connection.
    pub client: Fd,
    /// For a step's thread.
    pub mailbox: Option<Mailbox>,
    /// The builder at work; empty: the daemon's own.
    pub builder: Rc<str>,
    /// For a client of the classic builder: steps and their output as plain text.
    pub classic: bool,
    build: u64,
    vertices: Rc<RefCell<BTreeMap<String, Vertex>>>,
}

/// What the classic builder says of it: `Step 2/3 : RUN make`, and output.
fn plain(trace: &Trace) -> Vec<JsonMessage> {
    let step = |v: &Vertex| {
        let (place, text) = v.name.strip_prefix('[')?.split_once("] ")?;
        let number = place.rsplit(' ').next().filter(|n| n.contains('/'))?;
        let text = match text.split_once(' ') {
            Some(("FROM", image)) => format!("FROM {}", as_written(image)),
            _ => text.to_owned(),
        };
        let cached = if v.cached { " ---> Using cache\n" } else { "" };
        (v.cached || v.completed.is_none()).then(|| JsonMessage::stream(format!("Step {number} : {text}\n{cached}")))
    };
    let steps = trace.vertexes.iter().filter_map(step);
    steps.chain(trace.logs.iter().map(|l| JsonMessage::stream(l.data.clone()))).collect()
}

/// An image's name as people write it: the classic builder resolves it later.
fn as_written(image: &str) -> String {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    let familiar = layerlab_oci::Reference::parse_familiar(name).map(|r| r.familiar());
    let familiar = familiar.unwrap_or_else(|_| name.to_owned());
    familiar.strip_suffix(":latest").unwrap_or(&familiar).to_owned()
}

impl Progress {
    /// For a build's request.
    pub fn new(sys: Sys, client: Fd, build: u64, builder: &str) -> Self {
        Self { sys, client, mailbox: None, builder: builder.into(), classic: false, build, vertices: Rc::default() }
    }

    /// For a step's thread.
    pub fn for_thread(&self, mailbox: Mailbox) -> impl FnOnce(Sys) -> Self + use<> {
        let (client, classic, build) = (self.client, self.classic, self.build);
        let (vertices, builder) = (self.vertices.clone(), self.builder.clone());
        move |sys| Self { sys, client, mailbox: Some(mailbox), builder, classic, build, vertices }
    }

    /// Whether the build was given up meanwhile.
    pub fn is_stopped(&self) -> bool {
        self.mailbox.as_ref().is_some_and(|m| m.stopped.get())
    }

    /// Nanoseconds since 1970.
    pub fn now(&self) -> i64 {
        self.sys.wall_clock()
    }

    /// A step's digest.
    pub fn id(&self, name: &str) -> String {
        Digest::of(format!("{} {name}", self.build).as_bytes()).to_string()
    }

    async fn send(&mut self, trace: Trace) -> Result<(), BuildError> {
        super::history::tell(&self.sys, self.build, &trace).await?;
        let line = match self.classic {
            true => plain(&trace).iter().flat_map(|m| chunk(&m.to_line())).collect(),
            false => chunk(&JsonMessage::trace(trace).to_line()),
        };
        if line.is_empty() {
            return Ok(());
        }
        let gone = |_| BuildError::canceled();
        match &self.mailbox {
            None => self.sys.write_all(self.client, line).await.map_err(gone),
            Some(m) => {
                m.lines.borrow_mut().push(line);
                self.sys.write_all(m.wake, vec![1]).await.map_err(gone)
            }
        }
    }

    async fn tell(&mut self, v: Vertex) -> Result<(), BuildError> {
        self.vertices.borrow_mut().insert(v.digest.clone(), v.clone());
        self.send(Trace { vertexes: vec![v], ..Trace::default() }).await
    }

    /// What a step takes from elsewhere begins to be fetched: a step of its own with the same name; answers
    /// its digest.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn start_source(&mut self, name: &str, lines: (u32, u32)) -> Result<String, BuildError> {
        let digest = self.id(&format!("source of {name}"));
        let started = Some(self.now());
        let (name, lines) = (name.to_owned(), Some(lines));
        let v = Vertex { digest: digest.clone(), name, started, lines, ..Vertex::default() };
        self.tell(v).await?;
        Ok(digest)
    }

    /// A step begins; answers its digest.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn start(
        &mut self,
        name: &str,
        inputs: &[String],
        lines: Option<(u32, u32)>,
        cause: Option<Cause>,
    ) -> Result<String, BuildError> {
        let digest = self.id(name);
        let started = Some(self.now());
        let v = Vertex {
            digest: digest.clone(),
            name: name.to_owned(),
            inputs: inputs.to_vec(),
            started,
            lines,
            cause,
            ..Vertex::default()
        };
        self.tell(v).await?;
        Ok(digest)
    }

    /// A step ends well.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn done(&mut self, digest: &str) -> Result<(), BuildError> {
        self.end(digest, "").await
    }

    /// A step fails.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn fail(&mut self, digest: &str, error: &str) -> Result<(), BuildError> {
        self.end(digest, error).await
    }

    async fn end(&mut self, digest: &str, error: &str) -> Result<(), BuildError> {
        let Some(mut v) = self.vertices.borrow().get(digest).cloned() else { return Ok(()) };
        v.completed = Some(self.now());
        error.clone_into(&mut v.error);
        self.tell(v).await
    }

    /// A step needn't be done.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn cached(
        &mut self,
        name: &str,
        inputs: &[String],
        lines: (u32, u32),
        made_by: u64,
    ) -> Result<String, BuildError> {
        let digest = self.id(name);
        let now = Some(self.now());
        let v = Vertex {
            digest: digest.clone(),
            name: name.to_owned(),
            inputs: inputs.to_vec(),
            started: now,
            completed: now,
            cached: true,
            cause: Some(Cause::Hit { made_by }),
            lines: Some(lines),
            ..Vertex::default()
        };
        self.tell(v).await?;
        Ok(digest)
    }

    /// Something within a step, from `started` until now if it is `done`.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn status(
        &mut self,
        vertex: &str,
        id: &str,
        amount: (u64, u64),
        started: i64,
        done: bool,
    ) -> Result<(), BuildError> {
        let now = self.now();
        let s = Status {
            id: id.to_owned(),
            vertex: vertex.to_owned(),
            current: amount.0,
            total: amount.1,
            timestamp: now,
            started: Some(started),
            completed: done.then_some(now),
            ..Status::default()
        };
        self.send(Trace { statuses: vec![s], ..Trace::default() }).await
    }

    /// A status that begins and is done at once.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn note(&mut self, vertex: &str, id: &str, bytes: u64) -> Result<(), BuildError> {
        let now = self.now();
        self.status(vertex, id, (bytes, 0), now, true).await
    }

    /// Output of a step.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn log(&mut self, vertex: &str, stream: u8, data: &[u8]) -> Result<(), BuildError> {
        let data = String::from_utf8_lossy(data).into_owned();
        let log = Log { vertex: vertex.to_owned(), stream, data, timestamp: self.now() };
        self.send(Trace { logs: vec![log], ..Trace::default() }).await
    }

    /// Findings of the build checks.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn warn(&mut self, warnings: Vec<Warning>) -> Result<(), BuildError> {
        if warnings.is_empty() {
            return Ok(());
        }
        self.send(Trace { warnings, ..Trace::default() }).await
    }
}
