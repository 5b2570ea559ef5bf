//! Invitations and applications: told once each, listed beside friend requests, answered by their numbers.

use super::{Core, GroupAsk};
use crate::api::done::RequestRow;
use crate::api::event::{Event, Request as RequestEvent, RequestKind};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::catch_up::Part;
use crate::core::io::CommandId;
use crate::store::StoreError;
use hutong_common::id::RequestId;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::{Answer, RequestState};
use hutong_common::rpc::groups::{GroupRequest, GroupRequestKind};
use hutong_common::rpc::{Reply, Request};

impl Core {
    pub(super) fn fetch_group_requests(&mut self, cx: &mut Context<'_>) {
        let asked = Asked::Group(GroupAsk::Requests(None));
        self.ask(asked, Request::GroupRequests, cx);
    }

    /// Tells of new ones, and answers the command that asked for all requests with those of friends before them.
    pub(super) fn group_requests_listed(
        &mut self,
        command: Option<(CommandId, Vec<RequestRow>)>,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let setback = match outcome {
            Ok(Reply::GroupRequests(list)) => {
                self.tell_group_requests(list.into_vec(), cx)?;
                None
            }
            // A rendezvous of an older version knows no groups.
            Err(Setback::Refused(Refusal::Version)) => None,
            Ok(_) => Some(Setback::Nonsense),
            Err(setback) => Some(setback),
        };
        self.caught_up_with(Part::GroupRequests, cx);
        match (command, setback) {
            (Some((command, mut rows)), None) => {
                let me = self.session.me();
                let me = me.map_or_else(String::new, |me| me.login.to_string());
                rows.extend(self.groups.requests.iter().map(|request| row(request, &me)));
                rows.sort_by_key(|row| std::cmp::Reverse(row.request));
                let requests = rows;
                cx.answer(command, Ok(crate::api::Done::Requests { requests }));
                Ok(())
            }
            (Some((command, _)), Some(setback)) => {
                cx.answer(command, Err(setback.into()));
                Ok(())
            }
            (None, None) => Ok(()),
            (None, Some(setback)) => self.catch_up_refused(setback, cx),
        }
    }

    fn tell_group_requests(
        &mut self,
        list: Vec<GroupRequest>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let open =
            |request: &&GroupRequest| request.incoming && request.state == RequestState::Pending;
        for request in list.iter().rev().filter(open) {
            if cx.tx.tell_request_once(request.request)? {
                cx.event(Event::Request(RequestEvent {
                    request: request.request,
                    kind: kind(request.kind),
                    from: request.login.to_string(),
                    name: request.name.to_string(),
                    text: request.greeting.to_string(),
                    group: Some(request.group),
                    group_name: Some(request.group_name.to_string()),
                }));
            }
        }
        let is_same = self.groups.requests == list;
        self.groups.requests = list;
        if !is_same && !self.misses(Part::GroupRequests) {
            let open = self.requests_open();
            cx.event(Event::Requests { open });
        }
        Ok(())
    }

    /// All requests to us that are not answered.
    pub(in crate::core) fn requests_open(&self) -> u64 {
        self.roster.requests_open() + self.groups.requests_open()
    }

    /// The question that answers a request about a group, if it is one.
    pub(in crate::core) fn answer_to_group(
        &self,
        request: RequestId,
        accept: bool,
    ) -> Option<Request> {
        let mut requests = self.groups.requests.iter();
        requests.find(|known| known.request == request)?;
        Some(Request::AnswerGroup(Answer { request, accept }))
    }
}

/// The stable name of what became of a request, which programs see.
pub(in crate::core) const fn state_name(state: RequestState) -> &'static str {
    match state {
        RequestState::Pending => "pending",
        RequestState::Accepted => "accepted",
        RequestState::Declined => "declined",
    }
}

const fn kind(kind: GroupRequestKind) -> RequestKind {
    match kind {
        GroupRequestKind::Invitation => RequestKind::GroupInvite,
        GroupRequestKind::Application => RequestKind::GroupApply,
    }
}

fn row(request: &GroupRequest, me: &str) -> RequestRow {
    let other = request.login.to_string();
    let (direction, from, to) = match (request.kind, request.incoming) {
        (GroupRequestKind::Invitation | GroupRequestKind::Application, true) => {
            ("in", other, me.to_owned())
        }
        (GroupRequestKind::Invitation, false) => ("out", me.to_owned(), other),
        (GroupRequestKind::Application, false) => ("out", other, String::new()),
    };
    RequestRow {
        request: request.request,
        kind: kind(request.kind),
        direction,
        from,
        to,
        name: request.name.to_string(),
        text: request.greeting.to_string(),
        at_ms: request.at_ms,
        state: state_name(request.state),
        group: Some(request.group),
        group_name: Some(request.group_name.to_string()),
    }
}
