//! `find`: walks folders and tests what is there.

mod parse;
mod printf;

use layerlab_kernel::{Errno, ExitStatus, Fd, FileType, OpenFlags, Stat};

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, Stop, path, quote};
use crate::regex::{Kind, Pattern};

const SPEC: Spec = Spec::new(
    "[-H] [-L] [-P] [path...] [expression]",
    "Search for files in a directory hierarchy. Tests: -name -iname -path -regex -type -size -mtime -newer -perm -user -empty and more; \
     actions: -print -print0 -printf -ls -delete -prune -quit -exec -ok; operators: ( ) ! -a -o ,",
    "",
)
.version("GNU findutils) 4.10.0 (simulated");

/// Part of the expression.
enum Test {
    Name(String, bool),
    Path(String, bool),
    LinkName(String, bool),
    Regex(Pattern),
    /// Of the name itself, or of what a link leads to.
    Type(Vec<char>, bool),
    Size(char, u64, u64),
    /// Which time, sign, how many, of how many seconds.
    Time(char, char, f64, f64),
    Newer(char, (i64, u32)),
    Same(u64, u64),
    /// Inode, links, uid or gid.
    Number(char, char, u64),
    Perm(char, u32),
    Nobody(bool),
    May(char),
    FsType(String),
    Empty,
    True,
    False,
    Print(Option<usize>, &'static str),
    Printf(Option<usize>, String),
    Ls(Option<usize>),
    Delete,
    Prune,
    Quit,
    Exec {
        argv: Vec<String>,
        batch: bool,
        dir: bool,
        ask: bool,
    },
    Not(Box<Test>),
    And(Vec<Test>),
    Or(Vec<Test>),
    List(Vec<Test>),
}

/// A name and what is known of it.
struct Seen<'a> {
    path: &'a str,
    root: &'a str,
    depth: usize,
    stat: &'a Stat,
    now: i64,
    zone: &'a crate::cli::zone::Zone,
    names: &'a Names,
}

#[derive(Default)]
struct Effects {
    prune: bool,
    quit: bool,
    /// What `-exec … +` collects: the command, its folder and its files.
    batches: Vec<(Vec<String>, Option<String>, Vec<String>)>,
    outputs: Vec<Fd>,
}

/// The type of the file system that a path lies on.
async fn fs_type(c: &Cli, at: &str) -> String {
    let full = c.sys.real_path(at).await.unwrap_or_else(|_| at.to_owned());
    let mounts = c.sys.mounts().await.unwrap_or_default();
    let within = |m: &str| full == m || m == "/" || full.starts_with(&format!("{}/", m.trim_end_matches('/')));
    mounts
        .iter()
        .filter(|m| within(&m.path))
        .max_by_key(|m| m.path.len())
        .map_or_else(|| "unknown".to_owned(), |m| format!("{:?}", m.kind).to_lowercase())
}

async fn put(c: &mut Cli, fx: &Effects, to: Option<usize>, bytes: Vec<u8>) -> Run<()> {
    match to.and_then(|n| fx.outputs.get(n)) {
        Some(fd) => c.sys.write_all(*fd, bytes).await.map_err(Stop::Output),
        None => c.put(bytes).await,
    }
}

/// Runs a command, in a folder where one is given; whether it ended well.
async fn command(c: &mut Cli, argv: Vec<String>, dir: Option<&str>) -> bool {
    let name = argv.first().cloned().unwrap_or_default();
    let back = match dir {
        Some(d) => {
            let here = c.sys.getcwd().await.ok();
            if let Err(e) = c.sys.chdir(d).await {
                c.fail(format!("{}: {e}", quote::word(d))).await;
                return false;
            }
            here
        }
        None => None,
    };
    let result = c.run_child(argv).await;
    if let Some(here) = back {
        let _ = c.sys.chdir(&here).await;
    }
    match result {
        Ok(status) => status == ExitStatus::Code(0),
        Err(e) => {
            c.warn(format!("{}: {e}", quote::word(&name))).await;
            false
        }
    }
}

