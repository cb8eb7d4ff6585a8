//! `ulimit`: resource limits of the shell and of what it starts (`getrlimit(2)`).
use layerlab_kernel::limit::UNLIMITED;
use layerlab_kernel::{Cx, Resource};

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::Shell;

/// A limit as one shell knows it: letter, what (`None`: the size of a pipe's buffer, which cannot be
/// set), how many bytes one unit is, description, unit.
type Limit = (char, Option<Resource>, u64, &'static str, &'static str);

const BASH: &[Limit] = &[
    ('R', Some(Resource::RealTimeTime), 1, "real-time non-blocking time", "microseconds, "),
    ('c', Some(Resource::Core), 1024, "core file size", "blocks, "),
    ('d', Some(Resource::Data), 1024, "data seg size", "kbytes, "),
    ('e', Some(Resource::Nice), 1, "scheduling priority", ""),
    ('f', Some(Resource::FileSize), 1024, "file size", "blocks, "),
    ('i', Some(Resource::Signals), 1, "pending signals", ""),
    ('l', Some(Resource::Memlock), 1024, "max locked memory", "kbytes, "),
    ('m', Some(Resource::Rss), 1024, "max memory size", "kbytes, "),
    ('n', Some(Resource::Files), 1, "open files", ""),
    ('p', None, 512, "pipe size", "512 bytes, "),
    ('q', Some(Resource::MessageQueue), 1, "POSIX message queues", "bytes, "),
    ('r', Some(Resource::RealTimePriority), 1, "real-time priority", ""),
    ('s', Some(Resource::Stack), 1024, "stack size", "kbytes, "),
    ('t', Some(Resource::Cpu), 1, "cpu time", "seconds, "),
    ('u', Some(Resource::Processes), 1, "max user processes", ""),
    ('v', Some(Resource::AddressSpace), 1024, "virtual memory", "kbytes, "),
    ('x', Some(Resource::Locks), 1, "file locks", ""),
];

const DASH: &[Limit] = &[
    ('t', Some(Resource::Cpu), 1, "time(seconds)", ""),
    ('f', Some(Resource::FileSize), 512, "file(blocks)", ""),
    ('d', Some(Resource::Data), 1024, "data(kbytes)", ""),
    ('s', Some(Resource::Stack), 1024, "stack(kbytes)", ""),
    ('c', Some(Resource::Core), 512, "coredump(blocks)", ""),
    ('m', Some(Resource::Rss), 1024, "memory(kbytes)", ""),
    ('l', Some(Resource::Memlock), 1024, "locked memory(kbytes)", ""),
    ('p', Some(Resource::Processes), 1, "process", ""),
    ('n', Some(Resource::Files), 1, "nofiles", ""),
    ('v', Some(Resource::AddressSpace), 1024, "vmemory(kbytes)", ""),
    ('w', Some(Resource::Locks), 1, "locks", ""),
    ('r', Some(Resource::RealTimePriority), 1, "rtprio", ""),
];

const ASH: &[Limit] = &[
    ('c', Some(Resource::Core), 512, "core file size (blocks)", ""),
    ('d', Some(Resource::Data), 1024, "data seg size (kb)", ""),
    ('e', Some(Resource::Nice), 1, "scheduling priority", ""),
    ('f', Some(Resource::FileSize), 512, "file size (blocks)", ""),
    ('i', Some(Resource::Signals), 1, "pending signals", ""),
    ('l', Some(Resource::Memlock), 1024, "max locked memory (kb)", ""),
    ('m', Some(Resource::Rss), 1024, "max memory size (kb)", ""),
    ('n', Some(Resource::Files), 1, "open files", ""),
    ('q', Some(Resource::MessageQueue), 1, "POSIX message queues (bytes)", ""),
    ('r', Some(Resource::RealTimePriority), 1, "real-time priority", ""),
    ('s', Some(Resource::Stack), 1024, "stack size (kb)", ""),
    ('t', Some(Resource::Cpu), 1, "cpu time (seconds)", ""),
    ('u', Some(Resource::Processes), 1, "max user processes", ""),
    ('v', Some(Resource::AddressSpace), 1024, "virtual memory (kb)", ""),
    ('x', Some(Resource::Locks), 1, "file locks", ""),
];

/// What a command line asks for.
#[derive(Default)]
struct Request<'a> {
    hard: bool,
    soft: bool,
    all: bool,
    /// Letters, each with the value that it is set to.
    limits: Vec<(char, Option<&'a str>)>,
}

