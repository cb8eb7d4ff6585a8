//! The boundary to the operating system: calls as data, answered by whoever runs the machine.

/// A system call. Paths are as the program gave them, relative ones to the process's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named after the system calls that they stand for")]
pub enum OsCall {
    /// Answers [`OsResult::Int`], the descriptor. Flags are Linux's `O_…` numbers.
    Open {
        path: String,
        flags: i64,
        mode: u32,
    },
    /// Answers [`OsResult::Bytes`]; empty at the end.
    Read {
        fd: i64,
        len: usize,
    },
    /// Answers [`OsResult::Int`], the number of bytes that went.
    Write {
        fd: i64,
        data: Vec<u8>,
    },
    Close {
        fd: i64,
    },
    /// Answers [`OsResult::Int`], the new position.
    Seek {
        fd: i64,
        offset: i64,
        whence: i64,
    },
    Truncate {
        fd: i64,
        len: i64,
    },
    /// Answers [`OsResult::Stat`].
    Stat {
        path: String,
        follow: bool,
    },
    /// Answers [`OsResult::Names`].
    ListDir {
        path: String,
    },
    Mkdir {
        path: String,
        mode: u32,
    },
    Rmdir {
        path: String,
    },
    Unlink {
        path: String,
    },
    Rename {
        from: String,
        to: String,
    },
    Symlink {
        target: String,
        path: String,
    },
    /// Answers [`OsResult::Text`].
    Readlink {
        path: String,
    },
    Chmod {
        path: String,
        mode: u32,
    },
    Chdir {
        path: String,
    },
    /// Answers [`OsResult::Text`].
    Getcwd,
    Sleep {
        ns: u64,
    },
    /// Answers [`OsResult::Int`]: nanoseconds since 1970.
    Now,
    /// Answers [`OsResult::Int`]: nanoseconds since some start.
    Monotonic,
    /// Answers [`OsResult::Bytes`].
    Random {
        len: usize,
    },
    /// Answers [`OsResult::Int`]: pid, ppid, uid or gid.
    GetPid,
    GetPpid,
    GetUid,
    GetGid,
    /// Another program takes this one's place; there is an answer only if that fails.
    Exec {
        path: String,
        argv: Vec<String>,
        env: Vec<(String, String)>,
    },
    Kill {
        pid: i64,
        signal: i32,
    },
    /// Answers [`OsResult::Int`]: 0 in the new process, its number in the old one.
    Fork,
    /// Waits for a child (-1: any). Answers [`OsResult::Ints`]: its number (0: with `no_hang`, none has
    /// ended) and its status as `wait(2)` has it.
    Wait {
        pid: i64,
        no_hang: bool,
    },
    /// Answers [`OsResult::Ints`]: the ends for reading and for writing.
    Pipe,
    Dup2 {
        old: i64,
        new: i64,
    },
    /// A session of its own.
    SetSid,
    /// Says whether the program handles a signal, ignores it, or leaves it to the system.
    Sigaction {
        signal: i32,
        disposition: SigDisposition,
    },
    /// Answers [`OsResult::Int`], 0 or 1.
    IsATty {
        fd: i64,
    },
    /// Answers [`OsResult::Names`]: system, host, release, version, machine.
    Uname,
    /// Answers [`OsResult::Int`], the descriptor. 1 stream, 2 datagram; 2 IPv4, 1 unix.
    Socket {
        family: i64,
        kind: i64,
    },
    Bind {
        fd: i64,
        addr: Addr,
    },
    Listen {
        fd: i64,
        backlog: i64,
    },
    /// Answers [`OsResult::Accepted`].
    Accept {
        fd: i64,
    },
    Connect {
        fd: i64,
        addr: Addr,
    },
    Shutdown {
        fd: i64,
        how: i64,
    },
    /// Answers [`OsResult::Addr`].
    GetSockName {
        fd: i64,
    },
    /// Answers [`OsResult::Addr`].
    GetPeerName {
        fd: i64,
    },
    /// Answers [`OsResult::Names`], IPv4 addresses.
    Resolve {
        host: String,
    },
    /// Answers [`OsResult::Ints`]: the ready ones among the descriptors. `None`: for ever.
    Poll {
        read: Vec<i64>,
        write: Vec<i64>,
        timeout_ns: Option<u64>,
    },
}

/// What a signal shall do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "sigaction(2)")]
pub enum SigDisposition {
    Default,
    Ignore,
    Catch,
}

/// A socket's address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named after what they hold")]
pub enum Addr {
    Inet { host: String, port: u16 },
    Unix(String),
}

/// What `stat` tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "named after the fields of struct stat")]
pub struct OsStat {
    /// Type and permission bits.
    pub mode: u32,
    pub size: u64,
    pub uid: u32,
    pub gid: u32,
    /// Nanoseconds since 1970.
    pub mtime_ns: i64,
}

/// A system call's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named after what they hold")]
pub enum OsResult {
    Unit,
    Int(i64),
    Ints(Vec<i64>),
    Bytes(Vec<u8>),
    Text(String),
    Names(Vec<String>),
    Stat(OsStat),
    Addr(Addr),
    Accepted {
        fd: i64,
        peer: Addr,
    },
    /// Linux's errno; negative: a name that did not resolve (`socket.gaierror`).
    Err(i32),
}
