//! `ulimit`: shows the usual limits; this machine sets none of its own.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

const LIMITS: &[(char, &str, &str, &str)] = &[
    ('R', "real-time non-blocking time", "(microseconds, -R)", "unlimited"),
    ('c', "core file size", "(blocks, -c)", "0"),
    ('d', "data seg size", "(kbytes, -d)", "unlimited"),
    ('e', "scheduling priority", "(-e)", "0"),
    ('f', "file size", "(blocks, -f)", "unlimited"),
    ('i', "pending signals", "(-i)", "15589"),
    ('l', "max locked memory", "(kbytes, -l)", "502472"),
    ('m', "max memory size", "(kbytes, -m)", "unlimited"),
    ('n', "open files", "(-n)", "1048576"),
    ('p', "pipe size", "(512 bytes, -p)", "8"),
    ('q', "POSIX message queues", "(bytes, -q)", "819200"),
    ('r', "real-time priority", "(-r)", "0"),
    ('s', "stack size", "(kbytes, -s)", "8192"),
    ('t', "cpu time", "(seconds, -t)", "unlimited"),
    ('u', "max user processes", "(-u)", "15589"),
    ('v', "virtual memory", "(kbytes, -v)", "unlimited"),
    ('x', "file locks", "(-x)", "unlimited"),
];

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match super::letters(argv, "HSaRcdefilmnpqrstuvx") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("ulimit", c, "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]"),
    };
    if flags.contains(&'a') {
        let text: String = LIMITS.iter().map(|(_, n, u, v)| format!("{n:<24} {u:>16} {v}\n")).collect();
        sh.out(text);
        return 0.into();
    }
    let which = flags.iter().find(|c| !matches!(c, 'H' | 'S')).copied().unwrap_or('f');
    if let Some(new) = args.first() {
        if new != "unlimited" && new.parse::<u64>().is_err() {
            match sh.dialect {
                crate::Dialect::Bash => sh.complain_as("ulimit", &format!("{new}: invalid number")),
                _ => sh.complain_as("ulimit", "bad number"),
            }
            return (if sh.dialect.is_bash() { 1 } else { 2 }).into();
        }
        sh.limits.insert(which, new.clone());
        return 0.into();
    }
    if let Some(v) = sh.limits.get(&which).cloned() {
        sh.out(format!("{v}\n"));
        return 0.into();
    }
    if let Some((_, _, _, v)) = LIMITS.iter().find(|(c, ..)| *c == which) {
        sh.out(format!("{v}\n"));
    }
    0.into()
}
