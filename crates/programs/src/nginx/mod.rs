//! `nginx`: serves files, redirects, proxies, balances. A master that starts workers, state machines, because
//! they live long; each connection is a worker's thread.

mod config;
mod master;
mod serve;

use std::collections::BTreeMap;
use std::hash::Hash;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

use layerlab_kernel::{
    Cx, Errno, Fd, OpenFlags, PollFd, Program, ProgramArgs, Ret, Signal, SockAddr, SockKind, StateHasher, Step,
    Syscall, ThreadBody,
};

use config::{Config, Files};

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    Box::new(Nginx {
        args,
        phase: Phase::Start,
        setup: None,
        path: "/etc/nginx/nginx.conf".to_owned(),
        foreground: false,
        listeners: Vec::new(),
        workers: Vec::new(),
        stopping: false,
        reloading: false,
        fresh: 0,
    })
}

/// What connections share.
#[derive(Clone, Debug, Hash)]
pub(super) struct Setup {
    pub(super) config: Config,
    pub(super) version: String,
    /// Descriptors of the log files.
    pub(super) logs: BTreeMap<String, Fd>,
    pub(super) pid: u32,
    /// Whom the workers run as.
    pub(super) user: Option<(u32, u32)>,
    pub(super) hostname: String,
}

/// Which server of a group is next, and how many connections there were.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Counters {
    pub(super) turns: BTreeMap<String, usize>,
    pub(super) connections: u64,
    pub(super) requests: u64,
}

#[derive(Clone, Hash)]
struct Nginx {
    args: ProgramArgs,
    phase: Phase,
    setup: Option<Rc<Setup>>,
    /// Of the configuration.
    path: String,
    /// `daemon off`
    foreground: bool,
    /// Sockets and their ports.
    listeners: Vec<(Fd, u16)>,
    workers: Vec<master::Worker>,
    stopping: bool,
    reloading: bool,
    /// How many of the workers have the configuration of before the reload.
    fresh: usize,
}

/// Where the master's number is.
const PID_FILE: &str = "/run/nginx.pid";

#[derive(Clone, Hash)]
enum Phase {
    Start,
    /// Going into the background.
    Daemon,
    /// The master starts workers: how many are left.
    Forking(u32),
    /// The master waits for children and signals.
    Waiting,
    /// A worker.
    Working,
    Ended(i32),
}

struct Disk<'a, 'b>(&'a mut Cx<'b>);

impl Files for Disk<'_, '_> {
    fn read(&mut self, path: &str) -> Option<String> {
        let fd = self.0.open(path, OpenFlags::READ, 0).ok()?;
        let mut all = Vec::new();
        while let Ok(data) = self.0.read(fd, 1 << 16) {
            if data.is_empty() {
                break;
            }
            all.extend_from_slice(&data);
        }
        let _ = self.0.close(fd);
        Some(String::from_utf8_lossy(&all).into_owned())
    }

    fn glob(&mut self, pattern: &str) -> Vec<String> {
        let (dir, name) = pattern.rsplit_once('/').unwrap_or(("/", pattern));
        let (before, after) = name.split_once('*').unwrap_or((name, ""));
        let fits = |n: &str| {
            n.len() >= before.len() + after.len() && n.starts_with(before) && n.ends_with(after) && !n.starts_with('.')
        };
        let names = self.0.read_dir(dir).unwrap_or_default();
        names.into_iter().filter(|e| fits(&e.name)).map(|e| format!("{dir}/{}", e.name)).collect()
    }
}

