//! The rate limit of transfers: each piece waits until the ones before have used up their time.
//!
//! Used by the network tasks of uploads and downloads; without a limit it costs nothing.

use hutong_common::limits::FILE_BATCH_BYTES;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How many pieces a second a limited transfer is cut into, at least.
const PIECES_PER_SECOND: u64 = 8;

/// A rate that all transfers of one direction share; clones are the same one.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Pace {
    bytes_per_second: Option<u64>,
    free_at: Arc<Mutex<Option<Instant>>>,
}

impl Pace {
    pub(in crate::engine) fn new(bytes_per_second: Option<u64>) -> Self {
        Self {
            bytes_per_second: bytes_per_second.map(|rate| rate.max(PIECES_PER_SECOND)),
            free_at: Arc::default(),
        }
    }

    /// Largest piece to be moved between two waits.
    pub(super) fn piece_bytes(&self) -> usize {
        let piece = self
            .bytes_per_second
            .map_or(u64::MAX, |rate| rate / PIECES_PER_SECOND);
        usize::try_from(piece)
            .unwrap_or(usize::MAX)
            .clamp(1, FILE_BATCH_BYTES)
    }

    /// Waits until `bytes` more may be moved.
    pub(super) async fn wait_for(&self, bytes: usize) {
        let Some(rate) = self.bytes_per_second else {
            return;
        };
        let start = {
            let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
            let start = free_at.unwrap_or_else(Instant::now).max(Instant::now());
            let micros = (bytes as u64).saturating_mul(1_000_000) / rate;
            *free_at = Some(start + Duration::from_micros(micros));
            start
        };
        tokio::time::sleep_until(start).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_kept_over_many_pieces_and_shared() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let pace = Pace::new(Some(1_000_000));
            assert_eq!(pace.piece_bytes(), 125_000);
            let begin = Instant::now();
            let other = pace.clone();
            tokio::join!(
                async {
                    for _ in 0..5 {
                        pace.wait_for(10_000).await;
                    }
                },
                async {
                    for _ in 0..6 {
                        other.wait_for(10_000).await;
                    }
                },
            );
            assert!(begin.elapsed() >= Duration::from_millis(100));
            assert_eq!(Pace::new(None).piece_bytes(), FILE_BATCH_BYTES);
        });
    }
}
