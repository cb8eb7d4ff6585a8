//! busybox's `wget`: few options and words of its own; what fails is told even with `-q`.

use std::net::Ipv4Addr;

use layerlab_kernel::{Errno, SimTime};

use crate::cli::{Cli, Parsed, Run, Spec, Stop, human};
use crate::http::head::HeadError;
use crate::http::{Body, Head, NetError, Stream, Url};

const SPEC: Spec = Spec::new(
    "[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] URL...",
    "Retrieve files via HTTP or FTP",
    "q|quiet c|continue S|server-response O|output-document= o|output-file= P|directory-prefix= U|user-agent= T|timeout= \
     t|tries= Y|proxy= header= post-data= post-file= spider no-check-certificate",
);

/// Runs it: the first URL that fails ends it.
pub(super) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() {
        c.sys.eprint("BusyBox v1.37.0 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] URL...\n\nRetrieve files via HTTP or FTP\n").await;
        return Err(Stop::Code(1));
    }
    for text in p.operands.clone() {
        if let Err(why) = fetch(c, &p, &text).await? {
            return c.die(1, why).await;
        }
    }
    Ok(())
}

async fn say(c: &Cli, p: &Parsed, text: impl AsRef<str>) {
    if !p.has("q") {
        c.sys.eprint(text).await;
    }
}

/// What a failed call is told as.
fn broken(e: &NetError) -> String {
    match e {
        NetError::Timeout | NetError::Errno(Errno::ETIMEDOUT) => "download timed out".to_owned(),
        _ => "error getting response".to_owned(),
    }
}

async fn fetch(c: &mut Cli, p: &Parsed, text: &str) -> Run<Result<(), String>> {
    let Some(mut url) = Url::parse(text) else { return Ok(Err(format!("not an http or ftp url: {text}"))) };
    for _ in 0..=5 {
        let mut stream = match connect(c, p, &url).await {
            Ok(s) => s,
            Err(why) => return Ok(Err(why)),
        };
        let body = match p.value("post-file") {
            Some(file) => match c.sys.read_file(file).await {
                Ok(data) => Some(data),
                Err(e) => return Ok(Err(format!("can't open '{file}': {e}"))),
            },
            None => p.value("post-data").map(|d| d.as_bytes().to_vec()),
        };
        let method = if body.is_some() { "POST" } else { "GET" };
        let agent = p.value("U").unwrap_or("Wget");
        let mut request = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {agent}\r\nConnection: close\r\n",
            url.target,
            url.authority()
        );
        for h in p.values("header") {
            request.push_str(&format!("{h}\r\n"));
        }
        if let Some(b) = &body {
            let kind = "application/x-www-form-urlencoded";
            request.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", b.len()));
        }
        let mut bytes = format!("{request}\r\n").into_bytes();
        bytes.extend(body.unwrap_or_default());
        let head = match (stream.send(&bytes).await, Head::read(&mut stream).await) {
            (Ok(()), Ok(h)) => h,
            (Err(e), _) | (_, Err(HeadError::Net(e))) => return Ok(Err(broken(&e))),
            _ => return Ok(Err("error getting response".to_owned())),
        };
        let line = head.lines.first().map_or("", |l| l.trim_end()).to_owned();
        if p.has("S") {
            let all: String = head.lines.iter().map(|l| format!("  {}\n", l.trim_end())).collect();
            c.sys.eprint(all).await;
        }
        if (300..400).contains(&head.status)
            && let Some(next) = head.header("Location").and_then(|l| url.join(l))
        {
            stream.close().await;
            url = next;
            continue;
        }
        if head.status >= 300 {
            return Ok(Err(format!("server returned error: {line}")));
        }
        if p.has("spider") {
            say(c, p, "remote file exists\n").await;
            return Ok(Ok(()));
        }
        return save(c, p, &url, &head, stream, method).await;
    }
    Ok(Err("too many redirections".to_owned()))
}

async fn connect(c: &Cli, p: &Parsed, url: &Url) -> Result<Stream, String> {
    let all = match url.host.parse::<Ipv4Addr>() {
        Ok(a) => vec![a],
        Err(_) => c.sys.resolve(&url.host).await.map_err(|_| format!("bad address '{}'", url.host))?,
    };
    let Some(ip) = all.first().copied() else { return Err(format!("bad address '{}'", url.host)) };
    say(c, p, format!("Connecting to {}:{} ({ip}:{})\n", url.host, url.port, url.port)).await;
    let limit = p.value("T").and_then(|t| t.parse::<u64>().ok()).filter(|t| *t > 0);
    match Stream::tcp(&c.sys, ip, url.port).await {
        Ok(mut s) => {
            if url.scheme == "https" && s.tls(&url.host).await.is_err() {
                return Err("error getting response: Invalid argument".to_owned());
            }
            s.set_deadline(limit.map(|t| c.sys.now() + SimTime::secs(t)));
            Ok(s)
        }
        Err(e) => Err(format!("can't connect to remote host ({ip}): {e}")),
    }
}

/// The body into its file; an own name never takes another file's place.
async fn save(
    c: &mut Cli,
    p: &Parsed,
    url: &Url,
    head: &Head,
    mut stream: Stream,
    method: &str,
) -> Run<Result<(), String>> {
    let base = if url.file_name().is_empty() { "index.html" } else { url.file_name() };
    let name = match (p.value("O"), p.value("P")) {
        (Some(o), _) => o.to_owned(),
        (None, Some(dir)) => format!("{}/{base}", dir.trim_end_matches('/')),
        (None, None) => base.to_owned(),
    };
    if p.value("O").is_none() && !p.has("c") && c.sys.stat(&name).await.is_ok() {
        return Ok(Err(format!("can't open '{name}': File exists")));
    }
    let to_stdout = name == "-";
    let saving = if to_stdout { "writing to stdout\n".to_owned() } else { format!("saving to '{name}'\n") };
    say(c, p, saving).await;
    let mut body = Body::new(head.framing(method));
    let mut all = Vec::new();
    let mut total = 0;
    loop {
        match body.next(&mut stream).await {
            Ok(Some(bytes)) => {
                total += bytes.len() as u64;
                if to_stdout {
                    c.put(bytes).await?;
                    c.flush().await?;
                } else {
                    all.extend(bytes);
                }
            }
            Ok(None) => break,
            Err(_) => return Ok(Err("connection closed prematurely".to_owned())),
        }
    }
    stream.close().await;
    if !to_stdout && let Err(e) = c.sys.write_file(&name, all, 0o666).await {
        return Ok(Err(format!("can't open '{name}': {e}")));
    }
    let short: String = name.rsplit('/').next().unwrap_or(&name).chars().take(20).collect();
    let size = if total < 100_000 { total.to_string() } else { human::size(total) };
    say(c, p, format!("{short:<20} 100% |{}| {size:>5}  0:00:00 ETA\n", "*".repeat(32))).await;
    say(c, p, if to_stdout { "written to stdout\n".to_owned() } else { format!("'{name}' saved\n") }).await;
    Ok(Ok(()))
}
