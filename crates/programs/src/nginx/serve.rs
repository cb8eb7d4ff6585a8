//! A connection: requests in, answers out.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

use layerlab_kernel::{
    Disposition, Errno, Fd, FileType, Program, ProgramArgs, Signal, SockAddr, SockKind, Sys, async_program,
};

use super::config::{Location, Match, Server, Settings};
use super::{Counters, Setup};

/// Largest head and body, in bytes.
const HEAD_MOST: usize = 32 << 10;
const BODY_MOST: usize = 1 << 20;

/// `2026/11/21 08:00:00`
pub(super) fn stamp(wall: i64) -> String {
    let t = Date::of(wall.div_euclid(1_000_000_000));
    format!("{:04}/{:02}/{:02} {:02}:{:02}:{:02}", t.year, t.month, t.day, t.hour, t.minute, t.second)
}

struct Date {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    weekday: i64,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

impl Date {
    /// Of seconds since 1970 (the civil calendar from days, after H. Hinnant).
    fn of(secs: i64) -> Self {
        let (days, rest) = (secs.div_euclid(86_400), secs.rem_euclid(86_400));
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        let day = doy - (153 * mp + 2) / 5 + 1;
        Self {
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: (days + 4).rem_euclid(7),
        }
    }
    fn month_name(&self) -> &'static str {
        usize::try_from(self.month - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or("Jan")
    }
    fn http(&self) -> String {
        let day = usize::try_from(self.weekday).ok().and_then(|d| DAYS.get(d)).copied().unwrap_or("Sun");
        format!(
            "{day}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
            self.day,
            self.month_name(),
            self.year,
            self.hour,
            self.minute,
            self.second
        )
    }
    fn log(&self) -> String {
        format!(
            "{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000",
            self.day,
            self.month_name(),
            self.year,
            self.hour,
            self.minute,
            self.second
        )
    }
}

fn http_date(wall: i64) -> String {
    Date::of(wall.div_euclid(1_000_000_000)).http()
}

#[derive(Clone, Debug, Default)]
struct Request {
    line: String,
    method: String,
    uri: String,
    path: String,
    query: String,
    version: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
    fn host(&self) -> &str {
        self.header("Host").map_or("", |h| h.split(':').next().unwrap_or(h))
    }
}

#[derive(Clone, Debug, Default)]
struct Answer {
    status: u16,
    kind: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    upstream: String,
}

/// What is known of a request while it is answered.
struct At<'a> {
    sys: &'a Sys,
    setup: &'a Setup,
    server: &'a Server,
    client: Ipv4Addr,
    port: u16,
    number: u64,
    request: &'a Request,
}

pub(super) fn connection(setup: Rc<Setup>, fd: Fd, client: Ipv4Addr, port: u16) -> Box<dyn Program> {
    let args = ProgramArgs { argv: vec!["nginx: worker process".into()], env: Vec::new(), variant: String::new() };
    async_program(args, move |sys, _| async move {
        let _ = sys.sigaction(Signal::PIPE, Disposition::Ignore).await;
        let number = count(&sys, |c| {
            c.connections += 1;
            c.connections
        });
        serve(&sys, &setup, fd, client, port, number).await;
        let _ = sys.close(fd).await;
        0
    })
}

fn count<R: Default>(sys: &Sys, f: impl FnOnce(&mut Counters) -> R) -> R {
    sys.with_memory::<Counters, R>(f).unwrap_or_default()
}

async fn serve(sys: &Sys, setup: &Setup, fd: Fd, client: Ipv4Addr, port: u16, number: u64) {
    let mut buffer = Vec::new();
    loop {
        let request = match read(sys, fd, &mut buffer).await {
            Ok(Some(r)) => r,
            Ok(None) => return,
            Err(()) => Request { line: "-".into(), ..Request::default() },
        };
        count(sys, |c| c.requests += 1);
        let Some(server) = choose(setup, &request, port) else { return };
        let at = At { sys, setup, server, client, port, number, request: &request };
        let (answer, settings) = if request.method.is_empty() {
            (at.error_page(400, &server.settings).await, &server.settings)
        } else {
            at.answer().await
        };
        let keep = request.version == "HTTP/1.1"
            && !request.header("Connection").is_some_and(|c| c.eq_ignore_ascii_case("close"))
            && answer.status != 400;
        let bytes = at.bytes(&answer, settings, keep);
        at.log(&answer, settings).await;
        if sys.write_all(fd, bytes).await.is_err() || !keep {
            return;
        }
    }
}

