//! A data folder that is opened: its database under the lock, its keys, a clock that can be right, and the service on
//! all that.
//!
//! Called by `server.rs`, which serves it, and by `commands.rs`, which does one thing in it while no server runs.

use crate::clock::{self, context};
use crate::config::Config;
use crate::database::{Database, Unavailable};
use crate::failure::Failure;
use crate::keys::Keys;
use crate::service::{Service, ServiceConfig};
use crate::sessions::Sessions;
use hutong_common::entropy::OsEntropy;
use hutong_common::identity::KeyPair;
use hutong_common::limits::CLOCK_JUMP_MAX_MS;
use std::path::Path;
use std::sync::Arc;

/// What lies in a data folder, ready for use.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) key: KeyPair,
    pub(crate) database: Arc<Database>,
    pub(crate) service: Arc<Service>,
    pub(crate) sessions: Arc<Sessions>,
}

impl Opened {
    /// Opens `folder`, and lays out what a new one lacks.
    pub(crate) fn open(
        config: &Config,
        folder: &Path,
        accept_clock: bool,
    ) -> Result<Self, Failure> {
        let database = Arc::new(Database::open(folder)?);
        let last_ms = last_seen_ms(&database)?;
        let keys = Keys::open(folder, last_ms == 0, &mut OsEntropy)?;
        let clock = check_clock(last_ms, clock::now_ms());
        let accepted = clock.is_err() && accept_clock;
        if !accepted {
            clock?;
        }
        let (key, server) = (keys.server.clone(), keys.server_id());
        let sessions = Arc::new(Sessions::default());
        let service = ServiceConfig {
            key: keys.server,
            opaque: keys.opaque,
            policy: config.policy(server),
            presence: Arc::clone(&sessions) as _,
        };
        let service = database.write(|tx| {
            let entropy = &mut OsEntropy;
            let cx = &mut context(tx, entropy);
            let service = Service::open(service, cx)?;
            if accepted {
                service.accept_clock(last_ms.abs_diff(cx.now_ms), cx)?;
            }
            Ok::<_, Unavailable>(service)
        })?;
        Ok(Self {
            key,
            database,
            service: Arc::new(service),
            sessions,
        })
    }
}

/// When something was last written, Unix milliseconds; 0 in a new database.
fn last_seen_ms(database: &Database) -> Result<u64, Failure> {
    Ok(database.read(|tx| Ok::<_, Unavailable>(Service::last_seen_ms(tx)?))?)
}

/// A clock that went back would sign what is older than what it signed before; one far ahead would let everything expire.
fn check_clock(last_ms: u64, now_ms: u64) -> Result<(), Failure> {
    if last_ms == 0 {
        Ok(())
    } else if now_ms < last_ms {
        Err(Failure::ClockBehind {
            by_ms: last_ms - now_ms,
        })
    } else if now_ms - last_ms > CLOCK_JUMP_MAX_MS {
        Err(Failure::ClockAhead {
            by_ms: now_ms - last_ms,
        })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::limits::{DAY_MS, HOUR_MS};

    /// What a start says on a database that last saw the time `last_seen_ms`.
    fn started_after(last_seen_ms: u64, accept_clock: bool) -> Result<(), Failure> {
        let folder = tempfile::tempdir().unwrap();
        let start = |accept_clock| {
            let opened = Opened::open(&Config::default(), folder.path(), accept_clock)?;
            Ok::<_, Failure>(opened.database)
        };
        let database = start(false)?;
        database.write(|tx| Ok::<_, Unavailable>(tx.set_clock(last_seen_ms)?))?;
        drop(database);
        start(accept_clock)?;
        // A clock that was accepted once is not asked about again.
        start(false).map(drop)
    }

    #[test]
    fn a_clock_that_cannot_be_right_is_refused_unless_a_person_says_so() {
        let now_ms = clock::now_ms();
        let behind = started_after(now_ms + HOUR_MS, false);
        assert!(matches!(behind, Err(Failure::ClockBehind { by_ms }) if by_ms <= HOUR_MS));
        let ahead = started_after(now_ms - CLOCK_JUMP_MAX_MS - DAY_MS, false);
        assert!(matches!(ahead, Err(Failure::ClockAhead { by_ms }) if by_ms >= CLOCK_JUMP_MAX_MS));
        for right in [1, now_ms - CLOCK_JUMP_MAX_MS + HOUR_MS] {
            let accepted = started_after(right, right == 1);
            assert!(accepted.is_ok(), "{accepted:?}");
        }
        assert!(started_after(now_ms + HOUR_MS, true).is_ok());
    }
}
