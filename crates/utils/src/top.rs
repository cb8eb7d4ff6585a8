//! `top`: processes by what they use now; procps' form and busybox's.

use std::collections::BTreeMap;

use layerlab_kernel::{Errno, PollFd, ProcInfo, SimTime, SysInfo, Termios};

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Stop, path};

/// Cpu time of each process at some time, to compare with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    at: SimTime,
    cpu: BTreeMap<u32, SimTime>,
}

/// A process with its share of one cpu, in tenths of a per cent.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// What the kernel says.
    pub(crate) info: ProcInfo,
    /// Tenths of a per cent of one cpu since the last sample.
    pub(crate) cpu: u64,
}

impl Task {
    /// The command's name, or its whole line.
    pub(crate) fn command(&self, full: bool) -> String {
        if full { self.info.argv.join(" ") } else { name(&self.info) }
    }
}

/// A process's short name.
pub(crate) fn name(p: &ProcInfo) -> String {
    path::base(p.argv.first().map_or("", String::as_str)).chars().take(15).collect()
}

/// The processes now, with what they used since `last`.
pub(crate) async fn tasks(c: &Cli, last: &mut Sample) -> Vec<Task> {
    let procs = c.sys.procs().await.unwrap_or_default();
    let now = c.sys.now();
    let passed = now.0.saturating_sub(last.at.0).max(1);
    let share = |p: &ProcInfo| {
        let before = last.cpu.get(&p.pid).map_or(0, |t| t.0);
        let lived = now.0.saturating_sub(p.started.0).max(1);
        p.cpu.0.saturating_sub(before).saturating_mul(1000) / passed.min(lived)
    };
    let all: Vec<Task> = procs.into_iter().map(|p| Task { cpu: share(&p), info: p }).collect();
    *last = Sample { at: now, cpu: all.iter().map(|t| (t.info.pid, t.info.cpu)).collect() };
    all
}

/// Orders by a column's name, the largest first.
pub(crate) fn sort(all: &mut [Task], by: &str) {
    let key = |t: &Task| match by {
        "%MEM" | "RES" | "VIRT" => t.info.memory,
        "TIME+" | "TIME" => t.info.cpu.0,
        "PID" => u64::from(t.info.pid),
        _ => t.cpu,
    };
    all.sort_by(|a, b| key(b).cmp(&key(a)).then(a.info.pid.cmp(&b.info.pid)));
}

/// Minutes, seconds and hundredths.
pub(crate) fn clock(cpu: SimTime) -> String {
    let h = cpu.0 / 10_000_000;
    format!("{}:{:02}.{:02}", h / 6000, h / 100 % 60, h % 100)
}

/// Tenths as a decimal.
pub(crate) fn tenths(n: u64) -> String {
    format!("{}.{}", n / 10, n % 10)
}

/// KiB as top writes them in columns of this width.
fn kib(bytes: u64, width: usize) -> String {
    let k = bytes / 1024;
    let text = k.to_string();
    if text.len() <= width {
        return text;
    }
    let m = tenths(k * 10 / 1024);
    if m.len() < width { format!("{m}m") } else { format!("{}g", tenths(k * 10 / 1024 / 1024)) }
}

struct Options {
    batch: bool,
    rounds: Option<u64>,
    delay: SimTime,
    sort: String,
    full: bool,
    pids: Vec<u32>,
    user: Option<String>,
    idle: bool,
}

async fn wrong(c: &mut Cli, text: String) -> Run<Options> {
    c.sys.eprint(format!("top: {text}\nTry 'top --help' for more information.\n")).await;
    Err(Stop::Code(1))
}

