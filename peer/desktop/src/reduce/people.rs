//! People: finding, asking, answering, parting.

use super::notes;
use crate::harmless;
use crate::input::intent::PeopleIntent;
use crate::input::{Effect, Purpose};
use crate::model::{AppState, Dialog, Found, Search};
use druid::ArcStr;
use hutong_common::id::RequestId;
use hutong_common::text::desktop::people::PeopleText;
use hutong_engine::api::command::RequestChoice;
use hutong_engine::api::done::Person;
use hutong_engine::api::{Command, Failure};

pub(super) fn wanted(state: &mut AppState, intent: PeopleIntent) -> Vec<Effect> {
    match intent {
        PeopleIntent::Find => find(state),
        PeopleIntent::Add => add(state),
        PeopleIntent::Accept(request) => answer(request, Command::Accept),
        PeopleIntent::Decline(request) => answer(request, Command::Decline),
        PeopleIntent::Show(login) => {
            state.dialog = Some(Dialog::Person(login));
            Vec::new()
        }
        PeopleIntent::Remove(login) => {
            state.dialog = None;
            relate(Command::Remove {
                login: login.to_string(),
            })
        }
        PeopleIntent::Block(login) => relate(Command::Block {
            login: login.to_string(),
        }),
        PeopleIntent::Unblock(login) => relate(Command::Unblock {
            login: login.to_string(),
        }),
        PeopleIntent::Remark(login, name) => relate(Command::Remark {
            login: login.to_string(),
            name,
        }),
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
            | Dialog::SignOut
            | Dialog::Class
            | Dialog::LeaveClass
            | Dialog::Remove(_)
            | Dialog::RemoveDevice(_),
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
