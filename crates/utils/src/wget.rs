//! `wget`: fetches a URL to a file or to standard output.

mod busybox;

use layerlab_kernel::{Errno, SimTime};

use crate::cli::{Cli, Run, Spec, Stop, human};
use crate::http::head::HeadError;
use crate::http::{Body, Head, NetError, Stream, Url};

const SPEC: Spec = Spec::new(
    "[OPTION]... [URL]...",
    "Fetch URLs over HTTP.",
    "q|quiet O|output-document= S|server-response T|timeout= t|tries= P|directory-prefix= c|continue nv header= U|user-agent= \
     post-data= method= body-data= spider no-check-certificate show-progress progress= Y= max-redirect= content-on-error",
)
.version("GNU Wget) 1.25.0 (simulated");

/// What ends one URL: wget's exit code.
struct Failed(i32);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.variant == "busybox" {
        return busybox::main(c).await;
    }
    for a in &mut c.args {
        // GNU's only short options of two letters.
        if a == "-nv" || a == "--no-verbose" {
            *a = "--nv".to_owned();
        }
    }
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() {
        c.sys
            .eprint("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n")
            .await;
        return Err(Stop::Code(1));
    }
    for text in p.operands.clone() {
        if let Err(Failed(code)) = fetch(c, &p, &text).await? {
            c.code = code;
        }
    }
    Ok(())
}

async fn say(c: &Cli, p: &crate::cli::Parsed, text: impl AsRef<str>) {
    if !p.has("q") && !p.has("nv") {
        c.sys.eprint(text).await;
    }
}

async fn fetch(c: &mut Cli, p: &crate::cli::Parsed, text: &str) -> Run<Result<(), Failed>> {
    let zone = c.zone().await;
    let stamp = |c: &Cli| zone.format("%Y-%m-%d %H:%M:%S", c.sys.wall_clock() / 1_000_000_000, 0);
    let Some(mut url) = Url::parse(text) else {
        c.sys.eprint(format!("{text}: Invalid host name.\n")).await;
        return Ok(Err(Failed(1)));
    };
    for hop in 0..=20 {
        let now = stamp(c);
        say(c, p, format!("--{now}--  {url}\n")).await;
        let mut stream = match connect(c, p, &url).await {
            Ok(s) => s,
            Err(f) => return Ok(Err(f)),
        };
        let method = if p.has("post-data") {
            "POST"
        } else if p.has("spider") {
            "HEAD"
        } else {
            "GET"
        };
        let method = p.value("method").unwrap_or(method).to_owned();
        let agent = p.value("U").unwrap_or("Wget/1.25.0");
        let mut request = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {agent}\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n",
            url.target,
            url.authority()
        );
        for h in p.values("header") {
            request.push_str(&format!("{h}\r\n"));
        }
        let body = p.value("post-data").or(p.value("body-data")).unwrap_or("");
        if method == "POST" || !body.is_empty() {
            request.push_str(&format!(
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
                body.len()
            ));
        }
        request.push_str(&format!("\r\n{body}"));
        say(c, p, "HTTP request sent, awaiting response... ").await;
        let sent = stream.send(request.as_bytes()).await;
        let head = match (sent, Head::read(&mut stream).await) {
            (Ok(()), Ok(h)) => h,
            (_, Err(HeadError::Empty)) => {
                say(c, p, "No data received.\n").await;
                return Ok(Err(Failed(4)));
            }
            (Err(NetError::Errno(e)), _) | (_, Err(HeadError::Net(NetError::Errno(e)))) => {
                say(c, p, format!("Read error ({e}) in headers.\n")).await;
                return Ok(Err(Failed(4)));
            }
            _ => {
                say(c, p, "failed: Connection timed out.\n").await;
                return Ok(Err(Failed(4)));
            }
        };
        let line = head.lines.first().map_or("", |l| l.trim_end()).split_once(' ').map_or("", |l| l.1).to_owned();
        say(c, p, format!("{line}\n")).await;
        if p.has("S") {
            let all: String =
                head.lines.iter().filter(|l| !l.trim().is_empty()).map(|l| format!("  {}\n", l.trim_end())).collect();
            c.sys.eprint(all).await;
        }
        if let Some(next) =
            head.header("Location").filter(|_| (300..400).contains(&head.status)).and_then(|l| url.join(l))
        {
            say(c, p, format!("Location: {next} [following]\n")).await;
            stream.close().await;
            url = next;
            if hop == 20 {
                say(c, p, "20 redirections exceeded.\n").await;
                return Ok(Err(Failed(8)));
            }
            continue;
        }
        if head.status >= 400 && !p.has("content-on-error") {
            let now = stamp(c);
            let reason = line.split_once(' ').map_or("", |r| r.1);
            if p.has("nv") {
                c.sys.eprint(format!("{url}:\n")).await;
            }
            if !p.has("q") {
                c.sys.eprint(format!("{now} ERROR {}: {}.\n\n", head.status, reason.trim_end_matches('.'))).await;
            }
            return Ok(Err(Failed(8)));
        }
        return body_of(c, p, &url, &head, stream, &method).await;
    }
    Ok(Err(Failed(8)))
}

