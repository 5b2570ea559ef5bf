//! The other thing that may come in at the control port: somebody who wants to join a relayed session.
//!
//! Called by `control.rs`. Only reads, bounded and in time; what is proved by it, and how it is answered, is decided elsewhere.

use hutong_common::relay_join::{JOIN_BYTES, MAGIC};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

/// Reads a whole join; none when these are other bytes.
///
/// # Errors
/// When the stream breaks, ends early or is not done `within` this time.
pub async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    within: Duration,
) -> io::Result<Option<[u8; JOIN_BYTES]>> {
    let whole = async {
        let mut join = [0; JOIN_BYTES];
        let (magic, rest) = join.split_at_mut(MAGIC.len());
        stream.read_exact(magic).await?;
        if *magic != MAGIC {
            return Ok(None);
        }
        stream.read_exact(rest).await?;
        Ok(Some(join))
    };
    timeout(within, whole).await?
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    async fn read_from(bytes: &[u8], within: Duration) -> io::Result<Option<[u8; JOIN_BYTES]>> {
        let (mut client, mut server) = tokio::io::duplex(256);
        client.write_all(bytes).await.unwrap();
        if within == Duration::MAX {
            client.shutdown().await.unwrap();
        }
        read(&mut server, within).await
    }

    #[tokio::test]
    async fn a_join_is_read_whole_and_other_bytes_are_none() {
        let join = [&MAGIC[..], &[7; JOIN_BYTES - MAGIC.len()]].concat();
        let read = read_from(&join, Duration::MAX).await.unwrap();
        assert_eq!(
            read.as_ref().map(<[u8; JOIN_BYTES]>::as_slice),
            Some(&*join)
        );
        let more = [&join[..], b"first bytes of a session"].concat();
        assert_eq!(read_from(&more, Duration::MAX).await.unwrap(), read);
        let other = [&b"HTTP"[..], &join[4..]].concat();
        assert_eq!(read_from(&other, Duration::MAX).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_join_that_ends_early_or_never_is_given_up() {
        let short = read_from(b"HTR1 and no more", Duration::MAX).await;
        assert_eq!(short.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        let slow = read_from(&MAGIC, Duration::ZERO).await;
        assert_eq!(slow.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
