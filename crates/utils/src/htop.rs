//! `htop`: processes on the whole screen, with meters and keys.

use layerlab_kernel::{Errno, PollFd, Signal, SimTime, Termios, WinSize};

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Stop};
use crate::top::{Sample, Task, clock, sort, tasks, tenths};

struct View {
    sort: &'static str,
    tree: bool,
    selected: usize,
    top: usize,
    delay: SimTime,
    user: Option<String>,
    /// A signal is chosen for the selected process.
    killing: bool,
    /// What is typed to filter or search by.
    typing: Option<String>,
    filter: String,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut v = View {
        sort: "%CPU",
        tree: false,
        selected: 0,
        top: 0,
        delay: SimTime::millis(1500),
        user: None,
        killing: false,
        typing: None,
        filter: String::new(),
    };
    let mut args = std::mem::take(&mut c.args).into_iter();
    while let Some(a) = args.next() {
        match a.as_str() {
            "-h" | "--help" => {
                return c
                    .put("htop 3.2.2\nReleased under the GNU GPLv2+.\n\n-d --delay=DELAY  Set the delay between updates, in tenths of seconds\n-s --sort-key=COLUMN  Sort by COLUMN in list view\n-t --tree  Show the tree view\n-u --user[=USERNAME]  Show only processes for a given user\n")
                    .await;
            }
            "-V" | "--version" => return c.put("htop 3.2.2\n").await,
            "-t" | "--tree" => v.tree = true,
            "-d" => {
                let tenths: u64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(15);
                v.delay = SimTime::millis(tenths.clamp(1, 100) * 100);
            }
            "-u" => v.user = args.next(),
            "-s" => {
                v.sort = match args.next().as_deref() {
                    Some("PERCENT_MEM" | "M_RESIDENT") => "%MEM",
                    Some("TIME") => "TIME+",
                    Some("PID") => "PID",
                    _ => "%CPU",
                }
            }
            _ if a.starts_with('-') => return c.usage(1, format!("unrecognized option '{a}'")).await,
            _ => {}
        }
    }
    let Ok(saved) = c.sys.tc_get_attr(0).await else {
        c.sys.eprint("Error opening terminal: unknown.\n").await;
        return Err(Stop::Code(1));
    };
    let _ = c.sys.tc_set_attr(0, Termios { nl_to_crnl: true, ..Termios::RAW }).await;
    c.put("\x1b[?1049h\x1b[?25l").await?;
    let result = live(c, &mut v).await;
    c.put("\x1b[?25h\x1b[?1049l").await?;
    c.flush().await?;
    let _ = c.sys.tc_set_attr(0, saved).await;
    result
}

async fn live(c: &mut Cli, v: &mut View) -> Run<()> {
    let names = Names::load(&c.sys).await;
    let owner = v.user.as_ref().and_then(|u| names.uid(u));
    let mut last = Sample::default();
    let _ = tasks(c, &mut last).await;
    let _ = c.sys.sleep(SimTime::millis(100)).await;
    loop {
        let mut all = tasks(c, &mut last).await;
        let used: u64 = all.iter().map(|t| t.cpu).sum();
        let total = all.len();
        let running = all.iter().filter(|t| t.info.state == 'R').count();
        all.retain(|t| owner.is_none_or(|u| u == t.info.uid) && t.command(true).contains(&v.filter));
        sort(&mut all, v.sort);
        let rows = if v.tree { tree(&all) } else { all.into_iter().map(|t| (String::new(), t)).collect() };
        let size = c.sys.win_size(1).await.unwrap_or(WinSize { rows: 24, cols: 80 });
        v.selected = v.selected.min(rows.len().saturating_sub(1));
        let text = draw(c, v, &rows, &names, size, (used, total, running)).await;
        c.put(text).await?;
        c.flush().await?;
        let key = PollFd { fd: 0, read: true, write: false };
        match c.sys.poll(vec![key], Some(v.delay)).await {
            Ok(ready) if ready.is_empty() => continue,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return Ok(()),
        }
        let bytes = c.sys.read(0, 64).await.unwrap_or_default();
        let page = usize::from(size.rows).saturating_sub(10).max(1);
        if bytes.is_empty() || press(c, v, &bytes, &rows, page).await {
            return Ok(());
        }
    }
}

