//! What should be true, kept as naively as possible: who exists, who are friends, which messages were accepted.
//!
//! Fed by commands and their answers, never by looking into a core. `invariants.rs` compares it with what cores tell.

use hutong_common::id::{AccountId, GroupId, MsgId};
use std::collections::{BTreeMap, BTreeSet};

/// A message that its sender was told is sent.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Number of the sending computer.
    pub from: usize,
    /// Login of its person.
    pub writer: String,
    /// Login of the recipient.
    pub to: String,
    /// Its words; a file's name.
    pub text: String,
    /// How many were accepted before it.
    pub number: usize,
}

/// What should be true.
#[derive(Debug, Default)]
pub struct Model {
    /// Who uses each computer: the login last signed in, before that its owner's.
    pub logins: Vec<String>,
    /// Accounts, by number of the computer.
    pub accounts: BTreeMap<usize, AccountId>,
    /// Every accepted message.
    pub accepted: BTreeMap<MsgId, Accepted>,
    /// Accepted messages per sender and recipient, in the order of acceptance.
    pub order: BTreeMap<(usize, String), Vec<MsgId>>,
    /// Sends whose answer a kill has swallowed: sender, recipient and words. They may arrive, once.
    pub in_doubt: BTreeSet<(usize, String, String)>,
    /// What the rendezvous announced: the conversation, and the words.
    pub bulletins: BTreeSet<(String, String)>,
    /// Groups in the order in which anybody heard of them.
    pub groups: Vec<GroupId>,
    /// Who was made a teacher.
    pub teachers: BTreeSet<String>,
    /// Who was told that he confirmed which announcement.
    pub confirmed: BTreeSet<(String, MsgId)>,
    friends: BTreeSet<(String, String)>,
    parted: BTreeSet<(String, String)>,
}

fn pair(a: &str, b: &str) -> (String, String) {
    (a.min(b).to_owned(), a.max(b).to_owned())
}

impl Model {
    /// A message was accepted.
    pub fn accept(&mut self, id: MsgId, accepted: Accepted) {
        let key = (accepted.from, accepted.to.clone());
        self.order.entry(key).or_default().push(id);
        let again = self.accepted.insert(id, accepted);
        assert!(again.is_none(), "message {id} was accepted twice");
    }

    /// There is a group.
    pub fn hear_of(&mut self, group: GroupId) {
        if !self.groups.contains(&group) {
            self.groups.push(group);
        }
    }

    /// Two people became friends.
    pub fn befriend(&mut self, a: &str, b: &str) {
        self.friends.insert(pair(a, b));
    }

    /// One of two people ended it.
    pub fn part(&mut self, a: &str, b: &str) {
        self.parted.insert(pair(a, b));
    }

    /// Whether they are friends and nobody ever ended it.
    pub fn are_friends(&self, a: &str, b: &str) -> bool {
        self.friends.contains(&pair(a, b)) && !self.parted.contains(&pair(a, b))
    }

    /// The computers of a login, oldest first.
    pub fn computers_of(&self, login: &str) -> impl Iterator<Item = usize> {
        let all = self.logins.iter().enumerate();
        all.filter(move |(_, known)| *known == login)
            .map(|(who, _)| who)
    }
}
