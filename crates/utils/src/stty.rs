//! `stty`: a terminal's settings, those that the kernel has.

use layerlab_kernel::{Fd, OpenFlags, Termios, WinSize};

use crate::cli::{Cli, Run, Stop, quote};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut args = std::mem::take(&mut c.args);
    let mut fd: Fd = 0;
    let mut device = "'standard input'".to_owned();
    if let Some(at) = args.iter().position(|a| a.starts_with("-F") || a.starts_with("--file")) {
        let word = args.remove(at);
        let joined = word.strip_prefix("--file=").or_else(|| word.strip_prefix("-F").filter(|r| !r.is_empty()));
        let path = match joined {
            Some(p) => p.to_owned(),
            None if at < args.len() => args.remove(at),
            None => return c.usage(1, "option requires an argument -- 'F'").await,
        };
        fd = match c.sys.open(&path, OpenFlags::READ, 0).await {
            Ok(fd) => fd,
            Err(e) => return c.die(1, format!("{path}: {e}")).await,
        };
        device = path;
    }
    let Ok(mut t) = c.sys.tc_get_attr(fd).await else {
        return c.die(1, format!("{device}: Inappropriate ioctl for device")).await;
    };
    let mut size = c.sys.win_size(fd).await.unwrap_or(WinSize { rows: 24, cols: 80 });
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => return c.put(short(t)).await,
        ["-a" | "--all"] => return c.put(long(t, size)).await,
        ["-g" | "--save"] => return c.put(format!("{}\n", saved(t))).await,
        _ => {}
    }
    let mut it = args.iter();
    while let Some(a) = it.next() {
        let (on, name) = a.strip_prefix('-').map_or((true, a.as_str()), |n| (false, n));
        match name {
            "size" if on => c.put(format!("{} {}\n", size.rows, size.cols)).await?,
            "speed" if on => c.put("38400\n").await?,
            "rows" | "cols" | "columns" if on => {
                let Some(n) = it.next().and_then(|v| v.parse::<u16>().ok()) else {
                    return c.usage(1, format!("missing argument to {}", quote::word(name))).await;
                };
                if name == "rows" {
                    size.rows = n;
                } else {
                    size.cols = n;
                }
                let _ = c.sys.set_win_size(fd, size).await;
            }
            "echo" => t.echo = on,
            "icanon" => t.canonical = on,
            "isig" => t.signals = on,
            "icrnl" => t.cr_to_nl = on,
            "onlcr" | "opost" => t.nl_to_crnl = on,
            "tostop" => t.tostop = on,
            "nl" => (t.cr_to_nl, t.nl_to_crnl) = (!on, !on),
            "sane" if on => t = Termios::COOKED,
            "cooked" => t = if on { Termios::COOKED } else { Termios { nl_to_crnl: false, ..Termios::RAW } },
            "raw" => {
                t = if on { Termios { nl_to_crnl: false, echo: t.echo, ..Termios::RAW } } else { Termios::COOKED };
            }
            "cbreak" => t.canonical = !on,
            // Settings that Linux has and this terminal keeps as they are.
            "echoe" | "echok" | "echoctl" | "echoke" | "echonl" | "iexten" | "ixon" | "ixoff" | "ixany" | "brkint"
            | "imaxbel" | "iutf8" | "crtscts" | "clocal" | "cread" | "hupcl" | "inlcr" | "igncr" | "istrip"
            | "parenb" | "cs8" => {}
            "intr" | "quit" | "erase" | "kill" | "eof" | "susp" | "min" | "time" if on => drop(it.next()),
            _ if on && restore(name).is_some() => t = restore(name).unwrap_or(t),
            _ => return c.usage(1, format!("invalid argument {}", quote::word(a))).await,
        }
    }
    if c.sys.tc_set_attr(fd, t).await.is_err() {
        return Err(Stop::Code(1));
    }
    Ok(())
}

/// What differs from `sane`.
fn short(t: Termios) -> String {
    let mut text = "speed 38400 baud; line = 0;\n".to_owned();
    let rows = [
        vec![("icrnl", t.cr_to_nl)],
        vec![("onlcr", t.nl_to_crnl)],
        vec![("isig", t.signals), ("icanon", t.canonical), ("echo", t.echo)],
    ];
    for row in rows {
        let off: Vec<String> = row.iter().filter(|(_, on)| !on).map(|(n, _)| format!("-{n}")).collect();
        if !off.is_empty() {
            text.push_str(&format!("{}\n", off.join(" ")));
        }
    }
    if t.tostop {
        text.push_str("tostop\n");
    }
    text
}

fn long(t: Termios, size: WinSize) -> String {
    let flag = |name: &str, on: bool| if on { name.to_owned() } else { format!("-{name}") };
    format!(
        "speed 38400 baud; rows {}; columns {}; line = 0;\n\
         intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>; eol2 = <undef>; swtch = <undef>;\n\
         start = ^Q; stop = ^S; susp = ^Z; rprnt = ^R; werase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;\n\
         -parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts\n\
         -ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr {} ixon -ixoff -iuclc -ixany -imaxbel iutf8\n\
         opost -olcuc -ocrnl {} -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0\n\
         {} {} iexten {} echoe echok -echonl -noflsh -xcase {} -echoprt echoctl echoke -flusho -extproc\n",
        size.rows,
        size.cols,
        flag("icrnl", t.cr_to_nl),
        flag("onlcr", t.nl_to_crnl),
        flag("isig", t.signals),
        flag("icanon", t.canonical),
        flag("echo", t.echo),
        flag("tostop", t.tostop),
    )
}

/// The settings as one word: the flag words of `struct termios` in hex, then the control characters.
fn saved(t: Termios) -> String {
    let input = 0x4400 | if t.cr_to_nl { 0x100 } else { 0 };
    let output = 1 | if t.nl_to_crnl { 4 } else { 0 };
    let bit = |on: bool, bit: u32| if on { bit } else { 0 };
    let local = 0x8a30 | bit(t.signals, 1) | bit(t.canonical, 2) | bit(t.echo, 8) | bit(t.tostop, 0x100);
    format!(
        "{input:x}:{output:x}:bf:{local:x}:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0"
    )
}

fn restore(word: &str) -> Option<Termios> {
    let mut parts = word.split(':').map(|p| u32::from_str_radix(p, 16));
    let (input, output, _, local) =
        (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Some(Termios {
        canonical: local & 2 != 0,
        echo: local & 8 != 0,
        signals: local & 1 != 0,
        cr_to_nl: input & 0x100 != 0,
        nl_to_crnl: output & 4 != 0,
        tostop: local & 0x100 != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_settings_come_back() {
        for t in [Termios::COOKED, Termios { tostop: true, ..Termios::RAW }, Termios { echo: false, ..Termios::COOKED }]
        {
            assert_eq!(restore(&saved(t)), Some(t));
        }
        // What coreutils 9.1 prints on a fresh xterm begins so.
        assert!(saved(Termios::COOKED).starts_with("4500:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0"));
    }
}
