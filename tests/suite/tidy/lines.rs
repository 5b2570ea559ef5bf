//! Lengths and headers: no file that got away, no function that one cannot see at a glance, no file without a
//! sentence about itself.

use super::Findings;
use super::source::Source;

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 60;
const HEADER_LINES_MAX: usize = 12;

pub(super) fn check(source: &Source) -> Findings {
    [length(source), header(source), functions(source)].concat()
}

fn length(source: &Source) -> Findings {
    let count = source.production().len();
    let finding = (count > FILE_LINES_MAX).then(|| {
        format!(
            "{}: {count} production lines, more than {FILE_LINES_MAX}",
            source.path
        )
    });
    finding.into_iter().collect()
}

fn header(source: &Source) -> Findings {
    let count = source
        .text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .count();
    let finding = match count {
        0 => Some(format!(
            "{}: does not open with `//!` and what it is",
            source.path
        )),
        1..=HEADER_LINES_MAX => None,
        _ => Some(format!(
            "{}: a header of {count} lines, more than {HEADER_LINES_MAX}",
            source.path
        )),
    };
    finding.into_iter().collect()
}

/// Counts the code lines between the braces, tests included, as clippy does for the targets that it sees.
fn functions(source: &Source) -> Findings {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut findings = Findings::new();
    for (start, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| opens_function(line))
    {
        // rustfmt closes a body with a brace at the indentation of its `fn`.
        let indentation = &line[..line.len() - line.trim_start().len()];
        let closing = format!("{indentation}}}");
        let body = lines[start + 1..]
            .iter()
            .take_while(|line| **line != closing);
        let count = body.filter(|line| is_code(line)).count();
        if count > FUNCTION_LINES_MAX {
            let number = start + 1;
            findings.push(format!(
                "{}:{number}: a function of {count} lines",
                source.path
            ));
        }
    }
    findings
}

/// Not for a declaration without a body, nor for a body on the same line.
fn opens_function(line: &str) -> bool {
    let is_modifier = |word: &str| {
        word.starts_with("pub")
            || word.starts_with('"')
            || ["const", "async", "unsafe", "extern"].contains(&word)
    };
    let is_function = line
        .split_once("fn ")
        .is_some_and(|(before, _)| before.split_whitespace().all(is_modifier));
    is_function && !line.ends_with([';', '}'])
}

fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: String) -> Source {
        Source {
            path: "bad.rs".to_owned(),
            text,
        }
    }

    #[test]
    fn a_file_of_401_lines_is_reported_and_one_of_400_is_not() {
        assert_eq!(length(&source("x\n".repeat(FILE_LINES_MAX + 1))).len(), 1);
        assert_eq!(
            length(&source("x\n".repeat(FILE_LINES_MAX))),
            Findings::new()
        );
    }

    #[test]
    fn a_missing_header_and_an_essay_are_reported() {
        assert_eq!(header(&source("use a;\n".to_owned())).len(), 1);
        assert_eq!(
            header(&source("//! a\n".repeat(HEADER_LINES_MAX + 1))).len(),
            1
        );
        assert_eq!(
            header(&source("//! a\n".repeat(HEADER_LINES_MAX))),
            Findings::new()
        );
    }

    #[test]
    fn a_function_of_61_lines_is_reported_wherever_it_stands() {
        for opening in [
            "fn f() {",
            "    pub(super) async fn f<T>(",
            "    pub const unsafe fn f(a: u8) -> u8 {",
        ] {
            let indentation = &opening[..opening.len() - opening.trim_start().len()];
            let text = |lines| {
                format!(
                    "{opening}\n{}{indentation}}}\nx\n",
                    "        x;\n        // y\n\n".repeat(lines)
                )
            };
            assert_eq!(
                functions(&source(text(FUNCTION_LINES_MAX + 1))).len(),
                1,
                "{opening}"
            );
            assert_eq!(
                functions(&source(text(FUNCTION_LINES_MAX))),
                Findings::new(),
                "{opening}"
            );
        }
    }

    #[test]
    fn a_call_and_a_declaration_open_no_function() {
        for line in [
            "    fn f();",
            "fn f() {}",
            "let g: fn (u8) = h(",
            "// the fn of f (",
            "call(fn_name, {",
        ] {
            assert!(!opens_function(line), "{line}");
        }
    }
}
