//! Groups and classes: the sheet that the rendezvous signs, and what it lets its members do.
//!
//! Everybody who judges a message of a group does it with [`Sheet::hears`]: the rendezvous when mail is left with it, a
//! receiver when it comes directly. A sheet is a whole state, never a change: whoever missed some compares two of them.

use crate::bounded::{List, Text};
use crate::id::{AccountId, GroupId, ServerId};
use crate::labels;
use crate::limits::{
    FILE_BYTES_MAX, NOTICE_BYTES_MAX, RECALL_WINDOW_MS, SHEET_BYTES_MAX, SHEET_MEMBERS_MAX,
};
use crate::name::DisplayName;
use crate::refusal::Refusal;
use crate::signed::{Signed, SignedBody};
use serde::{Deserialize, Serialize};

/// What a sheet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GroupKind {
    /// People who want to talk.
    Group,
    /// Its members are each other's contacts without being asked.
    Class,
}

/// What a member may do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GroupRole {
    /// Read, and speak as the floor allows.
    Member,
    /// Also invite, approve, remove and mute members, rename, and give the floor.
    Admin,
    /// Also name admins, hand over and dissolve; there is at most one.
    Owner,
}

/// Who may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Floor {
    /// Everybody to everybody.
    Free,
    /// What members say goes to admins only.
    Questions,
    /// Admins only.
    Admins,
    /// Nobody.
    Silent,
}

/// Who hears what a member says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// All members.
    Everybody,
    /// Admins and the owner.
    Admins,
}

/// With whom members of a class may talk in private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PrivateChat {
    /// With every contact.
    On,
    /// With its admins only.
    AdminsOnly,
    /// With nobody of the class.
    Off,
}

/// What a class is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ClassMode {
    /// Nothing: people talk as they like.
    Free,
    /// A lesson: members write in private to admins only.
    Lesson,
    /// An exam: only admins write.
    Exam,
}

/// Hours without notifications, in minutes after midnight of every member's own clock; they may pass midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QuietHours {
    /// First minute, 0 to 1439.
    pub from_min: u16,
    /// First minute after them, 0 to 1439.
    pub to_min: u16,
}

impl QuietHours {
    /// Whether this minute after midnight is one of them. Hours that end when they begin are none.
    pub const fn contains(self, minute: u16) -> bool {
        if self.from_min <= self.to_min {
            self.from_min <= minute && minute < self.to_min
        } else {
            self.from_min <= minute || minute < self.to_min
        }
    }
}

/// The rules of a class, which all its members see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassPolicy {
    /// With whom members may talk in private.
    pub private_chat: PrivateChat,
    /// Whether members may create groups.
    pub create_groups: bool,
    /// Whether members may send files.
    pub send_files: bool,
    /// The largest file that members may send, in bytes.
    pub file_bytes_max: u64,
    /// How long a message can be taken back, in milliseconds.
    pub recall_ms: u64,
    /// When nobody is disturbed.
    pub quiet: Option<QuietHours>,
    /// What the class is doing.
    pub mode: ClassMode,
}

impl ClassPolicy {
    /// Whether two members may talk in private, of whom one is an admin of the class or none is.
    pub const fn lets_talk(&self, has_admin: bool) -> bool {
        match self.private_chat {
            PrivateChat::Off => false,
            PrivateChat::AdminsOnly => has_admin,
            PrivateChat::On => has_admin || matches!(self.mode, ClassMode::Free),
        }
    }
}

impl Default for ClassPolicy {
    fn default() -> Self {
        Self {
            private_chat: PrivateChat::On,
            create_groups: true,
            send_files: true,
            file_bytes_max: FILE_BYTES_MAX,
            recall_ms: RECALL_WINDOW_MS,
            quiet: None,
            mode: ClassMode::Free,
        }
    }
}

/// One member of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetMember {
    /// Who.
    pub account: AccountId,
    /// What he may do.
    pub role: GroupRole,
    /// Since when, Unix milliseconds.
    pub joined_ms: u64,
    /// Until when he may not speak, Unix milliseconds; 0 when he may.
    pub muted_until_ms: u64,
}

