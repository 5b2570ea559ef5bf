//! Finding people, friend requests in both directions, and lists of friends for a person to read.

use super::Core;
use crate::api::command::RequestChoice;
use crate::api::done::{Friend, Presence, Relation, RequestRow, UnreadRow, role_name};
use crate::api::event::{Event, Request as RequestEvent, RequestKind};
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::catch_up::Part;
use crate::core::groups::GroupAsk;
use crate::core::groups::requests::state_name;
use crate::core::io::CommandId;
use crate::store::StoreError;
use hutong_common::bounded::Text;
use hutong_common::id::AccountId;
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::{
    Answer, FriendRequest, Relation as WireRelation, RequestFriend, RequestState,
};
use hutong_common::rpc::{Reply, Request};

pub(in crate::core) const fn relation(wire: WireRelation) -> Relation {
    match wire {
        WireRelation::None => Relation::None,
        WireRelation::Requested => Relation::Requested,
        WireRelation::Friend => Relation::Friend,
        WireRelation::Classmate => Relation::Classmate,
        WireRelation::Own => Relation::Own,
        WireRelation::Member => Relation::Member,
    }
}

impl Core {
    fn ask_about(
        &mut self,
        (command, typed, asked): (CommandId, String, impl FnOnce(CommandId, String) -> Asked),
        request: impl FnOnce(Login) -> Request,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.me().is_none() {
            cx.answer(command, Err(Failure::NotSignedIn));
            return Ok(());
        }
        match Login::new(&typed) {
            Ok(login) => self.ask_signed_in(asked(command, typed), request(login), cx),
            Err(_) => {
                cx.answer(command, Err(Failure::NoAccount { login: typed }));
                Ok(())
            }
        }
    }

    pub(in crate::core) fn find(
        &mut self,
        command: CommandId,
        typed: String,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let about = |command, typed| Asked::Person(command, Some(typed));
        self.ask_about((command, typed, about), Request::Find, cx)
    }

    pub(in crate::core) fn can_add(
        &mut self,
        command: CommandId,
        typed: String,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.ask_about((command, typed, Asked::CanAdd), Request::CanAdd, cx)
    }

    pub(in crate::core) fn request_friend(
        &mut self,
        command: CommandId,
        (typed, greeting): (String, String),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Ok(greeting) = Text::new(greeting) else {
            cx.answer(command, Err(Refusal::TooLarge.into()));
            return Ok(());
        };
        let request = |login| Request::RequestFriend(RequestFriend { login, greeting });
        self.ask_about((command, typed, Asked::Add), request, cx)
    }

    pub(in crate::core) fn can_add_answered(
        command: CommandId,
        login: &str,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) {
        let answer = match outcome {
            Ok(Reply::CanAdd(answer)) => Ok(Done::CanAdd {
                can_add: answer.why_not().is_none(),
                why: answer.why_not(),
            }),
            Ok(_) => Err(Setback::Nonsense.into()),
            Err(setback) => Err(setback.about(login)),
        };
        cx.answer(command, answer);
    }

    pub(in crate::core) fn friend_requested(
        &mut self,
        command: CommandId,
        login: String,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let answer = match outcome {
            Ok(Reply::FriendRequested(request)) => Ok(Done::Added { request }),
            Ok(_) => Err(Setback::Nonsense.into()),
            // The bare refusal leaves open which of several reasons it was.
            Err(Setback::Refused(
                refusal @ (Refusal::NotAllowed | Refusal::AlreadyDone | Refusal::Declined),
            )) => {
                let about = |command, login| Asked::WhyNotAdd(command, login, refusal);
                return self.ask_about((command, login, about), Request::CanAdd, cx);
            }
            Err(setback) => Err(setback.about(&login)),
        };
        cx.answer(command, answer);
        Ok(())
    }

    /// Why somebody cannot be asked, or the refusal alone when nothing more is known.
    pub(in crate::core) fn why_not_told(
        (command, login, refusal): (CommandId, String, Refusal),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) {
        let why = match outcome {
            Ok(Reply::CanAdd(answer)) => answer.why_not(),
            Ok(_) | Err(_) => None,
        };
        let failure = why.map_or(Failure::Refused(refusal), |why| Failure::CannotAdd {
            login,
            why,
            refusal,
        });
        cx.answer(command, Err(failure));
    }

