//! `layerlab sh`: a script in the simulated shell.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{Input, Scenario, Session};
use lexopt::{Arg, Parser, ValueExt};

use super::interactive;
use crate::folder;
use crate::usage::{Failure, Result};

/// The clock at boot where nobody says otherwise: 2026-11-21 08:00:00 UTC.
pub(crate) const BOOT: i64 = 1_795_248_000;

struct Args {
    home: Option<PathBuf>,
    out: Option<PathBuf>,
    save: Option<PathBuf>,
    seed: u64,
    shell: String,
    command: Option<String>,
    file: Option<PathBuf>,
    rest: Vec<String>,
}

fn parse(mut args: Parser) -> Result<Args> {
    let mut a = Args {
        home: None,
        out: None,
        save: None,
        seed: 1,
        shell: "bash".to_owned(),
        command: None,
        file: None,
        rest: Vec::new(),
    };
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("home") => a.home = Some(args.value()?.into()),
            Arg::Long("out") => a.out = Some(args.value()?.into()),
            Arg::Long("save") => a.save = Some(args.value()?.into()),
            Arg::Long("seed") => a.seed = args.value()?.parse()?,
            Arg::Long("shell") => a.shell = args.value()?.string()?,
            Arg::Short('c') => a.command = Some(args.value()?.string()?),
            Arg::Value(v) if a.file.is_none() && a.command.is_none() => a.file = Some(v.into()),
            Arg::Value(v) => a.rest.push(v.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if !["bash", "dash", "ash"].contains(&a.shell.as_str()) {
        return Err(Failure::Usage(format!("unknown shell '{}': bash, dash or ash", a.shell)));
    }
    Ok(a)
}

/// Runs it; answers the script's exit status.
pub(crate) fn main(args: Parser) -> Result<u8> {
    let args = parse(args)?;
    let home = args.home.as_deref().map(folder::read).transpose()?.unwrap_or_default();
    let script = args.file.as_deref().map(crate::usage::read).transpose()?;
    let interactive = args.command.is_none() && script.is_none() && std::io::stdin().is_terminal();
    let mut scenario = Scenario::new("headless", home);
    scenario.login = interactive;
    let size = WinSize { rows: 24, cols: 80 };
    let mut session = Session::new(layerlab_lab::parts::all(), scenario, args.seed, BOOT, size)
        .map_err(|e| Failure::Failed(format!("the machine does not boot: {e}")))?;
    let code = if interactive {
        interactive::run(&mut session)?
    } else {
        let mut argv: Vec<String> = match args.shell.as_str() {
            "ash" => vec!["busybox".to_owned(), "ash".to_owned()],
            "dash" => vec!["/usr/bin/sh".to_owned()],
            other => vec![other.to_owned()],
        };
        match (&args.command, script) {
            (Some(c), _) => argv.extend(["-c".to_owned(), c.clone()]),
            (None, Some(text)) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                let name = args.file.as_ref().map_or_else(String::new, |f| f.to_string_lossy().into_owned());
                argv.extend(["-c".to_owned(), text, name]);
            }
            (None, None) => {}
        }
        argv.extend(args.rest);
        script_of(&mut session, argv)?
    };
    if let Some(dir) = &args.out {
        folder::write(dir, &session.home_files())?;
    }
    if let Some(file) = &args.save {
        std::fs::write(file, session.log().encode())
            .map_err(|e| Failure::Failed(format!("{}: {}", file.display(), crate::usage::reason(&e))))?;
    }
    Ok(code)
}

/// Runs a command with the real standard descriptors until it ends.
pub(super) fn script_of(session: &mut Session, argv: Vec<String>) -> Result<u8> {
    let (id, input) = session.run(argv);
    session.apply(input).map_err(|e| Failure::Failed(e.to_string()))?;
    let mut eof = false;
    loop {
        let Some(got) = session.outside(id) else { return Ok(127) };
        // A reader that has gone away ends us as it would end a pipeline.
        if write(std::io::stdout().lock(), &got.stdout).is_err() {
            return Ok(141);
        }
        let _ = write(std::io::stderr().lock(), &got.stderr);
        if let Some(status) = got.status {
            return Ok(status.code() as u8);
        }
        if !eof && session.world().wants_stdin(id) {
            let mut chunk = vec![0; 1 << 14];
            let n = std::io::stdin().lock().read(&mut chunk).unwrap_or(0);
            chunk.truncate(n);
            eof = n == 0;
            let data = (!eof).then_some(chunk);
            session.apply(Input::Stdin { id, data }).map_err(|e| Failure::Failed(e.to_string()))?;
        }
        match session.next_event() {
            Some(t) => {
                session.run_slice(t.max(session.world().now() + SimTime(1)), 4096);
            }
            None => return Err(Failure::Failed("the script waits for something that can never happen".to_owned())),
        }
    }
}

fn write(mut to: impl Write, bytes: &[u8]) -> std::io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    to.write_all(bytes)?;
    to.flush()
}
