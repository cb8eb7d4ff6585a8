//! `pgrep`, `pkill` and `killall`: processes by name.

use layerlab_kernel::{ProcInfo, Signal};

use crate::cli::{Cli, Run, Spec, Stop, names::Names, path};
use crate::regex::{Kind, compile};

const SPEC: Spec = Spec::new(
    "[options] <pattern>",
    "Look for processes by name, or signal them.",
    "f|full x|exact l|list-name a|list-full c|count v|inverse n|newest o|oldest i|ignore-case u|euid= U|uid= P|parent= d|delimiter= e|echo signal= q|quiet w|wait s|session",
)
.fails(2)
.version("procps-ng) 4.0.4 (simulated");

fn name(p: &ProcInfo) -> String {
    path::base(p.argv.first().map_or("", String::as_str)).chars().take(15).collect()
}

/// `-9`, `-TERM`, `-s KILL`: taken out of the arguments.
fn signal(args: &mut Vec<String>, short: bool) -> Option<Signal> {
    let at = args
        .iter()
        .position(|a| a.len() > 1 && Signal::parse(a.trim_start_matches('-')).is_some() && a.starts_with('-'));
    if let Some(at) = at {
        return Signal::parse(args.remove(at).trim_start_matches('-'));
    }
    let at = args.iter().position(|a| a == "--signal" || short && a == "-s").filter(|at| at + 1 < args.len())?;
    args.remove(at);
    Signal::parse(&args.remove(at))
}

async fn wrong(c: &mut Cli, message: &str) -> Run<()> {
    c.warn(message).await;
    c.sys.eprint(format!("Try `{} --help' for more information.\n", c.name)).await;
    Err(Stop::Code(2))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.name == "killall" {
        return killall(c).await;
    }
    let kill = c.name == "pkill";
    let given = if kill { signal(&mut c.args, false) } else { None };
    let p = c.parse(&SPEC).await?;
    let signal = given.unwrap_or(Signal::TERM);
    let filters = ["u", "U", "P"].iter().any(|o| p.has(o));
    if p.operands.is_empty() && !filters {
        return wrong(c, "no matching criteria specified").await;
    }
    if p.operands.len() > 1 {
        return wrong(c, "only one pattern can be provided").await;
    }
    let text = p.operands.first().cloned().unwrap_or_default();
    let text = if p.has("x") { format!("^({text})$") } else { text };
    let regex = match compile(&text, Kind::Extended, p.has("i")) {
        Ok(r) => r,
        Err(e) => return c.die(2, e).await,
    };
    let users = Names::load(&c.sys).await;
    let owner = p.value("u").or(p.value("U")).map(str::to_owned);
    let fits = |x: &ProcInfo| {
        let what = if p.has("f") { x.argv.join(" ") } else { name(x) };
        let user =
            owner.as_ref().is_none_or(|l| l.split(',').any(|u| u.parse().ok().or_else(|| users.uid(u)) == Some(x.uid)));
        let parent = p.value("P").is_none_or(|l| l.split(',').any(|n| n.parse() == Ok(x.ppid)));
        (regex.is_match(&what) && user && parent) != p.has("v")
    };
    let own = c.sys.pid();
    let all = c.sys.procs().await.unwrap_or_default();
    let mut hits: Vec<ProcInfo> = all.into_iter().filter(|x| x.pid != own && fits(x)).collect();
    if p.has("n") {
        hits = hits.into_iter().max_by_key(|x| (x.started, x.pid)).into_iter().collect();
    } else if p.has("o") {
        hits = hits.into_iter().min_by_key(|x| (x.started, x.pid)).into_iter().collect();
    }
    if p.has("c") {
        c.put(format!("{}\n", hits.len())).await?;
    }
    let none = hits.is_empty();
    if kill {
        for x in &hits {
            if let Err(e) = c.sys.kill(x.pid as i32, Some(signal)).await {
                c.warn(format!("killing pid {} failed: {e}", x.pid)).await;
            } else if p.has("e") {
                c.put(format!("{} killed (pid {})\n", name(x), x.pid)).await?;
            }
        }
    } else if !p.has("c") && !none {
        let rows: Vec<String> = hits
            .iter()
            .map(|x| match (p.has("a"), p.has("l")) {
                (true, _) => format!("{} {}", x.pid, x.argv.join(" ")),
                (_, true) => format!("{} {}", x.pid, name(x)),
                _ => x.pid.to_string(),
            })
            .collect();
        c.put(format!("{}\n", rows.join(p.value("d").unwrap_or("\n")))).await?;
    }
    Err(Stop::Code(i32::from(none)))
}

async fn killall(c: &mut Cli) -> Run<()> {
    let mut args = std::mem::take(&mut c.args);
    let signal = signal(&mut args, true).unwrap_or(Signal::TERM);
    let (options, names): (Vec<String>, Vec<String>) = args.into_iter().partition(|a| a.starts_with('-'));
    let quiet = options.iter().any(|o| o == "-q" || o == "--quiet");
    if names.is_empty() {
        c.sys.eprint("Usage: killall [OPTION]... [--] NAME...\n").await;
        return Err(Stop::Code(1));
    }
    let (own, all) = (c.sys.pid(), c.sys.procs().await.unwrap_or_default());
    for wanted in names {
        let hits: Vec<&ProcInfo> = all.iter().filter(|x| x.pid != own && name(x) == path::base(&wanted)).collect();
        if hits.is_empty() {
            if !quiet {
                c.sys.eprint(format!("{wanted}: no process found\n")).await;
            }
            c.code = 1;
        }
        for x in hits {
            if let Err(e) = c.sys.kill(x.pid as i32, Some(signal)).await {
                c.sys.eprint(format!("{wanted}({}): {e}\n", x.pid)).await;
                c.code = 1;
            }
        }
    }
    Ok(())
}
