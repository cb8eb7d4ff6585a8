//! RESP 2, the protocol of Redis (<https://redis.io/docs/latest/develop/reference/protocol-spec/>).

/// Longest request that is taken, in bytes.
const MOST: usize = 16 << 20;
/// How deep answers may be nested.
const DEPTH: usize = 16;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Reply {
    /// `+OK`
    Simple(String),
    /// `-ERR …`
    Error(String),
    /// `:1`
    Int(i64),
    /// `$…`
    Bulk(Vec<u8>),
    /// `$-1`
    Nil,
    /// `*-1`
    NilList,
    /// `*…`
    List(Vec<Reply>),
}

impl Reply {
    pub(super) fn ok() -> Self {
        Self::Simple("OK".to_owned())
    }
    pub(super) fn bulk(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bulk(bytes.into())
    }
    pub(super) fn error(text: impl Into<String>) -> Self {
        Self::Error(text.into())
    }

    /// As bytes.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Simple(s) => out.extend(format!("+{s}\r\n").into_bytes()),
            Self::Error(s) => out.extend(format!("-{s}\r\n").into_bytes()),
            Self::Int(n) => out.extend(format!(":{n}\r\n").into_bytes()),
            Self::Nil => out.extend(b"$-1\r\n"),
            Self::NilList => out.extend(b"*-1\r\n"),
            Self::Bulk(b) => {
                out.extend(format!("${}\r\n", b.len()).into_bytes());
                out.extend(b);
                out.extend(b"\r\n");
            }
            Self::List(l) => {
                out.extend(format!("*{}\r\n", l.len()).into_bytes());
                for r in l {
                    r.write(out);
                }
            }
        }
    }

    /// Reads one; `None`: more bytes are needed. Answers how many bytes it took.
    pub(super) fn read(data: &[u8], depth: usize) -> Result<Option<(Self, usize)>, String> {
        let Some((line, used)) = line(data) else { return Ok(None) };
        let (kind, rest) = line.split_first().ok_or("empty reply")?;
        let text = || String::from_utf8_lossy(rest).into_owned();
        let number = || text().parse::<i64>().map_err(|_| "invalid number".to_owned());
        Ok(Some(match kind {
            b'+' => (Self::Simple(text()), used),
            b'-' => (Self::Error(text()), used),
            b':' => (Self::Int(number()?), used),
            b'$' => match usize::try_from(number()?) {
                Err(_) => (Self::Nil, used),
                Ok(n) => match data.get(used..used.saturating_add(n)) {
                    Some(b) if data.len() >= used + n + 2 => (Self::Bulk(b.to_vec()), used + n + 2),
                    _ => return Ok(None),
                },
            },
            b'*' => {
                let Ok(n) = usize::try_from(number()?) else { return Ok(Some((Self::NilList, used))) };
                if depth >= DEPTH {
                    return Err("nested too deeply".to_owned());
                }
                let (mut list, mut at) = (Vec::new(), used);
                for _ in 0..n {
                    let Some((r, more)) = Self::read(data.get(at..).unwrap_or_default(), depth + 1)? else {
                        return Ok(None);
                    };
                    list.push(r);
                    at += more;
                }
                (Self::List(list), at)
            }
            _ => return Err(format!("unknown type {}", char::from(*kind))),
        }))
    }
}

/// The first line without its end, and how many bytes it took.
fn line(data: &[u8]) -> Option<(&[u8], usize)> {
    let end = data.iter().position(|b| *b == b'\n')?;
    let line = data.get(..end)?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), end + 1))
}

/// A request.
pub(super) type Words = Vec<Vec<u8>>;