async fn asked(c: &mut Cli, argv: &[String], path: &str) -> bool {
    let _ = c.flush().await;
    let (name, file) = (argv.first().map_or("", String::as_str), path);
    c.sys.eprint(format!("< {name} ... {file} > ? ")).await;
    let mut line = Vec::new();
    while let Ok(b) = c.sys.read(0, 1).await {
        if b.is_empty() || b.first() == Some(&b'\n') {
            break;
        }
        line.extend_from_slice(&b);
    }
    line.first().is_some_and(|b| matches!(b, b'y' | b'Y'))
}

/// Whether it holds; actions are carried out.
#[allow(clippy::too_many_lines, reason = "one arm a primary")]
async fn holds(c: &mut Cli, t: &Test, s: &Seen<'_>, fx: &mut Effects) -> Run<bool> {
    let compare = |sign: char, n: u64, with: u64| match sign {
        '+' => n > with,
        '-' => n < with,
        _ => n == with,
    };
    let fits = |p: &str, text: &str, fold: bool| {
        if fold { crate::glob::matches(p, &text.to_lowercase()) } else { crate::glob::matches(p, text) }
    };
    Ok(match t {
        Test::Name(p, fold) => fits(p, path::base(s.path), *fold),
        Test::Path(p, fold) => fits(p, s.path, *fold),
        Test::LinkName(p, fold) => {
            s.stat.file_type == FileType::Symlink && c.sys.readlink(s.path).await.is_ok_and(|to| fits(p, &to, *fold))
        }
        Test::Regex(r) => r.is_match(s.path),
        Test::Type(kinds, false) => kinds.contains(&printf::letter(s.stat.file_type)),
        Test::Type(kinds, true) => match c.sys.stat(s.path).await {
            Ok(st) => kinds.contains(&printf::letter(st.file_type)),
            Err(_) => kinds.contains(&'l'),
        },
        Test::Size(sign, n, unit) => {
            let size = if s.stat.file_type == FileType::Dir { s.stat.size.max(4096) } else { s.stat.size };
            compare(*sign, size.div_ceil(*unit), *n)
        }
        Test::Time(which, sign, n, unit) => {
            let age = ((s.now / 1_000_000_000 - s.stat.time(*which).0) as f64 / unit).max(0.0);
            match sign {
                '+' => age.floor() > *n,
                '-' => age < *n,
                _ => age.floor() == n.floor(),
            }
        }
        Test::Newer(which, than) => s.stat.time(*which) > *than,
        Test::Same(dev, ino) => (s.stat.dev, s.stat.ino) == (*dev, *ino),
        Test::Number(what, sign, n) => {
            let have = match what {
                'i' => s.stat.ino,
                'l' => s.stat.nlink.into(),
                'u' => s.stat.uid.into(),
                _ => s.stat.gid.into(),
            };
            compare(*sign, have, *n)
        }
        Test::Perm('-', m) => s.stat.mode & m == *m,
        Test::Perm('/', m) => *m == 0 || s.stat.mode & m != 0,
        Test::Perm(_, m) => s.stat.mode == *m,
        Test::Nobody(true) => !s.names.users.iter().any(|u| u.uid == s.stat.uid),
        Test::Nobody(false) => !s.names.groups.iter().any(|g| g.gid == s.stat.gid),
        Test::May(what) => c.sys.access(s.path, *what == 'r', *what == 'w', *what == 'e').await.is_ok(),
        Test::FsType(t) => fs_type(c, s.path).await == *t,
        Test::Empty => match s.stat.file_type {
            FileType::File => s.stat.size == 0,
            FileType::Dir => c.sys.read_dir(s.path).await.is_ok_and(|n| n.is_empty()),
            _ => false,
        },
        Test::True => true,
        Test::False => false,
        Test::Print(to, end) => {
            put(c, fx, *to, format!("{}{end}", s.path).into_bytes()).await?;
            true
        }
        Test::Printf(to, format) => {
            let bytes = printf::printf(c, format, s).await;
            put(c, fx, *to, bytes).await?;
            true
        }
        Test::Ls(to) => {
            let line = printf::ls(c, s).await;
            put(c, fx, *to, line.into_bytes()).await?;
            true
        }
        Test::Delete => {
            if s.path == "." {
                return Ok(true);
            }
            let dir = s.stat.file_type == FileType::Dir;
            let r = if dir { c.sys.rmdir(s.path).await } else { c.sys.unlink(s.path).await };
            if let Err(e) = &r {
                c.fail(format!("cannot delete {}: {e}", quote::word(s.path))).await;
            }
            r.is_ok()
        }
        Test::Prune => {
            fx.prune = true;
            true
        }
        Test::Quit => {
            fx.quit = true;
            true
        }
        Test::Exec { argv, batch, dir, ask } => {
            let (folder, name) = if *dir {
                (Some(path::dir(s.path).to_owned()), format!("./{}", path::base(s.path)))
            } else {
                (None, s.path.to_owned())
            };
            if *batch {
                match fx.batches.iter_mut().find(|b| b.0 == *argv && b.1 == folder) {
                    Some(b) => b.2.push(name),
                    None => fx.batches.push((argv.clone(), folder, vec![name])),
                }
                return Ok(true);
            }
            let argv: Vec<String> = argv.iter().map(|a| a.replace("{}", &name)).collect();
            if *ask && !asked(c, &argv, s.path).await {
                return Ok(false);
            }
            command(c, argv, folder.as_deref()).await
        }
        Test::Not(inner) => !Box::pin(holds(c, inner, s, fx)).await?,
        Test::And(parts) => {
            for p in parts {
                if !Box::pin(holds(c, p, s, fx)).await? || fx.quit {
                    return Ok(false);
                }
            }
            true
        }
        Test::Or(parts) => {
            for p in parts {
                if Box::pin(holds(c, p, s, fx)).await? || fx.quit {
                    return Ok(true);
                }
            }
            false
        }
        Test::List(parts) => {
            let mut last = false;
            for p in parts {
                last = Box::pin(holds(c, p, s, fx)).await?;
            }
            last
        }
    })
}