impl Program for Nginx {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        match self.phase {
            Phase::Start => {
                let _ = cx.result();
                match self.start(cx) {
                    Ok(()) => self.begin(cx),
                    Err(code) => {
                        self.phase = Phase::Ended(code);
                        Step::exit(code)
                    }
                }
            }
            Phase::Daemon => {
                let result = cx.result();
                self.daemon(cx, result)
            }
            Phase::Forking(left) => {
                let result = cx.result();
                self.forked(cx, left, result)
            }
            Phase::Waiting => {
                let result = cx.result();
                self.waited(cx, result)
            }
            Phase::Working => {
                match cx.result() {
                    Ok(Ret::Ready(ready)) => {
                        for r in ready {
                            self.accept(cx, r.fd);
                        }
                    }
                    Err(Errno::EINTR) => {
                        while let Some(signal) = cx.take_signal() {
                            if self.told(cx, signal) {
                                self.phase = Phase::Ended(0);
                                return Step::exit(0);
                            }
                        }
                    }
                    _ => {}
                }
                self.poll()
            }
            Phase::Ended(code) => Step::exit(code),
        }
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        self.hash(h);
    }

    fn memory(&self) -> u64 {
        if matches!(self.phase, Phase::Working) { 1700 << 10 } else { 2600 << 10 }
    }
}

impl Nginx {
    fn poll(&self) -> Step {
        let fds = self.listeners.iter().map(|(fd, _)| PollFd { fd: *fd, read: true, write: false }).collect();
        Step::Syscall(Syscall::Poll { fds, timeout: None })
    }

    fn say(cx: &mut Cx<'_>, text: &str) {
        let _ = cx.write(2, Rc::new(text.as_bytes().to_vec()));
    }

    fn load(&self, cx: &mut Cx<'_>, path: &str) -> Result<Config, String> {
        let all = config::read(&mut Disk(cx), path, 0)?;
        let config = config::understand(&all)?;
        for (host, place) in &config.hosts {
            let known = config.upstreams.contains_key(host) || host.parse::<Ipv4Addr>().is_ok();
            if !known && cx.resolve(host).is_ok_and(|l| l.is_empty()) | cx.resolve(host).is_err() {
                return Err(format!("host not found in upstream \"{host}\" in {place}"));
            }
        }
        Ok(config)
    }

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<(), i32> {
        let version = self.args.variant.clone();
        let (mut test, mut path, mut global) = (false, self.path.clone(), String::new());
        let mut words = self.args.argv.iter().skip(1);
        while let Some(w) = words.next() {
            match w.as_str() {
                "-v" | "-V" => {
                    Self::say(cx, &format!("nginx version: nginx/{version}\n"));
                    return Err(0);
                }
                "-t" | "-T" => test = true,
                "-q" => {}
                "-c" => path = words.next().cloned().unwrap_or_default(),
                "-g" => global = words.next().cloned().unwrap_or_default(),
                "-p" | "-e" => drop(words.next()),
                "-s" => {
                    let signal = match words.next().map(String::as_str) {
                        Some("reload") => Signal::HUP,
                        Some("quit") => Signal::QUIT,
                        _ => Signal::TERM,
                    };
                    let pid = Disk(cx).read("/run/nginx.pid").and_then(|t| t.trim().parse::<i32>().ok());
                    return match pid.map(|p| cx.kill(p, Some(signal))) {
                        Some(Ok(())) => Err(0),
                        _ => {
                            Self::say(
                                cx,
                                "nginx: [error] open() \"/run/nginx.pid\" failed (2: No such file or directory)\n",
                            );
                            Err(1)
                        }
                    };
                }
                other => {
                    Self::say(cx, &format!("nginx: invalid option: \"{other}\"\n"));
                    return Err(1);
                }
            }
        }
        let config = self.load(cx, &path).map_err(|e| {
            Self::say(
                cx,
                &format!(
                    "{} [emerg] {}#{}: {e}\nnginx: [emerg] {e}\n",
                    serve::stamp(cx.wall_clock()),
                    cx.pid(),
                    cx.pid()
                ),
            );
            if test {
                Self::say(cx, &format!("nginx: configuration file {path} test failed\n"));
            }
            1
        })?;
        if test {
            Self::say(
                cx,
                &format!(
                    "nginx: the configuration file {path} syntax is ok\nnginx: configuration file {path} test is successful\n"
                ),
            );
            return Err(0);
        }
        self.foreground = config.foreground || config::says(&global, "daemon", "off");
        self.path = path;
        master::catch(cx);
        for port in config.ports() {
            let fd = listen(cx, port).map_err(|e| {
                Self::say(cx, &format!("nginx: [emerg] {e}\n"));
                1
            })?;
            self.listeners.push((fd, port));
        }
        let (pid, user) = (cx.pid(), user_of(cx, &config));
        let hostname = cx.uname().map(|u| u.nodename).unwrap_or_default();
        let setup = Setup { logs: logs(cx, &config), config, version, pid, user, hostname };
        cx.set_memory(Box::new(Counters::default()));
        self.setup = Some(Rc::new(setup));
        Ok(())
    }