/// The next request; none at the end, an error for what is none.
async fn read(sys: &Sys, fd: Fd, buffer: &mut Vec<u8>) -> Result<Option<Request>, ()> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        if buffer.len() > HEAD_MOST {
            return Err(());
        }
        match sys.read(fd, 1 << 16).await {
            Ok(data) if !data.is_empty() => buffer.extend_from_slice(&data),
            Err(Errno::EINTR) => {}
            _ => return if buffer.is_empty() { Ok(None) } else { Err(()) },
        }
    };
    let head: Vec<u8> = buffer.drain(..end).collect();
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default().to_owned();
    let mut words = line.split(' ');
    let (Some(method), Some(uri), Some(version)) = (words.next(), words.next(), words.next()) else { return Err(()) };
    if !version.starts_with("HTTP/1.") {
        return Err(());
    }
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let mut r = Request {
        method: method.to_owned(),
        uri: uri.to_owned(),
        path: clean(&decode(path)),
        query: query.to_owned(),
        version: version.to_owned(),
        headers: lines
            .filter_map(|l| l.split_once(':'))
            .map(|(n, v)| (n.trim().to_owned(), v.trim().to_owned()))
            .collect(),
        line,
        body: Vec::new(),
    };
    let length = r.header("Content-Length").and_then(|l| l.parse::<usize>().ok()).unwrap_or(0).min(BODY_MOST);
    while buffer.len() < length {
        match sys.read(fd, 1 << 16).await {
            Ok(data) if !data.is_empty() => buffer.extend_from_slice(&data),
            Err(Errno::EINTR) => {}
            _ => return Err(()),
        }
    }
    r.body = buffer.drain(..length).collect();
    Ok(Some(r))
}

fn decode(path: &str) -> String {
    let mut out = Vec::new();
    let bytes = path.as_bytes();
    let mut i = 0;
    while let Some(b) = bytes.get(i) {
        let hex = path.get(i + 1..i + 3).filter(|_| *b == b'%').and_then(|h| u8::from_str_radix(h, 16).ok());
        out.push(hex.unwrap_or(*b));
        i += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `..` and double slashes resolved, never above the root.
fn clean(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for p in path.split('/') {
        match p {
            "" | "." => {}
            ".." => drop(out.pop()),
            p => out.push(p),
        }
    }
    let slash = if path.ends_with('/') && !out.is_empty() { "/" } else { "" };
    format!("/{}{slash}", out.join("/"))
}

/// The server by name, else the port's first or its `default_server`.
fn choose<'a>(setup: &'a Setup, r: &Request, port: u16) -> Option<&'a Server> {
    let here = || setup.config.servers.iter().filter(|s| s.ports.contains(&port));
    let host = r.host().to_lowercase();
    let named = |s: &&Server| {
        s.names.iter().any(|n| *n == host || n.strip_prefix('*').is_some_and(|rest| host.ends_with(rest)))
    };
    here().find(named).or_else(|| here().find(|s| s.default_on.contains(&port))).or_else(|| here().next())
}

/// The location of a path: exact, then the expressions, then the longest beginning.
fn locate<'a>(server: &'a Server, path: &str) -> Option<&'a Location> {
    let by = |kind: Match| server.locations.iter().filter(move |l| l.kind == kind);
    let has = |l: &&Location, f: &dyn Fn(&str) -> bool| l.paths.iter().any(|p| f(p));
    by(Match::Exact)
        .find(|l| has(l, &|p| p == path))
        .or_else(|| by(Match::Suffix).find(|l| has(l, &|p| path.ends_with(p))))
        .or_else(|| {
            let length = |l: &&Location| l.paths.first().map_or(0, String::len);
            by(Match::Prefix).filter(|l| has(l, &|p| path.starts_with(p))).max_by_key(length)
        })
}

