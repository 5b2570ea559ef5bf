//! What people do about groups in a plan: its lines, and how often each is drawn.

use super::super::dice::Dice;
use super::{Operation, PEOPLE, named, pair, word};
use hutong_engine::api::group::{FloorName, RoleName};
use std::fmt;

/// Groups of which a plan speaks: `g0` is the first that was made in it.
const SLOTS: usize = 3;
const FLOORS: [(&str, FloorName); 4] = [
    ("free", FloorName::Free),
    ("questions", FloorName::Questions),
    ("admins", FloorName::Admins),
    ("silent", FloorName::Silent),
];
const ROLES: [(&str, RoleName); 2] = [("admin", RoleName::Admin), ("member", RoleName::Member)];
/// Deeds that are about nobody and no group.
const ALONE: [(&str, Deed); 5] = [
    ("teach", Deed::Teach),
    ("create", Deed::Create),
    ("accept", Deed::Answer(true)),
    ("decline", Deed::Answer(false)),
    ("confirm", Deed::Confirm),
];
/// Deeds that are about nobody in particular of a group.
const TO_ALL: [(&str, DeedIn); 6] = [
    ("apply", DeedIn::Apply),
    ("leave", DeedIn::Leave),
    ("dissolve", DeedIn::Dissolve),
    ("say", DeedIn::Say),
    ("look", DeedIn::Look),
    ("announce", DeedIn::Announce),
];
/// For how long somebody is muted, in minutes.
const MINUTES: [u64; 3] = [0, 1, 10];

/// What somebody does about groups. People are indices into [`PEOPLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupAct {
    /// Who.
    pub who: usize,
    /// What.
    pub deed: Deed,
}

/// What can be done about groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Becomes a teacher, who may announce.
    Teach,
    /// Makes a group and asks all others to come; those whom a teacher asks are in it at once.
    Create,
    /// Accepts or declines the invitation or application that was told last.
    Answer(bool),
    /// Confirms the announcement that was told last.
    Confirm,
    /// Something about the group that was made in this place.
    In(usize, DeedIn),
}

/// What can be done about a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeedIn {
    /// Asks to come in.
    Apply,
    /// Goes out.
    Leave,
    /// Ends it.
    Dissolve,
    /// Says something.
    Say,
    /// Reads all that was said.
    Look,
    /// Announces something that is to be confirmed.
    Announce,
    /// Says something with somebody's name.
    SayTo(usize),
    /// Asks somebody to come.
    Invite(usize),
    /// Removes somebody.
    Kick(usize),
    /// Makes somebody the owner in his own place.
    HandOver(usize),
    /// Lets somebody not speak for so many minutes, or speak again.
    Mute(usize, u64),
    /// Lets somebody do more or less.
    Role(usize, RoleName),
    /// Says who may speak.
    Floor(FloorName),
}

/// How a plan begins in which groups matter: with a teacher, and a group in which all are, or are asked to be.
pub(super) fn prologue(dice: &mut Dice) -> (usize, Vec<Operation>) {
    let (teacher, owner) = (dice.index(3), dice.index(3));
    let act = |who, deed| Operation::Group(GroupAct { who, deed });
    let mut lines = vec![
        act(teacher, Deed::Teach),
        act(owner, Deed::Create),
        Operation::Wait(700),
    ];
    let others = (0..3).filter(|who| *who != owner);
    lines.extend(others.map(|who| act(who, Deed::Answer(true))));
    lines.push(Operation::Wait(700));
    (teacher, lines)
}