async fn options(c: &mut Cli) -> Run<Options> {
    let mut o = Options {
        batch: false,
        rounds: None,
        delay: SimTime::secs(3),
        sort: "%CPU".to_owned(),
        full: c.variant == "busybox",
        pids: Vec::new(),
        user: None,
        idle: true,
    };
    let mut args = std::mem::take(&mut c.args).into_iter();
    while let Some(a) = args.next() {
        if a == "-h" || a == "--help" {
            c.put("Usage:\n  top -hv | -bcEeHiOSs1 -d secs -n max -u|U user -p pid(s) -o field -w [cols]\n").await?;
            return Err(Stop::Code(0));
        }
        if a == "-v" || a == "-V" {
            c.put("top from procps-ng 4.0.4\n").await?;
            return Err(Stop::Code(0));
        }
        let letters = a.trim_start_matches('-').to_owned();
        let mut rest = letters.as_str();
        while let Some(l) = rest.chars().next() {
            rest = &rest[l.len_utf8()..];
            let mut value = || match std::mem::take(&mut rest) {
                "" => args.next(),
                v => Some(v.to_owned()),
            };
            match l {
                'b' => o.batch = true,
                'c' => o.full = !o.full,
                'i' => o.idle = false,
                'H' | 'S' | 's' | '1' | 'E' | 'e' => {}
                'n' | 'd' | 'p' | 'u' | 'U' | 'o' | 'w' => {
                    let Some(v) = value() else {
                        if l == 'w' {
                            continue;
                        }
                        return wrong(c, format!("option requires an argument -- '{l}'")).await;
                    };
                    match l {
                        'n' => match v.parse() {
                            Ok(n) if n > 0 => o.rounds = Some(n),
                            _ => return wrong(c, format!("bad iterations argument '{v}'")).await,
                        },
                        'd' => match crate::sleep::duration(&v) {
                            Some(d) => o.delay = d.max(SimTime::millis(100)),
                            None => return wrong(c, format!("bad delay interval '{v}'")).await,
                        },
                        'p' => o.pids.extend(v.split(',').filter_map(|p| p.parse::<u32>().ok())),
                        'o' => o.sort = v.trim_start_matches(['+', '-']).to_uppercase(),
                        'w' => {}
                        _ => o.user = Some(v),
                    }
                }
                _ => return wrong(c, format!("unknown option '{l}'")).await,
            }
        }
    }
    Ok(o)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut o = options(c).await?;
    let names = Names::load(&c.sys).await;
    let owner = match &o.user {
        None => None,
        Some(u) => match names.uid(u) {
            Some(uid) => Some(uid),
            None => return c.die(1, "Invalid user").await,
        },
    };
    let saved = c.sys.tc_get_attr(0).await;
    if !o.batch && !c.sys.is_atty(1).await {
        return c.die(1, "failed tty get").await;
    }
    let live = !o.batch && saved.is_ok();
    if live {
        let _ = c.sys.tc_set_attr(0, Termios { nl_to_crnl: true, ..Termios::RAW }).await;
        c.put("\x1b[?25l\x1b[H\x1b[2J").await?;
    }
    let mut last = Sample::default();
    let mut round = 0;
    loop {
        let mut all = tasks(c, &mut last).await;
        if round == 0 {
            // The first screen shows a short while, as procps does, not the time since boot.
            let _ = c.sys.sleep(SimTime::millis(150)).await;
            all = tasks(c, &mut last).await;
        }
        all.retain(|t| (o.pids.is_empty() || o.pids.contains(&t.info.pid)) && owner.is_none_or(|u| u == t.info.uid));
        let size = c.sys.win_size(1).await.ok().filter(|_| !o.batch);
        let text = screen(c, &mut all, &o, &names).await;
        let width = size.map_or(usize::MAX, |s| usize::from(s.cols));
        let height = size.map_or(usize::MAX, |s| usize::from(s.rows));
        let lines: Vec<String> = text.lines().take(height).map(|l| l.chars().take(width).collect()).collect();
        if live {
            let shown: Vec<String> = lines
                .iter()
                .enumerate()
                .map(|(i, l)| {
                    let heading = l.trim_start().starts_with("PID ");
                    let line = if heading { format!("\x1b[7m{l:<width$}\x1b[27m") } else { l.clone() };
                    format!("\x1b[{};1H{line}\x1b[K", i + 1)
                })
                .collect();
            c.put(format!("{}\x1b[J", shown.concat())).await?;
        } else {
            if round > 0 {
                c.put("\n").await?;
            }
            c.put(format!("{}\n", lines.join("\n"))).await?;
        }
        c.flush().await?;
        round += 1;
        if o.rounds.is_some_and(|n| round >= n) {
            break;
        }
        if !live {
            let _ = c.sys.sleep(o.delay).await;
            continue;
        }
        if wait_key(c, &mut o).await {
            break;
        }
    }
    if let (true, Ok(t)) = (live, saved) {
        let rows = c.sys.win_size(1).await.map_or(24, |s| s.rows);
        c.put(format!("\x1b[{rows};1H\n\x1b[?25h")).await?;
        c.flush().await?;
        let _ = c.sys.tc_set_attr(0, t).await;
    }
    Ok(())
}

/// Waits for the next screen's time; whether a key ended it all.
async fn wait_key(c: &mut Cli, o: &mut Options) -> bool {
    let key = PollFd { fd: 0, read: true, write: false };
    match c.sys.poll(vec![key], Some(o.delay)).await {
        Ok(ready) if ready.is_empty() => return false,
        Ok(_) | Err(Errno::EINTR) => {}
        Err(_) => return true,
    }
    let bytes = c.sys.read(0, 64).await.unwrap_or_default();
    for b in bytes.iter() {
        match b {
            b'q' | 3 => return true,
            b'P' => "%CPU".clone_into(&mut o.sort),
            b'M' => "%MEM".clone_into(&mut o.sort),
            b'T' => "TIME+".clone_into(&mut o.sort),
            b'N' => "PID".clone_into(&mut o.sort),
            b'c' => o.full = !o.full,
            b'i' => o.idle = !o.idle,
            _ => {}
        }
    }
    bytes.is_empty()
}