pub(super) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Moved Temporarily",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Authorization Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Not Allowed",
        413 => "Request Entity Too Large",
        418 => "I'm a teapot",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        _ => "",
    }
}

impl<'a> At<'a> {
    async fn answer(&self) -> (Answer, &'a Settings) {
        let server = self.server;
        let mut path = self.request.path.clone();
        for _ in 0..10 {
            let location = locate(server, &path);
            let settings = location.map_or(&server.settings, |l| &l.settings);
            let prefix = location.and_then(|l| l.paths.first()).map_or("/", String::as_str);
            match self.handle(settings, location, prefix, &path).await {
                Ok(answer) => {
                    let page =
                        settings.error_pages.iter().find(|(codes, _)| codes.contains(&answer.status)).map(|(_, p)| p);
                    if let Some(page) = page.filter(|p| p.starts_with('/') && **p != path && answer.upstream.is_empty())
                    {
                        let target = locate(server, page).map_or(settings, |l| &l.settings);
                        if let Some(mut found) = self.file(target, "/", page).await {
                            found.status = answer.status;
                            return (found, settings);
                        }
                    }
                    return (answer, settings);
                }
                Err(next) => path = next,
            }
        }
        (self.error_page(500, &server.settings).await, &server.settings)
    }

    /// An answer, or another path to look at.
    async fn handle(
        &self,
        s: &'a Settings,
        location: Option<&'a Location>,
        prefix: &str,
        path: &str,
    ) -> Result<Answer, String> {
        if let Some((code, text)) = s.ret.as_ref().or(self.server.settings.ret.as_ref()) {
            let text = self.fill(text, None);
            if (301..=308).contains(code) && *code != 304 {
                let mut answer = self.error_page(*code, s).await;
                let full = if text.starts_with('/') {
                    format!("http://{}{text}", self.request.header("Host").unwrap_or_default())
                } else {
                    text
                };
                answer.headers.push(("Location".into(), full));
                return Ok(answer);
            }
            if text.is_empty() && *code >= 300 {
                return Ok(self.error_page(*code, s).await);
            }
            let kind = if s.default_type.is_empty() { "text/plain".to_owned() } else { s.default_type.clone() };
            return Ok(Answer { status: *code, kind, body: text.into_bytes(), ..Answer::default() });
        }
        if s.denied {
            return Ok(self.error_page(403, s).await);
        }
        if s.status_page {
            let (c, r) = count(self.sys, |c| (c.connections, c.requests));
            let text = format!(
                "Active connections: 1 \nserver accepts handled requests\n {c} {c} {r} \nReading: 0 Writing: 1 Waiting: 0 \n"
            );
            return Ok(Answer { status: 200, kind: "text/plain".into(), body: text.into_bytes(), ..Answer::default() });
        }
        if let Some(url) = &s.proxy {
            let exact = location.is_none_or(|l| l.kind != Match::Suffix);
            return Ok(self.proxy(s, url, if exact { prefix } else { "" }).await);
        }
        if !matches!(self.request.method.as_str(), "GET" | "HEAD") {
            return Ok(self.error_page(405, s).await);
        }
        if let Some((last, tries)) = s.try_files.split_last() {
            for t in tries {
                let t = clean(&self.fill_uri(t, path));
                let wants_dir = t.ends_with('/') && t != "/";
                let on_disk = self.disk_path(s, prefix, t.trim_end_matches('/'));
                match self.sys.stat(&on_disk).await {
                    Ok(st) if (st.file_type == FileType::Dir) == (wants_dir || t == "/") => {
                        return Ok(self.static_file(s, prefix, &t).await);
                    }
                    _ => {}
                }
            }
            if let Some(code) = last.strip_prefix('=').and_then(|c| c.parse().ok()) {
                return Ok(self.error_page(code, s).await);
            }
            let next = clean(&self.fill_uri(last, path));
            return if next == path { Ok(self.static_file(s, prefix, &next).await) } else { Err(next) };
        }
        Ok(self.static_file(s, prefix, path).await)
    }

