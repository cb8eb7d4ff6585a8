//! Sockets and names.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddrV4};

use crate::SimTime;
use crate::capability::Cap;
use crate::errno::Errno;
use crate::file::{FileKind, OpenFile};
use crate::net::{Hop, HopKind, SockId, SockState, Socket, Trace, trace};
use crate::process::Process;
use crate::program::Cx;
use crate::syscall::{Fd, FileType, NetNsId, PidNsSpec, Ret, SockAddr, SockKind, SpawnSpec, SysResult, Way};
use crate::system::{System, WaitKey};
use crate::vfs::{Inode, Node, may};

use super::Outcome;

pub(super) fn sock_id(cx: &Cx<'_>, fd: Fd) -> Result<SockId, Errno> {
    let id = cx.sys.file_of(cx.pid, fd)?;
    match cx.sys.files.get(&id).map(|f| &f.kind) {
        Some(FileKind::Socket(s)) => Ok(*s),
        _ => Err(Errno::ENOTSOCK),
    }
}

fn sock<'a>(cx: &'a mut Cx<'_>, id: SockId) -> Result<&'a mut Socket, Errno> {
    cx.sys.net.sockets.get_mut(&id).ok_or(Errno::EBADF)
}

fn open_file(id: SockId) -> OpenFile {
    OpenFile::new(FileKind::Socket(id), true, true)
}

fn new_sock(sys: &mut System, s: Socket) -> SockId {
    let id = SockId(sys.net.next_sock);
    sys.net.next_sock += 1;
    sys.net.sockets.insert(id, s);
    id
}

pub(super) fn socket(cx: &mut Cx<'_>, kind: SockKind) -> Result<Fd, Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (ns, uid) = (p.net_ns, p.uid);
    // ping sockets are for the groups of `ping_group_range`; on Debian that is everybody.
    if kind == SockKind::Icmp && p.caps.bounding & Cap::NetRaw.bit() == 0 {
        return Err(Errno::EPERM);
    }
    if cx.sys.room_for_files(cx.pid) == 0 {
        return Err(Errno::EMFILE);
    }
    let none = VecDeque::new();
    let id = new_sock(
        cx.sys,
        Socket { kind, ns, state: SockState::Idle, local: None, peer: None, place: None, uid, datagrams: none },
    );
    cx.sys.install(cx.pid, open_file(id), false)
}

/// Whether a process may take a port of a namespace: low ones take a privilege, but where a sysctl lets
/// everybody have them (ip-sysctl.rst), as in Docker's containers.
fn may_bind(sys: &System, p: &Process, ns: NetNsId, port: u16) -> bool {
    let first = sys.sysctl_of(ns, "net/ipv4/ip_unprivileged_port_start").unwrap_or(1024);
    port == 0 || u64::from(port) >= first || p.can_over(Cap::NetBindService, ns.0)
}

