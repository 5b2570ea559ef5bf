//! Finds the links in a message: only `http` and `https`, only what is written out, nothing that hides its host.

use std::ops::Range;

const SCHEMES: [&str; 2] = ["https://", "http://"];

/// Where the links are, in bytes, in order.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = next_start(text, from) {
        let end = start + length(&text[start..]);
        if is_link(&text[start..end]) {
            found.push(start..end);
        }
        from = end.max(start + 1);
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    found
}

fn next_start(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let begins_here = |(at, _): &(usize, &str)| {
        let before = rest[..*at].chars().next_back();
        let is_word = before.is_some_and(|c| c.is_ascii_alphanumeric());
        let scheme = &rest.as_bytes()[*at..];
        !is_word
            && SCHEMES.iter().any(|known| {
                scheme.len() >= known.len()
                    && scheme[..known.len()].eq_ignore_ascii_case(known.as_bytes())
            })
    };
    // Every scheme begins with this letter, in one case or the other.
    rest.match_indices(['h', 'H'])
        .find(begins_here)
        .map(|(at, _)| from + at)
}

/// A link ends before a space, a quote, or a letter beyond ASCII: in Chinese, words follow without a space.
fn length(text: &str) -> usize {
    let is_part = |c: char| {
        c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    };
    let mut link = text.find(|c| !is_part(c)).map_or(text, |end| &text[..end]);
    // What ends the sentence does not belong to the link, nor does a bracket that was opened before it.
    while let Some(last) = link.chars().next_back() {
        let is_surplus = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' => true,
            ')' => link.matches(')').count() > link.matches('(').count(),
            ']' => link.matches(']').count() > link.matches('[').count(),
            _ => false,
        };
        if !is_surplus {
            break;
        }
        link = &link[..link.len() - 1];
    }
    link.len()
}

/// Whether it names a host, and that host is the first thing named: `https://bank@elsewhere` is not made easy.
fn is_link(link: &str) -> bool {
    let Some((_, rest)) = link.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        && !authority.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        links(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn links_are_found_as_people_write_them() {
        for (text, expected) in [
            (
                "see https://example.org/a?b=c#d.",
                vec!["https://example.org/a?b=c#d"],
            ),
            (
                "看https://example.org/作业，谢谢",
                vec!["https://example.org/"],
            ),
            (
                "（http://10.0.0.7:8080/x）好",
                vec!["http://10.0.0.7:8080/x"],
            ),
            (
                "(https://en.example.org/Hutong_(lane)) and HTTP://A.B",
                vec!["https://en.example.org/Hutong_(lane)", "HTTP://A.B"],
            ),
            (
                "\"https://a.b\"\nhttps://c.d!",
                vec!["https://a.b", "https://c.d"],
            ),
            ("https://a.b,https://c.d", vec!["https://a.b,https://c.d"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_else_is_made_easy_to_click() {
        for text in [
            "",
            "h",
            "https",
            "https://",
            "http:///etc",
            "https:// a",
            "ftp://a.b",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://bank.example@evil.example/",
            "xhttps://a.b",
            "https://。com",
            "hhhh",
            "ｈttps://a.b",
            "www.example.org",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
