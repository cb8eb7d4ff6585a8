//! `-w`: what is printed after a transfer.

use layerlab_kernel::SimTime;

use crate::http::Head;

/// Figures of a transfer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) url: String,
    pub(crate) method: String,
    pub(crate) head: Option<Head>,
    pub(crate) downloaded: u64,
    pub(crate) uploaded: u64,
    pub(crate) header_size: u64,
    pub(crate) redirects: u32,
    pub(crate) redirect_url: String,
    pub(crate) remote_ip: String,
    pub(crate) remote_port: u16,
    pub(crate) connect: SimTime,
    pub(crate) first_byte: SimTime,
    pub(crate) total: SimTime,
    pub(crate) exit_code: i32,
    pub(crate) error: String,
    pub(crate) connects: u32,
}

fn seconds(t: SimTime) -> String {
    format!("{}.{:06}", t.0 / 1_000_000_000, t.0 / 1000 % 1_000_000)
}

/// The format with its variables filled in: for standard output and standard error.
pub(crate) fn render(format: &str, f: &Figures) -> (String, String) {
    let mut texts = (String::new(), String::new());
    let mut to_err = false;
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        let out = if to_err { &mut texts.1 } else { &mut texts.0 };
        if let Some(after) = rest.strip_prefix("%{")
            && let Some(end) = after.find('}')
        {
            match &after[..end] {
                "stderr" => to_err = true,
                "stdout" => to_err = false,
                name => out.push_str(&variable(name, f)),
            }
            rest = &after[end + 1..];
        } else if let Some(after) = rest.strip_prefix("%%") {
            out.push('%');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('\\') {
            let n = after.chars().next();
            match n {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            }
            rest = &after[n.map_or(0, char::len_utf8)..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    texts
}

fn variable(name: &str, f: &Figures) -> String {
    let status = f.head.as_ref().map_or(0, |h| h.status);
    match name {
        "http_code" | "response_code" => format!("{status:03}"),
        "size_download" => f.downloaded.to_string(),
        "size_upload" => f.uploaded.to_string(),
        "size_header" => f.header_size.to_string(),
        "content_type" => f.head.as_ref().and_then(|h| h.header("content-type")).unwrap_or("").to_owned(),
        "http_version" => f.head.as_ref().map_or("0", |h| h.version.trim_start_matches("HTTP/")).to_owned(),
        "url_effective" | "url" => f.url.clone(),
        "method" => f.method.clone(),
        "num_redirects" => f.redirects.to_string(),
        "num_connects" => f.connects.to_string(),
        "redirect_url" => f.redirect_url.clone(),
        "remote_ip" => f.remote_ip.clone(),
        "remote_port" => f.remote_port.to_string(),
        "scheme" => "http".to_owned(),
        "exitcode" => f.exit_code.to_string(),
        "errormsg" => f.error.clone(),
        "time_total" => seconds(f.total),
        "time_connect" | "time_pretransfer" => seconds(f.connect),
        "time_namelookup" | "time_appconnect" | "time_redirect" => seconds(SimTime(0)),
        "time_starttransfer" => seconds(f.first_byte),
        "speed_download" => (u128::from(f.downloaded) * 1_000_000_000 / u128::from(f.total.0.max(1))).to_string(),
        _ => name
            .strip_prefix("header{")
            .and_then(|h| f.head.as_ref()?.header(h.trim_end_matches('}')))
            .unwrap_or("")
            .to_owned(),
    }
}
