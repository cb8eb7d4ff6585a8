//! `_os`: the raw system calls.

use crate::os::{Addr, OsCall, OsResult, SigDisposition};
use crate::types::arg;
use crate::value::{Kind, Value};
use crate::vm::builtin_types::T;
use crate::vm::frame::{Args, Cont};
use crate::vm::start::Registry;
use crate::vm::{R, Vm};

pub(super) fn register(reg: &mut Registry) {
    reg.func_full("_os", "call", call);
    reg.func("_os", "strerror", 1, 1, |vm, a| {
        let n = vm.want_int(arg(a, 0))?;
        let s = strerror(n as i32);
        Ok(vm.str(s))
    });
}

/// `call(name, *args)`: one entry for all calls.
fn call(vm: &mut Vm, args: Args, cont: Cont) -> R<()> {
    let a = args.pos;
    let name = vm.want_str(arg(&a, 0), "call name")?;
    let text = |vm: &mut Vm, i: usize| -> R<String> {
        match vm.kind(arg(&a, i)) {
            Kind::Bytes(b) => Ok(String::from_utf8_lossy(b).into_owned()),
            _ => {
                let v = arg(&a, i);
                let Some(s) = vm.text(v) else {
                    let t = vm.type_name(v);
                    return vm.type_error(format!("expected str, bytes or os.PathLike object, not {t}"));
                };
                if s.contains('\0') {
                    return vm.value_error("embedded null byte");
                }
                Ok(s.to_string())
            }
        }
    };
    let int = |vm: &mut Vm, i: usize| vm.want_int(arg(&a, i));
    let c = match &*name {
        "open" => OsCall::Open { path: text(vm, 1)?, flags: int(vm, 2)?, mode: int(vm, 3)? as u32 },
        "read" => OsCall::Read { fd: int(vm, 1)?, len: int(vm, 2)?.clamp(0, 1 << 24) as usize },
        "write" => OsCall::Write { fd: int(vm, 1)?, data: vm.want_bytes(arg(&a, 2))? },
        "close" => OsCall::Close { fd: int(vm, 1)? },
        "seek" => OsCall::Seek { fd: int(vm, 1)?, offset: int(vm, 2)?, whence: int(vm, 3)? },
        "truncate" => OsCall::Truncate { fd: int(vm, 1)?, len: int(vm, 2)? },
        "stat" => OsCall::Stat { path: text(vm, 1)?, follow: arg(&a, 2) != Value::Bool(false) },
        "listdir" => OsCall::ListDir { path: text(vm, 1)? },
        "mkdir" => OsCall::Mkdir { path: text(vm, 1)?, mode: int(vm, 2)? as u32 },
        "rmdir" => OsCall::Rmdir { path: text(vm, 1)? },
        "unlink" => OsCall::Unlink { path: text(vm, 1)? },
        "rename" => OsCall::Rename { from: text(vm, 1)?, to: text(vm, 2)? },
        "symlink" => OsCall::Symlink { target: text(vm, 1)?, path: text(vm, 2)? },
        "readlink" => OsCall::Readlink { path: text(vm, 1)? },
        "chmod" => OsCall::Chmod { path: text(vm, 1)?, mode: int(vm, 2)? as u32 },
        "chdir" => OsCall::Chdir { path: text(vm, 1)? },
        "getcwd" => OsCall::Getcwd,
        "sleep" => OsCall::Sleep { ns: int(vm, 1)?.max(0) as u64 },
        "now" => OsCall::Now,
        "monotonic" => OsCall::Monotonic,
        "random" => OsCall::Random { len: int(vm, 1)?.clamp(0, 1 << 20) as usize },
        "getpid" => OsCall::GetPid,
        "getppid" => OsCall::GetPpid,
        "getuid" => OsCall::GetUid,
        "getgid" => OsCall::GetGid,
        "exec" => {
            let texts = |vm: &Vm, v: Value| {
                vm.items(v)
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|t| vm.text(t))
                    .map(|t| t.to_string())
                    .collect::<Vec<_>>()
            };
            let pairs = vm.as_dict(arg(&a, 3)).map(|d| d.entries().collect::<Vec<_>>()).unwrap_or_default();
            let env = pairs
                .into_iter()
                .filter_map(|(k, v)| Some((vm.text(k)?.to_string(), vm.text(v)?.to_string())))
                .collect();
            OsCall::Exec { path: text(vm, 1)?, argv: texts(vm, arg(&a, 2)), env }
        }
        "kill" => OsCall::Kill { pid: int(vm, 1)?, signal: int(vm, 2)? as i32 },
        "fork" => OsCall::Fork,
        "wait" => OsCall::Wait { pid: int(vm, 1)?, no_hang: int(vm, 2)? & 1 != 0 },
        "pipe" => OsCall::Pipe,
        "dup2" => OsCall::Dup2 { old: int(vm, 1)?, new: int(vm, 2)? },
        "setsid" => OsCall::SetSid,
        "sigaction" => OsCall::Sigaction {
            signal: int(vm, 1)? as i32,
            disposition: match int(vm, 2)? {
                0 => SigDisposition::Default,
                1 => SigDisposition::Ignore,
                _ => SigDisposition::Catch,
            },
        },
        "isatty" => OsCall::IsATty { fd: int(vm, 1)? },
        "uname" => OsCall::Uname,
        "socket" => OsCall::Socket { family: int(vm, 1)?, kind: int(vm, 2)? },
        "bind" => OsCall::Bind { fd: int(vm, 1)?, addr: address(vm, arg(&a, 2))? },
        "listen" => OsCall::Listen { fd: int(vm, 1)?, backlog: int(vm, 2)? },
        "accept" => OsCall::Accept { fd: int(vm, 1)? },
        "connect" => OsCall::Connect { fd: int(vm, 1)?, addr: address(vm, arg(&a, 2))? },
        "shutdown" => OsCall::Shutdown { fd: int(vm, 1)?, how: int(vm, 2)? },
        "getsockname" => OsCall::GetSockName { fd: int(vm, 1)? },
        "getpeername" => OsCall::GetPeerName { fd: int(vm, 1)? },
        "resolve" => OsCall::Resolve { host: text(vm, 1)? },
        "poll" => {
            let mut fds = |i: usize| -> R<Vec<i64>> {
                let mut out = Vec::new();
                for v in vm.items(arg(&a, i)).unwrap_or_default() {
                    out.push(vm.want_int(v)?);
                }
                Ok(out)
            };
            let (read, write) = (fds(1)?, fds(2)?);
            let timeout_ns = if arg(&a, 3).is_none() { None } else { Some(int(vm, 3)?.max(0) as u64) };
            OsCall::Poll { read, write, timeout_ns }
        }
        _ => return vm.fail(T::SystemError, format!("unknown system call {name}")),
    };
    vm.syscall(c, cont)
}

