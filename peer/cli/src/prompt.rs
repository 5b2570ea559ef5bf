//! Passwords: asked for on the terminal, or read from standard input when that was asked for.
//!
//! Called before anything else happens, so that a person never types into the void. The agent never prompts.

use hutong_common::limits::PASSWORD_CHARS_MAX;
use hutong_common::text::{Lang, client::Client};
use std::io::{BufRead, IsTerminal};
use zeroize::Zeroizing;

/// Why there is no password; the words are for the person.
#[derive(Debug)]
pub(crate) struct NoPassword(pub(crate) String);

/// Room for the lines of two passwords, four bytes a character.
const STDIN_BYTES: u64 = 2 * (4 * PASSWORD_CHARS_MAX as u64 + 2) + 1;

/// As many lines of standard input.
pub(crate) fn from_stdin<const N: usize>(lang: Lang) -> Result<[Zeroizing<String>; N], NoPassword> {
    from_lines(std::io::stdin().lock(), lang)
}

fn from_lines<const N: usize>(
    source: impl BufRead,
    lang: Lang,
) -> Result<[Zeroizing<String>; N], NoPassword> {
    let mut source = source.take(STDIN_BYTES);
    let mut passwords = [(); N].map(|()| Zeroizing::new(String::new()));
    for password in &mut passwords {
        let length = source.read_line(password).unwrap_or_default();
        if length == 0 {
            return Err(NoPassword(Client::NoPasswordLine.say(lang)));
        }
        let end = password.trim_end_matches(['\r', '\n']).len();
        password.truncate(end);
    }
    Ok(passwords)
}

/// One password typed unseen.
pub(crate) fn ask(question: Client<'_>, lang: Lang) -> Result<Zeroizing<String>, NoPassword> {
    let nobody = || NoPassword(Client::NoTerminal.say(lang));
    if !std::io::stdin().is_terminal() {
        return Err(nobody());
    }
    rpassword::prompt_password(format!("{} ", question.say(lang)))
        .map(Zeroizing::new)
        .map_err(|_| nobody())
}

/// A new password typed twice.
pub(crate) fn ask_new(question: Client<'_>, lang: Lang) -> Result<Zeroizing<String>, NoPassword> {
    let password = ask(question, lang)?;
    if password == ask(Client::AskPasswordAgain, lang)? {
        Ok(password)
    } else {
        Err(NoPassword(Client::PasswordsDiffer.say(lang)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_password_is_one_line_and_spaces_belong_to_it() {
        let read = from_lines::<2>(" old \r\nnew\n".as_bytes(), Lang::En).unwrap();
        assert_eq!((read[0].as_str(), read[1].as_str()), (" old ", "new"));
        assert!(from_lines::<2>("only one\n".as_bytes(), Lang::En).is_err());
        assert!(from_lines::<1>(&b""[..], Lang::Zh).is_err());
    }
}
