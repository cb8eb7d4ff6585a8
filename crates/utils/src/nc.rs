//! `nc`: bytes between standard streams and a connection, made or taken. OpenBSD's, and busybox's.

use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::{Disposition, Errno, Fd, PollFd, Signal, SimTime, SockAddr, SockKind};

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[-46CDdFhklNnrStUuvZz] [-w timeout] [destination] [port]",
    "Arbitrary TCP connections and listens.",
    "4 6 C D d F h k l N n r S t U u v z e= c= p= q= s= w= i= I= O= X= x=",
)
.version("OpenBSD netcat (Debian patchlevel 1.229-1) (simulated");

/// Names of well-known ports, as `/etc/services` has them.
pub(crate) fn service(port: u16) -> Option<&'static str> {
    Some(match port {
        21 => "ftp",
        22 => "ssh",
        23 => "telnet",
        25 => "smtp",
        53 => "domain",
        80 => "http",
        110 => "pop3",
        143 => "imap2",
        443 => "https",
        2375 => "docker",
        2376 => "docker-s",
        3306 => "mysql",
        5000 => "commplex-main",
        5432 => "postgresql",
        6379 => "redis",
        8080 => "http-alt",
        27017 => "mongodb",
        _ => return None,
    })
}

/// A port by number or name.
pub(crate) fn port_number(text: &str) -> Option<u16> {
    text.parse().ok().or_else(|| (1..=u16::MAX).find(|p| service(*p) == Some(text)))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let busybox = c.variant == "busybox";
    let p = c.parse(&SPEC).await?;
    // A closed connection is an error here, never an end.
    let _ = c.sys.sigaction(Signal::PIPE, Disposition::Ignore).await;
    if p.has("l") {
        return listen(c, &p, busybox).await;
    }
    let fd = if p.has("U") {
        let [path] = p.operands.as_slice() else { return usage(c).await };
        let Ok(fd) = c.sys.socket(SockKind::UnixStream).await else { return Err(Stop::Code(1)) };
        if let Err(e) = c.sys.connect(fd, SockAddr::Unix(path.clone())).await {
            return c.die(1, format!("{path}: {e}")).await;
        }
        fd
    } else {
        let [host, ports] = p.operands.as_slice() else { return usage(c).await };
        match client(c, &p, host, ports, busybox).await? {
            Some(fd) => fd,
            None => return Ok(()),
        }
    };
    let idle = p.value("w").and_then(crate::sleep::duration);
    let half = (p.has("N") || busybox) && !p.has("u");
    talk(c, fd, half, p.has("d"), p.value("q").and_then(crate::sleep::duration), idle).await
}

/// Whether nobody says that a datagram's port is closed (OpenBSD's `udptest`).
async fn answers_nothing_bad(c: &Cli, fd: Fd) -> bool {
    for _ in 0..3 {
        let _ = c.sys.write(fd, b"X".to_vec().into()).await;
        if c.sys.recv_from(fd, Some(SimTime::secs(1))).await == Err(Errno::ECONNREFUSED) {
            return false;
        }
    }
    true
}

/// Waits for datagrams: the first one's sender is whom it talks to, with `-k` it hears all.
async fn hear(c: &mut Cli, fd: Fd, p: &crate::cli::Parsed) -> Run<()> {
    loop {
        let d = match c.sys.recv_from(fd, None).await {
            Ok(d) => d,
            Err(Errno::EINTR) => continue,
            Err(e) => return c.die(1, e).await,
        };
        if p.has("v") {
            let ip = *d.from.ip();
            let who = if ip.is_loopback() { "localhost".to_owned() } else { ip.to_string() };
            c.sys.eprint(format!("Connection received on {who} {}\n", d.from.port())).await;
        }
        c.put(d.data.as_slice()).await?;
        c.flush().await?;
        if !p.has("k") {
            if let Err(e) = c.sys.connect(fd, SockAddr::Inet(d.from)).await {
                return c.die(1, e).await;
            }
            let idle = p.value("w").and_then(crate::sleep::duration);
            return talk(c, fd, false, p.has("d"), p.value("q").and_then(crate::sleep::duration), idle).await;
        }
    }
}

