//! `systemctl` and `service`: units, from their files; a service's processes are those of its cgroup.

mod unit;

use layerlab_kernel::{OpenFlags, ProcInfo, Signal, SimTime, SpawnSpec};

use crate::cli::{Cli, Run, Stop, time};
use unit::Unit;

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let (options, mut words): (Vec<String>, Vec<String>) = args.into_iter().partition(|a| a.starts_with('-'));
    let first = c.sys.procs().await.unwrap_or_default().into_iter().find(|p| p.pid == 1);
    let init = first.and_then(|p| p.argv.first().cloned()).unwrap_or_default();
    if c.name == "service" {
        if words.len() < 2 {
            c.sys
                .eprint("Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n")
                .await;
            return Err(Stop::Code(1));
        }
        if unit::load(&c.sys, &words[0]).await.is_none() {
            c.sys.eprint(format!("{}: unrecognized service\n", words[0])).await;
            return Err(Stop::Code(1));
        }
        words.swap(0, 1);
    } else if !init.ends_with("init") && !init.ends_with("systemd") {
        c.sys.eprint("System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to system scope bus via local transport: Host is down\n").await;
        return Err(Stop::Code(1));
    }
    let now = options.iter().any(|o| o == "--now");
    let quiet = options.iter().any(|o| o == "-q" || o == "--quiet");
    let all = options.iter().any(|o| o == "-a" || o == "--all");
    if options.iter().any(|o| o == "--version") {
        return c.put("systemd 252 (252.39-1~deb12u1)\n").await;
    }
    let verb = if words.is_empty() { "list-units".to_owned() } else { words.remove(0) };
    match verb.as_str() {
        "list-units" => list(c, all).await,
        "list-unit-files" => files(c).await,
        "daemon-reload" | "daemon-reexec" => Ok(()),
        "is-system-running" => c.put("running\n").await,
        "start" | "stop" | "restart" | "reload" | "try-restart" | "enable" | "disable" | "status" | "is-active"
        | "is-enabled" | "is-failed" | "cat" | "show" | "kill" | "mask" | "unmask" | "reload-or-restart" => {
            if words.is_empty() && verb != "status" {
                c.sys.eprint("Too few arguments.\n").await;
                return Err(Stop::Code(1));
            }
            if words.is_empty() {
                return machine(c).await;
            }
            for w in words {
                one(c, &verb, &w, now, quiet).await?;
            }
            if c.code > 0 { Err(Stop::Code(c.code)) } else { Ok(()) }
        }
        _ => {
            c.sys.eprint(format!("Unknown command verb '{verb}'.\n")).await;
            Err(Stop::Code(1))
        }
    }
}

/// The processes of a service, the main one first.
async fn members(c: &Cli, name: &str) -> Vec<ProcInfo> {
    let group = format!("/system.slice/{name}");
    let mut all = c.sys.procs().await.unwrap_or_default();
    all.retain(|p| (p.cgroup == group || p.cgroup.starts_with(&format!("{group}/"))) && p.state != 'Z');
    all.sort_by_key(|p| (p.started, p.pid));
    all
}

