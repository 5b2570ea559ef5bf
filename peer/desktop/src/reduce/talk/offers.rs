//! Naming somebody in a group: members are offered for what is typed after `@` at the end of the words.

use crate::finding::finds;
use crate::input::intent::OfferIntent;
use crate::model::AppState;
use crate::model::compose::{Named, Offer, Spot};
use crate::model::groups::Group;
use crate::model::people::Face;
use druid::ArcStr;
use druid::im::Vector;
use hutong_common::limits::OFFERED_NAMES_MAX;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_engine::api::group::GroupMember;

/// What begins a name.
const SIGN: char = '@';

/// Looks who is meant by what is typed now.
pub(super) fn look(state: &mut AppState) {
    let offer = begun(&state.words).and_then(|typed| offered(state, typed));
    state.offer = offer;
}

pub(super) fn wanted(state: &mut AppState, intent: OfferIntent) {
    match (intent, &mut state.offer) {
        (OfferIntent::Step { down }, Some(offer)) => {
            let count = offer.names.len().max(1);
            let step = if down { 1 } else { count - 1 };
            offer.at = (offer.at + step) % count;
            mark(offer);
        }
        (OfferIntent::Close, offer) => {
            *offer = None;
            state.aim.at(Spot::Composer);
        }
        (OfferIntent::Step { .. }, None) => {}
    }
}

/// The name that the words end with as far as it is typed; in an address of mail the sign begins none.
fn begun(words: &str) -> Option<&str> {
    let (head, typed) = words.rsplit_once(SIGN)?;
    let is_apart = head
        .chars()
        .next_back()
        .is_none_or(|before| !before.is_ascii_alphanumeric());
    (is_apart && !typed.contains(char::is_whitespace)).then_some(typed)
}

fn offered(state: &AppState, typed: &str) -> Option<Offer> {
    let group = state.open_group().filter(|_| state.silence().is_none())?;
    let own = state.own_login();
    let everybody =
        everybody(state, group).filter(|all| finds(&all.hint, typed) || finds(&all.word, typed));
    let members = group.members().iter().filter(|member| member.login != own);
    let named = members.filter_map(|member| named(state, group, (member, typed)));
    let names: Vector<Named> = everybody
        .into_iter()
        .chain(named)
        .take(OFFERED_NAMES_MAX)
        .collect();
    let mut offer = Offer {
        typed: typed.into(),
        names,
        at: 0,
    };
    mark(&mut offer);
    (!offer.names.is_empty()).then_some(offer)
}

fn mark(offer: &mut Offer) {
    for (number, name) in offer.names.iter_mut().enumerate() {
        name.is_chosen = number == offer.at;
    }
}

/// All of them, whom only admins name.
fn everybody(state: &AppState, group: &Group) -> Option<Named> {
    let lang = state.prefs.lang;
    group.is_admin().then(|| Named {
        face: state
            .open
            .as_ref()
            .map(|open| open.face.clone())
            .unwrap_or_else(|| face(state, "")),
        hint: GroupsText::Everybody.say(lang).into(),
        word: GroupsText::EverybodyWord.say(lang).into(),
        is_chosen: false,
    })
}

fn face(state: &AppState, login: &str) -> Face {
    state.contact(&login.into()).face()
}

/// A member who is meant. Whoever shares a name with somebody else in the group is written by login.
fn named(state: &AppState, group: &Group, (member, typed): (&GroupMember, &str)) -> Option<Named> {
    let face = face(state, &member.login);
    let is_meant = [&*face.name, &member.name, &member.login]
        .into_iter()
        .any(|name| finds(name, typed));
    let called =
        |other: &GroupMember| face.name == *state.contact(&other.login.as_str().into()).shown();
    let is_shared = group.members().iter().filter(|other| called(other)).count() > 1;
    let login: ArcStr = member.login.as_str().into();
    is_meant.then(|| Named {
        word: if is_shared {
            login.clone()
        } else {
            face.name.clone()
        },
        hint: login,
        face,
        is_chosen: false,
    })
}
