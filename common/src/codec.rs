//! Bytes to values and back: postcard bodies, and the length prefix of stream frames.
//!
//! postcard accepts trailing bytes; [`decode`] does not, so one value has no two ends. A frame's length is checked
//! against its bound before anything is allocated for it.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that are not what they were said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The bytes are not a value of the type.
    #[error("malformed bytes")]
    Malformed,
    /// A value, then something more.
    #[error("trailing bytes")]
    Trailing,
    /// A frame announces more than its connection allows.
    #[error("frame of {len} bytes exceeds {max}")]
    TooLarge {
        /// Announced length in bytes.
        len: usize,
        /// Largest length allowed now, in bytes.
        max: usize,
    },
}

/// The postcard encoding of `value`.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    // Into a growing vector, postcard fails only for types without a known length, which no wire type is.
    postcard::to_stdvec(value).unwrap_or_else(|_| unreachable!("wire types have known lengths"))
}

/// One value that fills `bytes` exactly.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    match decode_prefix(bytes)? {
        (value, []) => Ok(value),
        (_, _) => Err(CodecError::Trailing),
    }
}

/// One value from the front of `bytes`, and the rest.
pub fn decode_prefix<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, &[u8]), CodecError> {
    postcard::take_from_bytes(bytes).map_err(|_| CodecError::Malformed)
}

/// Bytes in front of every frame: its length, big-endian.
pub const FRAME_HEADER_BYTES: usize = 4;

/// `payload` with its length in front.
pub fn frame(payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(FRAME_HEADER_BYTES + payload.len());
    bytes.extend_from_slice(&len.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// The payload length that a frame header announces, if it is at most `max_bytes`.
pub fn frame_len(header: [u8; FRAME_HEADER_BYTES], max_bytes: usize) -> Result<usize, CodecError> {
    let len = u32::from_be_bytes(header) as usize;
    if len > max_bytes {
        Err(CodecError::TooLarge {
            len,
            max: max_bytes,
        })
    } else {
        Ok(len)
    }
}
