//! Bytes to keys.

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "keys")]
pub enum Key {
    Char(char),
    Ctrl(char),
    Alt(char),
    Enter,
    Backspace,
    Tab,
    BackTab,
    Up,
    Down,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Delete,
    PageUp,
    PageDown,
    PasteStart,
    PasteEnd,
    Unknown,
}

/// Bytes that wait to become keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Keys {
    bytes: Vec<u8>,
}

impl Keys {
    /// More bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether a whole key waits.
    pub fn has_pending(&self) -> bool {
        decode(&self.bytes).is_some()
    }

    /// Takes an escape character that came alone.
    pub fn take_escape(&mut self) -> bool {
        let alone = self.bytes == [0x1b];
        if alone {
            self.bytes.clear();
        }
        alone
    }

    /// The next key; `None` until its bytes are all here.
    #[allow(clippy::should_implement_trait, reason = "more may come after None")]
    pub fn next(&mut self) -> Option<Key> {
        let (key, n) = decode(&self.bytes)?;
        self.bytes.drain(..n);
        Some(key)
    }
}

fn decode(b: &[u8]) -> Option<(Key, usize)> {
    let first = *b.first()?;
    Some(match first {
        0x1b => return escape(b),
        b'\r' => (Key::Enter, 1),
        b'\t' => (Key::Tab, 1),
        0x7f | 0x08 => (Key::Backspace, 1),
        0..0x20 => (Key::Ctrl(char::from(first + 0x60 - if first > 26 { 0x20 } else { 0 })), 1),
        0x20..0x7f => (Key::Char(char::from(first)), 1),
        _ => {
            let want = match first {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => return Some((Key::Unknown, 1)),
            };
            let have = b.get(..want.min(b.len()))?;
            match std::str::from_utf8(have) {
                Ok(s) => (s.chars().next().map_or(Key::Unknown, Key::Char), want),
                Err(e) if e.error_len().is_none() && have.len() < want => return None,
                Err(_) => (Key::Unknown, 1),
            }
        }
    })
}

fn escape(b: &[u8]) -> Option<(Key, usize)> {
    Some(match *b.get(1)? {
        b'[' => {
            // Parameters, then a letter or a tilde.
            let end = 2 + b.get(2..)?.iter().position(|c| (0x40..0x7f).contains(c))?;
            let params = String::from_utf8_lossy(b.get(2..end)?).into_owned();
            let modified = params.contains(';');
            let key = match (b.get(end)?, params.split(';').next().unwrap_or("")) {
                (b'A', _) => Key::Up,
                (b'B', _) => Key::Down,
                (b'C', _) if modified => Key::WordRight,
                (b'D', _) if modified => Key::WordLeft,
                (b'C', _) => Key::Right,
                (b'D', _) => Key::Left,
                (b'H', _) | (b'~', "1" | "7") => Key::Home,
                (b'F', _) | (b'~', "4" | "8") => Key::End,
                (b'Z', _) => Key::BackTab,
                (b'~', "3") => Key::Delete,
                (b'~', "5") => Key::PageUp,
                (b'~', "6") => Key::PageDown,
                (b'~', "200") => Key::PasteStart,
                (b'~', "201") => Key::PasteEnd,
                _ => Key::Unknown,
            };
            (key, end + 1)
        }
        b'O' => {
            let key = match *b.get(2)? {
                b'A' => Key::Up,
                b'B' => Key::Down,
                b'C' => Key::Right,
                b'D' => Key::Left,
                b'H' => Key::Home,
                b'F' => Key::End,
                _ => Key::Unknown,
            };
            (key, 3)
        }
        0x1b => (Key::Unknown, 1),
        c if c < 0x80 => (Key::Alt(char::from(c).to_ascii_lowercase()), 2),
        _ => (Key::Unknown, 1),
    })
}
