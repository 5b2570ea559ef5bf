//! The language of whoever started a program of this package, and how wide its letters are on a terminal.

use std::env;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    English,
    Chinese,
}

impl Tongue {
    /// Chinese where the locale is Chinese, English elsewhere.
    pub(crate) fn of_system() -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| env::var(name).ok())
            .find(|value| !value.is_empty());
        if locale.is_some_and(|locale| locale.starts_with("zh")) {
            Self::Chinese
        } else {
            Self::English
        }
    }

    /// The one of the person's language.
    pub(crate) const fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

/// Columns of a terminal that a text takes: two for signs of East Asia and pictures, none for what joins to others.
pub(crate) fn columns(text: &str) -> usize {
    let mut is_joined = false;
    let mut columns = 0;
    for letter in text.chars() {
        columns += match letter {
            '\u{200d}' | '\u{fe0f}' => 0,
            _ if is_joined => 0,
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' => 2,
            '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{3fffd}' => 2,
            _ => 1,
        };
        is_joined = letter == '\u{200d}';
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_take_the_columns_that_terminals_give_them() {
        for (text, expected) in [
            ("abc", 3),
            ("李小雨", 6),
            ("👩‍💻!", 3),
            ("（）", 4),
            ("📮", 2),
        ] {
            assert_eq!(columns(text), expected, "{text}");
        }
    }
}