async fn one(c: &mut Cli, verb: &str, word: &str, now: bool, quiet: bool) -> Run<()> {
    let name = unit::full_name(word);
    let Some(u) = unit::load(&c.sys, &name).await else {
        match verb {
            "status" => {
                c.sys.eprint(format!("Unit {name} could not be found.\n")).await;
                c.code = 4;
            }
            "is-active" => {
                if !quiet {
                    c.put("inactive\n").await?;
                }
                c.code = 4;
            }
            "is-enabled" => {
                c.put("not-found\n").await?;
                c.code = 4;
            }
            "cat" => {
                c.sys.eprint(format!("No files found for {name}.\n")).await;
                c.code = 1;
            }
            "enable" | "disable" => {
                c.sys.eprint(format!("Failed to {verb} unit: Unit {name} does not exist\n")).await;
                c.code = 1;
            }
            "stop" => {
                c.sys.eprint(format!("Failed to stop {name}: Unit {name} not loaded.\n")).await;
                c.code = 5;
            }
            _ => {
                c.sys.eprint(format!("Failed to {verb} {name}: Unit {name} not found.\n")).await;
                c.code = 5;
            }
        }
        return Ok(());
    };
    let running = members(c, &name).await;
    match verb {
        "status" => return status(c, &u, &running).await,
        "cat" => return c.put(format!("# {}\n{}", u.path, u.text)).await,
        "is-active" => {
            if !quiet {
                c.put(if running.is_empty() { "inactive\n" } else { "active\n" }).await?;
            }
            if running.is_empty() {
                c.code = 3;
            }
            return Ok(());
        }
        "is-failed" => {
            c.put(if running.is_empty() { "inactive\n" } else { "active\n" }).await?;
            c.code = 1;
            return Ok(());
        }
        "is-enabled" => {
            let on = u.enabled(&c.sys).await;
            c.put(format!("{on}\n")).await?;
            if on == "disabled" {
                c.code = 1;
            }
            return Ok(());
        }
        "show" => {
            let pid = running.first().map_or(0, |p| p.pid);
            let (active, sub) = if pid > 0 { ("active", "running") } else { ("inactive", "dead") };
            return c
                .put(format!("Type=simple\nMainPID={pid}\nId={name}\nDescription={}\nLoadState=loaded\nActiveState={active}\nSubState={sub}\nFragmentPath={}\n", u.description(), u.path))
                .await;
        }
        _ => {}
    }
    if c.sys.ids().0 != 0 {
        let act = verb.trim_start_matches("try-");
        let text = if matches!(verb, "enable" | "disable" | "mask" | "unmask") {
            format!("Failed to {verb} unit: Interactive authentication required.\n")
        } else {
            format!(
                "Failed to {act} {name}: Interactive authentication required.\nSee system logs and 'systemctl status {name}' for details.\n"
            )
        };
        c.sys.eprint(text).await;
        c.code = 1;
        return Ok(());
    }
    match verb {
        "start" => start(c, &u, &running).await,
        "stop" => stop(c, &name, &running).await,
        "restart" | "try-restart" | "reload-or-restart" => {
            if verb == "try-restart" && running.is_empty() {
                return Ok(());
            }
            stop(c, &name, &running).await?;
            start(c, &u, &[]).await
        }
        "reload" | "kill" => {
            let signal = if verb == "kill" { Signal::TERM } else { Signal::HUP };
            if let Some(p) = running.first() {
                let _ = c.sys.kill(p.pid as i32, Some(signal)).await;
            } else {
                c.sys.eprint(format!("{name} is not active, cannot {verb}.\n")).await;
                c.code = 1;
            }
            Ok(())
        }
        "enable" => {
            if let Some((from, to)) = u.enable(&c.sys).await {
                c.sys.eprint(format!("Created symlink '{from}' → '{to}'.\n")).await;
            }
            if now { start(c, &u, &running).await } else { Ok(()) }
        }
        "disable" => {
            if let Some(path) = u.disable(&c.sys).await {
                c.sys.eprint(format!("Removed '{path}'.\n")).await;
            }
            if now { stop(c, &name, &running).await } else { Ok(()) }
        }
        _ => {
            c.sys.eprint(format!("Failed to {verb} unit: Operation not supported\n")).await;
            c.code = 1;
            Ok(())
        }
    }
}

