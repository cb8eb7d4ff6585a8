//! Reading tar from anywhere: the input is hostile.
//!
//! Understood are V7, USTAR, PAX and GNU headers (long names, binary numbers). Sparse files are
//! refused: nothing that Docker writes has them, and they are how a small archive grows huge.

use super::header::{
    BLOCK, DEV_MAJOR, DEV_MINOR, Field, GID, GNAME, Header, LINK_NAME, MAGIC, MODE, MTIME, NAME, PREFIX, SIZE, TYPE,
    UID, UNAME, USTAR_MAGIC,
};
use super::pax::{self, Records};
use super::{Entry, EntryKind, LayerError, NOMINAL_SIZE_RECORD, path};
use crate::Bytes;

/// Most bytes of one extended header, as in Go.
const SPECIAL_MAX: u64 = 1 << 20;

/// How much an archive may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Bytes of content of all files together.
    pub bytes: u64,
    /// Entries.
    pub entries: u64,
}

impl Default for Limits {
    /// 256 MiB (what the simulated machine can hold) and 200,000 entries.
    fn default() -> Self {
        Self { bytes: 256 << 20, entries: 200_000 }
    }
}

/// Reads all entries, in their order. Paths are brought into normal form (absolute ones become
/// relative to the root); entries for the root itself and global headers are left out.
///
/// # Errors
/// See [`LayerError`]: damage, paths or hard links that lead out of the root, limits.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Entry>, LayerError> {
    let mut reader = Reader { bytes, at: 0 };
    let mut entries = Vec::new();
    let mut special = Special::default();
    let mut total: u64 = 0;
    let mut count: u64 = 0;
    while let Some(header) = reader.header()? {
        count += 1;
        if count > limits.entries.saturating_mul(4) {
            return Err(LayerError::TooMany(limits.entries));
        }
        let flag = header.get(TYPE).first().copied().unwrap_or_default();
        match flag {
            b'x' => special.records = pax::parse(reader.special(&header)?)?,
            b'g' => {
                pax::parse(reader.special(&header)?)?;
            }
            b'L' => special.name = Some(reader.gnu_text(&header)?),
            b'K' => special.link = Some(reader.gnu_text(&header)?),
            _ => {
                let entry = reader.entry(&header, flag, std::mem::take(&mut special), &mut total, limits)?;
                if let Some(entry) = entry {
                    if entries.len() as u64 >= limits.entries {
                        return Err(LayerError::TooMany(limits.entries));
                    }
                    entries.push(entry);
                }
            }
        }
    }
    if special.is_empty() { Ok(entries) } else { Err(LayerError::Truncated) }
}

/// What extended headers say about the entry that follows.
#[derive(Default)]
struct Special {
    records: Records,
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
}

impl Special {
    fn is_empty(&self) -> bool {
        self.records.is_empty() && self.name.is_none() && self.link.is_none()
    }

    /// A record; an empty one counts as none.
    fn record(&self, key: &str) -> Option<&[u8]> {
        self.records.get(key).map(Vec::as_slice).filter(|value| !value.is_empty())
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Result<Option<T>, LayerError> {
        let Some(value) = self.record(key) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(value).map_err(|_| LayerError::InvalidHeader)?;
        text.parse().map(Some).map_err(|_| LayerError::InvalidHeader)
    }

    /// Seconds; a fraction is dropped.
    fn mtime(&self) -> Result<Option<i64>, LayerError> {
        let Some(value) = self.record(pax::MTIME) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(value).map_err(|_| LayerError::InvalidHeader)?;
        let (secs, fraction) = text.split_once('.').unwrap_or((text, ""));
        if !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return Err(LayerError::InvalidHeader);
        }
        secs.parse().map(Some).map_err(|_| LayerError::InvalidHeader)
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next header; `None` at the end: two zero blocks, or simply no more bytes, as in Go.
    fn header(&mut self) -> Result<Option<Header>, LayerError> {
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let header = Header::at(self.bytes, self.at).ok_or(LayerError::Truncated)?;
        self.at += BLOCK;
        if header.is_zero() {
            if self.at == self.bytes.len() {
                return Ok(None);
            }
            let second = Header::at(self.bytes, self.at).ok_or(LayerError::Truncated)?;
            return if second.is_zero() { Ok(None) } else { Err(LayerError::InvalidHeader) };
        }
        if header.checksum_fits() { Ok(Some(header)) } else { Err(LayerError::InvalidHeader) }
    }

    /// The next `size` bytes; the padding is skipped.
    fn body(&mut self, size: u64) -> Result<&'a [u8], LayerError> {
        let size = usize::try_from(size).map_err(|_| LayerError::Truncated)?;
        let end = self.at.checked_add(size).ok_or(LayerError::Truncated)?;
        let body = self.bytes.get(self.at..end).ok_or(LayerError::Truncated)?;
        let padded = end.checked_next_multiple_of(BLOCK).ok_or(LayerError::Truncated)?;
        // The last file's padding may be missing.
        self.at = padded.min(self.bytes.len());
        Ok(body)
    }

