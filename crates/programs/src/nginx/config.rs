//! nginx's configuration: the language, then what of it this server does.

use std::collections::BTreeMap;

/// A directive: its words, the block behind it, and where it stands.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) words: Vec<String>,
    pub(super) block: Option<Vec<Directive>>,
    pub(super) file: String,
    pub(super) line: u32,
}

impl Directive {
    pub(super) fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
    pub(super) fn arg(&self, i: usize) -> &str {
        self.words.get(i + 1).map_or("", String::as_str)
    }
    fn args(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }
    fn wrong(&self, what: &str) -> String {
        format!("{what} in {}:{}", self.file, self.line)
    }
}

/// Where files come from.
pub(super) trait Files {
    fn read(&mut self, path: &str) -> Option<String>;
    /// Paths that a pattern with `*` names, sorted.
    fn glob(&mut self, pattern: &str) -> Vec<String>;
}

/// How deep blocks and includes may be nested.
const DEPTH: usize = 24;

struct Token {
    text: String,
    line: u32,
    special: bool,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    let mut line = 1;
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            c if c.is_whitespace() => {}
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            ';' | '{' | '}' => out.push(Token { text: c.to_string(), line, special: true }),
            '"' | '\'' => {
                let mut word = String::new();
                let start = line;
                while let Some(d) = chars.next() {
                    match d {
                        '\\' => word.extend(chars.next().map(|e| match e {
                            'n' => '\n',
                            't' => '\t',
                            'r' => '\r',
                            e => e,
                        })),
                        d if d == c => break,
                        d => {
                            line += u32::from(d == '\n');
                            word.push(d);
                        }
                    }
                }
                out.push(Token { text: word, line: start, special: false });
            }
            _ => {
                let mut word = c.to_string();
                let mut braces = 0;
                while let Some(d) = chars.next_if(|d| {
                    // `${name}` is one word.
                    !(d.is_whitespace()
                        || *d == ';'
                        || (*d == '{' && !word.ends_with('$'))
                        || (*d == '}' && braces == 0))
                }) {
                    braces += i32::from(d == '{') - i32::from(d == '}');
                    word.push(d);
                }
                out.push(Token { text: word, line, special: false });
            }
        }
    }
    out
}

/// Reads a file and all that it includes.
pub(super) fn read(files: &mut dyn Files, path: &str, depth: usize) -> Result<Vec<Directive>, String> {
    if depth > DEPTH {
        return Err(format!("too many nested includes in {path}"));
    }
    let text = files.read(path).ok_or_else(|| format!("open() \"{path}\" failed (2: No such file or directory)"))?;
    let all = tokens(&text);
    let mut at = 0;
    let out = block(files, path, &all, &mut at, false, depth)?;
    Ok(out)
}

fn block(
    files: &mut dyn Files,
    path: &str,
    all: &[Token],
    at: &mut usize,
    inner: bool,
    depth: usize,
) -> Result<Vec<Directive>, String> {
    let mut out = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut line = 1;
    if depth > DEPTH {
        return Err(format!("too many nested blocks in {path}"));
    }
    while let Some(t) = all.get(*at) {
        *at += 1;
        if words.is_empty() {
            line = t.line;
        }
        match (t.special, t.text.as_str()) {
            (true, "}") if inner && words.is_empty() => return Ok(out),
            (true, "}") => return Err(format!("unexpected \"}}\" in {path}:{}", t.line)),
            (true, ";") => {
                if words.is_empty() {
                    return Err(format!("unexpected \";\" in {path}:{}", t.line));
                }
                let d = Directive { words: std::mem::take(&mut words), block: None, file: path.to_owned(), line };
                if d.name() == "include" {
                    let full = if d.arg(0).starts_with('/') {
                        d.arg(0).to_owned()
                    } else {
                        format!("/etc/nginx/{}", d.arg(0))
                    };
                    let found = if full.contains('*') { files.glob(&full) } else { vec![full] };
                    for file in found {
                        out.extend(read(files, &file, depth + 1)?);
                    }
                } else {
                    out.push(d);
                }
            }
            (true, _) => {
                let words = std::mem::take(&mut words);
                let inside = block(files, path, all, at, true, depth + 1)?;
                out.push(Directive { words, block: Some(inside), file: path.to_owned(), line });
            }
            (false, _) => words.push(t.text.clone()),
        }
    }
    let last = all.last().map_or(1, |t| t.line);
    if !words.is_empty() {
        return Err(format!("unexpected end of file, expecting \";\" or \"}}\" in {path}:{last}"));
    }
    if inner { Err(format!("unexpected end of file, expecting \"}}\" in {path}:{last}")) } else { Ok(out) }
}

/// How a location matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Match {
    Exact,
    Prefix,
    /// `~ \.php$` and the like: what the path ends with; only such expressions are understood.
    Suffix,
}

