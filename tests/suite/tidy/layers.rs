//! Who may know whom: the dependency edges between the packages, in their manifests and in their sources.
//!
//! The table is the architecture; an edge that is not in it is a decision, and decisions are made there first.

use anyhow::Context;

use super::Findings;
use super::source::Source;

/// Packages of the workspace, each with those it may use. Below the packages stand those that only tests may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("hutong-common", &[]),
    ("hutong-fixtures", &["hutong-common"]),
    ("hutong-rendezvous", &["hutong-common"]),
    ("hutong-engine", &["hutong-common"]),
    ("hutong-host", &["hutong-common", "hutong-engine"]),
    ("hutong", &["hutong-common", "hutong-engine", "hutong-host"]),
    (
        "hutong-desktop",
        &["hutong-common", "hutong-engine", "hutong-host"],
    ),
    (
        "hutong-tests",
        &[
            "hutong-common",
            "hutong-engine",
            "hutong-host",
            "hutong-rendezvous",
            "hutong-fixtures",
        ],
    ),
    ("hutong-fuzz", &["hutong-tests"]),
];
const TESTS_MAY_USE: &str = "hutong-fixtures";
const MD5_CRATE: &str = "md-5";
const MD5_PACKAGE: &str = "hutong-common";

/// What a package's `Cargo.toml` says about its place.
#[derive(Debug)]
pub(super) struct Manifest {
    path: String,
    package: String,
    dependencies: Vec<String>,
    dev_dependencies: Vec<String>,
    has_workspace_lints: bool,
    /// A package that ordinary builds do not see, and that can inherit nothing.
    is_own_workspace: bool,
}

impl Manifest {
    pub(super) fn parse(source: &Source) -> anyhow::Result<Self> {
        let table: toml::Table = source
            .text
            .parse()
            .with_context(|| format!("read {}", source.path))?;
        let names = |section: &str| {
            let section = table.get(section).and_then(toml::Value::as_table);
            section
                .into_iter()
                .flat_map(|section| section.keys().cloned())
                .collect()
        };
        let at = |section: &str, key: &str| table.get(section)?.get(key).cloned();
        let package = at("package", "name").and_then(|name| name.as_str().map(str::to_owned));
        Ok(Self {
            path: source.path.clone(),
            package: package.with_context(|| format!("{} has no package name", source.path))?,
            dependencies: names("dependencies"),
            dev_dependencies: names("dev-dependencies"),
            has_workspace_lints: at("lints", "workspace") == Some(toml::Value::Boolean(true)),
            is_own_workspace: table.contains_key("workspace"),
        })
    }

    fn folder(&self) -> &str {
        self.path.trim_end_matches("Cargo.toml")
    }
}

pub(super) fn check_manifest(manifest: &Manifest) -> Findings {
    let path = &manifest.path;
    let mut findings = Findings::new();
    if !manifest.has_workspace_lints && !manifest.is_own_workspace {
        findings.push(format!(
            "{path}: does not inherit the lints of the workspace"
        ));
    }
    let Some(allowed) = allowed(&manifest.package) else {
        findings.push(format!(
            "{path}: `{}` has no place in the layers",
            manifest.package
        ));
        return findings;
    };
    let ours = |name: &&String| LAYERS.iter().any(|(package, _)| package == name);
    for name in manifest
        .dependencies
        .iter()
        .filter(ours)
        .filter(|name| !allowed.contains(&name.as_str()))
    {
        findings.push(format!("{path}: may not depend on {name}"));
    }
    let for_tests = manifest.dev_dependencies.iter().filter(ours);
    for name in for_tests.filter(|name| *name != TESTS_MAY_USE && !allowed.contains(&name.as_str()))
    {
        findings.push(format!("{path}: its tests may not depend on {name}"));
    }
    if manifest.package != MD5_PACKAGE && manifest.dependencies.iter().any(|name| name == MD5_CRATE)
    {
        findings.push(format!(
            "{path}: only {MD5_PACKAGE} may depend on {MD5_CRATE}"
        ));
    }
    findings
}

