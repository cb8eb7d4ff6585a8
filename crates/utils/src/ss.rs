//! `ss` and `netstat`: sockets, from `/proc/net` and what processes have open.

use std::collections::BTreeMap;

use crate::cli::{Cli, Parsed, Run, Spec};

const SS: Spec = Spec::new(
    "[ OPTIONS ] [ FILTER ]",
    "Show sockets.",
    "V h n|numeric r|resolve a|all l|listening o|options e|extended m|memory p|processes i|info s|summary 4|ipv4 6|ipv6 t|tcp u|udp w|raw x|unix H|no-header O|oneline",
)
.fails(255)
.version("ss utility, iproute2-6.1.0 (simulated");
const NETSTAT: Spec = Spec::new(
    "[-vWeenNcCF] [<Af>] -r",
    "Print network connections, routing tables and interface statistics.",
    "r|route i|interfaces g|groups s|statistics M|masquerade v|verbose W|wide n|numeric N|symbolic e|extend p|programs|program o|timers c|continuous l|listening a|all F|fib C|cache 4|inet t|tcp u|udp x|unix w|raw",
)
.version("net-tools 2.10 (simulated");

/// A socket of TCP or UDP.
struct Socket {
    udp: bool,
    local: (String, u16),
    peer: (String, u16),
    state: &'static str,
    queues: (u32, u32),
    inode: u32,
}

const STATES: [&str; 12] = [
    "",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
];

/// `0100007F:1F90` is 127.0.0.1 and 8080.
fn address(text: &str) -> Option<(String, u16)> {
    let (ip, port) = text.split_once(':')?;
    let n = u32::from_str_radix(ip, 16).ok()?;
    let [a, b, c, d] = n.to_le_bytes();
    Some((format!("{a}.{b}.{c}.{d}"), u16::from_str_radix(port, 16).ok()?))
}

fn parse(line: &str, udp: bool) -> Option<Socket> {
    let f: Vec<&str> = line.split_whitespace().collect();
    let state = usize::from_str_radix(f.get(3)?, 16).ok()?;
    let (tx, rx) = f.get(4)?.split_once(':')?;
    let number = |t: &str| u32::from_str_radix(t, 16).unwrap_or(0);
    Some(Socket {
        udp,
        local: address(f.get(1)?)?,
        peer: address(f.get(2)?)?,
        state: STATES.get(state).copied().unwrap_or(""),
        queues: (number(rx), number(tx)),
        inode: f.get(9)?.parse().ok()?,
    })
}

async fn sockets(c: &Cli) -> Vec<Socket> {
    let mut all = Vec::new();
    for (path, udp) in [("/proc/net/tcp", false), ("/proc/net/udp", true)] {
        let text = c.sys.read_file(path).await.unwrap_or_default();
        all.extend(String::from_utf8_lossy(&text).lines().skip(1).filter_map(|l| parse(l, udp)));
    }
    all
}

/// Who has a socket open: name, process, descriptor; only what the caller may look at.
async fn owners(c: &Cli) -> BTreeMap<u32, Vec<(String, u32, String)>> {
    let mut all: BTreeMap<u32, Vec<(String, u32, String)>> = BTreeMap::new();
    for p in c.sys.procs().await.unwrap_or_default() {
        let dir = format!("/proc/{}/fd", p.pid);
        for e in c.sys.read_dir(&dir).await.unwrap_or_default() {
            let target = c.sys.readlink(&format!("{dir}/{}", e.name)).await.unwrap_or_default();
            let inode = target.strip_prefix("socket:[").and_then(|t| t.strip_suffix(']')).and_then(|n| n.parse().ok());
            if let Some(i) = inode {
                all.entry(i).or_default().push((crate::top::name(&p), p.pid, e.name));
            }
        }
    }
    all
}

fn port(n: u16, numeric: bool) -> String {
    match crate::nc::service(n) {
        _ if n == 0 => "*".to_owned(),
        Some(name) if !numeric => name.to_owned(),
        _ => n.to_string(),
    }
}

