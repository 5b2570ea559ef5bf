//! Groups as the window shows them.

use super::chat::Row;
use super::front::Front;
use druid::im::{OrdMap, OrdSet, Vector};
use druid::{ArcStr, Data, Lens};
use hutong_common::id::{GroupId, MsgId};
use hutong_common::message::{LAN, LAN_ADDRESS};
use hutong_common::text::Lang;
use hutong_common::text::desktop::groups::GroupsText;
use hutong_engine::api::announcement::ProofShown;
use hutong_engine::api::classroom::{AttendanceShown, CodeShown, HandShown};
use hutong_engine::api::group::{
    FloorName, GroupDeed, GroupFound, GroupMember, GroupShown, RoleName,
};
use hutong_engine::api::policy::{ModeName, PolicyShown, PrivateChatName};
use std::sync::Arc;

/// What groups are addressed by, before their number: no login has this.
const PREFIX: &str = "g:";

/// Something that one wants done about a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupWish {
    /// Makes one as it is typed.
    Make,
    /// Finds the one of the typed number, or comes into the one of the typed code.
    Find,
    /// Asks to come in, with the typed greeting.
    Apply(GroupId),
    /// Gives it the typed name.
    Rename(GroupId),
    /// Gives it the typed notice.
    Notice(GroupId),
    /// Asks those who are picked to come in; into a class they come at once.
    Invite(GroupId),
    /// Says who may speak.
    Floor(GroupId, FloorName),
    /// Lets a member not speak for so many minutes; 0 lets them speak.
    Mute(GroupId, ArcStr, u64),
    /// Makes a member an admin, or an admin a member.
    Role(GroupId, ArcStr, RoleName),
    /// Removes a member.
    Kick(GroupId, ArcStr),
    /// Gives the group away.
    HandOver(GroupId, ArcStr),
    /// Goes out of it.
    Leave(GroupId),
    /// Ends it.
    Dissolve(GroupId),
    /// Something in front of a class.
    Front(GroupId, Front),
    /// Announces what is typed.
    Announce(GroupId),
    /// Announces it once more to those who have not done what it asks.
    AnnounceAgain(GroupId, MsgId),
}

