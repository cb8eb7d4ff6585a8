//! `dig`, `host`, `nslookup`: what the name server says (`/etc/hosts` is not asked). They send it a
//! datagram themselves (RFC 1035).

use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

use layerlab_kernel::{Errno, SimTime, SockKind};

use crate::cli::{Cli, Run, Stop, time};

/// What came back.
enum Reply {
    /// Whether there is such a name, and its addresses, or an address's names with a dot at the end.
    Answer(bool, Vec<String>),
    /// Nothing: why.
    Silence(&'static str),
}

impl Reply {
    fn addresses(self) -> Vec<String> {
        match self {
            Self::Answer(_, all) => all,
            Self::Silence(_) => Vec::new(),
        }
    }
}

/// The first name server of `/etc/resolv.conf`.
async fn server(c: &Cli) -> String {
    let text = c.sys.read_file("/etc/resolv.conf").await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let found = text.lines().find_map(|l| l.strip_prefix("nameserver").map(|r| r.trim().to_owned()));
    found.unwrap_or_else(|| "127.0.0.1".to_owned())
}

/// A query: recursion desired, class IN.
fn query(id: u16, name: &str, kind: u16) -> Vec<u8> {
    let mut out = Vec::new();
    for word in [id, 0x100, 1, 0, 0, 0] {
        out.extend(word.to_be_bytes());
    }
    for label in name.split('.').filter(|l| !l.is_empty()) {
        let label = label.as_bytes();
        let label = label.get(..label.len().min(63)).unwrap_or_default();
        out.push(label.len() as u8);
        out.extend(label);
    }
    out.push(0);
    out.extend(kind.to_be_bytes());
    out.extend(1_u16.to_be_bytes());
    out
}

/// Reads a reply to a query that long: its code and the addresses in it.
fn reply(text: &[u8], asked: usize) -> Option<Reply> {
    let word = |at: usize| Some(u16::from_be_bytes([*text.get(at)?, *text.get(at + 1)?]));
    let (code, count) = (word(2)? & 15, word(6)?);
    let (mut at, mut all) = (asked, Vec::new());
    for _ in 0..count {
        // The name: a pointer, or labels.
        while let Some(len) = text.get(at).copied().filter(|l| *l != 0 && l & 0xc0 == 0) {
            at += 1 + usize::from(len);
        }
        at += if *text.get(at)? == 0 { 1 } else { 2 };
        let (kind, len) = (word(at)?, usize::from(word(at + 8)?));
        if let (1, Some([a, b, c, d])) = (kind, text.get(at + 10..at + 10 + len)) {
            all.push(Ipv4Addr::new(*a, *b, *c, *d).to_string());
        }
        if kind == 12 {
            all.push(labels(text.get(at + 10..at + 10 + len)?));
        }
        at += 10 + len;
    }
    Some(Reply::Answer(code == 0, all))
}

/// A name that is not shortened, with a dot after each label.
fn labels(mut text: &[u8]) -> String {
    let mut name = String::new();
    while let Some((len, rest)) = text.split_first().filter(|(len, _)| **len > 0) {
        let (label, after) = rest.split_at(usize::from(*len).min(rest.len()));
        name.push_str(&format!("{}.", String::from_utf8_lossy(label)));
        text = after;
    }
    name
}

/// The name that is asked for an address's name (RFC 1035, 3.5).
fn reversed(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("{d}.{c}.{b}.{a}.in-addr.arpa")
}

/// Asks a name server.
async fn lookup(c: &Cli, server: &str, name: &str, kind: u16) -> Reply {
    let Ok(at) = server.parse::<Ipv4Addr>() else { return Reply::Silence("timed out") };
    let Ok(fd) = c.sys.socket(SockKind::Udp).await else { return Reply::Silence("timed out") };
    let text = Rc::new(query(c.sys.pid() as u16, name, kind));
    let mut last = Reply::Silence("timed out");
    for _ in 0..3 {
        let sent = c.sys.send_to(fd, text.clone(), Some(SocketAddrV4::new(at, 53)), 64).await;
        let got = match sent {
            Ok(_) => c.sys.recv_from(fd, Some(SimTime::secs(5))).await,
            Err(e) => Err(e),
        };
        match got {
            Ok(d) => {
                if let Some(answer) = reply(&d.data, text.len()) {
                    last = answer;
                    break;
                }
            }
            Err(Errno::ECONNREFUSED) => last = Reply::Silence("connection refused"),
            Err(Errno::ENETUNREACH) => last = Reply::Silence("network unreachable"),
            Err(Errno::EINTR) => break,
            Err(_) => {}
        }
    }
    let _ = c.sys.close(fd).await;
    last
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    match c.name.as_str() {
        "host" => host(c).await,
        "nslookup" => nslookup(c).await,
        _ => dig(c).await,
    }
}

const USAGE: &str = "Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n            {global-d-opt} host [@local-server] {local-d-opt}\n            [ host [@local-server] {local-d-opt} [...]]\n";

/// Options that need nothing done.
const KNOWN: &str = "46dimnrupcbfkytx";

async fn dig(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let mut at = server(c).await;
    let (mut short, mut name, mut kind, mut only) = (false, None, "A".to_owned(), None);
    let mut it = args.iter();
    while let Some(a) = it.next() {
        match a.as_str() {
            "+short" => short = true,
            "+noall" => only = Some(false),
            "+answer" if only.is_some() => only = Some(true),
            "-t" => kind = it.next().cloned().unwrap_or(kind).to_uppercase(),
            "-q" => name = it.next().cloned(),
            "-p" | "-c" | "-b" | "-f" | "-k" | "-y" => drop(it.next()),
            "-h" => return c.put(format!("{USAGE}Where:  domain    is in the Domain Name System\n        q-type    is one of (a,mx,ns,soa,txt,...) [default:a]\n        q-opt     is one of: -x dot-notation  (shortcut for reverse lookups)\n                             -t type  -q name  -p port\n        d-opt     is of the form +keyword: +short +noall +answer\n        -h        (print help and exit)\n        -v        (print version and exit)\n")).await,
            "-x" => {
                let back: Vec<&str> = it.next().map_or(Vec::new(), |i| i.split('.').rev().collect());
                (name, kind) = (Some(format!("{}.in-addr.arpa", back.join("."))), "PTR".to_owned());
            }
            "-v" => {
                c.sys.eprint("DiG 9.20.11-4-Debian\n").await;
                return Ok(());
            }
            w if w.starts_with('-') && !w.chars().nth(1).is_some_and(|o| KNOWN.contains(o)) => {
                let hint = "\nUse \"dig -h\" (or \"dig -h | more\") for complete list of options\n";
                c.sys.eprint(format!("Invalid option: {w}\n{USAGE}{hint}")).await;
                return Err(Stop::Code(1));
            }
            w if w.starts_with('+') || w.starts_with('-') => {}
            w if w.starts_with('@') => match c.sys.resolve(&w[1..]).await {
                Ok(a) => at = a.first().map_or(at, ToString::to_string),
                Err(_) => {
                    c.sys.eprint(format!("dig: couldn't get address for '{}': not found\n", &w[1..])).await;
                    return Err(Stop::Code(10));
                }
            },
            w if ["A", "AAAA", "MX", "NS", "TXT", "CNAME", "PTR", "SOA", "ANY", "SRV"]
                .contains(&w.to_uppercase().as_str()) =>
            {
                kind = w.to_uppercase();
            }
            "IN" => {}
            w => name = Some(w.to_owned()),
        }
    }
    let name = name.unwrap_or_else(|| ".".to_owned());
    let full = if name.ends_with('.') { name.clone() } else { format!("{name}.") };
    let code = match kind.as_str() {
        "A" => 1,
        "NS" => 2,
        "CNAME" => 5,
        "SOA" => 6,
        "PTR" => 12,
        "MX" => 15,
        "TXT" => 16,
        "AAAA" => 28,
        "SRV" => 33,
        _ => 255,
    };
    let (exists, found) = match lookup(c, &at, &name, code).await {
        Reply::Answer(exists, found) => (exists, found),
        Reply::Silence(why) => {
            let line = format!(";; communications error to {at}#53: {why}\n");
            let end = format!(
                "\n; <<>> DiG 9.20.11-4-Debian <<>> {}\n;; global options: +cmd\n;; no servers could be reached\n",
                args.join(" ")
            );
            c.put(format!("{}{}", line.repeat(3), if short { "" } else { &end })).await?;
            return Err(Stop::Code(9));
        }
    };
    if short {
        let text: String = found.iter().map(|a| format!("{a}\n")).collect();
        return c.put(text).await;
    }
    let status = if exists || name == "." { "NOERROR" } else { "NXDOMAIN" };
    let tabs = |n: &str| "\t".repeat(3usize.saturating_sub(n.len() / 8).max(1));
    let shown = if code == 12 { "PTR" } else { "A" };
    let answers: String = found.iter().map(|a| format!("{full}{}600\tIN\t{shown}\t{a}\n", tabs(&full))).collect();
    if let Some(answer) = only {
        return if answer { c.put(answers).await } else { Ok(()) };
    }
    let id = c
        .sys
        .random(2)
        .await
        .map_or(0, |b| u16::from_le_bytes([b.first().copied().unwrap_or(0), b.get(1).copied().unwrap_or(0)]));
    let mut text = format!(
        "\n; <<>> DiG 9.20.11-4-Debian <<>> {}\n;; global options: +cmd\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: {status}, id: {id}\n;; flags: qr rd ra; QUERY: 1, ANSWER: {}, AUTHORITY: 0, ADDITIONAL: 0\n\n;; QUESTION SECTION:\n;{full}{}IN\t{kind}\n\n",
        args.join(" "),
        found.len(),
        "\t".repeat(4usize.saturating_sub((full.len() + 1) / 8).max(1)),
    );
    if !found.is_empty() {
        text.push_str(&format!(";; ANSWER SECTION:\n{answers}\n"));
    }
    let when = time::format("%a %b %d %H:%M:%S UTC %Y", c.sys.wall_clock() / 1_000_000_000, 0);
    let data: usize = found.iter().map(|f| if code == 12 { 13 + f.len() } else { full.len() + 15 }).sum();
    let size = 17 + full.len() + data;
    text.push_str(&format!(
        ";; Query time: 0 msec\n;; SERVER: {at}#53({at}) (UDP)\n;; WHEN: {when}\n;; MSG SIZE  rcvd: {size}\n\n"
    ));
    c.put(text).await
}

async fn host(c: &mut Cli) -> Run<()> {
    let operands: Vec<String> = std::mem::take(&mut c.args).into_iter().filter(|a| !a.starts_with('-')).collect();
    let Some(name) = operands.first() else {
        c.sys.eprint("Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n").await;
        return Err(Stop::Code(1));
    };
    let back = name.parse().ok().map(reversed);
    let at = match operands.get(1) {
        Some(s) => s.clone(),
        None => server(c).await,
    };
    let (asked, kind) = back.as_ref().map_or((name, 1), |b| (b, 12));
    let found = match lookup(c, &at, asked, kind).await {
        Reply::Answer(_, found) => found,
        Reply::Silence(why) => {
            let line = format!(";; communications error to {at}#53: {why}\n");
            c.put(format!("{line}{line};; no servers could be reached\n")).await?;
            return Err(Stop::Code(1));
        }
    };
    if found.is_empty() {
        let dot = if back.is_some() { "." } else { "" };
        c.put(format!("Host {asked}{dot} not found: 3(NXDOMAIN)\n")).await?;
        return Err(Stop::Code(1));
    }
    for a in found {
        let text = if back.is_some() { "domain name pointer" } else { "has address" };
        c.put(format!("{asked} {text} {a}\n")).await?;
    }
    Ok(())
}

async fn nslookup(c: &mut Cli) -> Run<()> {
    let busybox = c.variant == "busybox";
    let operands: Vec<String> = std::mem::take(&mut c.args).into_iter().filter(|a| !a.starts_with('-')).collect();
    let Some(name) = operands.first() else {
        c.sys.eprint("usage: nslookup [-option] host [server]\n").await;
        return Err(Stop::Code(1));
    };
    let at = match operands.get(1) {
        Some(s) => s.clone(),
        None => server(c).await,
    };
    let back = name.parse().ok().map(reversed);
    let (asked, kind) = back.as_ref().map_or((name, 1), |b| (b, 12));
    let answer = lookup(c, &at, asked, kind).await;
    if let (Reply::Silence(why), false) = (&answer, busybox) {
        let line = format!(";; communications error to {at}#53: {why}\n");
        c.put(format!("{};; no servers could be reached\n\n", line.repeat(3))).await?;
        return Err(Stop::Code(1));
    }
    if matches!(answer, Reply::Silence(_)) {
        c.put(";; connection timed out; no servers could be reached\n\n".to_owned()).await?;
        return Err(Stop::Code(1));
    }
    let found = answer.addresses();
    // BIND's names its server for names only.
    if busybox || back.is_none() {
        c.put(format!("Server:\t\t{at}\nAddress:\t{at}{}53\n\n", if busybox { ':' } else { '#' })).await?;
    }
    if found.is_empty() {
        let line = format!("** server can't find {asked}: NXDOMAIN\n\n");
        c.put(if busybox && back.is_none() { line.repeat(2) } else { line }).await?;
        return Err(Stop::Code(1));
    }
    if back.is_some() {
        let name = |n: &String| format!("{asked}\tname = {}\n", if busybox { n.trim_end_matches('.') } else { n });
        let names: String = found.iter().map(name).collect();
        return c.put(format!("{}{names}\n", if busybox { "Non-authoritative answer:\n" } else { "" })).await;
    }
    // busybox asks for IPv6 too, and shows that nothing came.
    let mut text = "Non-authoritative answer:\n".to_owned();
    if busybox {
        text.push_str("\nNon-authoritative answer:\n");
    }
    for a in found {
        text.push_str(&format!("Name:\t{name}\nAddress: {a}\n"));
    }
    c.put(format!("{text}\n")).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_as_dig_sends_it() {
        // dig +noedns +noad a.test, number 0x1234.
        assert_eq!(query(0x1234, "a.test.", 1), b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x01\0\x01");
    }

    #[test]
    fn a_reply_is_read_or_is_none() {
        let asked = query(1, "a.test", 1);
        let mut text = asked.clone();
        text.splice(2..8, *b"\x81\x80\0\x01\0\x01");
        text.extend(b"\xc0\x0c\0\x01\0\x01\0\0\x02\x58\0\x04\xc0\0\x02\x01");
        assert!(matches!(reply(&text, asked.len()), Some(Reply::Answer(true, a)) if a == ["192.0.2.1"]));
        for cut in asked.len()..text.len() {
            assert!(reply(text.get(..cut).unwrap_or_default(), asked.len()).is_none_or(|r| r.addresses().is_empty()));
        }
        text[3] = 0x83;
        assert!(matches!(reply(&text, asked.len()), Some(Reply::Answer(false, _))));
    }
}
