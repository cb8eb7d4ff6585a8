//! An operating system for tests: files in memory, a clock that only sleeping moves.

use layerlab_python::{Addr, OsCall, OsResult, OsStat, Vm, VmConfig, VmStep};
use std::collections::{BTreeMap, VecDeque};

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

#[derive(Clone, Debug)]
struct Open {
    path: String,
    at: usize,
    append: bool,
}

#[derive(Clone, Default)]
pub(crate) struct TestOs {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    dirs: Vec<String>,
    open: BTreeMap<i64, Open>,
    pub(crate) stdin: Vec<u8>,
    out: Vec<u8>,
    err: Vec<u8>,
    clock: i64,
    /// Requests that clients will send, in order, and what came back.
    pub(crate) requests: VecDeque<Vec<u8>>,
    pub(crate) answers: Vec<Vec<u8>>,
    conns: BTreeMap<i64, Option<Vec<u8>>>,
    /// Binding a socket fails.
    pub(crate) port_in_use: bool,
}

const EPOCH: i64 = 1_795_291_200_000_000_000; // 2026-11-21 20:00:00 UTC

impl TestOs {
    pub(crate) fn new() -> TestOs {
        TestOs { dirs: vec!["/".into(), "/app".into(), "/tmp".into()], ..TestOs::default() }
    }

    pub(crate) fn file(mut self, path: &str, text: impl Into<Vec<u8>>) -> TestOs {
        let mut dir = path;
        while let Some((d, _)) = dir.rsplit_once('/') {
            if !d.is_empty() && !self.dirs.iter().any(|x| x == d) {
                self.dirs.push(d.to_owned());
            }
            dir = d;
        }
        self.files.insert(path.into(), text.into());
        self
    }

    /// As after `pip install flask`.
    pub(crate) fn site_packages(mut self) -> TestOs {
        for p in layerlab_python::packages() {
            for (path, text) in p.files {
                self = self.file(&format!("/usr/local/lib/python3.11/site-packages/{path}"), *text);
            }
        }
        self
    }

    fn full(path: &str) -> String {
        let p = if path.starts_with('/') { path.to_owned() } else { format!("/app/{path}") };
        let mut parts: Vec<&str> = Vec::new();
        for c in p.split('/') {
            match c {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                c => parts.push(c),
            }
        }
        format!("/{}", parts.join("/"))
    }

