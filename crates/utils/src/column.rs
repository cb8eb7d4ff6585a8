//! `column`: words in columns, or fields as a table (util-linux).

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Run, Spec, human_width};

const SPEC: Spec = Spec::new(
    "[options] [<file>...]",
    "Columnate lists.",
    "t|table s|separator= o|output-separator= c|output-width= x|fillrows N|table-columns= l|table-columns-limit= R|table-right= H|table-hide= E|table-noextreme= d|table-noheadings e|table-header-repeat J|json n|table-name= L|keep-empty-lines T|table-truncate= W|table-wrap= O|table-order=",
)
.version("util-linux 2.41 (simulated");

fn columns(list: Option<&str>, names: &[String], count: usize) -> Vec<usize> {
    let Some(list) = list else { return Vec::new() };
    list.split(',')
        .filter_map(|n| match names.iter().position(|x| x == n) {
            Some(i) => Some(i),
            None if n == "-1" => count.checked_sub(1),
            None => n.parse::<usize>().ok()?.checked_sub(1),
        })
        .collect()
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut feed = Feed::new(&p.operands);
    let mut lines = Vec::new();
    while let Some(l) = feed.line(c, b'\n').await? {
        let text = String::from_utf8_lossy(bare(&l, b'\n').0).into_owned();
        if !text.trim().is_empty() || p.has("L") {
            lines.push(text);
        }
    }
    if p.has("t") || p.has("J") {
        return table(c, &p, lines).await;
    }
    let width = match p.value("c").map(str::parse::<usize>) {
        Some(Ok(n)) => n,
        Some(Err(_)) => return c.die(1, "invalid columns argument").await,
        None => match c.sys.win_size(1).await {
            Ok(s) if s.cols > 0 => usize::from(s.cols),
            _ => c.var("COLUMNS").and_then(|v| v.parse().ok()).unwrap_or(80),
        },
    };
    let longest = lines.iter().map(|l| human_width(l)).max().unwrap_or(0);
    // Columns begin at tab stops.
    let cell = (longest + 8) & !7;
    if longest >= width || lines.is_empty() {
        for l in lines {
            c.put(format!("{l}\n")).await?;
        }
        return Ok(());
    }
    let across = (width / cell).max(1);
    let rows = lines.len().div_ceil(across);
    for r in 0..rows {
        let mut at = 0;
        let mut out = String::new();
        let row: Vec<usize> = if p.has("x") {
            (r * across..((r + 1) * across).min(lines.len())).collect()
        } else {
            (r..lines.len()).step_by(rows).collect()
        };
        for (k, i) in row.iter().enumerate() {
            let Some(text) = lines.get(*i) else { continue };
            out.push_str(text);
            at += human_width(text);
            if k + 1 < row.len() {
                while at < (k + 1) * cell {
                    out.push('\t');
                    at = (at / 8 + 1) * 8;
                }
            }
        }
        c.put(format!("{out}\n")).await?;
    }
    Ok(())
}

async fn table(c: &mut Cli, p: &crate::cli::Parsed, lines: Vec<String>) -> Run<()> {
    let limit = p.value("l").and_then(|n| n.parse::<usize>().ok()).unwrap_or(usize::MAX);
    let split = |l: &str| -> Vec<String> {
        match p.value("s") {
            Some(s) => l.splitn(limit, |ch| s.contains(ch)).map(str::to_owned).collect(),
            None => {
                let mut out = Vec::new();
                let mut rest = l.trim_start_matches([' ', '\t']);
                while !rest.is_empty() {
                    let end =
                        if out.len() + 1 == limit { rest.len() } else { rest.find([' ', '\t']).unwrap_or(rest.len()) };
                    out.push(rest[..end].to_owned());
                    rest = rest[end..].trim_start_matches([' ', '\t']);
                }
                out
            }
        }
    };
    let mut rows: Vec<Vec<String>> = lines.iter().map(|l| split(l)).collect();
    let names: Vec<String> = p.value("N").map(|n| n.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0).max(names.len());
    let hidden = columns(p.value("H"), &names, count);
    let right = columns(p.value("R"), &names, count);
    let order = match p.value("O") {
        Some(o) => {
            let first = columns(Some(o), &names, count);
            let rest: Vec<usize> = (0..count).filter(|i| !first.contains(i)).collect();
            [first, rest].concat()
        }
        None => (0..count).collect(),
    };
    let shown: Vec<usize> = order.into_iter().filter(|i| !hidden.contains(i)).collect();
    if p.has("J") {
        let mut out = format!("{{\n   \"{}\": [\n", p.value("n").unwrap_or("table"));
        for (k, row) in rows.iter().enumerate() {
            let cells: Vec<String> = shown
                .iter()
                .filter_map(|i| {
                    let name = names.get(*i)?.to_lowercase();
                    let v = row.get(*i).filter(|v| !v.is_empty());
                    let v = v
                        .map_or("null".to_owned(), |v| format!("\"{}\"", v.replace('\\', "\\\\").replace('"', "\\\"")));
                    Some(format!("         \"{name}\": {v}"))
                })
                .collect();
            let end = if k + 1 < rows.len() { "," } else { "" };
            out.push_str(&format!("      {{\n{}\n      }}{end}\n", cells.join(",\n")));
        }
        out.push_str("   ]\n}\n");
        return c.put(out).await;
    }
    if !names.is_empty() && !p.has("d") {
        rows.insert(0, names);
    }
    let empty = String::new();
    let widths: Vec<usize> = shown
        .iter()
        .map(|i| rows.iter().map(|r| human_width(r.get(*i).unwrap_or(&empty))).max().unwrap_or(0))
        .collect();
    let joint = p.value("o").unwrap_or("  ").to_owned();
    for row in &rows {
        let mut out = String::new();
        let last = shown.len();
        for (k, (i, w)) in shown.iter().zip(&widths).enumerate() {
            let text = row.get(*i).unwrap_or(&empty);
            let fill = " ".repeat(w - human_width(text).min(*w));
            if right.contains(i) {
                out.push_str(&fill);
                out.push_str(text);
            } else {
                out.push_str(text);
                if k + 1 < last {
                    out.push_str(&fill);
                }
            }
            if k + 1 < last {
                out.push_str(&joint);
            }
        }
        c.put(format!("{out}\n")).await?;
    }
    Ok(())
}
