//! `getconf`: what the system is like; `locale`, `hostid` and `pwdx`: some more of it.

use crate::cli::{Cli, Run, Spec, Stop};

const PWDX: Spec = Spec::new("[options] pid...", "Report current working directory of a process.", "");
const LOCALE: Spec = Spec::new(
    "[OPTION...] NAME",
    "Get locale-specific information.",
    "a|all-locales m|charmaps c|category-name k|keyword-name v|verbose",
);

/// Values of POSIX's names here.
const VALUES: &[(&str, &str)] = &[
    ("ARG_MAX", "2097152"),
    ("CHAR_BIT", "8"),
    ("CHILD_MAX", "15361"),
    ("CLK_TCK", "100"),
    ("HOST_NAME_MAX", "64"),
    ("INT_MAX", "2147483647"),
    ("INT_MIN", "-2147483648"),
    ("LINE_MAX", "2048"),
    ("LOGIN_NAME_MAX", "256"),
    ("LONG_BIT", "64"),
    ("NAME_MAX", "255"),
    ("OPEN_MAX", "1024"),
    ("PAGESIZE", "4096"),
    ("PAGE_SIZE", "4096"),
    ("PATH", "/bin:/usr/bin"),
    ("PATH_MAX", "4096"),
    ("PIPE_BUF", "4096"),
    ("SYMLOOP_MAX", ""),
    ("UINT_MAX", "4294967295"),
    ("_POSIX_VERSION", "200809"),
    ("POSIX_VERSION", "200809"),
    ("GNU_LIBC_VERSION", "glibc 2.41"),
];

/// The kinds of a locale.
const KINDS: &[&str] = &[
    "CTYPE",
    "NUMERIC",
    "TIME",
    "COLLATE",
    "MONETARY",
    "MESSAGES",
    "PAPER",
    "NAME",
    "ADDRESS",
    "TELEPHONE",
    "MEASUREMENT",
    "IDENTIFICATION",
];

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    match c.name.as_str() {
        "hostid" => c.put("007f0101\n").await,
        "pwdx" => pwdx(c).await,
        "locale" => locale(c).await,
        _ => getconf(c).await,
    }
}

async fn getconf(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let Some(name) = args.first().cloned() else {
        c.sys.eprint("Usage: getconf [-v specification] variable_name [pathname]\n").await;
        return Err(Stop::Code(2));
    };
    let cpus = c.sys.sys_info().await.map_or(1, |i| i.cpus).to_string();
    let mut all: Vec<(&str, &str)> = VALUES.to_vec();
    all.extend([("_NPROCESSORS_CONF", cpus.as_str()), ("_NPROCESSORS_ONLN", cpus.as_str())]);
    if name == "-a" {
        for (k, v) in all {
            c.put(format!("{k:<35}{v}\n")).await?;
        }
        return Ok(());
    }
    match all.iter().find(|v| v.0 == name) {
        Some((_, v)) => c.put(format!("{v}\n")).await,
        None => {
            c.sys.eprint(format!("getconf: Unrecognized variable `{name}'\n")).await;
            Err(Stop::Code(2))
        }
    }
}

async fn locale(c: &mut Cli) -> Run<()> {
    let p = c.parse(&LOCALE).await?;
    if p.has("a") {
        return c.put("C\nC.utf8\nPOSIX\n").await;
    }
    if p.has("m") {
        return c.put("ANSI_X3.4-1968\nUTF-8\n").await;
    }
    let all = c.var("LC_ALL").unwrap_or("").to_owned();
    let lang = c.var("LANG").unwrap_or("").to_owned();
    if let Some(name) = p.operands.first() {
        let utf8 = [&all, &lang].into_iter().any(|l| l.to_lowercase().contains("utf"));
        return match name.as_str() {
            "charmap" => c.put(if utf8 { "UTF-8\n" } else { "ANSI_X3.4-1968\n" }).await,
            "decimal_point" => c.put(".\n").await,
            "LC_ALL" => c.put(format!("{all}\n")).await,
            _ => c.die(1, format!("unknown name \"{name}\"")).await,
        };
    }
    c.put(format!("LANG={lang}\nLANGUAGE={}\n", c.var("LANGUAGE").unwrap_or("").to_owned())).await?;
    for k in KINDS {
        let own = c.var(&format!("LC_{k}")).filter(|_| all.is_empty()).map(str::to_owned);
        let line = match own {
            Some(v) => format!("LC_{k}={v}\n"),
            None => {
                let v = [&all, &lang].into_iter().find(|v| !v.is_empty()).map_or("POSIX", String::as_str);
                format!("LC_{k}=\"{v}\"\n")
            }
        };
        c.put(line).await?;
    }
    c.put(format!("LC_ALL={all}\n")).await
}

async fn pwdx(c: &mut Cli) -> Run<()> {
    let p = c.parse(&PWDX).await?;
    if p.operands.is_empty() {
        c.sys.eprint("\nUsage:\n pwdx [options] pid...\n").await;
        return Err(Stop::Code(1));
    }
    for pid in &p.operands {
        let number = pid.rsplit('/').next().unwrap_or(pid);
        if number.parse::<u32>().is_err() {
            return c.die(1, format!("invalid process id: {pid}")).await;
        }
        match c.sys.readlink(&format!("/proc/{number}/cwd")).await {
            Ok(dir) => c.put(format!("{pid}: {dir}\n")).await?,
            Err(layerlab_kernel::Errno::ENOENT) => {
                c.sys.eprint(format!("{pid}: No such process\n")).await;
                c.code = 1;
            }
            Err(e) => {
                c.sys.eprint(format!("{pid}: {e}\n")).await;
                c.code = 1;
            }
        }
    }
    Ok(())
}
