//! `dig`, `host`, `nslookup`: what the name server says (`/etc/hosts` is not asked).

use std::net::Ipv4Addr;

use crate::cli::{Cli, Run, Stop, time};

/// The first name server of `/etc/resolv.conf`.
async fn server(c: &Cli) -> String {
    let text = c.sys.read_file("/etc/resolv.conf").await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let found = text.lines().find_map(|l| l.strip_prefix("nameserver").map(|r| r.trim().to_owned()));
    found.unwrap_or_else(|| "127.0.0.1".to_owned())
}

/// Addresses of a name; none where the server knows nothing of it.
async fn lookup(c: &Cli, name: &str) -> Vec<Ipv4Addr> {
    let plain = name.trim_end_matches('.');
    if plain.parse::<Ipv4Addr>().is_ok() {
        return Vec::new();
    }
    let hosts = c.sys.read_file("/etc/hosts").await.unwrap_or_default();
    let own = String::from_utf8_lossy(&hosts)
        .lines()
        .any(|l| l.split('#').next().unwrap_or("").split_whitespace().skip(1).any(|w| w.eq_ignore_ascii_case(plain)));
    if own && !plain.eq_ignore_ascii_case("localhost") {
        return Vec::new();
    }
    c.sys.resolve(plain).await.unwrap_or_default()
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    match c.name.as_str() {
        "host" => host(c).await,
        "nslookup" => nslookup(c).await,
        _ => dig(c).await,
    }
}

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
            "-p" | "-c" | "-b" => drop(it.next()),
            "-x" => {
                let back: Vec<&str> = it.next().map_or(Vec::new(), |i| i.split('.').rev().collect());
                (name, kind) = (Some(format!("{}.in-addr.arpa", back.join("."))), "PTR".to_owned());
            }
            "-v" => {
                c.sys.eprint("DiG 9.20.11-4-Debian\n").await;
                return Ok(());
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
    let known = lookup(c, &name).await;
    let found: Vec<Ipv4Addr> = if matches!(kind.as_str(), "A" | "ANY") { known.clone() } else { Vec::new() };
    if short {
        let text: String = found.iter().map(|a| format!("{a}\n")).collect();
        return c.put(text).await;
    }
    let status = if known.is_empty() && name != "." { "NXDOMAIN" } else { "NOERROR" };
    let tabs = |n: &str| "\t".repeat(3usize.saturating_sub(n.len() / 8).max(1));
    let answers: String = found.iter().map(|a| format!("{full}{}600\tIN\tA\t{a}\n", tabs(&full))).collect();
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
    let size = 17 + full.len() + found.len() * (full.len() + 15);
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
    if let Ok(a) = name.parse::<Ipv4Addr>() {
        let [w, x, y, z] = a.octets();
        c.put(format!("Host {z}.{y}.{x}.{w}.in-addr.arpa. not found: 3(NXDOMAIN)\n")).await?;
        return Err(Stop::Code(1));
    }
    let found = lookup(c, name).await;
    if found.is_empty() {
        c.put(format!("Host {name} not found: 3(NXDOMAIN)\n")).await?;
        return Err(Stop::Code(1));
    }
    for a in found {
        c.put(format!("{name} has address {a}\n")).await?;
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
    let found = lookup(c, name).await;
    c.put(format!("Server:\t\t{at}\nAddress:\t{at}{}53\n\n", if busybox { ':' } else { '#' })).await?;
    if found.is_empty() {
        let line = format!("** server can't find {name}: NXDOMAIN\n\n");
        c.put(if busybox { line.repeat(2) } else { line }).await?;
        return Err(Stop::Code(1));
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