impl GroupWish {
    /// The group that it is about.
    pub fn group(&self) -> Option<GroupId> {
        match self {
            Self::Make | Self::Find => None,
            Self::Apply(group)
            | Self::Rename(group)
            | Self::Notice(group)
            | Self::Invite(group)
            | Self::Floor(group, _)
            | Self::Mute(group, ..)
            | Self::Role(group, ..)
            | Self::Kick(group, _)
            | Self::HandOver(group, _)
            | Self::Leave(group)
            | Self::Dissolve(group)
            | Self::Front(group, _)
            | Self::Announce(group)
            | Self::AnnounceAgain(group, _) => Some(*group),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupSaid {
    /// A group of this name is made.
    Made(ArcStr),
    /// One has come into a group of this name.
    Joined(ArcStr),
    /// So many were asked to come in.
    Invited(usize),
    /// So many came in.
    Added(usize),
    /// It is different now.
    Changed,
    /// One is out of it.
    Left,
    /// It has ended.
    Dissolved,
    /// Its number is in the clipboard.
    NumberCopied,
    /// Its code is.
    CodeCopied,
    /// A table lies there.
    Saved(ArcStr),
    /// It could not be written, and why.
    NotSaved(ArcStr),
}

impl GroupSaid {
    /// In the person's language.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Made(name) => GroupsText::Made { name }.say(lang),
            Self::Invited(count) => GroupsText::Invited { count }.say(lang),
            Self::Added(count) => GroupsText::Added { count }.say(lang),
            Self::Changed => GroupsText::Changed.say(lang),
            Self::Left => GroupsText::LeftDone.say(lang),
            Self::Dissolved => GroupsText::DissolvedDone.say(lang),
            Self::NumberCopied => GroupsText::NumberCopied.say(lang),
            Self::Joined(name) => GroupsText::JoinedDone { name }.say(lang),
            Self::CodeCopied => GroupsText::CodeCopied.say(lang),
            Self::Saved(path) => GroupsText::TableSaved { path }.say(lang),
            Self::NotSaved(fault) => GroupsText::TableNotSaved { fault }.say(lang),
        }
    }
}

/// What is typed and chosen in a dialog about groups.
#[derive(Clone, Debug, Default, PartialEq, Data, Lens)]
pub struct GroupForm {
    /// A name, a notice or a number, whatever the dialog asks for.
    pub text: String,
    /// Words that go with a wish to come in.
    pub greeting: String,
    /// Logins of those who are picked.
    #[data(same_fn = "PartialEq::eq")]
    pub picked: OrdSet<ArcStr>,
    /// Whether it shall be a class.
    pub is_class: bool,
    /// What was asked for and is not answered.
    pub waits: usize,
    /// How much of it was done.
    pub done: usize,
    /// What was found.
    #[data(same_fn = "PartialEq::eq")]
    pub found: Option<Arc<GroupFound>>,
    /// What came of it, in the person's words.
    pub word: Option<ArcStr>,
    /// The rules of a class as they are chosen.
    #[data(same_fn = "PartialEq::eq")]
    pub rules: Option<Arc<PolicyShown>>,
    /// Who is there.
    #[data(same_fn = "PartialEq::eq")]
    pub attendance: Option<Arc<AttendanceShown>>,
    /// The code that brings people in.
    #[data(same_fn = "PartialEq::eq")]
    pub code: Option<Arc<CodeShown>>,
    /// Whom an announcement is for: a group, or everybody on the LAN.
    #[data(same_fn = "PartialEq::eq")]
    pub to: Option<GroupId>,
    /// Whether an announcement is in large letters.
    pub is_large: bool,
    /// Whether it is to be confirmed.
    pub is_confirm: bool,
    /// Who knows it.
    #[data(same_fn = "PartialEq::eq")]
    pub proof: Option<Arc<ProofShown>>,
}

/// Groups, by how they are addressed.
pub type Groups = OrdMap<ArcStr, Group>;

/// How a group is addressed.
pub fn address(group: GroupId) -> ArcStr {
    if group == LAN {
        return LAN_ADDRESS.into();
    }
    format!("{PREFIX}{group}").into()
}

/// Whether this addresses a group, and nobody.
pub fn is_group(with: &str) -> bool {
    with.starts_with(PREFIX)
}

/// The number of a group as somebody types it, with or without what it is addressed by.
pub fn number(typed: &str) -> Option<GroupId> {
    let typed = typed.trim();
    if typed == LAN_ADDRESS {
        return Some(LAN);
    }
    let digits = typed.strip_prefix(PREFIX).unwrap_or(typed);
    digits.parse().ok().map(GroupId)
}

/// A group that is or was ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its number.
    pub id: GroupId,
    /// Whether we are in it.
    pub is_ours: bool,
    /// Its members and rules, once the engine has told them.
    pub sheet: Option<Arc<GroupShown>>,
    /// What became of it since the window was opened, oldest first.
    pub lines: Vector<Row>,
    /// How many such lines there were.
    pub told: u64,
    /// Raised hands as far as they are ours to see, in their order.
    pub hands: Arc<Vec<HandShown>>,
}

impl Data for Group {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// One thing that became different about a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What.
    pub what: GroupDeed,
    /// Login of who it happened to.
    pub who: Option<ArcStr>,
    /// Login of who did it.
    pub by: Option<ArcStr>,
}

/// Why one may not speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Data)]
pub enum Silence {
    /// One is not in the group.
    NotIn,
    /// One may not until then, Unix milliseconds.
    Muted(u64),
    /// Only its admins may.
    AdminsOnly,
    /// The same while an exam is on.
    Exam,
    /// A class of both lets them not talk in private now.
    Private,
    /// Nobody may.
    Everybody,
    /// Only announcements stand there.
    Announcements,
}

impl Group {
    /// One of which only the number is known.
    pub fn new(id: GroupId) -> Self {
        Self {
            id,
            is_ours: true,
            sheet: None,
            lines: Vector::new(),
            told: 0,
            hands: Arc::default(),
        }
    }

    /// What is announced to everybody on the LAN: a conversation that nobody is in.
    pub fn lan() -> Self {
        Self {
            is_ours: false,
            ..Self::new(LAN)
        }
    }

    /// Whether it is that one.
    pub fn is_lan(&self) -> bool {
        self.id == LAN
    }

    /// Its members; none before they are known.
    pub fn members(&self) -> &[GroupMember] {
        let sheet = self.sheet.as_ref();
        sheet.map_or(&[], |sheet| sheet.members.as_slice())
    }

    /// A member by login.
    pub fn member(&self, login: &str) -> Option<&GroupMember> {
        self.members().iter().find(|member| member.login == login)
    }

