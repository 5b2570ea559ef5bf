//! How often somebody may do something: one earliest next time per limit and subject, moved by what it costs.
//!
//! The generic cell rate algorithm (ITU-T I.371): a subject that was idle may do `burst` at once, then one per interval.
//! Deterministic: time is an argument. Remembers a bounded number of subjects.

use hutong_common::id::DeviceId;
use hutong_common::limits::LIMITER_KEYS_MAX;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Limit {
    GuessesPerLoginAndIpAMinute,
    GuessesPerLoginAndIpAnHour,
    GuessesPerIp,
    GuessesPerLogin,
    RegistrationsPerIp,
    Registrations,
    SearchesAMinute,
    SearchesADay,
    FriendRequests,
    FriendRequestsYoung,
    Messages,
    GroupCopies,
    Enrolments,
    Profiles,
    Changes,
    Acks,
    Introductions,
    Questions,
    DeviceRemovals,
    Avatars,
    GroupChanges,
    CodesAMinute,
    CodesADay,
    Confirmations,
    RelaySessions,
}

/// Who is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Everybody,
    Account(u64),
    /// A hash of a login, whether it exists or not.
    Login(u64),
    Address(u128),
    LoginAt(u64, u128),
    /// A pair, the smaller one first.
    Devices(DeviceId, DeviceId),
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    burst: u64,
    interval_ms: u64,
}

impl Rate {
    /// `count` at once, and as many again in every `window_ms`.
    pub(super) const fn per(count: u64, window_ms: u64) -> Self {
        Self {
            burst: count,
            interval_ms: window_ms / count,
        }
    }

    pub(super) const fn burst(burst: u64, interval_ms: u64) -> Self {
        Self { burst, interval_ms }
    }

    /// How far the next time may lie ahead while one more is still allowed.
    const fn tolerance_ms(self) -> u64 {
        (self.burst - 1) * self.interval_ms
    }
}

/// One act that counts against a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Charge {
    pub(super) limit: Limit,
    pub(super) subject: Subject,
    pub(super) rate: Rate,
}

/// An address as limits see it: a home of IPv6 is a /64.
pub(super) fn address(ip: IpAddr) -> u128 {
    match ip.to_canonical() {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip) >> 64 << 64,
    }
}

/// All subjects that did something lately.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    next_ms: BTreeMap<(Limit, Subject), u64>,
}

impl Limiter {
    /// Counts all charges, or none and says after how many milliseconds to come back.
    pub(super) fn charge(&mut self, charges: &[Charge], now_ms: u64) -> Result<(), u64> {
        let wait = |charge: &Charge| {
            let ahead = self.next(charge, now_ms) - now_ms;
            ahead.saturating_sub(charge.rate.tolerance_ms())
        };
        match charges.iter().map(wait).max() {
            Some(retry_ms) if retry_ms > 0 => return Err(retry_ms),
            Some(_) | None => {}
        }
        for charge in charges {
            let next = self.next(charge, now_ms) + charge.rate.interval_ms;
            self.next_ms.insert((charge.limit, charge.subject), next);
        }
        self.forget(now_ms);
        Ok(())
    }

    /// Takes charges back that turned out to be no abuse.
    pub(super) fn refund(&mut self, charges: &[Charge]) {
        for charge in charges {
            if let Some(next) = self.next_ms.get_mut(&(charge.limit, charge.subject)) {
                *next = next.saturating_sub(charge.rate.interval_ms);
            }
        }
    }

    fn next(&self, charge: &Charge, now_ms: u64) -> u64 {
        let next = self.next_ms.get(&(charge.limit, charge.subject));
        next.copied().unwrap_or(0).max(now_ms)
    }

    /// Drops what no longer limits anything and, if that is not enough, the half that ends first.
    fn forget(&mut self, now_ms: u64) {
        if self.next_ms.len() <= LIMITER_KEYS_MAX {
            return;
        }
        self.next_ms.retain(|_, next| *next > now_ms);
        if self.next_ms.len() > LIMITER_KEYS_MAX {
            let mut ends: Vec<u64> = self.next_ms.values().copied().collect();
            ends.sort_unstable();
            let median = ends.get(ends.len() / 2).copied().unwrap_or(now_ms);
            self.next_ms.retain(|_, next| *next > median);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: u64 = 1_790_000_000_000;

    fn charge(subject: u64) -> Charge {
        Charge {
            limit: Limit::GuessesPerLogin,
            subject: Subject::Login(subject),
            rate: Rate::per(5, 60_000),
        }
    }

    #[test]
    fn five_at_once_then_one_every_twelve_seconds() {
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            assert_eq!(limiter.charge(&[charge(1)], T), Ok(()));
        }
        assert_eq!(limiter.charge(&[charge(1)], T), Err(12_000));
        assert_eq!(limiter.charge(&[charge(2)], T), Ok(()));
        assert_eq!(limiter.charge(&[charge(1)], T + 12_000), Ok(()));
        assert_eq!(limiter.charge(&[charge(1)], T + 12_000), Err(12_000));
    }

    #[test]
    fn a_refund_gives_back_exactly_one() {
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            limiter.charge(&[charge(1)], T).unwrap();
        }
        limiter.refund(&[charge(1)]);
        assert_eq!(limiter.charge(&[charge(1)], T), Ok(()));
        assert!(limiter.charge(&[charge(1)], T).is_err());
    }

    #[test]
    fn charges_count_together_or_not_at_all() {
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            limiter.charge(&[charge(1)], T).unwrap();
        }
        assert!(limiter.charge(&[charge(2), charge(1)], T).is_err());
        for _ in 0..5 {
            assert_eq!(limiter.charge(&[charge(2)], T), Ok(()));
        }
    }

    #[test]
    fn the_number_of_subjects_is_bounded() {
        let mut limiter = Limiter::default();
        for subject in 0..u64::try_from(LIMITER_KEYS_MAX).unwrap() + 10 {
            limiter.charge(&[charge(subject)], T).unwrap();
        }
        assert!(limiter.next_ms.len() <= LIMITER_KEYS_MAX);
    }
}
