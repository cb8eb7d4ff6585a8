//! `kill`: sends signals.

use layerlab_kernel::Signal;

use crate::cli::{Cli, Run, Stop, quote};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut args = std::mem::take(&mut c.args);
    let mut signal = Some(Signal::TERM);
    if let Some(first) = args.first().cloned()
        && first.starts_with('-')
        && first != "--"
    {
        args.remove(0);
        let text = match first.as_str() {
            "-l" | "-L" | "--list" => return list(c, &args).await,
            "-s" | "-n" | "--signal" if !args.is_empty() => args.remove(0),
            other => other.trim_start_matches("--signal=").trim_start_matches('-').to_owned(),
        };
        signal = if text == "0" { None } else { Signal::parse(&text) };
        if signal.is_none() && text != "0" {
            return c.usage(1, format!("{}: invalid signal", quote::word(&text))).await;
        }
    }
    args.retain(|a| a != "--");
    if args.is_empty() {
        let text = "\nUsage:\n kill [options] <pid> [...]\n\nOptions:\n <pid> [...]            send signal to every <pid> listed\n -<signal>, -s, --signal <signal>\n                        specify the <signal> to be sent\n -l, --list=[<signal>]  list all signal names, or convert one to a name\n\nFor more details see kill(1).\n";
        c.sys.eprint(text).await;
        return Err(Stop::Code(1));
    }
    for a in args {
        match a.parse::<i32>() {
            Ok(pid) => {
                if let Err(e) = c.sys.kill(pid, signal).await {
                    c.fail(format!("({pid}): {e}")).await;
                }
            }
            Err(_) => c.fail(format!("failed to parse argument: {}", quote::word(&a))).await,
        }
    }
    Ok(())
}

async fn list(c: &mut Cli, which: &[String]) -> Run<()> {
    if which.is_empty() {
        let names: Vec<&str> = Signal::ALL.iter().map(|s| s.name()).collect();
        return c.put(format!("{}\n", names.join(" "))).await;
    }
    for w in which {
        let text = match w.parse::<i32>() {
            Ok(n) => Signal::from_number(n % 128).map(|s| s.name().to_owned()),
            Err(_) => Signal::parse(w).map(|s| s.number().to_string()),
        };
        match text {
            Some(t) => c.put(format!("{t}\n")).await?,
            None => c.fail(format!("unknown signal name {w}")).await,
        }
    }
    Ok(())
}