/// The server's word on a group: who is in it, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The rendezvous that says so.
    pub server_id: ServerId,
    /// The group's number.
    pub group: GroupId,
    /// What it is for.
    pub kind: GroupKind,
    /// Later sheets of the group have higher ones.
    pub epoch: u64,
    /// The epoch of the sheet before this one, 0 for the first: whoever has that one misses nothing between.
    pub previous: u64,
    /// Who made it differ from the one before; none when the rendezvous did.
    pub by: Option<AccountId>,
    /// Its name.
    pub name: DisplayName,
    /// What its admins want everybody to read; may be empty.
    pub notice: Text<NOTICE_BYTES_MAX>,
    /// BLAKE3 of its picture, if it has one.
    pub picture: Option<[u8; 32]>,
    /// Who may speak.
    pub floor: Floor,
    /// The rules of a class; none for a group.
    pub policy: Option<ClassPolicy>,
    /// Its members in the order of their numbers, each once.
    pub members: List<SheetMember, SHEET_MEMBERS_MAX>,
}

impl SignedBody for Sheet {
    const CONTEXT: &'static str = labels::GROUP;
    const BYTES_MAX: usize = SHEET_BYTES_MAX;
}

/// The first bytes of the BLAKE3 of a sheet's signed bytes: two people who name different ones see different groups.
pub type SheetHash = [u8; 16];

/// The [`SheetHash`] of a signed sheet.
pub fn sheet_hash(signed: &Signed) -> SheetHash {
    let hash = blake3::hash(signed.body());
    let (first, _) = hash.as_bytes().split_at(16);
    let mut short = [0; 16];
    short.copy_from_slice(first);
    short
}

impl Sheet {
    /// Whether it is a sheet at all: members in order and once each, at most one owner, rules for classes only.
    pub fn is_sound(&self) -> bool {
        let in_order = self.members.is_sorted_by(|a, b| a.account < b.account);
        let owners = self
            .members
            .iter()
            .filter(|member| member.role == GroupRole::Owner);
        in_order
            && owners.count() <= 1
            && self.previous < self.epoch
            && self.policy.is_some() == (self.kind == GroupKind::Class)
    }

    /// A member.
    pub fn member(&self, account: AccountId) -> Option<&SheetMember> {
        let found = self
            .members
            .binary_search_by_key(&account, |member| member.account);
        found.ok().and_then(|at| self.members.get(at))
    }

    /// The owner; a class that the rendezvous made has none until it is given to somebody.
    pub fn owner(&self) -> Option<AccountId> {
        let mut members = self.members.iter();
        let owner = members.find(|member| member.role == GroupRole::Owner);
        owner.map(|member| member.account)
    }

    /// Whether a member may do what admins may.
    pub fn is_admin(&self, account: AccountId) -> bool {
        self.member(account)
            .is_some_and(|member| member.role >= GroupRole::Admin)
    }

    /// Who hears what `sender` says at `now_ms` (Unix milliseconds).
    ///
    /// # Errors
    /// `not_member`, `muted` or `not_allowed` when nobody does.
    pub fn hears(&self, sender: AccountId, now_ms: u64) -> Result<Audience, Refusal> {
        let member = self.member(sender).ok_or(Refusal::NotMember)?;
        let until_ms = member.muted_until_ms;
        if until_ms > now_ms {
            return Err(Refusal::Muted { until_ms });
        }
        let is_admin = member.role >= GroupRole::Admin;
        let is_exam = self
            .policy
            .is_some_and(|policy| policy.mode == ClassMode::Exam);
        match self.floor {
            Floor::Silent => Err(Refusal::NotAllowed),
            _ if is_admin => Ok(Audience::Everybody),
            Floor::Admins => Err(Refusal::NotAllowed),
            Floor::Free | Floor::Questions if is_exam => Err(Refusal::NotAllowed),
            Floor::Questions => Ok(Audience::Admins),
            Floor::Free => Ok(Audience::Everybody),
        }
    }

