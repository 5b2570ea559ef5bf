//! People: finding, asking, answering, parting.

use super::{events, notes};
use crate::input::intent::PeopleIntent;
use crate::input::{Effect, Purpose};
use crate::model::compose::Spot;
use crate::model::{AppState, Checking, Dialog, Found, Search};
use druid::ArcStr;
use hutong_common::harmless;
use hutong_common::id::RequestId;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::command::{RequestChoice, Safety};
use hutong_engine::api::done::{Person, Relation, Safety as Checked};
use hutong_engine::api::{Command, Failure};

pub(super) fn wanted(state: &mut AppState, intent: PeopleIntent) -> Vec<Effect> {
    match intent {
        PeopleIntent::Find => find(state),
        PeopleIntent::Add => add(state),
        PeopleIntent::Ask(login) => {
            state.dialog = Some(Dialog::AddFriend(Search {
                login: login.to_string(),
                ..Search::default()
            }));
            find(state)
        }
        PeopleIntent::Accept(request) => answer(request, Command::Accept),
        PeopleIntent::Decline(request) => answer(request, Command::Decline),
        PeopleIntent::Show(login) => show(state, login),
        PeopleIntent::Remove(login) => {
            state.dialog = None;
            relate(Command::Remove {
                login: login.to_string(),
            })
        }
        PeopleIntent::Block(login) => block(login, true),
        PeopleIntent::Unblock(login) => block(login, false),
        PeopleIntent::Remark(login) => relate(Command::Remark {
            login: login.to_string(),
            name: state.own.remark.trim().to_owned(),
        }),
        PeopleIntent::Safety(login) => {
            let checking = Checking {
                with: login.clone(),
                safety: None,
                word: None,
            };
            state.dialog = Some(Dialog::Safety(checking));
            check(login, (false, false))
        }
        PeopleIntent::Verify(login) => check(login, (true, false)),
        PeopleIntent::AcceptKey(login) => check(login, (false, true)),
    }
}

/// Shows somebody's card. Only the rendezvous knows whether one who is no friend is blocked.
pub(super) fn show(state: &mut AppState, login: ArcStr) -> Vec<Effect> {
    let contact = state.known(&login);
    let remark = contact.remark.map(|name| name.to_string());
    state.own.remark = remark.unwrap_or_default();
    state.dialog = Some(Dialog::Person(login.clone()));
    if contact.relation == Relation::Friend {
        return Vec::new();
    }
    let can_add = Command::CanAdd {
        login: login.to_string(),
    };
    vec![Effect::Ask(Purpose::IsBlocked { login }, can_add)]
}

fn block(login: ArcStr, on: bool) -> Vec<Effect> {
    let whom = login.to_string();
    let command = if on {
        Command::Block { login: whom }
    } else {
        Command::Unblock { login: whom }
    };
    vec![Effect::Ask(Purpose::Block { login, on }, command)]
}

/// Whether we blocked this one is known.
pub(super) fn is_blocked(state: &mut AppState, login: &ArcStr, blocked: bool) {
    let mut contact = state.known(login);
    contact.blocked = blocked;
    state.people.insert(login.clone(), contact);
}

/// Asks for the digits, or says what the person thinks of them.
fn check(with: ArcStr, (verify, accept): (bool, bool)) -> Vec<Effect> {
    let safety = Safety {
        with: with.to_string(),
        verify,
        accept,
    };
    vec![Effect::Ask(
        Purpose::Safety { with },
        Command::Safety(safety),
    )]
}

/// The digits of that dialog are known, and what was said of them.
pub(super) fn checked(state: &mut AppState, safety: Checked) -> Vec<Effect> {
    let mut was_changed = false;
    if let Some(Dialog::Safety(checking)) = &mut state.dialog
        && *checking.with == *safety.login
    {
        let held = checking.safety.replace(safety.clone().into());
        was_changed = held.is_some_and(|held| held.key_changed);
        checking.word = None;
    }
    if safety.key_changed {
        return Vec::new();
    }
    notes::settled(state, &safety.login);
    if was_changed {
        events::everything()
    } else {
        Vec::new()
    }
}

