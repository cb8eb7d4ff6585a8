//! `fmt`: fills paragraphs so that lines are about equally long (GNU's way: the cheapest breaks of the
//! whole paragraph, by Knuth and Plass).

use crate::cli::feed::Feed;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[-WIDTH] [OPTION]... [FILE]...",
    "Reformat each paragraph in the FILE(s), writing to standard output.",
    "c|crown-margin p|prefix= s|split-only t|tagged-paragraph u|uniform-spacing w|width= g|goal=",
);

const LINE_COST: i64 = 70 * 70;

struct Word {
    text: String,
    /// Columns.
    len: i64,
    /// Blanks behind it.
    space: i64,
    paren: bool,
    period: bool,
    punct: bool,
    last: bool,
}

struct Options {
    width: i64,
    goal: i64,
    uniform: bool,
    split: bool,
    crown: bool,
    tagged: bool,
    prefix: String,
}

/// The words of a line behind its indentation.
fn words(line: &str, uniform: bool, out: &mut Vec<Word>) {
    let mut rest = line.trim_start_matches([' ', '\t']);
    let mut column = 0;
    while !rest.is_empty() {
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        let next = after.trim_start_matches([' ', '\t']);
        let core = text.trim_end_matches([')', ']', '\'', '"']);
        let core = if core.is_empty() { &text[..1] } else { core };
        let period = core.ends_with(['.', '?', '!']);
        column += text.chars().count();
        let from = column;
        for b in after[..after.len() - next.len()].bytes() {
            column = if b == b'\t' { (column / 8 + 1) * 8 } else { column + 1 };
        }
        let blanks = column - from;
        let last = period && (next.is_empty() || blanks > 1);
        let space = if next.is_empty() || uniform { if last { 2 } else { 1 } } else { blanks as i64 };
        out.push(Word {
            text: text.to_owned(),
            len: text.chars().count() as i64,
            space,
            paren: text.starts_with(['(', '[', '\'', '`', '"']),
            period,
            punct: text.ends_with(|c: char| c.is_ascii_punctuation()),
            last,
        });
        rest = next;
    }
}

fn indent(line: &str) -> usize {
    let mut column = 0;
    for b in line.bytes() {
        match b {
            b' ' => column += 1,
            b'\t' => column = (column / 8 + 1) * 8,
            _ => break,
        }
    }
    column
}

fn base_cost(w: &[Word], i: usize) -> i64 {
    let mut cost = LINE_COST;
    let Some(this) = w.get(i) else { return cost };
    if let Some(before) = i.checked_sub(1).and_then(|k| w.get(k)) {
        if before.period {
            cost += if before.last { -(50 * 50) } else { 600 * 600 };
        } else if before.punct {
            cost -= 40 * 40;
        } else if i > 1 && w.get(i - 2).is_some_and(|w| w.last) {
            cost += 200 * 200 / (before.len + 2);
        }
    }
    if this.paren {
        cost -= 40 * 40;
    } else if this.last {
        cost += 150 * 150 / (this.len + 2);
    }
    cost
}

/// Where lines begin.
fn breaks(w: &[Word], o: &Options, first: i64, other: i64) -> Vec<usize> {
    let n = w.len();
    let square = |n: i64| n * n;
    let mut best = vec![0i64; n + 1];
    let mut next = vec![n; n + 1];
    let mut length = vec![0i64; n + 1];
    for start in (0..n).rev() {
        let mut cheapest = i64::MAX;
        let mut len = if start == 0 { first } else { other } + w[start].len;
        let mut k = start;
        loop {
            k += 1;
            let mut cost = best[k];
            if k < n {
                cost += square((o.goal - len) * 10);
                if next[k] != n {
                    cost += square((len - length[k]) * 10) / 2;
                }
            }
            if cost < cheapest {
                cheapest = cost;
                next[start] = k;
                length[start] = len;
            }
            if k == n {
                break;
            }
            len += w[k - 1].space + w[k].len;
            if len >= o.width {
                break;
            }
        }
        best[start] = cheapest + base_cost(w, start);
    }
    let mut starts = Vec::new();
    let mut at = 0;
    while at < n {
        starts.push(at);
        at = next[at].max(at + 1);
    }
    starts
}

fn pad(columns: usize, tabs: bool) -> String {
    if tabs && columns >= 8 {
        format!("{}{}", "\t".repeat(columns / 8), " ".repeat(columns % 8))
    } else {
        " ".repeat(columns)
    }
}

