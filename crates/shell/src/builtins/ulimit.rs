//! `ulimit`: shows the usual limits; this machine sets none of its own.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

const LIMITS: &[(char, &str, &str, &str)] = &[
    ('c', "core file size", "(blocks, -c)", "0"),
    ('d', "data seg size", "(kbytes, -d)", "unlimited"),
    ('f', "file size", "(blocks, -f)", "unlimited"),
    ('l', "max locked memory", "(kbytes, -l)", "unlimited"),
    ('m', "max memory size", "(kbytes, -m)", "unlimited"),
    ('n', "open files", "(-n)", "1048576"),
    ('s', "stack size", "(kbytes, -s)", "8192"),
    ('t', "cpu time", "(seconds, -t)", "unlimited"),
    ('u', "max user processes", "(-u)", "unlimited"),
    ('v', "virtual memory", "(kbytes, -v)", "unlimited"),
];

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match super::letters(argv, "HSacdflmnstuv") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("ulimit", c, "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]"),
    };
    if flags.contains(&'a') {
        let text: String = LIMITS.iter().map(|(_, n, u, v)| format!("{n:<24} {u:>16} {v}\n")).collect();
        sh.out(text);
        return 0.into();
    }
    if !args.is_empty() {
        return 0.into();
    }
    let which = flags.iter().find(|c| !matches!(c, 'H' | 'S')).copied().unwrap_or('f');
    if let Some((_, _, _, v)) = LIMITS.iter().find(|(c, ..)| *c == which) {
        sh.out(format!("{v}\n"));
    }
    0.into()
}