    fn disk_path(&self, s: &Settings, prefix: &str, path: &str) -> String {
        match &s.alias {
            Some(alias) => format!("{alias}{}", path.strip_prefix(prefix).unwrap_or(path)),
            None => format!("{}{path}", s.root.as_deref().unwrap_or("/etc/nginx/html").trim_end_matches('/')),
        }
    }

    async fn static_file(&self, s: &Settings, prefix: &str, path: &str) -> Answer {
        let on_disk = self.disk_path(s, prefix, path);
        if self.sys.stat(&on_disk).await.is_ok_and(|st| st.file_type == FileType::Dir) {
            if !path.ends_with('/') {
                let mut answer = self.error_page(301, s).await;
                let to = format!("http://{}{path}/", self.request.header("Host").unwrap_or("localhost"));
                answer.headers.push(("Location".into(), to));
                return answer;
            }
            for index in &s.index {
                if let Some(found) = self.file(s, prefix, &format!("{path}{index}")).await {
                    return found;
                }
            }
            if s.autoindex {
                return self.listing(&on_disk, path).await;
            }
            self.error(&format!("directory index of \"{on_disk}\" is forbidden")).await;
            return self.error_page(403, s).await;
        }
        match self.file(s, prefix, path).await {
            Some(found) => found,
            None => {
                let denied = self.sys.stat(&on_disk).await.is_ok();
                let (code, what) =
                    if denied { (403, "13: Permission denied") } else { (404, "2: No such file or directory") };
                self.error(&format!("open() \"{on_disk}\" failed ({what})")).await;
                self.error_page(code, s).await
            }
        }
    }

    async fn file(&self, s: &Settings, prefix: &str, path: &str) -> Option<Answer> {
        let on_disk = self.disk_path(s, prefix, path);
        let stat = self.sys.stat(&on_disk).await.ok().filter(|st| st.file_type == FileType::File)?;
        let body = self.sys.read_file(&on_disk).await.ok()?;
        let extension = path.rsplit('/').next().and_then(|n| n.rsplit_once('.')).map_or("", |e| e.1);
        let kind =
            self.setup.config.types.get(&extension.to_lowercase()).cloned().unwrap_or_else(|| s.default_type.clone());
        let etag = format!("\"{:x}-{:x}\"", stat.mtime, stat.size);
        let modified = Date::of(stat.mtime).http();
        let fresh = self.request.header("If-None-Match").map_or_else(
            || self.request.header("If-Modified-Since") == Some(modified.as_str()),
            |tags| tags.split(',').any(|t| t.trim().trim_start_matches("W/") == etag),
        );
        let headers = vec![("Last-Modified".into(), modified), ("ETag".into(), etag)];
        if fresh {
            return Some(Answer { status: 304, headers, ..Answer::default() });
        }
        let mut headers = headers;
        headers.push(("Accept-Ranges".into(), "bytes".into()));
        Some(Answer { status: 200, kind, headers, body, ..Answer::default() })
    }

    async fn listing(&self, dir: &str, path: &str) -> Answer {
        let mut out = format!(
            "<html>\r\n<head><title>Index of {path}</title></head>\r\n<body>\r\n<h1>Index of {path}</h1><hr><pre><a href=\"../\">../</a>\r\n"
        );
        for e in self.sys.read_dir(dir).await.unwrap_or_default() {
            let slash = if e.file_type == FileType::Dir { "/" } else { "" };
            out.push_str(&format!("<a href=\"{0}{slash}\">{0}{slash}</a>\r\n", e.name));
        }
        out.push_str("</pre><hr></body>\r\n</html>\r\n");
        Answer { status: 200, kind: "text/html".into(), body: out.into_bytes(), ..Answer::default() }
    }

