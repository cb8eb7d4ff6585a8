//! `csplit`: a file in pieces at lines that fit.

use crate::cli::{Cli, Run, Spec, Stop, quote};
use crate::regex::{Kind, compile};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE PATTERN...",
    "Output pieces of FILE separated by PATTERN(s) to files 'xx00', 'xx01', ..., and output byte counts of each piece to standard output.",
    "b|suffix-format= f|prefix= k|keep-files n|digits= s|q|quiet|silent z|elide-empty-files suppress-matched",
);

enum Until {
    Line(usize),
    Regex { pattern: crate::regex::Pattern, offset: i64, skip: bool },
}

struct Rule {
    text: String,
    until: Until,
    /// How often more; none: as long as it goes.
    again: Option<u64>,
}

fn rule(text: &str) -> Result<Rule, String> {
    let delimiter = text.chars().next().filter(|d| matches!(d, '/' | '%'));
    let until = if let Some(d) = delimiter {
        let Some(end) = text.rfind(d).filter(|e| *e > 0) else {
            return Err(format!("{text}: closing delimiter '{d}' missing"));
        };
        let offset = match &text[end + 1..] {
            "" => 0,
            o => o.trim_start_matches('+').parse().map_err(|_| format!("{text}: integer expected after delimiter"))?,
        };
        let pattern = compile(&text[1..end], Kind::Basic, false)
            .map_err(|e| format!("{text}: invalid regular expression: {e}"))?;
        Until::Regex { pattern, offset, skip: d == '%' }
    } else {
        let n = text.parse().map_err(|_| format!("{text}: invalid pattern"))?;
        if n == 0 {
            return Err(format!("{text}: line number must be greater than zero"));
        }
        Until::Line(n)
    };
    Ok(Rule { text: text.to_owned(), until, again: Some(0) })
}

struct Pieces {
    prefix: String,
    digits: usize,
    format: Option<String>,
    quiet: bool,
    elide: bool,
    made: Vec<String>,
    number: usize,
}

impl Pieces {
    async fn put(&mut self, c: &mut Cli, bytes: &[u8]) -> Run<()> {
        if bytes.is_empty() && self.elide {
            return Ok(());
        }
        let name = match &self.format {
            Some(f) => {
                let n = crate::printf::number(f, &self.number.to_string());
                format!("{}{}", self.prefix, String::from_utf8_lossy(&n))
            }
            None => format!("{}{:0w$}", self.prefix, self.number, w = self.digits),
        };
        self.number += 1;
        if let Err(e) = c.sys.write_file(&name, bytes, 0o666).await {
            return c.die(1, format!("{}: {e}", quote::before_colon(&name))).await;
        }
        self.made.push(name);
        if !self.quiet {
            c.put(format!("{}\n", bytes.len())).await?;
        }
        Ok(())
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let Some((file, patterns)) = p.operands.split_first() else { return c.usage(1, "missing operand").await };
    if patterns.is_empty() {
        return c.usage(1, format!("missing operand after {}", quote::word(file))).await;
    }
    let mut rules: Vec<Rule> = Vec::new();
    for t in patterns {
        if let Some(n) = t.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            let Some(last) = rules.last_mut() else { return c.die(1, format!("{t}: invalid pattern")).await };
            last.again = match n {
                "*" => None,
                n => match n.parse() {
                    Ok(n) => Some(n),
                    Err(_) => return c.die(1, format!("{t}}}: integer required between '{{' and '}}'")).await,
                },
            };
            continue;
        }
        match rule(t) {
            Ok(r) => rules.push(r),
            Err(e) => return c.die(1, e).await,
        }
    }
    let bytes = match c.slurp(file).await {
        Ok(b) => b,
        Err(e) => return c.die(1, format!("cannot open {} for reading: {e}", quote::always(file))).await,
    };
    let mut out = Pieces {
        prefix: p.value("f").unwrap_or("xx").to_owned(),
        digits: p.value("n").and_then(|n| n.parse().ok()).unwrap_or(2),
        format: p.value("b").map(str::to_owned),
        quiet: p.has("s"),
        elide: p.has("z"),
        made: Vec::new(),
        number: 0,
    };
    let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
    let result = pieces(c, &rules, &lines, &mut out, p.has("suppress-matched")).await;
    if matches!(result, Err(Stop::Code(_))) && !p.has("k") {
        for f in &out.made {
            let _ = c.sys.unlink(f).await;
        }
    }
    result
}

async fn pieces(c: &mut Cli, rules: &[Rule], lines: &[&[u8]], out: &mut Pieces, suppress: bool) -> Run<()> {
    let mut at = 0;
    // A pattern looks from the line behind the one where the last piece began.
    let mut look = 0;
    for r in rules {
        let mut round = 0u64;
        loop {
            if r.again.is_some_and(|n| round > n) {
                break;
            }
            let (end, found) = match &r.until {
                Until::Line(n) => {
                    let target = if round == 0 { n - 1 } else { (n - 1) + n * round as usize };
                    (target, target < lines.len())
                }
                Until::Regex { pattern, offset, .. } => {
                    let hit = (look..lines.len()).find(|i| {
                        let text = String::from_utf8_lossy(lines[*i]);
                        pattern.is_match(text.strip_suffix('\n').unwrap_or(&text))
                    });
                    match hit {
                        Some(i) => ((i as i64 + offset).max(0) as usize, true),
                        None => (lines.len(), false),
                    }
                }
            };
            let skip = matches!(r.until, Until::Regex { skip: true, .. });
            if !found || end > lines.len() || end < at {
                if r.again.is_none() {
                    break;
                }
                if !skip {
                    out.put(c, &lines[at..].concat()).await?;
                }
                let kind =
                    if matches!(r.until, Until::Line(_)) { "line number out of range" } else { "match not found" };
                let times = if round > 0 { format!(" on repetition {round}") } else { String::new() };
                return c.die(1, format!("{}: {kind}{times}", quote::word(&r.text))).await;
            }
            if !skip {
                out.put(c, &lines[at..end].concat()).await?;
            }
            at = end;
            look = end + 1;
            if suppress {
                at = (at + 1).min(lines.len());
            }
            round += 1;
        }
    }
    out.put(c, &lines[at..].concat()).await
}
