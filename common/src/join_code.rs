//! A code with which somebody comes into a group: eight characters that can be read aloud, shown in two blocks.
//!
//! The characters are Crockford's base32, which has none that look alike. Whoever types one may leave the gap out, mistake a
//! letter for the digit that looks like it, or write full-width letters.

use crate::entropy::Entropy;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARS: usize = 8;
/// One more than the highest code: 40 bits.
const END: u64 = 1 << (5 * CHARS);

/// A text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a code of eight letters and digits")]
pub struct BadCode;

/// A code of a group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct JoinCode(u64);

impl JoinCode {
    /// A new one.
    pub fn draw(entropy: &mut dyn Entropy) -> Self {
        Self(u64::from_be_bytes(entropy.array()) % END)
    }
}

impl TryFrom<u64> for JoinCode {
    type Error = BadCode;
    fn try_from(number: u64) -> Result<Self, BadCode> {
        (number < END).then_some(Self(number)).ok_or(BadCode)
    }
}

impl From<JoinCode> for u64 {
    fn from(code: JoinCode) -> Self {
        code.0
    }
}

impl fmt::Display for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for at in 0..CHARS {
            if at == CHARS / 2 {
                f.write_str("-")?;
            }
            let digit = self.0 >> (5 * (CHARS - 1 - at)) & 31;
            let letter = usize::try_from(digit).ok().and_then(|at| ALPHABET.get(at));
            write!(f, "{}", char::from(letter.copied().unwrap_or(b'0')))?;
        }
        Ok(())
    }
}

impl fmt::Debug for JoinCode {
    /// Whoever reads a log is not to come in with it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JoinCode")
    }
}

impl FromStr for JoinCode {
    type Err = BadCode;
    fn from_str(typed: &str) -> Result<Self, BadCode> {
        let (mut number, mut count) = (0, 0);
        for letter in typed.nfkc().filter(|c| !c.is_whitespace() && *c != '-') {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = ALPHABET
                .iter()
                .position(|known| char::from(*known) == letter);
            let digit = digit
                .and_then(|digit| u64::try_from(digit).ok())
                .ok_or(BadCode)?;
            count += 1;
            if count > CHARS {
                return Err(BadCode);
            }
            number = number << 5 | digit;
        }
        if count == CHARS {
            Ok(Self(number))
        } else {
            Err(BadCode)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_as_people_type_it() {
        let mut entropy = SeededEntropy::from_number(5);
        for _ in 0..50 {
            let code = JoinCode::draw(&mut entropy);
            let shown = code.to_string();
            assert_eq!((shown.len(), shown.find('-')), (9, Some(4)), "{shown}");
            assert!(!shown.contains(['I', 'L', 'O', 'U']), "{shown}");
            assert_eq!(shown.parse(), Ok(code));
            assert_eq!(shown.to_lowercase().replace('-', " ").parse(), Ok(code));
        }
        let code: JoinCode = "01AB-2XYZ".parse().unwrap();
        for typed in [
            "OIab2xyz",
            " ol ab - 2x yz ",
            "０１ＡＢ２ＸＹＺ",
            "0lAB–2XYZ".replace('–', "-").as_str(),
        ] {
            assert_eq!(typed.parse(), Ok(code), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for typed in [
            "",
            "0000-000",
            "0000-0000-0",
            "0000-000U",
            "班级班级班级班级",
            "0000_0000",
        ] {
            assert_eq!(typed.parse::<JoinCode>(), Err(BadCode), "{typed}");
        }
        assert!(JoinCode::try_from(END).is_err());
        assert_eq!(
            JoinCode::try_from(END - 1).unwrap().to_string(),
            "ZZZZ-ZZZZ"
        );
    }

    #[test]
    fn a_log_does_not_tell_it() {
        assert!(!format!("{:?}", JoinCode(0)).contains('0'));
    }
}
