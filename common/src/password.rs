//! Which passwords are not taken. The client alone checks: the rendezvous never sees a password.
//!
//! Called before a registration and a change of password. The list beside this file holds what everybody tries first,
//! one per line in lower case, with the habits of Chinese keyboards and calendars.

use crate::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use crate::name::PasswordRule;

/// The commonest passwords, one per line.
const COMMON: &str = include_str!("password/common.txt");

/// Accepts a password for this login and display name, or says which rule it breaks.
///
/// # Errors
/// The first rule that is broken.
pub fn check(password: &str, login: &str, name: &str) -> Result<(), PasswordRule> {
    let count = password.chars().count();
    if count < PASSWORD_CHARS_MIN {
        return Err(PasswordRule::TooShort);
    }
    if count > PASSWORD_CHARS_MAX {
        return Err(PasswordRule::TooLong);
    }
    let lower = password.to_lowercase();
    if lower == login.to_lowercase() || lower == name.to_lowercase() {
        return Err(PasswordRule::SameAsName);
    }
    if is_common(&lower) {
        return Err(PasswordRule::TooCommon);
    }
    Ok(())
}

/// On the list, or the same character all along.
fn is_common(lower: &str) -> bool {
    let mut chars = lower.chars();
    let first = chars.next();
    chars.all(|c| Some(c) == first) || COMMON.lines().any(|common| common == lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_eight_to_128_characters_of_any_script() {
        assert_eq!(check("1234567", "lin", "Lin"), Err(PasswordRule::TooShort));
        assert_eq!(check("春眠不觉晓处处闻", "lin", "Lin"), Ok(()));
        assert_eq!(check(&"xy".repeat(64), "lin", "Lin"), Ok(()));
        let long = "xy".repeat(64) + "z";
        assert_eq!(check(&long, "lin", "Lin"), Err(PasswordRule::TooLong));
    }

    #[test]
    fn neither_the_own_name_nor_what_everybody_tries_is_taken() {
        let same = Err(PasswordRule::SameAsName);
        assert_eq!(check("WangXiaoMing", "wangxiaoming", "明"), same);
        assert_eq!(check("Xiao Ming", "wxm", "xiao ming"), same);
        for common in [
            "Password",
            "12345678",
            "woaini1314",
            "88888888",
            "小小小小小小小小",
        ] {
            assert_eq!(check(common, "lin", "Lin"), Err(PasswordRule::TooCommon));
        }
        assert_eq!(check("correct horse", "lin", "Lin"), Ok(()));
    }

    #[test]
    fn the_list_is_sorted_lower_case_and_only_of_passwords_that_other_rules_let_through() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() >= 300, "{}", lines.len());
        assert!(lines.is_sorted());
        for line in lines {
            assert!(line.chars().count() >= PASSWORD_CHARS_MIN, "{line}");
            assert_eq!(line, line.to_lowercase());
        }
    }
}
