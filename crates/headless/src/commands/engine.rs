//! `layerlab engine`: the simulated machine's engine for real clients, over a real socket.
//!
//! Each real connection is a process `docker system dial-stdio` in the machine, as with a docker
//! host over ssh: what comes in is its input, what goes out its output. Virtual time follows the
//! wall clock; where the real machine is slower, it lags.

use std::fs::File;
use std::io::{ErrorKind, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use layerlab_kernel::{Outside, SimTime, Slice, SpawnSpec, WinSize};
use layerlab_lab::{Scenario, World};
use lexopt::{Arg, Parser, ValueExt};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

use crate::folder;
use crate::usage::{Failure, Result};

/// Bytes that wait for a slow client before the machine is asked for no more.
const PENDING_MAX: usize = 1 << 20;

/// A real connection and its process in the machine.
struct Connection {
    stream: UnixStream,
    outside: Outside,
    /// To be written to the client.
    pending: Vec<u8>,
    /// How many bytes of it the client is to read by themselves.
    alone: usize,
    input_open: bool,
    ended: bool,
    /// Both directions are closed: what was sent is read, then it ends.
    gone: bool,
}

struct Args {
    socket: PathBuf,
    home: Option<PathBuf>,
    seed: u64,
}

fn parse(mut args: Parser) -> Result<Args> {
    let (mut listen, mut home, mut seed) = (None, None, 1);
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("listen") => listen = Some(args.value()?.string()?),
            Arg::Long("home") => home = Some(args.value()?.into()),
            Arg::Long("seed") => seed = args.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let listen = listen.ok_or_else(|| Failure::Usage("engine: --listen unix://PATH is missing".to_owned()))?;
    match listen.strip_prefix("unix://") {
        Some(path) if !path.is_empty() => Ok(Args { socket: path.into(), home, seed }),
        _ => Err(Failure::Usage(format!("engine: --listen wants unix://PATH, not '{listen}'"))),
    }
}

/// Serves until it is killed.
pub(crate) fn main(args: Parser) -> Result<u8> {
    let args = parse(args)?;
    let home = args.home.as_deref().map(folder::read).transpose()?.unwrap_or_default();
    let mut scenario = Scenario::new("headless", home);
    scenario.login = false;
    let world = World::boot(layerlab_lab::parts::all(), &scenario, args.seed, now(), WinSize { rows: 24, cols: 80 })
        .map_err(|e| Failure::Failed(format!("the machine does not boot: {}", e.text())))?;
    let listener = listen(&args.socket)?;
    println!("layerlab: the engine listens on unix://{}", args.socket.display());
    let begin = (Instant::now(), world.now());
    let barrier =
        File::open("/dev/null").map_err(|e| Failure::Failed(format!("/dev/null: {}", crate::usage::reason(&e))))?;
    serve(&mut Server { world, listener, connections: Vec::new(), begin, barrier })
}

/// Seconds since 1970: virtual time begins at the real one, so that clients' clocks agree with it.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64)
}

