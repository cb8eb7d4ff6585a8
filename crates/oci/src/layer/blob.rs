//! A layer as a blob: packed and compressed, and back.

use std::rc::Rc;

use super::{Entry, LayerError, Limits, read, write};
use crate::{Bytes, Descriptor, Digest, gzip, media_type, zstd};

/// A layer made here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Packed {
    /// Digest of the tar.
    pub diff_id: Digest,
    /// The tar.
    pub tar: Bytes,
    /// The tar in gzip: what registries and archives hold.
    pub blob: Bytes,
    /// Of the blob.
    pub descriptor: Descriptor,
}

/// Writes a layer and compresses it (once for the same content).
///
/// # Errors
/// As [`write`].
pub fn pack(entries: &[Entry]) -> Result<Packed, LayerError> {
    let tar = write(entries)?;
    let diff_id = Digest::of(&tar);
    let blob = gzip::compress_memo(&diff_id, &tar);
    let descriptor = Descriptor::of(media_type::OCI_LAYER_GZIP, &blob);
    Ok(Packed { diff_id, tar: Rc::new(tar), blob, descriptor })
}

/// The tar in a blob: plain, in gzip or in zstd.
///
/// # Errors
/// Damage, or more than `limit` bytes.
pub fn decompress(blob: &Bytes, limit: u64) -> Result<Bytes, LayerError> {
    if gzip::is_gzip(blob) {
        gzip::decompress(blob, limit).map(Rc::new).map_err(LayerError::Gzip)
    } else if zstd::is_zstd(blob) {
        zstd::decompress(blob, limit).map(Rc::new).map_err(LayerError::Zstd)
    } else {
        Ok(Rc::clone(blob))
    }
}

/// The diff ID and the entries of a blob, which may be compressed or not.
///
/// # Errors
/// As [`decompress`] and [`read`].
pub fn unpack(blob: &Bytes, limits: Limits) -> Result<(Digest, Vec<Entry>), LayerError> {
    let tar = decompress(blob, limits.bytes)?;
    Ok((Digest::of(&tar), read(&tar, limits)?))
}