pub(super) fn bind(cx: &mut Cx<'_>, fd: Fd, addr: &SockAddr) -> Result<(), Errno> {
    let id = sock_id(cx, fd)?;
    let s = sock(cx, id)?;
    let (ns_id, kind) = (s.ns, s.kind);
    if s.local.is_some() {
        return Err(Errno::EINVAL);
    }
    match (kind, addr) {
        (SockKind::Udp, SockAddr::Inet(a)) => {
            let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
            if !may_bind(cx.sys, p, ns_id, a.port()) {
                return Err(Errno::EACCES);
            }
            let bridge_addr = ns_id == NetNsId(0) && cx.sys.net.own_bridges().any(|(_, b)| b.addr.0 == *a.ip());
            let published = cx.sys.net.published_udp.keys().filter(|(ip, _)| overlaps(*ip, *a.ip()));
            let published: Vec<u16> = published.map(|k| k.1).filter(|_| ns_id == NetNsId(0)).collect();
            let ns = cx.sys.net.namespaces.get_mut(&ns_id).ok_or(Errno::ENETUNREACH)?;
            if !ns.owns(*a.ip()) && !bridge_addr {
                return Err(Errno::EADDRNOTAVAIL);
            }
            let taken = |port: u16| {
                published.contains(&port)
                    || ns.udp.get(&port).is_some_and(|l| l.iter().any(|(ip, _)| overlaps(*ip, *a.ip())))
            };
            let port = match a.port() {
                0 => (32768..=60999).find(|p| !taken(*p)).ok_or(Errno::EADDRINUSE)?,
                p if taken(p) => return Err(Errno::EADDRINUSE),
                p => p,
            };
            ns.udp.entry(port).or_default().push((*a.ip(), id));
            sock(cx, id)?.local = Some(SockAddr::Inet(SocketAddrV4::new(*a.ip(), port)));
            Ok(())
        }
        (SockKind::Tcp, SockAddr::Inet(a)) => {
            let a = *a;
            let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
            if !may_bind(cx.sys, p, ns_id, a.port()) {
                return Err(Errno::EACCES);
            }
            let bridge_addr = ns_id == NetNsId(0) && cx.sys.net.own_bridges().any(|(_, b)| b.addr.0 == *a.ip());
            let published = ns_id == NetNsId(0)
                && a.port() != 0
                && cx.sys.net.published.keys().any(|(ip, p)| *p == a.port() && overlaps(*ip, *a.ip()));
            let ns = cx.sys.net.namespaces.get_mut(&ns_id).ok_or(Errno::ENETUNREACH)?;
            if !ns.owns(*a.ip()) && !bridge_addr {
                return Err(Errno::EADDRNOTAVAIL);
            }
            let taken = |ns: &crate::net::NetNs, port: u16| {
                ns.ports.get(&port).is_some_and(|l| l.iter().any(|(ip, _)| overlaps(*ip, *a.ip())))
            };
            let port = if a.port() == 0 {
                let last = ns.last_ephemeral;
                let free = (1..=28231u32)
                    .map(|i| 32768 + ((u32::from(last) - 32767 + i - 1) % 28232) as u16)
                    .find(|p| !taken(ns, *p));
                let p = free.ok_or(Errno::EADDRINUSE)?;
                ns.last_ephemeral = p;
                p
            } else if published || taken(ns, a.port()) {
                return Err(Errno::EADDRINUSE);
            } else {
                a.port()
            };
            ns.ports.entry(port).or_default().push((*a.ip(), id));
            sock(cx, id)?.local = Some(SockAddr::Inet(SocketAddrV4::new(*a.ip(), port)));
            Ok(())
        }
        (SockKind::UnixStream, SockAddr::Unix(path)) => {
            let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
            let umask = p.umask;
            let found = cx.sys.resolve(p, path, true)?;
            if found.loc.is_some() {
                return Err(Errno::EADDRINUSE);
            }
            let loc = super::dir::create(cx, &found, Inode::new(Node::Socket, 0o777 & !umask))?;
            let fs = cx.sys.tree_of(loc).ok_or(Errno::ENOENT)?.1;
            let place = (fs.0, loc.ino);
            cx.sys.net.unix.insert(place, id);
            let s = sock(cx, id)?;
            (s.local, s.place) = (Some(addr.clone()), Some(place));
            Ok(())
        }
        _ => Err(Errno::EAFNOSUPPORT),
    }
}

/// Two addresses that cannot share a port.
fn overlaps(a: Ipv4Addr, b: Ipv4Addr) -> bool {
    a == b || a.is_unspecified() || b.is_unspecified()
}

pub(super) fn listen(cx: &mut Cx<'_>, fd: Fd, backlog: u32) -> Result<(), Errno> {
    let id = sock_id(cx, fd)?;
    if sock(cx, id)?.local.is_none() {
        if sock(cx, id)?.kind != SockKind::Tcp {
            return Err(Errno::EDESTADDRREQ);
        }
        bind(cx, fd, &SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0)))?;
    }
    let s = sock(cx, id)?;
    if s.state == SockState::Idle {
        s.state = SockState::Listening { queue: VecDeque::new(), backlog: backlog.clamp(1, 4096) };
    }
    Ok(())
}

