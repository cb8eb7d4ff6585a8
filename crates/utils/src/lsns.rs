//! `lsns`: namespaces, from `/proc/<pid>/ns`.

use std::collections::BTreeMap;

use crate::cli::{Cli, Run, Spec, Stop, names::Names};

const SPEC: Spec = Spec::new(
    "[options] [<namespace>]",
    "List system namespaces.",
    "J|json l|list n|noheadings o|output= output-all P|persistent p|task= Q|filter= r|raw u|notruncate W|nowrap t|type= T|tree? H|list-columns",
)
.version("util-linux 2.41 (simulated");

const KINDS: &[&str] = &["mnt", "net", "pid", "uts", "ipc", "user", "cgroup", "time"];

struct Space {
    kind: &'static str,
    processes: usize,
    pid: u32,
    ppid: u32,
    uid: u32,
    command: String,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let types = p.values("t");
    if let Some(t) = types.iter().find(|t| !KINDS.contains(&t.as_str())).cloned() {
        return c.die(1, format!("unknown namespace type: {t}")).await;
    }
    let task = p.value("p").map(str::to_owned);
    let wanted: Option<u64> = match p.operands.first().cloned() {
        None => None,
        Some(text) => match text.parse() {
            Ok(n) => Some(n),
            Err(_) => return c.die(1, format!("invalid namespace argument: '{text}'")).await,
        },
    };
    let mut spaces: BTreeMap<u64, Space> = BTreeMap::new();
    let mut of_task = Vec::new();
    for process in c.sys.procs().await.unwrap_or_default() {
        for kind in KINDS.iter().filter(|k| types.is_empty() || types.iter().any(|t| t == *k)) {
            let Ok(text) = c.sys.readlink(&format!("/proc/{}/ns/{kind}", process.pid)).await else { continue };
            let Some(id) = text.split(['[', ']']).nth(1).and_then(|n| n.parse().ok()) else { continue };
            if task.as_deref() == Some(process.pid.to_string().as_str()) {
                of_task.push(id);
            }
            let command = if process.argv.is_empty() { process.comm.clone() } else { process.argv.join(" ") };
            let s = spaces.entry(id).or_insert(Space {
                kind,
                processes: 0,
                pid: process.pid,
                ppid: process.ppid,
                uid: process.uid,
                command,
            });
            s.processes += 1;
        }
    }
    spaces.retain(|id, _| (task.is_none() || of_task.contains(id)) && wanted.is_none_or(|w| w == *id));
    if wanted.is_some() && spaces.is_empty() {
        return c.die(1, format!("not found namespace: {}", p.operands.join(""))).await;
    }
    let columns = p.value("o").map_or_else(|| "NS,TYPE,NPROCS,PID,USER,COMMAND".to_owned(), str::to_uppercase);
    let columns: Vec<&str> = columns.split(',').map(|t| t.trim_start_matches('+')).collect();
    let names = Names::load(&c.sys).await;
    let known = ["NS", "TYPE", "NPROCS", "PID", "PPID", "UID", "USER", "COMMAND", "PATH"];
    if let Some(bad) = columns.iter().find(|n| !known.contains(n)) {
        return c.die(1, format!("unknown column: {bad}")).await;
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    if !p.has("n") {
        rows.push(columns.iter().map(|n| (*n).to_owned()).collect());
    }
    for (id, s) in &spaces {
        let cell = |n: &&str| match *n {
            "NS" => id.to_string(),
            "TYPE" => s.kind.to_owned(),
            "NPROCS" => s.processes.to_string(),
            "PID" => s.pid.to_string(),
            "PPID" => s.ppid.to_string(),
            "UID" => s.uid.to_string(),
            "USER" => names.user(s.uid),
            "PATH" => format!("/proc/{}/ns/{}", s.pid, s.kind),
            _ => s.command.clone(),
        };
        rows.push(columns.iter().map(cell).collect());
    }
    if spaces.is_empty() {
        return Err(Stop::Code(0));
    }
    let width = |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|t| t.chars().count()).max().unwrap_or(0);
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(i, t)| match columns.get(i).copied().unwrap_or("") {
                _ if p.has("r") => t.clone(),
                "NS" | "NPROCS" | "PID" | "PPID" | "UID" => format!("{t:>w$}", w = width(i)),
                _ if i + 1 == row.len() => t.clone(),
                _ => format!("{t:<w$}", w = width(i)),
            })
            .collect();
        c.put(format!("{}\n", cells.join(" "))).await?;
    }
    Ok(())
}