    fn special(&mut self, header: &Header) -> Result<&'a [u8], LayerError> {
        let size = unsigned(header, SIZE)?;
        if size > SPECIAL_MAX {
            return Err(LayerError::TooLarge(SPECIAL_MAX));
        }
        self.body(size)
    }

    fn gnu_text(&mut self, header: &Header) -> Result<Vec<u8>, LayerError> {
        Ok(self.special(header)?.split(|&b| b == 0).next().unwrap_or_default().to_vec())
    }

    fn entry(
        &mut self,
        header: &Header,
        flag: u8,
        special: Special,
        total: &mut u64,
        limits: Limits,
    ) -> Result<Option<Entry>, LayerError> {
        let is_ustar = header.get(MAGIC) == USTAR_MAGIC;
        let raw_name = full_name(header, &special, is_ustar)?;
        if flag == b'S' || special.records.keys().any(|key| key.starts_with(pax::GNU_SPARSE_PREFIX)) {
            return Err(LayerError::UnsupportedType(raw_name, b'S'));
        }
        let size = match special.number(pax::SIZE)? {
            Some(size) => size,
            None => unsigned(header, SIZE)?,
        };
        let path = path::clean(&raw_name)?;
        let is_dir_name = raw_name.ends_with('/');
        let kind = match flag {
            0 if is_dir_name => EntryKind::Dir,
            0 | b'0' | b'7' => {
                if path.is_empty() {
                    return Err(LayerError::BadPath(raw_name));
                }
                *total = total.saturating_add(size);
                if *total > limits.bytes {
                    return Err(LayerError::TooLarge(limits.bytes));
                }
                EntryKind::File { content: Bytes::new(self.body(size)?.to_vec()) }
            }
            b'1' => {
                let target = path::clean(&link_name(header, &special)?)?;
                if target.is_empty() {
                    return Err(LayerError::BadLink(raw_name));
                }
                EntryKind::HardLink { target }
            }
            b'2' => {
                let target = link_name(header, &special)?;
                if target.is_empty() {
                    return Err(LayerError::BadLink(raw_name));
                }
                EntryKind::Symlink { target }
            }
            b'3' | b'4' => {
                let (major, minor) = (small(header, DEV_MAJOR)?, small(header, DEV_MINOR)?);
                if flag == b'3' { EntryKind::CharDev { major, minor } } else { EntryKind::BlockDev { major, minor } }
            }
            b'5' => EntryKind::Dir,
            b'6' => EntryKind::Fifo,
            other => return Err(LayerError::UnsupportedType(raw_name, other)),
        };
        if path.is_empty() {
            return if kind == EntryKind::Dir { Ok(None) } else { Err(LayerError::BadPath(raw_name)) };
        }
        let mut entry = Entry::new(&path, kind, 0);
        entry.mode = u32::try_from(unsigned(header, MODE)? & 0o7777).unwrap_or_default();
        entry.uid = match special.number(pax::UID)? {
            Some(uid) => uid,
            None => small(header, UID)?,
        };
        entry.gid = match special.number(pax::GID)? {
            Some(gid) => gid,
            None => small(header, GID)?,
        };
        entry.mtime = match special.mtime()? {
            Some(mtime) => mtime,
            None => header.number(MTIME).ok_or(LayerError::InvalidHeader)?,
        };
        if header.get(MAGIC).starts_with(b"ustar") {
            entry.uname = utf8(special.record(pax::UNAME).unwrap_or(header.text(UNAME)))?;
            entry.gname = utf8(special.record(pax::GNAME).unwrap_or(header.text(GNAME)))?;
        }
        entry.nominal_size = special.number(NOMINAL_SIZE_RECORD)?;
        for (key, value) in special.records {
            if let Some(name) = key.strip_prefix(pax::XATTR_PREFIX).filter(|name| !name.is_empty()) {
                entry.xattrs.insert(name.to_owned(), value);
            }
        }
        Ok(Some(entry))
    }
}

fn full_name(header: &Header, special: &Special, is_ustar: bool) -> Result<String, LayerError> {
    if let Some(path) = special.record(pax::PATH) {
        return utf8(path);
    }
    if let Some(name) = &special.name {
        return utf8(name);
    }
    let name = utf8(header.text(NAME))?;
    let prefix = if is_ustar { header.text(PREFIX) } else { &[] };
    if prefix.is_empty() { Ok(name) } else { Ok(format!("{}/{name}", utf8(prefix)?)) }
}

fn link_name(header: &Header, special: &Special) -> Result<String, LayerError> {
    utf8(special.record(pax::LINK_PATH).or(special.link.as_deref()).unwrap_or(header.text(LINK_NAME)))
}

fn utf8(bytes: &[u8]) -> Result<String, LayerError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| LayerError::NotUtf8)
}

fn unsigned(header: &Header, field: Field) -> Result<u64, LayerError> {
    header.number(field).and_then(|n| u64::try_from(n).ok()).ok_or(LayerError::InvalidHeader)
}

fn small(header: &Header, field: Field) -> Result<u32, LayerError> {
    header.number(field).and_then(|n| u32::try_from(n).ok()).ok_or(LayerError::InvalidHeader)
}
