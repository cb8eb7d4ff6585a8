//! `paste`: files side by side.

use crate::cli::feed::bare;
use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Write lines of the FILEs side by side, separated by TABs.",
    "d|delimiters= s|serial z|zero-terminated",
);

/// What stands between columns, in turn; `None`: the list ends with a lone backslash.
fn delimiters(list: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut chars = list.chars();
    while let Some(ch) = chars.next() {
        out.push(match ch {
            '\\' => match chars.next()? {
                '0' => String::new(),
                'b' => "\x08".to_owned(),
                'f' => "\x0c".to_owned(),
                'n' => "\n".to_owned(),
                'r' => "\r".to_owned(),
                't' => "\t".to_owned(),
                'v' => "\x0b".to_owned(),
                o => o.to_string(),
            },
            o => o.to_string(),
        });
    }
    if out.is_empty() {
        out.push(String::new());
    }
    Some(out)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let list = p.value("d").unwrap_or("\t").to_owned();
    let Some(between) = delimiters(&list) else {
        return c.die(1, format!("delimiter list ends with an unescaped backslash: {list}")).await;
    };
    let end = if p.has("z") { 0 } else { b'\n' };
    let mut inputs: Vec<Option<Input>> = Vec::new();
    // All `-` are one: each takes a line in turn.
    let mut stdin = None;
    let mut sources = Vec::new();
    for f in &files {
        if let (true, Some(at)) = (f == "-", stdin) {
            sources.push(at);
            continue;
        }
        match Input::open(&c.sys, f).await {
            Ok(i) => {
                if f == "-" {
                    stdin = Some(inputs.len());
                }
                sources.push(inputs.len());
                inputs.push(Some(i));
            }
            Err(e) if p.has("s") => c.fail(format!("{}: {e}", quote::before_colon(f))).await,
            Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(f))).await,
        }
    }
    if p.has("s") {
        for at in sources {
            let mut n = 0;
            while let Some(line) = next(c, &mut inputs, at, end, &files).await? {
                if n > 0 {
                    c.put(&between[(n - 1) % between.len()]).await?;
                }
                n += 1;
                c.put(line).await?;
            }
            c.put([end]).await?;
        }
        return Ok(());
    }
    loop {
        let mut row = Vec::new();
        let mut any = false;
        for (i, at) in sources.iter().enumerate() {
            if i > 0 {
                row.extend_from_slice(between[(i - 1) % between.len()].as_bytes());
            }
            if let Some(line) = next(c, &mut inputs, *at, end, &files).await? {
                any = true;
                row.extend(line);
            }
        }
        if !any {
            return Ok(());
        }
        row.push(end);
        c.put(row).await?;
    }
}

/// The next line of an input that has not ended.
async fn next(c: &mut Cli, inputs: &mut [Option<Input>], at: usize, end: u8, files: &[String]) -> Run<Option<Vec<u8>>> {
    let Some(slot) = inputs.get_mut(at) else { return Ok(None) };
    let Some(input) = slot else { return Ok(None) };
    if input.dry(end) {
        c.flush().await?;
    }
    match input.line(end).await {
        Ok(Some(line)) => Ok(Some(bare(&line, end).0.to_vec())),
        Ok(None) => {
            *slot = None;
            Ok(None)
        }
        Err(e) => {
            *slot = None;
            c.fail(format!("{}: {e}", quote::before_colon(files.get(at).map_or("-", String::as_str)))).await;
            Ok(None)
        }
    }
}