    /// Tells of new requests, exactly once each, and answers the command that asked for the list.
    pub(in crate::core) fn requests_listed(
        &mut self,
        command: Option<CommandId>,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let answer = match outcome {
            Ok(Reply::FriendRequests(list)) => {
                self.tell_requests(&list, cx)?;
                self.caught_up_with(Part::Requests, cx);
                let me = self
                    .session
                    .me()
                    .map_or_else(String::new, |me| me.login.to_string());
                Ok(list.iter().map(|request| row(request, &me)).collect())
            }
            Ok(_) => Err(Setback::Nonsense),
            Err(setback) => Err(setback),
        };
        match (command, answer) {
            (Some(command), Ok(rows)) => {
                let asked = Asked::Group(GroupAsk::Requests(Some((command, rows))));
                return self.ask_signed_in(asked, Request::GroupRequests, cx);
            }
            (Some(command), Err(setback)) => cx.answer(command, Err(setback.into())),
            (None, Ok(_)) => {}
            (None, Err(setback)) => return self.catch_up_refused(setback, cx),
        }
        Ok(())
    }

    fn tell_requests(
        &mut self,
        list: &[FriendRequest],
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let open =
            |request: &&FriendRequest| request.incoming && request.state == RequestState::Pending;
        let count = list.iter().filter(open).count() as u64;
        self.roster.requests_open = count;
        for request in list.iter().rev().filter(open) {
            if cx.tx.tell_request_once(request.request)? {
                cx.event(Event::Request(RequestEvent {
                    request: request.request,
                    kind: RequestKind::Friend,
                    from: request.login.to_string(),
                    name: request.name.to_string(),
                    text: request.greeting.to_string(),
                    group: None,
                    group_name: None,
                }));
            }
        }
        let states = list.iter().map(|request| (request.request, request.state));
        let now = states.collect();
        let is_other = |before: &Vec<_>| *before != now;
        if self.roster.requests.as_ref().is_some_and(is_other) {
            let open = self.requests_open();
            cx.event(Event::Requests { open });
        }
        self.roster.requests = Some(now);
        Ok(())
    }

    /// `accept` and `decline`: after a look at the list, which says whose request it is.
    pub(in crate::core) fn answer_friend(
        &mut self,
        command: CommandId,
        (choice, accept): (RequestChoice, bool),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if choice.request.is_none() && choice.from.is_none() {
            let detail = "name a request or who made it".to_owned();
            cx.answer(command, Err(Failure::Malformed { detail }));
            return Ok(());
        }
        let asked = Asked::RequestsToAnswer(command, choice, accept);
        self.ask_signed_in(asked, Request::FriendRequests, cx)
    }

    pub(in crate::core) fn request_chosen(
        &mut self,
        (command, choice, accept): (CommandId, RequestChoice, bool),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let list = match outcome {
            Ok(Reply::FriendRequests(list)) => list,
            Ok(_) => {
                cx.answer(command, Err(Setback::Nonsense.into()));
                return Ok(());
            }
            Err(setback) => {
                cx.answer(command, Err(setback.into()));
                return Ok(());
            }
        };
        self.tell_requests(&list, cx)?;
        let of_group = choice
            .request
            .and_then(|request| self.answer_to_group(request, accept));
        if let Some(request) = of_group {
            return self.ask_signed_in(Asked::AnswerFriend(command, None), request, cx);
        }
        let listed = chosen(&list, &choice);
        // A number that is not listed may still be one: the rendezvous says what is wrong with it.
        let Some(request) = choice.request.or(listed.map(|listed| listed.request)) else {
            cx.answer(command, Err(Refusal::NotFound.into()));
            return Ok(());
        };
        let contact = listed.filter(|_| accept).map(|listed| listed.account);
        let request = Request::AnswerFriend(Answer { request, accept });
        self.ask_signed_in(Asked::AnswerFriend(command, contact), request, cx)
    }

