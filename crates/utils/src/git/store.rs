//! Objects: loose files (zlib) and packs (version 2), named by their SHA-1.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::fail::{Fail, Git, at, fatal};
use super::repo::Repo;
use super::sha1;

/// An object.
#[derive(Clone, Debug)]
pub(super) struct Object {
    /// `blob`, `tree`, `commit` or `tag`.
    pub(super) kind: String,
    /// Its content.
    pub(super) data: Vec<u8>,
}

/// Largest object that is read.
const MOST: u64 = 64 << 20;

fn inflate(data: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    ZlibDecoder::new(data).take(MOST).read_to_end(&mut out).ok()?;
    Some(out)
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut z = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = z.write_all(data);
    z.finish().unwrap_or_default()
}

/// The name that an object gets.
pub(super) fn name(kind: &str, data: &[u8]) -> String {
    let mut all = format!("{kind} {}\0", data.len()).into_bytes();
    all.extend_from_slice(data);
    sha1::hex(&all)
}

/// A pack and its index.
pub(super) struct Pack {
    index: Vec<u8>,
    data: Vec<u8>,
}

fn be32(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4).map(|b| b.iter().fold(0, |n, x| n << 8 | u32::from(*x)))
}

/// Bytes of a name in hex.
pub(super) fn bytes(oid: &str) -> Vec<u8> {
    (0..oid.len() / 2).filter_map(|i| u8::from_str_radix(oid.get(2 * i..2 * i + 2)?, 16).ok()).collect()
}

/// A name in hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Pack {
    fn count(&self) -> usize {
        be32(&self.index, 8 + 255 * 4).unwrap_or(0) as usize
    }
    fn names(&self) -> impl Iterator<Item = &[u8]> {
        let start = 8 + 1024;
        (0..self.count()).filter_map(move |i| self.index.get(start + i * 20..start + i * 20 + 20))
    }
    fn offset(&self, oid: &[u8]) -> Option<usize> {
        let n = self.count();
        let i = self.names().position(|x| x == oid)?;
        let small = be32(&self.index, 8 + 1024 + n * 24 + i * 4)?;
        if small & 0x8000_0000 == 0 {
            return Some(small as usize);
        }
        let big = 8 + 1024 + n * 28 + (small & 0x7fff_ffff) as usize * 8;
        Some(be32(&self.index, big + 4)? as usize)
    }
    /// The entry at a place: its type, where its data starts, and its base.
    fn entry(&self, place: usize) -> Option<(u8, usize, Base)> {
        let mut i = place;
        let first = *self.data.get(i)?;
        i += 1;
        let mut b = first;
        while b & 0x80 != 0 {
            b = *self.data.get(i)?;
            i += 1;
        }
        let kind = first >> 4 & 7;
        let base = match kind {
            6 => {
                let mut b = *self.data.get(i)?;
                i += 1;
                let mut back = usize::from(b & 0x7f);
                while b & 0x80 != 0 {
                    b = *self.data.get(i)?;
                    i += 1;
                    back = back.checked_add(1)?.checked_mul(128)? + usize::from(b & 0x7f);
                }
                Base::Here(place.checked_sub(back)?)
            }
            7 => {
                let name = self.data.get(i..i + 20)?.to_vec();
                i += 20;
                Base::Named(name)
            }
            _ => Base::None,
        };
        Some((kind, i, base))
    }
    fn read(&self, place: usize) -> Option<Object> {
        let mut deltas = Vec::new();
        let mut place = place;
        loop {
            let (kind, start, base) = self.entry(place)?;
            let data = inflate(self.data.get(start..)?)?;
            match base {
                Base::None => {
                    let kind = match kind {
                        1 => "commit",
                        2 => "tree",
                        3 => "blob",
                        4 => "tag",
                        _ => return None,
                    };
                    let data = deltas.iter().rev().try_fold(data, |d, delta: &Vec<u8>| apply(&d, delta))?;
                    return Some(Object { kind: kind.to_owned(), data });
                }
                Base::Here(p) if p < place => place = p,
                Base::Named(name) => place = self.offset(&name)?,
                Base::Here(_) => return None,
            }
            deltas.push(data);
            if deltas.len() > 4096 {
                return None;
            }
        }
    }
}

enum Base {
    None,
    Here(usize),
    Named(Vec<u8>),
}

/// A delta's instructions carried out on its base.
fn apply(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut i = 0;
    let mut size = || -> Option<u64> {
        let (mut n, mut shift) = (0u64, 0u32);
        loop {
            let b = *delta.get(i)?;
            i += 1;
            n |= u64::from(b & 0x7f).checked_shl(shift)?;
            shift += 7;
            if b & 0x80 == 0 {
                return Some(n);
            }
        }
    };
    size()?;
    if size()? > MOST {
        return None;
    }
    let mut out = Vec::new();
    while let Some(&op) = delta.get(i) {
        i += 1;
        if op & 0x80 == 0 {
            out.extend_from_slice(delta.get(i..i + usize::from(op))?);
            i += usize::from(op);
            continue;
        }
        let (mut from, mut len) = (0usize, 0usize);
        for bit in 0..7 {
            if op & 1 << bit != 0 {
                let b = usize::from(*delta.get(i)?);
                i += 1;
                if bit < 4 { from |= b << (8 * bit) } else { len |= b << (8 * (bit - 4)) }
            }
        }
        let len = if len == 0 { 0x1_0000 } else { len };
        out.extend_from_slice(base.get(from..from.checked_add(len)?)?);
    }
    Some(out)
}

