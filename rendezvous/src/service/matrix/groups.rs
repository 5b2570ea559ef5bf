//! The second table: what each kind of member, and whoever is none, may do in a group. Rows are deeds with their cells.

use super::super::scene::{Client, Scene, letter};
use super::super::{Context, Service};
use hutong_common::bounded::{Bytes, List, Text};
use hutong_common::group::{ClassPolicy, Floor, GroupKind, GroupRole, Sheet};
use hutong_common::id::GroupId;
use hutong_common::name::DisplayName;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::classroom::{CodeAsk, CodeDeed, HandAsk, HandDeed};
use hutong_common::rpc::friends::Answer;
use hutong_common::rpc::groups::{Apply, Change, ChangeGroup, CreateGroup, GroupMail, Invite};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::Role;

/// Who asks.
const WHO: [&str; 8] = [
    "the owner",
    "an admin",
    "a member",
    "a muted member",
    "one who was removed",
    "one who is invited",
    "one who applies",
    "a stranger",
];

/// A class with one of each; `other` is a member about whom things are asked.
struct Room {
    scene: Scene,
    group: GroupId,
    callers: Vec<Client>,
    other: Client,
    teacher: bool,
}

fn change(group: GroupId, change: Change) -> Request {
    Request::ChangeGroup(Box::new(ChangeGroup { group, change }))
}

impl Room {
    /// In a class the owner is a teacher; a group is made by anybody.
    fn new(kind: GroupKind) -> Self {
        let mut scene = Scene::new();
        let names = [
            "owner", "admin", "member", "muted", "removed", "invited", "applies", "stranger",
        ];
        let callers = names.iter().map(|name| scene.register(name)).collect();
        let other = scene.register("other");
        let mut room = Self {
            scene,
            group: GroupId(0),
            callers,
            other,
            teacher: kind == GroupKind::Class,
        };
        // Only teachers add people without asking them.
        room.owner_becomes(Role::Teacher);
        room.is_made(kind);
        room.fills();
        if !room.teacher {
            room.owner_becomes(Role::Member);
        }
        room
    }

    fn owner_becomes(&mut self, role: Role) {
        let login = self.callers[0].login.clone();
        let set = |service: &Service, cx: &mut Context<'_>| {
            service.set_role(&login, role, cx).map(drop).unwrap();
        };
        self.scene.with(set);
    }

    fn is_made(&mut self, kind: GroupKind) {
        let first = self.callers[1..5].iter().chain([&self.other]);
        let create = Request::CreateGroup(CreateGroup {
            token: [9; 16],
            kind,
            name: DisplayName::new("room").unwrap(),
            members: List::truncated(first.map(|client| client.account)),
        });
        let Ok(Reply::Sheet(sheet)) = self.scene.ask(&mut self.callers[0], create) else {
            panic!("the room is made");
        };
        self.group = sheet.peek_unverified::<Sheet>().unwrap().group;
    }

    /// One becomes an admin, one is muted, one removed, one invited, and one applies.
    fn fills(&mut self) {
        let group = self.group;
        let [admin, muted, removed, invited] = [1, 3, 4, 5].map(|at| self.callers[at].account);
        let role = GroupRole::Admin;
        let deeds = [
            Change::Role {
                account: admin,
                role,
            },
            Change::Mute {
                account: muted,
                for_ms: 60_000,
            },
            Change::Remove(removed),
        ];
        let (owner, others) = self.callers.split_at_mut(1);
        for deed in deeds {
            self.scene.ask(&mut owner[0], change(group, deed)).unwrap();
        }
        self.scene.befriend(&mut owner[0], &mut others[4]);
        self.scene.befriend(&mut owner[0], &mut self.other);
        let invite = Request::InviteToGroup(Invite {
            group,
            account: invited,
            greeting: Text::default(),
        });
        self.scene.ask(&mut owner[0], invite).unwrap();
        let greeting = Text::default();
        let apply = Request::ApplyToGroup(Apply { group, greeting });
        self.scene.ask(&mut others[5], apply).unwrap();
    }

    fn request_about(&mut self, at: usize) -> hutong_common::id::RequestId {
        let account = self.callers[at].account;
        let found = self
            .scene
            .with(|_, cx| cx.tx.group_request_between(self.group, account).unwrap());
        found.map(|(request, _)| request).unwrap()
    }
}

