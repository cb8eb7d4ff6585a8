//! `join`: lines of two sorted files that share a field.

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE1 FILE2",
    "For each pair of input lines with identical join fields, write a line to standard output.",
    "a= e= i|ignore-case j= o= t= v= 1= 2= check-order nocheck-order header z|zero-terminated",
);

struct Options {
    fields: [usize; 2],
    separator: Option<char>,
    ignore_case: bool,
    empty: String,
    /// File (0: the join field) and field.
    output: Option<Vec<(usize, usize)>>,
    /// `-o auto`: as many fields as the first lines have.
    auto: bool,
    delimiter: u8,
}

type Line = Vec<String>;

impl Options {
    fn split(&self, line: &[u8]) -> Line {
        let text = String::from_utf8_lossy(bare(line, self.delimiter).0).into_owned();
        match self.separator {
            Some('\0') => vec![text],
            Some(c) => text.split(c).map(str::to_owned).collect(),
            None => text.split([' ', '\t']).filter(|f| !f.is_empty()).map(str::to_owned).collect(),
        }
    }
    fn key(&self, line: &Line, side: usize) -> String {
        let k = line.get(self.fields[side]).cloned().unwrap_or_default();
        if self.ignore_case { k.to_lowercase() } else { k }
    }
    fn show(&self, lines: [Option<&Line>; 2]) -> String {
        let joint = self.separator.filter(|c| *c != '\0').unwrap_or(' ').to_string();
        let get = |side: usize, n: usize| {
            let f = lines[side].and_then(|l| l.get(n)).filter(|f| !f.is_empty());
            f.cloned().unwrap_or_else(|| self.empty.clone())
        };
        let shared = || if lines[0].is_some() { get(0, self.fields[0]) } else { get(1, self.fields[1]) };
        let parts: Vec<String> = match &self.output {
            Some(list) => list.iter().map(|(f, n)| if *f == 0 { shared() } else { get(f - 1, *n) }).collect(),
            None => {
                let mut parts = vec![shared()];
                for (side, line) in lines.iter().enumerate() {
                    let Some(l) = line else { continue };
                    parts.extend((0..l.len()).filter(|n| *n != self.fields[side]).map(|n| get(side, n)));
                }
                parts
            }
        };
        format!("{}{}", parts.join(&joint), char::from(self.delimiter))
    }
}

