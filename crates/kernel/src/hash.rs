//! The state digest: sha256 over a value's `Hash`, the same on every platform.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

/// A `Hasher` whose input does not depend on word size or byte order.
#[derive(Default)]
pub struct StateHasher(Sha256);

impl StateHasher {
    /// The sha256 of all that was written.
    pub fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl Hasher for StateHasher {
    /// The first eight bytes of the digest so far.
    fn finish(&self) -> u64 {
        let d: [u8; 32] = self.0.clone().finalize().into();
        u64::from_be_bytes([d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]])
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
    fn write_u16(&mut self, i: u16) {
        self.write(&i.to_le_bytes());
    }
    fn write_u32(&mut self, i: u32) {
        self.write(&i.to_le_bytes());
    }
    fn write_u64(&mut self, i: u64) {
        self.write(&i.to_le_bytes());
    }
    fn write_u128(&mut self, i: u128) {
        self.write(&i.to_le_bytes());
    }
    fn write_usize(&mut self, i: usize) {
        self.write_u64(i as u64);
    }
    fn write_isize(&mut self, i: isize) {
        self.write_u64(i as i64 as u64);
    }
}

/// sha256 over a value's `Hash`, in hex.
pub fn state_digest<T: Hash + ?Sized>(value: &T) -> String {
    let mut h = StateHasher::default();
    value.hash(&mut h);
    hex(&h.digest())
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut s = String::with_capacity(bytes.len() * 2);
    for b in bytes {
        s.push(char::from(DIGITS[usize::from(b >> 4)]));
        s.push(char::from(DIGITS[usize::from(b & 15)]));
    }
    s
}