    fn note(&self, cx: &mut Cx<'_>, level: &str, text: &str) {
        let Some(setup) = &self.setup else { return };
        let fd = setup.error_log();
        let line = format!("{} [{level}] {pid}#{pid}: {text}\n", serve::stamp(cx.wall_clock()), pid = setup.pid);
        let _ = cx.write(fd, Rc::new(line.into_bytes()));
    }

    fn accept(&self, cx: &mut Cx<'_>, ready: Fd) {
        let Some((fd, port)) = self.listeners.iter().find(|l| l.0 == ready).copied() else { return };
        let (Ok((connection, peer)), Some(setup)) = (cx.accept(fd), &self.setup) else { return };
        let _ = cx.set_cloexec(connection, true);
        let client = match peer {
            SockAddr::Inet(a) => *a.ip(),
            SockAddr::Unix(_) => Ipv4Addr::LOCALHOST,
        };
        if cx.thread(ThreadBody::new(serve::connection(setup.clone(), connection, client, port))).is_err() {
            let _ = cx.close(connection);
        }
    }
}

impl Setup {
    pub(super) fn error_log(&self) -> Fd {
        self.config.error_log.as_ref().and_then(|p| self.logs.get(p)).copied().unwrap_or(2)
    }
}

/// A socket that listens at a port.
fn listen(cx: &mut Cx<'_>, port: u16) -> Result<Fd, String> {
    let bound = cx.socket(SockKind::Tcp).and_then(|fd| {
        let _ = cx.set_cloexec(fd, true);
        cx.bind(fd, SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port)))?;
        cx.listen(fd, 511)?;
        Ok(fd)
    });
    bound.map_err(|e| format!("bind() to 0.0.0.0:{port} failed ({}: {})", e.number(), e.text()))
}

/// Whom the configuration's `user` means.
fn user_of(cx: &mut Cx<'_>, config: &Config) -> Option<(u32, u32)> {
    let name = config.user.as_deref().unwrap_or("nobody");
    let text = Disk(cx).read("/etc/passwd")?;
    let mut fields =
        text.lines().map(|l| l.split(':').collect::<Vec<_>>()).find(|f| f.first() == Some(&name))?.into_iter();
    Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// Opens the log files; links to the standard streams are these.
fn logs(cx: &mut Cx<'_>, config: &Config) -> BTreeMap<String, Fd> {
    let all = config.servers.iter().flat_map(|s| s.locations.iter().map(|l| &l.settings).chain([&s.settings]));
    let mut paths: Vec<String> =
        all.filter_map(|s| s.access_log.as_ref()).filter_map(|l| Some(l.split(' ').next()?.to_owned())).collect();
    paths.extend(config.error_log.clone());
    let mut out = BTreeMap::new();
    for path in paths {
        if path == "off" || out.contains_key(&path) {
            continue;
        }
        let target = if path == "stderr" {
            "/dev/stderr".to_owned()
        } else {
            cx.readlink(&path).unwrap_or_else(|_| path.clone())
        };
        let fd = match target.as_str() {
            "/dev/stdout" | "/proc/self/fd/1" => Some(1),
            "/dev/stderr" | "/proc/self/fd/2" => Some(2),
            _ => cx.open(&path, OpenFlags::APPEND, 0o644).ok(),
        };
        out.extend(fd.map(|fd| (path, fd)));
    }
    out
}