/// Names in sources as well, because a test's dependency must not leak into what is shipped.
pub(super) fn check_source(source: &Source, manifests: &[Manifest]) -> Findings {
    let Some(package) = manifests
        .iter()
        .find(|manifest| source.path.starts_with(manifest.folder()))
    else {
        return vec![format!("{}: belongs to no package", source.path)];
    };
    let in_tests = source
        .path
        .starts_with(&format!("{}tests/", package.folder()));
    let mut allowed = allowed(&package.package).unwrap_or_default().to_vec();
    allowed.extend(Some(TESTS_MAY_USE).filter(|_| in_tests));
    let mut findings = Findings::new();
    for (number, line) in source.production() {
        let named = LAYERS
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| names_crate(line, name));
        for name in named.filter(|name| *name != package.package && !allowed.contains(name)) {
            findings.push(format!("{}:{number}: may not name {name}", source.path));
        }
    }
    findings
}

fn allowed(package: &str) -> Option<&'static [&'static str]> {
    LAYERS
        .iter()
        .find(|(name, _)| *name == package)
        .map(|(_, allowed)| *allowed)
}

fn names_crate(line: &str, package: &str) -> bool {
    !line.trim_start().starts_with("//")
        && line.contains(&format!("{}::", package.replace('-', "_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(package: &str, rest: &str) -> anyhow::Result<Manifest> {
        let text = format!("[package]\nname = \"{package}\"\n{rest}");
        Manifest::parse(&Source {
            path: "peer/engine/Cargo.toml".to_owned(),
            text,
        })
    }

    const LINTS: &str = "[lints]\nworkspace = true\n";

    #[test]
    fn an_edge_against_the_layers_is_reported() -> anyhow::Result<()> {
        let bad = ["hutong-rendezvous", "hutong-fixtures", "hutong", "md-5"];
        for name in bad {
            let text = format!("{LINTS}[dependencies]\n{name}.workspace = true\n");
            assert_eq!(
                check_manifest(&manifest("hutong-engine", &text)?).len(),
                1,
                "{name}"
            );
        }
        let good = format!(
            "{LINTS}[dependencies]\nhutong-common.workspace = true\nserde.workspace = true\n"
        );
        assert_eq!(
            check_manifest(&manifest("hutong-engine", &good)?),
            Findings::new()
        );
        Ok(())
    }

    #[test]
    fn tests_may_use_the_fixtures_and_no_other_layer() -> anyhow::Result<()> {
        let text = |name: &str| format!("{LINTS}[dev-dependencies]\n{name}.workspace = true\n");
        assert_eq!(
            check_manifest(&manifest("hutong-engine", &text("hutong-fixtures"))?),
            Findings::new()
        );
        assert_eq!(
            check_manifest(&manifest("hutong-engine", &text("hutong-rendezvous"))?).len(),
            1
        );
        Ok(())
    }

    #[test]
    fn a_package_without_lints_or_without_a_place_is_reported() -> anyhow::Result<()> {
        assert_eq!(check_manifest(&manifest("hutong-engine", "")?).len(), 1);
        assert_eq!(
            check_manifest(&manifest("hutong-elsewhere", LINTS)?).len(),
            1
        );
        let alone = manifest("hutong-fuzz", "[workspace]\n")?;
        assert_eq!(check_manifest(&alone), Findings::new());
        Ok(())
    }

    #[test]
    fn a_name_against_the_layers_is_reported() -> anyhow::Result<()> {
        let manifests = [manifest("hutong-engine", LINTS)?];
        let findings = |path: &str, text: &str| {
            let source = Source {
                path: path.to_owned(),
                text: text.to_owned(),
            };
            check_source(&source, &manifests).len()
        };
        assert_eq!(
            findings("peer/engine/src/lib.rs", "use hutong_rendezvous::Server;\n"),
            1
        );
        assert_eq!(
            findings(
                "peer/engine/src/lib.rs",
                "use hutong_common::id::AccountId;\n"
            ),
            0
        );
        assert_eq!(
            findings(
                "peer/engine/src/lib.rs",
                "use hutong_engine::api::Command;\n"
            ),
            0
        );
        assert_eq!(findings("elsewhere/src/lib.rs", ""), 1);
        let in_tests = "#[cfg(test)]\nmod tests {\n    use hutong_fixtures::people;\n}\n";
        assert_eq!(findings("peer/engine/src/lib.rs", in_tests), 0);
        let fixtures = "use hutong_fixtures::people;\n";
        assert_eq!(findings("peer/engine/tests/main.rs", fixtures), 0);
        assert_eq!(findings("peer/engine/src/lib.rs", fixtures), 1);
        Ok(())
    }
}