/// What inherits from `http` to `server` to `location`.
#[derive(Clone, Debug, Default, Hash, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(super) root: Option<String>,
    pub(super) alias: Option<String>,
    pub(super) index: Vec<String>,
    pub(super) autoindex: bool,
    pub(super) default_type: String,
    pub(super) headers: Vec<(String, String, bool)>,
    pub(super) error_pages: Vec<(Vec<u16>, String)>,
    pub(super) try_files: Vec<String>,
    pub(super) ret: Option<(u16, String)>,
    pub(super) proxy: Option<String>,
    pub(super) proxy_headers: Vec<(String, String)>,
    pub(super) access_log: Option<String>,
    pub(super) denied: bool,
    pub(super) status_page: bool,
}

/// A location.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(crate) struct Location {
    pub(super) kind: Match,
    pub(super) paths: Vec<String>,
    pub(super) settings: Settings,
}

/// A virtual server.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(crate) struct Server {
    pub(super) ports: Vec<u16>,
    pub(super) default_on: Vec<u16>,
    pub(super) names: Vec<String>,
    pub(super) settings: Settings,
    pub(super) locations: Vec<Location>,
}

/// All that is understood.
#[derive(Clone, Debug, Default, Hash, PartialEq, Eq)]
pub(crate) struct Config {
    pub(super) servers: Vec<Server>,
    pub(super) types: BTreeMap<String, String>,
    pub(super) upstreams: BTreeMap<String, Vec<String>>,
    pub(super) formats: BTreeMap<String, String>,
    pub(super) error_log: Option<String>,
    /// How many workers; `None`: one for each CPU.
    pub(super) workers: Option<u32>,
    /// Whom workers run as.
    pub(super) user: Option<String>,
    /// `daemon off`
    pub(super) foreground: bool,
    pub(super) maps: Vec<(String, String)>,
    /// Hosts that must have an address at the start, and where they are named.
    pub(super) hosts: Vec<(String, String)>,
}