    pub(crate) fn call(&mut self, vm: &mut Vm, call: OsCall) -> OsResult {
        match call {
            OsCall::Open { path, flags, .. } => {
                let path = Self::full(&path);
                let is_dir = self.dirs.contains(&path);
                if !self.files.contains_key(&path) && !is_dir {
                    let parent =
                        path.rsplit_once('/').map_or("/", |p| if p.0.is_empty() { "/" } else { p.0 }).to_owned();
                    if flags & 0o100 == 0 || !self.dirs.contains(&parent) {
                        return OsResult::Err(2);
                    }
                    self.files.insert(path.clone(), Vec::new());
                } else if flags & 0o200 != 0 {
                    return OsResult::Err(17);
                } else if is_dir && flags & 3 != 0 {
                    return OsResult::Err(21);
                }
                if flags & 0o1000 != 0 {
                    self.files.insert(path.clone(), Vec::new());
                }
                let fd = (3..).find(|n| !self.open.contains_key(n) && !self.conns.contains_key(n)).unwrap_or(3);
                self.open.insert(fd, Open { path, at: 0, append: flags & 0o2000 != 0 });
                OsResult::Int(fd)
            }
            OsCall::Read { fd: 0, len } => {
                let n = len.min(self.stdin.len());
                OsResult::Bytes(self.stdin.drain(..n).collect())
            }
            OsCall::Read { fd, len } => {
                if let Some(c) = self.conns.get_mut(&fd) {
                    return OsResult::Bytes(c.take().unwrap_or_default());
                }
                let Some(o) = self.open.get_mut(&fd) else { return OsResult::Err(9) };
                let data = self.files.get(&o.path).cloned().unwrap_or_default();
                let end = data.len().min(o.at + len);
                let b = data.get(o.at..end).unwrap_or(&[]).to_vec();
                o.at = end;
                OsResult::Bytes(b)
            }
            OsCall::Write { fd, data } => {
                let n = data.len() as i64;
                match fd {
                    1 => self.out.extend(data),
                    2 => self.err.extend(data),
                    _ if self.conns.contains_key(&fd) => {
                        if let Some(a) = self.answers.last_mut() {
                            a.extend(data);
                        }
                    }
                    _ => {
                        let Some(o) = self.open.get_mut(&fd) else { return OsResult::Err(9) };
                        let f = self.files.entry(o.path.clone()).or_default();
                        if o.append {
                            o.at = f.len();
                        }
                        if f.len() < o.at + data.len() {
                            f.resize(o.at + data.len(), 0);
                        }
                        f[o.at..o.at + data.len()].copy_from_slice(&data);
                        o.at += data.len();
                    }
                }
                OsResult::Int(n)
            }
            OsCall::Close { fd } => {
                self.conns.remove(&fd);
                self.open.remove(&fd);
                OsResult::Unit
            }
            OsCall::Seek { fd, offset, whence } => {
                let Some(o) = self.open.get_mut(&fd) else { return OsResult::Err(29) };
                let len = self.files.get(&o.path).map_or(0, Vec::len) as i64;
                let base = [0, o.at as i64, len][whence as usize];
                o.at = (base + offset).max(0) as usize;
                OsResult::Int(o.at as i64)
            }
            OsCall::Truncate { fd, len } => {
                if let Some(o) = self.open.get(&fd) {
                    self.files.entry(o.path.clone()).or_default().resize(len as usize, 0);
                }
                OsResult::Unit
            }
            OsCall::Stat { path, .. } => {
                let path = Self::full(&path);
                if self.dirs.contains(&path) {
                    OsResult::Stat(OsStat { mode: 0o040755, ..OsStat::default() })
                } else if let Some(f) = self.files.get(&path) {
                    OsResult::Stat(OsStat { mode: 0o100644, size: f.len() as u64, ..OsStat::default() })
                } else {
                    OsResult::Err(2)
                }
            }
            OsCall::ListDir { path } => {
                let p = Self::full(&path);
                if !self.dirs.contains(&p) {
                    return OsResult::Err(2);
                }
                let pre = if p == "/" { p } else { format!("{p}/") };
                let mut names: Vec<String> = self
                    .files
                    .keys()
                    .chain(&self.dirs)
                    .filter_map(|f| f.strip_prefix(&pre))
                    .filter(|n| !n.is_empty() && !n.contains('/'))
                    .map(str::to_owned)
                    .collect();
                names.sort();
                OsResult::Names(names)
            }
            OsCall::Mkdir { path, .. } => {
                let p = Self::full(&path);
                if self.dirs.contains(&p) || self.files.contains_key(&p) {
                    return OsResult::Err(17);
                }
                if !self.dirs.contains(
                    &p.rsplit_once('/')
                        .map_or("/".into(), |x| if x.0.is_empty() { "/".into() } else { x.0.to_owned() }),
                ) {
                    return OsResult::Err(2);
                }
                self.dirs.push(p);
                OsResult::Unit
            }
            OsCall::Rmdir { path } => {
                let p = Self::full(&path);
                self.dirs.retain(|d| *d != p);
                OsResult::Unit
            }
            OsCall::Unlink { path } => match self.files.remove(&Self::full(&path)) {
                Some(_) => OsResult::Unit,
                None => OsResult::Err(2),
            },
            OsCall::Rename { from, to } => match self.files.remove(&Self::full(&from)) {
                Some(f) => {
                    self.files.insert(Self::full(&to), f);
                    OsResult::Unit
                }
                None => OsResult::Err(2),
            },
            OsCall::Getcwd => OsResult::Text("/app".into()),
            OsCall::Sleep { ns } => {
                self.clock += ns as i64;
                OsResult::Unit
            }
            OsCall::Now => OsResult::Int(EPOCH + self.clock),
            OsCall::Monotonic => OsResult::Int(self.clock),
            OsCall::Random { len } => OsResult::Bytes((0..len).map(|i| (i * 37 + 11) as u8).collect()),
            OsCall::GetPid => OsResult::Int(1),
            OsCall::GetPpid | OsCall::GetUid | OsCall::GetGid | OsCall::IsATty { .. } => OsResult::Int(0),
            OsCall::Uname => {
                OsResult::Names(["Linux", "3f4e2d1c0b9a", "6.12.0", "#1 SMP", "x86_64"].map(String::from).to_vec())
            }
            OsCall::Socket { .. } => {
                self.conns.insert(100, None);
                OsResult::Int(100)
            }
            OsCall::Bind { .. } if self.port_in_use => OsResult::Err(98),
            OsCall::Accept { .. } => match self.requests.pop_front() {
                Some(r) => {
                    self.conns.insert(101, Some(r));
                    self.answers.push(Vec::new());
                    OsResult::Accepted { fd: 101, peer: Addr::Inet { host: "172.17.0.1".into(), port: 40000 } }
                }
                None => {
                    vm.signal(2);
                    OsResult::Err(4)
                }
            },
            OsCall::GetSockName { .. } => OsResult::Addr(Addr::Inet { host: "172.17.0.2".into(), port: 5000 }),
            OsCall::Resolve { .. } => OsResult::Names(vec!["172.17.0.2".into()]),
            OsCall::Poll { read, .. } => OsResult::Ints(read),
            OsCall::Kill { signal, .. } => {
                vm.signal(signal);
                OsResult::Unit
            }
            OsCall::Readlink { .. } => OsResult::Err(22),
            _ => OsResult::Unit,
        }
    }

    /// Runs `python args…` to its end in slices of `fuel`; with `clone_at`, goes on with a copy after so many slices.
    pub(crate) fn run_with(
        mut self,
        args: &[&str],
        env: &[(&str, &str)],
        fuel: u64,
        clone_at: Option<usize>,
    ) -> (Outcome, TestOs) {
        let mut argv = vec!["python".to_owned()];
        argv.extend(args.iter().map(|a| (*a).to_owned()));
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut vm =
            Vm::new(VmConfig { version: String::new(), argv, env, executable: "/usr/local/bin/python".into() });
        let (mut steps, mut slices) = (0u64, 0usize);
        let code = loop {
            match vm.run(fuel) {
                VmStep::Syscall(c) => {
                    let r = self.call(&mut vm, c);
                    vm.resume(r);
                }
                VmStep::OutOfFuel => {
                    steps += fuel;
                    slices += 1;
                    if clone_at == Some(slices) {
                        let copy = vm.clone();
                        // The original goes on for a while: the copy must not notice.
                        for _ in 0..50 {
                            if vm.run(fuel) != VmStep::OutOfFuel {
                                break;
                            }
                        }
                        vm = copy;
                    }
                    if steps > 200_000_000 {
                        break -1;
                    }
                }
                VmStep::Exit(code) => break code,
            }
        };
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        (Outcome { stdout: text(&self.out), stderr: text(&self.err), code }, self)
    }

    pub(crate) fn run(self, args: &[&str]) -> Outcome {
        self.run_with(args, &[], 1_000_000, None).0
    }
}
