//! The bytes of `cpio` archives: old binary, POSIX's octal (`odc`), SVR4's hexadecimal (`newc`, `crc`).

/// The name of the member that ends an archive.
pub(super) const END: &str = "TRAILER!!!";

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Binary,
    Odc,
    Newc,
    Crc,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) inode: u32,
    /// Kind and permissions.
    pub(super) mode: u32,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) links: u32,
    pub(super) mtime: u32,
    pub(super) content: Vec<u8>,
}

/// Appends a member.
pub(super) fn write(out: &mut Vec<u8>, kind: Kind, m: &Member) {
    let (name, size) = (m.name.len() + 1, m.content.len());
    match kind {
        Kind::Binary => {
            let halves = |n: usize| [(n >> 16) as u16, n as u16];
            let ([t1, t2], [s1, s2]) = (halves(m.mtime as usize), halves(size));
            let words = [
                0o070_707,
                0,
                m.inode as u16,
                m.mode as u16,
                m.uid as u16,
                m.gid as u16,
                m.links as u16,
                0,
                t1,
                t2,
                name as u16,
                s1,
                s2,
            ];
            out.extend(words.iter().flat_map(|w| w.to_le_bytes()));
        }
        Kind::Odc => {
            let small = [0, m.inode & 0o777_777, m.mode, m.uid, m.gid, m.links, 0];
            out.extend_from_slice(b"070707");
            out.extend(small.iter().flat_map(|n| format!("{n:06o}").into_bytes()));
            out.extend(format!("{:011o}{name:06o}{size:011o}", m.mtime).into_bytes());
        }
        Kind::Newc | Kind::Crc => {
            let sum =
                if kind == Kind::Crc { m.content.iter().fold(0u32, |s, b| s.wrapping_add(u32::from(*b))) } else { 0 };
            out.extend_from_slice(if kind == Kind::Crc { b"070702" } else { b"070701" });
            let numbers = [m.inode, m.mode, m.uid, m.gid, m.links, m.mtime, size as u32, 0, 0, 0, 0, name as u32, sum];
            out.extend(numbers.iter().flat_map(|n| format!("{n:08X}").into_bytes()));
        }
    }
    let start = out.len();
    let align = match kind {
        Kind::Binary => 2,
        Kind::Odc => 1,
        Kind::Newc | Kind::Crc => 4,
    };
    out.extend_from_slice(m.name.as_bytes());
    out.push(0);
    // The header of SVR4's is 110 bytes long, so that name and header are padded together.
    let header = if align == 4 { 110 } else { 0 };
    while !(out.len() - start + header).is_multiple_of(align) {
        out.push(0);
    }
    out.extend_from_slice(&m.content);
    out.resize(out.len() + size.next_multiple_of(align) - size, 0);
}

/// Reads the next member; `None` at the end.
pub(super) fn read(bytes: &[u8], at: &mut usize) -> Result<Option<Member>, String> {
    let rest = bytes.get(*at..).unwrap_or_default();
    let short = || "premature end of archive".to_owned();
    let text = |from: usize, len: usize, radix: u32| {
        let t = rest.get(from..from + len).ok_or_else(short)?;
        let t = std::str::from_utf8(t).map_err(|_| "Malformed number".to_owned())?;
        u32::from_str_radix(t, radix).map_err(|_| format!("Malformed number {t}"))
    };
    let mut m = Member::default();
    let (header, name, size, align);
    if rest.starts_with(b"070701") || rest.starts_with(b"070702") {
        let field = |n: usize| text(6 + n * 8, 8, 16);
        (m.inode, m.mode, m.uid, m.gid, m.links, m.mtime) =
            (field(0)?, field(1)?, field(2)?, field(3)?, field(4)?, field(5)?);
        (header, name, size, align) = (110, field(11)? as usize, field(6)? as usize, 4);
    } else if rest.starts_with(b"070707") {
        let field = |n: usize| text(6 + n * 6, 6, 8);
        (m.inode, m.mode, m.uid, m.gid, m.links) = (field(1)?, field(2)?, field(3)?, field(4)?, field(5)?);
        m.mtime = text(48, 11, 8)?;
        (header, name, size, align) = (76, text(59, 6, 8)? as usize, text(65, 11, 8)? as usize, 1);
    } else if rest.starts_with(&0o070_707u16.to_le_bytes()) {
        let word = |n: usize| match rest.get(n * 2..n * 2 + 2) {
            Some([a, b]) => Ok(u32::from(u16::from_le_bytes([*a, *b]))),
            _ => Err(short()),
        };
        (m.inode, m.mode, m.uid, m.gid, m.links) = (word(2)?, word(3)?, word(4)?, word(5)?, word(6)?);
        m.mtime = word(8)? << 16 | word(9)?;
        (header, name, size, align) = (26, word(10)? as usize, (word(11)? << 16 | word(12)?) as usize, 2);
    } else {
        return Err(short());
    }
    let start = if align == 1 { header + name } else { (header + name).next_multiple_of(align) };
    let named = rest.get(header..(header + name).saturating_sub(1)).ok_or_else(short)?;
    m.name = String::from_utf8_lossy(named).into_owned();
    m.content = rest.get(start..start + size).ok_or_else(short)?.to_vec();
    *at += (start + size.next_multiple_of(align)).min(rest.len());
    Ok((m.name != END).then_some(m))
}
