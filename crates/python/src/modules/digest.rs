//! Hashes for `hashlib`: SHA-2 from its crate; SHA-1 and MD5 (RFC 3174, RFC 1321), which nothing else here needs, are short.

use crate::types::arg;
use crate::vm::start::Registry;
use sha2::Digest;

/// The message, a one bit, zeros, and its length in bits.
fn padded(data: &[u8], length: [u8; 8]) -> Vec<u8> {
    let mut m = data.to_vec();
    m.push(0x80);
    while m.len() % 64 != 56 {
        m.push(0);
    }
    m.extend(length);
    m
}

fn bits(data: &[u8]) -> u64 {
    (data.len() as u64).wrapping_mul(8)
}

fn sha1(data: &[u8]) -> Vec<u8> {
    let mut h: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(data, bits(data).to_be_bytes()).chunks_exact(64) {
        let mut w: Vec<u32> = block.chunks_exact(4).map(|c| c.iter().fold(0, |n, b| n << 8 | u32::from(*b))).collect();
        for i in 16..80 {
            let next = (w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16]).rotate_left(1);
            w.push(next);
        }
        let [mut a, mut b, mut c, mut d, mut e] = h;
        for (i, word) in w.iter().enumerate() {
            let (f, k) = match i {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999u32),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let t = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, t);
        }
        for (x, y) in h.iter_mut().zip([a, b, c, d, e]) {
            *x = x.wrapping_add(y);
        }
    }
    h.iter().flat_map(|x| x.to_be_bytes()).collect()
}

fn md5(data: &[u8]) -> Vec<u8> {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut h: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(data, bits(data).to_le_bytes()).chunks_exact(64) {
        let w: Vec<u32> =
            block.chunks_exact(4).map(|c| c.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b))).collect();
        let [mut a, mut b, mut c, mut d] = h;
        for i in 0..64usize {
            let (f, g) = match i / 16 {
                0 => ((b & c) | (!b & d), i),
                1 => ((d & b) | (!d & c), (5 * i + 1) % 16),
                2 => (b ^ c ^ d, (3 * i + 5) % 16),
                _ => (c ^ (b | !d), (7 * i) % 16),
            };
            let k = (libm::fabs(libm::sin((i + 1) as f64)) * 4_294_967_296.0) as u32;
            let t = a.wrapping_add(f).wrapping_add(k).wrapping_add(w[g]);
            (a, d, c, b) = (d, c, b, b.wrapping_add(t.rotate_left(SHIFTS[i / 16][i % 4])));
        }
        for (x, y) in h.iter_mut().zip([a, b, c, d]) {
            *x = x.wrapping_add(y);
        }
    }
    h.iter().flat_map(|x| x.to_le_bytes()).collect()
}

pub(super) fn register(reg: &mut Registry) {
    reg.func("_hash", "digest", 2, 2, |vm, a| {
        let name = vm.want_str(arg(a, 0), "name")?.to_string();
        let data = vm.want_bytes(arg(a, 1))?;
        vm.fuel = vm.fuel.saturating_sub(data.len() as u64 / 16);
        let out = match name.as_str() {
            "md5" => md5(&data),
            "sha1" => sha1(&data),
            "sha224" => sha2::Sha224::digest(&data).to_vec(),
            "sha384" => sha2::Sha384::digest(&data).to_vec(),
            "sha512" => sha2::Sha512::digest(&data).to_vec(),
            _ => sha2::Sha256::digest(&data).to_vec(),
        };
        Ok(vm.bytes(out))
    });
}
