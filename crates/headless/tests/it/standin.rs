//! An engine that answers from a table (`tests/beside/standin.json`): for the real client at a real
//! socket, for ours in the machine. It notes what it was asked.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use layerlab_api::http::{BodyDecoder, Request};
use layerlab_api::stdcopy;
use layerlab_kernel::{Program, ProgramArgs, SockAddr, SockKind, Sys, async_program};
use serde::Deserialize;
use serde_json::Value as Json;

/// Where it listens in the machine.
pub(crate) const SOCKET: &str = "/tmp/standin.sock";

/// An answer. The first whose line and condition fit is given.
#[derive(Deserialize)]
struct Rule {
    /// `GET /path`; `*` is one part of it or the method, a last `**` all that follows.
    on: String,
    /// What the query or the body have, or with `!` before it have not.
    when: Option<String>,
    status: Option<u16>,
    json: Option<Json>,
    text: Option<String>,
    /// A stream of JSON.
    lines: Option<Vec<Json>>,
    /// What a raw connection gives: stream and text.
    frames: Option<Vec<(u8, String)>>,
    /// Such frames as a plain answer.
    logs: Option<Vec<(u8, String)>>,
}

/// A request as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Json,
}

struct Table {
    rules: Vec<Rule>,
    /// Seconds since 1970, from which the data's ages count.
    now: AtomicI64,
}

impl Table {
    fn new() -> Self {
        let rules = serde_json::from_str(include_str!("../beside/standin.json")).unwrap();
        Self { rules, now: AtomicI64::new(0) }
    }

    fn answer(&self, request: &Request, body: &[u8]) -> Vec<u8> {
        let now = self.now.load(Ordering::SeqCst);
        let dated = |json: &Json| {
            let mut json = json.clone();
            resolve(&mut json, now);
            json
        };
        let asked = format!("{} {}", request.query.encode(), String::from_utf8_lossy(body));
        let plain: String = request.query.0.iter().map(|(k, v)| format!("{k}={v} ")).collect();
        let fits = |r: &&Rule| {
            let when = r.when.as_deref().is_none_or(|w| match w.strip_prefix('!') {
                Some(w) => !asked.contains(w) && !plain.contains(w),
                None => asked.contains(w) || plain.contains(w),
            });
            when && matches(&r.on, &format!("{} {}", request.method, request.path))
        };
        let Some(rule) = self.rules.iter().find(fits) else { return Vec::new() };
        let framed = |list: &[(u8, String)]| -> Vec<u8> {
            let stream = |n: u8| if n == 2 { stdcopy::Stream::Stderr } else { stdcopy::Stream::Stdout };
            list.iter().flat_map(|(n, text)| stdcopy::frame(stream(*n), text.as_bytes())).collect()
        };
        if let Some(frames) = &rule.frames {
            let mut out = b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n".to_vec();
            // Of an attach, the streams that were asked for.
            let asked = |n: u8| request.query.is(if n == 2 { "stderr" } else { "stdout" });
            let attach = request.query.is("stream");
            let wanted: Vec<_> = frames.iter().filter(|f| !attach || asked(f.0)).cloned().collect();
            out.extend(framed(&wanted));
            return out;
        }
        let (kind, body) = match rule {
            Rule { json: Some(json), .. } => ("application/json", dated(json).to_string().into_bytes()),
            Rule { lines: Some(lines), .. } => {
                ("application/json", lines.iter().map(|l| format!("{}\r\n", dated(l))).collect::<String>().into_bytes())
            }
            Rule { logs: Some(logs), .. } => ("application/vnd.docker.multiplexed-stream", framed(logs)),
            _ => ("text/plain; charset=utf-8", rule.text.clone().unwrap_or_default().into_bytes()),
        };
        let status = rule.status.unwrap_or(200);
        let mut out = format!("HTTP/1.1 {status} {}\r\n", layerlab_api::http::reason(status));
        out.push_str("Api-Version: 1.50\r\nDocker-Experimental: false\r\nOstype: linux\r\nSwarm: inactive\r\nConnection: close\r\n");
        if status != 204 {
            out.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()));
        }
        out.push_str("\r\n");
        let mut out = out.into_bytes();
        if request.method != "HEAD" && status != 204 {
            out.extend(body);
        }
        out
    }
}

/// `{"ago": n}` is a time in seconds, `"@n"` one in RFC 3339.
fn resolve(v: &mut Json, now: i64) {
    match v {
        Json::Object(o) => match o.get("ago").and_then(Json::as_i64) {
            Some(ago) => *v = (now - ago).into(),
            None => o.values_mut().for_each(|v| resolve(v, now)),
        },
        Json::Array(a) => a.iter_mut().for_each(|v| resolve(v, now)),
        Json::String(s) => {
            if let Some(ago) = s.strip_prefix('@').and_then(|n| n.parse::<i64>().ok()) {
                *v = rfc3339(now - ago).into();
            }
        }
        _ => {}
    }
}

/// Howard Hinnant's `civil_from_days`.
fn rfc3339(t: i64) -> String {
    let (days, s) = (t.div_euclid(86_400) + 719_468, t.rem_euclid(86_400));
    let (era, doe) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (d, m) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let y = yoe + era * 400 + i64::from(m <= 2);
    format!("{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}Z", s / 3600, s / 60 % 60, s % 60)
}

