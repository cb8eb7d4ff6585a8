//! Keys from a terminal's bytes.

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Ctrl(char),
    Esc,
    Enter,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

const SEQUENCES: &[(&[u8], Key)] = &[
    (b"\x1b[A", Key::Up),
    (b"\x1b[B", Key::Down),
    (b"\x1b[C", Key::Right),
    (b"\x1b[D", Key::Left),
    (b"\x1bOA", Key::Up),
    (b"\x1bOB", Key::Down),
    (b"\x1bOC", Key::Right),
    (b"\x1bOD", Key::Left),
    (b"\x1b[H", Key::Home),
    (b"\x1bOH", Key::Home),
    (b"\x1b[1~", Key::Home),
    (b"\x1b[F", Key::End),
    (b"\x1bOF", Key::End),
    (b"\x1b[4~", Key::End),
    (b"\x1b[3~", Key::Delete),
    (b"\x1b[5~", Key::PageUp),
    (b"\x1b[6~", Key::PageDown),
];

/// Takes the keys out of what was read; half a character stays.
pub(super) fn take(bytes: &mut Vec<u8>) -> Vec<Key> {
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        let rest = &bytes[i..];
        let (key, n) = match b {
            27 => match SEQUENCES.iter().find(|(s, _)| rest.starts_with(s)) {
                Some((s, k)) => (Some(*k), s.len()),
                None => (Some(Key::Esc), 1),
            },
            b'\r' | b'\n' => (Some(Key::Enter), 1),
            8 | 127 => (Some(Key::Backspace), 1),
            b'\t' => (Some(Key::Char('\t')), 1),
            0..32 => (Some(Key::Ctrl(char::from(b + 64))), 1),
            _ => {
                let n = match b {
                    0..0xc0 => 1,
                    0xc0..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    0xf0.. => 4,
                };
                let Some(part) = rest.get(..n) else { break };
                (std::str::from_utf8(part).ok().and_then(|t| t.chars().next()).map(Key::Char), n)
            }
        };
        out.extend(key);
        i += n;
    }
    bytes.drain(..i);
    out
}