/// A socket that nobody serves any more is replaced.
fn listen(path: &Path) -> Result<UnixListener> {
    let failed = |e: std::io::Error| Failure::Failed(format!("{}: {}", path.display(), crate::usage::reason(&e)));
    if UnixStream::connect(path).is_err_and(|e| e.kind() == ErrorKind::ConnectionRefused) {
        std::fs::remove_file(path).map_err(failed)?;
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

struct Server {
    world: World,
    listener: UnixListener,
    connections: Vec<Connection>,
    begin: (Instant, SimTime),
    /// What is sent along with bytes that are to be read by themselves.
    barrier: File,
}

fn serve(server: &mut Server) -> Result<u8> {
    loop {
        server.accept();
        for c in &mut server.connections {
            c.read(&mut server.world);
        }
        let more = server.run();
        for c in &mut server.connections {
            c.write(&mut server.world, &server.barrier);
        }
        server.drop_ended();
        server.wait(more).map_err(|e| Failure::Failed(e.to_string()))?;
    }
}

impl Server {
    /// The virtual time that belongs to now.
    fn due(&self) -> SimTime {
        self.begin.1 + SimTime(self.begin.0.elapsed().as_nanos() as u64)
    }

    fn accept(&mut self) {
        while let Ok((stream, _)) = self.listener.accept() {
            let spec = SpawnSpec {
                argv: ["docker", "system", "dial-stdio"].map(str::to_owned).to_vec(),
                env: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
                cwd: "/".to_owned(),
                new_session: true,
                ..SpawnSpec::default()
            };
            if stream.set_nonblocking(true).is_err() {
                continue;
            }
            // Without memory for it in the machine, the connection is closed.
            if let Ok(outside) = self.world.kernel.spawn_outside(&spec) {
                self.connections.push(Connection {
                    stream,
                    outside,
                    pending: Vec::new(),
                    alone: 0,
                    input_open: true,
                    ended: false,
                    gone: false,
                });
            }
        }
    }

    /// Lets the machine go on to what is due; `true`: it isn't there yet.
    fn run(&mut self) -> bool {
        let (until, start) = (self.due().max(self.world.now()), Instant::now());
        while start.elapsed() < Duration::from_millis(20) {
            if self.world.run_slice(until, 2_000) != Slice::More {
                return false;
            }
        }
        true
    }

    fn drop_ended(&mut self) {
        let world = &mut self.world;
        self.connections.retain(|c| {
            if c.ended {
                world.kernel.forget_outside(&c.outside);
            }
            !c.ended
        });
    }

    /// Until a client says something or the machine has something to do.
    fn wait(&mut self, more: bool) -> rustix::io::Result<()> {
        let next = self.world.kernel.next_event();
        let nanos = if more { 0 } else { next.map_or(1_000_000_000, |t| (t - self.due()).0.min(1_000_000_000)) };
        let timeout = Timespec { tv_sec: (nanos / 1_000_000_000) as i64, tv_nsec: (nanos % 1_000_000_000) as i64 };
        let mut fds = vec![PollFd::new(&self.listener, PollFlags::IN)];
        for c in &self.connections {
            let mut flags = PollFlags::empty();
            if c.input_open {
                flags |= PollFlags::IN;
            }
            if !c.pending.is_empty() {
                flags |= PollFlags::OUT;
            }
            fds.push(PollFd::new(&c.stream, flags));
        }
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(()),
            Err(e) => return Err(e),
        }
        let gone = PollFlags::HUP | PollFlags::ERR;
        let gone: Vec<bool> = fds.iter().skip(1).map(|fd| fd.revents().intersects(gone)).collect();
        for (c, gone) in self.connections.iter_mut().zip(gone) {
            c.gone = gone;
        }
        Ok(())
    }
}

impl Connection {
    /// From the client into the machine.
    fn read(&mut self, world: &mut World) {
        let mut buffer = [0; 1 << 16];
        while self.input_open {
            match self.stream.read(&mut buffer) {
                Ok(n) if n > 0 => world.kernel.write_outside(&self.outside, buffer.get(..n).unwrap_or_default()),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                _ => {
                    self.input_open = false;
                    world.kernel.close_outside(&self.outside);
                }
            }
        }
    }

    /// From the machine to the client.
    fn write(&mut self, world: &mut World, barrier: &File) {
        let taken = self.pending.len() < PENDING_MAX;
        if taken {
            let (out, complaints) = world.kernel.take_outside(&self.outside);
            if self.pending.is_empty() {
                self.alone = switching_head(&out);
            }
            self.pending.extend(out);
            // The daemon does not answer: the client sees the connection end.
            let _ = std::io::stderr().write_all(&complaints);
        }
        while !self.pending.is_empty() {
            let sent = match self.pending.get(..self.alone) {
                Some(head) if !head.is_empty() => send_alone(&self.stream, head, barrier),
                _ => self.stream.write(&self.pending),
            };
            match sent {
                Ok(n) => {
                    self.pending.drain(..n);
                    self.alone = self.alone.saturating_sub(n);
                }
                Err(e) if e.kind() == ErrorKind::WouldBlock => return,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(_) => {
                    self.ended = true;
                    return;
                }
            }
        }
        let over = taken && world.kernel.status_outside(&self.outside).is_some();
        self.ended = over || (self.gone && !self.input_open);
    }
}

/// How long the head of an answer is that leaves HTTP (`101`); 0: no such answer begins here.
///
/// What follows is read from the bare connection. A client that reads the head through a buffer
/// (docker-py) loses what came into that buffer along with it, so that is to be nothing.
fn switching_head(data: &[u8]) -> usize {
    if !data.starts_with(b"HTTP/1.1 101 ") {
        return 0;
    }
    data.windows(4).position(|w| w == b"\r\n\r\n").map_or(0, |at| at + 4)
}

/// Sends bytes so that no read gets any later ones along with them, however late it comes: a file that
/// is sent along is a barrier in the stream (unix(7), "ancillary data"). Who does not ask for it never sees it.
fn send_alone(stream: &UnixStream, data: &[u8], barrier: &File) -> std::io::Result<usize> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut along = SendAncillaryBuffer::new(&mut space);
    let file = [barrier.as_fd()];
    along.push(SendAncillaryMessage::ScmRights(&file));
    Ok(sendmsg(stream, &[IoSlice::new(data)], &mut along, SendFlags::NOSIGNAL)?)
}
