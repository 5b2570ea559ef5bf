//! A file's name in two lines at most: of a long one the middle goes, as its end tells what kind of file it is.

use super::super::board::Board;
use super::super::look::{Style, Words};
use druid::piet::TextLayout;

/// The name laid out, and whether it is all there.
pub(super) fn in_two_lines(board: &mut Board<'_>, name: &str, width: f64) -> (Words, bool) {
    let look = board.look;
    let style = Style::new(&look.body, &look.text);
    let whole = board.words(name, style, width);
    if whole.lines() <= 2 {
        return (whole, true);
    }
    // As many letters as two lines held of the whole name are nearly right.
    let held = whole
        .0
        .as_ref()
        .and_then(|layout| layout.line_metric(1))
        .map_or(0, |line| line.end_offset);
    let mut kept = name
        .get(..held)
        .map_or(0, |held| held.chars().count())
        .saturating_sub(1);
    loop {
        let words = board.words(&without_middle(name, kept), style, width);
        if words.lines() <= 2 || kept < 4 {
            return (words, false);
        }
        kept = kept.saturating_sub(2);
    }
}

/// So many characters of a name, three of five from its beginning.
fn without_middle(name: &str, kept: usize) -> String {
    let head = kept * 3 / 5;
    let tail = kept - head;
    let count = name.chars().count();
    let start: String = name.chars().take(head).collect();
    let end: String = name.chars().skip(count.saturating_sub(tail)).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_goes_and_the_end_stays() {
        assert_eq!(without_middle("abcdefghij.pdf", 10), "abcdef….pdf");
        assert_eq!(without_middle("一二三四五六七八.pdf", 8), "一二三四….pdf");
        assert_eq!(without_middle("ab", 0), "…");
    }
}
