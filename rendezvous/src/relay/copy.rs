//! The bytes between two legs, both ways, until one of them ends or nothing has come for too long.
//!
//! Each direction has one buffer, so a session has a bounded size however fast or slow its ends are. What one end does not
//! take is not read from the other. Nothing here looks at the bytes.

use super::rate::{Rate, Rates};
use hutong_common::limits::{RELAY_BUFFER_BYTES, RELAY_IDLE_LOOKS, RELAY_IDLE_TIMEOUT_MS};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::sleep;

/// What one session may and did.
pub(super) struct Meter<'a> {
    own: Option<Rate>,
    shared: Option<&'a Rate>,
    chunk_bytes: usize,
    /// Told of all bytes that went.
    count: &'a (dyn Fn(u64) + Sync),
    passed: AtomicU64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(rates: &'a Rates, count: &'a (dyn Fn(u64) + Sync)) -> Self {
        Self {
            own: rates.of_session(),
            shared: rates.shared.as_ref(),
            chunk_bytes: rates.chunk_bytes(),
            count,
            passed: AtomicU64::new(0),
        }
    }

    /// Returns when so many bytes may go.
    async fn pass(&self, bytes: usize) {
        for rate in self.own.iter().chain(self.shared) {
            rate.turn(bytes).await;
        }
        (self.count)(bytes as u64);
        self.passed.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Returns when nothing has passed for the time that a session may be silent.
    async fn idle(&self) {
        let look = Duration::from_millis(RELAY_IDLE_TIMEOUT_MS / RELAY_IDLE_LOOKS);
        let mut quiet = Quiet::default();
        while !quiet.is_over(self.passed.load(Ordering::Relaxed)) {
            sleep(look).await;
        }
    }
}

/// Looks now and then at how much has passed.
#[derive(Debug, Default)]
struct Quiet {
    passed: u64,
    looks: u64,
}

impl Quiet {
    /// Whether it has been the same for as many looks as there may be.
    const fn is_over(&mut self, passed: u64) -> bool {
        if passed != self.passed {
            self.passed = passed;
            self.looks = 0;
        }
        self.looks += 1;
        self.looks > RELAY_IDLE_LOOKS
    }
}

/// Copies until either leg ends; both are closed then.
///
/// # Errors
/// When a leg breaks.
pub(super) async fn both_ways(
    one: TcpStream,
    other: TcpStream,
    meter: &Meter<'_>,
) -> io::Result<()> {
    let (from_one, to_one) = one.into_split();
    let (from_other, to_other) = other.into_split();
    tokio::select! {
        ended = copy(from_one, to_other, meter) => ended,
        ended = copy(from_other, to_one, meter) => ended,
        () = meter.idle() => Ok(()),
    }
}

async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    meter: &Meter<'_>,
) -> io::Result<()> {
    let mut buffer = vec![0; meter.chunk_bytes.min(RELAY_BUFFER_BYTES)];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        meter.pass(read).await;
        to.write_all(buffer.get(..read).unwrap_or_default()).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use tokio::net::TcpListener;

    /// Both ends of a connection.
    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (here, there) = tokio::join!(TcpStream::connect(address), listener.accept());
        (here.unwrap(), there.unwrap().0)
    }

    #[tokio::test]
    async fn bytes_go_both_ways_and_the_end_of_one_leg_is_that_of_both() {
        let ((mut lin, one), (mut mei, other)) = (pair().await, pair().await);
        let (rates, counted) = (Rates::from((0, 0)), AtomicU64::new(0));
        let count = |bytes| {
            counted.fetch_add(bytes, Ordering::Relaxed);
        };
        let meter = Meter::new(&rates, &count);
        let talk = async {
            let long = vec![7; 3 * RELAY_BUFFER_BYTES];
            let mut heard = vec![0; long.len()];
            let (sent, got) = tokio::join!(lin.write_all(&long), mei.read_exact(&mut heard));
            sent.unwrap();
            got.unwrap();
            assert_eq!(heard, long);
            mei.write_all(b"well heard").await.unwrap();
            drop(mei);
            let mut answer = Vec::new();
            lin.read_to_end(&mut answer).await.unwrap();
            assert_eq!(answer, b"well heard");
        };
        let (ended, ()) = tokio::join!(both_ways(one, other, &meter), talk);
        ended.unwrap();
        let expected = (3 * RELAY_BUFFER_BYTES + b"well heard".len()) as u64;
        assert_eq!(counted.into_inner(), expected);
    }

    #[test]
    fn a_session_that_is_silent_ends_and_one_that_speaks_now_and_then_does_not() {
        let lasts = |speaks: &dyn Fn(u64) -> bool| {
            let (mut quiet, mut passed) = (Quiet::default(), 0);
            let mut looks = 0;
            while looks < 100 && !quiet.is_over(passed) {
                looks += 1;
                passed += u64::from(speaks(looks));
            }
            looks
        };
        assert_eq!(lasts(&|_| false), RELAY_IDLE_LOOKS);
        assert_eq!(lasts(&|look| look % (RELAY_IDLE_LOOKS - 1) == 0), 100);
        assert_eq!(lasts(&|look| look == 1), 1 + RELAY_IDLE_LOOKS);
    }
}
