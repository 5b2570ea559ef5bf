//! The golden bytes are what the codec writes and reads, for every variant, and the second reader agrees.
//!
//! That reader, in Python, shares no code with the Rust side. Its verdict is trusted only because it is seen to reject
//! here, too.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::Context;
use hutong_common::direct::Direct;
use hutong_common::message::{Content, To};
use hutong_common::name::{NameRule, PasswordRule};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Sex;
use hutong_common::rpc::friends::{CanAdd, Relation, RequestState};
use hutong_common::rpc::mail::MailFate;
use hutong_common::rpc::{Reply, Request, ServerFrame};
use hutong_common::signed::{DeviceKind, Role};
use hutong_fixtures::golden;
use hutong_fixtures::variants::{kinds_of, variants_of};

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

fn wire() -> PathBuf {
    fixtures().join("wire")
}

/// `HUTONG_GOLDEN=write cargo test -p hutong-tests golden` writes the files anew: only when the protocol changed.
fn is_writing() -> bool {
    std::env::var("HUTONG_GOLDEN").is_ok_and(|mode| mode == "write")
}

#[test]
fn every_value_is_its_golden_file() -> anyhow::Result<()> {
    for golden in golden::all() {
        let path = wire().join(&golden.file);
        if is_writing() {
            fs::create_dir_all(path.parent().context("it lies in a folder")?)?;
            fs::write(&path, golden.text())?;
        }
        let file = fs::read_to_string(&path).with_context(|| format!("read {}", golden.file))?;
        assert_eq!(file, golden.text(), "{} has changed", golden.file);
    }
    Ok(())
}

#[test]
fn golden_bytes_are_what_the_codec_writes_and_reads() {
    for golden in golden::all() {
        assert_eq!(golden.annotated.bytes(), golden.encoded, "{}", golden.file);
        assert!(golden.reads_back, "{}", golden.file);
    }
}

#[test]
fn no_golden_file_is_left_over() -> anyhow::Result<()> {
    let made: BTreeSet<PathBuf> = golden::all()
        .iter()
        .map(|golden| wire().join(&golden.file))
        .collect();
    let (mut found, mut folders) = (BTreeSet::new(), vec![wire()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt") {
                found.insert(path);
            }
        }
    }
    assert_eq!(found, made);
    Ok(())
}

#[test]
fn every_variant_on_the_wire_has_golden_bytes() {
    let all = golden::all();
    let seen: BTreeSet<_> = all
        .iter()
        .flat_map(|golden| &golden.annotated.variants)
        .copied()
        .collect();
    for (name, variants) in [
        ("Request", variants_of::<Request>()),
        ("Reply", variants_of::<Reply>()),
        ("ServerFrame", variants_of::<ServerFrame>()),
        ("Refusal", variants_of::<Refusal>()),
        ("NameRule", variants_of::<NameRule>()),
        ("PasswordRule", variants_of::<PasswordRule>()),
        ("Sex", variants_of::<Sex>()),
        ("Relation", variants_of::<Relation>()),
        ("CanAdd", variants_of::<CanAdd>()),
        ("RequestState", variants_of::<RequestState>()),
        ("MailFate", variants_of::<MailFate>()),
        ("To", variants_of::<To>()),
        ("Role", variants_of::<Role>()),
        ("DeviceKind", variants_of::<DeviceKind>()),
    ] {
        for variant in variants {
            assert!(seen.contains(&(name, variant)), "{name}::{variant}");
        }
    }
}

#[test]
fn every_numbered_kind_has_golden_bytes() {
    let all = golden::all();
    let numbers = |folder: &str, field: &str| -> BTreeSet<u16> {
        let of_folder = all.iter().filter(|golden| golden.file.starts_with(folder));
        let fields = of_folder.flat_map(|golden| &golden.annotated.fields);
        fields
            .filter(|found| found.name == field)
            .filter_map(|found| found.value.parse().ok())
            .collect()
    };
    let known = |kinds: Vec<u16>| -> BTreeSet<u16> { kinds.into_iter().chain([1_000]).collect() };
    let pushes = kinds_of(500, |push: &Push| matches!(push, Push::Unknown(..)));
    assert_eq!(numbers("push/", "frame.kind"), known(pushes));
    let direct = kinds_of(500, |frame: &Direct| matches!(frame, Direct::Unknown(..)));
    assert_eq!(numbers("direct/", "kind"), known(direct));
    let contents = kinds_of(500, |said: &Content| matches!(said, Content::Unknown(..)));
    assert_eq!(numbers("message/", "body.content.kind"), known(contents));
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
        fs::write(
            folder.path().join("frame.txt"),
            golden.replacen(here, there, 1),
        )?;
        let output = check_wire(Some(folder.path()), "")?;
        assert_eq!(output.status.success(), accepted, "{here} → {there}");
    }
    Ok(())
}

#[test]
fn the_second_reader_notices_one_changed_bit_of_what_follows_from_the_rest() -> anyhow::Result<()> {
    for golden in golden::all() {
        let folder = tempfile::tempdir()?;
        let is_checked = ["signed/", "derived/", "mail/"]
            .iter()
            .any(|folder| golden.file.starts_with(folder));
        if !is_checked || golden.file == "derived/refusals.txt" {
            continue;
        }
        // The last digit of a signature, an id or an authentication tag: the annotation stays true.
        let text = golden.text();
        let (front, last) = text.rsplit_once(" | ").context("a field")?;
        let digits = front.trim_end();
        let (digits, digit) = digits.split_at(digits.len() - 1);
        let changed = u8::from_str_radix(digit, 16)? ^ 1;
        let path = folder.path().join("changed.txt");
        fs::write(path, format!("{digits}{changed:x} | {last}"))?;
        let output = check_wire(Some(folder.path()), "")?;
        assert!(!output.status.success(), "{}", golden.file);
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
