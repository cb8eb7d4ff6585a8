//! `ping`: ICMP echo. iputils', and busybox's.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::{Bytes, Disposition, Errno, Fd, Received, Signal, SimTime, SockKind};

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[options] <destination>",
    "send ICMP ECHO_REQUEST to network hosts",
    "4 6 a A b B D f h L n O q r R U v V c= i= I= l= m= M= p= Q= s= S= t= T= w= W=",
)
.fails(2)
.version("iputils 20240905 (simulated");

/// A name's first address, and whether it was one already.
pub(crate) async fn address(c: &Cli, host: &str) -> Result<(Ipv4Addr, bool), Errno> {
    if let Ok(a) = host.parse() {
        return Ok((a, true));
    }
    let all = c.sys.resolve(host).await?;
    all.first().map(|a| (*a, false)).ok_or(Errno::ENONAME)
}

/// The name that `/etc/hosts` has for an address.
pub(crate) async fn name_of(c: &Cli, addr: Ipv4Addr) -> Option<String> {
    let text = c.sys.read_file("/etc/hosts").await.ok()?;
    String::from_utf8_lossy(&text).lines().find_map(|l| {
        let mut words = l.split('#').next()?.split_whitespace();
        (words.next()?.parse() == Ok(addr)).then(|| words.next().map(str::to_owned))?
    })
}

/// An echo request: header with number, then the body.
pub(crate) fn echo(seq: u16, size: usize) -> Bytes {
    let mut packet = vec![8, 0, 0, 0, 0, 0];
    packet.extend(seq.to_be_bytes());
    packet.extend((0..size).map(|n| n as u8));
    Bytes::from(packet)
}

/// The number in an answer.
pub(crate) fn number(r: &Received) -> u16 {
    match (r.data.get(6), r.data.get(7)) {
        (Some(a), Some(b)) => u16::from_be_bytes([*a, *b]),
        _ => 0,
    }
}

/// What an ICMP error says.
fn says(icmp: (u8, u8)) -> String {
    match icmp {
        (3, 0) => "Destination Net Unreachable".to_owned(),
        (3, 1) => "Destination Host Unreachable".to_owned(),
        (3, 3) => "Destination Port Unreachable".to_owned(),
        (11, 0) => "Time to live exceeded".to_owned(),
        (kind, code) => format!("Bad ICMP type: {kind} code: {code}"),
    }
}

/// Milliseconds with as many places as iputils gives.
fn places(usec: u64) -> String {
    let ms = usec as f64 / 1000.0;
    match usec {
        100_000.. => format!("{}", (usec + 500) / 1000),
        10_000.. => format!("{ms:.1}"),
        1000.. => format!("{ms:.2}"),
        _ => format!("{ms:.3}"),
    }
}

struct Settings {
    count: Option<u64>,
    interval: SimTime,
    deadline: Option<SimTime>,
    linger: Option<SimTime>,
    size: usize,
    ttl: u8,
    quiet: bool,
    busybox: bool,
}

#[derive(Default)]
struct Tally {
    sent: u64,
    received: u64,
    errors: u64,
    /// Round trips, microseconds.
    trips: Vec<u64>,
    first: SimTime,
    last: SimTime,
    /// Most that were under way at once.
    pipe: u64,
    /// Packets without an answer by number: when they went.
    open: BTreeMap<u16, SimTime>,
}