fn address(vm: &mut Vm, v: Value) -> R<Addr> {
    if let Some(s) = vm.text(v) {
        return Ok(Addr::Unix(s.to_string()));
    }
    let items = vm.items(v).unwrap_or_default();
    let (Some(host), Some(port)) = (items.first().and_then(|h| vm.text(*h)), items.get(1).and_then(|p| vm.as_int(*p)))
    else {
        let t = vm.type_name(v);
        return vm.type_error(format!("AF_INET address must be tuple, not {t}"));
    };
    match u16::try_from(port) {
        Ok(port) => Ok(Addr::Inet { host: host.to_string(), port }),
        Err(_) => vm.fail(T::OverflowError, "port must be 0-65535."),
    }
}

impl Vm {
    /// A system call's answer as a Python value, or the OSError.
    pub(crate) fn os_value(&mut self, r: OsResult, call: &OsCall) -> R<Value> {
        Ok(match r {
            OsResult::Unit => Value::None,
            OsResult::Int(i) => Value::Int(i),
            OsResult::Ints(v) => self.list(v.into_iter().map(Value::Int).collect()),
            OsResult::Bytes(b) => self.bytes(b),
            OsResult::Text(t) => self.str(t),
            OsResult::Names(n) => {
                let vs = n.into_iter().map(|n| self.str(n)).collect();
                self.list(vs)
            }
            OsResult::Stat(s) => self.tuple(vec![
                Value::Int(s.mode.into()),
                Value::Int(s.size as i64),
                Value::Int(s.uid.into()),
                Value::Int(s.gid.into()),
                Value::Int(s.mtime_ns),
            ]),
            OsResult::Addr(a) => self.address_value(a),
            OsResult::Accepted { fd, peer } => {
                let p = self.address_value(peer);
                self.tuple(vec![Value::Int(fd), p])
            }
            OsResult::Err(n) => {
                let errno = i64::from(n);
                let msg = self.str(strerror(n));
                let mut args = vec![Value::Int(errno), msg];
                match call {
                    OsCall::Open { path, .. }
                    | OsCall::Exec { path, .. }
                    | OsCall::Stat { path, .. }
                    | OsCall::ListDir { path }
                    | OsCall::Mkdir { path, .. }
                    | OsCall::Rmdir { path }
                    | OsCall::Unlink { path }
                    | OsCall::Readlink { path }
                    | OsCall::Chmod { path, .. }
                    | OsCall::Chdir { path } => args.push(self.str(path.as_str())),
                    OsCall::Rename { from, to } => {
                        let (f, t) = (self.str(from.as_str()), self.str(to.as_str()));
                        args.extend([f, Value::None, t]);
                    }
                    _ => {}
                }
                return Err(self.exc_args(crate::types::errno_class(errno), args));
            }
        })
    }

    fn address_value(&mut self, a: Addr) -> Value {
        match a {
            Addr::Inet { host, port } => {
                let h = self.str(host);
                self.tuple(vec![h, Value::Int(port.into())])
            }
            Addr::Unix(p) => self.str(p),
        }
    }
}

/// glibc's words.
pub(crate) fn strerror(n: i32) -> String {
    match n {
        1 => "Operation not permitted",
        2 => "No such file or directory",
        3 => "No such process",
        4 => "Interrupted system call",
        5 => "Input/output error",
        9 => "Bad file descriptor",
        10 => "No child processes",
        11 => "Resource temporarily unavailable",
        12 => "Cannot allocate memory",
        13 => "Permission denied",
        16 => "Device or resource busy",
        17 => "File exists",
        18 => "Invalid cross-device link",
        20 => "Not a directory",
        21 => "Is a directory",
        22 => "Invalid argument",
        24 => "Too many open files",
        25 => "Inappropriate ioctl for device",
        27 => "File too large",
        28 => "No space left on device",
        29 => "Illegal seek",
        30 => "Read-only file system",
        32 => "Broken pipe",
        36 => "File name too long",
        38 => "Function not implemented",
        39 => "Directory not empty",
        40 => "Too many levels of symbolic links",
        88 => "Socket operation on non-socket",
        98 => "Address already in use",
        99 => "Cannot assign requested address",
        101 => "Network is unreachable",
        103 => "Software caused connection abort",
        104 => "Connection reset by peer",
        106 => "Transport endpoint is already connected",
        107 => "Transport endpoint is not connected",
        110 => "Connection timed out",
        111 => "Connection refused",
        113 => "No route to host",
        -2 => "Name or service not known",
        -3 => "Temporary failure in name resolution",
        _ => return format!("Unknown error {n}"),
    }
    .to_owned()
}
