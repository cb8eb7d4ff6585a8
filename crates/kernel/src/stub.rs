//! Executables of the simulated machine: tiny real ELF files whose last line names the program that
//! they stand for. Run on a real x86-64 Linux they say what they are and exit 127.

const MARKER: &[u8] = b"\nlayerlab-program: ";
const LOAD: u64 = 0x40_0000;
const HEADERS: usize = 64 + 56;

/// The bytes of an executable that stands for `program`; `variant` is handed to it
/// ([`crate::ProgramArgs::variant`]).
pub fn executable(program: &str, variant: &str) -> Vec<u8> {
    let message = format!("{program}: a stand-in from Layerlab's simulated machine; it runs only there\n");
    // write(2, message, length); exit(127)
    let mut code = vec![0xb8, 1, 0, 0, 0, 0xbf, 2, 0, 0, 0, 0x48, 0x8d, 0x35, 19, 0, 0, 0, 0xba];
    code.extend((message.len() as u32).to_le_bytes());
    code.extend([0x0f, 5, 0xb8, 0x3c, 0, 0, 0, 0xbf, 0x7f, 0, 0, 0, 0x0f, 5]);
    let mut elf = Vec::new();
    elf.extend(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    elf.extend([2, 0, 0x3e, 0, 1, 0, 0, 0]); // executable, x86-64, version 1
    elf.extend((LOAD + HEADERS as u64).to_le_bytes()); // entry
    elf.extend(64u64.to_le_bytes()); // program headers
    elf.extend(0u64.to_le_bytes()); // no sections
    elf.extend(0u32.to_le_bytes());
    elf.extend([64, 0, 56, 0, 1, 0, 64, 0, 0, 0, 0, 0]);
    let total = (HEADERS + code.len() + message.len()) as u64;
    elf.extend([1, 0, 0, 0, 5, 0, 0, 0]); // PT_LOAD, read and execute
    elf.extend(0u64.to_le_bytes());
    elf.extend(LOAD.to_le_bytes());
    elf.extend(LOAD.to_le_bytes());
    elf.extend(total.to_le_bytes());
    elf.extend(total.to_le_bytes());
    elf.extend(0x1000u64.to_le_bytes());
    elf.extend(code);
    elf.extend(message.as_bytes());
    elf.extend(MARKER);
    elf.extend(format!("{program} {variant}\n").as_bytes());
    elf
}

/// ELF's number of the 64-bit ARM architecture.
const AARCH64: u8 = 0xb7;

/// The same executable for a 64-bit ARM machine; none if these bytes are no executable of ours.
pub fn for_aarch64(content: &[u8]) -> Option<Vec<u8>> {
    let (program, variant) = parse(content)?;
    let message = format!("{program}: a stand-in from Layerlab's simulated machine; it runs only there\n");
    // write(2, message, length); exit(127): each instruction is four bytes.
    let length = 0xd280_0002 | (message.len() as u32) << 5; // mov x2, #length
    let code: [u32; 8] =
        [0xd280_0040, 0x1000_00e1, length, 0xd280_0808, 0xd400_0001, 0xd280_0fe0, 0xd280_0ba8, 0xd400_0001];
    let total = (HEADERS + code.len() * 4 + message.len()) as u64;
    let mut elf = content.get(..HEADERS)?.to_vec();
    *elf.get_mut(18)? = AARCH64;
    for at in [HEADERS - 24, HEADERS - 16] {
        elf.get_mut(at..at + 8)?.copy_from_slice(&total.to_le_bytes());
    }
    elf.extend(code.iter().flat_map(|i| i.to_le_bytes()));
    elf.extend(message.as_bytes());
    elf.extend(MARKER);
    elf.extend(format!("{program} {variant}\n").as_bytes());
    Some(elf)
}

/// What `uname -m` says to a process that runs these bytes: a foreign one is emulated.
pub fn machine(content: &[u8]) -> &'static str {
    let is_arm = content.starts_with(b"\x7fELF") && content.get(18) == Some(&AARCH64);
    if is_arm { "aarch64" } else { "x86_64" }
}

/// The program and variant that an executable's bytes name.
pub fn parse(content: &[u8]) -> Option<(String, String)> {
    if !content.starts_with(b"\x7fELF") || content.len() > 4096 {
        return None;
    }
    let at = content.windows(MARKER.len()).rposition(|w| w == MARKER)? + MARKER.len();
    let line = std::str::from_utf8(&content[at..]).ok()?.trim_end_matches('\n');
    let (program, variant) = line.split_once(' ').unwrap_or((line, ""));
    Some((program.to_owned(), variant.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_program_for_another_machine() {
        let own = executable("busybox", "1.37");
        let arm = for_aarch64(&own).unwrap();
        assert_eq!(parse(&arm), parse(&own));
        assert_eq!((machine(&own), machine(&arm), machine(b"#!/bin/sh\n")), ("x86_64", "aarch64", "x86_64"));
        // What adr finds is the message: seven instructions behind it.
        let code = HEADERS + 8 * 4;
        assert!(arm[code..].starts_with(b"busybox: a stand-in"));
        assert_eq!(for_aarch64(b"text"), None);
    }
}