async fn settings(c: &mut Cli, p: &crate::cli::Parsed, busybox: bool) -> Run<Settings> {
    let mut s = Settings {
        count: None,
        interval: SimTime::secs(1),
        deadline: None,
        linger: None,
        size: 56,
        ttl: 64,
        quiet: p.has("q"),
        busybox,
    };
    let code = if busybox { 1 } else { 2 };
    for (name, low, high) in [("c", 1, i64::MAX), ("s", 0, 65_507), ("t", 0, 255), ("w", 0, 2_147_483)] {
        let Some(text) = p.value(name).map(str::to_owned) else { continue };
        let n = match text.parse::<i64>() {
            Ok(n) if (low..=high).contains(&n) => n as u64,
            Ok(_) => {
                return c.die(1, format!("invalid argument: '{text}': out of range: {low} <= value <= {high}")).await;
            }
            Err(_) if busybox => return c.die(code, format!("invalid number '{text}'")).await,
            Err(_) => return c.die(1, format!("invalid argument: '{text}'")).await,
        };
        match name {
            "c" => s.count = Some(n),
            "s" => s.size = n as usize,
            "t" => s.ttl = n as u8,
            _ => s.deadline = (n > 0).then(|| SimTime::secs(n)),
        }
    }
    for name in ["i", "W"] {
        let Some(text) = p.value(name).map(str::to_owned) else { continue };
        let Some(n) = text.parse::<f64>().ok().filter(|n| *n >= 0.0 && *n < 1e6) else {
            let what = if name == "i" { "timing interval" } else { "linger time" };
            return c.die(code, format!("bad {what}: {text}")).await;
        };
        let time = SimTime((n * 1e9) as u64);
        if name == "i" { s.interval = time } else { s.linger = Some(time).filter(|t| t.0 > 0) }
    }
    if p.has("f") && p.value("i").is_none() {
        s.interval = SimTime::millis(10);
    }
    if s.interval < SimTime::millis(2) && c.sys.ids().0 != 0 {
        let text = "cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)";
        return c.die(code, text).await;
    }
    s.interval = s.interval.max(SimTime::millis(1));
    Ok(s)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let busybox = c.variant == "busybox";
    let p = c.parse(&SPEC).await?;
    if p.has("V") {
        return c.put("ping from iputils 20240905\n").await;
    }
    let Some(host) = p.operands.last().cloned() else {
        return c.die(1, "usage error: Destination address required").await;
    };
    let s = settings(c, &p, busybox).await?;
    let (addr, numeric) = match address(c, &host).await {
        Ok(found) => found,
        Err(_) if busybox => return c.die(1, format!("bad address '{host}'")).await,
        Err(e) => return c.die(2, format!("{host}: {e}")).await,
    };
    let fd = match c.sys.socket(SockKind::Icmp).await {
        Ok(fd) => fd,
        Err(_) if busybox => return c.die(1, "permission denied (are you root?)").await,
        Err(e) => {
            c.warn("socktype: SOCK_RAW").await;
            c.warn(format!("socket: {e}")).await;
            c.warn("=> missing cap_net_raw+p capability or setuid?").await;
            return Err(Stop::Code(2));
        }
    };
    let shown = match name_of(c, addr).await.filter(|_| !numeric && !p.has("n") && !busybox) {
        Some(name) => format!("{name} ({addr})"),
        None => addr.to_string(),
    };
    for signal in [Signal::INT, Signal::QUIT] {
        let _ = c.sys.sigaction(signal, Disposition::Catch).await;
    }
    let tally = go(c, fd, &s, &host, addr, &shown).await?;
    summary(c, &s, &host, &tally).await?;
    let missed = s.deadline.is_some() && s.count.is_some_and(|n| tally.received < n);
    if tally.received == 0 || (missed && !busybox) { Err(Stop::Code(1)) } else { Ok(()) }
}

async fn go(c: &mut Cli, fd: Fd, s: &Settings, host: &str, addr: Ipv4Addr, shown: &str) -> Run<Tally> {
    let start = c.sys.now();
    let mut t = Tally { first: start, last: start, ..Tally::default() };
    let mut next = start;
    let end = s.deadline.map(|d| start + d);
    loop {
        let now = c.sys.now();
        if end.is_some_and(|e| now >= e) {
            break;
        }
        let all = s.count.is_some_and(|n| t.sent >= n) && (s.deadline.is_none() || s.busybox || t.received >= t.sent);
        if !all && now >= next {
            let seq = (t.sent + u64::from(!s.busybox)) as u16;
            if let Err(e) = c.sys.send_to(fd, echo(seq, s.size), Some(SocketAddrV4::new(addr, 0)), s.ttl).await {
                if s.busybox {
                    if t.sent == 0 {
                        c.put(format!("PING {host} ({addr}): {} data bytes\n", s.size)).await?;
                    }
                    return c.die(1, format!("sendto: {e}")).await;
                }
                if t.sent == 0 && e == Errno::ENETUNREACH {
                    return c.die(2, format!("connect: {e}")).await;
                }
                c.warn(format!("sendmsg: {e}")).await;
            }
            if t.sent == 0 {
                let (a, b) = (s.size, s.size + 28);
                c.put(if s.busybox {
                    format!("PING {host} ({addr}): {a} data bytes\n")
                } else {
                    format!("PING {host} ({addr}) {a}({b}) bytes of data.\n")
                })
                .await?;
                c.flush().await?;
            }
            t.open.insert(seq, now);
            t.sent += 1;
            t.last = now;
            t.pipe = t.pipe.max(t.open.len() as u64);
            next = now + s.interval;
        }
        let done = s.count.is_some_and(|n| t.sent >= n) && (s.deadline.is_none() || s.busybox);
        let until = if done {
            // iputils waits for two of the longest trips where any answer came, else 10 s.
            let wait = s.linger.unwrap_or(SimTime::secs(10));
            let longest = t.trips.iter().max().map(|us| SimTime(us * 2000).max(s.interval));
            t.last + longest.filter(|_| s.linger.is_none() && !s.busybox).unwrap_or(wait)
        } else {
            next
        };
        let until = end.map_or(until, |e| e.min(until));
        let now = c.sys.now();
        if done && now >= until {
            break;
        }
        let left = if until > now { until - now } else { SimTime(0) };
        match c.sys.recv_from(fd, Some(left)).await {
            Ok(r) => answer(c, s, &mut t, &r, shown).await?,
            Err(Errno::EINTR) => {
                let signals = c.sys.take_signals();
                if signals.contains(&Signal::INT) {
                    break;
                }
                if signals.contains(&Signal::QUIT) {
                    let lost = (t.sent - t.received.min(t.sent)) * 100 / t.sent.max(1);
                    c.sys.eprint(format!("\r{}/{} packets, {lost}% loss\n", t.received, t.sent)).await;
                }
            }
            Err(_) => {}
        }
        if s.count.is_some_and(|n| t.received + t.errors >= n) || (s.deadline.is_some() && t.errors > 0) {
            break;
        }
    }
    Ok(t)
}

