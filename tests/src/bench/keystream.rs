//! The keystream of the DES wrap, in memory on one core: each way that this processor can, and the crate `des` beside it.

use super::Bench;
use super::figures::{Measure, Who};
use crate::driver::Stopwatch;
use hutong_common::wrap::{Key, Keystream, Path};

/// Frames are as long as the wrap makes them at most.
const FRAME_BYTES: usize = 32 * 1024;
/// So many at the least in a sample, and as many more as fill the time.
const FRAMES: usize = 16;
/// A sample lasts so long.
const SAMPLE_SECONDS: f64 = 0.2;

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let key = Key::new(*b"keyforus")?;
    for run in bench.runs() {
        bench.begins(run);
        for path in Path::available() {
            let Some(measure) = of(path) else { continue };
            bench.note(measure, Who::Hutong, speed(path, &key));
            // Right beside it, so that a slow moment of the machine meets both.
            bench.note(measure, Who::Des, speed(Path::Reference, &key));
        }
    }
    Ok(())
}

/// What a path is compared with stands beside it and has no measure of its own.
const fn of(path: Path) -> Option<Measure> {
    match path {
        Path::Reference => None,
        Path::Portable => Some(Measure::KeystreamPortable),
        Path::Sse2 => Some(Measure::KeystreamSse2),
        Path::Avx2 => Some(Measure::KeystreamAvx2),
        Path::Avx512 => Some(Measure::KeystreamAvx512),
    }
}

/// In MB/s, of frames that run on as those of a session do.
fn speed(path: Path, key: &Key) -> f64 {
    let mut keystream = Keystream::on(path, key, 0);
    let mut frame = vec![0; FRAME_BYTES];
    let (watch, mut bytes) = (Stopwatch::start(), 0.0);
    loop {
        for _ in 0..FRAMES {
            keystream.apply(&mut frame);
        }
        bytes += (FRAMES * FRAME_BYTES) as f64;
        let seconds = watch.elapsed().as_secs_f64();
        if seconds >= SAMPLE_SECONDS {
            return bytes / seconds / 1e6;
        }
    }
}