pub(super) fn accept(cx: &mut Cx<'_>, fd: Fd) -> Outcome {
    let id = match sock_id(cx, fd) {
        Ok(id) => id,
        Err(e) => return Outcome::Done(Err(e)),
    };
    let nonblock = cx.sys.file_of(cx.pid, fd).ok().and_then(|f| cx.sys.files.get(&f)).is_some_and(|f| f.nonblock);
    let next = match sock(cx, id).map(|s| &mut s.state) {
        Ok(SockState::Listening { queue, .. }) => queue.pop_front(),
        _ => return Outcome::Done(Err(Errno::EINVAL)),
    };
    let Some(conn) = next else {
        return if nonblock {
            Outcome::Done(Err(Errno::EAGAIN))
        } else {
            Outcome::Block(vec![WaitKey::Socket(id.0)], None)
        };
    };
    let peer = cx.sys.net.sockets.get(&conn).and_then(|s| s.peer.clone()).unwrap_or(SockAddr::Unix(String::new()));
    let r = cx.sys.install(cx.pid, open_file(conn), false);
    Outcome::Done(r.map(|fd| Ret::Accepted { fd, peer }))
}

pub(super) fn connect(cx: &mut Cx<'_>, fd: Fd, addr: &SockAddr) -> Result<(), Errno> {
    let id = sock_id(cx, fd)?;
    let s = sock(cx, id)?;
    match s.state {
        SockState::Idle => {}
        SockState::Connected { .. } => return Err(Errno::EISCONN),
        SockState::Listening { .. } => return Err(Errno::EINVAL),
    }
    match (s.kind, addr) {
        (SockKind::Tcp, SockAddr::Inet(a)) => connect_tcp(cx, id, fd, *a),
        (SockKind::Udp | SockKind::Icmp, SockAddr::Inet(_)) => {
            sock(cx, id)?.peer = Some(addr.clone());
            Ok(())
        }
        (SockKind::UnixStream, SockAddr::Unix(path)) => {
            let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
            let loc = cx.sys.resolve(p, path, true)?.loc.ok_or(Errno::ENOENT)?;
            let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
            if inode.file_type() != FileType::Socket {
                return Err(Errno::ECONNREFUSED);
            }
            if !may(p, &inode, false, true, false) {
                return Err(Errno::EACCES);
            }
            let fs = cx.sys.tree_of(loc).ok_or(Errno::ENOENT)?.1;
            let listener = cx.sys.net.unix.get(&(fs.0, loc.ino)).copied().ok_or(Errno::ECONNREFUSED)?;
            join(cx, id, listener, SockAddr::Unix(String::new()), addr.clone())
        }
        _ => Err(Errno::EAFNOSUPPORT),
    }
}

fn connect_tcp(cx: &mut Cx<'_>, id: SockId, fd: Fd, to: SocketAddrV4) -> Result<(), Errno> {
    let ns = sock(cx, id)?.ns;
    let route = cx.sys.net.route(ns, to);
    let at = cx.now();
    let name = cx.sys.process(cx.pid).and_then(|p| p.argv.first().cloned()).unwrap_or_default();
    let mut hops = vec![Hop { kind: HopKind::Process, place: name }];
    hops.extend(route.hops.iter().cloned());
    let net = &mut cx.sys.net;
    let none = (String::new(), None, None);
    let (request, status, pipes) = none;
    let number = net.next_trace;
    net.traces.push(Trace {
        id: number,
        at,
        from: cx.pid,
        from_ns: ns,
        to,
        hops,
        end: route.end,
        request,
        status,
        pipes,
    });
    net.next_trace += 1;
    let extra = net.traces.len().saturating_sub(trace::KEPT);
    net.traces.drain(..extra);
    if let Some(e) = route.error() {
        return Err(e);
    }
    if sock(cx, id)?.local.is_none() {
        bind(cx, fd, &SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0)))?;
    }
    let port = match sock(cx, id)?.local {
        Some(SockAddr::Inet(a)) => a.port(),
        _ => 0,
    };
    let peer_ip = route.target.map_or(Ipv4Addr::LOCALHOST, |t| t.1);
    let me = SockAddr::Inet(SocketAddrV4::new(peer_ip, port));
    let done = match (route.socket, route.server) {
        (Some(listener), _) => join(cx, id, listener, me, SockAddr::Inet(to)),
        (None, Some(argv)) => reach(cx, id, argv, me, SockAddr::Inet(to)),
        (None, None) => {
            // The proxy took it, found nobody, and tears it down.
            let rx = cx.sys.new_pipe(1, 0);
            let tx = cx.sys.new_pipe(1, 1);
            if let Some(p) = cx.sys.pipes.get_mut(&rx) {
                p.reset = true;
            }
            let s = sock(cx, id)?;
            s.peer = Some(SockAddr::Inet(to));
            s.state = SockState::Connected { rx, tx };
            Ok(())
        }
    };
    if let SockState::Connected { rx, tx } = sock(cx, id)?.state
        && let Some(t) = cx.sys.net.traces.iter_mut().rev().find(|t| t.id == number)
    {
        t.pipes = Some((rx, tx));
    }
    done
}

