//! Content digests. Only sha256, which is the only algorithm that Docker writes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A sha256 digest, shown as `sha256:<64 hex digits>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest whose raw bytes are known.
    #[must_use]
    pub const fn from_raw(raw: [u8; 32]) -> Self {
        Self(raw)
    }

    /// The 32 raw bytes.
    #[must_use]
    pub const fn raw(&self) -> &[u8; 32] {
        &self.0
    }

    /// All 64 hexadecimal digits, without the algorithm.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// The first 12 hexadecimal digits: Docker's short ID.
    #[must_use]
    pub fn short(&self) -> String {
        hex(self.0.get(..6).unwrap_or_default())
    }

    /// Reads 64 lower-case hexadecimal digits (a blob's file name, an image ID).
    ///
    /// # Errors
    /// Another length or another character.
    pub fn from_hex(text: &str) -> Result<Self, DigestError> {
        if text.len() != 64 {
            return Err(DigestError::InvalidLength);
        }
        let mut raw = [0; 32];
        for (byte, pair) in raw.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let (high, low) = (hex_value(pair.first()), hex_value(pair.get(1)));
            match (high, low) {
                (Some(high), Some(low)) => *byte = high << 4 | low,
                _ => return Err(DigestError::InvalidFormat),
            }
        }
        Ok(Self(raw))
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

fn hex_value(digit: Option<&u8>) -> Option<u8> {
    match digit? {
        d @ b'0'..=b'9' => Some(d - b'0'),
        d @ b'a'..=b'f' => Some(d - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no digest. The wording is that of Go's `opencontainers/go-digest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestError {
    /// Not `algorithm:hex`.
    InvalidFormat,
    /// The wrong number of digits for the algorithm.
    InvalidLength,
    /// An algorithm other than sha256.
    Unsupported,
}

impl fmt::Display for DigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidFormat => "invalid checksum digest format",
            Self::InvalidLength => "invalid checksum digest length",
            Self::Unsupported => "unsupported digest algorithm",
        })
    }
}

impl std::error::Error for DigestError {}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let (algorithm, encoded) = text.split_once(':').ok_or(DigestError::InvalidFormat)?;
        if algorithm.is_empty() || encoded.is_empty() {
            return Err(DigestError::InvalidFormat);
        }
        if algorithm == "sha256" {
            return Self::from_hex(encoded);
        }
        // go-digest's pattern for algorithms that nobody registered.
        let known_form = algorithm
            .split(['.', '+', '_', '-'])
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
            && encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"=_-".contains(&b));
        Err(if known_form { DigestError::Unsupported } else { DigestError::InvalidFormat })
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_of_nothing_is_the_known_one() {
        let digest = Digest::of(b"");
        assert_eq!(digest.to_string(), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(digest.short(), "e3b0c44298fc");
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }

    #[test]
    fn refuses_what_go_digest_refuses() {
        let cases = [
            ("", DigestError::InvalidFormat),
            ("sha256", DigestError::InvalidFormat),
            ("sha256:", DigestError::InvalidFormat),
            (":abc", DigestError::InvalidFormat),
            ("sha256:abcdef0123456789", DigestError::InvalidLength),
            ("sha256:d41d8cd98f00b204e9800m98ecf8427e", DigestError::InvalidLength),
            ("sha256:E58FCF7418D4390DEC8E8FB69D88C06EC07039D651FEDD3AA72AF9972E7D046B", DigestError::InvalidFormat),
            ("bean:0123456789abcdef", DigestError::Unsupported),
            ("foo+bar:0123456789abcdef", DigestError::Unsupported),
            ("Foo:0123456789abcdef", DigestError::InvalidFormat),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<Digest>(), Err(error), "{text}");
        }
    }
}
