//! What may stand in a text box: pure, called after each change by the box.
//!
//! Only what was just put in is corrected, so nobody loses what already stood there.

use std::ops::Range;

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Unicode scalar values.
    Chars(usize),
    /// Bytes of UTF-8.
    Bytes(usize),
}

impl Length {
    /// The longest beginning of `text` that fits beside `rest`, cut between characters.
    fn cut(self, text: &str, rest: usize) -> &str {
        let end = match self {
            Self::Chars(most) => text
                .char_indices()
                .nth(most.saturating_sub(rest))
                .map_or(text.len(), |(at, _)| at),
            Self::Bytes(most) => {
                let room = most.saturating_sub(rest).min(text.len());
                (0..=room)
                    .rev()
                    .find(|at| text.is_char_boundary(*at))
                    .unwrap_or(0)
            }
        };
        text.get(..end).unwrap_or_default()
    }

    /// Whether all of `text` fits.
    pub(super) fn allows(self, text: &str) -> bool {
        match self {
            Self::Chars(most) | Self::Bytes(most) => self.of(text) <= most,
        }
    }

    /// Of a text, in this unit.
    fn of(self, text: &str) -> usize {
        match self {
            Self::Chars(_) => text.chars().count(),
            Self::Bytes(_) => text.len(),
        }
    }
}

/// The rule of one box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admission {
    pub(super) has_lines: bool,
    pub(super) longest: Option<Length>,
}

/// `range` of the new text becomes `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Correction {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl Admission {
    /// What is to be done to `after`, which was `before`; nothing if all of it may stay.
    pub(super) fn correction(&self, before: &str, after: &str) -> Option<Correction> {
        let range = inserted(before, after);
        let new = after.get(range.clone())?;
        let clean = self.clean(new);
        let rest = [after.get(..range.start)?, after.get(range.end..)?];
        let text = match self.longest {
            Some(longest) => longest
                .cut(&clean, rest.iter().map(|part| longest.of(part)).sum())
                .to_owned(),
            None => clean,
        };
        (text != new).then_some(Correction { range, text })
    }

    /// Line ends of every system are one; other control characters never were meant.
    fn clean(&self, text: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let kept = text.chars().filter_map(|letter| match letter {
            '\n' if self.has_lines => Some('\n'),
            '\n' | '\t' => Some(' '),
            other => Some(other).filter(|other| !other.is_control()),
        });
        kept.collect()
    }
}

/// Where `after` has what `before` had not.
fn inserted(before: &str, after: &str) -> Range<usize> {
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let start: usize = before
        .chars()
        .zip(after.chars())
        .take_while(same)
        .map(|(letter, _)| letter.len_utf8())
        .sum();
    let tails = (
        before.get(start..).unwrap_or_default(),
        after.get(start..).unwrap_or_default(),
    );
    let end: usize = tails
        .0
        .chars()
        .rev()
        .zip(tails.1.chars().rev())
        .take_while(same)
        .map(|(letter, _)| letter.len_utf8())
        .sum();
    start..after.len() - end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(admission: Admission, before: &str, after: &str) -> String {
        let mut text = after.to_owned();
        if let Some(edit) = admission.correction(before, after) {
            text.replace_range(edit.range, &edit.text);
        }
        text
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let admission = Admission {
            has_lines: false,
            longest: Some(Length::Chars(4)),
        };
        assert_eq!(admission.correction("你", "你好世界"), None);
        assert_eq!(admission.correction("你好世界", "你世界"), None);
    }

    #[test]
    fn only_what_was_put_in_is_cut() {
        let chars = Admission {
            has_lines: false,
            longest: Some(Length::Chars(4)),
        };
        assert_eq!(corrected(chars, "你界", "你好世的界"), "你好世界");
        assert_eq!(corrected(chars, "abcd", "abxcd"), "abcd");
        let bytes = Admission {
            has_lines: false,
            longest: Some(Length::Bytes(7)),
        };
        assert_eq!(corrected(bytes, "a", "a你好世"), "a你好");
    }

    #[test]
    fn a_text_that_was_too_long_before_can_be_made_shorter() {
        let chars = Admission {
            has_lines: false,
            longest: Some(Length::Chars(2)),
        };
        assert_eq!(corrected(chars, "abcdef", "abdef"), "abdef");
        assert_eq!(corrected(chars, "abcdef", "abxcdef"), "abcdef");
    }

    #[test]
    fn line_ends_and_control_characters_are_made_plain() {
        let one = Admission {
            has_lines: false,
            longest: None,
        };
        let many = Admission {
            has_lines: true,
            longest: None,
        };
        let pasted = "a\r\nb\rc\td\u{0}\u{1b}e";
        assert_eq!(corrected(one, "", pasted), "a b c de");
        assert_eq!(corrected(many, "", pasted), "a\nb\nc de");
    }
}
