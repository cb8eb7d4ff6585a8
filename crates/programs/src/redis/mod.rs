//! `redis-server`: one event loop, as the real one has. `redis-cli` beside it ([`cli`]).

pub(crate) mod cli;
mod rdb;
mod resp;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

use layerlab_kernel::{
    Cx, Disposition, Errno, Fd, OpenFlags, PollFd, Program, ProgramArgs, Ret, Signal, SimTime, SockAddr, SockKind,
    StateHasher, Step, Syscall,
};

use resp::{Reply, Words};
use store::Store;

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    Box::new(Server {
        args,
        listener: None,
        clients: BTreeMap::new(),
        store: Store::default(),
        settings: BTreeMap::new(),
        count: 0,
        commands: 0,
        began: 0,
        ended: None,
    })
}

/// A client.
#[derive(Clone, Debug, Default, Hash)]
struct Client {
    id: u64,
    name: Vec<u8>,
    input: Vec<u8>,
    output: Vec<u8>,
    db: usize,
    is_known: bool,
    /// Commands since MULTI.
    queue: Option<Vec<Words>>,
    channels: BTreeSet<Vec<u8>>,
    patterns: BTreeSet<Vec<u8>>,
    /// BLPOP and BRPOP: what it waits for, and until when.
    blocked: Option<(Words, Option<i64>)>,
    is_closing: bool,
}

#[derive(Clone, Hash)]
struct Server {
    args: ProgramArgs,
    listener: Option<Fd>,
    clients: BTreeMap<Fd, Client>,
    store: Store,
    settings: BTreeMap<String, String>,
    count: u64,
    commands: u64,
    /// When it started, in nanoseconds since 1970.
    began: i64,
    ended: Option<i32>,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `21 Nov 2026 08:00:00.000`
fn stamp(wall: i64) -> String {
    let t = date(wall.div_euclid(1_000_000_000));
    format!(
        "{:02} {} {} {:02}:{:02}:{:02}.{:03}",
        t.2,
        MONTHS.get(t.1 - 1).unwrap_or(&""),
        t.0,
        t.3 / 3600,
        t.3 / 60 % 60,
        t.3 % 60,
        wall.div_euclid(1_000_000).rem_euclid(1000)
    )
}

/// Year, month, day and second of the day (the civil calendar from days, after H. Hinnant).
fn date(secs: i64) -> (i64, usize, i64, i64) {
    let (days, rest) = (secs.div_euclid(86_400), secs.rem_euclid(86_400));
    let z = days + 719_468;
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), usize::try_from(month).unwrap_or(1), doy - (153 * mp + 2) / 5 + 1, rest)
}

fn read_file(cx: &mut Cx<'_>, path: &str) -> Option<Vec<u8>> {
    let fd = cx.open(path, OpenFlags::READ, 0).ok()?;
    let mut all = Vec::new();
    while let Ok(data) = cx.read(fd, 1 << 16) {
        if data.is_empty() {
            break;
        }
        all.extend_from_slice(&data);
    }
    let _ = cx.close(fd);
    Some(all)
}

impl Program for Server {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        if let Some(code) = self.ended {
            return Step::exit(code);
        }
        let result = cx.result();
        if self.listener.is_none() {
            return match self.start(cx) {
                Ok(fd) => {
                    self.listener = Some(fd);
                    self.poll(cx)
                }
                Err(code) => Step::exit(code),
            };
        }
        match result {
            Ok(Ret::Ready(ready)) => {
                for r in ready {
                    if Some(r.fd) == self.listener {
                        self.accept(cx);
                    } else if r.read {
                        self.read(cx, r.fd);
                    }
                }
            }
            Err(Errno::EINTR) => {
                if let Some(signal) = cx.take_signal() {
                    let name = if signal == Signal::INT { "SIGINT" } else { "SIGTERM" };
                    let secs = cx.wall_clock().div_euclid(1_000_000_000);
                    let text = format!("{}:signal-handler ({secs}) Received {name} scheduling shutdown...\n", cx.pid());
                    let _ = cx.write(1, Rc::new(text.into_bytes()));
                    self.log(cx, '*', "User requested shutdown...");
                    return self.shutdown(cx, true);
                }
            }
            _ => {}
        }
        self.unblock(cx);
        if let Some(code) = self.ended {
            return Step::exit(code);
        }
        self.flush(cx);
        self.poll(cx)
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        self.hash(h);
    }

    fn memory(&self) -> u64 {
        8 << 20
    }
}

