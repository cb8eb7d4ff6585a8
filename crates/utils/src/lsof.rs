//! `lsof`: open files, from `/proc`.

use std::collections::BTreeMap;

use layerlab_kernel::FileType;

use crate::cli::{Cli, Run, Spec, Stop, names::Names};

const SPEC: Spec = Spec::new(
    "[-?abhKlnNoOPRtUvVX] [+|-c c] [-i [i]] [-p s] [-u s] [names]",
    "List open files.",
    "a b c= d= i? l n N O o P p= R r= s? T? t U u= V w",
)
.version("4.99.4 (simulated");

/// Whether a row is asked for.
type Test<'a> = Box<dyn Fn(&Row) -> bool + 'a>;

struct Row {
    command: String,
    pid: u32,
    uid: u32,
    fd: String,
    kind: String,
    device: String,
    size: String,
    node: String,
    name: String,
}

/// Sockets by inode: protocol, local and other end, state.
async fn sockets(c: &Cli) -> BTreeMap<String, (String, String)> {
    let mut all = BTreeMap::new();
    let end = |t: &str| {
        let (ip, port) = t.split_once(':')?;
        let [a, b, c, d] = u32::from_str_radix(ip, 16).ok()?.to_le_bytes();
        let host = if [a, b, c, d] == [0; 4] { "*".to_owned() } else { format!("{a}.{b}.{c}.{d}") };
        Some((host, u16::from_str_radix(port, 16).ok()?))
    };
    for (path, protocol) in [("/proc/net/tcp", "TCP"), ("/proc/net/udp", "UDP")] {
        let text = c.sys.read_file(path).await.unwrap_or_default();
        for l in String::from_utf8_lossy(&text).lines().skip(1) {
            let f: Vec<&str> = l.split_whitespace().collect();
            let [_, local, peer, state, _, _, _, _, _, inode, ..] = f.as_slice() else { continue };
            let (Some(local), Some(peer)) = (end(local), end(peer)) else { continue };
            let mut name = format!("{}:{}", local.0, local.1);
            if peer.1 != 0 {
                name.push_str(&format!("->{}:{}", peer.0, peer.1));
            }
            match (protocol, *state) {
                ("TCP", "0A") => name.push_str(" (LISTEN)"),
                ("TCP", "01") => name.push_str(" (ESTABLISHED)"),
                ("TCP", "08") => name.push_str(" (CLOSE_WAIT)"),
                _ => {}
            }
            all.insert((*inode).to_owned(), (protocol.to_owned(), name));
        }
    }
    all
}

