//! Words of other people made fit to be shown: nothing that moves a cursor, turns a line around, or hides which name it is.
//!
//! Everything that came from outside passes through here before a terminal or a window shows it to a person. Copying, sending
//! and JSON use the words as they are.

use crate::name::is_deceptive;
use std::borrow::Cow;

/// The visible sign for a character that would move the cursor or reorder the line.
fn sign_for(c: char) -> Option<char> {
    match c {
        // The control pictures block shows C0 controls in their order.
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fff9}'..='\u{fffb}' => Some(char::REPLACEMENT_CHARACTER),
        _ => None,
    }
}

/// On one line, for a terminal.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| sign_for(c).unwrap_or(c)).collect()
}

/// Words of a message, for a terminal: lines stay lines, each after the first begins with `indent`.
pub fn indented(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| one_line(line.trim_end_matches('\r')))
        .collect();
    lines.join(&format!("\n{indent}"))
}

/// Words of a message, for a window: lines and tabs stay, letters of all scripts and joined emoji stay as they are.
pub fn words(text: &str) -> Cow<'_, str> {
    let sign = |c: char| sign_for(c).filter(|_| !matches!(c, '\n' | '\t'));
    if !text.chars().any(|c| sign(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(text.chars().map(|c| sign(c).unwrap_or(c)).collect())
}

/// A name on one line: nothing invisible either, as it could hide which name it is.
pub fn name(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !is_deceptive(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_cannot_drive_the_terminal() {
        assert_eq!(
            one_line("\u{1b}[2J\u{7}x\r\n\u{9b}31m\u{7f}"),
            "␛[2J␇x␍␊\u{fffd}31m␡"
        );
        assert_eq!(one_line("exe.\u{202e}gpj"), "exe.\u{fffd}gpj");
        assert_eq!(indented("a\r\nb\u{1b}", "  "), "a\n  b␛");
    }

    #[test]
    fn what_could_turn_a_line_around_is_seen_in_a_window() {
        assert_eq!(words("a\r\nb\rc\td\u{0}\u{7f}"), "a\nb\nc\td\u{2400}␡");
        assert_eq!(words("exe.\u{202e}gpj"), "exe.\u{fffd}gpj");
        assert_eq!(name("cv\u{202e}fdp.exe\n\u{200b}"), "cvfdp.exe");
    }

    #[test]
    fn ordinary_words_of_any_script_are_not_touched() {
        for text in ["你好，世界", "👩‍👩‍👧 ❤️", "שלום", "naïve – “q”", "نعم"]
        {
            assert_eq!(one_line(text), text);
            assert!(matches!(words(text), Cow::Borrowed(same) if same == text));
        }
        assert!(matches!(words("a\n\tb"), Cow::Borrowed(_)));
    }
}
