//! `ip`: interfaces, addresses, routes. iproute2's, and busybox's.

mod change;
mod netns;
mod show;

use crate::cli::{Cli, Run, Stop};

/// How lists are shown.
#[derive(Clone, Copy, Default)]
struct Style {
    brief: bool,
    oneline: bool,
    /// Only IPv4, or only IPv6.
    family: Option<u8>,
    busybox: bool,
}

const OBJECTS: &[&str] = &["address", "link", "neighbour", "neighbor", "netns", "route", "help"];

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut args = std::mem::take(&mut c.args);
    let mut style = Style { busybox: c.variant == "busybox", ..Style::default() };
    let mut space = None;
    while args.first().is_some_and(|a| a.starts_with('-')) {
        match args.remove(0).trim_start_matches('-') {
            "br" | "brief" => style.brief = true,
            "o" | "oneline" => style.oneline = true,
            "4" => style.family = Some(4),
            "6" => style.family = Some(6),
            "n" | "netns" if !args.is_empty() => space = Some(args.remove(0)),
            "f" | "family" if !args.is_empty() => {
                style.family = if args.remove(0) == "inet6" { Some(6) } else { Some(4) };
            }
            "V" | "Version" => return c.put("ip utility, iproute2-6.15.0 (simulated)\n").await,
            "c" | "color" | "s" | "stats" | "statistics" | "d" | "details" | "r" | "resolve" | "N" | "Numeric"
            | "h" | "human" | "iec" | "t" | "timestamp" | "a" | "all" => {}
            w if w.starts_with("c=") || w.starts_with("color=") => {}
            other => {
                c.sys.eprint(format!("Option \"-{other}\" is unknown, try \"ip -help\".\n")).await;
                return Err(Stop::Code(255));
            }
        }
    }
    if let Some(name) = space {
        netns::enter(c, &name).await?;
    }
    if args.is_empty() {
        c.sys.eprint("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\nwhere  OBJECT := { address | link | neighbour | netns | route }\n       OPTIONS := { -V[ersion] | -br[ief] | -o[neline] | -4 | -6 | -n[etns] name }\n").await;
        return Err(Stop::Code(255));
    }
    let word = args.remove(0);
    let object = OBJECTS.iter().find(|o| o.starts_with(&word)).copied().unwrap_or("");
    let command = if args.is_empty() { "show".to_owned() } else { args.remove(0) };
    // A command may be cut short: `ip a s`, `ip r a`.
    let is = |full: &str| full.starts_with(&command);
    match object {
        "address" if is("add") => change::address(c, true, &args).await,
        "address" if is("delete") => change::address(c, false, &args).await,
        "address" if is("flush") => change::flush(c, &args).await,
        "address" if is("show") || is("list") || is("lst") => show::links(c, style, true, &args).await,
        "link" if is("add") => change::link_add(c, &args).await,
        "link" if is("delete") => change::link_delete(c, &args).await,
        "link" if is("set") => change::link_set(c, &args).await,
        "link" if is("show") || is("list") || is("lst") => show::links(c, style, false, &args).await,
        "route" if is("add") || is("append") => change::route(c, "add", &args).await,
        "route" if is("change") || is("replace") => change::route(c, "replace", &args).await,
        "route" if is("delete") => change::route(c, "delete", &args).await,
        "route" if is("get") => show::route_get(c, style, &args).await,
        "route" if is("show") || is("list") || is("lst") => show::routes(c, style, &args).await,
        "neighbour" | "neighbor" if is("show") || is("list") || is("lst") => show::neighbours(c, &args).await,
        "netns" => netns::main(c, if command == "show" { "list" } else { &command }, &args).await,
        "help" => {
            c.put("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n").await?;
            Err(Stop::Code(255))
        }
        "" => {
            let text = if style.busybox {
                format!("ip: invalid argument '{word}' to 'ip'\n")
            } else {
                format!("Object \"{word}\" is unknown, try \"ip help\".\n")
            };
            c.sys.eprint(text).await;
            Err(Stop::Code(1))
        }
        _ => {
            let text = if style.busybox {
                format!("ip: invalid argument '{command}' to 'ip'\n")
            } else {
                format!("Command \"{command}\" is unknown, try \"ip {object} help\".\n")
            };
            c.sys.eprint(text).await;
            Err(Stop::Code(if style.busybox { 1 } else { 255 }))
        }
    }
}