/// The column at which a text's last line ends.
fn column(text: &str) -> usize {
    let line = text.rsplit('\n').next().unwrap_or("");
    line.chars().fold(0, |n, c| if c == '\t' { (n / 8 + 1) * 8 } else { n + 1 })
}

/// So many blanks, as tabs where those fit.
fn spaces(at: usize, n: usize, tabs: bool) -> String {
    let (mut out, mut at, end) = (String::new(), at, at + n);
    while tabs && at + 1 < end && (at / 8 + 1) * 8 <= end {
        out.push('\t');
        at = (at / 8 + 1) * 8;
    }
    out.push_str(&" ".repeat(end - at));
    out
}

fn put(w: &[Word], o: &Options, first: usize, other: usize, tabs: bool) -> String {
    let mut out = String::new();
    let starts = breaks(w, o, (first + o.prefix.len()) as i64, (other + o.prefix.len()) as i64);
    for (i, from) in starts.iter().enumerate() {
        let to = starts.get(i + 1).copied().unwrap_or(w.len());
        out.push_str(&o.prefix);
        out.push_str(&pad(if i == 0 { first } else { other }, tabs));
        for (k, word) in w.iter().enumerate().take(to).skip(*from) {
            out.push_str(&word.text);
            if k + 1 < to {
                out.push_str(&spaces(column(&out), word.space as usize, tabs));
            }
        }
        out.push('\n');
    }
    out
}

/// A whole text.
fn fill(text: &str, o: &Options) -> String {
    let mut out = String::new();
    let lines: Vec<&str> = text.lines().collect();
    let tabs = text.contains('\t');
    let body = |l: &str| -> Option<String> {
        let stripped = l.trim_start_matches([' ', '\t']);
        let rest = if o.prefix.is_empty() { l } else { stripped.strip_prefix(&o.prefix)? };
        (!rest.trim_matches([' ', '\t', '\r']).is_empty()).then(|| rest.to_owned())
    };
    let mut i = 0;
    while i < lines.len() {
        let Some(line) = body(lines[i]) else {
            let l = lines[i];
            let blank = l.trim_matches([' ', '\t', '\r']).is_empty();
            out.push_str(if blank { "" } else { l });
            out.push('\n');
            i += 1;
            continue;
        };
        let first = indent(&line);
        let mut all = Vec::new();
        words(&line, o.uniform, &mut all);
        i += 1;
        let mut other = first;
        if !o.split {
            let second = lines.get(i).and_then(|l| body(l)).map(|l| indent(&l));
            let goes_on = match second {
                None => false,
                Some(s) if o.tagged => s != first,
                Some(_) if o.crown => true,
                Some(s) => s == first,
            };
            if o.tagged {
                other = if goes_on {
                    second.unwrap_or(first)
                } else if first == 0 {
                    3
                } else {
                    0
                };
            } else if goes_on {
                other = second.unwrap_or(first);
            }
            if goes_on {
                while let Some(l) = lines.get(i).and_then(|l| body(l)) {
                    if indent(&l) != other {
                        break;
                    }
                    words(&l, o.uniform, &mut all);
                    i += 1;
                }
            }
        }
        out.push_str(&put(&all, o, first, other, tabs));
    }
    out
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args).into_iter().map(|a| match a.strip_prefix('-') {
        Some(d) if !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()) => format!("-w{d}"),
        _ => a,
    });
    let p = c.parse_args(&SPEC, args.collect()).await?;
    let mut numbers = [None; 2];
    for (slot, (name, what)) in numbers.iter_mut().zip([("w", "width"), ("g", "goal")]) {
        let Some(v) = p.value(name) else { continue };
        *slot = v.parse::<i64>().ok().filter(|n| (0..=2500).contains(n));
        if slot.is_none() {
            return c.die(1, format!("invalid {what}: {}", quote::word(v))).await;
        }
    }
    let (width, goal) = match numbers {
        [Some(w), Some(g)] => (w, g),
        [Some(w), None] => (w, w * 187 / 200),
        [None, Some(g)] => (g + 10, g),
        _ => (75, 70),
    };
    if goal > width {
        return c.die(1, format!("invalid goal: {}", quote::word(p.value("g").unwrap_or("")))).await;
    }
    let o = Options {
        width,
        goal,
        uniform: p.has("u"),
        split: p.has("s"),
        crown: p.has("c"),
        tagged: p.has("t"),
        prefix: p.value("p").unwrap_or("").trim().to_owned(),
    };
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    for f in files {
        let bytes = Feed::new(&[f]).all(c).await?;
        let text = fill(&String::from_utf8_lossy(&bytes), &o);
        c.put(text).await?;
    }
    Ok(())
}