impl Config {
    /// The ports of all servers, each once.
    pub(super) fn ports(&self) -> Vec<u16> {
        let mut all: Vec<u16> = self.servers.iter().flat_map(|s| s.ports.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Whether directives on the command line (`-g`) say this.
pub(super) fn says(global: &str, name: &str, value: &str) -> bool {
    global.split(';').any(|d| d.split_whitespace().eq([name, value]))
}

/// Directives that are known and change nothing here.
const IGNORED: &str = "absolute_redirect aio allow auth_basic auth_basic_user_file charset client_body_buffer_size client_body_timeout client_header_timeout client_max_body_size directio env etag events expires fastcgi_index fastcgi_param fastcgi_pass gzip gzip_comp_level gzip_disable gzip_http_version gzip_min_length gzip_proxied gzip_static gzip_types gzip_vary http2 ip_hash keepalive keepalive_requests keepalive_timeout large_client_header_buffers least_conn limit_conn limit_conn_zone limit_req limit_req_zone load_module log_not_found max_fails merge_slashes multi_accept open_file_cache pid port_in_redirect proxy_buffer_size proxy_buffering proxy_buffers proxy_cache proxy_cache_path proxy_cache_bypass proxy_cache_valid proxy_connect_timeout proxy_hide_header proxy_http_version proxy_intercept_errors proxy_next_upstream proxy_pass_header proxy_read_timeout proxy_redirect proxy_request_buffering proxy_send_timeout proxy_ssl_verify random real_ip_header reset_timedout_connection resolver resolver_timeout rewrite rewrite_log send_timeout sendfile server_name_in_redirect server_names_hash_bucket_size server_tokens set set_real_ip_from ssl_certificate ssl_certificate_key ssl_ciphers ssl_prefer_server_ciphers ssl_protocols ssl_session_cache ssl_session_timeout tcp_nodelay tcp_nopush types_hash_bucket_size types_hash_max_size use variables_hash_bucket_size variables_hash_max_size worker_connections worker_cpu_affinity worker_priority worker_rlimit_nofile zone";

fn ignored(name: &str) -> bool {
    IGNORED.split(' ').any(|n| n == name)
}

fn setting(s: &mut Settings, d: &Directive, config: &mut Config) -> Result<bool, String> {
    match d.name() {
        "root" => s.root = Some(d.arg(0).to_owned()),
        "alias" => s.alias = Some(d.arg(0).to_owned()),
        "index" => s.index = d.args().to_vec(),
        "autoindex" => s.autoindex = d.arg(0) == "on",
        "stub_status" => s.status_page = true,
        "default_type" => d.arg(0).clone_into(&mut s.default_type),
        "add_header" => s.headers.push((d.arg(0).to_owned(), d.arg(1).to_owned(), d.arg(2) == "always")),
        "error_page" => {
            let codes = d.args().iter().filter_map(|c| c.parse().ok()).collect();
            s.error_pages.push((codes, d.args().last().cloned().unwrap_or_default()));
        }
        "try_files" => s.try_files = d.args().to_vec(),
        "return" => {
            let (code, text) = match d.arg(0).parse() {
                Ok(code) => (code, d.arg(1)),
                Err(_) if d.arg(0).starts_with("http") => (302, d.arg(0)),
                Err(_) => return Err(d.wrong(&format!("invalid return code \"{}\"", d.arg(0)))),
            };
            s.ret = Some((code, text.to_owned()));
        }
        "proxy_pass" => {
            let url = d.arg(0);
            let rest = url.strip_prefix("http://").ok_or_else(|| d.wrong("invalid URL prefix"))?;
            let host = rest.split(['/', ':']).next().unwrap_or_default();
            if !url.contains('$') {
                config.hosts.push((host.to_owned(), format!("{}:{}", d.file, d.line)));
            }
            s.proxy = Some(url.to_owned());
        }
        "proxy_set_header" => s.proxy_headers.push((d.arg(0).to_owned(), d.arg(1).to_owned())),
        "access_log" => s.access_log = Some(d.args().join(" ")),
        "error_log" => config.error_log = Some(d.arg(0).to_owned()),
        "deny" => s.denied = d.arg(0) == "all",
        name if ignored(name) => {}
        _ => return Ok(false),
    }
    Ok(true)
}

fn unknown(d: &Directive) -> String {
    d.wrong(&format!("unknown directive \"{}\"", d.name()))
}

/// Understands a configuration.
pub(super) fn understand(all: &[Directive]) -> Result<Config, String> {
    let mut config = Config { workers: Some(1), ..Config::default() };
    let base = Settings { index: vec!["index.html".into()], default_type: "text/plain".into(), ..Settings::default() };
    let mut http = None;
    for d in all {
        match d.name() {
            "http" => http = d.block.as_ref(),
            "events" | "stream" | "mail" => {}
            "error_log" => config.error_log = Some(d.arg(0).to_owned()),
            "user" => config.user = Some(d.arg(0).to_owned()),
            "daemon" => config.foreground = d.arg(0) == "off",
            "worker_processes" if d.arg(0) == "auto" => config.workers = None,
            "worker_processes" => {
                let number = d.arg(0).parse().map_err(|_| d.wrong("invalid value \"worker_processes\""))?;
                config.workers = Some(number);
            }
            name if ignored(name) => {}
            "server" | "location" | "upstream" | "listen" | "root" => {
                return Err(d.wrong(&format!("\"{}\" directive is not allowed here", d.name())));
            }
            _ => return Err(unknown(d)),
        }
    }
    let mut settings = base;
    let block = http.map(Vec::as_slice).unwrap_or_default();
    for d in block {
        match (d.name(), &d.block) {
            ("types", Some(types)) => {
                for t in types {
                    config.types.extend(t.args().iter().map(|ext| (ext.clone(), t.name().to_owned())));
                }
            }
            ("upstream", Some(servers)) => {
                let addresses: Vec<String> =
                    servers.iter().filter(|s| s.name() == "server").map(|s| s.arg(0).to_owned()).collect();
                for s in servers.iter().filter(|s| s.name() == "server") {
                    let host = s.arg(0).split(':').next().unwrap_or_default();
                    config.hosts.push((host.to_owned(), format!("{}:{}", s.file, s.line)));
                }
                config.upstreams.insert(d.arg(0).to_owned(), addresses);
            }
            ("log_format", _) => {
                let text = d.args().get(1..).unwrap_or_default().concat();
                config.formats.insert(d.arg(0).to_owned(), text);
            }
            ("server" | "map" | "geo", Some(_)) => {}
            _ => {
                if !setting(&mut settings, d, &mut config)? {
                    return Err(unknown(d));
                }
            }
        }
    }
    for d in block.iter().filter(|d| d.name() == "server") {
        let server = server(d, &settings, &mut config)?;
        config.servers.push(server);
    }
    Ok(config)
}

fn server(d: &Directive, http: &Settings, config: &mut Config) -> Result<Server, String> {
    let mut s = Server {
        ports: Vec::new(),
        default_on: Vec::new(),
        names: Vec::new(),
        settings: http.clone(),
        locations: Vec::new(),
    };
    let block = d.block.as_deref().unwrap_or_default();
    for d in block {
        match d.name() {
            "listen" => {
                let port = d.arg(0).rsplit(':').next().unwrap_or_default();
                let port = if d.arg(0).contains('.') && !d.arg(0).contains(':') { Ok(80) } else { port.parse() };
                let port = port
                    .map_err(|_| d.wrong(&format!("host not found in \"{}\" of the \"listen\" directive", d.arg(0))))?;
                if !s.ports.contains(&port) {
                    s.ports.push(port);
                }
                if d.args().iter().any(|a| a == "default_server") {
                    s.default_on.push(port);
                }
                if d.args().iter().any(|a| a == "ssl") {
                    return Err(d.wrong("the simulated machine has no TLS: \"ssl\""));
                }
            }
            "server_name" => s.names = d.args().to_vec(),
            "location" => {}
            "if" => return Err(d.wrong("\"if\" is not simulated")),
            _ => {
                if !setting(&mut s.settings, d, config)? {
                    return Err(unknown(d));
                }
            }
        }
    }
    if s.ports.is_empty() {
        s.ports.push(80);
    }
    locations(block, &s.settings.clone(), &mut s.locations, config, 0)?;
    Ok(s)
}

fn locations(
    block: &[Directive],
    outer: &Settings,
    out: &mut Vec<Location>,
    config: &mut Config,
    depth: usize,
) -> Result<(), String> {
    if depth > DEPTH {
        return Ok(());
    }
    for d in block.iter().filter(|d| d.name() == "location") {
        let (kind, paths) = match (d.arg(0), d.arg(1)) {
            ("=", path) => (Match::Exact, vec![path.to_owned()]),
            ("^~", path) => (Match::Prefix, vec![path.to_owned()]),
            ("~" | "~*", pattern) => (
                Match::Suffix,
                suffixes(pattern)
                    .ok_or_else(|| d.wrong(&format!("the regular expression \"{pattern}\" is not simulated")))?,
            ),
            (path, _) => (Match::Prefix, vec![path.to_owned()]),
        };
        // What says what to do is not inherited.
        let mut settings = Settings { ret: None, proxy: None, try_files: Vec::new(), alias: None, ..outer.clone() };
        let inside = d.block.as_deref().unwrap_or_default();
        for i in inside {
            if i.name() == "if" {
                return Err(i.wrong("\"if\" is not simulated"));
            }
            if i.name() != "location" && !setting(&mut settings, i, config)? {
                return Err(unknown(i));
            }
        }
        locations(inside, &settings, out, config, depth + 1)?;
        out.push(Location { kind, paths, settings });
    }
    Ok(())
}

/// `\.(png|jpg)$` → `.png`, `.jpg`.
fn suffixes(pattern: &str) -> Option<Vec<String>> {
    let rest = pattern.strip_prefix("\\.")?.strip_suffix('$')?;
    let list = match rest.strip_prefix('(').or_else(|| rest.strip_prefix("(?:")) {
        Some(list) => list.strip_suffix(')')?,
        None => rest,
    };
    let parts: Vec<String> = list.split('|').map(|p| format!(".{p}")).collect();
    parts.iter().all(|p| p.chars().skip(1).all(char::is_alphanumeric)).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(&'static str);
    impl Files for One {
        fn read(&mut self, path: &str) -> Option<String> {
            (path == "/etc/nginx/nginx.conf").then(|| self.0.to_owned())
        }
        fn glob(&mut self, _: &str) -> Vec<String> {
            Vec::new()
        }
    }

    fn config(text: &'static str) -> Result<Config, String> {
        understand(&read(&mut One(text), "/etc/nginx/nginx.conf", 0)?)
    }

    #[test]
    fn a_configuration_is_understood() {
        let c = config("events {}\nhttp {\n  upstream app { server a:1; server b:2; }\n  server {\n    listen 80 default_server; listen [::]:80;\n    server_name x.example;\n    location / { proxy_pass http://app; }\n    location = /ping { return 200 \"pong\\n\"; }\n    location ~* \\.(png|jpg)$ { root /img; }\n  }\n}\n").unwrap();
        let s = &c.servers[0];
        assert_eq!((s.ports.as_slice(), s.names.as_slice()), ([80].as_slice(), ["x.example".to_owned()].as_slice()));
        assert_eq!(c.upstreams["app"], ["a:1", "b:2"]);
        assert_eq!(s.locations[1].settings.ret, Some((200, "pong\n".to_owned())));
        assert_eq!(s.locations[2].paths, [".png", ".jpg"]);
        assert_eq!(c.hosts.len(), 3);
    }

    #[test]
    fn mistakes_are_named_as_nginx_names_them() {
        assert_eq!(config("http { foo on; }").unwrap_err(), "unknown directive \"foo\" in /etc/nginx/nginx.conf:1");
        assert_eq!(
            config("http {\n server {\n").unwrap_err(),
            "unexpected end of file, expecting \"}\" in /etc/nginx/nginx.conf:2"
        );
        assert_eq!(
            config("listen 80;").unwrap_err(),
            "\"listen\" directive is not allowed here in /etc/nginx/nginx.conf:1"
        );
    }
}
