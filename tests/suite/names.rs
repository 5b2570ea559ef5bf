//! Hostile file names: what becomes of them is judged by the rules of three systems, written down here once more and
//! sharing nothing with the code that cleans; and some of them travel for real.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use hutong_engine::files::name::{clean_name, numbered};
use hutong_tests::driver::Stage;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

/// One line of the corpus.
struct Hostile {
    raw: String,
    /// What must survive.
    extension: Option<String>,
}

fn corpus() -> anyhow::Result<Vec<Hostile>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/names/hostile.txt");
    let text = fs::read_to_string(path)?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (raw, extension) = match line.split_once('\t') {
                Some((raw, extension)) => (raw, Some(extension.to_owned())),
                None => (line, None),
            };
            let raw = serde_json::from_str(raw).with_context(|| line.to_owned())?;
            Ok(Hostile { raw, extension })
        })
        .collect()
}

type Rule = fn(&str) -> Option<&'static str>;

const SYSTEMS: [(&str, Rule); 3] = [("Windows", windows), ("Linux", linux), ("macOS", macos)];

/// Microsoft, "Naming Files, Paths, and Namespaces".
fn windows(name: &str) -> Option<&'static str> {
    let ports = |kind: &'static str| "0123456789¹²³".chars().map(move |n| format!("{kind}{n}"));
    let mut devices: BTreeSet<String> = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
        .map(str::to_owned)
        .into();
    devices.extend(ports("COM"));
    devices.extend(ports("LPT"));
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_matches(' ').to_uppercase();
    if name
        .chars()
        .any(|c| u32::from(c) < 32 || "<>:\"/\\|?*".contains(c))
    {
        Some("a character that Windows keeps for itself")
    } else if name.ends_with(['.', ' ']) {
        Some("Windows cuts its end")
    } else if devices.contains(&stem) {
        Some("a device")
    } else if name.encode_utf16().count() > 255 {
        Some("too long for NTFS")
    } else {
        everywhere(name)
    }
}

fn linux(name: &str) -> Option<&'static str> {
    if name.contains(['/', '\0']) {
        Some("a path")
    } else if name.len() > 255 {
        Some("too long for ext4")
    } else if name.starts_with('.') {
        Some("hidden")
    } else {
        everywhere(name)
    }
}

/// The Finder shows `:` as `/`; APFS counts bytes of UTF-8.
fn macos(name: &str) -> Option<&'static str> {
    if name.contains(['/', ':', '\0']) {
        Some("a path")
    } else if name.len() > 255 {
        Some("too long for APFS")
    } else if name.starts_with('.') {
        Some("hidden, or a resource fork")
    } else {
        everywhere(name)
    }
}

/// What people cannot see, or take for something else.
fn everywhere(name: &str) -> Option<&'static str> {
    let invisible = |c: char| {
        matches!(u32::from(c),
            0..=0x1f | 0x7f..=0x9f | 0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e
            | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe007f)
    };
    let slashes =
        "\u{2044}\u{2215}\u{29f8}\u{ff0f}\u{2571}\u{2216}\u{29f5}\u{fe68}\u{ff3c}\u{2572}";
    if name.is_empty() || matches!(name, "." | "..") {
        Some("no name")
    } else if name.chars().any(invisible) {
        Some("something that cannot be seen")
    } else if name.contains(|c| slashes.contains(c)) {
        Some("looks like a path")
    } else if name.trim() != name {
        Some("spaces at its ends")
    } else if name.nfc().ne(name.chars()) {
        Some("another form of the same letters")
    } else {
        None
    }
}

#[test]
fn no_hostile_name_breaks_a_rule_of_any_system_once_it_is_clean() -> anyhow::Result<()> {
    let corpus = corpus()?;
    assert!(corpus.len() >= 300, "{}", corpus.len());
    for Hostile { raw, extension } in &corpus {
        let clean = clean_name(raw);
        assert_eq!(
            clean_name(&clean),
            clean,
            "{raw:?}: not the same a second time"
        );
        if let Some(extension) = extension {
            assert!(clean.ends_with(extension), "{raw:?} → {clean:?}");
        }
        for number in [1, 2, 1_000] {
            let named = numbered(&clean, number);
            for (system, fault) in SYSTEMS {
                assert_eq!(fault(&named), None, "{system}: {raw:?} → {named:?}");
            }
        }
    }
    Ok(())
}