async fn answer(c: &mut Cli, s: &Settings, t: &mut Tally, r: &Received, shown: &str) -> Run<()> {
    let seq = number(r);
    let Some(sent) = t.open.remove(&seq) else { return Ok(()) };
    let now = c.sys.now();
    if r.icmp != (0, 0) {
        if s.busybox {
            return Ok(());
        }
        t.errors += 1;
        t.last = now;
        if !s.quiet {
            c.put(format!("From {} icmp_seq={seq} {}\n", r.from.ip(), says(r.icmp))).await?;
        }
        return c.flush().await;
    }
    t.received += 1;
    let timed = s.size >= if s.busybox { 4 } else { 16 };
    let usec = (now - sent).0 / 1000;
    if timed {
        t.trips.push(usec);
    }
    if s.quiet {
        return Ok(());
    }
    let (bytes, ttl) = (s.size + 8, r.ttl);
    let line = match (s.busybox, timed) {
        (true, true) => {
            format!("{bytes} bytes from {shown}: seq={seq} ttl={ttl} time={}.{:03} ms\n", usec / 1000, usec % 1000)
        }
        (true, false) => format!("{bytes} bytes from {shown}: seq={seq} ttl={ttl}\n"),
        (false, true) => format!("{bytes} bytes from {shown}: icmp_seq={seq} ttl={ttl} time={} ms\n", places(usec)),
        (false, false) => format!("{bytes} bytes from {shown}: icmp_seq={seq} ttl={ttl}\n"),
    };
    c.put(line).await?;
    c.flush().await
}

async fn summary(c: &mut Cli, s: &Settings, host: &str, t: &Tally) -> Run<()> {
    let lost = t.sent.saturating_sub(t.received) as f64 * 100.0 / t.sent.max(1) as f64;
    // `%g` of iputils: up to six digits.
    let percent = format!("{lost:.4}");
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    let ms = |us: u64| format!("{}.{:03}", us / 1000, us % 1000);
    let (n, sum) = (t.trips.len() as u64, t.trips.iter().sum::<u64>());
    let (min, max) = (t.trips.iter().min().copied().unwrap_or(0), t.trips.iter().max().copied().unwrap_or(0));
    let mean = sum / n.max(1);
    if s.busybox {
        c.put(format!(
            "\n--- {host} ping statistics ---\n{} packets transmitted, {} packets received, {}% packet loss\n",
            t.sent, t.received, lost as u64
        ))
        .await?;
        if n > 0 {
            c.put(format!("round-trip min/avg/max = {}/{}/{} ms\n", ms(min), ms(mean), ms(max))).await?;
        }
        return Ok(());
    }
    let errors = if t.errors > 0 { format!("+{} errors, ", t.errors) } else { String::new() };
    let time = (t.last - t.first).0 / 1_000_000;
    c.put(format!(
        "\n--- {host} ping statistics ---\n{} packets transmitted, {} received, {errors}{percent}% packet loss, time {time}ms\n",
        t.sent, t.received
    ))
    .await?;
    let pipe = if t.pipe > 1 { format!("pipe {}", t.pipe) } else { String::new() };
    if n > 0 {
        let square = t.trips.iter().map(|x| (*x as f64 - sum as f64 / n as f64).powi(2)).sum::<f64>() / n as f64;
        let mdev = libm::sqrt(square) as u64;
        let pipe = if pipe.is_empty() { pipe } else { format!(", {pipe}") };
        return c
            .put(format!("rtt min/avg/max/mdev = {}/{}/{}/{} ms{pipe}\n", ms(min), ms(mean), ms(max), ms(mdev)))
            .await;
    }
    c.put(format!("{pipe}\n")).await
}