fn matches(pattern: &str, line: &str) -> bool {
    if let Some((before, after)) = pattern.split_once("/**/") {
        let rest = line.strip_prefix(before).and_then(|l| l.strip_prefix('/'));
        return rest.is_some_and(|r| r.ends_with(&format!("/{after}")));
    }
    let (mut p, mut l) = (pattern.split(['/', ' ']), line.split(['/', ' ']));
    loop {
        match (p.next(), l.next()) {
            (Some("**"), Some(_)) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}

fn asked(request: &Request, body: &[u8]) -> Asked {
    let mut query = request.query.0.clone();
    query.sort();
    let mut body: Json = serde_json::from_slice(body)
        .unwrap_or_else(|_| if body.is_empty() { Json::Null } else { format!("{} bytes", body.len()).into() });
    // The real client takes variables out of a map: now in this order, now in that.
    if let Some(env) = body.get_mut("Env").and_then(Json::as_array_mut) {
        env.sort_by_key(ToString::to_string);
    }
    // So it does with a network's subnets.
    if let Some(subnets) = body.pointer_mut("/IPAM/Config").and_then(Json::as_array_mut) {
        subnets.sort_by_key(ToString::to_string);
    }
    Asked { line: format!("{} {}", request.method, request.path), query, body }
}

/// A request's head and how to read its body, of what has come.
fn head(bytes: &mut Vec<u8>) -> Option<(Request, BodyDecoder)> {
    let (request, used) = Request::parse(bytes).unwrap()?;
    bytes.drain(..used);
    let body = BodyDecoder::new(request.framing());
    Some((request, body))
}

/// At a real socket.
pub(crate) struct Outside {
    log: Arc<Mutex<Vec<Asked>>>,
    table: Arc<Table>,
}

impl Outside {
    pub(crate) fn listen(socket: &Path) -> Self {
        let listener = UnixListener::bind(socket).unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (table, notes) = (Arc::new(Table::new()), log.clone());
        let shared = table.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (table, notes) = (table.clone(), notes.clone());
                std::thread::spawn(move || serve(stream, &table, &notes));
            }
        });
        Self { log, table: shared }
    }

    /// Sets the time from which ages count, in seconds since 1970.
    pub(crate) fn set_now(&self, now: i64) {
        self.table.now.store(now, Ordering::SeqCst);
    }

    pub(crate) fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

fn serve(mut stream: UnixStream, table: &Table, log: &Mutex<Vec<Asked>>) -> Option<()> {
    let mut bytes = Vec::new();
    let more = |bytes: &mut Vec<u8>, stream: &mut UnixStream| {
        let mut buffer = [0; 1 << 16];
        let n = stream.read(&mut buffer).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&buffer[..n]);
        Some(())
    };
    let (request, mut decoder) = loop {
        if let Some(found) = head(&mut bytes) {
            break found;
        }
        more(&mut bytes, &mut stream)?;
    };
    let mut body = decoder.take(&mut bytes)?;
    while !decoder.is_done() {
        more(&mut bytes, &mut stream)?;
        body.extend(decoder.take(&mut bytes)?);
    }
    log.lock().unwrap().push(asked(&request, &body));
    stream.write_all(&table.answer(&request, &body)).ok()
}

thread_local! {
    /// What the one in the machine answers, and what it was asked.
    static INSIDE: RefCell<(Table, Vec<Asked>)> = RefCell::new((Table::new(), Vec::new()));
}

/// What the one in the machine was asked since the last call.
pub(crate) fn take_inside() -> Vec<Asked> {
    INSIDE.with_borrow_mut(|i| std::mem::take(&mut i.1))
}

/// Sets the time from which ages count for the one in the machine, in seconds since 1970.
pub(crate) fn set_now_inside(now: i64) {
    INSIDE.with_borrow(|i| i.0.now.store(now, Ordering::SeqCst));
}

/// The program `standin`.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, _| inside(sys))
}

async fn inside(sys: Sys) -> i32 {
    let fd = sys.socket(SockKind::UnixStream).await.unwrap();
    sys.bind(fd, SockAddr::Unix(SOCKET.to_owned())).await.unwrap();
    sys.listen(fd, 100).await.unwrap();
    loop {
        let (conn, _) = sys.accept(fd).await.unwrap();
        let mut bytes = Vec::new();
        let found = loop {
            if let Some(found) = head(&mut bytes) {
                break Some(found);
            }
            match sys.read(conn, 1 << 16).await {
                Ok(data) if !data.is_empty() => bytes.extend_from_slice(&data),
                _ => break None,
            }
        };
        if let Some((request, mut decoder)) = found {
            let mut body = decoder.take(&mut bytes).unwrap();
            while !decoder.is_done() {
                match sys.read(conn, 1 << 16).await {
                    Ok(data) if !data.is_empty() => bytes.extend_from_slice(&data),
                    _ => decoder.close(),
                }
                body.extend(decoder.take(&mut bytes).unwrap());
            }
            let answer = INSIDE.with_borrow_mut(|(table, log)| {
                log.push(asked(&request, &body));
                table.answer(&request, &body)
            });
            let _ = sys.write_all(conn, answer).await;
        }
        let _ = sys.close(conn).await;
    }
}
