//! What people do about groups in a plan, performed: nobody waits for what comes of it.

use super::super::actor::Actor;
use super::super::plan::groups::{Deed, DeedIn, GroupAct};
use super::super::world::World;
use hutong_common::id::{GroupId, MsgId, RequestId};
use hutong_common::name::Login;
use hutong_engine::api::announcement::{Announce, AnnounceCommand};
use hutong_engine::api::command::{GroupCommand, GroupEdit, RequestChoice};
use hutong_engine::api::{Command, Event};

/// Performs one line of a plan.
pub(super) fn perform(world: &World, people: &[Actor], (number, act): (usize, GroupAct)) {
    let who = &people[act.who];
    if act.deed == Deed::Teach {
        if world.server_runs() {
            let login = Login::new(&who.name()).expect("a login");
            world.becomes_teacher(&login);
        }
        return;
    }
    if !who.runs() {
        return;
    }
    let command = match act.deed {
        Deed::Teach => None,
        Deed::Create => Some(creation(number, who, people)),
        Deed::Answer(accept) => asked(who).map(|request| {
            let request = Some(request);
            let choice = RequestChoice {
                request,
                from: None,
            };
            if accept {
                Command::Accept(choice)
            } else {
                Command::Decline(choice)
            }
        }),
        Deed::Confirm => {
            to_confirm(who).map(|message| Command::Announce(AnnounceCommand::Confirm { message }))
        }
        Deed::In(slot, deed) => world
            .group(slot)
            .map(|group| inside(group, (number, who, people), deed)),
    };
    if let Some(command) = command {
        who.issue(command);
    }
}

fn creation(number: usize, who: &Actor, people: &[Actor]) -> Command {
    let mut members: Vec<String> = people.iter().map(Actor::name).collect();
    members.retain(|login| *login != who.name());
    Command::Group(GroupCommand::GroupCreate {
        name: format!("第{number}组"),
        members,
        class: false,
    })
}

/// What was asked about a group last.
fn asked(who: &Actor) -> Option<RequestId> {
    who.last_event(|event| {
        if let Event::Request(request) = event {
            request.group.map(|_| request.request)
        } else {
            None
        }
    })
}

fn to_confirm(who: &Actor) -> Option<MsgId> {
    let me = who.name();
    who.last_event(|event| {
        if let Event::Announcement(announcement) = event {
            Some(announcement.id).filter(|_| announcement.from != me)
        } else {
            None
        }
    })
}

fn inside(
    group: GroupId,
    (number, who, people): (usize, &Actor, &[Actor]),
    deed: DeedIn,
) -> Command {
    let (to, greeting) = (format!("g:{group}"), String::new());
    let text = format!("{number} from {who:?}");
    let login = |whom: usize| people[whom].name();
    let asked = |command| Command::Group(command);
    let change = |edit| Command::Group(GroupCommand::Change(edit));
    match deed {
        DeedIn::Apply => asked(GroupCommand::GroupApply { group, greeting }),
        DeedIn::Leave => asked(GroupCommand::GroupLeave { group }),
        DeedIn::Dissolve => asked(GroupCommand::GroupDissolve { group }),
        DeedIn::Invite(whom) => asked(GroupCommand::GroupInvite {
            group,
            login: login(whom),
            greeting,
        }),
        DeedIn::Say => Command::Send { to, text },
        DeedIn::SayTo(whom) => Command::Send {
            to,
            text: format!("@{} {text}", login(whom)),
        },
        DeedIn::Look => Command::Read {
            with: to,
            upto: None,
        },
        DeedIn::Announce => Command::Announce(AnnounceCommand::Announce(Announce {
            text,
            to: Some(to),
            confirm: true,
            ..Announce::default()
        })),
        DeedIn::Kick(whom) => change(GroupEdit::GroupKick {
            group,
            login: login(whom),
        }),
        DeedIn::HandOver(whom) => change(GroupEdit::GroupHandOver {
            group,
            login: login(whom),
        }),
        DeedIn::Mute(whom, minutes) => change(GroupEdit::GroupMute {
            group,
            login: login(whom),
            minutes,
        }),
        DeedIn::Role(whom, role) => change(GroupEdit::GroupRole {
            group,
            login: login(whom),
            role,
        }),
        DeedIn::Floor(floor) => change(GroupEdit::GroupFloor { group, floor }),
    }
}