/// Connects a socket to a server of the internet: a process is started for it, elsewhere.
fn reach(cx: &mut Cx<'_>, id: SockId, argv: Vec<String>, me: SockAddr, to: SockAddr) -> Result<(), Errno> {
    let Some((files, ns)) = cx.sys.net.internet.as_ref().map(|n| (n.files, n.ns)) else {
        return Err(Errno::ENETUNREACH);
    };
    let (there, back) = (cx.sys.new_pipe(1, 1), cx.sys.new_pipe(1, 1));
    let other = Socket {
        kind: SockKind::Tcp,
        ns,
        state: SockState::Connected { rx: there, tx: back },
        local: Some(to.clone()),
        peer: Some(me.clone()),
        place: None,
        uid: 0,
        datagrams: VecDeque::new(),
    };
    let other = new_sock(cx.sys, other);
    let s = sock(cx, id)?;
    (s.state, s.peer) = (SockState::Connected { rx: back, tx: there }, Some(to));
    s.local.get_or_insert(me);
    // It is nobody's child here; when it ends it is forgotten.
    let first = crate::syscall::Pid(1);
    let at = cx.now();
    let fd = cx.sys.install(first, open_file(other), false)?;
    let spec = SpawnSpec {
        path: argv.first().map(|a| format!("/{a}")),
        argv,
        cwd: "/".to_owned(),
        fds: vec![(0, fd), (1, fd)],
        mnt: Some(files),
        net: Some(ns),
        pid_ns: PidNsSpec::New,
        new_session: true,
        ..SpawnSpec::default()
    };
    let mut outer = Cx { sys: cx.sys, pid: first, result: None, cost: SimTime(0), memory: None };
    let started = super::exec::spawn(&mut outer, &spec);
    let _ = cx.sys.close_fd(first, fd, at);
    if let Ok(Ret::Num(pid)) = started {
        let space = cx.sys.process(crate::syscall::Pid(pid as u32)).map(|p| p.pid_ns);
        if let Some(n) = space.and_then(|s| cx.sys.pid_ns.get_mut(&s)) {
            n.elsewhere = true;
        }
    }
    started.map(|_| ())
}

