//! What is said of a file's state, on its card in a conversation and in the list of files, and what can be done about it: who may
//! do what is the engine's to decide, this only offers what makes sense.

use crate::model::chat::{FileCard, RowAct};
use hutong_common::text::desktop::chat::ChatText;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_common::text::{Lang, bytes};
use hutong_engine::api::event::FileState;

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Fetches the file.
    Accept,
    /// Fetches it after it failed.
    AcceptAgain,
    /// Refuses it.
    Decline,
    /// Holds it.
    Pause,
    /// Lets it go on.
    Resume,
    /// Gives it up.
    Cancel,
    /// Opens it with the system's program.
    Open,
    /// Shows it in its folder.
    Reveal,
}

impl Deed {
    /// Whether it is what most people want next.
    pub fn is_first(self) -> bool {
        matches!(self, Self::Accept | Self::Resume)
    }

    /// What stands on it.
    pub fn word(self, lang: Lang) -> String {
        let word = match self {
            Self::Accept => ChatText::Accept,
            Self::AcceptAgain => ChatText::AcceptAgain,
            Self::Decline => ChatText::Decline,
            Self::Pause => ChatText::Pause,
            Self::Resume => ChatText::Resume,
            Self::Cancel => ChatText::Cancel,
            Self::Open => ChatText::Open,
            Self::Reveal => ChatText::Reveal,
        };
        word.say(lang)
    }

    /// What it asks for; none while that cannot be done.
    pub fn act(self, file: &FileCard) -> Option<RowAct> {
        let path = || file.lies_at.as_ref().map(|path| path.as_ref().clone());
        Some(match self {
            Self::Accept | Self::AcceptAgain => RowAct::Accept(file.file),
            Self::Decline => RowAct::Decline(file.file),
            Self::Pause => RowAct::Pause(file.file),
            Self::Resume => RowAct::Resume(file.file),
            Self::Cancel => RowAct::Cancel(file.file),
            Self::Open => RowAct::Open(path()?),
            Self::Reveal => RowAct::Reveal(path()?),
        })
    }
}

/// The buttons, the first one nearest to the corner.
pub fn deeds(file: &FileCard, mine: bool) -> Vec<Deed> {
    match file.state {
        Some(FileState::Offered) if mine => vec![Deed::Cancel],
        Some(FileState::Offered) => vec![Deed::Accept, Deed::Decline],
        Some(FileState::Waiting) => vec![Deed::Cancel],
        Some(FileState::Running) => vec![Deed::Pause, Deed::Cancel],
        Some(FileState::Paused) if file.paused_here => vec![Deed::Resume, Deed::Cancel],
        // It paused itself, as the disk has no room: once there is, it can be fetched.
        Some(FileState::Paused) if !mine && !file.paused_there => {
            vec![Deed::AcceptAgain, Deed::Cancel]
        }
        Some(FileState::Paused) => vec![Deed::Cancel],
        // What may run as a program is looked at in its folder first.
        Some(FileState::Verified) if file.lies_at.is_some() && file.executable => {
            vec![Deed::Reveal]
        }
        Some(FileState::Verified) if file.lies_at.is_some() => vec![Deed::Open, Deed::Reveal],
        Some(FileState::Failed) if !mine && can_be_fetched_again(file) => vec![Deed::AcceptAgain],
        Some(FileState::Verified | FileState::Failed | FileState::Declined) | None => Vec::new(),
    }
}

fn can_be_fetched_again(file: &FileCard) -> bool {
    !matches!(file.code.as_deref(), Some("declined" | "cancelled"))
}

/// What a click on the card itself does.
pub fn body_act(file: &FileCard) -> Option<RowAct> {
    let opens = file.state == Some(FileState::Verified) && !file.executable;
    opens.then(|| Deed::Open.act(file)).flatten()
}

/// Whether its state is told as something that went wrong.
pub fn is_failure(file: &FileCard) -> bool {
    file.state == Some(FileState::Failed)
}

/// From 0 to 1, once there is something and before all is there.
pub fn progress(file: &FileCard) -> Option<f64> {
    match file.state {
        Some(FileState::Running) => Some(share(file)),
        Some(FileState::Paused | FileState::Waiting) if file.done > 0 => Some(share(file)),
        Some(_) | None => None,
    }
}

fn share(file: &FileCard) -> f64 {
    if file.size == 0 {
        0.0
    } else {
        (file.done as f64 / file.size as f64).clamp(0.0, 1.0)
    }
}

/// Size and state, and while bytes flow how many and how fast.
pub fn state_words(file: &FileCard, mine: bool, lang: Lang) -> String {
    let size = bytes(file.size);
    let Some(state) = state_word(file, mine, lang) else {
        return if file.state == Some(FileState::Running) {
            running_words(file, lang)
        } else {
            size
        };
    };
    match progress(file) {
        Some(_) => format!("{}\u{a0}· {state}", running_words(file, lang)),
        None => format!("{size}\u{a0}· {state}"),
    }
}