pub(super) fn draw(dice: &mut Dice, teacher: usize) -> Operation {
    let (mut who, other) = pair(dice);
    let slot = [0, 0, 0, 0, 1, 2][dice.index(6)];
    let minutes = MINUTES[dice.index(MINUTES.len())];
    let floor = FLOORS[dice.index(FLOORS.len())].1;
    let role = ROLES[dice.index(ROLES.len())].1;
    let inside = |deed| Deed::In(slot, deed);
    let deed = match dice.within(0..121) {
        0..42 => inside(DeedIn::Say),
        42..50 => inside(DeedIn::SayTo(other)),
        50..58 => inside(DeedIn::Look),
        58..68 => {
            who = teacher;
            inside(DeedIn::Announce)
        }
        68..82 => Deed::Confirm,
        82..87 => inside(DeedIn::Kick(other)),
        87..91 => inside(DeedIn::Mute(other, minutes)),
        91..96 => inside(DeedIn::Floor(floor)),
        96..99 => inside(DeedIn::Role(other, role)),
        99..101 => inside(DeedIn::HandOver(other)),
        101..105 => inside(DeedIn::Invite(other)),
        105..112 => Deed::Answer(true),
        112..113 => Deed::Answer(false),
        113..116 => inside(DeedIn::Apply),
        116..118 => inside(DeedIn::Leave),
        118..120 => Deed::Create,
        _ => inside(DeedIn::Dissolve),
    };
    Operation::Group(GroupAct { who, deed })
}

impl fmt::Display for GroupAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = PEOPLE[self.who];
        let (slot, deed) = match &self.deed {
            Deed::Teach | Deed::Create | Deed::Answer(_) | Deed::Confirm => {
                return write!(f, "{} {who}", word(&ALONE, &self.deed));
            }
            Deed::In(slot, deed) => (slot, deed),
        };
        match deed {
            DeedIn::Apply
            | DeedIn::Leave
            | DeedIn::Dissolve
            | DeedIn::Say
            | DeedIn::Look
            | DeedIn::Announce => write!(f, "{} {who} g{slot}", word(&TO_ALL, deed)),
            DeedIn::SayTo(whom) => write!(f, "say-to {who} g{slot} {}", PEOPLE[*whom]),
            DeedIn::Invite(whom) => write!(f, "invite {who} g{slot} {}", PEOPLE[*whom]),
            DeedIn::Kick(whom) => write!(f, "kick {who} g{slot} {}", PEOPLE[*whom]),
            DeedIn::HandOver(whom) => write!(f, "hand-over {who} g{slot} {}", PEOPLE[*whom]),
            DeedIn::Mute(whom, minutes) => {
                write!(f, "mute {who} g{slot} {} {minutes}", PEOPLE[*whom])
            }
            DeedIn::Role(whom, role) => {
                let role = word(&ROLES, role);
                write!(f, "role {who} g{slot} {} {role}", PEOPLE[*whom])
            }
            DeedIn::Floor(floor) => write!(f, "floor {who} g{slot} {}", word(&FLOORS, floor)),
        }
    }
}

pub(super) fn act(words: &[&str]) -> Option<GroupAct> {
    let verb = words.first()?;
    let person = |at: usize| PEOPLE.iter().position(|name| words.get(at) == Some(name));
    let who = person(1)?;
    if let Some(deed) = named(&ALONE, verb) {
        return Some(GroupAct { who, deed });
    }
    let slot = words.get(2)?.strip_prefix('g')?.parse().ok()?;
    let deed = match (*verb, named(&TO_ALL, verb)) {
        (_, Some(deed)) => deed,
        ("floor", None) => DeedIn::Floor(named(&FLOORS, words.get(3)?)?),
        ("say-to", None) => DeedIn::SayTo(person(3)?),
        ("invite", None) => DeedIn::Invite(person(3)?),
        ("kick", None) => DeedIn::Kick(person(3)?),
        ("hand-over", None) => DeedIn::HandOver(person(3)?),
        ("mute", None) => DeedIn::Mute(person(3)?, words.get(4)?.parse().ok()?),
        ("role", None) => DeedIn::Role(person(3)?, named(&ROLES, words.get(4)?)?),
        (_, None) => return None,
    };
    let deed = Deed::In(Some(slot).filter(|slot| *slot < SLOTS)?, deed);
    Some(GroupAct { who, deed })
}
