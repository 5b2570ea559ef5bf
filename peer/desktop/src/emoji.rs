//! The emoji that can be chosen, how they are found, and how they are laid out: recent ones, then groups.
//!
//! The table is a file beside the program: group, emoji, Chinese and English words, apart by tabs. Pure: the widget that paints
//! them and the keys that walk over them use the same [`Plan`].

use crate::finding::finds;
use druid::ArcStr;
use hutong_common::limits::EMOJI_RECENT_MAX;
use hutong_common::text::desktop::compose::ComposeText;
use std::sync::LazyLock;

/// As many stand beside each other.
pub const COLUMNS: usize = 9;

/// One of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emoji {
    group: &'static str,
    /// As it is written.
    pub text: &'static str,
    zh: &'static str,
    en: &'static str,
}

static TABLE: LazyLock<Vec<Emoji>> = LazyLock::new(|| {
    let lines = include_str!("../assets/emoji.tsv").lines();
    lines.filter_map(read).collect()
});

fn read(line: &'static str) -> Option<Emoji> {
    let mut fields = line.split('\t');
    Some(Emoji {
        group: fields.next()?,
        text: fields.next()?,
        zh: fields.next()?,
        en: fields.next()?,
    })
}

/// What stands above some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Used lately.
    Recent,
    /// The group of this number.
    Group(usize),
}

/// The groups in their order.
const GROUPS: [&str; 7] = [
    "faces", "hands", "hearts", "nature", "food", "things", "signs",
];

impl Head {
    /// What it is called.
    pub fn says(self) -> ComposeText<'static> {
        match self {
            Self::Recent => ComposeText::EmojiRecent,
            Self::Group(0) => ComposeText::EmojiFaces,
            Self::Group(1) => ComposeText::EmojiHands,
            Self::Group(2) => ComposeText::EmojiHearts,
            Self::Group(3) => ComposeText::EmojiNature,
            Self::Group(4) => ComposeText::EmojiFood,
            Self::Group(5) => ComposeText::EmojiThings,
            Self::Group(_) => ComposeText::EmojiSigns,
        }
    }
}

/// The latest first; one that was used before moves to the front.
pub fn used(recent: &str, emoji: &str) -> String {
    let others = recent.split_whitespace().filter(|other| *other != emoji);
    let all: Vec<&str> = std::iter::once(emoji)
        .chain(others)
        .take(EMOJI_RECENT_MAX)
        .collect();
    all.join(" ")
}

/// An emoji in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// As it is written.
    pub text: ArcStr,
    /// From the top, heads counted.
    pub line: usize,
    /// From the left.
    pub column: usize,
}

/// What is shown, line by line.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What stands above a group, and on which line.
    pub heads: Vec<(usize, Head)>,
    /// All emoji in reading order.
    pub cells: Vec<Cell>,
    /// How many lines there are.
    pub lines: usize,
}

/// From one emoji to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the one before.
    Left,
    /// To the next one.
    Right,
    /// To the line above.
    Up,
    /// To the line below.
    Down,
}

impl Plan {
    /// What is found, or all of them with the recent ones first.
    pub fn of(recent: &str, wanted: &str) -> Self {
        let mut plan = Self::default();
        if wanted.trim().is_empty() {
            plan.group(Head::Recent, recent.split_whitespace());
            for (number, group) in GROUPS.into_iter().enumerate() {
                let all = TABLE.iter().filter(|emoji| emoji.group == group);
                plan.group(Head::Group(number), all.map(|emoji| emoji.text));
            }
        } else {
            let means = |words: &str| words.split(' ').any(|word| begins(word, wanted));
            let found = TABLE
                .iter()
                .filter(|emoji| means(emoji.zh) || means(emoji.en) || emoji.text == wanted.trim());
            plan.put(found.map(|emoji| emoji.text));
        }
        plan
    }

