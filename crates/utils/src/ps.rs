//! `ps`: processes, in procps' columns.

mod busybox;

use layerlab_kernel::ProcInfo;

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Stop};

/// What is known when a row is written.
struct World {
    names: Names,
    boot: i64,
    now: i64,
    zone: crate::cli::zone::Zone,
    uptime: u64,
    memory: u64,
    depth: Vec<(u32, usize)>,
}

/// A column: name, heading, to the right, width.
struct Column {
    key: String,
    heading: String,
    right: bool,
    width: usize,
}

const COLUMNS: &[(&str, &str, bool, usize)] = &[
    ("user", "USER", false, 8),
    ("uname", "USER", false, 8),
    ("euser", "EUSER", false, 8),
    ("uid", "UID", true, 5),
    ("ruid", "UID", false, 8),
    ("pid", "PID", true, 7),
    ("ppid", "PPID", true, 7),
    ("pgid", "PGID", true, 7),
    ("sid", "SID", true, 7),
    ("sess", "SESS", true, 7),
    ("c", "C", true, 2),
    ("pcpu", "%CPU", true, 4),
    ("%cpu", "%CPU", true, 4),
    ("pmem", "%MEM", true, 4),
    ("%mem", "%MEM", true, 4),
    ("vsz", "VSZ", true, 6),
    ("rss", "RSS", true, 5),
    ("tty", "TT", false, 8),
    ("tt", "TT", false, 8),
    ("tname", "TTY", false, 8),
    ("stat", "STAT", false, 4),
    ("state", "S", false, 1),
    ("s", "S", false, 1),
    ("start", "STARTED", true, 8),
    ("bsdstart", "START", false, 6),
    ("stime", "STIME", true, 5),
    ("lstart", "STARTED", true, 24),
    ("time", "TIME", true, 8),
    ("bsdtime", "TIME", true, 6),
    ("etime", "ELAPSED", true, 11),
    ("etimes", "ELAPSED", true, 7),
    ("ni", "NI", true, 3),
    ("pri", "PRI", true, 3),
    ("nlwp", "NLWP", true, 4),
    ("cgroup", "CGROUP", false, 27),
    ("comm", "COMMAND", false, 15),
    ("ucmd", "CMD", false, 15),
    ("args", "COMMAND", false, 27),
    ("cmd", "CMD", false, 27),
    ("command", "COMMAND", false, 27),
];

