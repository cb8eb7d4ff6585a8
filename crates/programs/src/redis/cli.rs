//! `redis-cli`.

use std::net::SocketAddrV4;

use layerlab_kernel::{Fd, Program, ProgramArgs, SockAddr, SockKind, Sys, async_program};

use super::resp::{Reply, words};

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move { run(&sys, &args).await })
}

struct Options {
    host: String,
    port: u16,
    db: String,
    password: Option<String>,
    /// Answers as they are, without types.
    raw: bool,
    command: Vec<Vec<u8>>,
}

fn options(args: &ProgramArgs, is_tty: bool) -> Result<Options, String> {
    let mut o = Options {
        host: "127.0.0.1".to_owned(),
        port: 6379,
        db: String::new(),
        password: args.var("REDISCLI_AUTH").map(str::to_owned),
        raw: !is_tty,
        command: Vec::new(),
    };
    let mut rest = args.argv.iter().skip(1);
    while let Some(word) = rest.next() {
        let mut value =
            || rest.next().cloned().ok_or_else(|| format!("Unrecognized option or bad number of args for: '{word}'"));
        match word.as_str() {
            "-h" => o.host = value()?,
            "-p" => o.port = value()?.parse().map_err(|_| "Invalid server port.".to_owned())?,
            "-n" => o.db = value()?,
            "-a" | "--pass" => o.password = Some(value()?),
            "--user" | "-u" | "-t" => drop(value()?),
            "--raw" => o.raw = true,
            "--no-raw" => o.raw = false,
            "--no-auth-warning" | "-2" | "-3" | "--no-color" => {}
            other if other.starts_with('-') => {
                return Err(format!("Unrecognized option or bad number of args for: '{other}'"));
            }
            _ => {
                o.command.push(word.clone().into_bytes());
                o.command.extend(rest.map(|w| w.clone().into_bytes()));
                break;
            }
        }
    }
    Ok(o)
}

struct Connection {
    sys: Sys,
    fd: Fd,
    data: Vec<u8>,
}

impl Connection {
    async fn open(sys: &Sys, o: &Options) -> Result<Self, String> {
        let failed = |why: &str| format!("Could not connect to Redis at {}:{}: {why}", o.host, o.port);
        let ip = match o.host.parse() {
            Ok(ip) => ip,
            Err(_) => match sys.resolve(&o.host).await.unwrap_or_default().first() {
                Some(ip) => *ip,
                None => return Err(failed("Name or service not known")),
            },
        };
        let fd = sys.socket(SockKind::Tcp).await.map_err(|e| failed(e.text()))?;
        let address = SockAddr::Inet(SocketAddrV4::new(ip, o.port));
        sys.connect(fd, address).await.map_err(|e| failed(e.text()))?;
        let mut out = Self { sys: sys.clone(), fd, data: Vec::new() };
        if let Some(p) = &o.password {
            let answer = out.ask(&[b"AUTH".to_vec(), p.clone().into_bytes()]).await?;
            if let Reply::Error(e) = answer {
                sys.eprint(format!("AUTH failed: {e}\n")).await;
            }
        }
        if !o.db.is_empty() {
            out.ask(&[b"SELECT".to_vec(), o.db.clone().into_bytes()]).await?;
        }
        Ok(out)
    }

