//! Words that may not stand in a source: unfinished work, rooms without a name, paths of somebody's machine, bounds
//! outside their one file, MD5 outside its one file, and IO inside the pure rooms.
//!
//! The forbidden words are spelled in halves, so that this file passes its own test.

use super::Findings;
use super::source::Source;

const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
];
const NAMELESS_ROOMS: &[&str] = &[
    "util", "utils", "helper", "helpers", "manager", "misc", "types",
];
const MACHINE_PATHS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("/fa", "rm/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers"),
];
/// Endings of a constant that bounds something.
const BOUND_UNITS: &[&str] = &["_MS", "_MAX", "_SECONDS"];
/// The list of all bounds, and the files of its subjects.
const BOUNDS_FILES: &str = "common/src/limits";
const MD5_FILE: &str = "common/src/md5.rs";
/// Folders of plain state machines, and what would make them more than that.
const PURE_ROOMS: &[&str] = &["peer/engine/src/core", "rendezvous/src/service"];
const IO: &[&str] = &[
    "tokio::",
    "quinn::",
    "redb::",
    "mdns_sd::",
    "std::fs",
    "std::thread",
    "async fn",
    ".await",
];

pub(super) fn check(source: &Source) -> Findings {
    let mut findings = [unfinished(source), machine_paths(source)].concat();
    if source.path.ends_with(".rs") {
        findings.extend(
            [
                nameless_rooms(source),
                stray_bounds(source),
                md5(source),
                impure(source),
            ]
            .concat(),
        );
    }
    findings
}

fn unfinished(source: &Source) -> Findings {
    report(source, |line| {
        let word = UNFINISHED.iter().find(|word| line.contains(*word))?;
        Some(format!("`{word}`: a thing exists when it works"))
    })
}

/// A path that begins with one, so that a hostile `..` of a test may go through it.
fn machine_paths(source: &Source) -> Findings {
    report(source, |line| {
        let begins = |path: &&&str| {
            line.match_indices(**path).any(|(at, _)| {
                !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '.')
            })
        };
        let path = MACHINE_PATHS.iter().find(begins)?;
        Some(format!("`{path}`: a path of somebody's machine"))
    })
}

fn nameless_rooms(source: &Source) -> Findings {
    let mut findings = report(source, |line| {
        let name = line
            .trim_start()
            .trim_start_matches("pub ")
            .strip_prefix("mod ")?
            .trim_end_matches([';', '{', ' ']);
        is_nameless(name).then(|| format!("module `{name}` does not say what it is"))
    });
    let parts = source.path.trim_end_matches(".rs").split('/');
    if source.path.ends_with("/mod.rs") || parts.into_iter().any(is_nameless) {
        findings.push(format!("{}: the name does not say what it is", source.path));
    }
    findings
}

fn is_nameless(name: &str) -> bool {
    name.split('_').any(|word| NAMELESS_ROOMS.contains(&word))
}

/// A number of one's own is a bound; what is computed from named ones follows from them.
fn stray_bounds(source: &Source) -> Findings {
    if source.path.starts_with(BOUNDS_FILES) || source.path.starts_with("tests/") {
        return Findings::new();
    }
    report(source, |line| {
        let (_, rest) = line.split_once("const ")?;
        let (name, value) = rest.split_once(':')?;
        let is_number = value
            .split_once("= ")?
            .1
            .starts_with(|first: char| first.is_ascii_digit());
        let is_bound = is_number && BOUND_UNITS.iter().any(|unit| name.ends_with(unit));
        is_bound.then(|| format!("the bound `{name}` belongs into {BOUNDS_FILES}"))
    })
}

fn md5(source: &Source) -> Findings {
    let imported = [concat!("use md", "5::"), concat!("Md", "5")];
    if source.path == MD5_FILE {
        return Findings::new();
    }
    report(source, |line| {
        let found = imported.iter().any(|word| line.contains(word));
        found.then(|| format!("only {MD5_FILE} names the crate"))
    })
}

fn impure(source: &Source) -> Findings {
    if !PURE_ROOMS.iter().any(|room| source.path.starts_with(room)) {
        return Findings::new();
    }
    report(source, |line| {
        let word = IO.iter().find(|word| line.contains(*word))?;
        Some(format!("`{word}` in a room that decides and does no IO"))
    })
}

/// A finding for each production line of which `judge` has something to say; comments are judged as well.
fn report(source: &Source, judge: impl Fn(&str) -> Option<String>) -> Findings {
    let judged = source
        .production()
        .into_iter()
        .filter_map(|(number, line)| Some((number, judge(line)?)));
    judged
        .map(|(number, finding)| format!("{}:{number}: {finding}", source.path))
        .collect()
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
    fn unfinished_work_is_reported() {
        for word in UNFINISHED {
            assert_eq!(
                findings("common/src/a.rs", &format!("// {word} later")),
                1,
                "{word}"
            );
        }
    }

    #[test]
    fn a_path_of_a_machine_is_reported_and_a_hostile_name_is_not() {
        for path in MACHINE_PATHS {
            assert_eq!(
                findings("README.md", &format!("see `{path}me`")),
                1,
                "{path}"
            );
        }
        assert_eq!(
            findings("common/src/a.rs", concat!("\"../..", "/ro", "ot/.ssh\"")),
            0
        );
    }

    #[test]
    fn rooms_without_a_name_are_reported() {
        assert_eq!(findings("common/src/name_utils.rs", ""), 1);
        assert_eq!(findings("common/src/helpers/a.rs", ""), 1);
        assert_eq!(findings("common/src/a/mod.rs", ""), 1);
        assert_eq!(
            findings(
                "common/src/lib.rs",
                "pub mod misc;\nmod session_manager {\n"
            ),
            2
        );
        assert_eq!(findings("common/src/name.rs", "pub mod message;\n"), 0);
    }

    #[test]
    fn a_bound_outside_its_file_is_reported() {
        let bound = "pub const RETRY_DELAY_MS: u64 = 5;\n";
        assert_eq!(findings("peer/engine/src/link.rs", bound), 1);
        assert_eq!(findings("common/src/limits/files.rs", bound), 0);
        assert_eq!(
            findings(
                "peer/engine/src/link.rs",
                "const ROW_BYTES_MAX: usize = KEY_BYTES + TEXT_BYTES_MAX;"
            ),
            0
        );
        assert_eq!(
            findings(
                "peer/engine/src/link.rs",
                &format!("#[cfg(test)]\nmod tests {{\n    {bound}}}\n")
            ),
            0
        );
    }

    #[test]
    fn the_md5_crate_outside_its_file_is_reported() {
        let import = concat!("use md", "5::{Digest, Md", "5};");
        assert_eq!(findings("common/src/password.rs", import), 1);
        assert_eq!(findings(MD5_FILE, import), 0);
        assert_eq!(
            findings("common/src/password.rs", "use crate::md5::hex;"),
            0
        );
    }

    #[test]
    fn io_in_a_pure_room_is_reported() {
        for word in IO {
            assert_eq!(
                findings("peer/engine/src/core/outbox.rs", word),
                1,
                "{word}"
            );
            assert_eq!(findings("rendezvous/src/service.rs", word), 1, "{word}");
            assert_eq!(findings("peer/engine/src/files.rs", word), 0, "{word}");
        }
    }
}
