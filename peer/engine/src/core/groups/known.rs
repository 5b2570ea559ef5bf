//! The groups that we are in, each with its newest sheet, and those that we were in once.

use crate::store::{StoreError, Tx};
use hutong_common::group::{Sheet, SheetHash, sheet_hash};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::message::{GroupAddress, LAN};
use hutong_common::name::DisplayName;
use hutong_common::rpc::friends::RequestState;
use hutong_common::rpc::groups::GroupRequest;
use hutong_common::signed::Signed;
use std::collections::{BTreeMap, BTreeSet};

/// A group that we are in.
#[derive(Debug)]
pub(in crate::core) struct Group {
    pub(in crate::core) sheet: Sheet,
    pub(super) signed: Signed,
    /// Its name in messages.
    hash: SheetHash,
    /// The sheet that was told last, until the newest one is told; none in it when the group is new.
    pub(super) before: Option<Option<Box<Sheet>>>,
}

impl Group {
    pub(super) fn new(sheet: Sheet, signed: Signed, before: Option<Option<Box<Sheet>>>) -> Self {
        Self {
            hash: sheet_hash(&signed),
            sheet,
            signed,
            before,
        }
    }
}

/// All groups that we are in.
#[derive(Debug, Default)]
pub(in crate::core) struct Groups {
    pub(super) known: BTreeMap<GroupId, Group>,
    /// Those that we were in once.
    pub(super) former: BTreeMap<GroupId, DisplayName>,
    /// Sheets that are asked for, each with whether another hint came meanwhile.
    pub(super) fetching: BTreeMap<GroupId, bool>,
    /// Members of whom the rendezvous was asked.
    pub(super) asked_about: BTreeSet<AccountId>,
    /// Invitations and applications as they were told last.
    pub(super) requests: Vec<GroupRequest>,
    /// Those who were told to see other members of a group.
    pub(super) told_other_sheet: BTreeSet<(AccountId, GroupId)>,
}

impl Groups {
    pub(in crate::core) fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut groups = Self {
            former: tx.former_groups()?.into_iter().collect(),
            ..Self::default()
        };
        for (group, signed) in tx.groups()? {
            if let Ok(sheet) = signed.peek_unverified::<Sheet>() {
                groups.known.insert(group, Group::new(sheet, signed, None));
            }
        }
        Ok(groups)
    }

    pub(in crate::core) fn get(&self, group: GroupId) -> Option<&Sheet> {
        self.known.get(&group).map(|known| &known.sheet)
    }

    pub(in crate::core) fn iter(&self) -> impl Iterator<Item = &Sheet> {
        self.known.values().map(|known| &known.sheet)
    }

    /// The newest sheet of a group as it was signed, with its epoch.
    pub(in crate::core) fn signed(&self, group: GroupId) -> Option<(u64, &Signed)> {
        let known = self.known.get(&group)?;
        Some((known.sheet.epoch, &known.signed))
    }

    /// How a message to a group of ours is addressed.
    pub(in crate::core) fn address(&self, group: GroupId) -> Option<GroupAddress> {
        let known = self.known.get(&group)?;
        Some(GroupAddress {
            group,
            epoch: known.sheet.epoch,
            sheet: known.hash,
        })
    }

    /// Whether a group is or was ours: enough to look at what was said.
    pub(in crate::core) fn is_named(&self, group: GroupId) -> bool {
        group == LAN || self.known.contains_key(&group) || self.former.contains_key(&group)
    }

    /// The name of a group, also of one that we are in no more.
    pub(in crate::core) fn name_of(&self, group: GroupId) -> String {
        if group == LAN {
            return "LAN".to_owned();
        }
        let name = self.get(group).map(|sheet| &sheet.name);
        name.or_else(|| self.former.get(&group))
            .map_or_else(|| group.to_string(), ToString::to_string)
    }

    /// Whether somebody is in a group with us.
    pub(in crate::core) fn has_member(&self, account: AccountId) -> bool {
        self.iter().any(|sheet| sheet.member(account).is_some())
    }

    /// How many invitations and applications wait for our answer.
    pub(in crate::core) fn requests_open(&self) -> u64 {
        let open = self
            .requests
            .iter()
            .filter(|request| request.incoming && request.state == RequestState::Pending);
        open.count() as u64
    }
}
