//! A password while it is typed: shown as dots, never copied or printed, wiped when dropped.
//!
//! druid lays out what its `as_str` says, as many bytes as the password has, so all its offsets mean both. The box paints a
//! dot over each character.

use druid::text::{EditableText, StringCursor, TextStorage};
use druid::{Data, piet};
use std::borrow::Cow;
use std::ops::Range;
use zeroize::Zeroizing;

/// Stands for each byte in what is laid out.
const MASK: &str = "*";

/// What was typed into a password box.
#[derive(Clone, Default)]
pub struct Secret {
    plain: Zeroizing<String>,
    mask: String,
}

impl Secret {
    /// The password itself.
    pub fn expose(&self) -> &str {
        &self.plain
    }

    /// For the engine.
    pub fn for_engine(&self) -> hutong_engine::api::command::Secret {
        hutong_engine::api::command::Secret::new(self.expose())
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// Bytes of the password.
    pub fn len(&self) -> usize {
        self.plain.len()
    }

    /// The nearest place between two characters at or before `at`.
    fn before(&self, at: usize) -> usize {
        let at = at.min(self.plain.len());
        (0..=at)
            .rev()
            .find(|at| self.plain.is_char_boundary(*at))
            .unwrap_or(0)
    }

    /// The nearest place between two characters at or behind `at`.
    fn behind(&self, at: usize) -> usize {
        let end = self.plain.len();
        (at.min(end)..=end)
            .find(|at| self.plain.is_char_boundary(*at))
            .unwrap_or(end)
    }
}

impl From<&str> for Secret {
    fn from(plain: &str) -> Self {
        Self {
            plain: Zeroizing::new(plain.to_owned()),
            mask: MASK.repeat(plain.len()),
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Data for Secret {
    fn same(&self, other: &Self) -> bool {
        self.plain == other.plain
    }
}

impl piet::TextStorage for Secret {
    fn as_str(&self) -> &str {
        &self.mask
    }
}

impl TextStorage for Secret {}

impl EditableText for Secret {
    fn cursor(&self, position: usize) -> Option<StringCursor<'_>> {
        self.plain.cursor(self.before(position))
    }

    /// Into a fresh string: one that grows would leave a copy behind.
    fn edit(&mut self, range: Range<usize>, new: impl Into<String>) {
        let new = Zeroizing::new(new.into());
        let (start, end) = (self.before(range.start), self.behind(range.end));
        let kept = [
            self.plain.get(..start),
            Some(new.as_str()),
            self.plain.get(end..),
        ];
        let mut plain = Zeroizing::new(String::with_capacity(self.plain.len() + new.len()));
        for part in kept.into_iter().flatten() {
            plain.push_str(part);
        }
        self.mask = MASK.repeat(plain.len());
        self.plain = plain;
    }

    /// Only of what is shown.
    fn slice(&self, range: Range<usize>) -> Option<Cow<'_, str>> {
        self.mask.get(range).map(Cow::from)
    }

    fn len(&self) -> usize {
        self.plain.len()
    }

    /// A password has no words: where they end is a part of it.
    fn prev_word_offset(&self, _: usize) -> Option<usize> {
        None
    }

    fn next_word_offset(&self, _: usize) -> Option<usize> {
        Some(self.plain.len())
    }

    fn prev_grapheme_offset(&self, offset: usize) -> Option<usize> {
        self.plain.prev_grapheme_offset(self.before(offset))
    }

    fn next_grapheme_offset(&self, offset: usize) -> Option<usize> {
        self.plain.next_grapheme_offset(self.before(offset))
    }

    fn prev_codepoint_offset(&self, offset: usize) -> Option<usize> {
        self.plain.prev_codepoint_offset(self.before(offset))
    }

    fn next_codepoint_offset(&self, offset: usize) -> Option<usize> {
        self.plain.next_codepoint_offset(self.before(offset))
    }

    fn preceding_line_break(&self, _: usize) -> usize {
        0
    }

    fn next_line_break(&self, _: usize) -> usize {
        self.plain.len()
    }

    fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    fn from_str(plain: &str) -> Self {
        Self::from(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use druid::piet::TextStorage as _;

    #[test]
    fn it_shows_as_many_bytes_as_it_has_and_none_of_them() {
        let mut secret = Secret::default();
        secret.edit(0..0, "hunter2");
        secret.edit(7..7, "密");
        assert_eq!(secret.expose(), "hunter2密");
        assert_eq!(secret.as_str(), "**********");
        assert_eq!(secret.slice(0..2).as_deref(), Some("**"));
        assert_eq!(format!("{secret:?}"), "Secret");
    }

    #[test]
    fn an_edit_inside_a_character_takes_all_of_it() {
        let mut secret = Secret::from("a密b");
        secret.edit(2..4, "");
        assert_eq!(secret.expose(), "ab");
        assert_eq!(secret.prev_grapheme_offset(2), Some(1));
        let mut secret = Secret::from("密");
        assert_eq!(secret.next_grapheme_offset(1), Some(3));
        secret.edit(0..99, "x");
        assert_eq!(secret.expose(), "x");
    }

    #[test]
    fn words_in_it_cannot_be_found_by_moving_the_caret() {
        let secret = Secret::from("two words");
        assert_eq!(secret.next_word_offset(0), Some(9));
        assert_eq!(secret.prev_word_offset(9), None);
    }
}
