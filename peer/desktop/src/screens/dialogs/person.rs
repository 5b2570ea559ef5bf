//! Somebody's card, and the digits that two people compare to be sure of each other.

use crate::input::Intent;
use crate::input::intent::{Go, PeopleIntent};
use crate::model::own::Own;
use crate::model::people::Contact;
use crate::model::{AppState, Checking, Dialog};
use crate::say;
use crate::screens::home::want;
use crate::theme::GRID;
use crate::widgets::{button, face, text, text_box};
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, MainAxisAlignment, SizedBox};
use druid::{ArcStr, WidgetExt};
use hutong_common::text::desktop::home::HomeText;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::Path;
use hutong_engine::api::done::{Relation, Safety};

/// Groups of digits in a row; there are three rows.
const GROUPS: usize = 4;

fn people<T>(intent: PeopleIntent) -> impl Fn(&mut EventCtx, &mut T, &Env) {
    want(Intent::People(intent))
}

/// Reads something of this person.
fn of<R, F>(login: &ArcStr, read: F) -> impl Fn(&AppState) -> R + Clone + use<R, F>
where
    F: Fn(Contact) -> R + Clone,
{
    let login = login.clone();
    move |state: &AppState| read(state.contact(&login))
}

/// Somebody's card.
pub(super) fn card(login: ArcStr) -> impl Widget<AppState> {
    let relation = of(&login, |contact| contact.relation);
    let is_blocked = of(&login, |contact| contact.blocked);
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(head(&login))
        .with_spacer(GRID * 2.0)
        .with_child(Either::new(
            move |state: &AppState, _| relation(state) == Relation::Friend,
            friend(&login),
            stranger(&login),
        ))
        .with_child(Either::new(
            move |state: &AppState, _| is_blocked(state),
            blocked(login),
            SizedBox::empty(),
        ))
}

fn head(login: &ArcStr) -> impl Widget<AppState> + use<> {
    let face = of(login, |contact| contact.face());
    let name = of(login, |contact| contact.face());
    let line = of(login, |contact| contact.signature.to_string());
    let about = of(login, |contact| contact);
    let words = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::title(move |state: &AppState, _| {
            name(state).titled(state.prefs.lang).to_string()
        }))
        .with_child(text::hint(move |state: &AppState, env| {
            let contact = about(state);
            let login = say!(
                env,
                PeopleText::Login {
                    login: &contact.login
                }
            );
            if contact.remark.is_some() {
                format!("{} · {login}", contact.name)
            } else {
                login
            }
        }))
        .with_child(text::body(move |state: &AppState, _| line(state)));
    Flex::row()
        .must_fill_main_axis(true)
        .with_child(face::widget(64.0).lens(druid::lens::Map::new(face, |_, _| ())))
        .with_spacer(GRID * 2.0)
        .with_flex_child(words, 1.0)
}

/// Whoever is no friend can be asked to be one; one's classmates can be written to.
fn stranger(login: &ArcStr) -> impl Widget<AppState> + use<> {
    let relation = of(login, |contact| contact.relation);
    let chat = button::primary(
        |_: &AppState, env| say!(env, PeopleText::SendMessage),
        want(Intent::Go(Go::Chat(login.clone()))),
    );
    let ask = button::plain(
        |_: &AppState, env| say!(env, HomeText::AddFriend),
        people(PeopleIntent::Ask(login.clone())),
    );
    let is_classmate = move |state: &AppState, _: &Env| relation(state) == Relation::Classmate;
    let mute = super::mute(login.clone()).padding((0.0, 0.0, 0.0, GRID));
    let buttons = Flex::row()
        .must_fill_main_axis(true)
        .with_child(Either::new(
            is_classmate.clone(),
            chat.padding((0.0, 0.0, GRID, 0.0)),
            SizedBox::empty(),
        ))
        .with_child(ask)
        .padding((0.0, 0.0, 0.0, GRID));
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(Either::new(is_classmate, mute, SizedBox::empty()))
        .with_child(buttons)
}