async fn usage<T>(c: &mut Cli) -> Run<T> {
    let text = if c.variant == "busybox" {
        "BusyBox v1.37.0 multi-call binary.\n\nUsage: nc [-iN] [-wN] [-l] [-p PORT] [-f FILE|IPADDR PORT] [-e PROG]\n"
    } else {
        "usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n"
    };
    c.sys.eprint(text).await;
    Err(Stop::Code(1))
}

/// Connects; `None`: it was only asked whether somebody is there, and somebody is.
async fn client(c: &mut Cli, p: &crate::cli::Parsed, host: &str, ports: &str, busybox: bool) -> Run<Option<Fd>> {
    let range: Vec<u16> = match ports.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse::<u16>().ok()?)))
    {
        Some((a, b)) => (a..=b).collect(),
        None => match port_number(ports) {
            Some(n) => vec![n],
            None => return c.die(1, format!("port number invalid: {ports}")).await,
        },
    };
    let addresses = match c.sys.resolve(host).await {
        Ok(a) => a,
        Err(_) if busybox => return c.die(1, format!("bad address '{host}'")).await,
        Err(e) => return c.die(1, format!("getaddrinfo for host \"{host}\" port {ports}: {e}")).await,
    };
    let mut open = false;
    let udp = p.has("u");
    let protocol = if udp { "udp" } else { "tcp" };
    for port in range {
        for a in &addresses {
            let kind = if udp { SockKind::Udp } else { SockKind::Tcp };
            let Ok(fd) = c.sys.socket(kind).await else { return Err(Stop::Code(1)) };
            let mut connected = c.sys.connect(fd, SockAddr::Inet(SocketAddrV4::new(*a, port))).await;
            if udp && (p.has("z") || p.has("v")) && connected.is_ok() && !answers_nothing_bad(c, fd).await {
                connected = Err(Errno::ECONNREFUSED);
            }
            match connected {
                Ok(()) => {
                    if p.has("v") {
                        let name = service(port).unwrap_or("*");
                        let at =
                            if host.parse::<Ipv4Addr>().is_ok() { host.to_owned() } else { format!("{host} ({a})") };
                        let text = if busybox {
                            format!("{host} ({a}:{port}) open\n")
                        } else {
                            format!("Connection to {at} {port} port [{protocol}/{name}] succeeded!\n")
                        };
                        c.sys.eprint(text).await;
                    }
                    if !p.has("z") {
                        return Ok(Some(fd));
                    }
                    open = true;
                    let _ = c.sys.close(fd).await;
                    break;
                }
                Err(e) => {
                    let _ = c.sys.close(fd).await;
                    if busybox {
                        c.warn(format!("can't connect to remote host ({a}): {e}")).await;
                    } else if p.has("v") {
                        let at =
                            if host.parse::<Ipv4Addr>().is_ok() { host.to_owned() } else { format!("{host} ({a})") };
                        c.warn(format!("connect to {at} port {port} ({protocol}) failed: {e}")).await;
                    }
                }
            }
        }
    }
    if open { Ok(None) } else { Err(Stop::Code(1)) }
}

