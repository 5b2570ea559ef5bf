//! The one place of this package that reads a clock: the shells ask here, the service gets times as arguments.

#![expect(
    clippy::disallowed_methods,
    reason = "somebody has to look at the clock, and it is this file"
)]

use crate::service::Context;
use crate::store::Tx;
use hutong_common::entropy::OsEntropy;
use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in milliseconds, or 0 when the computer believes to be before 1970.
pub(crate) fn now_ms() -> u64 {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

/// What the service is called with here and now.
pub(crate) fn context<'a>(tx: &'a mut Tx, entropy: &'a mut OsEntropy) -> Context<'a> {
    Context {
        tx,
        now_ms: now_ms(),
        entropy,
    }
}