    /// Whether `account` is among those who hear that.
    pub fn is_heard_by(&self, audience: Audience, account: AccountId) -> bool {
        self.member(account).is_some_and(|member| match audience {
            Audience::Everybody => true,
            Audience::Admins => member.role >= GroupRole::Admin,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::KeyPair;

    const NOW: u64 = 1_000_000;

    fn sheet() -> Sheet {
        let member = |number, role, muted_until_ms| SheetMember {
            account: AccountId(number),
            role,
            joined_ms: 1,
            muted_until_ms,
        };
        Sheet {
            server_id: ServerId([1; 32]),
            group: GroupId(100_001),
            kind: GroupKind::Group,
            epoch: 2,
            previous: 1,
            by: Some(AccountId(1)),
            name: DisplayName::new("算法课").unwrap(),
            notice: Text::default(),
            picture: None,
            floor: Floor::Free,
            policy: None,
            members: List::truncated([
                member(1, GroupRole::Owner, 0),
                member(2, GroupRole::Admin, 0),
                member(3, GroupRole::Member, 0),
                member(4, GroupRole::Member, NOW + 1),
                member(5, GroupRole::Member, NOW),
            ]),
        }
    }

    fn floor(floor: Floor) -> Sheet {
        Sheet { floor, ..sheet() }
    }

    #[test]
    fn each_floor_lets_those_speak_whom_it_names() {
        let heard = |floor_is, account| floor(floor_is).hears(AccountId(account), NOW);
        for account in [1, 2, 3, 5] {
            assert_eq!(heard(Floor::Free, account), Ok(Audience::Everybody));
            assert_eq!(heard(Floor::Silent, account), Err(Refusal::NotAllowed));
        }
        for account in [1, 2] {
            assert_eq!(heard(Floor::Questions, account), Ok(Audience::Everybody));
            assert_eq!(heard(Floor::Admins, account), Ok(Audience::Everybody));
        }
        assert_eq!(heard(Floor::Questions, 3), Ok(Audience::Admins));
        assert_eq!(heard(Floor::Admins, 3), Err(Refusal::NotAllowed));
    }

    #[test]
    fn who_is_muted_or_gone_is_not_heard_on_any_floor() {
        for which in [Floor::Free, Floor::Questions, Floor::Admins, Floor::Silent] {
            let sheet = floor(which);
            let until_ms = NOW + 1;
            assert_eq!(
                sheet.hears(AccountId(4), NOW),
                Err(Refusal::Muted { until_ms })
            );
            assert_eq!(sheet.hears(AccountId(6), NOW), Err(Refusal::NotMember));
        }
        assert!(sheet().hears(AccountId(4), NOW + 1).is_ok());
    }

    #[test]
    fn in_an_exam_only_admins_write() {
        let policy = ClassPolicy {
            mode: ClassMode::Exam,
            ..ClassPolicy::default()
        };
        let exam = Sheet {
            kind: GroupKind::Class,
            policy: Some(policy),
            ..sheet()
        };
        assert_eq!(exam.hears(AccountId(3), NOW), Err(Refusal::NotAllowed));
        assert_eq!(exam.hears(AccountId(2), NOW), Ok(Audience::Everybody));
    }

    #[test]
    fn questions_are_heard_by_admins() {
        let sheet = floor(Floor::Questions);
        let heard = |account| sheet.is_heard_by(Audience::Admins, AccountId(account));
        assert!(heard(1) && heard(2) && !heard(3) && !heard(6));
    }

    #[test]
    fn a_sheet_out_of_order_with_two_owners_or_of_no_kind_is_not_sound() {
        assert!(sheet().is_sound());
        let mut twice = sheet().members.into_vec();
        twice.push(twice[4]);
        let with = |members: Vec<SheetMember>| Sheet {
            members: List::truncated(members),
            ..sheet()
        };
        assert!(!with(twice).is_sound());
        let mut owners = sheet().members.into_vec();
        owners[1].role = GroupRole::Owner;
        assert!(!with(owners).is_sound());
        let class = Sheet {
            kind: GroupKind::Class,
            ..sheet()
        };
        assert!(!class.is_sound());
        let backwards = Sheet {
            previous: 2,
            ..sheet()
        };
        assert!(!backwards.is_sound());
    }

    #[test]
    fn the_largest_sheet_can_be_signed() {
        let member = |number| SheetMember {
            account: AccountId(u64::MAX - number),
            role: GroupRole::Owner,
            joined_ms: u64::MAX,
            muted_until_ms: u64::MAX,
        };
        let largest = Sheet {
            epoch: u64::MAX,
            notice: Text::new("文".repeat(NOTICE_BYTES_MAX / 3)).unwrap(),
            picture: Some([1; 32]),
            members: List::truncated((0..).map(member)),
            ..sheet()
        };
        let key = KeyPair::from_seed([3; 32]);
        let signed = Signed::new(&largest, &key);
        assert_eq!(signed.verify(&key.public()), Ok(largest));
    }
}
