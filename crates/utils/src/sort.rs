//! `sort`: lines in order.

mod keys;

use std::cmp::Ordering;
use std::collections::VecDeque;

use crate::cli::{Cli, Run, Spec, quote};
pub(crate) use keys::version_order;
use keys::{Flags, Key};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Write sorted concatenation of all FILE(s) to standard output.",
    "b|ignore-leading-blanks d|dictionary-order f|ignore-case g|general-numeric-sort h|human-numeric-sort i|ignore-nonprinting M|month-sort \
     n|numeric-sort R|random-sort r|reverse V|version-sort sort= c C check? k|key= m|merge o|output= s|stable S|buffer-size= \
     t|field-separator= T|temporary-directory= u|unique z|zero-terminated parallel= files0-from= debug batch-size= compress-program= \
     random-source=",
)
.fails(2);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut flags = Flags::default();
    for (name, value) in &p.options {
        let letter = match (*name, value.as_deref()) {
            ("sort", Some("numeric")) => "n",
            ("sort", Some("human-numeric")) => "h",
            ("sort", Some("general-numeric")) => "g",
            ("sort", Some("month")) => "M",
            ("sort", Some("version")) => "V",
            (n, _) => n,
        };
        if let [l] = letter.as_bytes() {
            flags.set(*l);
        }
    }
    let kinds = ["general-numeric", "human-numeric", "month", "numeric", "random", "version"];
    if let Some(given) = p.value("sort").filter(|g| !kinds.contains(g)) {
        let list: String = kinds.iter().map(|k| format!("\n  - {}", quote::word(k))).collect();
        let text = format!("invalid argument {} for ‘--sort’\nValid arguments are:{list}", quote::word(given));
        return c.usage(1, text).await;
    }
    let separator = match p.value("t") {
        None => None,
        Some("\\0") => Some(0),
        Some(t) if t.len() == 1 => t.bytes().next(),
        Some("") => return c.die(2, "empty tab").await,
        Some(t) => return c.die(2, format!("multi-character tab {}", quote::word(t))).await,
    };
    let mut parsed = Vec::new();
    for text in p.values("k") {
        match Key::parse(&text) {
            Ok(k) => parsed.push(k),
            Err(why) => return c.die(2, why.replace("{}", &quote::word(&text))).await,
        }
    }
    for k in &mut parsed {
        k.inherit(flags);
    }
    if parsed.is_empty() {
        parsed.push(Key::whole(flags));
    }
    if let Some(letters) = parsed.iter().find_map(Key::conflict) {
        return c.die(2, format!("options '-{letters}' are incompatible")).await;
    }
    let check = if p.has("C") { "C" } else { "c" };
    if let Some(extra) = p.operands.get(1).filter(|_| p.has("c") || p.has("C") || p.has("check")) {
        return c.die(2, format!("extra operand {} not allowed with -{check}", quote::always(extra))).await;
    }
    let delimiter = if p.has("z") { 0 } else { b'\n' };
    let checking = p.has("c") || p.has("C") || p.has("check");
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let mut texts = Vec::new();
    for path in &files {
        match c.slurp(path).await {
            Ok(bytes) => texts.push(bytes),
            Err(layerlab_kernel::Errno::EISDIR) => {
                return c.die(2, format!("read failed: {path}: Is a directory")).await;
            }
            Err(e) => return c.die(2, format!("cannot read: {}: {e}", quote::before_colon(path))).await,
        }
    }
    let count: usize = texts.iter().map(|t| t.iter().filter(|b| **b == delimiter).count() + 1).sum();
    let size = texts.iter().map(Vec::len).sum::<usize>();
    // Each line has its place in a list, too.
    if c.sys.hold(size + count * 16).is_err() {
        return c.die(2, "memory exhausted").await;
    }
    c.sys.breathe().await;
    let mut lines: Vec<&[u8]> = Vec::new();
    let mut counts = Vec::new();
    for bytes in &texts {
        let mut parts: Vec<&[u8]> = bytes.split(|b| *b == delimiter).collect();
        if parts.last().is_some_and(|l| l.is_empty()) {
            parts.pop();
        }
        counts.push(parts.len());
        lines.extend(parts);
    }
    let by_keys = |a: &[u8], b: &[u8]| {
        parsed.iter().map(|k| k.compare(a, b, separator)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    };
    let (stable, unique) = (p.has("s"), p.has("u"));
    let whole = |a: &[u8], b: &[u8]| {
        let o = by_keys(a, b);
        if o.is_ne() || stable || unique {
            return o;
        }
        let last = a.cmp(b);
        if flags.reverse { last.reverse() } else { last }
    };
    if checking {
        for (i, pair) in lines.windows(2).enumerate() {
            let o = whole(pair[0], pair[1]);
            if o.is_gt() || unique && o.is_eq() {
                if !(p.has("C") || matches!(p.value("check"), Some("quiet" | "silent"))) {
                    let text = String::from_utf8_lossy(pair[1]).into_owned();
                    c.warn(format!("{}:{}: disorder: {text}", files[0], i + 2)).await;
                }
                c.code = 1;
                break;
            }
        }
        return Ok(());
    }
    c.sys.charge(layerlab_kernel::SimTime(lines.len() as u64 * 200));
    if p.has("m") {
        // Merging takes the smallest of the next lines; files that are not sorted show.
        let mut heads: Vec<VecDeque<&[u8]>> = Vec::new();
        for n in counts {
            let rest = lines.split_off(n.min(lines.len()));
            heads.push(std::mem::replace(&mut lines, rest).into());
        }
        lines.clear();
        loop {
            let next = heads.iter().enumerate().filter_map(|(i, h)| h.front().map(|l| (i, l)));
            let Some((i, _)) = next.reduce(|a, b| if whole(b.1, a.1).is_lt() { b } else { a }) else { break };
            lines.extend(heads.get_mut(i).and_then(VecDeque::pop_front));
        }
    } else {
        lines.sort_by(|a, b| whole(a, b));
    }
    if unique {
        lines.dedup_by(|a, b| by_keys(a, b).is_eq());
    }
    let mut out = Vec::new();
    for l in lines {
        out.extend(l);
        out.push(delimiter);
    }
    match p.value("o") {
        None => c.put(out).await,
        Some(path) => match c.sys.write_file(path, out, 0o666).await {
            Ok(()) => Ok(()),
            Err(e) => c.die(2, format!("open failed: {}: {e}", quote::before_colon(path))).await,
        },
    }
}
