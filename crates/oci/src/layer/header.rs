//! A tar header block: fields, numbers, checksum.

/// Bytes of a block.
pub(super) const BLOCK: usize = 512;

/// A field's place in a header.
#[derive(Clone, Copy)]
pub(super) struct Field(usize, usize);

impl Field {
    /// Room for bytes.
    pub(super) const fn size(self) -> usize {
        self.1
    }
}

pub(super) const NAME: Field = Field(0, 100);
pub(super) const MODE: Field = Field(100, 8);
pub(super) const UID: Field = Field(108, 8);
pub(super) const GID: Field = Field(116, 8);
pub(super) const SIZE: Field = Field(124, 12);
pub(super) const MTIME: Field = Field(136, 12);
pub(super) const CHECKSUM: Field = Field(148, 8);
pub(super) const TYPE: Field = Field(156, 1);
pub(super) const LINK_NAME: Field = Field(157, 100);
pub(super) const MAGIC: Field = Field(257, 8);
pub(super) const UNAME: Field = Field(265, 32);
pub(super) const GNAME: Field = Field(297, 32);
pub(super) const DEV_MAJOR: Field = Field(329, 8);
pub(super) const DEV_MINOR: Field = Field(337, 8);
pub(super) const PREFIX: Field = Field(345, 155);

/// `ustar`, NUL, version `00`.
pub(super) const USTAR_MAGIC: &[u8; 8] = b"ustar\x0000";

/// A header under construction or being read.
pub(super) struct Header([u8; BLOCK]);

impl Header {
    pub(super) fn new() -> Self {
        Self([0; BLOCK])
    }

    /// The block at an offset; `None` past the end.
    pub(super) fn at(bytes: &[u8], offset: usize) -> Option<Self> {
        let block = bytes.get(offset..offset.checked_add(BLOCK)?)?;
        Some(Self(block.try_into().ok()?))
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.iter().all(|&b| b == 0)
    }

    pub(super) fn bytes(&self) -> &[u8; BLOCK] {
        &self.0
    }

    pub(super) fn get(&self, field: Field) -> &[u8] {
        self.0.get(field.0..field.0 + field.1).unwrap_or_default()
    }

    /// A text up to its NUL.
    pub(super) fn text(&self, field: Field) -> &[u8] {
        self.get(field).split(|&b| b == 0).next().unwrap_or_default()
    }

    /// Go's `formatString`: cut off if too long; a cut that ends in `/` loses it, because old
    /// readers would take the file for a directory.
    pub(super) fn set(&mut self, field: Field, text: &[u8]) {
        let Some(room) = self.0.get_mut(field.0..field.0 + field.1) else {
            return;
        };
        let mut cut = text.get(..room.len()).unwrap_or(text);
        if text.len() > room.len() {
            while let Some(shorter) = cut.strip_suffix(b"/") {
                cut = shorter;
            }
        }
        for (to, from) in room.iter_mut().zip(cut) {
            *to = *from;
        }
    }

    /// Go's `formatOctal`: zero where the number does not fit (a PAX record has it then).
    pub(super) fn set_number(&mut self, field: Field, number: i64) {
        let number = if fits_octal(field, number) { number } else { 0 };
        let width = field.1 - 1;
        self.set(field, format!("{number:0width$o}").as_bytes());
    }

    /// An octal number, or a big-endian one with the top bit set (GNU). `None`: neither.
    pub(super) fn number(&self, field: Field) -> Option<i64> {
        let bytes = self.get(field);
        match bytes.first() {
            Some(&first) if first & 0x80 != 0 => base256(bytes),
            _ => octal(bytes),
        }
    }

    /// Sets magic and checksum: the last step.
    pub(super) fn seal(&mut self) {
        self.set(MAGIC, USTAR_MAGIC);
        let sum = self.sum().0;
        self.set(CHECKSUM, format!("{sum:06o}\0 ").as_bytes());
    }

    /// Whether the checksum fits, as unsigned or (old writers) as signed bytes.
    pub(super) fn checksum_fits(&self) -> bool {
        let (unsigned, signed) = self.sum();
        octal(self.get(CHECKSUM)).is_some_and(|sum| sum == unsigned || sum == signed)
    }

    fn sum(&self) -> (i64, i64) {
        let mut sums = (0, 0);
        for (at, &byte) in self.0.iter().enumerate() {
            let in_checksum = (CHECKSUM.0..CHECKSUM.0 + CHECKSUM.1).contains(&at);
            let byte = if in_checksum { b' ' } else { byte };
            sums.0 += i64::from(byte);
            sums.1 += i64::from(byte.cast_signed());
        }
        sums
    }
}

/// Whether a number fits a field in octal with its final NUL.
pub(super) fn fits_octal(field: Field, number: i64) -> bool {
    let bits = (field.1.saturating_sub(1)) * 3;
    number >= 0 && (bits >= 63 || number < 1 << bits)
}

fn octal(bytes: &[u8]) -> Option<i64> {
    let blank = |b: &u8| *b == b' ' || *b == 0;
    let start = bytes.iter().position(|b| !blank(b)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|b| !blank(b)).map_or(start, |last| last + 1);
    let digits = bytes.get(start..end)?.split(|&b| b == 0).next()?;
    let mut value: i64 = 0;
    for digit in digits {
        let digit = char::from(*digit).to_digit(8)?;
        value = value.checked_mul(8)?.checked_add(i64::from(digit))?;
    }
    Some(value)
}

/// Two's complement; the top bit of the first byte is the mark, the next one the sign.
fn base256(bytes: &[u8]) -> Option<i64> {
    let first = *bytes.first()?;
    let negative = first & 0x40 != 0;
    let mut value: i128 = if negative { -1 } else { 0 };
    for (at, &byte) in bytes.iter().enumerate() {
        let byte = if at == 0 { if negative { byte | 0x80 } else { byte & 0x7f } } else { byte };
        value = value << 8 | i128::from(byte);
    }
    i64::try_from(value).ok()
}
