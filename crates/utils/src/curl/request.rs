//! The request that is sent.

use layerlab_kernel::Errno;

use super::Failure;
use super::options::{Data, Options};
use crate::cli::Cli;
use crate::http::Url;

/// A request without its URL.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// `GET`, `POST` …
    pub(crate) method: String,
    /// The body, if it has one.
    pub(crate) body: Option<Vec<u8>>,
    /// Its type, unless a header says otherwise.
    pub(crate) content_type: Option<String>,
}

async fn file(c: &Cli, path: &str) -> Result<Vec<u8>, Failure> {
    let text = |e: Errno| Failure::new(26, format!("Failed to open {path}: {e}"));
    c.slurp(path).await.map_err(text)
}

/// Method and body.
pub(crate) async fn build(c: &Cli, o: &Options, url: &mut Url) -> Result<Request, Failure> {
    let mut r = Request { method: "GET".to_owned(), ..Request::default() };
    if !o.data.is_empty() {
        let mut body = Vec::new();
        for (i, d) in o.data.iter().enumerate() {
            if i > 0 && !o.json {
                body.push(b'&');
            }
            match d {
                Data::Raw(t) => body.extend(t.bytes()),
                Data::Plain(t) => match t.strip_prefix('@') {
                    Some(path) => body.extend(file(c, path).await?.into_iter().filter(|b| !b"\r\n\0".contains(b))),
                    None => body.extend(t.bytes()),
                },
                Data::Binary(t) => match t.strip_prefix('@') {
                    Some(path) => body.extend(file(c, path).await?),
                    None => body.extend(t.bytes()),
                },
                Data::Encode(t) => {
                    let (name, content) = match t.find(['=', '@']) {
                        Some(i) if t.as_bytes().get(i) == Some(&b'@') => (&t[..i], file(c, &t[i + 1..]).await?),
                        Some(i) => (&t[..i], t.as_bytes()[i + 1..].to_vec()),
                        None => ("", t.as_bytes().to_vec()),
                    };
                    if !name.is_empty() {
                        body.extend(format!("{name}=").bytes());
                    }
                    body.extend(percent(&content).bytes());
                }
            }
        }
        if o.get {
            let sign = if url.target.contains('?') { '&' } else { '?' };
            url.target.push(sign);
            url.target.push_str(&String::from_utf8_lossy(&body));
        } else {
            r.method = "POST".to_owned();
            r.body = Some(body);
            r.content_type =
                Some(if o.json { "application/json" } else { "application/x-www-form-urlencoded" }.to_owned());
        }
    } else if !o.forms.is_empty() {
        r.method = "POST".to_owned();
        let boundary = "------------------------layerlab7f3b0d51c2e4";
        r.body = Some(multipart(c, &o.forms, boundary).await?);
        r.content_type = Some(format!("multipart/form-data; boundary={boundary}"));
    } else if let Some(path) = &o.upload {
        r.method = "PUT".to_owned();
        let cannot = |e: Errno| Failure::new(26, format!("cannot open '{path}': {e}"));
        r.body = Some(c.slurp(path).await.map_err(cannot)?);
    }
    if o.head {
        r.method = "HEAD".to_owned();
    }
    if let Some(m) = &o.method {
        r.method.clone_from(m);
    }
    Ok(r)
}

async fn multipart(c: &Cli, forms: &[String], boundary: &str) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    for form in forms {
        let (name, value) = form.split_once('=').unwrap_or((form, ""));
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
        match value.strip_prefix('@') {
            Some(path) => {
                let base = path.rsplit('/').next().unwrap_or(path);
                let kind = if base.ends_with(".txt") { "text/plain" } else { "application/octet-stream" };
                body.extend(format!("{head}; filename=\"{base}\"\r\nContent-Type: {kind}\r\n\r\n").bytes());
                body.extend(file(c, path).await?);
            }
            None => body.extend(format!("{head}\r\n\r\n{value}").bytes()),
        }
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    Ok(body)
}

fn percent(bytes: &[u8]) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    bytes.iter().map(|b| if plain(*b) { char::from(*b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Request line and headers.
pub(crate) fn head(o: &Options, url: &Url, r: &Request) -> String {
    let mut lines: Vec<(String, String)> = vec![("Host".into(), url.authority())];
    if let Some(user) = o.user.as_ref().or(url.user.as_ref()) {
        lines.push(("Authorization".into(), format!("Basic {}", layerlab_kernel::base64::encode(user.as_bytes()))));
    }
    lines.push(("User-Agent".into(), o.agent.clone().unwrap_or_else(|| "curl/8.14.1".into())));
    lines.push(("Accept".into(), if o.json { "application/json" } else { "*/*" }.into()));
    if let Some(referer) = &o.referer {
        lines.push(("Referer".into(), referer.clone()));
    }
    if !o.cookies.is_empty() {
        lines.push(("Cookie".into(), o.cookies.join("; ")));
    }
    if let Some(body) = &r.body {
        lines.push(("Content-Length".into(), body.len().to_string()));
        if let Some(kind) = &r.content_type {
            lines.push(("Content-Type".into(), kind.clone()));
        }
    }
    let mut own = Vec::new();
    for h in &o.headers {
        if let Some((name, value)) = h.split_once(':') {
            lines.retain(|(n, _)| !n.eq_ignore_ascii_case(name.trim()));
            if !value.trim().is_empty() {
                // curl puts its own Host header first, whoever gave it.
                let at = if name.eq_ignore_ascii_case("host") { &mut lines } else { &mut own };
                let place = if name.eq_ignore_ascii_case("host") { 0 } else { at.len() };
                at.insert(place, (name.to_owned(), value.trim().to_owned()));
            }
        } else if let Some(name) = h.strip_suffix(';') {
            own.push((name.to_owned(), String::new()));
        }
    }
    // Its own headers come before Content-Length and Content-Type.
    let at = lines.iter().position(|(n, _)| n.starts_with("Content-")).unwrap_or(lines.len());
    lines.splice(at..at, own);
    let version = if o.http10 { "1.0" } else { "1.1" };
    let mut text = format!("{} {} HTTP/{version}\r\n", r.method, url.target);
    for (n, v) in lines.iter().filter(|(n, v)| !(v.is_empty() && n == "User-Agent")) {
        text.push_str(&if v.is_empty() { format!("{n}:\r\n") } else { format!("{n}: {v}\r\n") });
    }
    text.push_str("\r\n");
    text
}
