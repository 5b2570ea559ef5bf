//! The rooms of the desktop client: who may name the toolkit, where text boxes are made, and what links GTK.
//!
//! A text box that is made elsewhere takes no Chinese on Linux; a server or a terminal client that links GTK cannot be
//! installed on a machine without a display.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;

use super::Findings;
use super::source::Source;

const TEXT_BOX_FILE: &str = "peer/desktop/src/widgets/text_box.rs";
/// Spelled in halves, so that this file passes its own test.
const TEXT_BOX_MAKERS: &[&str] = &[
    concat!("TextBox", "::new("),
    concat!("TextBox", "::multiline("),
    concat!("TextBox", "::default("),
    concat!("Value", "TextBox"),
];
const DESKTOP: &str = "hutong-desktop";
const PLATFORM: &str = "peer/desktop/src/platform/";
/// Where each toolkit may be named.
const TOOLKITS: &[(&str, &[&str])] = &[
    (concat!("dru", "id::"), &["peer/desktop/"]),
    (
        concat!("gt", "k::"),
        &[PLATFORM, "peer/desktop/examples/drag_source.rs"],
    ),
    (concat!("notify_", "rust::"), &[PLATFORM]),
];
/// What nothing but the desktop client may link.
const WINDOWING: &[&str] = &["gtk-sys", "gdk-sys", "druid", "druid-shell", "notify-rust"];

pub(super) fn check(source: &Source) -> Findings {
    if !source.path.ends_with(".rs") {
        return Findings::new();
    }
    let lines = source.production();
    let lines = lines
        .iter()
        .filter(|(_, line)| !line.trim_start().starts_with("//"));
    let finding = |number: &usize, what: String| format!("{}:{number}: {what}", source.path);
    lines
        .flat_map(|(number, line)| {
            let raw_box = TEXT_BOX_MAKERS
                .iter()
                .find(|maker| source.path != TEXT_BOX_FILE && line.contains(*maker))
                .map(|_| finding(number, format!("text boxes are made in {TEXT_BOX_FILE}")));
            let toolkit = TOOLKITS
                .iter()
                .find(|(name, places)| {
                    names(line, name) && !places.iter().any(|place| source.path.starts_with(place))
                })
                .map(|(name, places)| finding(number, format!("only {places:?} may name {name}")));
            raw_box.into_iter().chain(toolkit)
        })
        .collect()
}

/// As a word: `druid_shell::` names another crate.
fn names(line: &str, crate_path: &str) -> bool {
    line.match_indices(crate_path).any(|(at, _)| {
        !line[..at]
            .ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
    })
}

/// Packages of ours that would link a toolkit, by all that `Cargo.lock` knows: every system, every feature.
pub(super) fn linked(lock: &str) -> anyhow::Result<Findings> {
    let table: toml::Table = lock.parse().context("read Cargo.lock")?;
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let packages = table.get("package").and_then(toml::Value::as_array);
    for package in packages.context("Cargo.lock has packages")? {
        let name = package.get("name").and_then(toml::Value::as_str);
        let needs = package.get("dependencies").and_then(toml::Value::as_array);
        let needs = needs.into_iter().flatten().filter_map(toml::Value::as_str);
        // "name", or "name version" where there are several.
        let needs = needs.filter_map(|need| need.split(' ').next());
        uses.entry(name.context("a package has a name")?)
            .or_default()
            .extend(needs);
    }
    let mut findings = Findings::new();
    for name in uses
        .keys()
        .filter(|name| name.starts_with("hutong") && **name != DESKTOP)
    {
        let reached = reached(&uses, name);
        let bad = WINDOWING
            .iter()
            .filter(|toolkit| reached.contains(*toolkit));
        findings.extend(bad.map(|toolkit| format!("{name} would link {toolkit}")));
    }
    if !reached(&uses, DESKTOP).contains("gtk-sys") {
        findings.push(format!(
            "{DESKTOP} reaches no gtk-sys: this check sees nothing"
        ));
    }
    Ok(findings)
}

fn reached<'a>(uses: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &'a str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            open.extend(uses.get(name).into_iter().flatten());
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        check(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
        .len()
    }

    #[test]
    fn a_raw_text_box_is_reported_wherever_it_stands() {
        for maker in TEXT_BOX_MAKERS {
            let line = format!("    let name = {maker});");
            assert_eq!(
                findings("peer/desktop/src/screens/entry.rs", &line),
                1,
                "{maker}"
            );
            assert_eq!(findings(TEXT_BOX_FILE, &line), 0, "{maker}");
        }
    }

    #[test]
    fn a_toolkit_outside_its_folder_is_reported() {
        let druid = concat!("use dru", "id::Data;");
        assert_eq!(findings("peer/cli/src/main.rs", druid), 1);
        assert_eq!(findings("peer/desktop/src/model.rs", druid), 0);
        let gtk = concat!("    gt", "k::Window::list_toplevels();");
        assert_eq!(findings("peer/desktop/src/widgets/list.rs", gtk), 1);
        assert_eq!(findings("peer/desktop/src/platform/linux.rs", gtk), 0);
    }

    #[test]
    fn a_server_that_would_link_gtk_is_reported() -> anyhow::Result<()> {
        let package = |name: &str, needs: &str| {
            format!(
                "[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\ndependencies = [{needs}]\n"
            )
        };
        let good = [
            package(DESKTOP, "\"druid 0.8.3\""),
            package("druid", "\"gtk-sys\""),
            package("gtk-sys", ""),
            package("hutong", ""),
        ];
        assert_eq!(linked(&good.concat())?, Findings::new());
        let bad = [
            good.concat(),
            package("hutong-rendezvous", "\"notify\""),
            package("notify", "\"gtk-sys\""),
        ];
        assert_eq!(
            linked(&bad.concat())?,
            ["hutong-rendezvous would link gtk-sys"]
        );
        assert_eq!(linked(&package("hutong", ""))?.len(), 1);
        Ok(())
    }
}
