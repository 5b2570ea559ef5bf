//! A whole relayed transfer between real programs, with everything that it takes: QUIC, the wrap, the rendezvous, the disk.
//!
//! Beside it the same programs without the wrap, in turn. Trips of messages stand beside those of two who have a direct way.

use super::pair::Pair;
use super::{Bench, PROFILE};
use crate::bench::figures::{Measure, Who};
use crate::bench::load::Load;
use crate::bench::messages;
use anyhow::Context;

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let stage = bench.stage()?;
    let config = stage.path("friends.toml");
    std::fs::write(&config, PROFILE)?;
    let config = config.to_str().context("a folder with a readable name")?;
    let server = stage.rendezvous_with(&["--config", config])?;
    let pair = |is_wrapped: bool, names: [&str; 2], options: &[&str], path: &str| {
        let programs = if is_wrapped {
            stage.programs().clone()
        } else {
            stage.programs().clone().unwrapped()
        };
        let who = names.map(|name| (&programs, name));
        let mut pair = Pair::new((&stage, &server), who, options)?;
        pair.await_path(path)?;
        anyhow::Ok(pair)
    };
    let no_udp = ["--udp", "off"];
    let mut wrapped = pair(true, ["alice", "bob"], &no_udp, "relay")?;
    let mut unwrapped = pair(false, ["carol", "dave"], &no_udp, "relay")?;
    let mut direct = pair(true, ["erin", "frank"], &[], "direct")?;
    let load = Load::make(stage.path("film.mkv"), bench.options.size)?;
    let few = bench.options.messages as usize / 10;
    for run in bench.runs() {
        bench.begins(run);
        let mut both = [
            (Who::Hutong, &mut wrapped),
            (Who::Unwrapped, &mut unwrapped),
        ];
        // Whatever the one leaves behind, as pages to be written, is there for the other one as often.
        if run % 2 == 0 {
            both.reverse();
        }
        for (who, pair) in both {
            bench.note(Measure::RelayedFile, who, pair.relay(&load)?);
        }
        for (who, pair, path) in [
            (Who::Hutong, &mut wrapped, "relay"),
            (Who::Direct, &mut direct, "direct"),
        ] {
            let both = (&mut pair.one, &mut pair.other);
            let trip_us = messages::trips(both, few, path)?.p50;
            bench.note(Measure::RelayedTripP50, who, trip_us);
        }
    }
    Ok(())
}
