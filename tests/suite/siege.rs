//! Attacks on the real programs, in small: the full ones are `./justw prove-hostile` and `./justw prove-floods`.

use hutong_tests::siege;

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
