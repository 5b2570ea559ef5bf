//! What a conversation is stored under: eight bytes, whoever it is with.

use super::tables::Table;
use super::{StoreError, contacts::account_of};
use hutong_common::id::{AccountId, GroupId};
use serde::{Deserialize, Serialize};

/// Set in the number of a group, never in that of an account: both count upwards from small numbers.
const GROUP_BIT: u64 = 1 << 63;

/// A conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub enum Chat {
    /// With one person.
    Person(AccountId),
    /// With the members of a group.
    Group(GroupId),
}

impl Chat {
    /// The other person, when there is only one.
    pub const fn person(self) -> Option<AccountId> {
        match self {
            Self::Person(account) => Some(account),
            Self::Group(_) => None,
        }
    }

    /// The group.
    pub const fn group(self) -> Option<GroupId> {
        match self {
            Self::Person(_) => None,
            Self::Group(group) => Some(group),
        }
    }

    pub(super) fn key(self) -> [u8; 8] {
        u64::from(self).to_be_bytes()
    }

    /// The conversation that a key of eight bytes names.
    pub(super) fn of_key(table: Table, key: &[u8]) -> Result<Self, StoreError> {
        account_of(table, key).map(|AccountId(number)| Self::from(number))
    }
}

impl From<AccountId> for Chat {
    fn from(account: AccountId) -> Self {
        Self::Person(account)
    }
}

impl From<GroupId> for Chat {
    fn from(group: GroupId) -> Self {
        Self::Group(group)
    }
}

impl From<u64> for Chat {
    fn from(number: u64) -> Self {
        if number & GROUP_BIT == 0 {
            Self::Person(AccountId(number))
        } else {
            Self::Group(GroupId(number & !GROUP_BIT))
        }
    }
}

impl From<Chat> for u64 {
    fn from(chat: Chat) -> Self {
        match chat {
            Chat::Person(AccountId(number)) => number,
            Chat::Group(GroupId(number)) => number | GROUP_BIT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_stored_as_ever_and_a_group_beside() {
        let number = 10_001;
        let person = Chat::from(AccountId(number));
        assert_eq!(person.key(), number.to_be_bytes());
        let group = Chat::from(GroupId(number));
        assert_ne!(person.key(), group.key());
        for chat in [person, group] {
            assert_eq!(Chat::from(u64::from(chat)), chat);
        }
    }
}