    pub(in crate::core) fn friend_answered(
        &mut self,
        command: CommandId,
        contact: Option<AccountId>,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match (outcome, contact) {
            (Ok(Reply::Done), Some(account)) => self.done_with_contact(command, account, cx),
            (outcome, _) => {
                Self::done(command, outcome, cx);
                Ok(())
            }
        }
    }

    pub(in crate::core) fn friends(&self) -> Done {
        let mut friends: Vec<Friend> = self
            .roster
            .iter()
            .filter(|(_, contact)| contact.row.relation == WireRelation::Friend)
            .map(|(account, contact)| Friend {
                login: contact.row.login.to_string(),
                account,
                name: contact.row.profile.name.to_string(),
                remark: self.roster.remark_of(account),
                signature: contact.row.profile.signature.to_string(),
                since_ms: contact.row.since_ms,
                avatar: self.avatar_of(account),
            })
            .collect();
        friends.sort_by(|a, b| a.login.cmp(&b.login));
        Done::Friends { friends }
    }

    pub(in crate::core) fn who(&self, only: Option<&str>) -> Result<Done, Failure> {
        let only = match only {
            Some(typed) => {
                let unknown = || Failure::NoContact {
                    login: typed.to_owned(),
                };
                let login = Login::new(typed).map_err(|_| unknown())?;
                Some(self.roster.by_login(login.as_str()).ok_or_else(unknown)?)
            }
            None => None,
        };
        let mut people: Vec<Presence> = self
            .roster
            .iter()
            .filter(|(account, _)| only.is_none_or(|only| only == *account))
            .map(|(account, contact)| {
                let (online, path) = self.presence_of(account);
                Presence {
                    login: contact.row.login.to_string(),
                    account,
                    name: contact.row.profile.name.to_string(),
                    remark: self.roster.remark_of(account),
                    relation: relation(contact.row.relation),
                    role: role_name(contact.membership.role),
                    online,
                    away: self.is_away(account, online),
                    path,
                    rtt_us: self.round_trip_us(account),
                    why: self.path_to(account).and_then(|(_, why)| why),
                }
            })
            .collect();
        people.sort_by(|a, b| a.login.cmp(&b.login));
        Ok(Done::Who { people })
    }

    pub(in crate::core) fn unread(
        &self,
        command: CommandId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let mut total = 0;
        let mut conversations: Vec<UnreadRow> = Vec::new();
        for (chat, (unread, mentions)) in cx.tx.unread()? {
            total += unread;
            conversations.push(UnreadRow {
                conversation: self.chat_name(chat),
                remark: chat.person().and_then(|of| self.roster.remark_of(of)),
                unread,
                mentions,
            });
        }
        conversations.sort_by(|a, b| a.conversation.cmp(&b.conversation));
        let done = Done::Unread {
            total,
            conversations,
            requests: self.requests_open(),
        };
        cx.answer(command, Ok(done));
        Ok(())
    }

    /// The login under which somebody is shown.
    pub(in crate::core) fn login_of(&self, account: AccountId) -> String {
        match self.session.me() {
            Some(me) if me.account == account => me.login.to_string(),
            Some(_) | None => self.roster.login_of(account),
        }
    }
}

/// The request of that number, or the open one of that login.
fn chosen<'a>(list: &'a [FriendRequest], choice: &RequestChoice) -> Option<&'a FriendRequest> {
    if let Some(number) = choice.request {
        return list.iter().find(|request| request.request == number);
    }
    let login = Login::new(choice.from.as_ref()?).ok()?;
    list.iter().find(|request| {
        request.incoming && request.state == RequestState::Pending && request.login == login
    })
}

fn row(request: &FriendRequest, me: &str) -> RequestRow {
    let (direction, from, to) = if request.incoming {
        ("in", request.login.to_string(), me.to_owned())
    } else {
        ("out", me.to_owned(), request.login.to_string())
    };
    RequestRow {
        request: request.request,
        kind: RequestKind::Friend,
        direction,
        from,
        to,
        name: request.name.to_string(),
        text: request.greeting.to_string(),
        at_ms: request.at_ms,
        state: state_name(request.state),
        group: None,
        group_name: None,
    }
}
