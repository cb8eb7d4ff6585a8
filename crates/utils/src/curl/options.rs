//! curl's command line.

/// What is asked for.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are options")]
pub(crate) struct Options {
    pub(crate) urls: Vec<String>,
    /// For each URL: where its body goes (`-o`), or the remote name (`-O`).
    pub(crate) outputs: Vec<Output>,
    pub(crate) silent: bool,
    pub(crate) show_error: bool,
    pub(crate) include: bool,
    pub(crate) head: bool,
    pub(crate) verbose: bool,
    pub(crate) insecure: bool,
    pub(crate) fail: bool,
    pub(crate) fail_with_body: bool,
    pub(crate) location: bool,
    pub(crate) get: bool,
    pub(crate) create_dirs: bool,
    pub(crate) no_meter: bool,
    pub(crate) progress_bar: bool,
    pub(crate) help: bool,
    pub(crate) version: bool,
    pub(crate) no_buffer: bool,
    pub(crate) method: Option<String>,
    pub(crate) headers: Vec<String>,
    pub(crate) data: Vec<Data>,
    pub(crate) forms: Vec<String>,
    pub(crate) json: bool,
    pub(crate) user: Option<String>,
    pub(crate) agent: Option<String>,
    pub(crate) referer: Option<String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) write_out: Option<String>,
    pub(crate) max_time: Option<f64>,
    pub(crate) connect_timeout: Option<f64>,
    pub(crate) unix_socket: Option<String>,
    pub(crate) dump_header: Option<String>,
    pub(crate) upload: Option<String>,
    pub(crate) retry: u32,
    pub(crate) retry_delay: Option<f64>,
    pub(crate) retry_refused: bool,
    pub(crate) retry_all: bool,
    pub(crate) max_redirs: i64,
    pub(crate) resolve: Vec<String>,
    pub(crate) http10: bool,
    pub(crate) post_redirects: bool,
}

/// Where a body goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// To a file; `-` is standard output.
    File(String),
    /// To a file named like the URL's.
    Remote,
}

/// A part of the request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// `-d`: `@file` is read, newlines are dropped.
    Plain(String),
    /// `--data-binary`: `@file` is read as it is.
    Binary(String),
    /// `--data-raw`: as it is.
    Raw(String),
    /// `--data-urlencode`.
    Encode(String),
}

/// Short letter, long name, whether it takes a value.
const TABLE: &[(char, &str, bool)] = &[
    ('s', "silent", false),
    ('S', "show-error", false),
    ('i', "show-headers", false),
    ('\0', "include", false),
    ('I', "head", false),
    ('v', "verbose", false),
    ('f', "fail", false),
    ('\0', "fail-with-body", false),
    ('L', "location", false),
    ('G', "get", false),
    ('o', "output", true),
    ('O', "remote-name", false),
    ('X', "request", true),
    ('H', "header", true),
    ('d', "data", true),
    ('\0', "data-ascii", true),
    ('\0', "data-raw", true),
    ('\0', "data-binary", true),
    ('\0', "data-urlencode", true),
    ('\0', "json", true),
    ('F', "form", true),
    ('u', "user", true),
    ('A', "user-agent", true),
    ('e', "referer", true),
    ('b', "cookie", true),
    ('c', "cookie-jar", true),
    ('w', "write-out", true),
    ('m', "max-time", true),
    ('\0', "connect-timeout", true),
    ('\0', "unix-socket", true),
    ('D', "dump-header", true),
    ('T', "upload-file", true),
    ('\0', "url", true),
    ('\0', "retry", true),
    ('\0', "retry-delay", true),
    ('\0', "retry-connrefused", false),
    ('\0', "retry-all-errors", false),
    ('\0', "retry-max-time", true),
    ('\0', "max-redirs", true),
    ('\0', "create-dirs", false),
    ('\0', "progress-meter", false),
    ('#', "progress-bar", false),
    ('N', "no-buffer", false),
    ('\0', "buffer", false),
    ('\0', "resolve", true),
    ('0', "http1.0", false),
    ('\0', "http1.1", false),
    ('\0', "http2", false),
    ('4', "ipv4", false),
    ('6', "ipv6", false),
    ('k', "insecure", false),
    ('\0', "compressed", false),
    ('q', "disable", false),
    ('\0', "noproxy", true),
    ('x', "proxy", true),
    ('\0', "cacert", true),
    ('\0', "post301", false),
    ('\0', "post302", false),
    ('h', "help", false),
    ('V', "version", false),
];

