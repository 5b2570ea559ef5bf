//! Every reader under libFuzzer: each program of this package is this file, and runs the reader of its own name.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let target = hutong_tests::hostile::named(env!("CARGO_BIN_NAME"));
    (target.expect("a reader of this name").run)(bytes);
});
