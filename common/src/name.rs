//! Names of people: validated when they are made *and* when they are decoded, so a value of these types is always fit to show.
//!
//! A login is unique and never changes; a display name does. Neither may hide what it is: no control, bidirectional or
//! invisible characters.

use crate::limits::{LOGIN_CHARS_MAX, LOGIN_CHARS_MIN, NAME_CHARS_MAX};
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Which rule a name breaks.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error,
)]
pub enum NameRule {
    /// Fewer characters than allowed.
    #[error("too_short")]
    TooShort,
    /// More characters than allowed.
    #[error("too_long")]
    TooLong,
    /// A character that names may not hold.
    #[error("forbidden_character")]
    ForbiddenCharacter,
    /// The first or last character is neither a letter nor a digit.
    #[error("edge_character")]
    EdgeCharacter,
}

/// The name under which an account signs in: 2–32 characters after NFKC and lower case, letters of any script, digits,
/// `_ . -`, the first and last alphanumeric. Equal logins are equal bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

impl Login {
    /// The canonical form of what a person typed.
    pub fn new(typed: &str) -> Result<Self, NameRule> {
        let canonical = canonical(typed);
        let count = canonical.chars().count();
        if count < LOGIN_CHARS_MIN {
            return Err(NameRule::TooShort);
        }
        if count > LOGIN_CHARS_MAX {
            return Err(NameRule::TooLong);
        }
        if !canonical
            .chars()
            .all(|c| c.is_alphanumeric() && !is_deceptive(c) || matches!(c, '_' | '.' | '-'))
        {
            return Err(NameRule::ForbiddenCharacter);
        }
        let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if !edge(canonical.chars().next()) || !edge(canonical.chars().next_back()) {
            return Err(NameRule::EdgeCharacter);
        }
        Ok(Self(canonical))
    }

    /// The login as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn canonical(typed: &str) -> String {
    // Lower case can leave NFKC (a capital with a dot above), so the form is taken twice.
    typed
        .trim()
        .nfkc()
        .collect::<String>()
        .to_lowercase()
        .nfkc()
        .collect()
}

impl TryFrom<String> for Login {
    type Error = NameRule;
    /// Refuses what is not canonical already: on the wire there is one spelling.
    fn try_from(text: String) -> Result<Self, NameRule> {
        let login = Self::new(&text)?;
        if login.0 == text {
            Ok(login)
        } else {
            Err(NameRule::ForbiddenCharacter)
        }
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name that others see: 1–32 characters without edges of white space.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// The name that a person typed, in NFC and without white space around it.
    pub fn new(typed: &str) -> Result<Self, NameRule> {
        let name: String = typed.trim().nfc().collect();
        match name.chars().count() {
            0 => Err(NameRule::TooShort),
            count if count > NAME_CHARS_MAX => Err(NameRule::TooLong),
            _ if name.chars().any(is_deceptive) => Err(NameRule::ForbiddenCharacter),
            _ => Ok(Self(name)),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DisplayName {
    type Error = NameRule;
    fn try_from(text: String) -> Result<Self, NameRule> {
        let name = Self::new(&text)?;
        if name.0 == text {
            Ok(name)
        } else {
            Err(NameRule::ForbiddenCharacter)
        }
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

impl From<Login> for DisplayName {
    /// A login is always fit to be shown.
    fn from(login: Login) -> Self {
        Self(login.0)
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a character can make a text look like another: control, bidirectional control, zero width, or other
/// invisible ones (Unicode TR 36, default ignorable code points). U+FE0F and U+200D stay out as well: names are no emoji art.
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Why a password is not taken. Checked on the client: the rendezvous never sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PasswordRule {
    /// Fewer than 8 characters.
    #[error("too_short")]
    TooShort,
    /// More than 128 characters.
    #[error("too_long")]
    TooLong,
    /// The same as the login or the display name.
    #[error("same_as_name")]
    SameAsName,
    /// One of the passwords that everybody tries first.
    #[error("too_common")]
    TooCommon,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_one_spelling_whatever_was_typed() {
        for typed in ["Alice", " alice ", "ＡＬＩＣＥ", "ALICE"] {
            assert_eq!(Login::new(typed).unwrap().as_str(), "alice", "{typed}");
        }
        assert_eq!(Login::new("王小明").unwrap().as_str(), "王小明");
        assert_eq!(Login::new("20230001").unwrap().as_str(), "20230001");
    }

    #[test]
    fn bad_logins_say_which_rule() {
        let long = "a".repeat(33);
        for (typed, rule) in [
            ("a", NameRule::TooShort),
            ("", NameRule::TooShort),
            (long.as_str(), NameRule::TooLong),
            ("a b", NameRule::ForbiddenCharacter),
            ("a/b", NameRule::ForbiddenCharacter),
            ("ab\u{200b}", NameRule::ForbiddenCharacter),
            ("_ab", NameRule::EdgeCharacter),
            ("ab.", NameRule::EdgeCharacter),
        ] {
            assert_eq!(Login::new(typed), Err(rule), "{typed:?}");
        }
    }

    /// The fillers of Hangul are letters to Unicode and nothing to the eye: with them, two logins looked alike.
    #[test]
    fn a_login_has_no_letters_that_nobody_sees() {
        for invisible in ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'] {
            let refused = Login::new(&format!("ali{invisible}ce"));
            assert_eq!(refused, Err(NameRule::ForbiddenCharacter), "{invisible:?}");
        }
    }

    #[test]
    fn a_login_that_is_not_canonical_does_not_decode() {
        let bytes = postcard::to_stdvec("Alice").unwrap();
        assert!(postcard::from_bytes::<Login>(&bytes).is_err());
    }

    #[test]
    fn display_names_cannot_hide_characters() {
        assert!(DisplayName::new("爱丽丝 👩").is_ok());
        for bad in [
            "a\u{202e}b",
            "a\u{200b}b",
            "a\nb",
            "\u{feff}x",
            "   ",
            "\u{e0041}x",
        ] {
            assert!(DisplayName::new(bad).is_err(), "{bad:?}");
        }
    }
}
