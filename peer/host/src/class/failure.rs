//! Why a class was not started: a closed set, each with its sentence for the person.

use crate::wording;
use hutong_common::text::Lang;
use hutong_common::text::class::ClassFailure as Said;
use hutong_common::text::rendezvous::Rendezvous;
use hutong_engine::api::Failure;
use std::fmt::Display;
use std::io;
use std::path::PathBuf;

/// Why a class was not started.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// The rendezvous lies neither beside this program nor where the system looks for programs.
    #[error("there is no program `rendezvous`")]
    NoProgram,
    /// The system does not run it.
    #[error("{program} cannot be run")]
    Program {
        /// Which.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder of the class cannot be used.
    #[error("{path} cannot be used")]
    Folder {
        /// Which part of it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No name that a class may have.
    #[error("not a name for a class")]
    BadName,
    /// Another program listens there: another port helps.
    #[error("the address is taken: {sentence}")]
    PortTaken {
        /// What the rendezvous said.
        sentence: String,
    },
    /// The clock is before the last change, or long after it: whoever knows that it is right accepts it.
    #[error("the clock is not believed: {sentence}")]
    Clock {
        /// What the rendezvous said.
        sentence: String,
    },
    /// The rendezvous did not start for another reason.
    #[error("the rendezvous refused: {sentence}")]
    Refused {
        /// What it said.
        sentence: String,
    },
    /// It did not become ready in time.
    #[error("the rendezvous is not ready")]
    NotReady,
    /// This home belongs to an account of another rendezvous.
    #[error("this home is signed in at another rendezvous")]
    SignedInElsewhere,
    /// It runs, and its teacher could not be signed in.
    #[error("the class runs, and its teacher is not signed in: {0:?}")]
    Account(Failure),
}

impl NotStarted {
    /// What it means to a person.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::NoProgram => Said::NoProgram.say(lang),
            Self::Program { program, source } => Said::Program {
                program: &program.display(),
                why: source,
            }
            .say(lang),
            Self::Folder { path, source } => Said::Folder {
                path: &path.display(),
                why: source,
            }
            .say(lang),
            Self::BadName => Said::BadName.say(lang),
            Self::PortTaken { sentence }
            | Self::Clock { sentence }
            | Self::Refused { sentence } => sentence.clone(),
            Self::NotReady => Said::NotReady.say(lang),
            Self::SignedInElsewhere => Said::SignedInElsewhere.say(lang),
            Self::Account(failure) => wording::explain(failure, lang),
        }
    }

    /// What the last sentence of a rendezvous means that ended before it was ready.
    pub(super) fn of_sentence(sentence: String, lang: Lang) -> Self {
        let is = |of: &dyn Fn(&dyn Display) -> String| is_of(&sentence, of);
        if is(&|address| Rendezvous::AddressInUse { address }.say(lang)) {
            Self::PortTaken { sentence }
        } else if is(&|by| Rendezvous::ClockBehind { by }.say(lang))
            || is(&|by| Rendezvous::ClockAhead { by }.say(lang))
        {
            Self::Clock { sentence }
        } else {
            Self::Refused { sentence }
        }
    }
}

/// Whether a sentence is that one, whatever stands in its hole.
fn is_of(sentence: &str, of: &dyn Fn(&dyn Display) -> String) -> bool {
    const HOLE: char = '\0';
    of(&HOLE).split_once(HOLE).is_some_and(|(before, after)| {
        sentence.len() > before.len() + after.len()
            && sentence.starts_with(before)
            && sentence.ends_with(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rendezvous_says_last_tells_why_it_did_not_start() {
        for lang in [Lang::En, Lang::Zh] {
            let of = |sentence: String| NotStarted::of_sentence(sentence, lang);
            let address = &"[::]:7440";
            let taken = Rendezvous::AddressInUse { address }.say(lang);
            assert!(matches!(of(taken.clone()), NotStarted::PortTaken { .. }));
            assert_eq!(of(taken.clone()).say(lang), taken);
            let by = &"3 d";
            for clock in [
                Rendezvous::ClockBehind { by },
                Rendezvous::ClockAhead { by },
            ] {
                assert!(matches!(of(clock.say(lang)), NotStarted::Clock { .. }));
            }
            let other = Rendezvous::KeyDamaged { path: &"k" }.say(lang);
            assert!(matches!(of(other), NotStarted::Refused { .. }));
            assert!(matches!(of(String::new()), NotStarted::Refused { .. }));
        }
    }
}
