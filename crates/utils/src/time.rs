//! `time`: what a program takes. GNU's, and busybox's.

use layerlab_kernel::{Errno, ExitStatus, OpenFlags};

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[-apvV] [-f format] [-o file] [--append] [--verbose] [--portability] [--format=format] [--output=file] [--version] [--quiet] [--help] command [arg...]",
    "Run COMMAND, then print system resource usage.",
    "+a|append f|format= o|output= p|portability q|quiet v|verbose V",
)
.fails(125)
.version("GNU Time) UNKNOWN (simulated");

const DEFAULT: &str = "%Uuser %Ssystem %Eelapsed %PCPU (%Xavgtext+%Davgdata %Mmaxresident)k\n%Iinputs+%Ooutputs (%Fmajor+%Rminor)pagefaults %Wswaps";

/// What the children have used so far: user and system time, hundredths of a second.
async fn used(c: &Cli) -> (u64, u64) {
    let text = c.sys.read_file("/proc/self/stat").await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let after = text.rsplit_once(')').map_or("", |(_, t)| t);
    let field = |n: usize| after.split_whitespace().nth(n).and_then(|t| t.parse().ok()).unwrap_or(0);
    (field(13), field(14))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let busybox = c.variant == "busybox";
    let p = c.parse(&SPEC).await?;
    let Some(name) = p.operands.first().cloned() else {
        c.sys.eprint(format!("Usage: {} {}\n", c.name, SPEC.usage)).await;
        return Err(Stop::Code(125));
    };
    let (start, before) = (c.sys.now(), used(c).await);
    let status = match c.run_child(p.operands.clone()).await {
        Ok(s) => s,
        Err(e) => {
            let text = if busybox { format!("can't execute '{name}': {e}") } else { format!("cannot run {name}: {e}") };
            c.warn(text).await;
            ExitStatus::Code(if e == Errno::ENOENT { 127 } else { 126 })
        }
    };
    let (elapsed, after) = ((c.sys.now() - start).0 / 10_000_000, used(c).await);
    let spent = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
    let format = match p.value("f").or_else(|| c.var("TIME")) {
        _ if p.has("p") => "real %e\nuser %U\nsys %S".to_owned(),
        Some(f) => f.to_owned(),
        None if busybox => "real\t%E\nuser\t%u\nsys\t%T".to_owned(),
        None => DEFAULT.to_owned(),
    };
    let mut out = String::new();
    match status {
        ExitStatus::Code(0) => {}
        _ if p.has("q") || p.has("p") && busybox => {}
        ExitStatus::Code(n) => out.push_str(&format!("Command exited with non-zero status {n}\n")),
        ExitStatus::Signal(s) | ExitStatus::Stopped(s) => {
            out.push_str(&format!("Command terminated by signal {}\n", s.number()));
        }
    }
    out.push_str(&fill(&format, elapsed, spent, status, &p.operands.join(" ")));
    out.push('\n');
    match p.value("o") {
        None => c.sys.eprint(out).await,
        Some(path) => {
            let flags = if p.has("a") { OpenFlags::APPEND } else { OpenFlags::CREATE };
            match c.sys.open(path, flags, 0o666).await {
                Ok(fd) => {
                    let _ = c.sys.write_all(fd, out).await;
                    let _ = c.sys.close(fd).await;
                }
                Err(e) => return c.die(1, format!("{path}: {e}")).await,
            }
        }
    }
    Err(Stop::Code(status.code()))
}

fn fill(format: &str, elapsed: u64, (user, sys): (u64, u64), status: ExitStatus, command: &str) -> String {
    let hundredths = |n: u64| format!("{}.{:02}", n / 100, n % 100);
    let minutes = |n: u64| format!("{}m {}.{:02}s", n / 6000, n / 100 % 60, n % 100);
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(ch) = chars.next() {
        let text = match ch {
            '%' => match chars.next() {
                Some('e') => hundredths(elapsed),
                Some('E') if format.starts_with("real\t") => minutes(elapsed),
                Some('E') if elapsed >= 360_000 => {
                    format!("{}:{:02}:{:02}", elapsed / 360_000, elapsed / 6000 % 60, elapsed / 100 % 60)
                }
                Some('E') => format!("{}:{:02}.{:02}", elapsed / 6000, elapsed / 100 % 60, elapsed % 100),
                Some('U') => hundredths(user),
                Some('S') => hundredths(sys),
                Some('u') => minutes(user),
                Some('T') => minutes(sys),
                Some('P') if elapsed == 0 => "0%".to_owned(),
                Some('P') => format!("{}%", (user + sys) * 100 / elapsed),
                Some('C') => command.to_owned(),
                Some('x') => status.code().to_string(),
                Some('%') => "%".to_owned(),
                Some(c) if "XDMIOFRWKcwstrkpZ".contains(c) => "0".to_owned(),
                Some(c) => format!("?{c}"),
                None => "?".to_owned(),
            },
            '\\' => match chars.next() {
                Some('n') => "\n".to_owned(),
                Some('t') => "\t".to_owned(),
                Some(c) => c.to_string(),
                None => "\\".to_owned(),
            },
            c => c.to_string(),
        };
        out.push_str(&text);
    }
    out
}
