//! `namei`: a path, name by name.

use layerlab_kernel::FileType;

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[options] <pathname>...",
    "Follow a pathname until a terminal point is found.",
    "x|mountpoints m|modes o|owners l|long n|nosymlinks v|vertical Z|context",
)
.version("util-linux 2.41 (simulated");

/// Links that are followed at most.
const LINKS: usize = 20;

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() {
        return c.usage(1, "pathname argument is missing").await;
    }
    let names = Names::load(&c.sys).await;
    let (modes, owners) = (p.has("m") || p.has("l"), p.has("o") || p.has("l"));
    for path in &p.operands {
        c.put(format!("f: {path}\n")).await?;
        let mut links = 0;
        // Names still to come, the next one last, and how deep each stands in links.
        let mut todo: Vec<(String, usize)> = parts(path).into_iter().rev().map(|n| (n, 0)).collect();
        let mut here = String::new();
        while let Some((name, deep)) = todo.pop() {
            let full = match (name.as_str(), here.as_str()) {
                ("/", _) => "/".to_owned(),
                (n, "") => n.to_owned(),
                (n, h) => crate::cli::path::join(h, n),
            };
            let lead = " ".repeat(deep * 2);
            let stat = match c.sys.lstat(&full).await {
                Ok(s) => s,
                Err(e) => {
                    let gap = usize::from(modes) * 10 + usize::from(owners) * 12;
                    let gap = if gap == 0 { 2 } else { gap };
                    c.put(format!("{lead}{}{name} - {e}\n", " ".repeat(gap + 1))).await?;
                    c.code = 1;
                    break;
                }
            };
            let mut line = if modes {
                crate::ls::mode_text(&stat)
            } else {
                let kind = match stat.file_type {
                    FileType::Dir => 'd',
                    FileType::Symlink => 'l',
                    FileType::File => '-',
                    FileType::Char => 'c',
                    FileType::Block => 'b',
                    FileType::Fifo => 'p',
                    FileType::Socket => 's',
                };
                format!(" {kind}")
            };
            if owners {
                line += &format!(" {:<4} {:<4}", names.user(stat.uid), names.group(stat.gid));
            }
            let target = if stat.file_type == FileType::Symlink { c.sys.readlink(&full).await.ok() } else { None };
            let arrow = target.as_ref().map_or(String::new(), |t| format!(" -> {t}"));
            c.put(format!("{lead}{line} {name}{arrow}\n")).await?;
            match target.filter(|_| !p.has("n")) {
                Some(t) => {
                    links += 1;
                    if links > LINKS {
                        c.fail(format!("{path}: exceeded limit of symlinks")).await;
                        break;
                    }
                    todo.extend(parts(&t).into_iter().rev().map(|n| (n, deep + 1)));
                }
                None => here = full,
            }
        }
    }
    Ok(())
}

fn parts(path: &str) -> Vec<String> {
    let root = path.starts_with('/').then(|| "/".to_owned());
    root.into_iter().chain(path.split('/').filter(|n| !n.is_empty()).map(str::to_owned)).collect()
}
