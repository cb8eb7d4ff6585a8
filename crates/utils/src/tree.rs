//! `tree`: a folder as a tree.

use layerlab_kernel::FileType;

use crate::cli::{Cli, Run, Spec, human, path};

const SPEC: Spec = Spec::new(
    "[options] [directory...]",
    "List contents of directories in a tree-like format.",
    "a d L= f h s F C n I= P= i noreport dirsfirst p u g D r t",
)
.version("tree) v2.2.1 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let most: usize = p.value("L").and_then(|l| l.parse().ok()).unwrap_or(usize::MAX);
    let roots = if p.operands.is_empty() { vec![".".to_owned()] } else { p.operands.clone() };
    let color = p.has("C") || c.sys.is_atty(1).await && !p.has("n");
    let paint =
        |name: &str, dir: bool| if color && dir { format!("\x1b[01;34m{name}\x1b[0m") } else { name.to_owned() };
    let (mut dirs, mut files) = (0, 0);
    for root in roots {
        if c.sys.read_dir(&root).await.is_err() {
            c.put(format!("{root}  [error opening dir]\n")).await?;
            c.code = 2;
            continue;
        }
        dirs += 1;
        let own = c.sys.lstat(&root).await.map_or(0, |s| s.nominal_size).max(4096);
        let size = match (p.has("h"), p.has("s")) {
            (true, _) => format!("[{:>4}]  ", human::size(own)),
            (_, true) => format!("[{own:>11}]  "),
            _ => String::new(),
        };
        c.put(format!("{size}{}\n", paint(&root, true))).await?;
        // Path, name, lines before it, whether it is the last one in its folder, depth.
        let mut stack: Vec<(String, String, String, bool, usize)> = Vec::new();
        let push = async |c: &Cli,
                          dir: &str,
                          lead: &str,
                          depth: usize,
                          stack: &mut Vec<(String, String, String, bool, usize)>| {
            let mut names = c.sys.read_dir(dir).await.unwrap_or_default();
            names.retain(|n| p.has("a") || !n.name.starts_with('.'));
            if p.has("d") {
                let mut kept = Vec::new();
                for n in names {
                    let link = n.file_type == FileType::Symlink;
                    if n.file_type == FileType::Dir || link && leads_to_dir(c, &path::join(dir, &n.name)).await {
                        kept.push(n);
                    }
                }
                names = kept;
            }
            names.retain(|n| !p.values("I").iter().any(|i| i.split('|').any(|i| crate::glob::matches(i, &n.name))));
            names.retain(|n| {
                n.file_type == FileType::Dir || p.value("P").is_none_or(|w| crate::glob::matches(w, &n.name))
            });
            if p.has("dirsfirst") {
                names.sort_by_key(|n| n.file_type != FileType::Dir);
            }
            let n = names.len();
            let items = names.into_iter().enumerate().rev();
            stack.extend(items.map(|(i, e)| (path::join(dir, &e.name), e.name, lead.to_owned(), i + 1 == n, depth)));
        };
        push(c, &root, "", 1, &mut stack).await;
        while let Some((at, name, lead, last, depth)) = stack.pop() {
            let Ok(s) = c.sys.lstat(&at).await else { continue };
            let dir = s.file_type == FileType::Dir;
            if dir || s.file_type == FileType::Symlink && leads_to_dir(c, &at).await {
                dirs += 1;
            } else {
                files += 1;
            }
            let branch = if p.has("i") {
                ""
            } else if last {
                "└── "
            } else {
                "├── "
            };
            let size = if p.has("h") {
                format!("[{:>4}]  ", human::size(s.nominal_size.max(if dir { 4096 } else { 0 })))
            } else if p.has("s") {
                format!("[{:>11}]  ", s.nominal_size.max(if dir { 4096 } else { 0 }))
            } else {
                String::new()
            };
            let shown = if p.has("f") { &at } else { &name };
            let mut line = format!("{lead}{branch}{size}{}", paint(shown, dir));
            if s.file_type == FileType::Symlink {
                line.push_str(&format!(" -> {}", c.sys.readlink(&at).await.unwrap_or_default()));
            } else if p.has("F") && dir {
                line.push('/');
            } else if p.has("F") && s.mode & 0o111 != 0 {
                line.push('*');
            }
            c.put(format!("{line}\n")).await?;
            if dir && depth < most {
                let below = if p.has("i") {
                    String::new()
                } else {
                    format!("{lead}{}", if last { "    " } else { "│\u{a0}\u{a0} " })
                };
                push(c, &at, &below, depth + 1, &mut stack).await;
            }
        }
    }
    if p.has("noreport") {
        return Ok(());
    }
    let plural = |n: u64, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let report = if p.has("d") {
        plural(dirs, "directory", "directories")
    } else {
        format!("{}, {}", plural(dirs, "directory", "directories"), plural(files, "file", "files"))
    };
    c.put(format!("\n{report}\n")).await
}

/// Whether a link leads to a directory: it counts as one, and is not entered.
async fn leads_to_dir(c: &Cli, path: &str) -> bool {
    c.sys.stat(path).await.is_ok_and(|s| s.file_type == FileType::Dir)
}
