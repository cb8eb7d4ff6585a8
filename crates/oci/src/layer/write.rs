//! Writing tar: the bytes of Go's `archive/tar`.

use std::collections::BTreeMap;

use super::header::{
    BLOCK, DEV_MAJOR, DEV_MINOR, Field, GID, GNAME, Header, LINK_NAME, MODE, MTIME, NAME, PREFIX, SIZE, TYPE, UID,
    UNAME, fits_octal,
};
use super::pax::{self, Records};
use super::{Entry, EntryKind, LayerError, NOMINAL_SIZE_RECORD, compare_paths, path};

/// In which order entries are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Entries are sorted and hard links follow their files: a layer.
    #[default]
    Layer,
    /// Entries stay in the order given.
    AsGiven,
}

/// Writes a layer: the same entries, in whatever order they come, give the same bytes.
///
/// Of several names of one file, the first in order carries the content, as in containerd's differ.
///
/// # Errors
/// A path that is not in normal form, a link without target, an attribute's name or a device number
/// that tar cannot hold.
pub fn write(entries: &[Entry]) -> Result<Vec<u8>, LayerError> {
    write_with(entries, Format::Layer)
}

/// As [`write`], with a choice of [`Format`].
///
/// # Errors
/// As [`write`].
pub fn write_with(entries: &[Entry], format: Format) -> Result<Vec<u8>, LayerError> {
    let mut out = Vec::new();
    match format {
        Format::AsGiven => {
            for entry in entries {
                append(&mut out, entry, &entry.kind)?;
            }
        }
        Format::Layer => {
            let mut sorted: Vec<&Entry> = entries.iter().collect();
            sorted.sort_by(|a, b| compare_paths(&a.path, &b.path));
            let kinds = links_after_files(&sorted);
            for (at, entry) in sorted.iter().enumerate() {
                append(&mut out, entry, kinds.get(&at).unwrap_or(&entry.kind))?;
            }
        }
    }
    out.resize(out.len() + 2 * BLOCK, 0);
    Ok(out)
}

/// The kinds that change, by place, so that no hard link comes before the file that it names.
fn links_after_files(sorted: &[&Entry]) -> BTreeMap<usize, EntryKind> {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, entry) in sorted.iter().enumerate() {
        if matches!(entry.kind, EntryKind::File { .. }) {
            files.insert(&entry.path, at);
        }
    }
    let mut changed = BTreeMap::new();
    let mut moved: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, entry) in sorted.iter().enumerate() {
        let EntryKind::HardLink { target } = &entry.kind else {
            continue;
        };
        if let Some(first) = moved.get(target.as_str()) {
            changed.insert(at, EntryKind::HardLink { target: (*first).to_owned() });
        } else if let Some((&file, origin)) =
            files.get(target.as_str()).and_then(|file| Some((file, sorted.get(*file)?)))
            && at < file
        {
            changed.insert(at, origin.kind.clone());
            changed.insert(file, EntryKind::HardLink { target: entry.path.clone() });
            moved.insert(target, &entry.path);
        }
    }
    changed
}

/// Appends header, content and padding of one entry. The kind is given apart since it may differ.
fn append(out: &mut Vec<u8>, entry: &Entry, kind: &EntryKind) -> Result<(), LayerError> {
    let fields = Fields::of(entry, kind)?;
    let content: &[u8] = if let EntryKind::File { content } = kind { content } else { &[] };
    match fields.ustar_name() {
        Some((prefix, name)) if fields.records.is_empty() => {
            let mut header = fields.header(name.as_bytes());
            header.set(PREFIX, prefix.as_bytes());
            header.seal();
            out.extend_from_slice(header.bytes());
        }
        _ => {
            let mut records = fields.records.clone();
            if !is_ascii(&fields.name) || fields.name.len() > NAME.size() {
                records.insert(pax::PATH.to_owned(), fields.name.clone().into_bytes());
            }
            append_pax(out, &fields.name, &records);
            let mut header = fields.header(&to_ascii(&fields.name));
            header.seal();
            out.extend_from_slice(header.bytes());
        }
    }
    append_padded(out, content);
    Ok(())
}

/// The extended header, itself a file named `DIR/PaxHeaders.0/NAME`.
fn append_pax(out: &mut Vec<u8>, name: &str, records: &Records) {
    let (dir, base) = name.rsplit_once('/').map_or(("", name), |(dir, base)| (dir, base));
    let parts: Vec<&str> = [dir, "PaxHeaders.0", base].into_iter().filter(|part| !part.is_empty()).collect();
    let body = pax::format(records);
    let mut file_name = to_ascii(&parts.join("/"));
    file_name.truncate(NAME.size());
    while file_name.ends_with(b"/") {
        file_name.pop();
    }
    let mut header = Header::new();
    header.set(TYPE, b"x");
    header.set(NAME, &file_name);
    for field in [MODE, UID, GID, MTIME] {
        header.set_number(field, 0);
    }
    header.set_number(SIZE, as_i64(body.len()));
    header.seal();
    out.extend_from_slice(header.bytes());
    append_padded(out, &body);
}

