//! A member of an archive, as it is read.

use std::io::Read;

use ::tar::{Archive, EntryType};

use crate::cli::zone::Zone;

pub(super) struct Member {
    pub(super) name: String,
    pub(super) kind: EntryType,
    pub(super) mode: u32,
    pub(super) owner: (u32, u32),
    /// Owner's and group's names where the archive has them.
    pub(super) names: (Option<String>, Option<String>),
    pub(super) mtime: i64,
    pub(super) size: u64,
    pub(super) link: Option<String>,
    pub(super) device: (u32, u32),
    pub(super) content: Vec<u8>,
    /// Where its headers and content lie in the archive.
    pub(super) span: (usize, usize),
}

/// All members; an error where it is no archive, or ends early.
pub(super) fn members(bytes: &[u8]) -> (Vec<Member>, bool) {
    let mut all: Vec<Member> = Vec::new();
    let mut archive = Archive::new(bytes);
    let Ok(entries) = archive.entries() else { return (all, false) };
    for entry in entries {
        let Ok(mut e) = entry else { return (all, false) };
        let mut content = Vec::new();
        if e.read_to_end(&mut content).is_err() {
            return (all, false);
        }
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let start = all.last().map_or(0, |m| m.span.1);
        let end = (e.raw_file_position() + e.size()).next_multiple_of(512) as usize;
        let h = e.header();
        let named = |n: Option<&str>| n.filter(|n| !n.is_empty()).map(str::to_owned);
        all.push(Member {
            name: text(&e.path_bytes()),
            kind: h.entry_type(),
            mode: h.mode().unwrap_or(0o644) & 0o7777,
            owner: (h.uid().unwrap_or(0) as u32, h.gid().unwrap_or(0) as u32),
            names: (named(h.username().ok().flatten()), named(h.groupname().ok().flatten())),
            mtime: h.mtime().unwrap_or(0) as i64,
            size: h.size().unwrap_or(0),
            link: e.link_name_bytes().map(|l| text(&l)),
            device: (h.device_major().ok().flatten().unwrap_or(0), h.device_minor().ok().flatten().unwrap_or(0)),
            content,
            span: (start, end),
        });
    }
    (all, true)
}

impl Member {
    /// A line of `-tv`; `width` is that of owner and size so far.
    pub(super) fn long(&self, shown: &str, width: &mut usize, numeric: bool, full: bool, zone: &Zone) -> String {
        let kind = match self.kind {
            EntryType::Directory => 'd',
            EntryType::Symlink => 'l',
            EntryType::Link => 'h',
            EntryType::Fifo => 'p',
            EntryType::Char => 'c',
            EntryType::Block => 'b',
            _ => '-',
        };
        let bit = |i: usize| self.mode >> (8 - i) & 1 == 1;
        let mut bits: Vec<char> = (0..9).map(|i| if bit(i) { ['r', 'w', 'x'][i % 3] } else { '-' }).collect();
        for (flag, at, set, unset) in [(0o4000, 2, 's', 'S'), (0o2000, 5, 's', 'S'), (0o1000, 8, 't', 'T')] {
            if self.mode & flag > 0 {
                bits[at] = if bit(at) { set } else { unset };
            }
        }
        let bits: String = bits.into_iter().collect();
        let name = |n: &Option<String>, id: u32| n.clone().filter(|_| !numeric).unwrap_or_else(|| id.to_string());
        let owner = format!("{}/{}", name(&self.names.0, self.owner.0), name(&self.names.1, self.owner.1));
        let size = match self.kind {
            EntryType::Char | EntryType::Block => format!("{},{}", self.device.0, self.device.1),
            _ => self.size.to_string(),
        };
        *width = (*width).max(owner.len() + size.len() + 1);
        let pad = *width - owner.len();
        let date = zone.format(if full { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d %H:%M" }, self.mtime, 0);
        let link = match (&self.link, self.kind) {
            (Some(l), EntryType::Symlink) => format!(" -> {l}"),
            (Some(l), EntryType::Link) => format!(" link to {l}"),
            _ => String::new(),
        };
        format!("{kind}{bits} {owner}{size:>pad$} {date} {shown}{link}")
    }
}
