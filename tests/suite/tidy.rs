//! The rules of the house, as far as a machine can check them.
//!
//! Reads every source of the repository and reports what breaks a rule as `path:line: what`. Each rule is a pure
//! function of a source, so that its own test can show it a bad one: a check that cannot fail is no check.

mod desktop;
mod layers;
mod lines;
mod readme;
mod source;
mod words;

use source::Repository;

/// One sentence per finding, empty when the rule holds.
type Findings = Vec<String>;

fn assert_tidy(findings: &Findings) {
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

#[test]
fn every_rust_source_is_short_and_says_what_it_is() -> anyhow::Result<()> {
    let repository = Repository::read()?;
    assert_tidy(&repository.rust().flat_map(lines::check).collect());
    Ok(())
}

#[test]
fn no_source_contains_what_the_house_forbids() -> anyhow::Result<()> {
    let repository = Repository::read()?;
    assert_tidy(&repository.sources.iter().flat_map(words::check).collect());
    Ok(())
}

#[test]
fn imports_follow_the_layers() -> anyhow::Result<()> {
    let repository = Repository::read()?;
    let manifests = repository.manifests()?;
    assert!(!manifests.is_empty(), "the workspace has members");
    assert_tidy(&manifests.iter().flat_map(layers::check_manifest).collect());
    assert_tidy(
        &repository
            .rust()
            .flat_map(|source| layers::check_source(source, &manifests))
            .collect(),
    );
    Ok(())
}

#[test]
fn only_the_desktop_client_knows_windows() -> anyhow::Result<()> {
    let repository = Repository::read()?;
    assert_tidy(&repository.sources.iter().flat_map(desktop::check).collect());
    let lock = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    assert_tidy(&desktop::linked(&std::fs::read_to_string(lock)?)?);
    Ok(())
}

#[test]
fn both_readmes_tell_the_same_story() -> anyhow::Result<()> {
    let repository = Repository::read()?;
    let english = repository.text("README.md")?;
    let chinese = repository.text("README.zh-CN.md")?;
    assert_tidy(&readme::differences(english, chinese));
    Ok(())
}
