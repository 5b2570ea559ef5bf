//! Frames off a stream, one at a time, in bounded memory and bounded time.
//!
//! Called by `connection.rs` only. A frame's length is judged before any of it is kept, its buffer grows with the bytes
//! that arrive, and a frame once begun must be whole in time. Reading is not cancel-safe: a frame that was given up
//! half way ends the connection.

use crate::frame_memory::{FrameMemory, Reserved};
use hutong_common::codec::{self, CodecError, FRAME_HEADER_BYTES};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

/// Why there will be no further frame.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("nothing came for too long")]
    Silence,
    #[error("a frame came too slowly")]
    Slow,
    #[error(transparent)]
    Frame(#[from] CodecError),
    #[error("the stream broke: {0}")]
    Stream(#[from] io::Error),
}

/// What is asked of the next frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    /// Its largest length.
    pub(crate) bytes_max: usize,
    /// How long its first byte may be waited for.
    pub(crate) within: Duration,
    /// How long all the others may be waited for together.
    pub(crate) whole_within: Duration,
}

/// The next frame's payload and its part of the memory, or none at the end of the stream.
pub(crate) async fn read_frame(
    stream: &mut (impl AsyncRead + Unpin),
    expected: Expected,
    memory: &FrameMemory,
) -> Result<Option<(Vec<u8>, Reserved)>, FrameError> {
    let mut header = [0; FRAME_HEADER_BYTES];
    let begun = timeout(expected.within, stream.read(&mut header[..1])).await;
    if begun.map_err(|_| FrameError::Silence)?? == 0 {
        return Ok(None);
    }
    let whole = async {
        stream.read_exact(&mut header[1..]).await?;
        let len = codec::frame_len(header, expected.bytes_max)?;
        let reserved = memory.reserve(len).await;
        let mut payload = Vec::new();
        stream.take(len as u64).read_to_end(&mut payload).await?;
        if payload.len() < len {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok(Some((payload, reserved)))
    };
    let whole = timeout(expected.whole_within, whole).await;
    whole.map_err(|_| FrameError::Slow)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    const EXPECTED: Expected = Expected {
        bytes_max: 8,
        within: Duration::MAX,
        whole_within: Duration::MAX,
    };

    async fn read(mut bytes: &[u8]) -> Result<Option<Vec<u8>>, FrameError> {
        let frame = read_frame(&mut bytes, EXPECTED, &FrameMemory::default()).await?;
        Ok(frame.map(|(payload, _)| payload))
    }

    #[tokio::test]
    async fn frames_follow_one_another_until_the_end() {
        let bytes = [
            codec::frame(b"one"),
            codec::frame(b""),
            codec::frame(b"12345678"),
        ]
        .concat();
        let mut stream = &bytes[..];
        let mut payloads = Vec::new();
        let memory = FrameMemory::default();
        while let Some((payload, _)) = read_frame(&mut stream, EXPECTED, &memory).await.unwrap() {
            payloads.push(payload);
        }
        assert_eq!(payloads, [&b"one"[..], b"", b"12345678"]);
    }

    #[tokio::test]
    async fn a_frame_above_its_bound_is_refused_by_its_header_alone() {
        let refused = read(&9u32.to_be_bytes()).await.unwrap_err();
        assert!(matches!(
            refused,
            FrameError::Frame(CodecError::TooLarge { len: 9, max: 8 })
        ));
    }

    #[tokio::test]
    async fn a_frame_cut_short_is_an_error_and_no_frame() {
        for cut in [&b"\0\0"[..], b"\0\0\0\x05abcd"] {
            assert!(matches!(read(cut).await, Err(FrameError::Stream(_))));
        }
    }

    /// That a frame must be whole in time was promised and never tried: one byte a second, and each in good time by
    /// itself, would have kept a connection and its buffer.
    #[tokio::test]
    async fn a_frame_that_has_begun_and_does_not_end_is_given_up() {
        for begun in [&b"\0"[..], b"\0\0\0\x05abcd"] {
            let (mut client, mut server) = tokio::io::duplex(16);
            client.write_all(begun).await.unwrap();
            let expected = Expected {
                whole_within: Duration::ZERO,
                ..EXPECTED
            };
            let given_up = read_frame(&mut server, expected, &FrameMemory::default())
                .await
                .unwrap_err();
            assert!(matches!(given_up, FrameError::Slow), "{given_up}");
        }
    }

    #[tokio::test]
    async fn silence_is_noticed() {
        let (_client, mut server) = tokio::io::duplex(16);
        let expected = Expected {
            within: Duration::ZERO,
            ..EXPECTED
        };
        let given_up = read_frame(&mut server, expected, &FrameMemory::default())
            .await
            .unwrap_err();
        assert!(matches!(given_up, FrameError::Silence));
    }

    /// Connections without number, each with a frame of the largest size, took all the memory there was.
    #[tokio::test]
    async fn a_large_frame_waits_until_there_is_memory_and_a_small_one_never() {
        let len = 16 * 1024;
        let expected = Expected {
            bytes_max: len,
            ..EXPECTED
        };
        let memory = FrameMemory::of(len + 1024);
        let (large, small) = (codec::frame(&vec![7; len]), codec::frame(b"small"));
        let first = read_frame(&mut &large[..], expected, &memory)
            .await
            .unwrap();
        let impatient = Expected {
            whole_within: Duration::ZERO,
            ..expected
        };
        let second = read_frame(&mut &large[..], impatient, &memory).await;
        assert!(matches!(second, Err(FrameError::Slow)), "{second:?}");
        let other = read_frame(&mut &small[..], impatient, &memory).await;
        assert!(other.unwrap().is_some());
        drop(first);
        let second = read_frame(&mut &large[..], expected, &memory).await;
        assert_eq!(second.unwrap().unwrap().0.len(), len);
    }
}