/// Keys; whether it is over.
async fn press(c: &Cli, v: &mut View, bytes: &[u8], rows: &[(String, Task)], page: usize) -> bool {
    let pid = rows.get(v.selected).map(|r| r.1.info.pid as i32);
    if let Some(text) = &mut v.typing {
        match bytes {
            b"\r" | b"\n" => v.typing = None,
            b"\x1b" => (v.typing, v.filter) = (None, String::new()),
            b"\x7f" | b"\x08" => {
                text.pop();
                v.filter.clone_from(text);
            }
            _ => {
                text.push_str(&String::from_utf8_lossy(bytes).replace(|ch: char| ch.is_control(), ""));
                v.filter.clone_from(text);
            }
        }
        return false;
    }
    if std::mem::take(&mut v.killing) {
        let signal = match bytes {
            b"\r" | b"\n" => Some(Signal::TERM),
            b"9" => Some(Signal::KILL),
            b"1" => Some(Signal::HUP),
            b"2" => Some(Signal::INT),
            _ => None,
        };
        if let (Some(s), Some(pid)) = (signal, pid) {
            // Not allowed: htop says nothing either.
            let _ = c.sys.kill(pid, Some(s)).await;
        }
        return false;
    }
    match bytes {
        b"q" | b"Q" | b"\x03" | b"\x1b[21~" => return true,
        b"\x1b[A" | b"\x1bOA" => v.selected = v.selected.saturating_sub(1),
        b"\x1b[B" | b"\x1bOB" => v.selected += 1,
        b"\x1b[5~" => v.selected = v.selected.saturating_sub(page),
        b"\x1b[6~" => v.selected += page,
        b"\x1b[H" | b"\x1bOH" => v.selected = 0,
        b"\x1b[F" | b"\x1bOF" => v.selected = rows.len(),
        b"P" => v.sort = "%CPU",
        b"M" => v.sort = "%MEM",
        b"T" => v.sort = "TIME+",
        b"N" => v.sort = "PID",
        b"\x1b[17~" | b">" => {
            v.sort = match v.sort {
                "%CPU" => "%MEM",
                "%MEM" => "TIME+",
                "TIME+" => "PID",
                _ => "%CPU",
            }
        }
        b"t" | b"\x1b[15~" => v.tree = !v.tree,
        b"k" | b"\x1b[20~" => v.killing = true,
        b"\\" | b"\x1bOS" | b"/" | b"\x1bOR" => v.typing = Some(v.filter.clone()),
        _ => {}
    }
    false
}

/// Children below their parents, with the lines that htop draws.
fn tree(all: &[Task]) -> Vec<(String, Task)> {
    let mut out = Vec::new();
    let is_root = |t: &Task| !all.iter().any(|p| p.info.pid == t.info.ppid);
    let mut todo: Vec<(String, String, &Task)> =
        all.iter().filter(|t| is_root(t)).rev().map(|t| (String::new(), String::new(), t)).collect();
    while let Some((lead, below, t)) = todo.pop() {
        let mut children: Vec<&Task> =
            all.iter().filter(|k| k.info.ppid == t.info.pid && k.info.pid != t.info.pid).collect();
        children.sort_by_key(|k| k.info.pid);
        for (i, child) in children.iter().enumerate().rev() {
            let end = i + 1 == children.len();
            todo.push((
                format!("{below}{}", if end { "└─ " } else { "├─ " }),
                format!("{below}{}", if end { "   " } else { "│  " }),
                child,
            ));
        }
        out.push((lead, t.clone()));
    }
    out
}

/// A meter: name, bar, what stands in its end.
fn meter(name: &str, part: u64, of: u64, text: &str, width: usize) -> String {
    let room = width.saturating_sub(name.len() + 2);
    let filled = (part.min(of) as usize).saturating_mul(room) / (of.max(1) as usize);
    let bar: String = (0..room).map(|i| if i < filled { '|' } else { ' ' }).collect();
    let keep = room.saturating_sub(text.len());
    let (bar, end): (String, &str) = (bar.chars().take(keep).collect(), text);
    format!("\x1b[36m{name}\x1b[0;1m[\x1b[0;32m{bar}\x1b[90m{end}\x1b[0;1m]\x1b[0m")
}

fn gib(bytes: u64) -> String {
    if bytes >= 1 << 30 { format!("{:.2}G", bytes as f64 / (1u64 << 30) as f64) } else { format!("{}M", bytes >> 20) }
}

/// KiB in five places.
fn short(bytes: u64) -> String {
    let k = bytes / 1024;
    if k < 100_000 { k.to_string() } else { format!("{}M", k / 1024) }
}