/// Reads the command line; what is wrong with it otherwise.
pub(crate) fn parse(args: Vec<String>) -> Result<Options, String> {
    let mut o = Options { max_redirs: 50, ..Options::default() };
    let mut args = args.into_iter();
    let mut operands_only = false;
    while let Some(arg) = args.next() {
        if operands_only || !arg.starts_with('-') || arg == "-" {
            o.urls.push(arg);
        } else if arg == "--" {
            operands_only = true;
        } else if let Some(name) = arg.strip_prefix("--") {
            let (on, bare) = match name.strip_prefix("no-") {
                Some(b) if !TABLE.iter().any(|(_, n, _)| *n == name) => (false, b),
                _ => (true, name),
            };
            let hits: Vec<_> = TABLE.iter().filter(|(_, n, _)| *n == bare).collect();
            let row = match hits.as_slice() {
                [row] => row,
                _ => {
                    let hits: Vec<_> = TABLE.iter().filter(|(_, n, _)| n.starts_with(bare)).collect();
                    match hits.as_slice() {
                        [row] => *row,
                        [] => return Err(format!("curl: option {arg}: is unknown\n")),
                        _ => return Err(format!("curl: option {arg}: is ambiguous\n")),
                    }
                }
            };
            let value = match row.2 {
                true => args.next().ok_or_else(|| format!("curl: option {arg}: requires parameter\n"))?,
                false => String::new(),
            };
            set(&mut o, row.1, value, on, &arg)?;
        } else {
            let mut rest = &arg[1..];
            while let Some(c) = rest.chars().next() {
                rest = &rest[c.len_utf8()..];
                let row = TABLE.iter().find(|(s, _, _)| *s == c);
                let row = row.ok_or_else(|| format!("curl: option -{c}: is unknown\n"))?;
                let value = match (row.2, rest.is_empty()) {
                    (false, _) => String::new(),
                    (true, false) => std::mem::take(&mut rest).to_owned(),
                    (true, true) => args.next().ok_or_else(|| format!("curl: option -{c}: requires parameter\n"))?,
                };
                set(&mut o, row.1, value, true, &format!("-{c}"))?;
            }
        }
    }
    Ok(o)
}

fn set(o: &mut Options, name: &str, value: String, on: bool, arg: &str) -> Result<(), String> {
    let number =
        || value.parse::<f64>().map_err(|_| format!("curl: option {arg}: expected a proper numerical parameter\n"));
    match name {
        "silent" => o.silent = on,
        "show-error" => o.show_error = on,
        "include" | "show-headers" => o.include = on,
        "head" => o.head = on,
        "insecure" => o.insecure = true,
        "verbose" => o.verbose = on,
        "fail" => o.fail = on,
        "fail-with-body" => o.fail_with_body = on,
        "location" => o.location = on,
        "get" => o.get = on,
        "output" => o.outputs.push(Output::File(value)),
        "remote-name" => o.outputs.push(Output::Remote),
        "request" => o.method = Some(value),
        "header" => o.headers.push(value),
        "data" | "data-ascii" => o.data.push(Data::Plain(value)),
        "data-raw" => o.data.push(Data::Raw(value)),
        "data-binary" => o.data.push(Data::Binary(value)),
        "data-urlencode" => o.data.push(Data::Encode(value)),
        "json" => {
            o.json = true;
            o.data.push(Data::Binary(value));
        }
        "form" => o.forms.push(value),
        "user" => o.user = Some(value),
        "user-agent" => o.agent = Some(value),
        "referer" => o.referer = Some(value),
        "cookie" => o.cookies.push(value),
        "write-out" => o.write_out = Some(value),
        "max-time" => o.max_time = Some(number()?),
        "connect-timeout" => o.connect_timeout = Some(number()?),
        "unix-socket" => o.unix_socket = Some(value),
        "dump-header" => o.dump_header = Some(value),
        "upload-file" => o.upload = Some(value),
        "url" => o.urls.push(value),
        "retry" => o.retry = number()? as u32,
        "retry-delay" => o.retry_delay = Some(number()?),
        "retry-connrefused" => o.retry_refused = on,
        "retry-all-errors" => o.retry_all = on,
        "max-redirs" => o.max_redirs = number()? as i64,
        "create-dirs" => o.create_dirs = on,
        "progress-meter" => o.no_meter = !on,
        "progress-bar" => o.progress_bar = on,
        "no-buffer" => o.no_buffer = on,
        "resolve" => o.resolve.push(value),
        "http1.0" => o.http10 = on,
        "post301" | "post302" => o.post_redirects = on,
        "help" => o.help = true,
        "version" => o.version = true,
        _ => {}
    }
    Ok(())
}

/// What `--help` prints.
pub(crate) fn help() -> String {
    let mut text = String::from("Usage: curl [options...] <url>\n");
    for (short, long, value) in TABLE {
        let lead = if *short == '\0' { "    ".to_owned() } else { format!("-{short}, ") };
        text.push_str(&format!(" {lead}--{long}{}\n", if *value { " <value>" } else { "" }));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_joined_negated_and_refused_as_by_curl() {
        let p = |line: &str| parse(line.split(' ').map(str::to_owned).collect());
        let o = p("-sSfo out -XPOST -d a=1 --no-silent http://h").unwrap();
        assert!(!o.silent && o.show_error && o.fail);
        assert_eq!((o.outputs, o.method.as_deref()), (vec![Output::File("out".into())], Some("POST")));
        assert_eq!(p("--zzz x").unwrap_err(), "curl: option --zzz: is unknown\n");
        assert_eq!(p("-m").unwrap_err(), "curl: option -m: requires parameter\n");
    }
}
