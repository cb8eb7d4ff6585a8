//! `mirror NAME PORT`: what answers on the simulated internet where packages are kept: indexes and
//! packages by their addresses. Their content is a word; what they stand for is in the lists here.
//! One process a connection, which is its standard input and output.

use layerlab_kernel::net::tls;
use layerlab_kernel::{Program, ProgramArgs, SimTime, async_program};

use super::{ALPINE, DEBIAN, debian};

/// The way there and back.
const LATENCY: SimTime = SimTime::millis(20);
/// A page where there is nothing else.
const PAGE: &str = "<!doctype html>\n<html>\n<head><title>Example</title></head>\n<body>\n<h1>Example</h1>\n<p>This machine of the simulated internet is for use in examples.</p>\n</body>\n</html>\n";

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let name = args.argv.get(1).cloned().unwrap_or_default();
        let _ = sys.sleep(LATENCY).await;
        if args.argv.get(2).is_some_and(|p| p == "443") && tls::accept(&sys, 0, &[&name]).await.is_none() {
            return 0;
        }
        let mut input: Vec<u8> = Vec::new();
        loop {
            let Some(end) = input.windows(4).position(|w| w == b"\r\n\r\n") else {
                match sys.read(0, 4096).await {
                    Ok(more) if !more.is_empty() && input.len() < 1 << 14 => input.extend_from_slice(&more),
                    _ => return 0,
                }
                continue;
            };
            let head: Vec<u8> = input.drain(..end + 4).collect();
            let head = String::from_utf8_lossy(&head).into_owned();
            let mut words = head.split_whitespace();
            let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let (status, kind, body) = match respond(path) {
                Some((kind, body)) => ("200 OK", kind, body),
                None => ("404 Not Found", "text/plain", "Not Found\n".to_owned()),
            };
            let close = head.to_ascii_lowercase().contains("\r\nconnection: close");
            let mut out =
                format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
            if method != "HEAD" {
                out.push_str(&body);
            }
            if sys.write_all(1, out).await.is_err() || close {
                return 0;
            }
        }
    })
}

/// What is at a path.
fn respond(path: &str) -> Option<(&'static str, String)> {
    let path = path.split('?').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let word = |what: &str| Some(("application/octet-stream", format!("{what} of the simulated internet\n")));
    if path == "/" {
        return Some(("text/html", PAGE.to_owned()));
    }
    if let Some(file) = name.strip_suffix(".deb") {
        let mut parts = file.split('_');
        let (package, version) = (parts.next()?, parts.next()?);
        let plain = |v: &str| v.split_once(':').map_or(v, |p| p.1).to_owned();
        return DEBIAN
            .all()
            .chain(debian("bookworm").all())
            .chain(debian("noble").all())
            .any(|p| p.name == package && plain(p.version) == version)
            .then(|| word(name))?;
    }
    if let Some(file) = name.strip_suffix(".apk") {
        return ALPINE.all().any(|p| format!("{}-{}", p.name, p.version) == file).then(|| word(name))?;
    }
    let is_index = matches!(name, "InRelease" | "Packages.xz" | "Packages" | "APKINDEX.tar.gz");
    let simple = path.strip_prefix("/simple/").map(|p| p.trim_end_matches('/'));
    if let Some(project) = simple {
        return crate::pip::knows(project).then(|| {
            let html = "<!doctype html>\n<html>\n<head><title>Links for ";
            (
                "text/html",
                format!("{html}{project}</title></head>\n<body><h1>Links for {project}</h1></body>\n</html>\n"),
            )
        });
    }
    if is_index || path.starts_with("/packages/") { word(name) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_there_by_their_addresses() {
        let curl = DEBIAN.find("curl").unwrap();
        assert!(respond(&format!("/debian/pool/main/c/curl/curl_{}_amd64.deb", curl.version)).is_some());
        assert!(respond("/debian/pool/main/c/curl/curl_0_amd64.deb").is_none());
        assert!(respond("/debian/dists/trixie/InRelease").is_some() && respond("/nothing").is_none());
        assert!(respond("/simple/flask/").is_some() && respond("/simple/no-such-project/").is_none());
    }
}