    async fn ask(&mut self, command: &[Vec<u8>]) -> Result<Reply, String> {
        let mut bytes = Vec::new();
        Reply::List(command.iter().cloned().map(Reply::Bulk).collect()).write(&mut bytes);
        let gone = "Error: Server closed the connection".to_owned();
        self.sys.write_all(self.fd, bytes).await.map_err(|_| gone.clone())?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Reply, String> {
        loop {
            if let Some((reply, used)) = Reply::read(&self.data, 0).map_err(|e| format!("Error: {e}"))? {
                self.data.drain(..used.min(self.data.len()));
                return Ok(reply);
            }
            match self.sys.read(self.fd, 1 << 16).await {
                Ok(data) if !data.is_empty() => self.data.extend_from_slice(&data),
                _ => return Err("Error: Server closed the connection".to_owned()),
            }
        }
    }
}

/// `sdscatrepr`: in quotes, with what can't be printed escaped.
fn quoted(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for b in bytes {
        match b {
            b'"' | b'\\' => out.extend(['\\', char::from(*b)]),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x20..=0x7e => out.push(char::from(*b)),
            b => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    out + "\""
}

/// An answer with its types, as on a terminal.
fn shown(r: &Reply, indent: usize) -> String {
    match r {
        Reply::Simple(s) => format!("{s}\n"),
        Reply::Error(s) => format!("(error) {s}\n"),
        Reply::Int(n) => format!("(integer) {n}\n"),
        Reply::Nil | Reply::NilList => "(nil)\n".to_owned(),
        Reply::Bulk(b) => format!("{}\n", quoted(b)),
        Reply::List(l) if l.is_empty() => "(empty array)\n".to_owned(),
        Reply::List(l) => {
            let width = l.len().to_string().len();
            let mut out = String::new();
            for (i, one) in l.iter().enumerate() {
                let before = if i == 0 { String::new() } else { " ".repeat(indent) };
                let mark = format!("{:>width$}) ", i + 1);
                out.push_str(&format!("{before}{mark}{}", shown(one, indent + mark.len())));
            }
            out
        }
    }
}

/// An answer without its types, without the line's end.
fn raw(r: &Reply) -> Vec<u8> {
    match r {
        Reply::Simple(s) => s.clone().into_bytes(),
        Reply::Error(s) => format!("{s}\n").into_bytes(),
        Reply::Int(n) => n.to_string().into_bytes(),
        Reply::Nil | Reply::NilList => Vec::new(),
        Reply::Bulk(b) => b.clone(),
        Reply::List(l) => l.iter().map(raw).collect::<Vec<_>>().join(&b'\n'),
    }
}

async fn print(sys: &Sys, r: &Reply, is_raw: bool) {
    let bytes = if is_raw {
        let mut b = raw(r);
        b.push(b'\n');
        b
    } else {
        shown(r, 0).into_bytes()
    };
    let _ = sys.write_all(1, bytes).await;
}

async fn run(sys: &Sys, args: &ProgramArgs) -> i32 {
    if args.argv.get(1).is_some_and(|a| a == "--version" || a == "-v") {
        let _ = sys.print(format!("redis-cli {}\n", args.variant)).await;
        return 0;
    }
    let o = match options(args, sys.is_atty(1).await) {
        Ok(o) => o,
        Err(e) => {
            sys.eprint(format!("{e}\n")).await;
            return 1;
        }
    };
    if args.argv.iter().any(|a| a == "-a" || a == "--pass") && !args.argv.iter().any(|a| a == "--no-auth-warning") {
        sys.eprint(
            "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n",
        )
        .await;
    }
    let mut connection = match Connection::open(sys, &o).await {
        Ok(c) => c,
        Err(e) => {
            sys.eprint(format!("{e}\n")).await;
            return 1;
        }
    };
    if o.command.is_empty() {
        return session(sys, &o, &mut connection).await;
    }
    one(sys, &mut connection, &o.command, o.raw).await
}

/// One command; answers the exit status.
async fn one(sys: &Sys, connection: &mut Connection, command: &[Vec<u8>], is_raw: bool) -> i32 {
    let listens = command
        .first()
        .is_some_and(|c| [&b"subscribe"[..], b"psubscribe", b"monitor"].iter().any(|n| c.eq_ignore_ascii_case(n)));
    let mut answer = connection.ask(command).await;
    loop {
        match &answer {
            Ok(r) => print(sys, r, is_raw).await,
            Err(e) => {
                sys.eprint(format!("{e}\n")).await;
                return 1;
            }
        }
        if !listens {
            return 0;
        }
        answer = connection.answer().await;
    }
}

/// Commands from standard input, a line each.
async fn session(sys: &Sys, o: &Options, connection: &mut Connection) -> i32 {
    let is_tty = sys.is_atty(0).await;
    let mut db = if o.db.is_empty() { "0".to_owned() } else { o.db.clone() };
    let mut rest: Vec<u8> = Vec::new();
    loop {
        if is_tty {
            let shown_db = if db == "0" { String::new() } else { format!("[{db}]") };
            let _ = sys.print(format!("{}:{}{shown_db}> ", o.host, o.port)).await;
        }
        while !rest.contains(&b'\n') {
            match sys.read(0, 4096).await {
                Ok(data) if !data.is_empty() => rest.extend_from_slice(&data),
                _ if rest.is_empty() => return 0,
                _ => rest.push(b'\n'),
            }
        }
        let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let line: Vec<u8> = rest.drain(..=end.min(rest.len().saturating_sub(1))).collect();
        let line = String::from_utf8_lossy(&line).trim().to_owned();
        let Some(command) = words(&line) else {
            let _ = sys.print("Invalid argument(s)\n").await;
            continue;
        };
        let Some(first) = command.first().map(|c| String::from_utf8_lossy(c).to_lowercase()) else { continue };
        if first == "exit" || first == "quit" {
            return 0;
        }
        if one(sys, connection, &command, o.raw).await != 0 {
            return 1;
        }
        if first == "select" {
            db = command.get(1).map(|d| String::from_utf8_lossy(d).into_owned()).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_on_a_terminal() {
        let r = Reply::List(vec![
            Reply::bulk("a\n\"é"),
            Reply::List(vec![Reply::Int(1), Reply::Nil]),
            Reply::List(Vec::new()),
        ]);
        assert_eq!(shown(&r, 0), "1) \"a\\n\\\"\\xc3\\xa9\"\n2) 1) (integer) 1\n   2) (nil)\n3) (empty array)\n");
        assert_eq!(raw(&r), "a\n\"é\n1\n\n".as_bytes());
        assert_eq!(shown(&Reply::error("ERR x"), 0), "(error) ERR x\n");
    }
}