fn running_words(file: &FileCard, lang: Lang) -> String {
    // Nothing is at 100 % before it is proved.
    let percent = ((share(file) * 100.0).floor() as u64).min(99);
    let (done, size) = (bytes(file.done), bytes(file.size));
    let progress = ChatText::Progress {
        done: &done,
        size: &size,
        percent: &percent,
    }
    .say(lang);
    match file.rate.filter(|_| file.state == Some(FileState::Running)) {
        Some(rate) => {
            let rate = ChatText::Rate { rate: &bytes(rate) }.say(lang);
            format!("{progress}\u{a0}· {rate}")
        }
        None => progress,
    }
}

fn state_word(file: &FileCard, mine: bool, lang: Lang) -> Option<String> {
    if let (Some(count), Some(FileState::Offered)) = (file.had_by, file.state) {
        return Some(GroupsText::FileHad { count: &count }.say(lang));
    }
    let word = match (file.state?, mine) {
        (FileState::Offered, true) => ChatText::WaitsForThem,
        (FileState::Offered, false) => ChatText::WaitsForYou,
        (FileState::Waiting, _) => ChatText::WaitsForReach,
        (FileState::Running, _) => return None,
        (FileState::Paused, _) => match (file.paused_here, file.paused_there) {
            (true, true) => ChatText::PausedByBoth,
            (true, false) => ChatText::PausedByYou,
            (false, true) => ChatText::PausedByThem,
            (false, false) => ChatText::Paused,
        },
        (FileState::Verified, true) => ChatText::TheyReceived,
        (FileState::Verified, false) => ChatText::Received,
        (FileState::Failed, _) => ChatText::TransferFailed,
        (FileState::Declined, true) => ChatText::DeclinedByThem,
        (FileState::Declined, false) => ChatText::DeclinedByYou,
    };
    Some(word.say(lang))
}

#[cfg(test)]
mod tests {
    use super::super::chat_view::sample;
    use super::*;

    fn file(state: FileState) -> FileCard {
        FileCard {
            state: Some(state),
            done: 50,
            size: 200,
            ..sample::file("a.pdf")
        }
    }

    #[test]
    fn what_is_offered_is_what_makes_sense() {
        let theirs = |file: &FileCard| deeds(file, false);
        assert_eq!(
            theirs(&file(FileState::Offered)),
            [Deed::Accept, Deed::Decline]
        );
        assert_eq!(deeds(&file(FileState::Offered), true), [Deed::Cancel]);
        assert_eq!(
            theirs(&file(FileState::Running)),
            [Deed::Pause, Deed::Cancel]
        );
        let paused = |here, there| FileCard {
            paused_here: here,
            paused_there: there,
            ..file(FileState::Paused)
        };
        assert_eq!(theirs(&paused(true, true)), [Deed::Resume, Deed::Cancel]);
        assert_eq!(
            theirs(&paused(false, true)),
            [Deed::Cancel],
            "only they can let it go on"
        );
        assert_eq!(
            theirs(&paused(false, false)),
            [Deed::AcceptAgain, Deed::Cancel]
        );
        let failed = |code: &str| FileCard {
            code: Some(code.into()),
            ..file(FileState::Failed)
        };
        assert_eq!(theirs(&failed("file_damaged")), [Deed::AcceptAgain]);
        assert!(theirs(&failed("cancelled")).is_empty());
        assert!(
            theirs(&FileCard {
                state: None,
                ..file(FileState::Failed)
            })
            .is_empty()
        );
    }

    #[test]
    fn what_may_run_as_a_program_is_not_opened_from_here() {
        let path = Some(std::sync::Arc::new("a.pdf".into()));
        let received = FileCard {
            lies_at: path,
            ..file(FileState::Verified)
        };
        assert_eq!(deeds(&received, false), [Deed::Open, Deed::Reveal]);
        assert_eq!(body_act(&received), Some(RowAct::Open("a.pdf".into())));
        let program = FileCard {
            executable: true,
            ..received
        };
        assert_eq!(deeds(&program, false), [Deed::Reveal]);
        assert_eq!(body_act(&program), None);
    }

    #[test]
    fn states_are_said_with_what_matters_then() {
        let running = FileCard {
            rate: Some(2_048),
            ..file(FileState::Running)
        };
        for (file, mine, en, zh) in [
            (
                running.clone(),
                false,
                "50 B of 200 B · 25 % · 2.0 KiB/s",
                "已传 50 B / 200 B · 25% · 2.0 KiB/秒",
            ),
            (
                FileCard {
                    done: 200,
                    rate: None,
                    ..running
                },
                false,
                "200 B of 200 B · 99 %",
                "已传 200 B / 200 B · 99%",
            ),
            (
                file(FileState::Offered),
                true,
                "200 B · waits for the other side",
                "200 B · 等待对方接收",
            ),
            (
                FileCard {
                    paused_there: true,
                    ..file(FileState::Paused)
                },
                false,
                "50 B of 200 B · 25 % · paused by the other side",
                "已传 50 B / 200 B · 25% · 对方已暂停",
            ),
            (
                FileCard {
                    state: None,
                    ..file(FileState::Paused)
                },
                false,
                "200 B",
                "200 B",
            ),
        ] {
            let said = |lang| state_words(&file, mine, lang).replace('\u{a0}', " ");
            assert_eq!(said(Lang::En), en);
            assert_eq!(said(Lang::Zh), zh);
        }
    }
}
