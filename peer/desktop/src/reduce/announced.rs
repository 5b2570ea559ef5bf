//! What teachers and admins announce: shown above everything else, one after the other, and confirmed where that is wanted.

use crate::input::{Effect, Purpose};
use crate::model::groups::{GroupForm, GroupWish, address};
use crate::model::{AppState, Dialog, GroupPage, Stage, Summary};
use druid::ArcStr;
use hutong_common::id::{GroupId, MsgId};
use hutong_common::message::LAN;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_engine::api::Command;
use hutong_engine::api::announcement::{
    Announce, AnnounceCommand, Announcement, AnnouncementDone, Confirmed,
};
use std::sync::Arc;

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

/// Of all that was ever announced, what is not confirmed is shown; of one's own, who knows it.
pub(super) fn answered(state: &mut AppState, done: AnnouncementDone) {
    let announcements = match done {
        AnnouncementDone::Listed { announcements } => announcements,
        AnnouncementDone::Proof(proof) => {
            state.group_form.proof = Some(Arc::new(*proof));
            return;
        }
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
    let mut effects = seen(state);
    state.dialog = None;
    let confirm = Command::Announce(AnnounceCommand::Confirm { message });
    effects.push(Effect::Ask(Purpose::Quietly, confirm));
    effects
}

/// What stood before one's eyes is read, unless something else in its conversation is not.
pub(super) fn seen(state: &mut AppState) -> Vec<Effect> {
    let Some(Dialog::Announcement(shown)) = &state.dialog else {
        return Vec::new();
    };
    let (with, upto) = (shown.conversation.clone(), Some(shown.id));
    let summary = state.summaries.get_mut(&ArcStr::from(with.as_str()));
    let is_last = |summary: &Summary| summary.last.as_ref().map(|last| last.message.id) == upto;
    match summary.filter(|summary| summary.unread == 1 && is_last(summary)) {
        Some(summary) => {
            (summary.unread, summary.mentions) = (0, 0);
            vec![Effect::Ask(Purpose::Quietly, Command::Read { with, upto })]
        }
        None => Vec::new(),
    }
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

/// What one announces, or why it cannot be done; none of any other wish.
pub(super) fn wished(state: &mut AppState, wish: &GroupWish) -> Option<Vec<Effect>> {
    let form = &mut state.group_form;
    let command = if let GroupWish::Announce(group) = wish {
        let text = form.text.trim().to_owned();
        if text.is_empty() {
            form.word = Some(GroupsText::NeedsWords.say(state.prefs.lang).into());
            return Some(Vec::new());
        }
        let lan = *group == LAN;
        AnnounceCommand::Announce(Announce {
            text,
            to: (!lan).then(|| address(*group).to_string()),
            lan,
            large: form.is_large,
            confirm: form.is_confirm,
        })
    } else if let GroupWish::AnnounceAgain(_, message) = wish {
        AnnounceCommand::AnnounceAgain { message: *message }
    } else {
        return None;
    };
    (form.waits, form.done, form.word) = (1, 0, None);
    let purpose = Purpose::Wish(wish.clone());
    Some(vec![Effect::Ask(purpose, Command::Announce(command))])
}

/// It is announced, or was: one sees who knows it.
pub(super) fn prove(state: &mut AppState, (group, message): (GroupId, MsgId)) -> Vec<Effect> {
    state.group_form = GroupForm::default();
    state.dialog = Some(Dialog::Group(GroupPage::Proof(group, message)));
    proof_of(state, message)
}

/// Something happened to a message: whoever looks at its proof sees it.
pub(super) fn proof_of(state: &AppState, message: MsgId) -> Vec<Effect> {
    match &state.dialog {
        Some(Dialog::Group(GroupPage::Proof(_, shown))) if *shown == message => {
            let proof = Command::Announce(AnnounceCommand::Proof { message });
            vec![Effect::Ask(Purpose::Announcements, proof)]
        }
        Some(_) | None => Vec::new(),
    }
}