async fn draw(
    c: &Cli,
    v: &mut View,
    rows: &[(String, Task)],
    names: &Names,
    size: WinSize,
    (used, total, running): (u64, usize, usize),
) -> String {
    let (height, width) = (usize::from(size.rows), usize::from(size.cols));
    let info = c.sys.sys_info().await.ok();
    let (cpus, memory, memory_used, uptime) =
        info.map_or((1, 1, 0, 0), |i| (u64::from(i.cpus.max(1)), i.memory_total, i.memory_used, i.uptime.0));
    let up = crate::uptime::line(c).await;
    let load = up.rsplit_once("load average: ").map_or(String::new(), |l| l.1.replace(',', ""));
    let half = (width / 2).saturating_sub(4);
    let mut left = Vec::new();
    // What all processes use is spread over the cpus in turn.
    for n in 0..cpus {
        let part = used.saturating_sub(n * 1000).min(1000);
        left.push(format!("  {}", meter(&format!("{n:>3}"), part, 1000, &format!("{}%", tenths(part)), half)));
    }
    left.push(format!(
        "  {}",
        meter("Mem", memory_used, memory, &format!("{}/{}", gib(memory_used), gib(memory)), half)
    ));
    left.push(format!("  {}", meter("Swp", 0, 1, "0K/0K", half)));
    let s = uptime / 1_000_000_000;
    let clock_text = format!("{:02}:{:02}:{:02}", s / 3600 % 24, s / 60 % 60, s % 60);
    let days = if s >= 86_400 { format!("{} days, ", s / 86_400) } else { String::new() };
    let right = [
        format!(
            "\x1b[36mTasks: \x1b[1m{total}\x1b[0;36m, \x1b[32m0\x1b[36m thr; \x1b[1;32m{running}\x1b[0;36m running\x1b[0m"
        ),
        format!("\x1b[36mLoad average: \x1b[1m{load}\x1b[0m"),
        format!("\x1b[36mUptime: \x1b[1m{days}{clock_text}\x1b[0m"),
    ];
    let mut lines: Vec<String> = vec![String::new()];
    for (i, l) in left.iter().enumerate() {
        let side = right.get(i).filter(|_| width >= 60).map_or(String::new(), |r| format!("\x1b[{}G{r}", half + 6));
        lines.push(format!("{l}{side}"));
    }
    lines.push(String::new());
    let head = "    PID USER       PRI  NI  VIRT   RES   SHR S  CPU% MEM%   TIME+  Command";
    lines.push(format!("\x1b[30;42m{head:<width$}\x1b[0m"));
    let room = height.saturating_sub(lines.len() + 1).max(1);
    if v.selected < v.top {
        v.top = v.selected;
    } else if v.selected >= v.top + room {
        v.top = v.selected + 1 - room;
    }
    for i in 0..room {
        let at = v.top + i;
        let Some((lead, t)) = rows.get(at) else {
            lines.push(String::new());
            continue;
        };
        let p = &t.info;
        let user: String = names.user(p.uid).chars().take(10).collect();
        let row = format!(
            "{:>7} {user:<10} {:>3} {:>3} {:>5} {:>5} {:>5} {} {:>5} {:>4} {:>8}  {lead}{}",
            p.pid,
            20,
            0,
            short(p.memory * 3),
            short(p.memory),
            short(p.memory / 2),
            p.state,
            tenths(t.cpu),
            tenths(p.memory.saturating_mul(1000) / memory.max(1)),
            clock(p.cpu),
            t.command(true)
        );
        let row: String = row.chars().take(width).collect();
        lines.push(if at == v.selected { format!("\x1b[30;46m{row:<width$}\x1b[0m") } else { row });
    }
    let key = |k: &str, t: &str| format!("{k}\x1b[30;46m{t}\x1b[0m");
    let bar = if v.killing {
        "Send signal: Enter 15 SIGTERM   9 SIGKILL   2 SIGINT   1 SIGHUP   Esc Cancel".to_owned()
    } else if let Some(text) = &v.typing {
        format!("Filter: {text}")
    } else {
        [
            ("F1", "Help  "),
            ("F2", "Setup "),
            ("F3", "Search"),
            ("F4", "Filter"),
            ("F5", if v.tree { "List  " } else { "Tree  " }),
            ("F6", "SortBy"),
            ("F7", "Nice -"),
            ("F8", "Nice +"),
            ("F9", "Kill  "),
            ("F10", "Quit  "),
        ]
        .iter()
        .map(|(k, t)| key(k, t))
        .collect()
    };
    lines.push(bar);
    let shown: Vec<String> = lines.iter().enumerate().map(|(i, l)| format!("\x1b[{};1H{l}\x1b[K", i + 1)).collect();
    shown.concat()
}