/// In bash and busybox each letter may have a value of its own, in its word or as the next one; in dash
/// the last letter counts, and the value is the operand.
fn parse<'a>(argv: &'a [String], table: &[Limit], dialect: Dialect) -> Result<Request<'a>, char> {
    let mut r = Request::default();
    let mut words = argv.iter().map(String::as_str).skip(1).peekable();
    while let Some(cluster) = words.peek().and_then(|w| w.strip_prefix('-')).filter(|c| !c.is_empty()) {
        words.next();
        if cluster == "-" {
            break;
        }
        for (at, c) in cluster.char_indices() {
            match c {
                'H' => r.hard = true,
                'S' => r.soft = true,
                'a' => r.all = true,
                _ if !table.iter().any(|l| l.0 == c) => return Err(c),
                _ if dialect == Dialect::Dash => r.limits = vec![(c, None)],
                _ => {
                    let rest = cluster.get(at + c.len_utf8()..).filter(|rest| !rest.is_empty());
                    r.limits.push((c, rest.or_else(|| words.next_if(|w| !w.starts_with('-')))));
                    break;
                }
            }
        }
    }
    if r.limits.is_empty() {
        r.limits.push(('f', None));
    }
    if let (Some((_, value @ None)), Some(operand)) = (r.limits.last_mut(), words.next()) {
        *value = Some(operand);
    }
    Ok(r)
}

fn shown(sh: &Shell, cx: &mut Cx<'_>, limit: &Limit, hard: bool, named: bool) -> String {
    let (letter, resource, unit, name, units) = *limit;
    let value = match resource.map(|r| cx.get_limit(0, r)) {
        Some(Ok((soft, most))) => {
            if hard {
                most
            } else {
                soft
            }
        }
        _ => 4096,
    };
    let value = if value == UNLIMITED { "unlimited".to_owned() } else { (value / unit).to_string() };
    match sh.dialect {
        _ if !named => format!("{value}\n"),
        Dialect::Bash => format!("{name:<20} {:>20}{value}\n", format!("({units}-{letter}) ")),
        Dialect::Dash => format!("{name:<20} {value}\n"),
        Dialect::Ash => format!("{name:<32}(-{letter}) {value}\n"),
    }
}

fn number(text: &str, unit: u64, now: (u64, u64), dialect: Dialect) -> Option<u64> {
    match text {
        "unlimited" => Some(UNLIMITED),
        "hard" if dialect.is_bash() => Some(now.1),
        "soft" if dialect.is_bash() => Some(now.0),
        _ => text.parse::<u64>().ok()?.checked_mul(unit),
    }
}

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let dialect = sh.dialect;
    let table = match dialect {
        Dialect::Bash => BASH,
        Dialect::Dash => DASH,
        Dialect::Ash => ASH,
    };
    let failed = if dialect == Dialect::Dash { 2 } else { 1 };
    let request = match parse(argv, table, dialect) {
        Ok(r) => r,
        Err(c) => return sh.bad_option("ulimit", c, "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]"),
    };
    if request.all {
        let text: String = table.iter().map(|l| shown(sh, cx, l, request.hard, true)).collect();
        sh.out(text);
        return 0.into();
    }
    let many = request.limits.len() > 1;
    for (letter, value) in request.limits {
        let Some(limit) = table.iter().find(|l| l.0 == letter) else { continue };
        let Some(value) = value else {
            let text = shown(sh, cx, limit, request.hard, many);
            sh.out(text);
            continue;
        };
        let (_, resource, unit, name, _) = *limit;
        let now = resource.and_then(|r| cx.get_limit(0, r).ok()).unwrap_or((4096, 4096));
        let Some(new) = number(value, unit, now, dialect) else {
            let message = match dialect {
                Dialect::Bash => format!("{value}: invalid number"),
                Dialect::Dash => "bad number".to_owned(),
                Dialect::Ash => format!("invalid number '{value}'"),
            };
            sh.complain_as("ulimit", &message);
            return failed.into();
        };
        let both = request.hard == request.soft;
        let soft = if request.soft || both { new } else { now.0 };
        let hard = if request.hard || both { new } else { now.1 };
        let set = match resource {
            Some(r) => cx.set_limit(0, r, soft, hard),
            None => Err(layerlab_kernel::Errno::EINVAL),
        };
        if let Err(e) = set {
            let message = match dialect {
                Dialect::Bash => format!("{name}: cannot modify limit: {e}"),
                Dialect::Dash => format!("error setting limit ({e})"),
                Dialect::Ash => format!("error setting limit: {e}"),
            };
            sh.complain_as("ulimit", &message);
            return failed.into();
        }
    }
    0.into()
}