async fn screen(c: &Cli, all: &mut [Task], o: &Options, names: &Names) -> String {
    let info = c.sys.sys_info().await.ok();
    let Some(i) = info else { return String::new() };
    let used: u64 = all.iter().map(|t| t.cpu).sum::<u64>() / u64::from(i.cpus.max(1));
    let used = used.min(1000);
    if c.variant == "busybox" {
        return busybox(all, o, names, &i, used, &crate::uptime::line(c).await);
    }
    let count = |s: &str| all.iter().filter(|t| s.contains(t.info.state)).count();
    let mib = |n: u64| format!("{:.1}", n as f64 / 1_048_576.0);
    let cache = (i.memory_total / 8).min(i.memory_total.saturating_sub(i.memory_used));
    let free = i.memory_total.saturating_sub(i.memory_used + cache);
    let mut text = format!("top - {}\n", crate::uptime::line(c).await.trim_start());
    text.push_str(&format!(
        "Tasks: {:>3} total, {:>3} running, {:>3} sleeping, {:>3} stopped, {:>3} zombie\n",
        all.len(),
        count("R"),
        count("SD"),
        count("T"),
        count("Z")
    ));
    text.push_str(&format!(
        "%Cpu(s): {:>4} us,  0.0 sy,  0.0 ni, {:>4} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st \n",
        tenths(used),
        tenths(1000 - used)
    ));
    text.push_str(&format!(
        "MiB Mem : {:>8} total, {:>8} free, {:>8} used, {:>8} buff/cache     \n",
        mib(i.memory_total),
        mib(free),
        mib(i.memory_used),
        mib(cache)
    ));
    text.push_str(&format!(
        "MiB Swap: {:>8} total, {:>8} free, {:>8} used. {:>8} avail Mem \n\n",
        "0.0",
        "0.0",
        "0.0",
        mib(free + cache)
    ));
    text.push_str("    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n");
    sort(all, &o.sort);
    for t in all.iter().filter(|t| o.idle || t.cpu > 0) {
        let p = &t.info;
        let user = names.user(p.uid);
        let user = if user.len() > 8 { format!("{}+", &user[..7]) } else { user };
        text.push_str(&format!(
            "{:>7} {user:<8} {:>3} {:>3} {:>7} {:>6} {:>6} {} {:>5} {:>5} {:>9} {}\n",
            p.pid,
            20,
            0,
            kib(p.memory * 3, 7),
            kib(p.memory, 6),
            kib(p.memory / 2, 6),
            p.state,
            tenths(t.cpu),
            tenths(p.memory.saturating_mul(1000) / i.memory_total.max(1)),
            clock(p.cpu),
            t.command(o.full)
        ));
    }
    text
}

fn busybox(all: &mut [Task], o: &Options, names: &Names, i: &SysInfo, used: u64, up: &str) -> String {
    let load = up.rsplit_once("load average: ").map_or(String::new(), |l| l.1.replace(',', ""));
    let k = |n: u64| n / 1024;
    let cache = i.memory_total / 8;
    let running = all.iter().filter(|t| t.info.state == 'R').count().max(1);
    let newest = all.iter().map(|t| t.info.pid).max().unwrap_or(1);
    let mut text = format!(
        "Mem: {}K used, {}K free, {}K shrd, {}K buff, {}K cached\nCPU: {:>3}% usr   0% sys   0% nic {:>3}% idle   0% io   0% irq   0% sirq\nLoad average: {load} {running}/{} {newest}\n",
        k(i.memory_used),
        k(i.memory_total.saturating_sub(i.memory_used)),
        1024,
        k(cache / 8),
        k(cache),
        used / 10,
        (1000 - used) / 10,
        all.len(),
    );
    text.push_str("  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n");
    sort(all, &o.sort);
    for t in all.iter() {
        let p = &t.info;
        let user: String = names.user(p.uid).chars().take(8).collect();
        text.push_str(&format!(
            "{:>5} {:>5} {user:<8} {:<4} {:>5} {:>3}%   0 {:>3}% {}\n",
            p.pid,
            p.ppid,
            p.state,
            k(p.memory),
            p.memory * 100 / i.memory_total.max(1),
            t.cpu / 10 / u64::from(i.cpus.max(1)),
            t.command(true)
        ));
    }
    text
}