async fn listen(c: &mut Cli, p: &crate::cli::Parsed, busybox: bool) -> Run<()> {
    let addr = if p.has("U") {
        SockAddr::Unix(p.operands.first().cloned().unwrap_or_default())
    } else {
        let (host, port) = match (p.value("p"), p.operands.as_slice()) {
            (Some(port), []) => (None, port),
            (Some(port), [host]) => (Some(host), port),
            (None, [port]) => (None, port.as_str()),
            (None, [host, port]) => (Some(host), port.as_str()),
            _ => return usage(c).await,
        };
        let Some(port) = port_number(port) else {
            return c.die(1, format!("port number invalid: {port}")).await;
        };
        let ip = match host {
            None => Ipv4Addr::UNSPECIFIED,
            Some(h) => match c.sys.resolve(h).await {
                Ok(a) => a.first().copied().unwrap_or(Ipv4Addr::UNSPECIFIED),
                Err(e) => return c.die(1, format!("getaddrinfo: {e}")).await,
            },
        };
        SockAddr::Inet(SocketAddrV4::new(ip, port))
    };
    let kind = match (p.has("U"), p.has("u")) {
        (true, _) => SockKind::UnixStream,
        (_, true) => SockKind::Udp,
        _ => SockKind::Tcp,
    };
    let Ok(fd) = c.sys.socket(kind).await else { return Err(Stop::Code(1)) };
    if let Err(e) = c.sys.bind(fd, addr.clone()).await {
        return c.die(1, if busybox { format!("bind: {e}") } else { e.to_string() }).await;
    }
    if kind != SockKind::Udp
        && let Err(e) = c.sys.listen(fd, 10).await
    {
        return c.die(1, e).await;
    }
    if p.has("v") {
        let text = match &addr {
            SockAddr::Inet(a) if busybox => format!("listening on {a} ...\n"),
            SockAddr::Inet(a) if kind == SockKind::Udp => format!("Bound on {} {}\n", a.ip(), a.port()),
            SockAddr::Inet(a) => format!("Listening on {} {}\n", a.ip(), a.port()),
            SockAddr::Unix(path) => format!("Bound on {path}\nListening on {path}\n"),
        };
        c.sys.eprint(text).await;
    }
    if kind == SockKind::Udp {
        return hear(c, fd, p).await;
    }
    loop {
        let (conn, peer) = match c.sys.accept(fd).await {
            Ok(x) => x,
            Err(Errno::EINTR) => continue,
            Err(e) => return c.die(1, e).await,
        };
        if p.has("v")
            && let SockAddr::Inet(a) = &peer
        {
            let who = if a.ip().is_loopback() { "localhost".to_owned() } else { a.ip().to_string() };
            let text = if busybox {
                format!("connect to {who} from {a}\n")
            } else {
                format!("Connection received on {who} {}\n", a.port())
            };
            c.sys.eprint(text).await;
        }
        let program = p
            .value("e")
            .map(|e| vec![e.to_owned()])
            .or(p.value("c").map(|s| vec!["sh".to_owned(), "-c".to_owned(), s.to_owned()]));
        match program.filter(|_| busybox) {
            Some(argv) => {
                let child = c.start(argv, &[(0, conn), (1, conn), (2, conn)]).await;
                let _ = c.sys.close(conn).await;
                if let Ok(pid) = child
                    && !p.has("k")
                {
                    let _ = c.sys.wait(layerlab_kernel::WaitFor::Pid(pid), layerlab_kernel::WaitFlags::default()).await;
                }
            }
            None => {
                talk(c, conn, p.has("N") || busybox, p.has("d"), p.value("q").and_then(crate::sleep::duration), None)
                    .await?;
            }
        }
        if !p.has("k") {
            return Ok(());
        }
    }
}

/// Carries bytes both ways until the other end is done. `half`: the end of standard input is told to
/// the other; `linger`: so long is waited after it; `idle`: so long without a byte ends it.
pub(crate) async fn talk(
    c: &mut Cli,
    fd: Fd,
    half: bool,
    deaf: bool,
    linger: Option<SimTime>,
    idle: Option<SimTime>,
) -> Run<()> {
    let _ = c.flush().await;
    let (mut input, mut limit) = (!deaf, idle);
    loop {
        let mut fds = vec![PollFd { fd, read: true, write: false }];
        if input {
            fds.push(PollFd { fd: 0, read: true, write: false });
        }
        let ready = match c.sys.poll(fds, limit).await {
            Ok(r) if r.is_empty() => break,
            Ok(r) => r,
            Err(Errno::EINTR) => continue,
            Err(_) => break,
        };
        if ready.iter().any(|r| r.fd == fd) {
            match c.sys.read(fd, 1 << 14).await {
                Ok(b) if b.is_empty() => break,
                Ok(b) => {
                    c.put(b.as_slice()).await?;
                    c.flush().await?;
                }
                Err(Errno::EINTR) => {}
                Err(e) => {
                    // Of a closed port of UDP it says nothing.
                    if e != Errno::ECONNREFUSED {
                        c.warn(format!("read: {e}")).await;
                    }
                    let _ = c.sys.close(fd).await;
                    return Err(Stop::Code(1));
                }
            }
        }
        if ready.iter().any(|r| r.fd == 0) {
            match c.sys.read(0, 1 << 14).await {
                Ok(b) if !b.is_empty() => {
                    if c.sys.write_all(fd, b.to_vec()).await.is_err() {
                        break;
                    }
                }
                Err(Errno::EINTR) => {}
                _ => {
                    input = false;
                    if half {
                        let _ = c.sys.shutdown(fd, false, true).await;
                    }
                    limit = linger.or(limit);
                }
            }
        }
    }
    let _ = c.sys.close(fd).await;
    Ok(())
}