    /// Whether we may change it.
    pub fn is_admin(&self) -> bool {
        let sheet = self.sheet.as_ref().filter(|_| self.is_ours);
        sheet.is_some_and(|sheet| sheet.role >= RoleName::Admin)
    }

    /// Whether it is ours to give away.
    pub fn is_owner(&self) -> bool {
        let sheet = self.sheet.as_ref().filter(|_| self.is_ours);
        sheet.is_some_and(|sheet| sheet.role == RoleName::Owner)
    }

    /// Whether it is a class.
    pub fn is_class(&self) -> bool {
        self.sheet
            .as_ref()
            .is_some_and(|sheet| sheet.kind == "class")
    }

    /// Whether it is the class into which every account comes: that has no owner.
    pub fn is_everybody(&self) -> bool {
        let is_owner = |member: &GroupMember| member.role == RoleName::Owner;
        let members = self.members();
        self.is_class() && !members.is_empty() && !members.iter().any(is_owner)
    }

    /// What the class is doing.
    pub fn mode(&self) -> ModeName {
        let policy = self.sheet.as_ref().and_then(|sheet| sheet.policy.as_ref());
        policy.map_or(ModeName::Free, |policy| policy.mode)
    }

    /// Whether these two are in it as a class whose rules let them talk in private; true for whom it does not concern.
    pub fn lets_talk(&self, one: &str, other: &str) -> bool {
        let policy = self.sheet.as_ref().and_then(|sheet| sheet.policy.as_ref());
        let Some(policy) = policy.filter(|_| self.is_ours) else {
            return true;
        };
        let (Some(one), Some(other)) = (self.member(one), self.member(other)) else {
            return true;
        };
        let has_admin = one.role.max(other.role) >= RoleName::Admin;
        match policy.private_chat {
            PrivateChatName::Off => false,
            PrivateChatName::Admins => has_admin,
            PrivateChatName::On => has_admin || policy.mode == ModeName::Free,
        }
    }

    /// Whether whoever has this login has raised a hand.
    pub fn has_hand(&self, login: &str) -> bool {
        self.hands.iter().any(|hand| hand.login == login)
    }

    /// Whether what we say reaches its admins only.
    pub fn asks_only(&self) -> bool {
        let sheet = self.sheet.as_ref();
        sheet.is_some_and(|sheet| {
            sheet.floor == FloorName::Questions && sheet.role == RoleName::Member
        })
    }

    /// Why whoever has this login may not speak at that time, Unix milliseconds; none when they may.
    pub fn silence(&self, own: &str, now_ms: u64) -> Option<Silence> {
        if self.is_lan() {
            return Some(Silence::Announcements);
        }
        if !self.is_ours {
            return Some(Silence::NotIn);
        }
        let sheet = self.sheet.as_ref()?;
        let muted = self.member(own).and_then(|member| member.muted_until_ms);
        let is_admin = sheet.role >= RoleName::Admin;
        match (muted.filter(|until| *until > now_ms), sheet.floor) {
            (Some(until), _) => Some(Silence::Muted(until)),
            (None, FloorName::Silent) => Some(Silence::Everybody),
            (None, FloorName::Admins) if !is_admin => Some(Silence::AdminsOnly),
            (None, FloorName::Free | FloorName::Questions)
                if !is_admin && self.mode() == ModeName::Exam =>
            {
                Some(Silence::Exam)
            }
            (None, FloorName::Admins | FloorName::Free | FloorName::Questions) => None,
        }
    }

    /// Logins of those who are to hear what whoever has this login says.
    pub fn hearers<'a>(&'a self, own: &'a str) -> impl Iterator<Item = &'a str> {
        let admins_only = self.asks_only();
        let hears = move |member: &&GroupMember| {
            member.login != own && (!admins_only || member.role >= RoleName::Admin)
        };
        self.members()
            .iter()
            .filter(hears)
            .map(|member| member.login.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for (typed, number_of) in [
            ("100001", Some(100_001)),
            (" g:100001 ", Some(100_001)),
            ("g:", None),
            ("", None),
            ("g:lan", Some(0)),
            ("-1", None),
            ("99999999999999999999999", None),
            ("算法课", None),
        ] {
            assert_eq!(number(typed), number_of.map(GroupId), "{typed}");
        }
        assert_eq!(&*address(GroupId(100_001)), "g:100001");
        assert_eq!(&*address(LAN), "g:lan");
        assert!(is_group("g:100001") && !is_group("gina"));
    }
}
