//! A file's name in two lines at most.

use super::super::board::Board;
use super::super::look::{Style, Words};
use crate::widgets::line::Cut;

/// The name laid out, and whether it is all there.
pub(super) fn in_two_lines(board: &mut Board<'_>, name: &str, width: f64) -> (Words, bool) {
    let look = board.look;
    let style = Style::new(&look.body, &look.text);
    let shown = Cut::Middle.cut(name, |part| board.words(part, style, width).lines() <= 2);
    let is_whole = shown == name;
    (board.words(&shown, style, width), is_whole)
}