/// They are not: the reason stands in the dialog.
pub(super) fn unchecked(state: &mut AppState, failure: &Failure) {
    let text = notes::failure(failure, state.prefs.lang);
    if let Some(Dialog::Safety(checking)) = &mut state.dialog {
        checking.word = Some(text.into());
    }
}

fn relate(command: Command) -> Vec<Effect> {
    vec![Effect::Ask(Purpose::Relation, command)]
}

fn answer(request: RequestId, command: fn(RequestChoice) -> Command) -> Vec<Effect> {
    let choice = RequestChoice {
        request: Some(request),
        from: None,
    };
    vec![Effect::Ask(
        Purpose::AnswerRequest(request),
        command(choice),
    )]
}

fn searching(state: &mut AppState) -> Option<&mut Search> {
    match &mut state.dialog {
        Some(Dialog::AddFriend(search)) => Some(search),
        Some(
            Dialog::Person(_)
            | Dialog::Picture(_)
            | Dialog::SendFiles(_)
            | Dialog::SignOut
            | Dialog::Class
            | Dialog::LeaveClass
            | Dialog::Remove(_)
            | Dialog::RemoveDevice(_)
            | Dialog::Safety(_)
            | Dialog::Doctor(_)
            | Dialog::Unlock
            | Dialog::Group(_)
            | Dialog::Announcement(_)
            | Dialog::Reveal(_),
        )
        | None => None,
    }
}

fn find(state: &mut AppState) -> Vec<Effect> {
    let Some(search) = searching(state) else {
        return Vec::new();
    };
    let login = search.login.trim().to_owned();
    if login.is_empty() || search.busy {
        return Vec::new();
    }
    (search.busy, search.found, search.word) = (true, None, None);
    vec![Effect::Ask(Purpose::Find, Command::Find { login })]
}

pub(super) fn found(state: &mut AppState, person: &Person) -> Vec<Effect> {
    let login: ArcStr = person.login.as_str().into();
    let Some(search) = searching(state) else {
        return Vec::new();
    };
    search.busy = false;
    search.found = Some(Found {
        login: login.clone(),
        name: harmless::name(&person.name).as_ref().into(),
        can_add: person.can_add,
    });
    if person.can_add {
        state.aim.at(Spot::Greeting);
        return Vec::new();
    }
    let why = Command::CanAdd {
        login: login.to_string(),
    };
    vec![Effect::Ask(Purpose::CanAdd, why)]
}

/// Why the one who was found cannot be asked stands in the dialog.
pub(super) fn cannot(state: &mut AppState, why: Option<&str>) {
    let lang = state.prefs.lang;
    if let Some(search) = searching(state) {
        search.word = why
            .and_then(|code| notes::why_not(code, lang))
            .map(Into::into);
    }
}

fn add(state: &mut AppState) -> Vec<Effect> {
    let Some(search) = searching(state) else {
        return Vec::new();
    };
    let Some(found) = search.found.clone().filter(|_| !search.busy) else {
        return Vec::new();
    };
    search.busy = true;
    let add = Command::Add {
        login: found.login.to_string(),
        greeting: search.greeting.trim().to_owned(),
    };
    vec![Effect::Ask(Purpose::Add, add)]
}

pub(super) fn added(state: &mut AppState) -> Vec<Effect> {
    let lang = state.prefs.lang;
    if let Some(search) = searching(state) {
        let name = search
            .found
            .as_ref()
            .map(|found| found.name.clone())
            .unwrap_or_default();
        *search = Search {
            word: Some(PeopleText::Asked { name: &name }.say(lang).into()),
            ..Search::default()
        };
    }
    vec![Effect::Ask(Purpose::Requests, Command::Requests)]
}

/// Why nobody was found or asked stands in the dialog.
pub(super) fn not_found(state: &mut AppState, failure: &Failure) {
    let text = notes::failure(failure, state.prefs.lang);
    if let Some(search) = searching(state) {
        search.busy = false;
        search.word = Some(text.into());
    }
}
