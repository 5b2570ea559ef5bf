//! What went wrong or should be known, in words that fit a window.

use crate::input::{Effect, Ending, Tick};
use crate::model::{AppState, Banner, Fault, Note, Remedy, Toast};
use druid::ArcStr;
use hutong_common::limits::{PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, PICTURE_SIDE_PX_MAX};
use hutong_common::refusal::Refusal;
use hutong_common::text::desktop::class::ClassText;
use hutong_common::text::desktop::compose::ComposeText;
use hutong_common::text::desktop::entry::EntryText;
use hutong_common::text::desktop::failure::{FailureText as Said, WarningText};
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::desktop::past::PastText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_common::text::desktop::settings::SettingsText;
use hutong_common::text::time::time;
use hutong_common::text::{Lang, bytes, friends, refusal};
use hutong_engine::api::Failure;
use hutong_engine::api::event::WarningCode;
use jiff::tz::TimeZone;
use std::time::Duration;

/// How long a toast stays.
const STAYS: Duration = Duration::from_secs(5);
/// As many are shown at once.
const TOASTS: usize = 3;
/// As many banners are shown at once.
const BANNERS: usize = 3;

/// Shows a line for a while; the same one again takes the place of the one before.
pub(super) fn toast(state: &mut AppState, note: Note) -> Vec<Effect> {
    if state.prefs.is_presenting && note.is_private() {
        return Vec::new();
    }
    state.toasts.retain(|toast| toast.note != note);
    state.last_toast += 1;
    let id = state.last_toast;
    state.toasts.push_back(Toast { id, note });
    while state.toasts.len() > TOASTS {
        state.toasts.pop_front();
    }
    vec![Effect::Later(STAYS, Tick::Toast(id))]
}

/// Says that something could not be done.
pub(super) fn failed(state: &mut AppState, why: &Failure) -> Vec<Effect> {
    toast(state, Note::Failed(why.clone()))
}

impl Note {
    /// In the person's language.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            // A banner says what follows from it.
            Self::Failed(Failure::Storage { .. }) => Said::NotKept.say(lang),
            Self::Failed(why) => failure(why, lang),
            Self::Class(words) => words.to_string(),
            Self::ClassStopped => ClassText::Stopped.say(lang),
            Self::LinkCopied => ClassText::Copied.say(lang),
            Self::DropNowhere => ComposeText::DropNowhere.say(lang),
            Self::Saved => SettingsText::Saved.say(lang),
            Self::PasswordChanged => SettingsText::PasswordChanged.say(lang),
            Self::ComputerRemoved => SettingsText::Removed.say(lang),
            Self::Unlocked => WarningText::Unlocked.say(lang),
            Self::Group(said) => said.words(lang),
        }
    }

    /// Whether something went wrong.
    pub const fn is_alarm(&self) -> bool {
        match self {
            Self::Failed(_) | Self::Class(_) => true,
            Self::ClassStopped
            | Self::LinkCopied
            | Self::DropNowhere
            | Self::Saved
            | Self::PasswordChanged
            | Self::ComputerRemoved
            | Self::Unlocked
            | Self::Group(_) => false,
        }
    }
}

impl Fault {
    /// In the person's language.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::LoginMissing => EntryText::LoginMissing.say(lang),
            Self::PasswordMissing => EntryText::PasswordMissing.say(lang),
            Self::PasswordsDiffer => EntryText::PasswordsDiffer.say(lang),
            Self::ClassNameMissing => ClassText::NameMissing.say(lang),
            Self::NoDay => PastText::NoDay.say(lang),
            Self::Class(words) => words.to_string(),
            Self::Failed(why) => failure(why, lang),
        }
    }
}

impl Ending {
    /// In the person's language.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::HomeLocked => HomeText::HomeLocked.say(lang),
            Self::Broken(why) => {
                let detail = failure(why, lang);
                HomeText::HomeBroken { detail: &detail }.say(lang)
            }
            Self::Stopped => HomeText::Stopped.say(lang),
        }
    }
}

