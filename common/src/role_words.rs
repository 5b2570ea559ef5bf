//! Names that claim what only a role says: pupils do not call themselves teacher.
//!
//! A help against jokes and simple fraud, no proof of anything: badges come from the role, never from a name.

use crate::name::{DisplayName, Login};
use unicode_normalization::UnicodeNormalization;

/// Anywhere in a name: Chinese has no spaces between words.
const ANYWHERE: [&str; 9] = [
    "老师",
    "老師",
    "教师",
    "教師",
    "班主任",
    "辅导员",
    "校长",
    "管理员",
    "管理員",
];
/// As a whole word.
const WORDS: [&str; 6] = [
    "teacher",
    "admin",
    "administrator",
    "headmaster",
    "principal",
    "moderator",
];

/// Whether a name says that its bearer is a teacher or admin. Full-width letters, capitals and marks between characters make no
/// difference.
fn claims(text: &str) -> bool {
    let plain: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let letters: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    let words = plain.split(|c: char| !c.is_alphanumeric());
    let is_word = |word: &str| WORDS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()));
    ANYWHERE.iter().any(|claimed| letters.contains(claimed)) || words.into_iter().any(is_word)
}

/// Whether these names are kept for teachers and admins. Whoever chose no name is called by his login: what is plain ASCII there
/// is a name for computers.
pub fn are_reserved(login: &Login, name: &DisplayName) -> bool {
    let is_plain = |text: &str| text.is_ascii();
    let claims_by_name = claims(name.as_str());
    let is_login = name.as_str() == login.as_str() && is_plain(login.as_str());
    let claims_by_login = !is_plain(login.as_str()) && claims(login.as_str());
    claims_by_login || (claims_by_name && !is_login)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserved(login: &str, name: &str) -> bool {
        are_reserved(
            &Login::new(login).unwrap(),
            &DisplayName::new(name).unwrap(),
        )
    }

    #[test]
    fn names_that_claim_a_role_are_reserved_however_they_are_written() {
        for name in [
            "王老师",
            "王 老 师",
            "老·师",
            "班主任",
            "Ｔｅａｃｈｅｒ",
            "The Teacher",
            "ADMIN",
            "admin2",
            "Li (admin)",
        ] {
            assert!(reserved("li", name), "{name}");
        }
        assert!(reserved("王老师", "小王"));
    }

    #[test]
    fn names_that_only_hold_such_letters_are_free() {
        for name in ["老王", "师小明", "Badminton", "Adminka", "Teach", "李管"] {
            assert!(!reserved("li", name), "{name}");
        }
        assert!(!reserved("teacher", "teacher"), "a login is for computers");
    }
}
