//! Where the daemon is: what `--host`, `DOCKER_HOST` and contexts say.

use layerlab_kernel::{SockAddr, Sys};

use crate::error::CliError;

/// What `--host` or `DOCKER_HOST` means in full (docker/cli `opts/hosts.go`, `ParseHost`).
///
/// # Errors
/// The client's words for what is no address.
pub(crate) fn full(host: &str) -> Result<String, CliError> {
    let host = host.trim();
    match host.split_once("://").unwrap_or(("tcp", host)) {
        _ if host.is_empty() => Ok(String::new()),
        ("tcp", rest) => {
            check_port(rest).map_err(CliError::new)?;
            let (rest, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            let (name, port) = rest.rsplit_once(':').unwrap_or((rest, ""));
            let name = if name.is_empty() { "localhost" } else { name };
            let port = if port.is_empty() { "2375" } else { port };
            Ok(format!("tcp://{name}:{port}{path}"))
        }
        ("unix", "") => Ok(format!("unix://{}", layerlab_api::SOCKET)),
        ("unix" | "ssh", _) => Ok(host.to_owned()),
        _ => Err(CliError::new(format!("invalid bind address format: {host}"))),
    }
}

/// Whether an address can be read, as a context has it (moby `client/request.go`, `ParseHostURL`).
///
/// # Errors
/// The client's words for what is none, and at which step it says so.
pub(crate) fn check(host: &str) -> Result<(), (&'static str, String)> {
    if host.is_empty() {
        return Ok(());
    }
    match host.split_once("://") {
        None | Some((_, "")) => {
            Err(("unable to apply docker endpoint options", format!("unable to parse docker host `{host}`")))
        }
        Some(("tcp", rest)) => check_port(rest).map_err(|why| ("invalid docker endpoint options", why)),
        // Who uses another learns that it is not available here.
        Some(_) => Ok(()),
    }
}

fn check_port(rest: &str) -> Result<(), String> {
    let port = rest.split('/').next().and_then(|r| r.rsplit_once(':')).map_or("", |(_, port)| port);
    if port.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    let (url, port) = (format!("tcp://{rest}"), format!(":{port}"));
    Err(format!("parse {}: invalid port {} after host", crate::format::quote(&url), crate::format::quote(&port)))
}

/// The daemon's socket.
///
/// # Errors
/// The client's words for what is no address, or is none that can be reached.
pub(crate) async fn address(sys: &Sys, host: &str) -> Result<(String, SockAddr), CliError> {
    if host.is_empty() {
        return Ok((format!("unix://{}", layerlab_api::SOCKET), SockAddr::Unix(layerlab_api::SOCKET.into())));
    }
    match host.split_once("://").unwrap_or(("tcp", host)) {
        ("unix", path) => Ok((host.to_owned(), SockAddr::Unix(path.to_owned()))),
        ("ssh", _) => Err(CliError::new("docker hosts over ssh are not available on this simulated machine")),
        ("tcp" | "http", rest) => {
            let rest = rest.split('/').next().unwrap_or_default();
            let (name, port) = rest.rsplit_once(':').unwrap_or((rest, "2375"));
            let shown = format!("tcp://{name}:{port}");
            let failed = |why: String| CliError::new(format!("failed to connect to the docker API at {shown}: {why}"));
            let unknown = || failed(format!("lookup {name}: no such host"));
            let number: u16 = port.parse().map_err(|_| failed(format!("dial tcp: address {port}: invalid port")))?;
            let ip = match name.parse() {
                Ok(ip) => ip,
                Err(_) => *sys.resolve(name).await.map_err(|_| unknown())?.first().ok_or_else(unknown)?,
            };
            Ok((shown, SockAddr::Inet(std::net::SocketAddrV4::new(ip, number))))
        }
        _ => Err(CliError::new(format!("unable to parse docker host `{host}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As docker 28.2.2 took them.
    #[test]
    fn hosts_are_told_in_full() {
        for (given, want) in [
            ("", Ok("")),
            ("tcp://", Ok("tcp://localhost:2375")),
            (":99", Ok("tcp://localhost:99")),
            ("nope", Ok("tcp://nope:2375")),
            ("tcp://x:99999", Ok("tcp://x:99999")),
            ("unix:///x", Ok("unix:///x")),
            ("nope://x", Err("invalid bind address format: nope://x")),
            ("http://x", Err("invalid bind address format: http://x")),
            ("tcp://x:abc", Err("parse \"tcp://x:abc\": invalid port \":abc\" after host")),
        ] {
            assert_eq!(
                full(given).map_err(|e| e.message).as_deref(),
                want.map_err(str::to_owned).as_ref().copied(),
                "{given}"
            );
        }
    }
}
