//! Words of other people made harmless for a terminal: no escape sequence, no control, no turned-around line.
//!
//! Everything that came from outside passes through here before it is printed for a person; JSON needs none of it.

/// On one line: what would move the cursor or reorder the line is replaced by a visible sign.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(harmless).collect()
}

/// Words of a message: lines stay lines, each after the first begins with `indent`.
pub(crate) fn words(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| one_line(line.trim_end_matches('\r')))
        .collect();
    lines.join(&format!("\n{indent}"))
}

fn harmless(c: char) -> char {
    match c {
        // The control pictures block shows C0 controls in their order.
        '\u{0}'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
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
        assert_eq!(words("a\r\nb\u{1b}", "  "), "a\n  b␛");
    }

    #[test]
    fn ordinary_words_of_any_script_stay_as_they_are() {
        for text in ["你好，世界", "👩‍👩‍👧 ❤️", "שלום", "naïve – “q”", "نعم"]
        {
            assert_eq!(one_line(text), text);
        }
    }
}
