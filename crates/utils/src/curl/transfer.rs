//! One URL: connect, ask, follow, write.

use std::net::Ipv4Addr;

use layerlab_kernel::net::tls::TlsError;
use layerlab_kernel::{Errno, Fd, OpenFlags, SimTime};

use super::Failure;
use super::options::{Options, Output};
use super::progress::Meter;
use super::request::{self, Request};
use super::write_out::{self, Figures};
use crate::cli::{Cli, Run};
use crate::http::body::BodyError;
use crate::http::head::HeadError;
use crate::http::{Body, Framing, Head, NetError, Stream, Url};

fn span(seconds: Option<f64>) -> Option<SimTime> {
    seconds.filter(|s| *s > 0.0).map(|s| SimTime((s * 1e9) as u64))
}

/// Transfers the URL with this index, again where `--retry` says so.
pub(crate) async fn run(c: &mut Cli, o: &Options, i: usize, meter: &mut Meter) -> Run<Result<(), Failure>> {
    let mut left = o.retry;
    let mut pause = 1u64;
    loop {
        let started = c.sys.now();
        let mut f = Figures { url: o.urls[i].clone(), ..Figures::default() };
        let result = attempt(c, o, i, meter, started, &mut f).await?;
        let status = f.head.as_ref().map_or(0, |h| h.status);
        let passing = match &result {
            Err(e) => {
                e.code == 28
                    || o.retry_all
                    || (e.code == 7 && o.retry_refused)
                    || (e.code == 22 && retry_status(status))
            }
            Ok(()) => retry_status(status),
        };
        if left > 0 && passing {
            let seconds = o.retry_delay.map_or(pause, |d| d as u64);
            c.flush().await?;
            if !o.silent || o.show_error {
                let what = match &result {
                    Err(e) if e.code == 7 => "connection refused".to_owned(),
                    Err(e) if e.code == 28 => "timeout".to_owned(),
                    Err(e) if e.code != 22 => "(retrying all errors)".to_owned(),
                    _ => "HTTP error".to_owned(),
                };
                let warning = format!(
                    "Warning: Problem: {what}. Will retry in {seconds} second{}. {left} retr{} left.\n",
                    if seconds == 1 { "" } else { "s" },
                    if left == 1 { "y" } else { "ies" }
                );
                meter.end(c).await;
                if !o.silent {
                    c.sys.eprint(warning).await;
                }
            }
            let _ = c.sys.sleep(SimTime::secs(seconds)).await;
            pause = (pause * 2).min(600);
            left -= 1;
            continue;
        }
        f.total = c.sys.now() - started;
        if let Err(e) = &result {
            (f.exit_code, f.error) = (e.code, e.text.clone());
        }
        if let Some(format) = &o.write_out {
            let format = match format.strip_prefix('@') {
                Some(path) => String::from_utf8_lossy(&c.slurp(path).await.unwrap_or_default()).into_owned(),
                None => format.clone(),
            };
            let (out, err) = write_out::render(&format, &f);
            if result.is_err() {
                meter.end(c).await;
            }
            c.put(out).await?;
            if !err.is_empty() {
                c.flush().await?;
                c.sys.eprint(err).await;
            }
        }
        return Ok(result);
    }
}