impl Server {
    fn setting(&self, name: &str) -> &str {
        let default = match name {
            "port" => "6379",
            "dir" => ".",
            "dbfilename" => "dump.rdb",
            "save" => "3600 1 300 100 60 10000",
            "databases" => "16",
            "maxmemory-policy" => "noeviction",
            "appendonly" => "no",
            "maxmemory" => "0",
            _ => "",
        };
        self.settings.get(name).map_or(default, String::as_str)
    }

    fn log(&self, cx: &mut Cx<'_>, level: char, text: &str) {
        let line = format!("{}:M {} {level} {text}\n", cx.pid(), stamp(cx.wall_clock()));
        let _ = cx.write(1, Rc::new(line.into_bytes()));
    }

    fn configure(&mut self, cx: &mut Cx<'_>) -> Result<bool, i32> {
        let mut lines: Vec<Vec<String>> = Vec::new();
        let mut has_file = false;
        let mut words = self.args.argv.clone().into_iter().skip(1).peekable();
        if words.peek().is_some_and(|w| !w.starts_with('-')) {
            let path = words.next().unwrap_or_default();
            let Some(bytes) = read_file(cx, &path) else {
                let text = format!("Fatal error, can't open config file '{path}': No such file or directory\n");
                let _ = cx.write(2, Rc::new(text.into_bytes()));
                return Err(1);
            };
            has_file = true;
            let content = String::from_utf8_lossy(&bytes).into_owned();
            for line in content.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
                let words = resp::words(line).unwrap_or_default();
                lines.push(words.iter().map(|w| String::from_utf8_lossy(w).into_owned()).collect());
            }
        }
        for word in words {
            match word.strip_prefix("--") {
                Some(name) => lines.push(vec![name.to_owned()]),
                None => lines.last_mut().into_iter().for_each(|l| l.push(word.clone())),
            }
        }
        for line in lines {
            if let Some((name, values)) = line.split_first() {
                self.settings.insert(name.to_lowercase(), values.join(" "));
            }
        }
        Ok(has_file)
    }

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Fd, i32> {
        let version = self.args.variant.clone();
        let said = |cx: &mut Cx<'_>, text: String| {
            let _ = cx.write(1, Rc::new(text.into_bytes()));
        };
        if self.args.argv.iter().skip(1).any(|a| a == "--version" || a == "-v") {
            said(cx, format!("Redis server v={version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0\n"));
            return Err(0);
        }
        let has_file = self.configure(cx)?;
        let pid = cx.pid();
        let at = stamp(cx.wall_clock());
        said(
            cx,
            format!(
                "{pid}:C {at} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n{pid}:C {at} * Redis version={version}, bits=64, commit=00000000, modified=0, pid={pid}, just started\n"
            ),
        );
        if has_file {
            said(cx, format!("{pid}:C {at} * Configuration loaded\n"));
        } else {
            said(
                cx,
                format!(
                    "{pid}:C {at} # Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf\n"
                ),
            );
        }
        self.began = cx.wall_clock();
        self.log(cx, '*', "monotonic clock: POSIX clock_gettime");
        for signal in [Signal::TERM, Signal::INT] {
            let _ = cx.sigaction(signal, Disposition::Catch);
        }
        let _ = cx.sigaction(Signal::PIPE, Disposition::Ignore);
        let port: u16 = self.setting("port").parse().unwrap_or(6379);
        let bound = cx.socket(SockKind::Tcp).and_then(|fd| {
            let _ = cx.set_cloexec(fd, true);
            cx.bind(fd, SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port)))?;
            cx.listen(fd, 511)?;
            Ok(fd)
        });
        let fd = match bound {
            Ok(fd) => fd,
            Err(e) => {
                self.log(
                    cx,
                    '#',
                    &format!("Warning: Could not create server TCP listening socket *:{port}: bind: {}", e.text()),
                );
                self.log(cx, '#', "Failed listening on port, aborting.");
                return Err(1);
            }
        };
        self.log(cx, '*', &format!("Running mode=standalone, port={port}."));
        self.log(cx, '*', "Server initialized");
        let path = self.file();
        if let Some(bytes) = read_file(cx, &path) {
            match rdb::read(&bytes) {
                Some(store) => {
                    let keys: usize = store.dbs.values().map(BTreeMap::len).sum();
                    self.store = store;
                    self.log(cx, '*', &format!("Done loading RDB, keys loaded: {keys}, keys expired: 0."));
                    self.log(cx, '*', "DB loaded from disk: 0.000 seconds");
                }
                None => {
                    self.log(cx, '#', "Fatal error loading the DB, check server logs. Exiting.");
                    return Err(1);
                }
            }
        }
        self.log(cx, '*', "Ready to accept connections tcp");
        Ok(fd)
    }

    fn file(&self) -> String {
        format!("{}/{}", self.setting("dir").trim_end_matches('/'), self.setting("dbfilename"))
    }

    fn poll(&self, cx: &Cx<'_>) -> Step {
        let mut fds: Vec<PollFd> =
            self.listener.iter().map(|fd| PollFd { fd: *fd, read: true, write: false }).collect();
        fds.extend(self.clients.iter().map(|(fd, c)| PollFd { fd: *fd, read: true, write: !c.output.is_empty() }));
        let now = millis(cx);
        let soonest = self.clients.values().filter_map(|c| c.blocked.as_ref()?.1).min();
        let timeout = soonest.map(|t| SimTime::millis(u64::try_from(t - now).unwrap_or(0).max(1)));
        Step::Syscall(Syscall::Poll { fds, timeout })
    }

    fn accept(&mut self, cx: &mut Cx<'_>) {
        let Some(listener) = self.listener else { return };
        if let Ok((fd, _)) = cx.accept(listener) {
            let _ = cx.set_cloexec(fd, true);
            self.count += 1;
            let is_known = self.setting("requirepass").is_empty();
            self.clients.insert(fd, Client { id: self.count, is_known, ..Client::default() });
        }
    }

    fn read(&mut self, cx: &mut Cx<'_>, fd: Fd) {
        match cx.read(fd, 1 << 16) {
            Ok(data) if !data.is_empty() => {
                if let Some(c) = self.clients.get_mut(&fd) {
                    c.input.extend_from_slice(&data);
                }
                self.requests(cx, fd);
            }
            Err(Errno::EAGAIN) => {}
            _ => self.close(cx, fd),
        }
    }

    fn close(&mut self, cx: &mut Cx<'_>, fd: Fd) {
        let _ = cx.close(fd);
        self.clients.remove(&fd);
    }

    fn requests(&mut self, cx: &mut Cx<'_>, fd: Fd) {
        while let Some(c) = self.clients.get_mut(&fd).filter(|c| c.blocked.is_none() && !c.is_closing) {
            match resp::request(&c.input) {
                Ok(None) => return,
                Ok(Some((words, used))) => {
                    c.input.drain(..used.min(c.input.len()));
                    if !words.is_empty() {
                        self.commands += 1;
                        cx.charge(SimTime(20_000));
                        self.command(cx, fd, words);
                    }
                }
                Err(e) => {
                    Reply::Error(e).write(&mut c.output);
                    c.is_closing = true;
                }
            }
        }
    }

    fn command(&mut self, cx: &mut Cx<'_>, fd: Fd, words: Words) {
        let name = words.first().map(|w| String::from_utf8_lossy(w).to_lowercase()).unwrap_or_default();
        let Some(c) = self.clients.get_mut(&fd) else { return };
        let open = matches!(name.as_str(), "auth" | "hello" | "quit");
        let reply = if !c.is_known && !open {
            Some(Reply::error("NOAUTH Authentication required."))
        } else if let (Some(queue), false) =
            (&mut c.queue, matches!(name.as_str(), "exec" | "discard" | "multi" | "quit"))
        {
            queue.push(words);
            Some(Reply::Simple("QUEUED".to_owned()))
        } else {
            self.answer(cx, fd, &name, &words)
        };
        if let (Some(r), Some(c)) = (reply, self.clients.get_mut(&fd)) {
            r.write(&mut c.output);
        }
    }

    /// The answer; none: it comes later, or has been written.
    fn answer(&mut self, cx: &mut Cx<'_>, fd: Fd, name: &str, words: &Words) -> Option<Reply> {
        let arg = |i: usize| words.get(i).map(|w| String::from_utf8_lossy(w).into_owned()).unwrap_or_default();
        let now = millis(cx);
        let password = self.setting("requirepass").to_owned();
        if store::knows(name) {
            let db = self.clients.get(&fd).map_or(0, |c| c.db);
            return Some(self.store.run(db, words, now));
        }
        let c = self.clients.get_mut(&fd)?;
        Some(match name {
            "auth" => {
                if password.is_empty() {
                    return Some(Reply::error(
                        "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
                    ));
                }
                let right = words.last().is_some_and(|w| *w == password.into_bytes());
                c.is_known |= right;
                if right {
                    Reply::ok()
                } else {
                    Reply::error("WRONGPASS invalid username-password pair or user is disabled.")
                }
            }
            "hello" if arg(1) == "3" => Reply::error("NOPROTO unsupported protocol version"),
            "hello" => {
                let (id, version) = (i64::try_from(c.id).unwrap_or(0), self.args.variant.clone());
                let pairs = [("server", "redis"), ("version", version.as_str())];
                let mut all: Vec<Reply> = pairs.iter().flat_map(|(k, v)| [Reply::bulk(*k), Reply::bulk(*v)]).collect();
                all.extend([Reply::bulk("proto"), Reply::Int(2), Reply::bulk("id"), Reply::Int(id)]);
                all.extend([
                    Reply::bulk("mode"),
                    Reply::bulk("standalone"),
                    Reply::bulk("role"),
                    Reply::bulk("master"),
                ]);
                all.extend([Reply::bulk("modules"), Reply::List(Vec::new())]);
                Reply::List(all)
            }
            "select" => match arg(1).parse::<usize>() {
                Ok(n) if n < 16 => {
                    c.db = n;
                    Reply::ok()
                }
                Ok(_) => Reply::error("ERR DB index is out of range"),
                Err(_) => Reply::error("ERR value is not an integer or out of range"),
            },
            "client" => match arg(1).to_lowercase().as_str() {
                "setname" => {
                    c.name = words.get(2).cloned().unwrap_or_default();
                    Reply::ok()
                }
                "getname" if c.name.is_empty() => Reply::Nil,
                "getname" => Reply::Bulk(c.name.clone()),
                "id" => Reply::Int(i64::try_from(c.id).unwrap_or(0)),
                "setinfo" | "no-evict" | "no-touch" | "reply" => Reply::ok(),
                "list" => Reply::bulk(format!("id={} name={} db={}\n", c.id, String::from_utf8_lossy(&c.name), c.db)),
                other => Reply::Error(format!("ERR unknown subcommand '{other}'. Try CLIENT HELP.")),
            },
            "multi" if c.queue.is_some() => Reply::error("ERR MULTI calls can not be nested"),
            "multi" => {
                c.queue = Some(Vec::new());
                Reply::ok()
            }
            "discard" if c.queue.take().is_none() => Reply::error("ERR DISCARD without MULTI"),
            "discard" => Reply::ok(),
            "exec" => match c.queue.take() {
                None => Reply::error("ERR EXEC without MULTI"),
                Some(queue) => {
                    let mut out = Vec::new();
                    for w in &queue {
                        let name = w.first().map(|w| String::from_utf8_lossy(w).to_lowercase()).unwrap_or_default();
                        out.push(self.answer(cx, fd, &name, w).unwrap_or(Reply::Nil));
                    }
                    Reply::List(out)
                }
            },
            "watch" | "unwatch" => Reply::ok(),
            "subscribe" | "psubscribe" | "unsubscribe" | "punsubscribe" => {
                self.subscription(fd, name, words);
                return None;
            }
            "publish" => Reply::Int(self.publish(words)),
            "blpop" | "brpop" => {
                let seconds: f64 = words.last().and_then(|w| std::str::from_utf8(w).ok()?.parse().ok()).unwrap_or(-1.0);
                if words.len() < 3 || seconds < 0.0 {
                    return Some(Reply::error("ERR timeout is not a float or out of range"));
                }
                let until = (seconds > 0.0).then(|| now + (seconds * 1000.0) as i64);
                c.blocked = Some((words.clone(), until));
                return None;
            }
            "save" | "bgsave" => {
                let saved = self.save(cx);
                match (saved, name) {
                    (true, "save") => Reply::ok(),
                    (true, _) => Reply::Simple("Background saving started".to_owned()),
                    (false, _) => Reply::error("ERR"),
                }
            }
            "lastsave" => Reply::Int(now / 1000),
            "time" => {
                Reply::List(vec![Reply::bulk((now / 1000).to_string()), Reply::bulk((now % 1000 * 1000).to_string())])
            }
            "info" => Reply::bulk(self.info(cx)),
            "config" if arg(1).eq_ignore_ascii_case("get") => {
                let names = [
                    "appendonly",
                    "databases",
                    "dbfilename",
                    "dir",
                    "maxmemory",
                    "maxmemory-policy",
                    "port",
                    "requirepass",
                    "save",
                ];
                let found = names.iter().filter(|n| store::fits(arg(2).as_bytes(), n.as_bytes()));
                Reply::List(found.flat_map(|n| [Reply::bulk(*n), Reply::bulk(self.setting(n))]).collect())
            }
            "config" if arg(1).eq_ignore_ascii_case("set") => {
                self.settings.insert(arg(2).to_lowercase(), arg(3));
                Reply::ok()
            }
            "config" => Reply::ok(),
            "command" if arg(1).eq_ignore_ascii_case("count") => {
                Reply::Int(i64::try_from(store::commands().count()).unwrap_or(0))
            }
            "command" => Reply::List(Vec::new()),
            "quit" => {
                c.is_closing = true;
                Reply::ok()
            }
            "shutdown" => {
                let save = !arg(1).eq_ignore_ascii_case("nosave");
                self.log(cx, '*', "User requested shutdown...");
                let _ = self.shutdown(cx, save);
                return None;
            }
            _ => {
                let rest: Vec<String> =
                    words.iter().skip(1).map(|w| format!("'{}' ", String::from_utf8_lossy(w))).collect();
                Reply::Error(format!("ERR unknown command '{}', with args beginning with: {}", arg(0), rest.concat()))
            }
        })
    }

    fn subscription(&mut self, fd: Fd, name: &str, words: &Words) {
        let Some(c) = self.clients.get_mut(&fd) else { return };
        let (is_pattern, is_new) = (name.starts_with('p'), !name.contains("uns"));
        let given = words.get(1..).unwrap_or_default().to_vec();
        let set = if is_pattern { &c.patterns } else { &c.channels };
        let names = if given.is_empty() && !is_new { set.iter().cloned().collect() } else { given };
        for channel in names {
            let set = if is_pattern { &mut c.patterns } else { &mut c.channels };
            if is_new {
                set.insert(channel.clone())
            } else {
                set.remove(&channel)
            };
            let left = i64::try_from(c.channels.len() + c.patterns.len()).unwrap_or(0);
            Reply::List(vec![Reply::bulk(name), Reply::Bulk(channel), Reply::Int(left)]).write(&mut c.output);
        }
    }

    fn publish(&mut self, words: &Words) -> i64 {
        let (Some(channel), Some(message)) = (words.get(1), words.get(2)) else { return 0 };
        let mut heard = 0;
        for c in self.clients.values_mut() {
            if c.channels.contains(channel) {
                heard += 1;
                let told = vec![Reply::bulk("message"), Reply::Bulk(channel.clone()), Reply::Bulk(message.clone())];
                Reply::List(told).write(&mut c.output);
            }
            for pattern in c.patterns.iter().filter(|p| store::fits(p, channel)) {
                heard += 1;
                let told = [b"pmessage".to_vec(), pattern.clone(), channel.clone(), message.clone()];
                Reply::List(told.into_iter().map(Reply::Bulk).collect()).write(&mut c.output);
            }
        }
        heard
    }

    /// Answers those who wait for a list that has something now, in the order of their coming.
    fn unblock(&mut self, cx: &mut Cx<'_>) {
        let now = millis(cx);
        let mut waiting: Vec<(u64, Fd)> =
            self.clients.iter().filter(|(_, c)| c.blocked.is_some()).map(|(fd, c)| (c.id, *fd)).collect();
        waiting.sort_unstable();
        for (_, fd) in waiting {
            let Some(c) = self.clients.get_mut(&fd) else { continue };
            let Some((words, until)) = c.blocked.clone() else { continue };
            let pop = if words.first().is_some_and(|w| w.eq_ignore_ascii_case(b"blpop")) { "lpop" } else { "rpop" };
            let keys = words.get(1..words.len().saturating_sub(1)).unwrap_or_default();
            let found =
                keys.iter().find_map(|key| match self.store.run(c.db, &[pop.as_bytes().to_vec(), key.clone()], now) {
                    Reply::Bulk(v) => Some(Reply::List(vec![Reply::Bulk(key.clone()), Reply::Bulk(v)])),
                    _ => None,
                });
            let over = until.is_some_and(|t| t <= now).then_some(Reply::NilList);
            if let Some(reply) = found.or(over) {
                reply.write(&mut c.output);
                c.blocked = None;
                self.requests(cx, fd);
            }
        }
    }

    fn flush(&mut self, cx: &mut Cx<'_>) {
        let ready: Vec<Fd> =
            self.clients.iter().filter(|(_, c)| !c.output.is_empty() || c.is_closing).map(|(fd, _)| *fd).collect();
        for fd in ready {
            let Some(c) = self.clients.get_mut(&fd) else { continue };
            match cx.write(fd, Rc::new(c.output.clone())) {
                Ok(n) => drop(c.output.drain(..n.min(c.output.len()))),
                Err(Errno::EAGAIN) => {}
                Err(_) => c.is_closing = true,
            }
            if c.is_closing {
                self.close(cx, fd);
            }
        }
    }

    fn save(&mut self, cx: &mut Cx<'_>) -> bool {
        let bytes = rdb::write(&self.store, &self.args.variant);
        let path = self.file();
        let written = cx.open(&path, OpenFlags::CREATE, 0o644).and_then(|fd| {
            let done = cx.write(fd, Rc::new(bytes));
            let _ = cx.close(fd);
            done
        });
        match written {
            Ok(_) => {
                self.store.dirty = 0;
                self.log(cx, '*', "DB saved on disk");
                true
            }
            Err(e) => {
                self.log(
                    cx,
                    '#',
                    &format!(
                        "Failed opening the temp RDB file temp-{}.rdb (in server root dir {}) for saving: {}",
                        cx.pid(),
                        self.setting("dir"),
                        e.text()
                    ),
                );
                false
            }
        }
    }

    fn shutdown(&mut self, cx: &mut Cx<'_>, save: bool) -> Step {
        if save && !self.setting("save").trim_matches('"').is_empty() {
            self.log(cx, '*', "Saving the final RDB snapshot before exiting.");
            self.save(cx);
        }
        self.log(cx, '#', "Redis is now ready to exit, bye bye...");
        self.ended = Some(0);
        Step::exit(0)
    }

    fn info(&self, cx: &Cx<'_>) -> String {
        let up = (cx.wall_clock() - self.began).div_euclid(1_000_000_000);
        let mut out = format!(
            "# Server\r\nredis_version:{}\r\nredis_mode:standalone\r\nos:Linux x86_64\r\nprocess_id:{}\r\ntcp_port:{}\r\nuptime_in_seconds:{up}\r\n\r\n# Clients\r\nconnected_clients:{}\r\n\r\n# Stats\r\ntotal_connections_received:{}\r\ntotal_commands_processed:{}\r\n\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n\r\n# Keyspace\r\n",
            self.args.variant,
            cx.pid(),
            self.setting("port"),
            self.clients.len(),
            self.count,
            self.commands
        );
        for (n, db) in self.store.dbs.iter().filter(|(_, db)| !db.is_empty()) {
            let ending = db.values().filter(|e| e.until.is_some()).count();
            out.push_str(&format!("db{n}:keys={},expires={ending},avg_ttl=0\r\n", db.len()));
        }
        out
    }
}

fn millis(cx: &Cx<'_>) -> i64 {
    cx.wall_clock().div_euclid(1_000_000)
}
