//! Attacks on the real programs, in small: the full ones are `./justw prove-hostile` and `./justw prove-floods`.

use hutong_tests::siege;
use hutong_tests::siege::flooded::{Ground, flood};
use hutong_tests::siege::floods;
use std::time::Duration;

/// Inputs of each kind.
const INPUTS: u64 = 80;

#[test]
fn hostile_bytes_at_its_port_do_not_harm_a_rendezvous() -> anyhow::Result<()> {
    siege::besiege_rendezvous(INPUTS).map(drop)
}

#[test]
fn hostile_bytes_at_its_port_do_not_harm_a_client() -> anyhow::Result<()> {
    siege::besiege_client(INPUTS).map(drop)
}

/// Honest clients under a flood.
const PEOPLE: usize = 4;
/// What a rendezvous may hold under any flood.
const FLOOD_BYTES_MAX: u64 = 512 << 20;

/// Connections that were only held took every place for strangers, and whoever left did not come in again.
#[test]
fn a_short_flood_leaves_a_rendezvous_small_and_honest_clients_served() -> anyhow::Result<()> {
    for kind in floods::ALL {
        let flooded = flood((kind, Ground::Loopback), Duration::from_secs(1), PEOPLE)?;
        let (peak, waits) = (flooded.peak_bytes, flooded.waits);
        assert!(peak < FLOOD_BYTES_MAX, "{kind}: {} MiB", peak >> 20);
        assert!(flooded.tried.0 > 0, "{kind}");
        assert!(!waits.answers.is_empty(), "{kind}: {:?}", waits.failures);
        let came_again = waits.returns.len() > PEOPLE;
        assert!(came_again, "{kind}: {:?}", waits.failures);
    }
    Ok(())
}
