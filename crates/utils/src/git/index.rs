//! The index (`.git/index`, version 2): what the next commit holds.

use layerlab_kernel::Stat;

use super::fail::{Git, at, fatal};
use super::repo::Repo;
use super::sha1;
use super::store::{bytes, hex};

/// A file in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Relative to the work tree.
    pub(super) path: String,
    /// `0o100644`, `0o100755`, `0o120000`.
    pub(super) mode: u32,
    /// The blob.
    pub(super) oid: String,
    /// 0, or 1 to 3 in a conflict: base, ours, theirs.
    pub(super) stage: u8,
    /// ctime, mtime (each with nanoseconds), device, inode, owner, group, size.
    pub(super) stat: [u32; 9],
}

impl Entry {
    /// Of a file as it is.
    pub(super) fn new(path: &str, mode: u32, oid: &str, s: Option<&Stat>) -> Self {
        Self { path: path.to_owned(), mode, oid: oid.to_owned(), stage: 0, stat: s.map_or([0; 9], numbers) }
    }
}

/// What the index keeps of a file's status.
pub(super) fn numbers(s: &Stat) -> [u32; 9] {
    let (sec, nsec) = (s.mtime as u32, s.mtime_nsec);
    [sec, nsec, sec, nsec, s.dev as u32, s.ino as u32, s.uid, s.gid, s.size as u32]
}

impl Repo {
    /// Reads the index; none is an empty one.
    pub(super) async fn index(&self) -> Git<Vec<Entry>> {
        let Ok(data) = self.sys.read_file(&format!("{}/index", self.git)).await else { return Ok(Vec::new()) };
        match parse(&data) {
            Some(all) => Ok(all),
            None => fatal("index file corrupt"),
        }
    }

    /// Writes it.
    pub(super) async fn write_index(&self, entries: &[Entry]) -> Git<()> {
        let mut all: Vec<&Entry> = entries.iter().collect();
        all.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()).then(a.stage.cmp(&b.stage)));
        let mut out = b"DIRC\0\0\0\x02".to_vec();
        out.extend((all.len() as u32).to_be_bytes());
        for e in all {
            let start = out.len();
            let [c, cn, m, mn, dev, ino, uid, gid, size] = e.stat;
            for n in [c, cn, m, mn, dev, ino, e.mode, uid, gid, size] {
                out.extend(n.to_be_bytes());
            }
            out.extend(bytes(&e.oid));
            let flags = u16::from(e.stage) << 12 | (e.path.len().min(0xfff) as u16);
            out.extend(flags.to_be_bytes());
            out.extend(e.path.as_bytes());
            let pad = 8 - (out.len() - start) % 8;
            out.extend(std::iter::repeat_n(0, pad));
        }
        let sum = sha1::digest(&out);
        out.extend(sum);
        let path = format!("{}/index", self.git);
        self.sys.write_file(&path, out, 0o644).await.map_err(at(&path))
    }
}

fn parse(data: &[u8]) -> Option<Vec<Entry>> {
    let be = |at: usize| data.get(at..at + 4).map(|b| b.iter().fold(0u32, |n, x| n << 8 | u32::from(*x)));
    let version = be(4)?;
    if !data.starts_with(b"DIRC") || !(2..=3).contains(&version) {
        return None;
    }
    let (mut out, mut at) = (Vec::new(), 12);
    for _ in 0..be(8)? {
        let n = |i: usize| be(at + 4 * i);
        let stat = [n(0)?, n(1)?, n(2)?, n(3)?, n(4)?, n(5)?, n(7)?, n(8)?, n(9)?];
        let (mode, oid) = (n(6)?, hex(data.get(at + 40..at + 60)?));
        let flags = data.get(at + 60..at + 62).map(|b| u16::from(b[0]) << 8 | u16::from(b[1]))?;
        let name = at + if flags & 0x4000 != 0 { 64 } else { 62 };
        let len = data.get(name..)?.iter().position(|b| *b == 0)?;
        let path = String::from_utf8_lossy(data.get(name..name + len)?).into_owned();
        out.push(Entry { path, mode, oid, stage: (flags >> 12 & 3) as u8, stat });
        let used = name + len - at;
        at += used + 8 - used % 8;
    }
    Some(out)
}
