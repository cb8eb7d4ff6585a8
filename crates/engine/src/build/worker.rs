//! Steps at work, each in a thread of its own: stages that don't need each other run side by side.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use layerlab_kernel::vfs::Tree;
use layerlab_kernel::{Errno, Fd, PollFd, ProgramArgs, SimTime, Sys, ThreadBody, async_program};

use super::base::{self, Resolved};
use super::copy;
use super::error::BuildError;
use super::graph::{Kind, Vertex};
use super::progress::{Mailbox, Progress};
use super::run::{self, Given};

/// What copying takes, in virtual time.
const COPY_TIME: SimTime = SimTime::millis(20);

/// What a step's thread does.
pub enum Job {
    /// Fetches the layers of a base image.
    Fetch(Box<Resolved>),
    /// Makes a layer.
    Make {
        /// The tree that it stands on.
        below: Tree,
        /// Where COPY takes from.
        from: Tree,
        /// What RUN gets.
        given: Given,
    },
}

/// What came of it.
pub struct Outcome {
    /// The step.
    pub vertex: usize,
    /// Its vertex's digest for the client.
    pub id: String,
    /// When it began and ended.
    pub time: (SimTime, SimTime),
    /// The tree before and behind; none: nothing was made.
    pub result: Result<Option<(Tree, Tree)>, BuildError>,
}

/// The threads of a build.
pub struct Workers {
    mailbox: Mailbox,
    outcomes: Rc<RefCell<Vec<Outcome>>>,
    woken: Fd,
    stopper: Fd,
    running: usize,
}

impl Workers {
    /// None yet.
    ///
    /// # Errors
    /// No pipes.
    pub async fn new(sys: &Sys) -> Result<Self, Errno> {
        let (woken, wake) = sys.pipe().await?;
        let (stop, stopper) = sys.pipe().await?;
        for fd in [woken, wake, stop, stopper] {
            sys.set_cloexec(fd, true).await?;
        }
        let mailbox = Mailbox { lines: Rc::default(), wake, stop, stopped: Rc::new(Cell::new(false)) };
        Ok(Self { mailbox, outcomes: Rc::default(), woken, stopper, running: 0 })
    }

    /// How many are at work.
    pub fn running(&self) -> usize {
        self.running
    }

    /// Starts a step.
    ///
    /// # Errors
    /// No thread.
    pub async fn start(
        &mut self,
        progress: &Progress,
        number: usize,
        id: String,
        vertex: Vertex,
        job: Job,
    ) -> Result<(), BuildError> {
        let args =
            ProgramArgs { argv: vec!["dockerd".into(), vertex.name.clone()], env: Vec::new(), variant: String::new() };
        let own = progress.for_thread(self.mailbox.clone());
        let (outcomes, wake) = (self.outcomes.clone(), self.mailbox.wake);
        let body = ThreadBody::new(async_program(args, move |sys, _| async move {
            let begin = sys.now();
            let mut progress = own(sys.clone());
            let result = work(&mut progress, &vertex, &id, job).await;
            outcomes.borrow_mut().push(Outcome { vertex: number, id, time: (begin, sys.now()), result });
            let _ = sys.write_all(wake, vec![1]).await;
            0
        }));
        progress.sys.thread(body).await?;
        self.running += 1;
        Ok(())
    }

    /// Waits until something happened; passes lines on; answers what ended.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn wait(&mut self, progress: &Progress) -> Result<Vec<Outcome>, BuildError> {
        let sys = &progress.sys;
        let mut want = vec![PollFd { fd: self.woken, read: true, write: false }];
        if !self.mailbox.stopped.get() {
            want.push(PollFd { fd: progress.client, read: true, write: false });
        }
        let ready = match sys.poll(want, None).await {
            Ok(ready) => ready,
            Err(Errno::EINTR) => Vec::new(),
            Err(e) => return Err(e.into()),
        };
        if ready.iter().any(|r| r.fd == self.woken) {
            let _ = sys.read(self.woken, 1 << 16).await;
        }
        let lines = std::mem::take(&mut *self.mailbox.lines.borrow_mut());
        if !lines.is_empty() {
            sys.write_all(progress.client, lines.concat()).await.map_err(|_| BuildError::canceled())?;
        }
        let ended = std::mem::take(&mut *self.outcomes.borrow_mut());
        self.running -= ended.len();
        let left = ready.iter().any(|r| r.fd == progress.client)
            && sys.read(progress.client, 4096).await.map_or(true, |d| d.is_empty());
        if left && ended.is_empty() { Err(BuildError::canceled()) } else { Ok(ended) }
    }

    /// Tells all to stop.
    pub async fn stop(&mut self, sys: &Sys) {
        if !self.mailbox.stopped.replace(true) {
            let _ = sys.write_all(self.stopper, vec![1]).await;
        }
    }

    /// Waits for those that are left, and gives the pipes back.
    pub async fn end(mut self, progress: &Progress) -> Vec<Outcome> {
        let mut all = Vec::new();
        if self.running > 0 {
            self.stop(&progress.sys).await;
        }
        while self.running > 0 {
            // A client that is gone changes nothing here.
            all.extend(self.wait(progress).await.unwrap_or_default());
        }
        for fd in [self.woken, self.mailbox.wake, self.mailbox.stop, self.stopper] {
            let _ = progress.sys.close(fd).await;
        }
        all
    }
}

async fn work(
    progress: &mut Progress,
    vertex: &Vertex,
    id: &str,
    job: Job,
) -> Result<Option<(Tree, Tree)>, BuildError> {
    match job {
        Job::Fetch(resolved) => {
            base::fetch(progress, id, &resolved).await?;
            Ok(None)
        }
        Job::Make { below, from, given } => make(progress, vertex, id, below, from, given).await.map(Some),
    }
}

/// Makes a step's layer; answers its tree before and behind.
async fn make(
    progress: &mut Progress,
    vertex: &Vertex,
    id: &str,
    below: Tree,
    from: Tree,
    given: Given,
) -> Result<(Tree, Tree), BuildError> {
    let sys = progress.sys.clone();
    let at = |e| super::step::not_found(vertex, &e);
    match &vertex.kind {
        Kind::From(_) => Ok((below.clone(), below)),
        Kind::Workdir(path) => {
            let mut after = below.clone();
            copy::make_dirs(&mut after, path, None, run::wall(&sys)).map_err(at)?;
            sys.sleep(COPY_TIME).await?;
            Ok((below, after))
        }
        Kind::Copy(op, _) => {
            let selected = copy::select(&from, op).map_err(at)?;
            let below = if op.link { Tree::new() } else { below };
            let mut after = below.clone();
            copy::apply(&mut after, op, &selected, run::wall(&sys)).map_err(at)?;
            sys.sleep(COPY_TIME).await?;
            Ok((below, after))
        }
        Kind::Run(step) => {
            let after = run::run(progress, id, step, &below, given).await;
            let after = after.map_err(|e| BuildError { lines: Some(vertex.lines), ..e })?;
            Ok((below, after))
        }
    }
}
