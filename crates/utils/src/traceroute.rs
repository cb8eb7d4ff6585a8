//! `traceroute`: the routers on the way to a host.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::{Errno, SimTime, SockKind};

use crate::cli::{Cli, Run, Spec};
use crate::ping::{address, echo, name_of, number};

const SPEC: Spec = Spec::new(
    "[ -46dFITnreAUDV ] [ -f first_ttl ] [ -m max_ttl ] [ -p port ] [ -w MAX,HERE,NEAR ] [ -q nqueries ] host [ packetlen ]",
    "Print the route packets trace to network host.",
    "4 6 d F f|first= I|icmp T|tcp U i= m|max-hops= N= n p= q|queries= r s= t= w|wait= z= e A l v",
)
.fails(2)
.version("Modern traceroute for Linux, version 2.1.6 (simulated");

/// Hops that are asked for at once.
const BATCH: u64 = 5;

/// An answer: from whom, how long it took, ICMP type and code.
type Answer = (Ipv4Addr, u64, (u8, u8));

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let busybox = c.variant == "busybox";
    let p = c.parse(&SPEC).await?;
    let Some(host) = p.operands.first().cloned() else {
        return c.usage(2, "Specify \"host\" missing argument.").await;
    };
    let value = |name: &str, or: u64| p.value(name).and_then(|v| v.parse::<u64>().ok()).unwrap_or(or);
    let (max, first, tries) = (value("m", 30), value("f", 1).max(1), value("q", 3).max(1));
    if max == 0 || max > 255 {
        return c.die(2, "max hops cannot be more than 255").await;
    }
    let default = if busybox { 46 } else { 60 };
    let size = p.operands.get(1).and_then(|v| v.parse().ok()).unwrap_or(default).clamp(28, 65_000_usize);
    let seconds = p.value("w").and_then(|w| w.split(',').next()).and_then(|w| w.parse::<f64>().ok());
    let wait = SimTime((seconds.filter(|s| *s >= 0.0 && *s < 1e5).unwrap_or(5.0) * 1e9) as u64);
    let addr = match address(c, &host).await {
        Ok((a, _)) => a,
        Err(_) if busybox => return c.die(1, format!("bad address '{host}'")).await,
        Err(e) => {
            let text = format!("{host}: {e}\nCannot handle \"host\" cmdline arg `{host}' on position 1 (argc 1)\n");
            c.sys.eprint(text).await;
            return Err(crate::cli::Stop::Code(2));
        }
    };
    let fd = match c.sys.socket(SockKind::Icmp).await {
        Ok(fd) => fd,
        Err(e) => return c.die(1, format!("socket: {e}")).await,
    };
    c.put(format!("traceroute to {host} ({addr}), {max} hops max, {size} byte packets\n")).await?;
    c.flush().await?;
    let mut ttl = first;
    while ttl <= max {
        let last = (ttl + BATCH - 1).min(max);
        let mut sent: BTreeMap<u16, SimTime> = BTreeMap::new();
        for n in 0..(last - ttl + 1) * tries {
            let (seq, hop) = (((ttl - 1) * tries + n) as u16, (ttl + n / tries) as u8);
            match c.sys.send_to(fd, echo(seq, size - 28), Some(SocketAddrV4::new(addr, 0)), hop).await {
                Ok(_) => sent.insert(seq, c.sys.now()),
                Err(e) if busybox => return c.die(1, format!("sendto: {e}")).await,
                Err(e) => {
                    c.flush().await?;
                    c.sys.eprint(format!("connect: {e}\n")).await;
                    return Err(crate::cli::Stop::Code(1));
                }
            };
        }
        let mut answers: BTreeMap<u16, Answer> = BTreeMap::new();
        let end = c.sys.now() + wait;
        while answers.len() < sent.len() {
            let now = c.sys.now();
            if now >= end {
                break;
            }
            match c.sys.recv_from(fd, Some(end - now)).await {
                Ok(r) => {
                    if let Some(at) = sent.get(&number(&r)) {
                        answers.insert(number(&r), (*r.from.ip(), (c.sys.now() - *at).0 / 1000, r.icmp));
                    }
                }
                Err(Errno::EINTR) => {}
                Err(_) => break,
            }
        }
        for hop in ttl..=last {
            let mut done = false;
            let mut before = None;
            c.put(format!("{hop:2} ")).await?;
            for n in 0..tries {
                let Some((from, usec, icmp)) = answers.get(&(((hop - 1) * tries + n) as u16)).copied() else {
                    c.put(if busybox { "  *" } else { " *" }).await?;
                    continue;
                };
                if before != Some(from) {
                    let name = name_of(c, from).await.unwrap_or_else(|| from.to_string());
                    c.put(if p.has("n") { format!(" {from}") } else { format!(" {name} ({from})") }).await?;
                }
                before = Some(from);
                let mark = match icmp {
                    (3, 0) => " !N",
                    (3, 1) => " !H",
                    _ => "",
                };
                c.put(format!("  {}.{:03} ms{mark}", usec / 1000, usec % 1000)).await?;
                done |= icmp != (11, 0);
            }
            c.put("\n").await?;
            c.flush().await?;
            if done {
                return Ok(());
            }
        }
        ttl = last + 1;
    }
    Ok(())
}
