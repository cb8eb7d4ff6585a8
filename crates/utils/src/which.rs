//! `which`: where commands are.

use crate::cli::{Cli, Run};

/// Runs it (Debian's: only `-a`, no messages).
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut all = false;
    let mut names = Vec::new();
    for a in std::mem::take(&mut c.args) {
        match a.as_str() {
            "-a" => all = true,
            "-s" | "--" => {}
            o if o.starts_with('-') => {
                let text =
                    format!("Illegal option {}\nUsage: {} [-as] args\n", o.chars().take(2).collect::<String>(), c.name);
                c.sys.eprint(text).await;
                return Err(crate::cli::Stop::Code(2));
            }
            _ => names.push(a),
        }
    }
    if names.is_empty() {
        c.code = 1;
    }
    for name in names {
        let found = c.find_program(&name).await;
        if found.is_empty() {
            c.code = 1;
        }
        let take = if all { found.len() } else { 1 };
        for path in found.into_iter().take(take) {
            c.put(format!("{path}\n")).await?;
        }
    }
    Ok(())
}
