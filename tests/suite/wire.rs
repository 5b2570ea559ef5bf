//! The second reader of the wire, in Python, agrees with the golden bytes and with the hash that we ship.
//!
//! It shares no code with the Rust side. Its own verdict is trusted only because it is seen to reject here, too.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::Context;
use hutong_common::codec;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

fn check_wire(argument: Option<&Path>, input: &str) -> anyhow::Result<Output> {
    let mut child = Command::new("python3")
        .arg(fixtures().join("check_wire.py"))
        .args(argument)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("start python3, which `./justw test` installs")?;
    child
        .stdin
        .take()
        .context("a pipe was asked for")?
        .write_all(input.as_bytes())?;
    Ok(child.wait_with_output()?)
}

/// The digits of a golden file, put together: all that stands before a bar, after the line with the type.
fn golden_bytes(file: &str) -> anyhow::Result<Vec<u8>> {
    let text = std::fs::read_to_string(fixtures().join("wire").join(file))?;
    let lines = text.lines().skip(1).filter(|line| !line.starts_with('#'));
    let digits: String = lines
        .filter_map(|line| line.split('|').next())
        .flat_map(str::split_whitespace)
        .collect();
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| {
            Ok(u8::from_str_radix(
                digits.get(at..at + 2).context("half a byte")?,
                16,
            )?)
        })
        .collect()
}

#[test]
fn a_frame_is_its_golden_bytes() -> anyhow::Result<()> {
    assert_eq!(
        codec::frame(&[0x01, 0x80, 0x01, 0xff, 0x7f]),
        golden_bytes("frame.txt")?
    );
    Ok(())
}

#[test]
fn the_second_reader_reads_every_golden_file_as_annotated() -> anyhow::Result<()> {
    let output = check_wire(None, "")?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

#[test]
fn the_second_reader_notices_what_contradicts_the_bytes() -> anyhow::Result<()> {
    let golden = "type Frame\n00000002 | len = 2\n07 08 | payload = 2 bytes\n";
    for (here, there, accepted) in [
        ("07", "09", true), // a payload is opaque
        ("00000002", "00000001", false),
        ("00000002", "00000003", false),
        ("len = 2", "len = 3", false),
        ("= 2 bytes", "= 3 bytes", false),
        ("07 08", "07 08 09", false),
        ("type Frame", "type Fame", false),
        ("payload", "body", false),
    ] {
        let folder = tempfile::tempdir()?;
        std::fs::write(
            folder.path().join("frame.txt"),
            golden.replacen(here, there, 1),
        )?;
        let output = check_wire(Some(folder.path()), "")?;
        assert_eq!(output.status.success(), accepted, "{here} → {there}");
    }
    Ok(())
}

#[test]
fn the_second_reader_hashes_as_the_crate_does() -> anyhow::Result<()> {
    let (mut questions, mut answers) = (String::new(), String::new());
    let (key, context) = ([7; 32], "hutong/labels are text/1 胡同");
    for length in [0, 1, 63, 64, 65, 127, 128, 129, 1023, 1024] {
        let data: Vec<u8> = (0..=250).cycle().take(length).collect();
        let keyed = blake3::Hasher::new_keyed(&key);
        let derived = blake3::Hasher::new_derive_key(context);
        for (mode, input, mut hasher) in [
            ("hash", "-".to_owned(), blake3::Hasher::new()),
            ("keyed_hash", hex(&key), keyed),
            ("derive_key", hex(context.as_bytes()), derived),
        ] {
            for out in [16, 32, 64, 65, 200] {
                let data_hex = if data.is_empty() {
                    "-".to_owned()
                } else {
                    hex(&data)
                };
                writeln!(questions, "{mode} {input} {data_hex} {out}")?;
                let mut digest = vec![0; out];
                hasher
                    .reset()
                    .update(&data)
                    .finalize_xof()
                    .fill(&mut digest);
                writeln!(answers, "{}", hex(&digest))?;
            }
        }
    }
    let output = check_wire(Some(Path::new("--blake3")), &questions)?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        String::from_utf8(output.stdout)? == answers,
        "the digests differ"
    );
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