/// What a failure means to somebody before a window.
pub(super) fn failure(failure: &Failure, lang: Lang) -> String {
    let said = match failure {
        Failure::Refused(Refusal::TooManyDevices) => Said::TooManyDevices,
        Failure::Refused(refusal) => {
            let local = |ms| time(ms, TimeZone::system());
            return refusal::explain(refusal, lang, &local);
        }
        Failure::NoAccount { login } => return Said::NoAccount { login }.say(lang),
        Failure::NoContact { login } => return Said::NoContact { login }.say(lang),
        Failure::CannotAdd { login, why, .. } => {
            return why_not(why, lang).unwrap_or_else(|| Said::CannotAdd { login }.say(lang));
        }
        Failure::Malformed { detail } => return Said::Malformed { detail }.say(lang),
        Failure::NotSignedIn => Said::NotSignedIn,
        Failure::AlreadySignedIn => Said::AlreadySignedIn,
        Failure::HomeLocked => Said::HomeLocked,
        Failure::NoServer => Said::NoServer,
        Failure::SeveralServers => Said::SeveralServers,
        Failure::ServerNotTrusted { .. } => Said::ServerNotTrusted,
        Failure::ServerKeyChanged { .. } => Said::ServerKeyChanged,
        Failure::Unreachable => Said::Unreachable,
        Failure::NoSuchFile { path } => {
            let path = path.display();
            return Said::NoSuchFile { path: &path }.say(lang);
        }
        Failure::PictureUnreadable { .. } => Said::PictureUnreadable,
        Failure::PictureTooLarge { .. } => {
            let size = bytes(PICTURE_BYTES_MAX as u64);
            let (side, pixels) = (PICTURE_SIDE_PX_MAX, PICTURE_PIXELS_MAX / 1_000_000);
            return Said::PictureTooLarge {
                size: &size,
                side: &side,
                pixels: &pixels,
            }
            .say(lang);
        }
        Failure::NoSuchMessage => Said::NoSuchMessage,
        Failure::OnlyTeachers => Said::OnlyTeachers,
        Failure::ThisDevice => Said::ThisDevice,
        Failure::NoSuchDevice => Said::NoSuchDevice,
        Failure::NoSuchCode { code } => return Said::NoSuchCode { code }.say(lang),
        Failure::NoSpace { folder, missing } => {
            let (folder, missing) = (folder.display(), bytes(*missing));
            return Said::NoSpace {
                folder: &folder,
                missing: &missing,
            }
            .say(lang);
        }
        Failure::NotWritable { folder } => {
            return Said::NotWritable {
                folder: &folder.display(),
            }
            .say(lang);
        }
        Failure::PausedByOther => Said::PausedByOther,
        Failure::TimedOut => Said::TimedOut,
        Failure::Storage { detail } => return Said::Storage { detail }.say(lang),
    };
    said.say(lang)
}

/// Why somebody cannot be asked.
pub(super) fn why_not(code: &str, lang: Lang) -> Option<String> {
    match code {
        "they_requested" => Some(Said::TheyRequested.say(lang)),
        "blocked" => Some(Said::Blocked.say(lang)),
        _ => friends::why_not(code, lang),
    }
}

impl Banner {
    /// In the person's language.
    pub fn words(&self, lang: Lang) -> String {
        let who = &self.name;
        if self.waits {
            return PeopleText::MessageWaits { name: who }.say(lang);
        }
        match self.code {
            WarningCode::ClockOff => WarningText::ClockOff,
            WarningCode::IdentityCloned => WarningText::IdentityCloned,
            WarningCode::KeyChanged => WarningText::KeyChanged { who },
            WarningCode::SignedOut => WarningText::SignedOut,
            WarningCode::ServerKeyChanged => WarningText::ServerKeyChanged,
            WarningCode::DeviceCopied => WarningText::DeviceCopied { who },
            WarningCode::MailLocked => WarningText::MailLocked,
            WarningCode::Storage => WarningText::Storage,
            WarningCode::AccountLocked => WarningText::AccountLocked,
            WarningCode::AvatarNotSet => WarningText::AvatarNotSet,
            WarningCode::SheetDiffers => WarningText::SheetDiffers { who },
            WarningCode::PlainKeys | WarningCode::EventsMissed => return String::new(),
        }
        .say(lang)
    }

    /// What can be done about it.
    pub fn remedy(&self) -> Option<Remedy> {
        match self.code {
            WarningCode::KeyChanged => Some(Remedy::Compare(self.who.clone())),
            WarningCode::MailLocked => Some(Remedy::Unlock),
            WarningCode::ClockOff
            | WarningCode::IdentityCloned
            | WarningCode::PlainKeys
            | WarningCode::SignedOut
            | WarningCode::EventsMissed
            | WarningCode::ServerKeyChanged
            | WarningCode::DeviceCopied
            | WarningCode::Storage
            | WarningCode::AccountLocked
            | WarningCode::AvatarNotSet
            | WarningCode::SheetDiffers => None,
        }
    }
}

/// Keeps a warning in sight; what a person can do nothing about is not shown.
pub(super) fn warned(state: &mut AppState, code: WarningCode, who: Option<&str>) -> Vec<Effect> {
    if matches!(code, WarningCode::PlainKeys | WarningCode::EventsMissed) {
        return Vec::new();
    }
    let who: ArcStr = who.unwrap_or_default().into();
    let name = state.contact(&who).shown().clone();
    keep(
        state,
        Banner {
            code,
            who,
            name,
            waits: false,
        },
    );
    Vec::new()
}

/// A message that is not sent before the person has decided about a key.
pub(super) fn message_waits(state: &mut AppState, with: &ArcStr) {
    let banner = Banner {
        code: WarningCode::KeyChanged,
        name: state.contact(with).shown().clone(),
        who: with.clone(),
        waits: true,
    };
    keep(state, banner);
}

/// The person has decided about the key of this one.
pub(super) fn settled(state: &mut AppState, with: &str) {
    let is_about = |banner: &Banner| banner.code == WarningCode::KeyChanged && *banner.who == *with;
    state.banners.retain(|banner| !is_about(banner));
}

/// The banner of this cause goes.
pub(super) fn put_away(state: &mut AppState, code: WarningCode) {
    state.banners.retain(|banner| banner.code != code);
}

/// Each cause has one banner; another person's key is another cause.
fn keep(state: &mut AppState, banner: Banner) {
    let is_same = |other: &Banner| other.code == banner.code && other.who == banner.who;
    state.banners.retain(|other| !is_same(other));
    state.banners.push_back(banner);
    while state.banners.len() > BANNERS {
        state.banners.pop_front();
    }
}