    async fn error_page(&self, status: u16, _: &Settings) -> Answer {
        let title = format!("{status} {}", reason(status));
        let body = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx/{}</center>\r\n</body>\r\n</html>\r\n",
            self.setup.version
        );
        let body = if status == 304 || status == 204 { String::new() } else { body };
        Answer { status, kind: "text/html".into(), body: body.into_bytes(), ..Answer::default() }
    }

    /// Asks another server.
    async fn proxy(&self, s: &Settings, url: &str, prefix: &str) -> Answer {
        let url = self.fill(url, None);
        let rest = url.strip_prefix("http://").unwrap_or(&url);
        let (authority, uri) = match rest.find('/') {
            Some(at) => (rest.get(..at).unwrap_or(rest), rest.get(at..)),
            None => (rest, None),
        };
        // With a path, that stands for what the location names; else the request's own goes on.
        let uri = match uri {
            Some(base) => {
                let tail = self.request.path.strip_prefix(prefix).unwrap_or(&self.request.path);
                let query =
                    if self.request.query.is_empty() { String::new() } else { format!("?{}", self.request.query) };
                format!("{base}{tail}{query}")
            }
            None => self.request.uri.clone(),
        };
        let group = self.setup.config.upstreams.get(authority);
        let servers = group.cloned().unwrap_or_else(|| vec![authority.to_owned()]);
        let first = if group.is_some() {
            count(self.sys, |c| {
                let turn = c.turns.entry(authority.to_owned()).or_default();
                *turn += 1;
                *turn - 1
            })
        } else {
            0
        };
        let mut status = 502;
        for i in 0..servers.len() {
            let Some(server) = servers.get((first + i) % servers.len().max(1)) else { continue };
            let (host, port) =
                server.split_once(':').map_or((server.as_str(), 80), |(h, p)| (h, p.parse().unwrap_or(80)));
            match self.ask(s, host, port, authority, &uri).await {
                Ok(mut answer) => {
                    answer.upstream = format!("{host}:{port}");
                    return answer;
                }
                Err((code, why, shown)) => {
                    status = code;
                    self.error(&format!("{why}, client: {}, server: {}, request: \"{}\", upstream: \"http://{shown}{uri}\", host: \"{}\"", self.client, self.server.names.join(" "), self.request.line, self.request.header("Host").unwrap_or_default())).await;
                }
            }
        }
        let mut answer = self.error_page(status, s).await;
        answer.upstream.clear();
        answer
    }

    async fn ask(
        &self,
        s: &Settings,
        host: &str,
        port: u16,
        authority: &str,
        uri: &str,
    ) -> Result<Answer, (u16, String, String)> {
        let shown = || format!("{host}:{port}");
        let ip = match host.parse::<Ipv4Addr>() {
            Ok(ip) => ip,
            Err(_) => {
                let found = self.sys.resolve(host).await.ok().and_then(|l| l.first().copied());
                found.ok_or_else(|| (502, format!("{host} could not be resolved (3: Host not found)"), shown()))?
            }
        };
        let to = || format!("{ip}:{port}");
        let fail = |e: Errno, what: &str| {
            (502, format!("{what} failed ({}: {}) while connecting to upstream", e.number(), e.text()), to())
        };
        let fd = self.sys.socket(SockKind::Tcp).await.map_err(|e| fail(e, "socket()"))?;
        let result = async {
            self.sys
                .connect(fd, SockAddr::Inet(SocketAddrV4::new(ip, port)))
                .await
                .map_err(|e| fail(e, "connect()"))?;
            let mut headers: Vec<(String, String)> =
                vec![("Host".into(), authority.to_owned()), ("Connection".into(), "close".into())];
            for (n, v) in &self.request.headers {
                if !["host", "connection", "keep-alive", "proxy-connection", "upgrade"]
                    .contains(&n.to_lowercase().as_str())
                {
                    headers.push((n.clone(), v.clone()));
                }
            }
            for (n, v) in &s.proxy_headers {
                headers.retain(|(o, _)| !o.eq_ignore_ascii_case(n));
                let v = self.fill(v, None);
                if !v.is_empty() && !n.eq_ignore_ascii_case("upgrade") {
                    headers.push((n.clone(), if n.eq_ignore_ascii_case("connection") { "close".into() } else { v }));
                }
            }
            let mut bytes = format!("{} {uri} HTTP/1.0\r\n", self.request.method);
            headers.iter().for_each(|(n, v)| bytes.push_str(&format!("{n}: {v}\r\n")));
            bytes.push_str("\r\n");
            let mut bytes = bytes.into_bytes();
            bytes.extend(&self.request.body);
            let closed = || {
                (
                    502,
                    "upstream prematurely closed connection while reading response header from upstream".to_owned(),
                    to(),
                )
            };
            self.sys.write_all(fd, bytes).await.map_err(|_| closed())?;
            let all = self.sys.read_all(fd).await.map_err(|_| closed())?;
            response(&all).ok_or_else(closed)
        }
        .await;
        let _ = self.sys.close(fd).await;
        result
    }

    async fn error(&self, text: &str) {
        let client = if text.contains("client: ") {
            String::new()
        } else {
            let server = self.server.names.first().cloned().unwrap_or_default();
            format!(
                ", client: {}, server: {server}, request: \"{}\", host: \"{}\"",
                self.client,
                self.request.line,
                self.request.header("Host").unwrap_or_default()
            )
        };
        let line = format!(
            "{} [error] {p}#{p}: *{} {text}{client}\n",
            stamp(self.sys.wall_clock()),
            self.number,
            p = self.setup.pid
        );
        let _ = self.sys.write_all(self.setup.error_log(), line.into_bytes()).await;
    }

    async fn log(&self, answer: &Answer, s: &Settings) {
        let Some(setting) = &s.access_log else { return };
        let mut words = setting.split(' ');
        let path = words.next().unwrap_or_default();
        let Some(fd) = self.setup.logs.get(path) else { return };
        let combined = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"";
        let format = words.next().and_then(|f| self.setup.config.formats.get(f)).map_or(combined, String::as_str);
        let line = format!("{}\n", self.fill(format, Some(answer)));
        let _ = self.sys.write_all(*fd, line.into_bytes()).await;
    }

    fn bytes(&self, a: &Answer, s: &Settings, keep: bool) -> Vec<u8> {
        let mut out = format!(
            "HTTP/1.1 {} {}\r\nServer: nginx/{}\r\nDate: {}\r\n",
            a.status,
            reason(a.status),
            self.setup.version,
            http_date(self.sys.wall_clock())
        );
        let has = |name: &str| a.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        if a.status != 304 && a.status != 204 {
            if !has("Content-Type") && !a.kind.is_empty() {
                out.push_str(&format!("Content-Type: {}\r\n", a.kind));
            }
            out.push_str(&format!("Content-Length: {}\r\n", a.body.len()));
        }
        out.push_str(if keep { "Connection: keep-alive\r\n" } else { "Connection: close\r\n" });
        for (n, v) in &a.headers {
            out.push_str(&format!("{n}: {v}\r\n"));
        }
        for (n, v, always) in &s.headers {
            if *always || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].contains(&a.status) {
                out.push_str(&format!("{n}: {}\r\n", self.fill(v, Some(a))));
            }
        }
        out.push_str("\r\n");
        let mut out = out.into_bytes();
        if self.request.method != "HEAD" {
            out.extend(&a.body);
        }
        out
    }

    fn fill_uri(&self, text: &str, path: &str) -> String {
        self.fill(&text.replace("$uri", path), None)
    }

    /// Puts variables' values in.
    fn fill(&self, text: &str, answer: Option<&Answer>) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(rest.get(..at).unwrap_or_default());
            let tail = rest.get(at + 1..).unwrap_or_default();
            let (name, after) = match tail.strip_prefix('{').and_then(|t| t.split_once('}')) {
                Some(pair) => pair,
                None => {
                    let end = tail.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(tail.len());
                    tail.split_at(end)
                }
            };
            out.push_str(&self.variable(name, answer));
            rest = after;
        }
        out + rest
    }

    fn variable(&self, name: &str, answer: Option<&Answer>) -> String {
        let r = self.request;
        let or_dash = |v: Option<&str>| {
            v.map_or_else(|| if answer.is_some() { "-".to_owned() } else { String::new() }, str::to_owned)
        };
        let wall = self.sys.wall_clock();
        match name {
            "remote_addr" => self.client.to_string(),
            "remote_user" | "ssl_protocol" | "pipe" => or_dash(None),
            "time_local" => Date::of(wall.div_euclid(1_000_000_000)).log(),
            "time_iso8601" => stamp(wall).replacen('/', "-", 2).replace(' ', "T") + "+00:00",
            "msec" => format!("{}.{:03}", wall / 1_000_000_000, wall / 1_000_000 % 1000),
            "request" => r.line.clone(),
            "request_method" => r.method.clone(),
            "request_uri" => r.uri.clone(),
            "uri" | "document_uri" => r.path.clone(),
            "args" | "query_string" => r.query.clone(),
            "is_args" => if r.query.is_empty() { "" } else { "?" }.to_owned(),
            "scheme" => "http".to_owned(),
            "host" => {
                if r.host().is_empty() {
                    self.server.names.first().cloned().unwrap_or_default()
                } else {
                    r.host().to_owned()
                }
            }
            "http_host" => r.header("Host").unwrap_or_default().to_owned(),
            "server_name" => self.server.names.first().cloned().unwrap_or_default(),
            "server_port" => self.port.to_string(),
            "server_protocol" => r.version.clone(),
            "nginx_version" => self.setup.version.clone(),
            "pid" => self.setup.pid.to_string(),
            "connection" => self.number.to_string(),
            "hostname" => self.setup.hostname.clone(),
            "status" => answer.map_or_else(String::new, |a| a.status.to_string()),
            "body_bytes_sent" | "bytes_sent" => {
                answer.map_or(0, |a| if r.method == "HEAD" { 0 } else { a.body.len() }).to_string()
            }
            "request_time" | "upstream_response_time" => "0.000".to_owned(),
            "upstream_addr" => or_dash(answer.map(|a| a.upstream.as_str()).filter(|u| !u.is_empty())),
            "proxy_add_x_forwarded_for" => match r.header("X-Forwarded-For") {
                Some(v) => format!("{v}, {}", self.client),
                None => self.client.to_string(),
            },
            _ => match (name.strip_prefix("http_"), name.strip_prefix("arg_")) {
                (Some(h), _) => or_dash(r.header(&h.replace('_', "-"))),
                (_, Some(a)) => {
                    let pairs: BTreeMap<&str, &str> = r.query.split('&').filter_map(|p| p.split_once('=')).collect();
                    pairs.get(a).map(|v| (*v).to_owned()).unwrap_or_default()
                }
                _ => String::new(),
            },
        }
    }
}