/// A judge that finds nothing wrong with anything would prove nothing.
#[test]
fn the_judge_finds_fault_with_most_of_the_names_as_they_come() -> anyhow::Result<()> {
    let corpus = corpus()?;
    let mut faults = BTreeMap::<&str, usize>::new();
    let mut faulty = 0;
    for Hostile { raw, .. } in &corpus {
        let found = SYSTEMS.iter().filter_map(|(_, fault)| fault(raw));
        let found: BTreeSet<_> = found.collect();
        faulty += usize::from(!found.is_empty());
        for fault in found {
            *faults.entry(fault).or_default() += 1;
        }
    }
    assert!(
        faulty * 10 > corpus.len() * 7,
        "{faulty} of {}",
        corpus.len()
    );
    assert_eq!(faults.len(), 14, "each rule has its cases: {faults:?}");
    Ok(())
}

/// Names that a file can have on Linux, and that are a trap for somebody.
#[cfg(unix)]
const TRAVELLERS: [&str; 14] = [
    "..\\..\\evil.txt",
    "C:\\Windows\\evil.dll",
    "a.txt:stream",
    "CON",
    "com1 .txt",
    "-rf",
    ".bashrc",
    "two\nlines.txt",
    "invoice\u{202e}fdp.exe",
    "a\u{2215}b.pdf",
    "report.pdf.exe",
    "name. . .",
    "cafe\u{301}.txt",
    "caf\u{e9}.txt",
];

#[cfg(unix)]
#[test]
fn files_with_hostile_names_land_in_the_chosen_folder_and_nowhere_else() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let (mut alice, mut bob) = stage.friends(("alice", "bob"), &server)?;
    let (outbox, target) = (stage.path("outbox"), stage.path("target"));
    fs::create_dir(&outbox)?;
    let (mut offered, mut expected) = (Vec::new(), BTreeSet::new());
    for (number, name) in TRAVELLERS.iter().enumerate() {
        let path = outbox.join(name);
        fs::write(&path, format!("{number}: {name}"))?;
        let sent = alice.done(json!({"do": "send_file", "to": "bob", "path": path}))?;
        let mut free = (1..).map(|attempt| numbered(&clean_name(name), attempt));
        let free = free.find(|name| !expected.contains(name));
        expected.insert(free.context("there is always another number")?);
        offered.push((sent["file"].clone(), format!("{number}: {name}")));
    }
    let before = everything(stage.folder(), &[&bob, &alice].map(|agent| agent.home()))?;
    for (file, content) in &offered {
        bob.done(json!({"do": "accept_file", "file": file, "to": target}))?;
        let is_end = |event: &Value| event["file"] == *file && event["state"] == "verified";
        let saved = bob.event("file", is_end)?["saved_as"].clone();
        let saved = PathBuf::from(saved.as_str().context("it says where")?);
        ensure!(saved.parent() == Some(target.as_path()), "{saved:?}");
        assert_eq!(&fs::read_to_string(&saved)?, content);
    }
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(&target)? {
        found.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    assert_eq!(found, expected);
    fs::remove_dir_all(&target)?;
    let after = everything(stage.folder(), &[&bob, &alice].map(|agent| agent.home()))?;
    assert_eq!(after, before, "something lies elsewhere");
    Ok(())
}

/// Every path below a folder, but for what lies in the homes and grows there.
#[cfg(unix)]
fn everything(below: &Path, homes: &[&Path]) -> anyhow::Result<BTreeSet<PathBuf>> {
    let (mut found, mut folders) = (BTreeSet::new(), vec![below.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let is_alive = homes.contains(&path.as_path()) || path.ends_with("rendezvous");
            if path.is_dir() && !is_alive {
                folders.push(path.clone());
            }
            found.insert(path);
        }
    }
    Ok(found)
}
