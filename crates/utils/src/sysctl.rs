//! `sysctl`: the kernel's settings, from `/proc/sys`.

use layerlab_kernel::{Errno, FileType};

use crate::cli::{Cli, Parsed, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[options] [variable[=value] ...]",
    "Configure kernel parameters at runtime.",
    "a|A|X|all b|binary e|ignore N|names n|values p|load? f q|quiet w|write o x d r|pattern= system dry-run",
)
.version("procps-ng 4.0.4 (simulated");

const ROOT: &str = "/proc/sys/";

fn path(key: &str) -> String {
    // `net/ipv4/ip_forward` is a name too; with slashes, dots are part of names.
    let slash = key.find('/').unwrap_or(usize::MAX) < key.find('.').unwrap_or(usize::MAX);
    let inner = if slash {
        key.to_owned()
    } else {
        key.chars()
            .map(|c| {
                if c == '.' {
                    '/'
                } else if c == '/' {
                    '.'
                } else {
                    c
                }
            })
            .collect()
    };
    format!("{ROOT}{inner}")
}

fn key_of(path: &str) -> String {
    let inner = path.strip_prefix(ROOT).unwrap_or(path);
    inner
        .chars()
        .map(|c| {
            if c == '/' {
                '.'
            } else if c == '.' {
                '/'
            } else {
                c
            }
        })
        .collect()
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.has("a") {
        return all(c, &p).await;
    }
    if p.has("p") || p.has("system") {
        // The file's name may be an operand, as with procps.
        let mut files: Vec<String> = p.value("p").map(str::to_owned).into_iter().chain(p.operands.clone()).collect();
        if p.has("system") {
            for dir in ["/usr/lib/sysctl.d", "/etc/sysctl.d"] {
                let names = c.sys.read_dir(dir).await.unwrap_or_default();
                files.extend(names.iter().filter(|e| e.name.ends_with(".conf")).map(|e| format!("{dir}/{}", e.name)));
            }
            files.push("/etc/sysctl.conf".to_owned());
        } else if files.is_empty() {
            files.push("/etc/sysctl.conf".to_owned());
        }
        for f in files {
            load(c, &p, &f).await?;
        }
        return Ok(());
    }
    if p.operands.is_empty() {
        return c.usage(1, "no variables specified").await;
    }
    for word in &p.operands {
        match word.split_once('=') {
            Some((key, value)) => write(c, &p, key.trim(), value.trim(), p.has("e")).await?,
            None if p.has("w") => {
                let text = if c.variant == "busybox" {
                    format!("error: '{word}' must be of the form name=value")
                } else {
                    format!("\"{word}\" must be of the form name=value")
                };
                c.fail(text).await;
            }
            None => read(c, &p, word).await?,
        }
    }
    Ok(())
}

async fn load(c: &mut Cli, p: &Parsed, file: &str) -> Run<()> {
    let text = match c.slurp(file).await {
        Ok(t) => String::from_utf8_lossy(&t).into_owned(),
        Err(_) if p.has("system") => return Ok(()),
        Err(e) => {
            c.fail(format!("cannot open \"{file}\": {e}")).await;
            return Ok(());
        }
    };
    if p.has("system") {
        c.put(format!("* Applying {file} ...\n")).await?;
    }
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', ';'])) {
        // A minus before a name: errors do not count.
        let (line, ignore) = line.strip_prefix('-').map_or((line, p.has("e")), |l| (l, true));
        match line.split_once('=') {
            Some((key, value)) => write(c, p, key.trim(), value.trim(), ignore).await?,
            None => c.warn(format!("{file}: invalid syntax, continuing...")).await,
        }
    }
    Ok(())
}

async fn missing(c: &mut Cli, key: &str, e: Errno) {
    match e {
        Errno::ENOENT if c.variant == "busybox" => c.fail(format!("error: '{key}' is an unknown key")).await,
        Errno::ENOENT => c.fail(format!("cannot stat {}: {e}", path(key))).await,
        Errno::EACCES | Errno::EPERM => c.fail(format!("permission denied on key \"{}\"", key_of(&path(key)))).await,
        e => c.fail(format!("reading key \"{}\": {e}", key_of(&path(key)))).await,
    }
}

async fn print(c: &mut Cli, p: &Parsed, key: &str, text: &str) -> Run<()> {
    if p.has("N") {
        return c.put(format!("{key}\n")).await;
    }
    if text.is_empty() && !p.has("n") {
        return c.put(format!("{key} = \n")).await;
    }
    for line in text.lines() {
        c.put(if p.has("n") { format!("{line}\n") } else { format!("{key} = {line}\n") }).await?;
    }
    Ok(())
}

async fn read(c: &mut Cli, p: &Parsed, key: &str) -> Run<()> {
    let file = path(key);
    match c.sys.stat(&file).await {
        Err(e) if !(p.has("e") && e == Errno::ENOENT) => {
            missing(c, key, e).await;
            return Ok(());
        }
        Ok(s) if s.file_type == FileType::Dir => return below(c, p, &file).await,
        _ => {}
    }
    match c.sys.read_file(&file).await {
        Ok(t) => print(c, p, &key_of(&file), &String::from_utf8_lossy(&t)).await,
        Err(Errno::ENOENT) if p.has("e") => Ok(()),
        Err(e) => {
            missing(c, key, e).await;
            Ok(())
        }
    }
}

async fn below(c: &mut Cli, p: &Parsed, top: &str) -> Run<()> {
    let mut todo = vec![top.trim_end_matches('/').to_owned()];
    while let Some(place) = todo.pop() {
        if let Ok(entries) = c.sys.read_dir(&place).await {
            todo.extend(entries.iter().rev().map(|e| format!("{place}/{}", e.name)));
            continue;
        }
        let key = key_of(&place);
        match c.sys.read_file(&place).await {
            Ok(t) => print(c, p, &key, &String::from_utf8_lossy(&t)).await?,
            Err(Errno::EACCES | Errno::EPERM) => c.warn(format!("permission denied on key '{key}'")).await,
            Err(_) => {}
        }
    }
    Ok(())
}

async fn all(c: &mut Cli, p: &Parsed) -> Run<()> {
    if c.sys.stat(ROOT).await.is_err() {
        c.warn(format!("unable to open directory \"{ROOT}\"")).await;
        return Err(Stop::Code(1));
    }
    below(c, p, ROOT).await
}

async fn write(c: &mut Cli, p: &Parsed, key: &str, value: &str, ignore: bool) -> Run<()> {
    let file = path(key);
    if let Err(e) = c.sys.stat(&file).await {
        if !ignore {
            missing(c, key, e).await;
        }
        return Ok(());
    }
    let value = value.trim_matches('"');
    let name = key_of(&file);
    match c.sys.write_file(&file, format!("{value}\n"), 0o644).await {
        Ok(()) if p.has("q") => Ok(()),
        Ok(()) => print(c, p, &name, value).await,
        Err(_) if ignore => Ok(()),
        Err(e) if c.variant == "busybox" => {
            c.fail(format!("error setting key '{name}': {e}")).await;
            Ok(())
        }
        Err(Errno::EACCES) => {
            c.fail(format!("permission denied on key \"{name}\"")).await;
            Ok(())
        }
        Err(e) => {
            c.fail(format!("setting key \"{name}\": {e}")).await;
            Ok(())
        }
    }
}