    fn group<'a>(&mut self, head: Head, emoji: impl Iterator<Item = &'a str>) {
        let mut emoji = emoji.peekable();
        if emoji.peek().is_some() {
            self.heads.push((self.lines, head));
            self.lines += 1;
            self.put(emoji);
        }
    }

    fn put<'a>(&mut self, emoji: impl Iterator<Item = &'a str>) {
        let first = self.lines;
        for (number, text) in emoji.enumerate() {
            let (line, column) = (first + number / COLUMNS, number % COLUMNS);
            self.cells.push(Cell {
                text: text.into(),
                line,
                column,
            });
            self.lines = line + 1;
        }
    }

    /// Where a step from one cell leads; it stays where there is no other.
    pub fn step(&self, at: usize, step: Step) -> usize {
        let last = self.cells.len().saturating_sub(1);
        let at = at.min(last);
        let Some(from) = self.cells.get(at) else {
            return 0;
        };
        let on = |line: usize| {
            let reachable = |cell: &Cell| cell.line == line && cell.column <= from.column;
            self.cells.iter().rposition(reachable)
        };
        match step {
            Step::Left => at.saturating_sub(1),
            Step::Right => (at + 1).min(last),
            Step::Up => {
                let above = self
                    .cells
                    .iter()
                    .take(at)
                    .rev()
                    .find(|cell| cell.line < from.line);
                above.and_then(|cell| on(cell.line)).unwrap_or(at)
            }
            Step::Down => {
                let below = self
                    .cells
                    .iter()
                    .skip(at)
                    .find(|cell| cell.line > from.line);
                below.and_then(|cell| on(cell.line)).unwrap_or(at)
            }
        }
    }
}

/// English words by their beginnings, Chinese ones by any of their characters.
fn begins(word: &str, wanted: &str) -> bool {
    if word.is_ascii() {
        word.starts_with(&wanted.trim().to_lowercase())
    } else {
        finds(word, wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_has_every_emoji_once_in_a_known_group_with_words_of_both_languages() {
        let lines = include_str!("../assets/emoji.tsv").lines().count();
        assert_eq!(TABLE.len(), lines);
        assert!(lines >= 250, "{lines}");
        let all: BTreeSet<&str> = TABLE.iter().map(|emoji| emoji.text).collect();
        assert_eq!(all.len(), lines, "none is there twice");
        for emoji in TABLE.iter() {
            assert!(GROUPS.contains(&emoji.group), "{emoji:?}");
            assert!(
                !emoji.text.is_empty() && !emoji.text.contains(char::is_whitespace),
                "{emoji:?}"
            );
            assert!(
                !emoji.zh.is_empty() && !emoji.zh.contains(|c: char| c.is_ascii_alphabetic()),
                "{emoji:?}"
            );
            assert!(!emoji.en.is_empty() && emoji.en.is_ascii(), "{emoji:?}");
        }
        let shown = Plan::of("", "").cells;
        assert_eq!(shown.len(), lines, "each group is shown");
    }

    #[test]
    fn emoji_are_found_in_both_languages_and_in_pinyin() {
        let has = |wanted: &str, emoji: &str| {
            Plan::of("", wanted)
                .cells
                .iter()
                .any(|cell| *cell.text == *emoji)
        };
        for wanted in ["笑哭", "xk", "xiaoku", "joy", "Tears", "😂"] {
            assert!(has(wanted, "😂"), "{wanted}");
        }
        assert!(has("dianzan", "👍") && has("thumbs", "👍") && has("hb", "🧧"));
        assert!(!has("joy", "👍") && !has("at", "🐱"));
        assert!(Plan::of("😂", "nothing like it").cells.is_empty());
    }

    #[test]
    fn the_recent_ones_come_first_each_once_and_not_too_many() {
        let mut recent = String::new();
        for emoji in ["😀", "👍", "😀"] {
            recent = used(&recent, emoji);
        }
        assert_eq!(recent, "😀 👍");
        for emoji in TABLE.iter() {
            recent = used(&recent, emoji.text);
        }
        assert_eq!(recent.split(' ').count(), EMOJI_RECENT_MAX);
        let plan = Plan::of("👍", "");
        assert_eq!(plan.cells.first().map(|cell| &*cell.text), Some("👍"));
        assert_eq!(plan.heads.first(), Some(&(0, Head::Recent)));
    }

    #[test]
    fn keys_walk_over_the_lines() {
        let plan = Plan::of("👍 😀", "");
        assert_eq!(plan.step(0, Step::Left), 0);
        assert_eq!(plan.step(0, Step::Right), 1);
        assert_eq!(plan.step(1, Step::Down), 3, "below the head");
        assert_eq!(plan.step(5, Step::Up), 1, "a shorter line");
        assert_eq!(plan.step(0, Step::Up), 0);
        let last = plan.cells.len() - 1;
        assert_eq!(plan.step(last, Step::Right), last);
        assert_eq!(plan.step(last, Step::Down), last);
        assert_eq!(plan.step(9_999, Step::Left), last - 1);
        assert_eq!(Plan::default().step(3, Step::Up), 0);
    }
}