/// Where a connection of a process to a name and port would go.
pub(super) fn way(cx: &mut Cx<'_>, of: crate::syscall::Pid, host: &str, port: u16) -> SysResult {
    let pid = if of.0 == 0 { cx.pid } else { of };
    let ns = cx.sys.process(pid).ok_or(Errno::ESRCH)?.net_ns;
    let addrs = match resolve(&mut Cx { sys: cx.sys, pid, result: None, cost: SimTime(0), memory: None }, host) {
        Ok(Ret::Addrs(a)) => a,
        _ => Vec::new(),
    };
    let route = addrs.first().map(|a| cx.sys.net.route(ns, SocketAddrV4::new(*a, port)));
    let mut state = crate::net::PortState::default();
    let end = route.as_ref().and_then(|r| r.target).and_then(|t| cx.sys.net.namespaces.get(&t.0));
    for (number, list) in end.iter().flat_map(|n| &n.ports) {
        let listens =
            |id: &SockId| cx.sys.net.sockets.get(id).is_some_and(|s| matches!(s.state, SockState::Listening { .. }));
        let here: Vec<Ipv4Addr> = list.iter().filter(|(_, s)| listens(s)).map(|(a, _)| *a).collect();
        if !here.is_empty() {
            state.others.push(*number);
        }
        let inner = route.as_ref().map_or(port, |r| r.to.port());
        if *number == inner {
            state.listening = here;
        }
    }
    Ok(Ret::Way(Box::new(Way { addrs, route, port: state })))
}

/// Connects a socket to a listening one.
fn join(cx: &mut Cx<'_>, id: SockId, listener: SockId, me: SockAddr, to: SockAddr) -> Result<(), Errno> {
    let (kind, ns, uid) = match cx.sys.net.sockets.get(&listener) {
        Some(Socket { state: SockState::Listening { queue, backlog }, kind, ns, uid, .. }) => {
            if queue.len() >= *backlog as usize {
                return Err(Errno::EAGAIN);
            }
            (*kind, *ns, *uid)
        }
        _ => return Err(Errno::ECONNREFUSED),
    };
    let there = cx.sys.new_pipe(1, 1);
    let back = cx.sys.new_pipe(1, 1);
    let other = Socket {
        kind,
        ns,
        state: SockState::Connected { rx: there, tx: back },
        local: Some(to.clone()),
        peer: Some(me.clone()),
        place: None,
        uid,
        datagrams: VecDeque::new(),
    };
    let other = new_sock(cx.sys, other);
    let s = sock(cx, id)?;
    s.state = SockState::Connected { rx: back, tx: there };
    s.peer = Some(to);
    if s.local.is_none() {
        s.local = Some(me);
    }
    if let Some(Socket { state: SockState::Listening { queue, .. }, .. }) = cx.sys.net.sockets.get_mut(&listener) {
        queue.push_back(other);
    }
    let at = cx.now() + SimTime(20_000);
    cx.sys.wake(WaitKey::Socket(listener.0), at);
    Ok(())
}

pub(super) fn shutdown(cx: &mut Cx<'_>, fd: Fd, read: bool, write: bool) -> Result<(), Errno> {
    let id = sock_id(cx, fd)?;
    let SockState::Connected { rx, tx } = sock(cx, id)?.state else { return Err(Errno::ENOTCONN) };
    let at = cx.now();
    if write && let Some(p) = cx.sys.pipes.get_mut(&tx) {
        p.writers = 0;
        cx.sys.wake(WaitKey::Pipe(tx), at);
    }
    if read && let Some(p) = cx.sys.pipes.get_mut(&rx) {
        p.readers = 0;
        cx.sys.wake(WaitKey::Pipe(rx), at);
    }
    Ok(())
}

impl System {
    /// The last descriptor of a socket was closed.
    pub(crate) fn drop_socket(&mut self, id: SockId, at: SimTime) {
        let Some(s) = self.net.sockets.remove(&id) else { return };
        if let (SockKind::Tcp, Some(SockAddr::Inet(a))) = (s.kind, &s.local)
            && let Some(ns) = self.net.namespaces.get_mut(&s.ns)
            && let Some(list) = ns.ports.get_mut(&a.port())
        {
            list.retain(|(_, o)| *o != id);
            if list.is_empty() {
                ns.ports.remove(&a.port());
            }
        }
        if s.kind == SockKind::Udp {
            self.net.flows.retain(|_, (asked, _)| *asked != id);
        }
        if let (SockKind::Udp, Some(SockAddr::Inet(a))) = (s.kind, &s.local)
            && let Some(ns) = self.net.namespaces.get_mut(&s.ns)
            && let Some(list) = ns.udp.get_mut(&a.port())
        {
            list.retain(|(_, o)| *o != id);
            if list.is_empty() {
                ns.udp.remove(&a.port());
            }
        }
        if let Some(place) = s.place {
            self.net.unix.remove(&place);
        }
        match s.state {
            SockState::Idle => {}
            SockState::Listening { queue, .. } => {
                for c in queue {
                    self.drop_socket(c, at);
                }
            }
            SockState::Connected { rx, tx } => {
                self.drop_reader(rx, at);
                self.drop_writer(tx, at);
            }
        }
    }
}

