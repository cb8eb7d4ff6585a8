//! `install`: copies files and sets their attributes.

use layerlab_kernel::{FileType, OpenFlags};

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [-T] SOURCE DEST  or  SOURCE... DIRECTORY  or  -d DIRECTORY...",
    "Copy files and set attributes.",
    "b backup? c C|compare D d|directory g|group= m|mode= o|owner= p|preserve-timestamps s|strip strip-program= S|suffix= t|target-directory= T|no-target-directory v|verbose Z",
);

/// All directories of a path that are missing.
async fn make_all(c: &mut Cli, dir: &str, verbose: bool) -> bool {
    let mut at = String::new();
    for part in dir.split_inclusive('/') {
        at.push_str(part);
        let name = at.trim_end_matches('/');
        if name.is_empty() || c.sys.stat(name).await.is_ok_and(|s| s.file_type == FileType::Dir) {
            continue;
        }
        if let Err(e) = c.sys.mkdir(name, 0o755).await {
            c.fail(format!("cannot create directory {}: {e}", quote::word(name))).await;
            return false;
        }
        if verbose {
            let text = format!("install: creating directory {}\n", quote::always(name));
            let _ = c.put(text).await;
        }
    }
    true
}

struct Attributes {
    mode: u32,
    uid: Option<u32>,
    gid: Option<u32>,
}

impl Attributes {
    async fn set(&self, c: &mut Cli, file: &str) {
        if (self.uid.is_some() || self.gid.is_some())
            && let Err(e) = c.sys.chown(file, self.uid, self.gid, true).await
        {
            c.fail(format!("cannot change ownership of {}: {e}", quote::always(file))).await;
        }
        if let Err(e) = c.sys.chmod(file, self.mode).await {
            c.fail(format!("cannot change permissions of {}: {e}", quote::always(file))).await;
        }
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mode = match p.value("m") {
        None => 0o755,
        Some(m) => match crate::chmod::change(m, 0, p.has("d"), 0) {
            Some(mode) => mode,
            None => return c.die(1, format!("invalid mode {}", quote::word(m))).await,
        },
    };
    let names = Names::load(&c.sys).await;
    let mut a = Attributes { mode, uid: None, gid: None };
    if let Some(o) = p.value("o") {
        a.uid = names.uid(o);
        if a.uid.is_none() {
            return c.die(1, format!("invalid user: {}", quote::word(o))).await;
        }
    }
    if let Some(g) = p.value("g") {
        a.gid = names.gid(g);
        if a.gid.is_none() {
            return c.die(1, format!("invalid group: {}", quote::word(g))).await;
        }
    }
    let verbose = p.has("v");
    if p.operands.is_empty() {
        return c.usage(1, "missing file operand").await;
    }
    if p.has("d") {
        for d in &p.operands {
            if make_all(c, d, verbose).await {
                a.set(c, d).await;
            }
        }
        return Ok(());
    }
    if p.has("D") && !p.has("t") && p.operands.len() == 2 {
        let to = p.operands.last().cloned().unwrap_or_default();
        if !make_all(c, path::dir(&to), verbose).await {
            return Ok(());
        }
    } else if let (true, Some(t)) = (p.has("D"), p.value("t")) {
        make_all(c, t, verbose).await;
    }
    let (sources, target, into) = crate::copy::target(c, &p).await?;
    for from in sources {
        let to = if into { path::join(&target, path::base(&from)) } else { target.clone() };
        let s = match c.sys.stat(&from).await {
            Ok(s) if s.file_type == FileType::Dir => {
                c.fail(format!("omitting directory {}", quote::always(&from))).await;
                continue;
            }
            Ok(s) => s,
            Err(e) => {
                c.fail(format!("cannot stat {}: {e}", quote::always(&from))).await;
                continue;
            }
        };
        if let Ok(t) = c.sys.stat(&to).await {
            if (t.dev, t.ino) == (s.dev, s.ino) {
                c.fail(format!("{} and {} are the same file", quote::always(&from), quote::always(&to))).await;
                continue;
            }
            if p.has("b") || p.has("backup") {
                let _ = c.sys.rename(&to, &format!("{to}{}", p.value("S").unwrap_or("~"))).await;
            } else {
                let _ = c.sys.unlink(&to).await;
            }
        }
        let copied = async {
            let bytes = c.sys.read_file(&from).await?;
            let fd = c.sys.open(&to, OpenFlags::CREATE, 0o600).await?;
            let r = c.sys.write_all(fd, bytes).await;
            c.sys.close(fd).await?;
            r
        };
        if let Err(e) = copied.await {
            c.fail(format!("cannot create regular file {}: {e}", quote::always(&to))).await;
            continue;
        }
        if s.nominal_size != s.size {
            let _ = c.sys.set_nominal_size(&to, s.nominal_size).await;
        }
        a.set(c, &to).await;
        if p.has("p") {
            let _ = c.sys.utimes(&to, Some((s.mtime, s.mtime_nsec))).await;
        }
        if verbose {
            c.put(format!("{} -> {}\n", quote::always(&from), quote::always(&to))).await?;
        }
    }
    Ok(())
}