fn retry_status(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

async fn attempt(
    c: &mut Cli,
    o: &Options,
    i: usize,
    meter: &mut Meter,
    started: SimTime,
    f: &mut Figures,
) -> Run<Result<(), Failure>> {
    let text = &o.urls[i];
    let Some(mut url) = Url::parse(text) else {
        let what = if text.trim_end_matches('/').ends_with(':') {
            "URL rejected: No host part in the URL"
        } else if text.contains(char::is_whitespace) {
            "URL rejected: Malformed input to a URL function"
        } else {
            "URL rejected: Port number was not a decimal number between 0 and 65535"
        };
        return Ok(Err(Failure::new(3, what)));
    };
    if !matches!(url.scheme.as_str(), "http" | "https") {
        return Ok(Err(Failure::new(1, format!("Protocol \"{}\" not supported", url.scheme))));
    }
    let mut sink = Sink::new(match o.outputs.get(i) {
        Some(Output::File(p)) if p != "-" => Some(p.clone()),
        Some(Output::Remote) if url.file_name().is_empty() => {
            c.sys.eprint("curl: Remote file name has no length!\n").await;
            return Ok(Err(Failure::new(23, "Failed writing received data to disk/application")));
        }
        Some(Output::Remote) => Some(url.file_name().to_owned()),
        _ => None,
    });
    let mut request = match request::build(c, o, &mut url).await {
        Ok(r) => r,
        Err(e) => return Ok(Err(e)),
    };
    meter.begin(c, sink.path.is_none()).await;
    let deadline = span(o.max_time).map(|t| started + t);
    let mut redirects = 0;
    let mut at = At { deadline, started, host: String::new() };
    let result = loop {
        f.url = url.to_string();
        f.method.clone_from(&request.method);
        match hop(c, o, &url, &request, &mut sink, meter, &mut at, f).await? {
            Ok(Some(location)) => {
                redirects += 1;
                f.redirects = redirects;
                if o.max_redirs >= 0 && i64::from(redirects) > o.max_redirs {
                    break Err(Failure::new(47, format!("Maximum ({}) redirects followed", o.max_redirs)));
                }
                let Some(next) = url.join(&location) else {
                    break Err(Failure::new(3, "URL rejected: Malformed input to a URL function"));
                };
                let status = f.head.as_ref().map_or(0, |h| h.status);
                let to_get =
                    status == 303 || matches!(status, 301 | 302) && request.method == "POST" && !o.post_redirects;
                if to_get && request.method != "HEAD" && o.method.is_none() {
                    request = Request { method: "GET".to_owned(), ..Request::default() };
                }
                if o.verbose {
                    c.flush().await?;
                    c.sys.eprint(format!("* Issue another request to this URL: '{next}'\n")).await;
                }
                url = next;
            }
            Ok(None) => break Ok(()),
            Err(e) => break Err(e),
        }
    };
    sink.close(c).await;
    if result.is_ok() {
        meter.end(c).await;
    }
    Ok(result)
}

struct At {
    deadline: Option<SimTime>,
    started: SimTime,
    host: String,
}

impl At {
    fn millis(&self, c: &Cli) -> u64 {
        (c.sys.now() - self.started).as_millis()
    }
    fn net(&self, c: &Cli, e: NetError, received: u64, total: Option<u64>) -> Failure {
        match e {
            NetError::Timeout => {
                let of = total.map_or_else(String::new, |t| format!(" out of {t}"));
                let ms = self.millis(c);
                Failure::new(
                    28,
                    format!("Operation timed out after {ms} milliseconds with {received}{of} bytes received"),
                )
            }
            NetError::Errno(e) => Failure::new(56, format!("Recv failure: {e}")),
        }
    }
}

async fn note(c: &mut Cli, o: &Options, text: impl std::fmt::Display) {
    if o.verbose {
        let _ = c.flush().await;
        c.sys.eprint(format!("* {text}\n")).await;
    }
}

async fn open(c: &mut Cli, o: &Options, url: &Url, at: &mut At, f: &mut Figures) -> Result<Stream, Failure> {
    if let Some(path) = &o.unix_socket {
        note(c, o, format!("  Trying {path}:0...")).await;
        return match Stream::unix(&c.sys, path).await {
            Ok(s) => {
                note(c, o, format!("Connected to {} ({path}) port 0", url.host)).await;
                Ok(s)
            }
            Err(e) => {
                note(c, o, format!("connect to {path} port 0 from {path} port 0 failed: {e}")).await;
                Err(refused(c, o, url, at).await)
            }
        };
    }
    let pinned = o.resolve.iter().find_map(|r| {
        let mut parts = r.splitn(3, ':');
        let fits = parts.next() == Some(url.host.as_str()) && parts.next()?.parse() == Ok(url.port);
        fits.then(|| parts.next()?.parse::<Ipv4Addr>().ok())?
    });
    let host = url.host.trim_start_matches('[').trim_end_matches(']');
    let addrs = match (pinned, host) {
        (Some(a), _) => vec![a],
        // There is no IPv6 here; nobody listens on its loopback.
        (None, h) if h.contains(':') => Vec::new(),
        (None, h) => match c.sys.resolve(h).await {
            Ok(a) => a,
            Err(_) => {
                note(c, o, format!("Could not resolve host: {}", url.host)).await;
                note(c, o, "closing connection #0").await;
                return Err(Failure::new(6, format!("Could not resolve host: {}", url.host)));
            }
        },
    };
    if url.host.parse::<Ipv4Addr>().is_err() {
        let list: Vec<String> = addrs.iter().map(ToString::to_string).collect();
        note(c, o, format!("Host {}:{} was resolved.", url.host, url.port)).await;
        note(c, o, "IPv6: (none)").await;
        note(c, o, format!("IPv4: {}", list.join(", "))).await;
    }
    for ip in &addrs {
        note(c, o, format!("  Trying {ip}:{}...", url.port)).await;
        match Stream::tcp(&c.sys, *ip, url.port).await {
            Ok(s) => {
                note(c, o, format!("Connected to {} ({ip}) port {}", url.host, url.port)).await;
                (f.remote_ip, f.remote_port, f.connect) = (ip.to_string(), url.port, c.sys.now() - at.started);
                f.connects += 1;
                at.host = ip.to_string();
                return Ok(s);
            }
            Err(Errno::ETIMEDOUT) => {
                // Nobody answers at all: curl gives up after its own limit, the kernel after two minutes.
                let limit = span(o.connect_timeout).or(span(o.max_time)).unwrap_or(SimTime::secs(134));
                let _ = c.sys.sleep(limit).await;
                let ms = at.millis(c);
                return Err(match o.connect_timeout.is_some() || o.max_time.is_some() {
                    true => Failure::new(28, format!("Connection timed out after {ms} milliseconds")),
                    false => Failure::new(
                        28,
                        format!(
                            "Failed to connect to {} port {} after {ms} ms: Could not connect to server",
                            url.host, url.port
                        ),
                    ),
                });
            }
            Err(e) => note(c, o, format!("connect to {ip} port {} from 0.0.0.0 port 0 failed: {e}", url.port)).await,
        }
    }
    Err(refused(c, o, url, at).await)
}

async fn refused(c: &mut Cli, o: &Options, url: &Url, at: &At) -> Failure {
    let ms = at.millis(c);
    let text =
        format!("Failed to connect to {} port {} after {ms} ms: Could not connect to server", url.host, url.port);
    note(c, o, &text).await;
    note(c, o, "closing connection #0").await;
    Failure::new(7, text)
}

/// What curl says where TLS does not come about; `None`: it goes on all the same.
fn tls_failure(e: &TlsError, host: &str, insecure: bool) -> Option<Failure> {
    let (code, text) = match e {
        TlsError::Plain => (35, "TLS connect error: error:0A00010B:SSL routines::wrong version number".to_owned()),
        TlsError::Closed => {
            (35, "TLS connect error: error:0A000126:SSL routines::unexpected eof while reading".to_owned())
        }
        _ if insecure => return None,
        TlsError::Issuer(_) => (60, "SSL certificate problem: unable to get local issuer certificate".to_owned()),
        TlsError::Name(_) => {
            (60, format!("SSL: no alternative certificate subject name matches target host name '{host}'"))
        }
    };
    Some(Failure::new(code, text))
}

/// One request and its answer; the next URL where it redirects and is followed.
#[allow(clippy::too_many_arguments, reason = "the state of one transfer")]
async fn hop(
    c: &mut Cli,
    o: &Options,
    url: &Url,
    request: &Request,
    sink: &mut Sink,
    meter: &mut Meter,
    at: &mut At,
    f: &mut Figures,
) -> Run<Result<Option<String>, Failure>> {
    let mut stream = match open(c, o, url, at, f).await {
        Ok(s) => s,
        Err(e) => return Ok(Err(e)),
    };
    if url.scheme == "https"
        && let Err(e) = stream.tls(&url.host).await
        && let Some(failure) = tls_failure(&e, &url.host, o.insecure)
    {
        note(c, o, &failure.text).await;
        note(c, o, "closing connection #0").await;
        stream.close().await;
        return Ok(Err(failure));
    }
    stream.set_deadline(at.deadline);
    let head = request::head(o, url, request);
    note(c, o, "using HTTP/1.x").await;
    if o.verbose {
        let lines: String = head.split_terminator("\r\n").map(|l| format!("> {l}\n")).collect();
        c.sys.eprint(lines).await;
    }
    let mut bytes = head.into_bytes();
    if let Some(body) = &request.body {
        bytes.extend(body);
        f.uploaded = body.len() as u64;
        if o.verbose && (sink.path.is_some() || !c.sys.is_atty(1).await) && !body.is_empty() {
            c.sys.eprint(format!("}} [{} bytes data]\n", body.len())).await;
        }
    }
    if let Err(e) = stream.send(&bytes).await {
        let why = if let NetError::Errno(e) = e { e } else { Errno::EPIPE };
        return Ok(Err(Failure::new(55, format!("Send failure: {why}"))));
    }
    note(c, o, "Request completely sent off").await;
    let head = loop {
        match Head::read(&mut stream).await {
            Ok(h) if (100..200).contains(&h.status) && h.status != 101 => {}
            Ok(h) => break h,
            Err(HeadError::Empty) => {
                note(c, o, "Empty reply from server").await;
                note(c, o, "shutting down connection #0").await;
                return Ok(Err(Failure::new(52, "Empty reply from server")));
            }
            Err(HeadError::NotHttp) => {
                note(c, o, "Received HTTP/0.9 when not allowed").await;
                note(c, o, "closing connection #0").await;
                return Ok(Err(Failure::new(1, "Received HTTP/0.9 when not allowed")));
            }
            Err(HeadError::Net(e)) => {
                let failure = at.net(c, e, 0, None);
                note(c, o, &failure.text).await;
                note(c, o, "closing connection #0").await;
                return Ok(Err(failure));
            }
        }
    };
    f.first_byte = c.sys.now() - at.started;
    f.header_size += head.lines.iter().map(String::len).sum::<usize>() as u64;
    if head.version == "HTTP/1.0" {
        note(c, o, "HTTP 1.0, assume close after body").await;
    }
    if o.verbose {
        let lines: String = head.lines.iter().map(|l| format!("< {}\n", l.trim_end())).collect();
        c.sys.eprint(lines).await;
    }
    let location = head.header("Location").map(str::to_owned).filter(|_| (300..400).contains(&head.status));
    f.redirect_url = location.as_ref().and_then(|l| url.join(l)).map_or_else(String::new, |u| u.to_string());
    let failed = head.status >= 400 && (o.fail || o.fail_with_body);
    let follow = location.filter(|_| o.location);
    let (status, framing) = (head.status, head.framing(&request.method));
    if (o.include || o.head)
        && let Err(e) = sink.write(c, o, head.lines.concat().as_bytes()).await?
    {
        return Ok(Err(e));
    }
    if let Some(path) = &o.dump_header {
        let text = head.lines.concat();
        if path == "-" {
            c.put(text).await?;
        } else {
            let _ = c.sys.write_file(path, text, 0o666).await;
        }
    }
    f.head = Some(head);
    let total = if let Framing::Length(n) = framing { Some(n) } else { None };
    if failed && !o.fail_with_body {
        meter.done(c, None, 0, 0).await;
        note(c, o, "shutting down connection #0").await;
        stream.close().await;
        return Ok(Err(Failure::new(22, format!("The requested URL returned error: {status}"))));
    }
    let mut body = Body::new(framing);
    let traced = o.verbose && (sink.path.is_some() || !c.sys.is_atty(1).await);
    let (mut received, mut shown) = (0u64, false);
    let sent = f.uploaded;
    let ended = loop {
        match body.next(&mut stream).await {
            Ok(Some(bytes)) => {
                received += bytes.len() as u64;
                if traced && !std::mem::replace(&mut shown, true) {
                    c.sys.eprint(format!("{{ [{} bytes data]\n", bytes.len())).await;
                }
                if follow.is_none()
                    && let Err(e) = sink.write(c, o, &bytes).await?
                {
                    break Err(e);
                }
                meter.update(c, total, received, sent).await;
            }
            Ok(None) => break Ok(()),
            Err(BodyError::Net(e)) => break Err(at.net(c, e, received, total)),
            Err(BodyError::Short(n)) => break Err(Failure::new(18, format!("end of response with {n} bytes missing"))),
            Err(BodyError::Chunks) => {
                break Err(Failure::new(18, "transfer closed with outstanding read data remaining"));
            }
        }
    };
    f.downloaded = received;
    stream.close().await;
    // curl makes the file of -o even for an empty body.
    if ended.is_ok() && follow.is_none() && !o.head {
        sink.write(c, o, b"").await?.ok();
    }
    if let Err(e) = ended {
        note(c, o, &e.text).await;
        note(c, o, "closing connection #0").await;
        return Ok(Err(e));
    }
    if follow.is_none() {
        meter.done(c, total.filter(|_| framing != Framing::None), received, sent).await;
    }
    let kept = f.head.as_ref().is_some_and(|h| {
        h.version != "HTTP/1.0" && !h.header("Connection").is_some_and(|v| v.eq_ignore_ascii_case("close"))
    });
    if kept && framing != Framing::Close {
        note(c, o, format!("Connection #{} to host {} left intact", f.redirects, url.host)).await;
    } else {
        note(c, o, format!("shutting down connection #{}", f.redirects)).await;
    }
    if failed {
        return Ok(Err(Failure::new(22, format!("The requested URL returned error: {status}"))));
    }
    Ok(Ok(follow))
}

/// Where the body goes.
struct Sink {
    path: Option<String>,
    fd: Option<Fd>,
}

impl Sink {
    fn new(path: Option<String>) -> Self {
        Self { path, fd: None }
    }

    async fn write(&mut self, c: &mut Cli, o: &Options, bytes: &[u8]) -> Run<Result<(), Failure>> {
        let Some(path) = self.path.clone() else {
            if c.sys.is_atty(1).await && bytes.contains(&0) && o.outputs.is_empty() {
                let text = "Warning: Binary output can mess up your terminal. Use \"--output -\" to tell curl to output it to your terminal anyway, or consider \"--output <FILE>\" to save to a file.\n";
                c.sys.eprint(text).await;
                return Ok(Err(Failure::new(23, "Failure writing output to destination")));
            }
            c.put(bytes).await?;
            c.flush().await?;
            return Ok(Ok(()));
        };
        let fd = match self.fd {
            Some(fd) => fd,
            None => {
                if o.create_dirs
                    && let Some((dir, _)) = path.rsplit_once('/')
                {
                    let mut at = String::new();
                    for part in dir.split_inclusive('/') {
                        at.push_str(part);
                        let _ = c.sys.mkdir(&at, 0o750).await;
                    }
                }
                match c.sys.open(&path, OpenFlags::CREATE, 0o666).await {
                    Ok(fd) => fd,
                    Err(e) => {
                        c.sys.eprint(format!("Warning: Failed to open the file {path}: {e}\n")).await;
                        return Ok(Err(Failure::new(
                            23,
                            format!("client returned ERROR on write, {} bytes", bytes.len()),
                        )));
                    }
                }
            }
        };
        self.fd = Some(fd);
        Ok(match c.sys.write_all(fd, bytes).await {
            Ok(()) => Ok(()),
            Err(_) => Err(Failure::new(23, "Failure writing output to destination")),
        })
    }

    async fn close(&mut self, c: &Cli) {
        if let Some(fd) = self.fd.take() {
            let _ = c.sys.close(fd).await;
        }
    }
}