/// Whether a socket fits `-i`: `TCP:80`, `:80`, `@1.2.3.4:80`, `4`.
fn fits(filter: &str, protocol: &str, name: &str) -> bool {
    let f = filter.trim_start_matches(['4', '6']).to_ascii_uppercase();
    let (kind, rest) = match f.find(['@', ':']) {
        Some(n) => f.split_at(n),
        None => (f.as_str(), ""),
    };
    let (host, port) = rest.trim_start_matches('@').split_once(':').unwrap_or((rest.trim_start_matches('@'), ""));
    let ends: Vec<(&str, &str)> =
        name.split(' ').next().unwrap_or("").split("->").filter_map(|e| e.rsplit_once(':')).collect();
    (kind.is_empty() || kind == protocol)
        && ends.iter().any(|(h, p)| (host.is_empty() || host == *h) && (port.is_empty() || port == *p))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let names = Names::load(&c.sys).await;
    let pids: Vec<String> = p.values("p").iter().flat_map(|v| v.split(',')).map(str::to_owned).collect();
    let users: Vec<u32> = p.values("u").iter().flat_map(|v| v.split(',')).filter_map(|u| names.uid(u)).collect();
    let mut operands = p.operands.clone();
    // The value of -i may stand apart.
    let mut inet = p.value("i").map(str::to_owned);
    if p.has("i") && inet.is_none() && operands.first().is_some_and(|o| o.contains(':') || o == "TCP" || o == "UDP") {
        inet = Some(operands.remove(0));
    }
    let sockets = sockets(c).await;
    let mut rows = Vec::new();
    for task in c.sys.procs().await.unwrap_or_default() {
        let dir = format!("/proc/{}", task.pid);
        let mut open = vec![("cwd".to_owned(), "cwd".to_owned()), ("rtd".to_owned(), "root".to_owned())];
        open.push(("txt".to_owned(), "exe".to_owned()));
        let mut fds: Vec<u32> = c
            .sys
            .read_dir(&format!("{dir}/fd"))
            .await
            .unwrap_or_default()
            .iter()
            .filter_map(|e| e.name.parse().ok())
            .collect();
        fds.sort_unstable();
        for fd in fds {
            let flags = c.sys.lstat(&format!("{dir}/fd/{fd}")).await.map_or(0, |s| s.mode);
            let mode = match (flags & 0o400 > 0, flags & 0o200 > 0) {
                (true, true) => "u",
                (false, true) => "w",
                _ => "r",
            };
            open.push((format!("{fd}{mode}"), format!("fd/{fd}")));
        }
        for (fd, link) in open {
            let Ok(target) = c.sys.readlink(&format!("{dir}/{link}")).await else { continue };
            let mut row = Row {
                command: task.comm.chars().take(9).collect(),
                pid: task.pid,
                uid: task.uid,
                fd,
                kind: "unknown".to_owned(),
                device: String::new(),
                size: "0t0".to_owned(),
                node: String::new(),
                name: target.clone(),
            };
            let inner = target.split(['[', ']']).nth(1).unwrap_or("").to_owned();
            if target.starts_with("socket:[") {
                row.device.clone_from(&inner);
                match sockets.get(&inner) {
                    Some((protocol, name)) => {
                        (row.kind, row.node, row.name) = ("IPv4".to_owned(), protocol.clone(), name.clone());
                    }
                    None => (row.kind, row.node, row.name) = ("unix".to_owned(), inner, "type=STREAM".to_owned()),
                }
            } else if target.starts_with("pipe:[") {
                (row.kind, row.device, row.node, row.name) = ("FIFO".into(), "0,14".into(), inner, "pipe".into());
            } else if let Ok(s) = c.sys.stat(&format!("{dir}/{link}")).await {
                row.kind = match s.file_type {
                    FileType::Dir => "DIR",
                    FileType::Char => "CHR",
                    FileType::Block => "BLK",
                    FileType::Fifo => "FIFO",
                    _ => "REG",
                }
                .to_owned();
                let device = if s.file_type == FileType::Char { s.rdev } else { (254, s.dev as u32) };
                row.device = format!("{},{}", device.0, device.1);
                row.node = s.ino.to_string();
                if matches!(s.file_type, FileType::File | FileType::Dir) {
                    row.size = s.size.to_string();
                }
            }
            rows.push(row);
        }
    }
    let mut tests: Vec<Test<'_>> = Vec::new();
    if !pids.is_empty() {
        tests.push(Box::new(|r| pids.contains(&r.pid.to_string())));
    }
    if p.has("u") {
        tests.push(Box::new(|r| users.contains(&r.uid)));
    }
    let commands = p.values("c");
    if !commands.is_empty() {
        tests.push(Box::new(move |r| commands.iter().any(|n| r.command.starts_with(n.as_str()))));
    }
    if p.has("i") {
        let filter = inet.unwrap_or_default();
        tests.push(Box::new(move |r| r.kind == "IPv4" && fits(&filter, &r.node, &r.name)));
    }
    if p.has("U") {
        tests.push(Box::new(|r| r.kind == "unix"));
    }
    let mut paths = Vec::new();
    for o in &operands {
        match c.sys.real_path(o).await {
            Ok(full) => paths.push(full),
            Err(e) => {
                c.sys.eprint(format!("lsof: status error on {o}: {e}\n")).await;
                c.code = 1;
            }
        }
    }
    if !operands.is_empty() {
        tests.push(Box::new(move |r| paths.contains(&r.name)));
    }
    let all = p.has("a");
    rows.retain(|r| tests.is_empty() || if all { tests.iter().all(|t| t(r)) } else { tests.iter().any(|t| t(r)) });
    if rows.is_empty() {
        return Err(Stop::Code(1));
    }
    if p.has("t") {
        let mut numbers: Vec<u32> = rows.iter().map(|r| r.pid).collect();
        numbers.dedup();
        for n in numbers {
            c.put(format!("{n}\n")).await?;
        }
        return Ok(());
    }
    let port = |name: &str| {
        let named = |t: &str| match t.rsplit_once(':').and_then(|(h, p)| Some((h, p.parse::<u16>().ok()?))) {
            Some((h, n)) if !p.has("P") => crate::nc::service(n).map_or_else(|| t.to_owned(), |s| format!("{h}:{s}")),
            _ => t.to_owned(),
        };
        let (ends, state) = name.split_once(' ').map_or((name, String::new()), |(e, s)| (e, format!(" {s}")));
        format!("{}{state}", ends.split("->").map(named).collect::<Vec<_>>().join("->"))
    };
    let mut table: Vec<[String; 9]> =
        vec![["COMMAND", "PID", "USER", "FD  ", "TYPE", "DEVICE", "SIZE/OFF", "NODE", "NAME"].map(str::to_owned)];
    for r in &rows {
        let name = if r.kind == "IPv4" { port(&r.name) } else { r.name.clone() };
        let user = if p.has("l") { r.uid.to_string() } else { names.user(r.uid) };
        // Behind a number stands how it is open; names of other things end before that.
        let fd = if r.fd.ends_with(['r', 'w', 'u']) && r.fd.starts_with(|c: char| c.is_ascii_digit()) {
            format!("{} ", r.fd)
        } else {
            format!("{}  ", r.fd)
        };
        let cells = [r.command.clone(), r.pid.to_string(), user, fd];
        let [a, b, d, e] = cells;
        table.push([a, b, d, e, r.kind.clone(), r.device.clone(), r.size.clone(), r.node.clone(), name]);
    }
    let width = |n: usize| table.iter().filter_map(|r| r.get(n)).map(|t| t.chars().count()).max().unwrap_or(0);
    let w: Vec<usize> = (0..8).map(width).collect();
    for r in &table {
        let mut out = String::new();
        for (n, (cell, w)) in r.iter().zip(&w).enumerate() {
            out.push_str(&if n == 0 { format!("{cell:<w$}") } else { format!(" {cell:>w$}") });
        }
        c.put(format!("{out} {}\n", r[8])).await?;
    }
    Ok(())
}