async fn connect(c: &Cli, p: &crate::cli::Parsed, url: &Url) -> Result<Stream, Failed> {
    let address: Result<std::net::Ipv4Addr, _> = url.host.parse();
    let all = match address {
        Ok(a) => vec![a],
        Err(_) => {
            say(c, p, format!("Resolving {0} ({0})... ", url.host)).await;
            match c.sys.resolve(&url.host).await {
                Ok(a) => {
                    let list: Vec<String> = a.iter().map(ToString::to_string).collect();
                    say(c, p, format!("{}\n", list.join(", "))).await;
                    a
                }
                Err(_) => {
                    say(c, p, "failed: Name or service not known.\n").await;
                    if !p.has("q") {
                        c.sys.eprint(format!("wget: unable to resolve host address '{}'\n", url.host)).await;
                    }
                    return Err(Failed(4));
                }
            }
        }
    };
    for ip in all {
        let named = if address.is_ok() {
            format!("{ip}:{}", url.port)
        } else {
            format!("{} ({})|{ip}|:{}", url.host, url.host, url.port)
        };
        say(c, p, format!("Connecting to {named}... ")).await;
        match Stream::tcp(&c.sys, ip, url.port).await {
            Ok(mut s) => {
                say(c, p, "connected.\n").await;
                if url.scheme == "https" && s.tls(&url.host).await.is_err() {
                    c.sys.eprint("Unable to establish SSL connection.\n").await;
                    return Err(Failed(4));
                }
                let limit = p.value("T").and_then(|t| t.parse::<f64>().ok()).filter(|t| *t > 0.0);
                s.set_deadline(limit.map(|t| c.sys.now() + SimTime((t * 1e9) as u64)));
                return Ok(s);
            }
            Err(e) => say(c, p, format!("failed: {e}.\n")).await,
        }
    }
    Err(Failed(4))
}

async fn body_of(
    c: &mut Cli,
    p: &crate::cli::Parsed,
    url: &Url,
    head: &Head,
    mut stream: Stream,
    method: &str,
) -> Run<Result<(), Failed>> {
    let total = head.header("Content-Length").and_then(|v| v.parse::<u64>().ok());
    let kind = head.header("Content-Type").map_or("", |k| k.split(';').next().unwrap_or(k));
    let length = match total {
        Some(n) if n >= 1024 => format!("{n} ({})", human::size(n)),
        Some(n) => n.to_string(),
        None => "unspecified".to_owned(),
    };
    say(c, p, format!("Length: {length}{}\n", if kind.is_empty() { String::new() } else { format!(" [{kind}]") }))
        .await;
    let base = if url.file_name().is_empty() { "index.html" } else { url.file_name() };
    let mut name = match p.value("O") {
        Some(o) => o.to_owned(),
        None => p.value("P").map_or_else(|| base.to_owned(), |d| format!("{}/{base}", d.trim_end_matches('/'))),
    };
    if !p.has("O") {
        let first = name.clone();
        let mut n = 1;
        while c.sys.stat(&name).await.is_ok() {
            name = format!("{first}.{n}");
            n += 1;
        }
    }
    if p.has("spider") {
        say(c, p, "Remote file exists.\n\n").await;
        return Ok(Ok(()));
    }
    let shown = if name == "-" { "STDOUT".to_owned() } else { format!("'{name}'") };
    say(c, p, format!("Saving to: {shown}\n")).await;
    let started = c.sys.now();
    let mut body = Body::new(head.framing(method));
    let mut all = Vec::new();
    loop {
        match body.next(&mut stream).await {
            Ok(Some(bytes)) if name == "-" => {
                all.extend_from_slice(&bytes);
                c.put(bytes).await?;
                c.flush().await?;
            }
            Ok(Some(bytes)) => all.extend(bytes),
            Ok(None) => break,
            Err(_) => {
                say(c, p, "Read error at byte in body.\n").await;
                return Ok(Err(Failed(4)));
            }
        }
    }
    stream.close().await;
    if name != "-"
        && let Err(e) = c.sys.write_file(&name, all.clone(), 0o666).await
    {
        c.sys
            .eprint(format!(
                "{name}: {e}\n\nCannot write to '{name}' ({}).\n",
                if e == Errno::ENOSPC { "No space left on device" } else { "Success" }
            ))
            .await;
        return Ok(Err(Failed(3)));
    }
    let (n, took) = (all.len() as u64, (c.sys.now() - started).0.max(1000));
    let speed = (u128::from(n) * 1_000_000_000 / u128::from(took)) as u64;
    let rate = match speed {
        0..1024 => format!("{speed} B/s"),
        1024..1_048_576 => format!("{:.1} KB/s", speed as f64 / 1024.0),
        _ => format!("{:.1} MB/s", speed as f64 / 1_048_576.0),
    };
    let of = total.map_or_else(|| n.to_string(), |t| format!("{n}/{t}"));
    let now = c.zone().await.format("%Y-%m-%d %H:%M:%S", c.sys.wall_clock() / 1_000_000_000, 0);
    if p.has("nv") {
        c.sys.eprint(format!("{now} URL:{url} [{of}] -> \"{name}\" [1]\n")).await;
    }
    let verb = if name == "-" { "written to stdout" } else { &format!("{shown} saved") };
    say(c, p, format!("\n{now} ({rate}) - {verb} [{of}]\n\n")).await;
    Ok(Ok(()))
}
