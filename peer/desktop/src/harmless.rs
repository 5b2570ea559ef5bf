//! Words of other people made fit to be painted: nothing that turns a line around, no control that text engines
//! stumble over. Copying and sending use the words as they are.

use hutong_common::name::is_deceptive;
use std::borrow::Cow;

/// Words of a message: lines stay lines, letters of all scripts and joined emoji stay as they are.
pub fn words(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    let seen = text.chars().map(|c| match c {
        '\r' => '\n',
        // The control pictures block shows these controls in their order.
        '\u{0}'..='\u{1f}' if is_harmful(c) => {
            char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        c if is_harmful(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    Cow::Owned(seen.collect())
}

fn is_harmful(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}')
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
    fn what_could_turn_a_line_around_is_seen() {
        assert_eq!(
            words("a\r\nb\rc\td\u{0}\u{7f}"),
            "a\nb\nc\td\u{2400}\u{fffd}"
        );
        assert_eq!(words("exe.\u{202e}gpj"), "exe.\u{fffd}gpj");
        assert_eq!(name("cv\u{202e}fdp.exe\n\u{200b}"), "cvfdp.exe");
    }

    #[test]
    fn ordinary_words_of_any_script_are_not_touched() {
        for text in ["你好，世界", "👩‍👩‍👧 ❤️", "שלום", "naïve – “q”", "نعم\n"]
        {
            assert!(matches!(words(text), Cow::Borrowed(same) if same == text));
        }
    }
}
