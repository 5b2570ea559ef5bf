//! Files to be sent: made on the spot, and hashed again where they arrive.
//!
//! Used by the demo and the measurements. Reads and writes by parts, so that a file may be larger than the memory.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

/// Bytes read or written at a time.
pub const PART_BYTES: usize = 1 << 20;

/// Makes a file of bytes in which no part repeats, so that nothing can be right by chance; returns their hash.
///
/// # Errors
/// When it cannot be written.
pub fn make(path: &Path, bytes: u64) -> anyhow::Result<blake3::Hash> {
    let name = path.file_name().unwrap_or_default();
    let mut source = blake3::Hasher::new();
    let mut noise = source.update(name.as_encoded_bytes()).finalize_xof();
    let (mut out, mut hasher) = (BufWriter::new(File::create(path)?), blake3::Hasher::new());
    let (mut part, mut left) = (vec![0; PART_BYTES], bytes);
    while left > 0 {
        let count = usize::try_from(left).map_or(PART_BYTES, |left| left.min(PART_BYTES));
        let part = part.get_mut(..count).unwrap_or_default();
        noise.fill(part);
        hasher.update(part);
        out.write_all(part)?;
        left -= part.len() as u64;
    }
    out.into_inner()?.sync_all()?;
    Ok(hasher.finalize())
}

/// The hash of the bytes that lie there.
///
/// # Errors
/// When they cannot be read.
pub fn hash_of(path: &Path) -> anyhow::Result<blake3::Hash> {
    let (mut file, mut hasher) = (File::open(path)?, blake3::Hasher::new());
    let mut part = vec![0; PART_BYTES];
    loop {
        let count = file.read(&mut part)?;
        if count == 0 {
            return Ok(hasher.finalize());
        }
        hasher.update(part.get(..count).unwrap_or_default());
    }
}