fn output(list: &str) -> Option<Vec<(usize, usize)>> {
    list.split([',', ' ', '\t'])
        .filter(|p| !p.is_empty())
        .map(|p| match p.split_once('.') {
            None if p == "0" => Some((0, 0)),
            Some((f @ ("1" | "2"), n)) => Some((f.parse().ok()?, n.parse::<usize>().ok()?.checked_sub(1)?)),
            _ => None,
        })
        .collect()
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    match p.operands.len() {
        0 => return c.usage(1, "missing operand").await,
        1 => return c.usage(1, format!("missing operand after {}", quote::word(&p.operands[0]))).await,
        2 => {}
        _ => return c.usage(1, format!("extra operand {}", quote::always(&p.operands[2]))).await,
    }
    let mut fields = [0, 0];
    for (name, sides) in [("j", vec![0, 1]), ("1", vec![0]), ("2", vec![1])] {
        let Some(v) = p.value(name) else { continue };
        let Some(n) = v.parse::<usize>().ok().filter(|n| *n > 0) else {
            return c.die(1, format!("invalid field number: {}", quote::word(v))).await;
        };
        sides.into_iter().for_each(|s| fields[s] = n - 1);
    }
    let separator = match p.value("t") {
        None => None,
        Some("" | "\\0") => Some('\0'),
        Some(t) if t.chars().count() == 1 => t.chars().next(),
        Some(t) => return c.die(1, format!("multi-character tab {}", quote::word(t))).await,
    };
    let list = p.values("o").join(",");
    let auto = list == "auto";
    let mut o = Options {
        fields,
        separator,
        ignore_case: p.has("i"),
        empty: p.value("e").unwrap_or("").to_owned(),
        output: None,
        auto,
        delimiter: if p.has("z") { 0 } else { b'\n' },
    };
    if p.has("o") && !auto {
        o.output = output(&list);
        if o.output.is_none() {
            return c.die(1, format!("invalid field specifier: {}", quote::word(&list))).await;
        }
    }
    let mut also = [false, false];
    for v in p.values("a").iter().chain(&p.values("v")) {
        match v.as_str() {
            "1" => also[0] = true,
            "2" => also[1] = true,
            other => return c.die(1, format!("invalid field number: {}", quote::word(other))).await,
        }
    }
    let only = p.has("v");
    let mut all: Vec<Vec<Line>> = Vec::new();
    for f in &p.operands {
        let mut feed = Feed::new(std::slice::from_ref(f));
        let mut lines = Vec::new();
        while let Some(l) = feed.line(c, o.delimiter).await? {
            lines.push(o.split(&l));
        }
        all.push(lines);
        if c.code != 0 {
            return Ok(());
        }
    }
    let (b, a) = (all.pop().unwrap_or_default(), all.pop().unwrap_or_default());
    let (mut i, mut j) = (0, 0);
    if o.auto {
        let width = |l: &[Line]| l.first().map_or(0, Vec::len);
        let mut list = vec![(0, 0)];
        for (side, w) in [(0, width(&a)), (1, width(&b))] {
            list.extend((0..w).filter(|n| *n != o.fields[side]).map(|n| (side + 1, n)));
        }
        o.output = Some(list);
    }
    if p.has("header") {
        if let (Some(x), Some(y)) = (a.first(), b.first()) {
            c.put(o.show([Some(x), Some(y)])).await?;
        }
        (i, j) = (1, 1);
    }
    let mut order = Order { always: p.has("check-order"), never: p.has("nocheck-order"), ..Order::default() };
    while i < a.len() || j < b.len() {
        let (from, was) = ((i, j), order.unpaired);
        let side = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => o.key(x, 0).cmp(&o.key(y, 1)),
            (Some(_), None) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        // Where one side has ended, nothing is unpaired but what the end of the other tells.
        order.unpaired |= side.is_ne() && !a.is_empty() && !b.is_empty();
        if side.is_lt() {
            if also[0] {
                c.put(o.show([a.get(i), None])).await?;
            }
            i += 1;
        } else if side.is_gt() {
            if also[1] {
                c.put(o.show([None, b.get(j)])).await?;
            }
            j += 1;
        } else {
            let key = a.get(i).map(|l| o.key(l, 0)).unwrap_or_default();
            let na = a[i..].iter().take_while(|l| o.key(l, 0) == key).count();
            let nb = b[j..].iter().take_while(|l| o.key(l, 1) == key).count();
            if !only {
                for x in &a[i..i + na] {
                    for y in &b[j..j + nb] {
                        c.put(o.show([Some(x), Some(y)])).await?;
                    }
                }
            }
            i += na;
            j += nb;
        }
        for (side, lines, range) in [(0, &a, from.0 + 1..=i), (1, &b, from.1 + 1..=j)] {
            let Some(n) = order.disorder(&o, side, lines, range, was) else { continue };
            let shown = lines[n].join(&o.separator.unwrap_or(' ').to_string());
            c.fail(format!("{}:{}: is not sorted: {shown}", p.operands[side], n + 1)).await;
            if order.always {
                return Ok(());
            }
        }
    }
    if order.said.contains(&true) {
        c.warn("input is not in sorted order").await;
    }
    Ok(())
}

/// Whether lines stand in order, which is looked at when the next one is read.
#[derive(Default)]
struct Order {
    always: bool,
    never: bool,
    /// A line found no partner: from then on disorder is told.
    unpaired: bool,
    said: [bool; 2],
}

impl Order {
    /// The first of the lines just read that is out of order, once a file.
    fn disorder(
        &mut self,
        o: &Options,
        side: usize,
        lines: &[Line],
        read: std::ops::RangeInclusive<usize>,
        unpaired: bool,
    ) -> Option<usize> {
        if self.never || self.said[side] || !(self.always || unpaired) {
            return None;
        }
        let mut read = read.filter(|n| *n < lines.len());
        let bad = read.find(|n| o.key(&lines[*n - 1], side) > o.key(&lines[*n], side));
        self.said[side] = bad.is_some();
        bad
    }
}
