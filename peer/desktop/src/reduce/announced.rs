//! What teachers and admins announce: shown above everything else, one after the other, and confirmed where that is wanted.

use crate::input::{Effect, Purpose};
use crate::model::{AppState, Dialog, Stage};
use hutong_common::id::MsgId;
use hutong_engine::api::Command;
use hutong_engine::api::announcement::{
    AnnounceCommand, Announcement, AnnouncementDone, Confirmed,
};

/// What was announced while there was no window may still wait for a word.
pub(super) const fn ask() -> Effect {
    let all = Command::Announce(AnnounceCommand::Announcements);
    Effect::Ask(Purpose::Announcements, all)
}

/// Somebody announces something. One's own words are in the conversation.
pub(super) fn told(state: &mut AppState, announcement: Announcement) {
    let is_own = state
        .me
        .as_ref()
        .is_some_and(|me| me.signed_in.account == announcement.account);
    let is_known = |known: &Announcement| known.id == announcement.id;
    let is_shown = match &state.dialog {
        Some(Dialog::Announcement(shown)) => is_known(shown),
        Some(_) | None => false,
    };
    let waits = state.announced.iter().any(|waiting| is_known(waiting));
    if !is_own && !is_shown && !waits {
        state.announced.push_back(announcement.into());
    }
}

/// Of all that was ever announced, what is not confirmed.
pub(super) fn listed(state: &mut AppState, done: AnnouncementDone) {
    let AnnouncementDone::Listed { announcements } = done else {
        return;
    };
    for row in announcements {
        let how = row.announcement.how;
        if !row.own && how.confirm && !how.confirmed {
            told(state, row.announcement);
        }
    }
}

/// The next one, when nothing else is asked.
pub(super) fn show_next(state: &mut AppState) {
    if state.dialog.is_none() && state.stage == Stage::In {
        state.dialog = state.announced.pop_front().map(Dialog::Announcement);
    }
}

/// One says that one has read it.
pub(super) fn confirm(state: &mut AppState, message: MsgId) -> Vec<Effect> {
    state.dialog = None;
    let confirm = Command::Announce(AnnounceCommand::Confirm { message });
    vec![Effect::Ask(Purpose::Quietly, confirm)]
}

/// It was confirmed, perhaps by another program of this home: it need not be shown any more.
pub(super) fn confirmed(state: &mut AppState, confirmed: &Confirmed) {
    let own = state.me.as_ref().map(|me| me.signed_in.login.as_str());
    if own != Some(confirmed.who.as_str()) {
        return;
    }
    state
        .announced
        .retain(|waiting| waiting.id != confirmed.message);
    if let Some(Dialog::Announcement(shown)) = &state.dialog
        && shown.id == confirmed.message
    {
        state.dialog = None;
    }
}