/// One to be looked at.
struct Todo {
    path: String,
    depth: usize,
    done: bool,
    /// The folders that it lies in, for loops of links.
    above: Vec<(u64, u64)>,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    if matches!(args.as_slice(), [a] if matches!(a.as_str(), "--help" | "--version" | "-help" | "-version")) {
        let long = format!("--{}", args[0].trim_start_matches('-'));
        c.parse_args(&SPEC, vec![long]).await?;
        return Ok(());
    }
    let mut at = 0;
    let (mut follow, mut first) = (false, false);
    while let Some(o) = args.get(at).map(String::as_str) {
        match o {
            "-H" => (follow, first) = (false, true),
            "-L" => (follow, first) = (true, true),
            "-P" => (follow, first) = (false, false),
            o if o.starts_with("-O") || o == "--" => {}
            _ => break,
        }
        at += 1;
    }
    let end = (at..args.len())
        .find(|i| args[*i].len() > 1 && args[*i].starts_with('-') || matches!(args[*i].as_str(), "(" | "!" | ")" | ","))
        .unwrap_or(args.len());
    let mut roots = args[at..end].to_vec();
    if roots.is_empty() {
        roots.push(".".to_owned());
    }
    let words = &args[end..];
    let mut refs = Vec::new();
    for pair in words.windows(2).filter(|p| p[0].contains("newer") || p[0] == "-samefile") {
        let s = if follow { c.sys.stat(&pair[1]).await } else { c.sys.lstat(&pair[1]).await };
        refs.push((pair[1].clone(), s.ok()));
    }
    let names = Names::load(&c.sys).await;
    let now = c.sys.wall_clock();
    let mut p = parse::Parser {
        words,
        at: 0,
        max: usize::MAX,
        min: 0,
        acts: false,
        depth_first: false,
        one_fs: false,
        follow,
        now,
        zone: c.zone().await,
        refs,
        names,
        kind: Kind::Basic,
        outputs: Vec::new(),
    };
    let mut test = match p.list(0) {
        Ok(t) if p.at >= words.len() => t,
        Ok(_) => return c.die(1, "invalid expression; you have too many ')'").await,
        Err(e) => return c.die(1, e).await,
    };
    if !p.acts {
        test = Test::And(vec![test, Test::Print(None, "\n")]);
    }
    let follow = p.follow;
    let mut fx = Effects::default();
    for o in &p.outputs {
        let fd = match o.as_str() {
            "/dev/stdout" => Ok(1),
            "/dev/stderr" => Ok(2),
            o => c.sys.open(o, OpenFlags::CREATE, 0o666).await,
        };
        match fd {
            Ok(fd) => fx.outputs.push(fd),
            Err(e) => return c.die(1, format!("{}: {e}", quote::word(o))).await,
        }
    }
    'roots: for root in roots {
        let mut device = None;
        let mut stack = vec![Todo { path: root.clone(), depth: 0, done: false, above: Vec::new() }];
        while let Some(Todo { path: at, depth, done, above }) = stack.pop() {
            let through = follow || first && depth == 0;
            let mut stat = if through { c.sys.stat(&at).await } else { c.sys.lstat(&at).await };
            // A link that leads nowhere is itself.
            if through && matches!(stat, Err(Errno::ENOENT | Errno::ELOOP | Errno::ENOTDIR)) {
                let looped = matches!(stat, Err(Errno::ELOOP));
                stat = c.sys.lstat(&at).await;
                if looped && stat.is_ok() {
                    c.fail(format!("{}: {}", quote::word(&at), Errno::ELOOP)).await;
                    continue;
                }
            }
            let stat = match stat {
                Ok(s) => s,
                Err(e) => {
                    c.fail(format!("{}: {e}", quote::word(&at))).await;
                    continue;
                }
            };
            let dir = stat.file_type == FileType::Dir && depth < p.max;
            let own = (stat.dev, stat.ino);
            if follow && stat.file_type == FileType::Dir && !done && above.contains(&own) {
                let text = format!(
                    "File system loop detected; {} is part of the same file system loop as {}.",
                    quote::word(&at),
                    quote::word(path::dir(&at))
                );
                c.fail(text).await;
                continue;
            }
            let device = *device.get_or_insert(stat.dev);
            let enter = dir && !(p.one_fs && stat.dev != device);
            fx.prune = false;
            if depth >= p.min && (done || !p.depth_first || !enter) {
                let seen = Seen { path: &at, root: &root, depth, stat: &stat, now, zone: &p.zone, names: &p.names };
                holds(c, &test, &seen, &mut fx).await?;
                if fx.quit {
                    break 'roots;
                }
            }
            if enter && !done && (!fx.prune || p.depth_first) {
                let mut inner = above.clone();
                if follow {
                    inner.push(own);
                }
                if p.depth_first {
                    stack.push(Todo { path: at.clone(), depth, done: true, above });
                }
                match c.sys.read_dir(&at).await {
                    Ok(found) => stack.extend(found.into_iter().rev().map(|n| Todo {
                        path: path::join(&at, &n.name),
                        depth: depth + 1,
                        done: false,
                        above: inner.clone(),
                    })),
                    Err(e) => c.fail(format!("{}: {e}", quote::word(&at))).await,
                }
            }
        }
    }
    for (argv, dir, files) in std::mem::take(&mut fx.batches) {
        if !command(c, argv.into_iter().chain(files).collect(), dir.as_deref()).await {
            c.code = 1;
        }
    }
    Ok(())
}
