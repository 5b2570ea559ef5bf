//! The text files of the repository, read once.
//!
//! Walks the folders rather than asking git, so that an unpacked archive is checked too; generated folders are left
//! out by name.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::layers::Manifest;

const TEXT: &[&str] = &["rs", "toml", "md", "sh", "py", "svg", "txt"];
const TEXT_WITHOUT_EXTENSION: &[&str] = &["Justfile", "justw", "run"];

/// One text file.
#[derive(Debug)]
pub(super) struct Source {
    /// Path below the repository, with `/` on every system.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// Lines with their numbers from 1, without the inline `#[cfg(test)]` modules of Rust sources.
    pub(super) fn production(&self) -> Vec<(usize, &str)> {
        let mut kept = Vec::new();
        let mut lines = self.text.lines().zip(1..).peekable();
        while let Some((line, number)) = lines.next() {
            let opens_tests = line == "#[cfg(test)]"
                && lines
                    .peek()
                    .is_some_and(|(next, _)| next.starts_with("mod ") && next.ends_with('{'));
            if opens_tests {
                // rustfmt puts the closing brace of a top-level item, and nothing else, into the first column.
                lines.by_ref().find(|(line, _)| *line == "}");
            } else {
                kept.push((number, line));
            }
        }
        kept
    }
}

/// Every text file of the repository.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) sources: Vec<Source>,
}

impl Repository {
    pub(super) fn read() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("the tests lie in the repository")?;
        let mut sources = Vec::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in
                fs::read_dir(&folder).with_context(|| format!("list {}", folder.display()))?
            {
                let path = entry?.path();
                if path.is_dir() {
                    folders.extend(Some(path).filter(|path| is_ours(path)));
                } else if is_text(&path) {
                    sources.push(Source {
                        path: below(root, &path)?,
                        text: fs::read_to_string(&path)?,
                    });
                }
            }
        }
        sources.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Self { sources })
    }

    pub(super) fn rust(&self) -> impl Iterator<Item = &Source> {
        self.sources
            .iter()
            .filter(|source| source.path.ends_with(".rs"))
    }

    pub(super) fn text(&self, path: &str) -> anyhow::Result<&str> {
        let source = self.sources.iter().find(|source| source.path == path);
        Ok(&source.with_context(|| format!("{path} is missing"))?.text)
    }

    /// The manifests of the workspace's members.
    pub(super) fn manifests(&self) -> anyhow::Result<Vec<Manifest>> {
        let members = self
            .sources
            .iter()
            .filter(|source| source.path.ends_with("/Cargo.toml"));
        members.map(Manifest::parse).collect()
    }
}

fn is_ours(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name == ".ci" || (!name.starts_with('.') && !name.starts_with("target"))
}

fn is_text(file: &Path) -> bool {
    let has = |names: &[&str], part: Option<&std::ffi::OsStr>| {
        part.and_then(|part| part.to_str())
            .is_some_and(|part| names.contains(&part))
    };
    has(TEXT, file.extension()) || has(TEXT_WITHOUT_EXTENSION, file.file_name())
}

fn below(root: &Path, path: &Path) -> anyhow::Result<String> {
    let parts: Vec<_> = path
        .strip_prefix(root)?
        .iter()
        .map(|part| part.to_string_lossy())
        .collect();
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_tests_are_not_production_lines() {
        let text =
            "use a;\n\n#[cfg(test)]\nmod tests {\n    fn f() {}\n}\n\nfn g() {}\n".to_owned();
        let source = Source {
            path: "a.rs".to_owned(),
            text,
        };
        let numbers: Vec<usize> = source
            .production()
            .into_iter()
            .map(|(number, _)| number)
            .collect();
        assert_eq!(numbers, [1, 2, 7, 8]);
    }

    #[test]
    fn the_walk_sees_this_file_and_no_generated_one() -> anyhow::Result<()> {
        let repository = Repository::read()?;
        assert!(repository.text("tests/suite/tidy/source.rs").is_ok());
        assert!(repository.text(".ci/run").is_ok());
        assert!(
            !repository
                .sources
                .iter()
                .any(|source| source.path.contains("target/"))
        );
        Ok(())
    }
}