fn chosen(s: &Socket, p: &Parsed) -> bool {
    let kinds = p.has("t") || p.has("u");
    let kind = !kinds || if s.udp { p.has("u") } else { p.has("t") };
    let waits = s.state == "LISTEN" || s.udp && s.peer.1 == 0;
    kind && (p.has("a") || waits == p.has("l"))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.name == "netstat" {
        return netstat(c).await;
    }
    let p = c.parse(&SS).await?;
    if p.has("V") {
        return c.put("ss utility, iproute2-6.1.0\n").await;
    }
    let who = if p.has("p") { owners(c).await } else { BTreeMap::new() };
    let all = sockets(c).await;
    // Without -t or -u there is a column for the kind.
    let kinds = !(p.has("t") ^ p.has("u")) && !p.has("x");
    let mut rows: Vec<[String; 7]> = Vec::new();
    for s in all.iter().filter(|s| chosen(s, &p) && !p.has("x")) {
        let state = match s.state {
            "ESTABLISHED" => "ESTAB",
            _ if s.udp && s.peer.1 == 0 => "UNCONN",
            other => other,
        };
        let process = who.get(&s.inode).map_or_else(String::new, |l| {
            let each: Vec<String> = l.iter().map(|(n, pid, fd)| format!("(\"{n}\",pid={pid},fd={fd})")).collect();
            format!("users:({})", each.join(","))
        });
        let backlog = if s.state == "LISTEN" { 128 } else { s.queues.1 };
        rows.push([
            if s.udp { "udp" } else { "tcp" }.to_owned(),
            state.replace('_', "-"),
            s.queues.0.to_string(),
            backlog.to_string(),
            format!("{}:{}", s.local.0, port(s.local.1, p.has("n"))),
            format!("{}:{}", s.peer.0, port(s.peer.1, p.has("n"))),
            process,
        ]);
    }
    let head = ["Netid", "State", "Recv-Q", "Send-Q", "Local Address:Port", "Peer Address:Port", "Process"];
    let widths: Vec<usize> =
        (0..7).map(|i| rows.iter().map(|r| r[i].len()).chain([head[i].len()]).max().unwrap_or(0)).collect();
    let line = |cells: &[&str]| {
        let mut out = String::new();
        for i in usize::from(!kinds)..7 {
            let (w, t) = (widths[i], cells[i]);
            match i {
                4 | 5 => out.push_str(&format!("{t:>w$} ")),
                6 => out.push_str(t),
                _ => out.push_str(&format!("{t:<w$} ")),
            }
        }
        format!("{}\n", out.trim_end())
    };
    if !p.has("H") {
        c.put(line(&head)).await?;
    }
    for r in &rows {
        let cells: Vec<&str> = r.iter().map(String::as_str).collect();
        c.put(line(&cells)).await?;
    }
    Ok(())
}

async fn netstat(c: &mut Cli) -> Run<()> {
    let p = c.parse(&NETSTAT).await?;
    if p.has("r") {
        return routes(c).await;
    }
    let who = if p.has("p") { owners(c).await } else { BTreeMap::new() };
    let all = sockets(c).await;
    let which = match (p.has("a"), p.has("l")) {
        (true, _) => "servers and established",
        (_, true) => "only servers",
        _ => "w/o servers",
    };
    let program = if p.has("p") { " PID/Program name   " } else { "" };
    c.put(format!("Active Internet connections ({which})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      {program}\n")).await?;
    for s in all.iter().filter(|s| chosen(s, &p)) {
        let end = |a: &(String, u16)| format!("{}:{}", a.0, port(a.1, p.has("n")));
        let owner = if p.has("p") {
            let text =
                who.get(&s.inode).and_then(|l| l.first()).map_or("-".to_owned(), |(n, pid, _)| format!("{pid}/{n}"));
            format!(" {text:<20}")
        } else {
            String::new()
        };
        let state = if s.udp { "" } else { s.state };
        let line = format!(
            "{:<5} {:>6} {:>6} {:<23} {:<23} {state:<11}{owner}\n",
            if s.udp { "udp" } else { "tcp" },
            s.queues.0,
            s.queues.1,
            end(&s.local),
            end(&s.peer),
        );
        c.put(line).await?;
    }
    Ok(())
}

/// `netstat -r`, `route`: the routing table.
async fn routes(c: &mut Cli) -> Run<()> {
    c.put("Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n")
        .await?;
    let text = c.sys.read_file("/proc/net/route").await.unwrap_or_default();
    for l in String::from_utf8_lossy(&text).lines().skip(1) {
        let f: Vec<&str> = l.split_whitespace().collect();
        let ip = |i: usize| f.get(i).and_then(|t| address(&format!("{t}:0"))).map_or_else(String::new, |a| a.0);
        let flags = f.get(3).and_then(|t| u32::from_str_radix(t, 16).ok()).unwrap_or(0);
        let mark = if flags & 2 != 0 { "UG" } else { "U" };
        let dev = f.first().copied().unwrap_or("");
        c.put(format!("{:<15} {:<15} {:<15} {mark:<7} 0 0          0 {dev}\n", ip(1), ip(2), ip(7))).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    // A line of the real /proc/net/tcp.
    #[test]
    fn a_line_of_proc_net_tcp() {
        let s = parse(
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 564 1 0000 100 0 0 10 0",
            false,
        );
        let s = s.unwrap();
        assert_eq!((s.local, s.state, s.inode), (("127.0.0.1".to_owned(), 8080), "LISTEN", 564));
    }
}