/// Reads a request, as a list or as a line of words. `None`: more bytes are needed.
///
/// # Errors
/// The protocol is broken.
pub(super) fn request(data: &[u8]) -> Result<Option<(Words, usize)>, String> {
    if data.len() > MOST {
        return Err("ERR Protocol error: too big mbulk count string".to_owned());
    }
    let Some((first, mut at)) = line(data) else { return Ok(None) };
    let Some(count) = first.strip_prefix(b"*") else {
        let text = String::from_utf8_lossy(first).into_owned();
        let words = words(&text).ok_or("ERR Protocol error: unbalanced quotes in request")?;
        return Ok(Some((words, at)));
    };
    let number = |b: &[u8]| std::str::from_utf8(b).ok().and_then(|t| t.parse::<i64>().ok());
    let count = number(count).filter(|n| *n <= 1 << 20).ok_or("ERR Protocol error: invalid multibulk length")?;
    let mut out = Vec::new();
    for _ in 0..count.max(0) {
        let Some((head, used)) = line(data.get(at..).unwrap_or_default()) else { return Ok(None) };
        let Some(len) = head.strip_prefix(b"$") else {
            let found = head.first().map_or(' ', |b| char::from(*b));
            return Err(format!("ERR Protocol error: expected '$', got '{found}'"));
        };
        let len = number(len).and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= MOST);
        let len = len.ok_or("ERR Protocol error: invalid bulk length")?;
        at += used;
        match data.get(at..at + len) {
            Some(b) if data.len() >= at + len + 2 => out.push(b.to_vec()),
            _ => return Ok(None),
        }
        at += len + 2;
    }
    Ok(Some((out, at)))
}

/// Splits a line into words: blanks part them, quotes hold them together (`sdssplitargs`).
pub(super) fn words(line: &str) -> Option<Words> {
    let mut out = Vec::new();
    let mut chars = line.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Some(out);
        }
        let mut word = String::new();
        let mut raw: Vec<u8> = Vec::new();
        while let Some(c) = chars.peek().copied().filter(|c| !c.is_whitespace()) {
            chars.next();
            match c {
                '"' => loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => match chars.next()? {
                            'n' => word.push('\n'),
                            'r' => word.push('\r'),
                            't' => word.push('\t'),
                            'x' => {
                                let digits: String = [chars.next()?, chars.next()?].iter().collect();
                                raw.extend(std::mem::take(&mut word).into_bytes());
                                raw.push(u8::from_str_radix(&digits, 16).ok()?);
                            }
                            other => word.push(other),
                        },
                        other => word.push(other),
                    }
                },
                '\'' => loop {
                    match chars.next()? {
                        '\'' => break,
                        '\\' if chars.peek() == Some(&'\'') => word.extend(chars.next()),
                        other => word.push(other),
                    }
                },
                other => word.push(other),
            }
        }
        raw.extend(word.into_bytes());
        out.push(raw);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_come_as_lists_and_as_lines() {
        let list = b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\nrest";
        assert_eq!(request(list).unwrap(), Some((vec![b"GET".to_vec(), b"k".to_vec()], 20)));
        assert_eq!(request(&list[..12]).unwrap(), None);
        assert_eq!(request(b"PING\r\n").unwrap(), Some((vec![b"PING".to_vec()], 6)));
        assert!(request(b"*1\r\n:1\r\n").unwrap_err().contains("expected '$', got ':'"));
        assert_eq!(words("set k \"a b\\n\" 'c d'").unwrap()[2..], [b"a b\n".to_vec(), b"c d".to_vec()]);
        assert_eq!(words("\"open"), None);
    }

    #[test]
    fn replies_are_read_as_they_are_written() {
        let all = Reply::List(vec![
            Reply::ok(),
            Reply::Int(-1),
            Reply::bulk("x\r\ny"),
            Reply::Nil,
            Reply::NilList,
            Reply::error("ERR no"),
        ]);
        let mut bytes = Vec::new();
        all.write(&mut bytes);
        assert_eq!(Reply::read(&bytes, 0).unwrap(), Some((all, bytes.len())));
        for n in 0..bytes.len() {
            assert_eq!(Reply::read(&bytes[..n], 0).unwrap(), None, "{n}");
        }
        assert!(Reply::read(&b"*1\r\n".repeat(100), 0).is_err());
    }
}