fn append_padded(out: &mut Vec<u8>, content: &[u8]) {
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

fn as_i64(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn is_ascii(text: &str) -> bool {
    text.is_ascii()
}

/// Go's `toASCII`: what is not ASCII is left out.
fn to_ascii(text: &str) -> Vec<u8> {
    text.bytes().filter(|b| b.is_ascii() && *b != 0).collect()
}

/// An entry as tar's fields, with PAX records for what a header cannot hold.
struct Fields<'a> {
    entry: &'a Entry,
    flag: u8,
    name: String,
    link: &'a str,
    size: i64,
    device: (i64, i64),
    records: Records,
}

impl<'a> Fields<'a> {
    fn of(entry: &'a Entry, kind: &'a EntryKind) -> Result<Self, LayerError> {
        if !path::is_clean(&entry.path) {
            return Err(LayerError::BadPath(entry.path.clone()));
        }
        let mut name = entry.path.clone();
        let (mut link, mut size, mut device) = ("", 0, (0, 0));
        let flag = match kind {
            EntryKind::File { content } => {
                size = as_i64(content.len());
                b'0'
            }
            EntryKind::HardLink { target } => {
                if !path::is_clean(target) {
                    return Err(LayerError::BadLink(entry.path.clone()));
                }
                link = target;
                b'1'
            }
            EntryKind::Symlink { target } => {
                if target.is_empty() || target.contains('\0') {
                    return Err(LayerError::BadLink(entry.path.clone()));
                }
                link = target;
                b'2'
            }
            EntryKind::CharDev { major, minor } => {
                device = (i64::from(*major), i64::from(*minor));
                b'3'
            }
            EntryKind::BlockDev { major, minor } => {
                device = (i64::from(*major), i64::from(*minor));
                b'4'
            }
            EntryKind::Dir => {
                name.push('/');
                b'5'
            }
            EntryKind::Fifo => b'6',
        };
        if !fits_octal(DEV_MAJOR, device.0) || !fits_octal(DEV_MINOR, device.1) {
            return Err(LayerError::BadDevice(entry.path.clone()));
        }
        let mut fields = Self { entry, flag, name, link, size, device, records: Records::new() };
        fields.collect_records()?;
        Ok(fields)
    }

    /// Go's `allowedFormats`, without the path, which USTAR may split.
    fn collect_records(&mut self) -> Result<(), LayerError> {
        let entry = self.entry;
        for (key, text, room) in [
            (pax::LINK_PATH, self.link, LINK_NAME),
            (pax::UNAME, entry.uname.as_str(), UNAME),
            (pax::GNAME, entry.gname.as_str(), GNAME),
        ] {
            if text.contains('\0') {
                return Err(LayerError::BadRecord(key.to_owned()));
            }
            if !is_ascii(text) || text.len() > room.size() {
                self.records.insert(key.to_owned(), text.as_bytes().to_vec());
            }
        }
        let numbers: [(&str, i64, Field); 4] = [
            (pax::UID, i64::from(entry.uid), UID),
            (pax::GID, i64::from(entry.gid), GID),
            (pax::SIZE, self.size, SIZE),
            (pax::MTIME, entry.mtime, MTIME),
        ];
        for (key, number, room) in numbers {
            if !fits_octal(room, number) {
                self.records.insert(key.to_owned(), number.to_string().into_bytes());
            }
        }
        for (name, value) in &entry.xattrs {
            let key = format!("{}{name}", pax::XATTR_PREFIX);
            if name.is_empty() || !pax::is_key(&key) {
                return Err(LayerError::BadRecord(key));
            }
            self.records.insert(key, value.clone());
        }
        if let Some(size) = entry.nominal_size {
            self.records.insert(NOMINAL_SIZE_RECORD.to_owned(), size.to_string().into_bytes());
        }
        Ok(())
    }

    /// Prefix and name, if USTAR can hold the path: Go's `splitUSTARPath`.
    fn ustar_name(&self) -> Option<(&str, &str)> {
        let name = self.name.as_str();
        if !is_ascii(name) {
            return None;
        }
        if name.len() <= NAME.size() {
            return Some(("", name));
        }
        let mut length = name.len();
        if length > PREFIX.size() + 1 {
            length = PREFIX.size() + 1;
        } else if name.ends_with('/') {
            length -= 1;
        }
        let slash = name.get(..length)?.rfind('/')?;
        let rest = name.get(slash + 1..)?;
        let fits = slash > 0 && !rest.is_empty() && rest.len() <= NAME.size() && slash <= PREFIX.size();
        fits.then_some((name.get(..slash)?, rest))
    }

    /// The header without prefix and checksum. What does not fit is cut: a record has it.
    fn header(&self, name: &[u8]) -> Header {
        let entry = self.entry;
        let mut header = Header::new();
        header.set(TYPE, &[self.flag]);
        header.set(NAME, name);
        header.set(LINK_NAME, &to_ascii(self.link));
        header.set_number(MODE, i64::from(entry.mode & 0o7777));
        header.set_number(UID, i64::from(entry.uid));
        header.set_number(GID, i64::from(entry.gid));
        header.set_number(SIZE, self.size);
        header.set_number(MTIME, entry.mtime);
        header.set(UNAME, &to_ascii(&entry.uname));
        header.set(GNAME, &to_ascii(&entry.gname));
        header.set_number(DEV_MAJOR, self.device.0);
        header.set_number(DEV_MINOR, self.device.1);
        header
    }
}
