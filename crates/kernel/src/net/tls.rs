//! TLS on the simulated network: the records of its beginning are real ones, so that who speaks plain
//! HTTP to it (or the other way round) sees what they would see; what follows is not encrypted, since
//! nobody can listen in.

use crate::program::Sys;
use crate::syscall::Fd;

/// Who a server says it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The names that it is for; `*.` stands for one more label.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsError {
    /// The other side speaks plain HTTP.
    Plain,
    /// The other side closed, or sent something else.
    Closed,
    /// The certificate is for other names.
    Name(Certificate),
    /// Nobody known here has signed it.
    Issuer(Certificate),
}

/// Who signs the certificates of the simulated internet.
pub const ISSUER: &str = "CN=Layerlab Simulated Root CA";

const HANDSHAKE: u8 = 22;
const ALERT: u8 = 21;

fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind, 3, 3];
    out.extend((body.len() as u16).to_be_bytes());
    out.extend(body);
    out
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32).to_be_bytes();
    let mut out = vec![kind];
    out.extend(length.get(1..).unwrap_or_default());
    out.extend(body);
    out
}

/// The first record of a client (RFC 8446, 4.1.2).
pub fn client_hello(name: &str) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([0x4c; 32]);
    // The session's name is any 32 bytes; these end the lines of who takes them for HTTP.
    body.push(32);
    body.extend(*b" layerlab simulated TLS \r\n\r\n\r\n\r\n");
    body.extend([0, 2, 0x13, 0x01, 1, 0]);
    let name = name.as_bytes();
    let length = name.len() as u16;
    let mut sni = Vec::new();
    sni.extend((length + 3).to_be_bytes());
    sni.push(0);
    sni.extend(length.to_be_bytes());
    sni.extend(name);
    let mut extensions = vec![0, 0];
    extensions.extend((sni.len() as u16).to_be_bytes());
    extensions.extend(sni);
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    let mut hello = record(HANDSHAKE, &message(1, &body));
    if let Some(minor) = hello.get_mut(2) {
        *minor = 1;
    }
    hello
}

/// The records of a server: its hello and its certificate.
pub fn server_hello(certificate: &Certificate) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([0x53; 32]);
    body.extend([0, 0x13, 0x01, 0]);
    let mut out = message(2, &body);
    out.extend(message(11, format!("{}\n{}", certificate.issuer, certificate.names.join(" ")).as_bytes()));
    record(HANDSHAKE, &out)
}

/// The certificate in a server's record.
fn certificate(record: &[u8]) -> Option<Certificate> {
    let after_hello = record.get(4 + 38..)?;
    let text = String::from_utf8_lossy(after_hello.get(4..)?).into_owned();
    let (issuer, names) = text.split_once('\n')?;
    Some(Certificate { issuer: issuer.to_owned(), names: names.split(' ').map(str::to_owned).collect() })
}

/// The name that a client asks for, from the body of its first record.
pub fn server_name(record: &[u8]) -> Option<String> {
    // Message head, version, random, session, ciphers, compression, length of the extensions, kind and
    // length of the first, length of the list, kind and length of the name.
    let at = 4 + 2 + 32 + 33 + 4 + 2 + 2 + 4 + 3;
    let length = usize::from(u16::from_be_bytes([*record.get(at)?, *record.get(at + 1)?]));
    Some(String::from_utf8_lossy(record.get(at + 2..at + 2 + length)?).into_owned())
}

fn covers(pattern: &str, name: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => name.split_once('.').is_some_and(|(_, r)| r.eq_ignore_ascii_case(rest)),
        None => pattern.eq_ignore_ascii_case(name),
    }
}

async fn exactly(sys: &Sys, fd: Fd, length: usize) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    while all.len() < length {
        let part = sys.read(fd, length - all.len()).await.ok().filter(|p| !p.is_empty())?;
        all.extend(part.iter());
    }
    Some(all)
}

async fn read_record(sys: &Sys, fd: Fd) -> Option<(Vec<u8>, Vec<u8>)> {
    let head = exactly(sys, fd, 5).await?;
    if !matches!(head.first(), Some(&(HANDSHAKE | ALERT))) {
        return Some((head, Vec::new()));
    }
    let length = u16::from_be_bytes([*head.get(3)?, *head.get(4)?]);
    let body = exactly(sys, fd, usize::from(length)).await?;
    Some((head, body))
}

/// Begins TLS as a client that wants a server of this name; `trusts`: another issuer that it knows.
///
/// # Errors
/// See [`TlsError`].
pub async fn connect(sys: &Sys, fd: Fd, name: &str, trusts: Option<&str>) -> Result<Certificate, TlsError> {
    sys.write_all(fd, client_hello(name)).await.map_err(|_| TlsError::Closed)?;
    let (head, body) = read_record(sys, fd).await.ok_or(TlsError::Closed)?;
    if head == b"HTTP/" {
        return Err(TlsError::Plain);
    }
    let found = Some(body).filter(|_| head.first() == Some(&HANDSHAKE)).and_then(|b| certificate(&b));
    let found = found.ok_or(TlsError::Closed)?;
    if found.issuer != ISSUER && Some(found.issuer.as_str()) != trusts {
        return Err(TlsError::Issuer(found));
    }
    if found.names.iter().any(|n| covers(n, name)) { Ok(found) } else { Err(TlsError::Name(found)) }
}

/// Begins TLS as a server; the name that the client asked for. `None`: it does not speak TLS; it has
/// been told so, as Go's servers tell it, and the connection is of no more use.
pub async fn accept(sys: &Sys, fd: Fd, names: &[&str]) -> Option<String> {
    let (head, body) = read_record(sys, fd).await?;
    if head.first() != Some(&HANDSHAKE) {
        let text = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
        let _ = sys.write_all(fd, text).await;
        return None;
    }
    let name = server_name(&body)?;
    let names = names.iter().map(|n| (*n).to_owned()).collect();
    let hello = server_hello(&Certificate { names, issuer: ISSUER.to_owned() });
    sys.write_all(fd, hello).await.ok()?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_says_who_is_wanted() {
        let hello = client_hello("hub.example");
        assert_eq!(hello.get(..3), Some(&[22, 3, 1][..]));
        assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5);
        assert_eq!(server_name(&hello[5..]).as_deref(), Some("hub.example"));
        let c = Certificate { names: vec!["a.example".into(), "*.b.example".into()], issuer: ISSUER.into() };
        assert_eq!(certificate(&server_hello(&c)[5..]), Some(c));
        assert!(covers("*.b.example", "x.b.example") && !covers("*.b.example", "b.example"));
    }
}