/// Starts a service: its command becomes a process of its cgroup, with its output in its log.
async fn start(c: &mut Cli, u: &Unit, running: &[ProcInfo]) -> Run<()> {
    if !running.is_empty() {
        return Ok(());
    }
    let failed = format!(
        "Job for {n} failed because the control process exited with error code.\nSee \"systemctl status {n}\" and \"journalctl -xeu {n}\" for details.\n",
        n = u.name
    );
    let argv = u.command();
    let log = c.sys.open(&u.log(), OpenFlags::APPEND, 0o640).await;
    let null = c.sys.open("/dev/null", OpenFlags::READ_WRITE, 0).await;
    let (Ok(log), Ok(null)) = (log, null) else {
        c.sys.eprint(failed).await;
        c.code = 1;
        return Ok(());
    };
    let who = crate::cli::names::Names::load(&c.sys).await;
    let user = u.get("Service", "User").and_then(|n| who.users.iter().find(|x| x.name == n).cloned());
    let mut env = vec![("PATH".to_owned(), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin".to_owned())];
    env.extend(u.environment());
    let spec = SpawnSpec {
        argv,
        env,
        cwd: u.get("Service", "WorkingDirectory").unwrap_or_else(|| "/".to_owned()),
        uid: user.as_ref().map_or(0, |x| x.uid),
        gid: user.as_ref().map_or(0, |x| x.gid),
        fds: vec![(0, null), (1, log), (2, log)],
        cgroup: format!("/system.slice/{}", u.name),
        new_session: true,
        ..SpawnSpec::default()
    };
    let started = c.sys.spawn(spec).await;
    let _ = c.sys.close(log).await;
    let _ = c.sys.close(null).await;
    // A service that ends at once has failed.
    let _ = c.sys.sleep(SimTime::millis(100)).await;
    if started.is_err() || u.lasts() && members(c, &u.name).await.is_empty() {
        c.sys.eprint(failed).await;
        c.code = 1;
    }
    Ok(())
}

/// Ends all processes of a service; those that don't go in ten seconds are killed.
async fn stop(c: &mut Cli, name: &str, running: &[ProcInfo]) -> Run<()> {
    for p in running {
        let _ = c.sys.kill(p.pid as i32, Some(Signal::TERM)).await;
    }
    for n in 0..1000 {
        let left = members(c, name).await;
        if left.is_empty() {
            break;
        }
        if n == 100 {
            for p in left {
                let _ = c.sys.kill(p.pid as i32, Some(Signal::KILL)).await;
            }
        }
        let _ = c.sys.sleep(SimTime::millis(100)).await;
    }
    Ok(())
}

/// `3s`, `5min 2s`, `2h 3min` ago.
fn ago(nanos: u64) -> String {
    let s = nanos / 1_000_000_000;
    match s {
        0..60 => format!("{s}s"),
        60..3600 => format!("{}min {}s", s / 60, s % 60),
        3600..86_400 => format!("{}h {}min", s / 3600, s / 60 % 60),
        _ => format!("{} days", s / 86_400),
    }
}

async fn status(c: &mut Cli, u: &Unit, running: &[ProcInfo]) -> Run<()> {
    let color = c.sys.is_atty(1).await;
    let paint = |text: &str| if color { format!("\x1b[0;1;32m{text}\x1b[0m") } else { text.to_owned() };
    let on = u.enabled(&c.sys).await;
    let (dot, state) = if running.is_empty() {
        ("○".to_owned(), "inactive (dead)".to_owned())
    } else {
        (paint("●"), paint("active (running)"))
    };
    let mut text =
        format!("{dot} {} - {}\n     Loaded: loaded ({}; {on}; preset: enabled)\n", u.name, u.description(), u.path);
    let now = c.sys.now();
    match running.first() {
        None => text.push_str(&format!("     Active: {state}\n")),
        Some(p) => {
            let lived = now.0.saturating_sub(p.started.0);
            let since = (c.sys.wall_clock() - lived as i64) / 1_000_000_000;
            text.push_str(&format!(
                "     Active: {state} since {}; {} ago\n",
                time::format("%a %Y-%m-%d %H:%M:%S UTC", since, 0),
                ago(lived)
            ));
            let memory: u64 = running.iter().map(|p| p.memory).sum();
            let cpu: u64 = running.iter().map(|p| p.cpu.0).sum();
            text.push_str(&format!(
                "   Main PID: {} ({})\n      Tasks: {}\n     Memory: {:.1}M\n        CPU: {}ms\n     CGroup: /system.slice/{}\n",
                p.pid,
                crate::top::name(p),
                running.len(),
                memory as f64 / 1_048_576.0,
                cpu / 1_000_000,
                u.name
            ));
            for (i, p) in running.iter().enumerate() {
                let mark = if i + 1 == running.len() { "└─" } else { "├─" };
                text.push_str(&format!("             {mark}{} {}\n", p.pid, p.argv.join(" ")));
            }
        }
    }
    let log = c.sys.read_file(&u.log()).await.unwrap_or_default();
    let log = String::from_utf8_lossy(&log).into_owned();
    let lines: Vec<&str> = log.lines().collect();
    if !lines.is_empty() {
        text.push('\n');
        for l in &lines[lines.len().saturating_sub(10)..] {
            text.push_str(&format!("{l}\n"));
        }
    }
    c.put(text).await?;
    if running.is_empty() {
        c.code = 3;
    }
    Ok(())
}

async fn machine(c: &mut Cli) -> Run<()> {
    let host = c.sys.uname().await.map(|u| u.nodename).unwrap_or_default();
    c.put(format!("● {host}\n    State: running\n    Units: {} loaded (incl. loaded aliases)\n     Jobs: 0 queued\n   Failed: 0 units\n", unit::all(&c.sys).await.len())).await
}

async fn list(c: &mut Cli, all: bool) -> Run<()> {
    let mut rows = Vec::new();
    for name in unit::all(&c.sys).await {
        let Some(u) = unit::load(&c.sys, &name).await else { continue };
        let up = !members(c, &name).await.is_empty();
        if up || all {
            let (active, sub) = if up { ("active", "running") } else { ("inactive", "dead") };
            rows.push((name, active, sub, u.description()));
        }
    }
    let w = rows.iter().map(|r| r.0.len()).max().unwrap_or(4).max(4);
    let mut text = format!("  {:<w$} {:<6} {:<8} {:<7} DESCRIPTION\n", "UNIT", "LOAD", "ACTIVE", "SUB");
    for (name, active, sub, about) in &rows {
        text.push_str(&format!("  {name:<w$} {:<6} {active:<8} {sub:<7} {about}\n", "loaded"));
    }
    text.push_str(&format!("\nLegend: LOAD   → Reflects whether the unit definition was properly loaded.\n        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.\n        SUB    → The low-level unit activation state, values depend on unit type.\n\n{} loaded units listed.\n", rows.len()));
    c.put(text).await
}

async fn files(c: &mut Cli) -> Run<()> {
    let mut rows = Vec::new();
    for name in unit::all(&c.sys).await {
        if let Some(u) = unit::load(&c.sys, &name).await {
            rows.push((name, u.enabled(&c.sys).await));
        }
    }
    let w = rows.iter().map(|r| r.0.len()).max().unwrap_or(9).max(9);
    let mut text = format!("{:<w$} {:<8} PRESET\n", "UNIT FILE", "STATE");
    for (name, on) in &rows {
        text.push_str(&format!("{name:<w$} {on:<8} enabled\n"));
    }
    text.push_str(&format!("\n{} unit files listed.\n", rows.len()));
    c.put(text).await
}
