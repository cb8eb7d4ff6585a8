//! Why a layer could not be read or written.

use std::fmt;

use crate::gzip::GzipError;
use crate::zstd::ZstdError;

/// Why a layer could not be read or written. Go's wording where Go has the same error.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LayerError {
    /// A header is no tar header, or its checksum is wrong.
    InvalidHeader,
    /// The archive ends in the middle of an entry.
    Truncated,
    /// A path, or a hard link's target, leads out of the layer's root.
    Escapes(String),
    /// A path that cannot be: empty, with a NUL, or (when writing) not in normal form.
    BadPath(String),
    /// A name that is not UTF-8.
    NotUtf8,
    /// A link without target.
    BadLink(String),
    /// An extended attribute's name, or a PAX record, that cannot be.
    BadRecord(String),
    /// A device number that tar cannot hold.
    BadDevice(String),
    /// A kind of entry that is not supported: its type flag.
    UnsupportedType(String, u8),
    /// More bytes of content than allowed.
    TooLarge(u64),
    /// More entries than allowed.
    TooMany(u64),
    /// A path leads through something that is no directory.
    NotADirectory(String),
    /// A hard link to a file that is not there: its path and the target.
    NoLinkTarget(String, String),
    /// A path leads through too many symbolic links.
    TooManyLinks(String),
    /// The compression is damaged, or too much comes out.
    Gzip(GzipError),
    /// The same of zstd.
    Zstd(ZstdError),
}

impl fmt::Display for LayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidHeader => f.write_str("archive/tar: invalid tar header"),
            Self::Truncated => f.write_str("unexpected EOF"),
            Self::Escapes(path) => write!(f, "{path:?} is outside of the layer"),
            Self::BadPath(path) => write!(f, "invalid path {path:?}"),
            Self::NotUtf8 => f.write_str("a name is not UTF-8"),
            Self::BadLink(path) => write!(f, "link {path:?} has no target"),
            Self::BadRecord(key) => write!(f, "invalid PAX record {key:?}"),
            Self::BadDevice(path) => write!(f, "device number of {path:?} is too large"),
            Self::UnsupportedType(path, flag) => {
                write!(f, "unhandled tar header type {:?} of {path:?}", char::from(*flag))
            }
            Self::TooLarge(limit) => write!(f, "more than {limit} bytes"),
            Self::NotADirectory(path) => write!(f, "{path:?}: not a directory"),
            Self::NoLinkTarget(path, target) => write!(f, "link {path:?} {target:?}: no such file or directory"),
            Self::TooManyLinks(path) => write!(f, "{path:?}: too many levels of symbolic links"),
            Self::Gzip(error) => error.fmt(f),
            Self::Zstd(error) => error.fmt(f),
            Self::TooMany(limit) => write!(f, "more than {limit} entries"),
        }
    }
}

impl std::error::Error for LayerError {}