impl Repo {
    /// Loads the packs once.
    async fn packs(&self) {
        if self.packs.borrow().is_some() {
            return;
        }
        let dir = format!("{}/objects/pack", self.git);
        let mut all = Vec::new();
        for e in self.sys.read_dir(&dir).await.unwrap_or_default() {
            if let Some(stem) = e.name.strip_suffix(".idx") {
                let index = self.sys.read_file(&format!("{dir}/{}", e.name)).await.unwrap_or_default();
                let data = self.sys.read_file(&format!("{dir}/{stem}.pack")).await.unwrap_or_default();
                if index.starts_with(b"\xfftOc\0\0\0\x02") {
                    all.push(Pack { index, data });
                }
            }
        }
        *self.packs.borrow_mut() = Some(all);
    }

    /// Reads an object by its full name.
    pub(super) async fn object(&self, oid: &str) -> Git<Object> {
        let missing = || Fail::Fatal(format!("bad object {oid}"));
        let (dir, rest) = oid.split_at_checked(2).ok_or_else(missing)?;
        if let Ok(file) = self.sys.read_file(&format!("{}/objects/{dir}/{rest}", self.git)).await {
            let all = inflate(&file).ok_or_else(|| Fail::Fatal(format!("loose object {oid} is corrupt")))?;
            let end = all.iter().position(|b| *b == 0).ok_or_else(missing)?;
            let head = String::from_utf8_lossy(&all[..end]).into_owned();
            let kind = head.split(' ').next().unwrap_or("").to_owned();
            return Ok(Object { kind, data: all[end + 1..].to_vec() });
        }
        self.packs().await;
        let name = bytes(oid);
        let packs = self.packs.borrow();
        let found = packs.iter().flatten().find_map(|p| p.read(p.offset(&name)?));
        found.ok_or_else(missing)
    }

    /// Writes an object; its name.
    pub(super) async fn store(&self, kind: &str, data: &[u8]) -> Git<String> {
        let oid = name(kind, data);
        let dir = format!("{}/objects/{}", self.git, &oid[..2]);
        let path = format!("{dir}/{}", &oid[2..]);
        if self.sys.stat(&path).await.is_ok() {
            return Ok(oid);
        }
        let _ = self.sys.mkdir(&dir, 0o777).await;
        let mut all = format!("{kind} {}\0", data.len()).into_bytes();
        all.extend_from_slice(data);
        if let Err(e) = self.sys.write_file(&path, deflate(&all), 0o444).await {
            return fatal(format!("unable to write file {path}: {e}"));
        }
        Ok(oid)
    }

    /// Full names that begin so.
    pub(super) async fn expand(&self, short: &str) -> Vec<String> {
        let mut out = Vec::new();
        let Some((dir, rest)) = short.split_at_checked(2) else { return out };
        for e in self.sys.read_dir(&format!("{}/objects/{dir}", self.git)).await.unwrap_or_default() {
            if e.name.starts_with(rest) {
                out.push(format!("{dir}{}", e.name));
            }
        }
        self.packs().await;
        for p in self.packs.borrow().iter().flatten() {
            out.extend(p.names().map(hex).filter(|n| n.starts_with(short)));
        }
        out.sort();
        out.dedup();
        out
    }

    /// Every object that another store has, copied here.
    pub(super) async fn copy_objects(&self, from: &str) -> Git<()> {
        let source = format!("{from}/objects");
        for dir in self.sys.read_dir(&source).await.map_err(at(&source))? {
            if dir.name != "pack" && dir.name.len() != 2 {
                continue;
            }
            let to = format!("{}/objects/{}", self.git, dir.name);
            let _ = self.sys.mkdir(&to, 0o777).await;
            for e in self.sys.read_dir(&format!("{source}/{}", dir.name)).await.unwrap_or_default() {
                let target = format!("{to}/{}", e.name);
                if self.sys.stat(&target).await.is_ok() {
                    continue;
                }
                let path = format!("{source}/{}/{}", dir.name, e.name);
                let data = self.sys.read_file(&path).await.map_err(at(&path))?;
                self.sys.write_file(&target, data, 0o444).await.map_err(at(&target))?;
            }
        }
        *self.packs.borrow_mut() = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_gits() {
        // git hash-object --stdin </dev/null; printf 'hi\n' | git hash-object --stdin
        assert_eq!(name("blob", b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(name("blob", b"hi\n"), "45b983be36b73c0788dc9cbcb76cbb80fc7bb057");
    }

    #[test]
    fn deltas_copy_and_insert() {
        // Sizes 5 and 7, copy 3 bytes from 1, insert "abcd".
        assert_eq!(apply(b"01234", &[5, 7, 0x91, 1, 3, 4, b'a', b'b', b'c', b'd']).unwrap(), b"123abcd");
        assert!(apply(b"0", &[1, 9, 0x91, 1, 9]).is_none());
    }
}