type Deed = (
    &'static str,
    fn(&mut Room) -> Request,
    [&'static str; WHO.len()],
);

const OUT: &str = "no: not_member";
const NO: &str = "no: not_allowed";

/// What admins may and members may not.
const ADMINS: [&str; WHO.len()] = ["yes", "yes", NO, NO, OUT, OUT, OUT, OUT];
const MEMBERS: [&str; WHO.len()] = ["yes", "yes", "yes", "yes", OUT, OUT, OUT, OUT];
const OWNER: [&str; WHO.len()] = ["yes", NO, NO, NO, OUT, OUT, OUT, OUT];

const DEEDS: &[Deed] = &[
    (
        "reads the sheet",
        |room| Request::Sheet(room.group),
        MEMBERS,
    ),
    (
        "finds it by its number",
        |room| Request::FindGroup(room.group),
        ["yes"; WHO.len()],
    ),
    (
        "renames",
        |room| change(room.group, Change::Rename(DisplayName::new("x").unwrap())),
        ADMINS,
    ),
    (
        "writes the notice",
        |room| change(room.group, Change::Notice(Text::new("x").unwrap())),
        ADMINS,
    ),
    (
        "changes the picture",
        |room| change(room.group, Change::Picture(Bytes::new(vec![1]).unwrap())),
        ADMINS,
    ),
    (
        "gives the floor",
        |room| change(room.group, Change::Floor(Floor::Admins)),
        ADMINS,
    ),
    (
        "mutes a member",
        |room| {
            change(
                room.group,
                Change::Mute {
                    account: room.other.account,
                    for_ms: 9,
                },
            )
        },
        ADMINS,
    ),
    (
        "removes a member",
        |room| change(room.group, Change::Remove(room.other.account)),
        ADMINS,
    ),
    (
        "mutes the owner",
        |room| {
            change(
                room.group,
                Change::Mute {
                    account: room.callers[0].account,
                    for_ms: 9,
                },
            )
        },
        [NO, NO, NO, NO, OUT, OUT, OUT, OUT],
    ),
    (
        "removes the owner",
        |room| change(room.group, Change::Remove(room.callers[0].account)),
        [NO, NO, NO, NO, OUT, OUT, OUT, OUT],
    ),
    (
        "makes a member admin",
        |room| {
            change(
                room.group,
                Change::Role {
                    account: room.other.account,
                    role: GroupRole::Admin,
                },
            )
        },
        OWNER,
    ),
    (
        "hands it over",
        |room| change(room.group, Change::HandOver(room.other.account)),
        OWNER,
    ),
    (
        "dissolves it",
        |room| Request::DissolveGroup(room.group),
        OWNER,
    ),
    (
        "leaves",
        |room| Request::LeaveGroup(room.group),
        [NO, "yes", "yes", "yes", OUT, OUT, OUT, OUT],
    ),
    (
        "invites a contact who is in it",
        |room| {
            let account = room.other.account;
            Request::InviteToGroup(Invite {
                group: room.group,
                account,
                greeting: Text::default(),
            })
        },
        ["no: already_done", "admin", NO, NO, OUT, OUT, OUT, OUT],
    ),
    (
        "applies",
        |room| {
            Request::ApplyToGroup(Apply {
                group: room.group,
                greeting: Text::default(),
            })
        },
        {
            let done = "no: already_done";
            [done, done, done, done, "yes", done, "yes", "yes"]
        },
    ),
    (
        "accepts the invitation",
        |room| {
            Request::AnswerGroup(Answer {
                request: room.request_about(5),
                accept: true,
            })
        },
        {
            let no = "no: not_found";
            [no, no, no, no, no, "yes", no, no]
        },
    ),
    (
        "accepts the application",
        |room| {
            Request::AnswerGroup(Answer {
                request: room.request_about(6),
                accept: true,
            })
        },
        {
            let no = "no: not_found";
            ["yes", "yes", no, no, no, no, no, no]
        },
    ),
    (
        "makes a code",
        |room| {
            let (group, deed) = (room.group, CodeDeed::New);
            Request::GroupCode(CodeAsk { group, deed })
        },
        ADMINS,
    ),
    (
        "comes in with its code",
        |room| {
            let (group, deed) = (room.group, CodeDeed::New);
            let ask = Request::GroupCode(CodeAsk { group, deed });
            let Ok(Reply::GroupCode(Some(code))) = room.scene.ask(&mut room.callers[0], ask) else {
                panic!("a code is made");
            };
            Request::JoinByCode(code)
        },
        ["yes", "yes", "yes", "yes", NO, "yes", "yes", "yes"],
    ),
    (
        "sees who is there",
        |room| Request::Attendance(room.group),
        ADMINS,
    ),
    ("raises a hand", |room| hand(room, HandDeed::Raise), MEMBERS),
    (
        "takes down a member's hand",
        |room| hand(room, HandDeed::LowerOf(room.other.account)),
        ADMINS,
    ),
    (
        "takes all hands down",
        |room| hand(room, HandDeed::LowerAll),
        ADMINS,
    ),
    ("sees hands", |room| Request::Hands(room.group), MEMBERS),
    (
        "leaves mail for a member",
        |room| mail(room),
        ["yes", "yes", "yes", "no: muted", OUT, OUT, OUT, OUT],
    ),
];

/// Deeds that differ in a class: its rules, and people who are added by a teacher.
const IN_A_CLASS: &[Deed] = &[
    (
        "changes the rules",
        |room| change(room.group, Change::Policy(ClassPolicy::default())),
        ADMINS,
    ),
    (
        "adds somebody",
        |room| {
            change(
                room.group,
                Change::Add(List::truncated([room.callers[7].account])),
            )
        },
        OWNER,
    ),
];

const IN_A_GROUP: &[Deed] = &[
    (
        "makes rules",
        |room| change(room.group, Change::Policy(ClassPolicy::default())),
        ["no: malformed", "no: malformed", NO, NO, OUT, OUT, OUT, OUT],
    ),
    (
        "adds somebody",
        |room| {
            change(
                room.group,
                Change::Add(List::truncated([room.callers[7].account])),
            )
        },
        [NO, NO, NO, NO, OUT, OUT, OUT, OUT],
    ),
];

const fn hand(room: &Room, deed: HandDeed) -> Request {
    let group = room.group;
    Request::Hand(HandAsk { group, deed })
}

fn mail(room: &Room) -> Request {
    let Request::SendMail(envelope) = letter(1, &[&room.other]) else {
        panic!("a letter is mail");
    };
    let (group, envelope) = (room.group, *envelope);
    Request::SendGroupMail(Box::new(GroupMail { group, envelope }))
}

fn cell(answer: Result<Reply, Refusal>) -> String {
    let refusal = match answer {
        Ok(Reply::MailStored(stored)) => stored.recipients[0].1,
        Ok(_) => None,
        Err(refusal) => Some(refusal),
    };
    refusal.map_or_else(
        || "yes".to_owned(),
        |refusal| format!("no: {}", refusal.code()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_fixtures::report::write_chapter;
    use std::fmt::Write;

    /// What an admin who is no friend of the other is answered when he invites him.
    fn wanted(want: &'static str, room: &Room) -> &'static str {
        match (want, room.teacher) {
            ("admin", true) => "no: already_done",
            ("admin", false) => "no: not_found",
            (want, _) => want,
        }
    }

    #[test]
    fn every_deed_of_everybody_in_a_group_and_a_class_is_answered_as_the_matrix_says() {
        let mut wrong = String::new();
        let mut table = String::from("## Requests about groups\n\n");
        for (kind, more) in [
            (GroupKind::Group, IN_A_GROUP),
            (GroupKind::Class, IN_A_CLASS),
        ] {
            let heads: String = WHO.iter().map(|who| format!(" {who} |")).collect();
            let _ = writeln!(
                table,
                "| in a {kind:?} |{heads}\n|---|{}",
                "---|".repeat(WHO.len())
            );
            for (deed, make, want) in DEEDS.iter().chain(more) {
                let _ = write!(table, "| {deed} |");
                for (at, want) in want.iter().enumerate() {
                    let mut room = Room::new(kind);
                    let request = make(&mut room);
                    let (scene, caller) = (&mut room.scene, &mut room.callers[at]);
                    let seen = cell(scene.ask(caller, request));
                    if seen != wanted(want, &room) {
                        let _ = writeln!(wrong, "{kind:?}: {} {deed}: {seen}, not {want}", WHO[at]);
                    }
                    let _ = write!(table, " {seen} |");
                }
                table.push('\n');
            }
            table.push('\n');
        }
        assert!(wrong.is_empty(), "{wrong}");
        write_chapter("authorisation", "1-rendezvous-groups", &table);
    }
}
