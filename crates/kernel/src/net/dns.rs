//! Name servers of the simulated internet, as far as there is one: what they know, and their answers to
//! queries as datagrams (RFC 1035). Docker's own server at 127.0.0.11 asks them for what it does not know.

use std::net::Ipv4Addr;

use crate::net::Net;
use crate::syscall::NetNsId;

/// The port of name servers.
pub const PORT: u16 = 53;
/// The name server of the simulated internet.
pub const RESOLVER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 53);
/// Where Docker's embedded server is in every namespace of a network with names.
pub const EMBEDDED: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 11);
/// Seconds that an answer may be kept: the embedded server's and the others'.
const KEEP: u32 = 600;

/// What a query asks for.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    id: u16,
    /// `RD`: the server shall ask others.
    recursion: bool,
    name: String,
    kind: u16,
    class: u16,
    /// Where the question ends.
    end: usize,
}

fn word(b: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*b.get(at)?, *b.get(at + 1)?]))
}

/// Reads a query with one question.
fn question(b: &[u8]) -> Option<Question> {
    let (id, flags, count) = (word(b, 0)?, word(b, 2)?, word(b, 4)?);
    if flags & 0xf800 != 0 || count != 1 {
        return None;
    }
    let (mut name, mut at) = (String::new(), 12);
    loop {
        let len = usize::from(*b.get(at)?);
        at += 1;
        match len {
            0 => break,
            1..=63 if name.len() + len < 255 => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&String::from_utf8_lossy(b.get(at..at + len)?).to_ascii_lowercase());
                at += len;
            }
            _ => return None,
        }
    }
    Some(Question { id, recursion: flags & 0x100 != 0, name, kind: word(b, at)?, class: word(b, at + 2)?, end: at + 4 })
}

/// The address that `4.3.2.1.in-addr.arpa` asks for (RFC 1035, 3.5).
fn reversed(name: &str) -> Option<Ipv4Addr> {
    let address: Ipv4Addr = name.strip_suffix(".in-addr.arpa")?.parse().ok()?;
    let [a, b, c, d] = address.octets();
    Some(Ipv4Addr::new(d, c, b, a))
}

/// The answer to a query: its question again, and addresses or the name of an address. `None` for what is no query.
/// `known`: addresses of a name, or nothing where there is no such name; `name_of`: the name of an address.
pub(crate) fn answer(
    query: &[u8],
    known: impl FnOnce(&str) -> Option<Vec<Ipv4Addr>>,
    name_of: impl FnOnce(Ipv4Addr) -> Option<String>,
) -> Option<Vec<u8>> {
    let q = question(query)?;
    let pointer = reversed(&q.name).and_then(name_of);
    let found = if pointer.is_some() { Some(Vec::new()) } else { known(&q.name) };
    let pointer = pointer.filter(|_| matches!(q.kind, 12 | 255) && q.class == 1);
    // 3: no such name.
    let code = if found.is_some() { 0 } else { 3 };
    // A, or ANY; class IN.
    let addresses = found.filter(|_| matches!(q.kind, 1 | 255) && q.class == 1).unwrap_or_default();
    let flags = 0x8080 | if q.recursion { 0x100 } else { 0 } | code;
    let mut out = Vec::with_capacity(q.end + addresses.len() * 16);
    let count = addresses.len() + usize::from(pointer.is_some());
    for w in [q.id, flags, 1, count as u16, 0, 0] {
        out.extend(w.to_be_bytes());
    }
    out.extend(query.get(12..q.end)?);
    for a in addresses {
        // The name of the question, A, IN.
        out.extend([0xc0, 12, 0, 1, 0, 1]);
        out.extend(KEEP.to_be_bytes());
        out.extend([0, 4]);
        out.extend(a.octets());
    }
    if let Some(name) = pointer {
        out.extend([0xc0, 12, 0, 12, 0, 1]);
        out.extend(KEEP.to_be_bytes());
        let mut labels = Vec::new();
        for label in name.split('.').map(|l| l.as_bytes().get(..l.len().min(63)).unwrap_or_default()) {
            labels.push(label.len() as u8);
            labels.extend(label);
        }
        labels.push(0);
        out.extend((labels.len() as u16).to_be_bytes());
        out.extend(labels);
    }
    Some(out)
}