/// Reads a whole answer.
fn response(all: &[u8]) -> Option<Answer> {
    let end = all.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(all.get(..end)?).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut body = all.get(end + 4..)?.to_vec();
    let mut out = Answer { status, ..Answer::default() };
    for (n, v) in lines.filter_map(|l| l.split_once(':')) {
        let (n, v) = (n.trim(), v.trim());
        match n.to_lowercase().as_str() {
            "content-type" => out.kind = v.to_owned(),
            "transfer-encoding" if v.eq_ignore_ascii_case("chunked") => body = unchunk(&body),
            "content-length" | "connection" | "date" | "server" | "keep-alive" => {}
            _ => out.headers.push((n.to_owned(), v.to_owned())),
        }
    }
    out.body = body;
    Some(out)
}

fn unchunk(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = rest
            .get(..at)
            .and_then(|s| std::str::from_utf8(s).ok())
            .and_then(|s| usize::from_str_radix(s.trim(), 16).ok());
        let Some(size) = size.filter(|s| *s > 0) else { break };
        out.extend(rest.get(at + 2..at + 2 + size).unwrap_or_default());
        rest = rest.get(at + 4 + size..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_dates() {
        assert_eq!(clean("/a/../../b//c/"), "/b/c/");
        assert_eq!(decode("/a%20b%zz"), "/a b%zz");
        // date -u -d @1795248000
        assert_eq!(http_date(1_795_248_000_000_000_000), "Sat, 21 Nov 2026 08:00:00 GMT");
        assert_eq!(stamp(1_795_248_000_000_000_000), "2026/11/21 08:00:00");
        assert_eq!(unchunk(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), b"abcde");
    }
}