pub(super) fn name(cx: &mut Cx<'_>, fd: Fd) -> SysResult {
    let id = sock_id(cx, fd)?;
    let s = sock(cx, id)?;
    let none = match s.kind {
        SockKind::Tcp | SockKind::Udp | SockKind::Icmp => SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0)),
        SockKind::UnixStream => SockAddr::Unix(String::new()),
    };
    Ok(Ret::Addr(s.local.clone().unwrap_or(none)))
}

pub(super) fn peer(cx: &mut Cx<'_>, fd: Fd) -> SysResult {
    let id = sock_id(cx, fd)?;
    sock(cx, id)?.peer.clone().map(Ret::Addr).ok_or(Errno::ENOTCONN)
}

/// Name to addresses: numbers, `/etc/hosts`, the names of the bridges that the namespace is on.
pub(super) fn resolve(cx: &mut Cx<'_>, host: &str) -> SysResult {
    if let Ok(a) = host.parse::<Ipv4Addr>() {
        return Ok(Ret::Addrs(vec![a]));
    }
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let loc = cx.sys.resolve(p, "/etc/hosts", true).ok().and_then(|f| f.loc);
    if let Some(Inode { node: Node::File(text), .. }) = loc.and_then(|l| cx.sys.inode_at(p, l)).as_deref() {
        let text = String::from_utf8_lossy(text);
        let lines = text.lines().map(|l| l.split('#').next().unwrap_or(""));
        let hits: Vec<Ipv4Addr> = lines
            .filter_map(|l| {
                let mut words = l.split_whitespace();
                let addr = words.next()?.parse().ok()?;
                words.any(|w| w.eq_ignore_ascii_case(host)).then_some(addr)
            })
            .collect();
        if !hits.is_empty() {
            return Ok(Ret::Addrs(hits));
        }
    }
    if host.eq_ignore_ascii_case("localhost") {
        return Ok(Ret::Addrs(vec![Ipv4Addr::LOCALHOST]));
    }
    let ns = cx.sys.net.namespaces.get(&p.net_ns).ok_or(Errno::ENONAME)?;
    let names = ns.interfaces.iter().filter_map(|i| cx.sys.net.bridges.get(i.bridge.as_ref()?)?.names.get(host));
    let found: Vec<Ipv4Addr> = names.flatten().copied().collect();
    if !found.is_empty() {
        return Ok(Ret::Addrs(found));
    }
    // Then the name servers of `/etc/resolv.conf`; the first that answers says how it is.
    let loc = cx.sys.resolve(p, "/etc/resolv.conf", true).ok().and_then(|f| f.loc);
    let inode = loc.and_then(|l| cx.sys.inode_at(p, l));
    let Some(Inode { node: Node::File(text), .. }) = inode.as_deref() else { return Err(Errno::ENONAME) };
    let text = String::from_utf8_lossy(text);
    let servers = text.lines().filter_map(|l| l.strip_prefix("nameserver")?.trim().parse::<Ipv4Addr>().ok());
    let server = servers.take(3).find(|s| cx.sys.net.has_name_server(p.net_ns, *s)).ok_or(Errno::ENONAME)?;
    cx.sys.net.look_up(p.net_ns, server, host).map(Ret::Addrs).ok_or(Errno::ENONAME)
}

pub(super) fn interfaces(cx: &mut Cx<'_>) -> SysResult {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    Ok(Ret::Interfaces(cx.sys.net.interfaces(p.net_ns)))
}