impl Net {
    /// Whether a packet to the internet leaves a namespace.
    fn is_outside_near(&self, ns: NetNsId) -> bool {
        if self.internet.is_some() {
            return self.online_from(ns).is_some();
        }
        let way = |i: &crate::net::Interface| self.bridges.get(i.bridge.as_ref()?).filter(|b| !b.internal);
        ns == NetNsId(0) || self.namespaces.get(&ns).is_some_and(|n| n.interfaces.iter().any(|i| way(i).is_some()))
    }

    /// Whether a name server answers there.
    pub(crate) fn has_name_server(&self, ns: NetNsId, at: Ipv4Addr) -> bool {
        let bridged = || self.namespaces.get(&ns).is_some_and(|n| n.interfaces.iter().any(|i| i.bridge.is_some()));
        (at == RESOLVER && self.is_outside_near(ns)) || (at == EMBEDDED && ns != NetNsId(0) && bridged())
    }

    /// What the name server at an address, asked from a namespace, knows of a name. `None`: there is none.
    pub fn look_up(&self, ns: NetNsId, server: Ipv4Addr, name: &str) -> Option<Vec<Ipv4Addr>> {
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        // RFC 6761, 6.3.
        if name == "localhost" {
            return Some(vec![Ipv4Addr::LOCALHOST]);
        }
        if server == EMBEDDED {
            let space = self.namespaces.get(&ns)?;
            let names = |i: &crate::net::Interface| self.bridges.get(i.bridge.as_ref()?)?.names.get(&name);
            let found: Vec<Ipv4Addr> = space.interfaces.iter().filter_map(names).flatten().copied().collect();
            if !found.is_empty() {
                return Some(found);
            }
        }
        self.online_from(ns)?.names.get(&name).map(|a| vec![*a])
    }

    /// The name that the name server at an address, asked from a namespace, knows of an address.
    pub(crate) fn name_at(&self, ns: NetNsId, server: Ipv4Addr, addr: Ipv4Addr) -> Option<String> {
        if addr == Ipv4Addr::LOCALHOST {
            return Some("localhost".to_owned());
        }
        if server == EMBEDDED {
            let space = self.namespaces.get(&ns)?;
            let name = |i: &crate::net::Interface| self.bridges.get(i.bridge.as_ref()?)?.pointers.get(&addr);
            if let Some(found) = space.interfaces.iter().find_map(name) {
                return Some(found.clone());
            }
        }
        self.online_from(ns)?.name_of(addr).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `dig +noedns a.test` sends it, number 0x1234.
    const QUERY: &[u8] = b"\x12\x34\x01\x20\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x01\0\x01";

    #[test]
    fn a_query_is_answered_with_its_question() {
        let a =
            answer(QUERY, |n| (n == "a.test").then(|| vec![Ipv4Addr::new(192, 0, 2, 1)]), |_| None).unwrap_or_default();
        assert_eq!(a.get(..12), Some(b"\x12\x34\x81\x80\0\x01\0\x01\0\0\0\0".as_slice()));
        assert_eq!(a.get(12..24), QUERY.get(12..24));
        assert_eq!(a.get(24..), Some(b"\xc0\x0c\0\x01\0\x01\0\0\x02\x58\0\x04\xc0\0\x02\x01".as_slice()));
    }

    #[test]
    fn what_is_not_known_does_not_exist_and_what_is_no_query_gets_nothing() {
        let a = answer(QUERY, |_| None, |_| None).unwrap_or_default();
        assert_eq!(a.get(2..8), Some(b"\x81\x83\0\x01\0\0".as_slice()));
        for cut in 0..QUERY.len() {
            assert_eq!(answer(QUERY.get(..cut).unwrap_or_default(), |_| None, |_| None), None);
        }
        assert_eq!(answer(&a, |_| None, |_| None), None);
    }

    #[test]
    fn an_address_has_a_name() {
        let query = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x011\x012\x013\x014\x07in-addr\x04arpa\0\0\x0c\0\x01";
        let name = |a| (a == Ipv4Addr::new(4, 3, 2, 1)).then(|| "web.net".to_owned());
        let a = answer(query, |_| None, name).unwrap_or_default();
        assert_eq!(a.get(2..8), Some(b"\x81\x80\0\x01\0\x01".as_slice()));
        assert!(a.ends_with(b"\xc0\x0c\0\x0c\0\x01\0\0\x02\x58\0\x09\x03web\x03net\0"), "{a:?}");
    }
}