fn friend(login: &ArcStr) -> impl Widget<AppState> + use<> {
    let remark = text_box::line(|env| say!(env, PeopleText::RemarkHint))
        .on_enter(people(PeopleIntent::Remark(login.clone())));
    let remark = Flex::row()
        .with_flex_child(remark.lens(Own::remark).expand_width(), 1.0)
        .with_spacer(GRID)
        .with_child(button::plain(
            |_, env| say!(env, PeopleText::Save),
            people(PeopleIntent::Remark(login.clone())),
        ))
        .lens(AppState::own);
    let chat = want(Intent::Go(Go::Chat(login.clone())));
    let remove = want(Intent::Go(Go::Dialog(Dialog::Remove(login.clone()))));
    let path = of(login, |contact| contact.path);
    let why = button::link(
        |_: &AppState, env| say!(env, PeopleText::WhyNotDirect),
        want(Intent::Check(Some(login.clone()))),
    );
    let away = Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
        .with_child(Either::new(
            move |state: &AppState, _| path(state) == Path::Direct,
            SizedBox::empty(),
            why,
        ))
        .with_child(button::link(
            |_, env| say!(env, PeopleText::RemoveFriend),
            remove,
        ))
        .with_child(button::link(
            |_, env| say!(env, PeopleText::Block),
            people(PeopleIntent::Block(login.clone())),
        ));
    let buttons = Flex::row()
        .must_fill_main_axis(true)
        .with_child(button::primary(|_, env| say!(env, PeopleText::SendMessage), chat).first())
        .with_spacer(GRID)
        .with_child(button::plain(
            |_, env| say!(env, PeopleText::SafetyNumber),
            people(PeopleIntent::Safety(login.clone())),
        ));
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::quiet(|_, env| say!(env, PeopleText::Remark)))
        .with_spacer(GRID / 2.0)
        .with_child(remark)
        .with_spacer(GRID)
        .with_child(super::mute(login.clone()))
        .with_spacer(GRID)
        .with_child(buttons)
        .with_spacer(GRID)
        .with_child(away)
}

fn blocked(login: ArcStr) -> impl Widget<AppState> {
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::alarm(|_, env| say!(env, PeopleText::Blocked)))
        .with_spacer(GRID)
        .with_child(button::plain(
            |_, env| say!(env, PeopleText::Unblock),
            people(PeopleIntent::Unblock(login)),
        ))
}

/// The digits are read across a table: large, in rows of a few groups.
pub(super) fn safety(login: ArcStr) -> impl Widget<AppState> {
    let name = of(&login, |contact| contact.shown().clone());
    let changed = of(&login, |contact| contact.shown().clone());
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::title(move |state: &AppState, env| {
            let name = name(state);
            say!(env, PeopleText::SafetyTitle { name: &name })
        }))
        .with_spacer(GRID)
        .with_child(Either::new(
            |state: &AppState, _| known(state).is_some_and(|safety| safety.key_changed),
            text::alarm(move |state: &AppState, env| {
                let name = changed(state);
                say!(env, PeopleText::SafetyChanged { name: &name })
            }),
            text::hint(|_, env| say!(env, PeopleText::SafetyHint)),
        ))
        .with_spacer(GRID * 3.0)
        .with_child(text::huge(|state: &AppState, _| rows(state)).center())
        .with_spacer(GRID * 3.0)
        .with_child(text::strong(|state: &AppState, env| {
            match known(state).map(|safety| safety.verified) {
                Some(true) => say!(env, PeopleText::SafetyVerified),
                Some(false) => say!(env, PeopleText::SafetyUnverified),
                None => String::new(),
            }
        }))
        .with_child(text::alarm(|state: &AppState, _| {
            let word = checking(state).and_then(|checking| checking.word.as_ref());
            word.map(ToString::to_string).unwrap_or_default()
        }))
        .with_spacer(GRID * 2.0)
        .with_child(verdicts(login))
}

/// What one can say of the digits now.
fn verdicts(login: ArcStr) -> impl Widget<AppState> {
    let accept = button::plain(
        |_, env| say!(env, PeopleText::SafetyAccept),
        people(PeopleIntent::AcceptKey(login.clone())),
    );
    let verify = button::primary(
        |_, env| say!(env, PeopleText::SafetySame),
        people(PeopleIntent::Verify(login)),
    );
    Flex::row()
        .must_fill_main_axis(true)
        .main_axis_alignment(MainAxisAlignment::End)
        .with_child(button::plain(
            |_, env| say!(env, PeopleText::Close),
            super::back(),
        ))
        .with_spacer(GRID)
        .with_child(Either::new(
            |state: &AppState, _| known(state).is_some_and(|safety| safety.key_changed),
            accept,
            SizedBox::empty(),
        ))
        .with_spacer(GRID)
        .with_child(Either::new(
            |state: &AppState, _| known(state).is_some_and(|safety| !safety.verified),
            verify,
            SizedBox::empty(),
        ))
}

fn checking(state: &AppState) -> Option<&Checking> {
    if let Some(Dialog::Safety(checking)) = &state.dialog {
        Some(checking)
    } else {
        None
    }
}

fn known(state: &AppState) -> Option<&Safety> {
    checking(state)?.safety.as_deref()
}

fn rows(state: &AppState) -> String {
    let digits = known(state).map(|safety| safety.safety.as_str());
    let groups: Vec<&str> = digits.unwrap_or_default().split_whitespace().collect();
    let rows: Vec<String> = groups.chunks(GROUPS).map(|row| row.join("   ")).collect();
    rows.join("\n")
}
