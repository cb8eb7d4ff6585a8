//! `seq`: numbers in a row.

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FIRST [INCREMENT]] LAST",
    "Print numbers from FIRST to LAST, in steps of INCREMENT.",
    "+f|format= s|separator= w|equal-width",
);

/// Whether a format has one place for a number; what is wrong otherwise.
fn checked(f: &str) -> Result<(), String> {
    let shown = quote::word(f);
    let mut rest = f;
    let mut found = false;
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        if let Some(r) = rest.strip_prefix('%') {
            rest = r;
            continue;
        }
        if found {
            return Err(format!("format {shown} has too many % directives"));
        }
        found = true;
        rest = rest.trim_start_matches(['-', '+', ' ', '#', '0', '\'']);
        rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if let Some(r) = rest.strip_prefix('.') {
            rest = r.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        rest = rest.strip_prefix('L').unwrap_or(rest);
        match rest.chars().next() {
            None => return Err(format!("format {shown} ends in %")),
            Some(c) if "efgaEFGA".contains(c) => rest = &rest[1..],
            Some(c) => return Err(format!("format {shown} has unknown %{c} directive")),
        }
    }
    if found { Ok(()) } else { Err(format!("format {shown} has no % directive")) }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // Negative numbers are no options.
    let mut args = std::mem::take(&mut c.args);
    let number = |a: &String| a.trim_start_matches('-').starts_with(|d: char| d.is_ascii_digit() || d == '.');
    let follows_option = |i: usize| i > 0 && matches!(args[i - 1].as_str(), "-s" | "-f");
    if let Some(i) = (0..args.len()).find(|i| number(&args[*i]) && !follows_option(*i)) {
        args.insert(i, "--".to_owned());
    }
    let p = c.parse_args(&SPEC, args).await?;
    c.need(&p.operands, 1).await?;
    c.at_most(&p.operands, 3).await?;
    let mut numbers = Vec::new();
    for text in &p.operands {
        let hex = text.strip_prefix("0x").and_then(|t| u32::from_str_radix(t, 16).ok());
        match hex.map_or_else(|| text.trim().parse::<f64>(), |n| Ok(n.into())) {
            Ok(n) if n.is_finite() => numbers.push(n),
            _ => return c.usage(1, format!("invalid floating point argument: {}", quote::word(text))).await,
        }
    }
    let (first, step, last) = match numbers.as_slice() {
        [l] => (1.0, 1.0, *l),
        [f, l] => (*f, 1.0, *l),
        [f, s, l] => (*f, *s, *l),
        _ => return Ok(()),
    };
    if step == 0.0 {
        return c.usage(1, format!("invalid Zero increment value: {}", quote::word(&p.operands[1]))).await;
    }
    // Digits behind the point, as many fewer as an exponent says.
    let places = |t: &str| {
        let (digits, exponent) = t.split_once(['e', 'E']).unwrap_or((t, "0"));
        let behind = digits.split_once('.').map_or(0, |(_, d)| d.len());
        let exponent: i64 = exponent.parse().unwrap_or(0);
        usize::try_from(behind as i64 - exponent).unwrap_or(0)
    };
    let shown = if p.operands.len() == 1 {
        0
    } else {
        p.operands[..p.operands.len() - 1].iter().map(|t| places(t)).max().unwrap_or(0)
    };
    let decimals = if p.operands.len() == 3 {
        shown
    } else {
        places(&p.operands[0]).max(shown) * usize::from(p.operands.len() > 1)
    };
    let count = ((last - first) / step + 1e-9).floor();
    if count < 0.0 {
        return Ok(());
    }
    let value = |i: u64| first + step * i as f64;
    let width = if p.has("w") {
        let text = |n: f64| format!("{n:.decimals$}").len();
        text(first).max(text(last))
    } else {
        0
    };
    let separator = p.value("s").unwrap_or("\n").to_owned();
    let format = p.value("f").map(str::to_owned);
    if format.is_some() && p.has("w") {
        return c.usage(1, "format string may not be specified when printing equal width strings").await;
    }
    if let Some(f) = &format
        && let Err(e) = checked(f)
    {
        return c.die(1, e).await;
    }
    for i in 0..=(count as u64) {
        if i > 0 {
            c.put(&separator).await?;
        }
        match &format {
            Some(f) => {
                let bytes = crate::printf::number(f, &value(i).to_string());
                c.put(bytes).await?;
            }
            None => {
                let text = format!("{:.decimals$}", value(i));
                let text = match text.strip_prefix('-') {
                    Some(digits) => format!("-{digits:0>w$}", w = width.saturating_sub(1)),
                    None => format!("{text:0>width$}"),
                };
                c.put(text).await?;
            }
        }
    }
    c.put("\n").await
}
