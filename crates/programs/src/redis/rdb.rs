//! `dump.rdb`: Redis' file of all data, in the plain encodings that every version reads
//! (redis `src/rdb.c`; types 0 to 4, no compression).

use std::collections::BTreeMap;

use super::store::{Entry, Score, Store, Value, number};

const MAGIC: &[u8] = b"REDIS0009";
const EOF: u8 = 0xff;
const SELECT: u8 = 0xfe;
const EXPIRE_MILLIS: u8 = 0xfc;
const RESIZE: u8 = 0xfb;
const AUX: u8 = 0xfa;

fn length(out: &mut Vec<u8>, n: usize) {
    match n {
        0..=63 => out.push(n as u8),
        64..=16_383 => out.extend([0x40 | (n >> 8) as u8, n as u8]),
        _ => {
            out.push(0x80);
            out.extend(u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes());
        }
    }
}

fn text(out: &mut Vec<u8>, t: &[u8]) {
    length(out, t.len());
    out.extend(t);
}

/// All data as a file. Its checksum is 0, which means: none.
pub(super) fn write(store: &Store, version: &str) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    for (k, v) in [("redis-ver", version), ("redis-bits", "64")] {
        out.push(AUX);
        text(&mut out, k.as_bytes());
        text(&mut out, v.as_bytes());
    }
    for (n, db) in store.dbs.iter().filter(|(_, db)| !db.is_empty()) {
        out.push(SELECT);
        length(&mut out, *n);
        out.push(RESIZE);
        length(&mut out, db.len());
        length(&mut out, db.values().filter(|e| e.until.is_some()).count());
        for (key, e) in db {
            if let Some(until) = e.until {
                out.push(EXPIRE_MILLIS);
                out.extend(until.to_le_bytes());
            }
            let (kind, count) = match &e.value {
                Value::Text(_) => (0, None),
                Value::List(l) => (1, Some(l.len())),
                Value::Set(s) => (2, Some(s.len())),
                Value::Sorted(z) => (3, Some(z.len())),
                Value::Hash(h) => (4, Some(h.len())),
            };
            out.push(kind);
            text(&mut out, key);
            if let Some(n) = count {
                length(&mut out, n);
            }
            match &e.value {
                Value::Text(t) => text(&mut out, t),
                Value::List(l) => l.iter().for_each(|t| text(&mut out, t)),
                Value::Set(s) => s.iter().for_each(|t| text(&mut out, t)),
                Value::Hash(h) => h.iter().flat_map(|(k, v)| [k, v]).for_each(|t| text(&mut out, t)),
                Value::Sorted(z) => {
                    for (m, s) in z {
                        text(&mut out, m);
                        // One byte for its length; 254 and 255 stand for the infinities.
                        match number(s.0).as_str() {
                            "inf" => out.push(254),
                            "-inf" => out.push(255),
                            n => {
                                out.push(u8::try_from(n.len()).unwrap_or(0));
                                out.extend(n.as_bytes());
                            }
                        }
                    }
                }
            }
        }
    }
    out.push(EOF);
    out.extend([0; 8]);
    out
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }
    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }
    fn length(&mut self) -> Option<Result<usize, u8>> {
        let first = self.byte()?;
        let low = usize::from(first & 0x3f);
        Some(match first >> 6 {
            0 => Ok(low),
            1 => Ok(low << 8 | usize::from(self.byte()?)),
            2 => Ok(u32::from_be_bytes(self.take(4)?.try_into().ok()?) as usize),
            _ => Err(first & 0x3f),
        })
    }
    fn count(&mut self) -> Option<usize> {
        self.length()?.ok()
    }
    /// A text; numbers may stand as such.
    fn text(&mut self) -> Option<Vec<u8>> {
        Some(match self.length()? {
            Ok(n) => self.take(n)?.to_vec(),
            Err(0) => (self.byte()? as i8).to_string().into_bytes(),
            Err(1) => i16::from_le_bytes(self.take(2)?.try_into().ok()?).to_string().into_bytes(),
            Err(2) => i32::from_le_bytes(self.take(4)?.try_into().ok()?).to_string().into_bytes(),
            Err(_) => return None,
        })
    }
    fn texts(&mut self) -> Option<Vec<Vec<u8>>> {
        let n = self.count()?;
        (0..n).map(|_| self.text()).collect()
    }
}

/// Reads such a file; none: it is damaged, or has encodings that are not known here.
pub(super) fn read(file: &[u8]) -> Option<Store> {
    let mut r = Reader(file.strip_prefix(b"REDIS")?);
    r.take(4)?;
    let mut store = Store::default();
    let (mut db, mut until) = (0, None);
    loop {
        let value = match r.byte()? {
            EOF => return Some(store),
            AUX => {
                let _ = (r.text()?, r.text()?);
                continue;
            }
            SELECT => {
                db = r.count()?;
                continue;
            }
            RESIZE => {
                let _ = (r.count()?, r.count()?);
                continue;
            }
            EXPIRE_MILLIS => {
                until = Some(i64::from_le_bytes(r.take(8)?.try_into().ok()?));
                continue;
            }
            kind @ 0..=4 => kind,
            _ => return None,
        };
        let key = r.text()?;
        let value = match value {
            0 => Value::Text(r.text()?),
            1 => Value::List(r.texts()?.into()),
            2 => Value::Set(r.texts()?.into_iter().collect()),
            3 => {
                let mut z = BTreeMap::new();
                for _ in 0..r.count()? {
                    let member = r.text()?;
                    let score = match r.byte()? {
                        254 => f64::INFINITY,
                        255 => f64::NEG_INFINITY,
                        n => std::str::from_utf8(r.take(usize::from(n))?).ok()?.parse().ok()?,
                    };
                    z.insert(member, Score(score));
                }
                Value::Sorted(z)
            }
            _ => {
                let mut h = BTreeMap::new();
                for _ in 0..r.count()? {
                    h.insert(r.text()?, r.text()?);
                }
                Value::Hash(h)
            }
        };
        store.dbs.entry(db).or_default().insert(key, Entry { value, until: until.take() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redis::resp::words;

    #[test]
    fn what_is_saved_is_loaded() {
        let mut s = Store::default();
        for (db, line) in [
            (0, "set k v"),
            (0, "set e v px 5000"),
            (0, "rpush l a b a"),
            (0, "hset h a 1 b 2"),
            (3, "sadd s x y"),
            (3, "zadd z 1.5 a inf b -2 c"),
        ] {
            s.run(db, &words(line).unwrap(), 1000);
        }
        let long = "x".repeat(70_000);
        s.run(0, &[b"set".to_vec(), b"long".to_vec(), long.into_bytes()], 1000);
        let file = write(&s, "7.4.7");
        assert_eq!(read(&file).unwrap().dbs, s.dbs);
        for n in 0..200 {
            assert_eq!(read(&file[..n]), None, "{n}");
        }
        assert_eq!(read(b"nonsense"), None);
    }
}