fn clock(nanos: u64) -> String {
    let s = nanos / 1_000_000_000;
    format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

fn name(p: &ProcInfo) -> String {
    p.comm.chars().take(15).collect()
}

fn tenths(part: u64, of: u64) -> String {
    let n = part.saturating_mul(1000).checked_div(of).unwrap_or(0);
    format!("{}.{}", n / 10, n % 10)
}

fn value(p: &ProcInfo, key: &str, w: &World) -> String {
    let started = w.boot + (p.started.0 / 1_000_000_000) as i64;
    let lived = w.uptime.saturating_sub(p.started.0);
    let today = w.now - w.now.rem_euclid(86_400) <= started;
    let user = || {
        let n = w.names.user(p.uid);
        if n.len() > 8 { format!("{}+", &n[..7]) } else { n }
    };
    match key {
        "user" | "uname" | "euser" | "ruid" => user(),
        "uid" => p.uid.to_string(),
        "pid" => p.pid.to_string(),
        "ppid" => p.ppid.to_string(),
        "pgid" => p.pgid.to_string(),
        "sid" | "sess" => p.sid.to_string(),
        "c" => (p.cpu.0.saturating_mul(100) / lived.max(1)).min(99).to_string(),
        "pcpu" | "%cpu" => tenths(p.cpu.0, lived.max(1)),
        "pmem" | "%mem" => tenths(p.memory, w.memory),
        "vsz" => (p.memory * 3 / 1024).to_string(),
        "rss" => (p.memory / 1024).to_string(),
        "tty" | "tt" | "tname" => p.tty.clone().unwrap_or_else(|| "?".to_owned()),
        "stat" => {
            format!("{}{}{}", p.state, if p.sid == p.pid { "s" } else { "" }, if p.foreground { "+" } else { "" })
        }
        "state" | "s" => p.state.to_string(),
        "start" => w.zone.format(if today { "%H:%M:%S" } else { "%b %d" }, started, 0),
        "bsdstart" | "stime" => w.zone.format(if today { "%H:%M" } else { "%b%d" }, started, 0),
        "lstart" => w.zone.format("%a %b %e %H:%M:%S %Y", started, 0),
        "time" => clock(p.cpu.0),
        "bsdtime" => format!("{}:{:02}", p.cpu.0 / 60_000_000_000, p.cpu.0 / 1_000_000_000 % 60),
        "etimes" => (lived / 1_000_000_000).to_string(),
        "etime" => {
            let s = lived / 1_000_000_000;
            match (s / 86_400, s / 3600 % 24) {
                (0, 0) => format!("{:02}:{:02}", s / 60, s % 60),
                (0, h) => format!("{h:02}:{:02}:{:02}", s / 60 % 60, s % 60),
                (d, h) => format!("{d}-{h:02}:{:02}:{:02}", s / 60 % 60, s % 60),
            }
        }
        "ni" => "0".to_owned(),
        "pri" => "19".to_owned(),
        "nlwp" => "1".to_owned(),
        "cgroup" => format!("0::{}", p.cgroup),
        "comm" | "ucmd" => {
            if p.state == 'Z' {
                format!("{} <defunct>", name(p))
            } else {
                name(p)
            }
        }
        _ => {
            let depth = w.depth.iter().find(|d| d.0 == p.pid).map_or(0, |d| d.1);
            let lead = if depth > 0 { format!("{} \\_ ", "    ".repeat(depth - 1)) } else { String::new() };
            let text =
                if p.state == 'Z' || p.argv.is_empty() { format!("[{}] <defunct>", name(p)) } else { p.argv.join(" ") };
            format!("{lead}{text}")
        }
    }
}

fn column(spec: &str) -> Option<Column> {
    let (key, heading) = match spec.split_once('=') {
        Some((k, h)) => (k, Some(h.to_owned())),
        None => (spec, None),
    };
    let row = COLUMNS.iter().find(|c| c.0 == key)?;
    let heading = heading.unwrap_or_else(|| row.1.to_owned());
    Some(Column { key: key.to_owned(), width: row.3.max(heading.len()), heading, right: row.2 })
}

/// Children under their parents.
fn forest(list: Vec<ProcInfo>, depths: &mut Vec<(u32, usize)>) -> Vec<ProcInfo> {
    let known: Vec<u32> = list.iter().map(|p| p.pid).collect();
    let mut out = Vec::new();
    let mut todo: Vec<(u32, usize)> =
        list.iter().rev().filter(|p| !known.contains(&p.ppid)).map(|p| (p.pid, 0)).collect();
    while let Some((pid, depth)) = todo.pop() {
        if let Some(p) = list.iter().find(|p| p.pid == pid) {
            depths.push((pid, depth));
            out.push(p.clone());
            todo.extend(list.iter().rev().filter(|c| c.ppid == pid && c.pid != pid).map(|c| (c.pid, depth + 1)));
        }
    }
    out
}

/// After every complaint about the command line.
const USAGE: &str = "\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n";

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.variant == "busybox" {
        return busybox::main(c).await;
    }
    let args = std::mem::take(&mut c.args);
    let (mut all, mut everyone, mut no_tty, mut user, mut full, mut long, mut tree, mut headings) =
        (false, false, false, false, false, false, false, true);
    let (mut format, mut pids, mut names, mut users): (Vec<String>, Vec<u32>, Vec<String>, Vec<String>) =
        Default::default();
    let (mut sort, mut wide, mut bsd, mut jobs) = (None, 0, false, false);
    let mut it = args.into_iter();
    while let Some(a) = it.next() {
        if let Some(rest) = a.strip_prefix("--") {
            let (n, v) = rest.split_once('=').map_or((rest, None), |(n, v)| (n, Some(v.to_owned())));
            match n {
                "forest" => tree = true,
                "no-headers" | "no-heading" => headings = false,
                "headers" => {}
                "sort" => sort = v.or_else(|| it.next()),
                "pid" => pids.extend(v.or_else(|| it.next()).unwrap_or_default().split(',').filter_map(|p| p.parse::<u32>().ok())),
                "format" => format.push(v.or_else(|| it.next()).unwrap_or_default()),
                "user" => users.extend(v.or_else(|| it.next()).unwrap_or_default().split(',').map(str::to_owned)),
                "version" => return c.put("ps from procps-ng 4.0.4 (simulated)\n").await,
                "help" => return c.put("Usage:\n ps [options]\n\n -e, -A all processes\n -f full format\n aux every user's, user format\n -o <format> chosen columns\n -p <pid> by number\n --forest as a tree\n").await,
                _ => {
                    c.sys.eprint(format!("error: unknown gnu long option{USAGE}")).await;
                    return Err(Stop::Code(1));
                }
            }
            continue;
        }
        let dash = a.starts_with('-');
        let letters = a.trim_start_matches('-').to_owned();
        if !dash && !letters.is_empty() && letters.chars().all(|d| d.is_ascii_digit() || d == ',') {
            pids.extend(letters.split(',').filter_map(|p| p.parse::<u32>().ok()));
            continue;
        }
        bsd |= !dash;
        let mut rest = letters.as_str();
        while let Some(l) = rest.chars().next() {
            rest = &rest[l.len_utf8()..];
            let mut value =
                || if rest.is_empty() { it.next().unwrap_or_default() } else { std::mem::take(&mut rest).to_owned() };
            match (dash, l) {
                (true, 'e' | 'A') => all = true,
                (true, 'a' | 'd') => all = true,
                (true, 'f') => full = true,
                (true, 'F') => full = true,
                (true, 'l') => long = true,
                (true, 'j') => jobs = true,
                (_, 'H') => tree = true,
                (_, 'o' | 'O') => format.push(value()),
                (_, 'p') => pids.extend(value().split([',', ' ']).filter_map(|p| p.parse::<u32>().ok())),
                (true, 'C') => names.extend(value().split(',').map(str::to_owned)),
                (true, 'u' | 'U') => users.extend(value().split(',').map(str::to_owned)),
                (_, 'w') => wide += 1,
                (false, 'a') => everyone = true,
                (false, 'x') => no_tty = true,
                (false, 'u') => user = true,
                (false, 'f') => tree = true,
                (false, 'e') => {}
                (false, 'h') => headings = false,
                (false, 'l') => long = true,
                _ => {
                    let kind = if dash { "unsupported SysV option" } else { "unsupported option (BSD syntax)" };
                    c.sys.eprint(format!("error: {kind}{USAGE}")).await;
                    return Err(Stop::Code(1));
                }
            }
        }
    }
    let mut list = c.sys.procs().await.unwrap_or_default();
    let me = list.iter().find(|p| p.pid == c.sys.pid()).cloned();
    let (uid, own) = me.as_ref().map_or((0, None), |p| (p.uid, p.tty.clone()));
    let world_names = Names::load(&c.sys).await;
    if users.iter().any(|u| world_names.uid(u).is_none()) {
        c.sys.eprint(format!("error: user name does not exist{USAGE}")).await;
        return Err(Stop::Code(1));
    }
    list.retain(|p| {
        if !pids.is_empty() {
            return pids.contains(&p.pid);
        }
        if !names.is_empty() {
            return names.contains(&name(p));
        }
        if !users.is_empty() {
            return users.iter().any(|u| world_names.uid(u) == Some(p.uid));
        }
        all || (everyone && no_tty)
            || everyone && p.tty.is_some()
            || no_tty && p.uid == uid
            || !everyone && !no_tty && p.uid == uid && p.tty == own
    });
    let chosen = !format.is_empty();
    let specs: Vec<String> = if chosen {
        format
            .iter()
            .flat_map(|f| {
                if f.contains('=') && !f.contains(',') {
                    vec![f.clone()]
                } else {
                    f.split([',', ' ']).map(str::to_owned).collect()
                }
            })
            .collect()
    } else {
        let set = if user {
            "user,pid,%cpu,%mem,vsz,rss,tname=TTY,stat,bsdstart,bsdtime,args"
        } else if long {
            "s,uid,pid,ppid,c,pri,ni,vsz,tname,time,ucmd"
        } else if full {
            "ruid,pid,ppid,c,stime,tname,time,cmd"
        } else if jobs {
            "pid,pgid,sid,tname,time,ucmd"
        } else if bsd {
            "pid,tname,stat,bsdtime,args"
        } else {
            "pid,tname,time,ucmd"
        };
        set.split(',').map(str::to_owned).collect()
    };
    let mut columns = Vec::new();
    for s in &specs {
        match column(s) {
            Some(col) => columns.push(col),
            None => {
                let key = s.split('=').next().unwrap_or(s);
                c.sys.eprint(format!("error: unknown user-defined format specifier \"{key}\"{USAGE}")).await;
                return Err(Stop::Code(1));
            }
        }
    }
    if let Some(key) = &sort {
        for k in key.split(',').rev() {
            let (down, k) = k.strip_prefix('-').map_or((false, k.trim_start_matches('+')), |k| (true, k));
            list.sort_by_key(|p| match k {
                "pcpu" | "%cpu" | "time" | "cpu" => (p.cpu.0, String::new()),
                "pmem" | "%mem" | "rss" | "vsz" => (p.memory, String::new()),
                "start" | "start_time" | "lstart" => (p.started.0, String::new()),
                "ppid" => (p.ppid.into(), String::new()),
                "user" | "uid" => (p.uid.into(), String::new()),
                "comm" | "cmd" | "args" | "command" => (0, p.argv.join(" ")),
                _ => (p.pid.into(), String::new()),
            });
            if down {
                list.reverse();
            }
        }
    }
    let mut depth = Vec::new();
    if tree {
        list = forest(list, &mut depth);
    }
    let info = c.sys.sys_info().await;
    let (uptime, memory) = info.map_or((0, 1), |i| (i.uptime.0, i.memory_total));
    let now = c.sys.wall_clock() / 1_000_000_000;
    let w = World {
        names: world_names,
        boot: now - (uptime / 1_000_000_000) as i64,
        now,
        zone: c.zone().await,
        uptime,
        memory,
        depth,
    };
    let width = match c.sys.win_size(1).await {
        Ok(s) if wide == 0 && s.cols > 0 => usize::from(s.cols),
        _ if wide < 2 && !c.sys.is_atty(1).await => usize::MAX,
        _ => usize::MAX,
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    if headings && columns.iter().any(|h| !h.heading.is_empty()) {
        rows.push(columns.iter().map(|h| h.heading.clone()).collect());
    }
    rows.extend(list.iter().map(|p| columns.iter().map(|col| value(p, &col.key, &w)).collect()));
    for row in rows {
        let mut line = String::new();
        // A text that is too long pushes the next one, which takes its room back if it can.
        let mut over = 0usize;
        for (i, (text, col)) in row.iter().zip(&columns).enumerate() {
            if i > 0 {
                line.push(' ');
            }
            let room = col.width.saturating_sub(over);
            let last = i + 1 == columns.len();
            let len = text.chars().count();
            line.push_str(&match (col.right, last) {
                (true, _) => format!("{text:>room$}"),
                (_, true) => text.clone(),
                _ => format!("{text:<room$}"),
            });
            over = (over + len.max(room)).saturating_sub(col.width).min(over + len.max(room));
        }
        let line: String = line.chars().take(width).collect();
        c.put(format!("{line}\n")).await?;
    }
    if list.is_empty() {
        c.code = 1;
    }
    Ok(())
}
