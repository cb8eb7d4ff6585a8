//! `man`, `whatis`, `apropos`: short pages: a line about a command, and what its `--help` says.

use layerlab_kernel::{WaitFlags, WaitFor};

use crate::cli::{Cli, Run, Stop};

/// Name, section, what it is.
const NAMES: &str = include_str!("man/names.txt");

fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    NAMES.lines().filter_map(|l| {
        let (name, rest) = l.split_once(' ')?;
        let (section, about) = rest.split_once(' ')?;
        Some((name, section, about))
    })
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let search = c.name == "apropos" || args.iter().any(|a| a == "-k" || a == "--apropos");
    let exact = c.name == "whatis" || args.iter().any(|a| a == "-f" || a == "--whatis");
    let mut words: Vec<String> = args.into_iter().filter(|a| !a.starts_with('-')).collect();
    let section = words.first().filter(|w| words.len() > 1 && w.parse::<u8>().is_ok()).cloned();
    if section.is_some() {
        words.remove(0);
    }
    if words.is_empty() {
        let text = match c.name.as_str() {
            "man" => "What manual page do you want?\nFor example, try 'man man'.\n".to_owned(),
            n => format!("{n} what?\n"),
        };
        c.sys.eprint(text).await;
        return Err(Stop::Code(1));
    }
    if search || exact {
        for w in &words {
            let hits: Vec<_> = rows()
                .filter(|(n, _, about)| {
                    if exact {
                        n == w
                    } else {
                        n.contains(w.as_str()) || about.to_lowercase().contains(&w.to_lowercase())
                    }
                })
                .collect();
            if hits.is_empty() {
                c.sys.eprint(format!("{w}: nothing appropriate.\n")).await;
                c.code = 16;
            }
            for (n, s, about) in hits {
                c.put(format!("{:<20} - {about}\n", format!("{n} ({s})"))).await?;
            }
        }
        return Ok(());
    }
    for w in words {
        let entry = rows().find(|(n, s, _)| *n == w && section.as_ref().is_none_or(|x| x == s));
        let Some((name, number, about)) = entry else {
            let tail = section.as_ref().map_or_else(String::new, |s| format!(" in section {s}"));
            c.sys.eprint(format!("No manual entry for {w}{tail}\n")).await;
            c.code = 16;
            continue;
        };
        let text = page(c, name, number, about).await;
        show(c, text).await?;
    }
    if c.code > 0 { Err(Stop::Code(c.code)) } else { Ok(()) }
}

/// What a command says of itself; empty where it is not there.
async fn help(c: &mut Cli, name: &str) -> String {
    if c.find_program(name).await.is_empty() {
        return String::new();
    }
    let Ok((r, w)) = c.sys.pipe().await else { return String::new() };
    let Ok(null) = c.sys.open("/dev/null", layerlab_kernel::OpenFlags::READ_WRITE, 0).await else {
        return String::new();
    };
    let pid = c.start(vec![name.to_owned(), "--help".to_owned()], &[(0, null), (1, w), (2, null)]).await;
    let _ = c.sys.close(w).await;
    let _ = c.sys.close(null).await;
    let text = match &pid {
        Ok(_) => c.sys.read_all(r).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let _ = c.sys.close(r).await;
    if let Ok(pid) = pid {
        let _ = c.sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await;
    }
    String::from_utf8_lossy(&text).into_owned()
}

async fn page(c: &mut Cli, name: &str, section: &str, about: &str) -> String {
    let color = c.sys.is_atty(1).await;
    let width = c.sys.win_size(1).await.map_or(80, |s| usize::from(s.cols)).clamp(40, 100);
    let strong = |t: &str| if color { format!("\x1b[1m{t}\x1b[0m") } else { t.to_owned() };
    let title = format!("{}({section})", name.to_uppercase());
    let middle = if section == "8" { "System Administration" } else { "User Commands" };
    let gap = width.saturating_sub(2 * title.len() + middle.len());
    let head = format!("{title}{}{middle}{}{title}\n\n", " ".repeat(gap / 2), " ".repeat(gap - gap / 2));
    let mut out = format!("{head}{}\n       {name} - {about}\n\n", strong("NAME"));
    let text = help(c, name).await;
    let lines = text.lines();
    let (mut synopsis, mut description, mut options) = (Vec::new(), Vec::new(), Vec::new());
    for l in lines {
        let bare = l.trim();
        if let Some(u) = bare.strip_prefix("Usage:").or(bare.strip_prefix("usage:")) {
            if !u.trim().is_empty() {
                synopsis.push(u.trim().to_owned());
            }
        } else if bare.starts_with('-') || !options.is_empty() {
            options.push(l.to_owned());
        } else if !bare.is_empty() {
            description.push(bare.to_owned());
        }
    }
    if synopsis.is_empty() {
        synopsis.push(format!("{name} [OPTION]... [ARG]..."));
    }
    out.push_str(&format!("{}\n", strong("SYNOPSIS")));
    for s in synopsis {
        out.push_str(&format!("       {s}\n"));
    }
    if !description.is_empty() {
        out.push_str(&format!("\n{}\n", strong("DESCRIPTION")));
        for d in description {
            out.push_str(&wrap(&d, width.saturating_sub(7)));
        }
    }
    if !options.is_empty() {
        out.push_str(&format!("\n{}\n", strong("OPTIONS")));
        for o in options {
            out.push_str(&format!("       {}\n", o.trim_end()));
        }
    }
    out.push_str("\nThis is a page of the simulated machine: it names what works here.\n");
    out
}

fn wrap(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.len() + 1 + word.len() > width {
            out.push_str(&format!("       {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out + &format!("       {line}\n")
}

/// Through the pager on a terminal.
async fn show(c: &mut Cli, text: String) -> Run<()> {
    if !c.sys.is_atty(1).await || c.find_program("less").await.is_empty() {
        return c.put(text).await;
    }
    let Ok((r, w)) = c.sys.pipe().await else { return c.put(text).await };
    let pid = c.start(vec!["less".to_owned()], &[(0, r)]).await;
    let _ = c.sys.close(r).await;
    let Ok(pid) = pid else {
        let _ = c.sys.close(w).await;
        return c.put(text).await;
    };
    let _ = c.sys.write_all(w, text.into_bytes()).await;
    let _ = c.sys.close(w).await;
    while c.sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await == Err(layerlab_kernel::Errno::EINTR) {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        // What answers on a site of the simulated internet is nobody's command.
        let commands = crate::PROGRAMS.iter().map(|(n, _)| *n).filter(|n| *n != "githost");
        let missing: Vec<&str> = commands.filter(|n| !rows().any(|(name, ..)| name == *n)).collect();
        assert!(missing.is_empty(), "no line in man/names.txt: {missing:?}");
    }
}
