//! Rows and queries of accounts: who they are, what proves their password, their newest card and membership.

use super::counters::Counter;
use super::tables::{ACCOUNTS, CARDS, CREDENTIALS, LAST_SEEN, LOGINS, MEMBERSHIPS};
use super::{Direction, StoreError, Tx};
use hutong_common::id::{AccountId, PublicKey};
use hutong_common::name::{DisplayName, Login};
use hutong_common::rpc::accounts::{Profile, Sex};
use hutong_common::signed::{Role, Signed};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccountRow {
    pub(crate) login: Login,
    pub(crate) name: DisplayName,
    sex: u8,
    signature: String,
    role: u8,
    pub(crate) account_pk: PublicKey,
    pub(crate) account_gen: u32,
    pub(crate) created_ms: u64,
}

impl AccountRow {
    pub(crate) fn new(login: Login, account_pk: PublicKey, created_ms: u64) -> Self {
        Self {
            name: login.clone().into(),
            login,
            sex: 0,
            signature: String::new(),
            role: 0,
            account_pk,
            account_gen: 1,
            created_ms,
        }
    }

    /// The same account, whose key is lost.
    pub(crate) fn under_new_key(self, account_pk: PublicKey) -> Self {
        let account_gen = self.account_gen.saturating_add(1);
        Self {
            account_pk,
            account_gen,
            ..self
        }
    }

    pub(crate) fn with_profile(self, profile: Profile) -> Self {
        let sex = match profile.sex {
            Sex::Unsaid => 0,
            Sex::Male => 1,
            Sex::Female => 2,
            Sex::Other => 3,
        };
        let signature = profile.signature.into_string();
        Self {
            name: profile.name,
            sex,
            signature,
            ..self
        }
    }

    pub(crate) fn with_name(self, name: DisplayName) -> Self {
        Self { name, ..self }
    }

    pub(crate) fn with_role(self, role: Role) -> Self {
        let role = match role {
            Role::Member => 0,
            Role::Teacher => 1,
            Role::Admin => 2,
        };
        Self { role, ..self }
    }

    pub(crate) fn profile(&self) -> Profile {
        Profile {
            name: self.name.clone(),
            sex: match self.sex {
                1 => Sex::Male,
                2 => Sex::Female,
                3 => Sex::Other,
                _ => Sex::Unsaid,
            },
            signature: hutong_common::bounded::Text::new(self.signature.as_str())
                .unwrap_or_default(),
        }
    }

    pub(crate) const fn role(&self) -> Role {
        match self.role {
            1 => Role::Teacher,
            2 => Role::Admin,
            _ => Role::Member,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CredentialRow {
    /// OPAQUE's record.
    pub(crate) record: Vec<u8>,
    /// Sealed under the password.
    pub(crate) vault: Vec<u8>,
    pub(crate) changed_ms: u64,
}

impl CredentialRow {
    /// Which password it is: the same until the password changes.
    pub(crate) fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.record).as_bytes()
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CardRow {
    pub(crate) version: u64,
    pub(crate) card: Signed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MembershipRow {
    pub(crate) not_after_ms: u64,
    pub(crate) membership: Signed,
}

fn login_key(login: &Login) -> [u8; 32] {
    *blake3::hash(login.as_str().as_bytes()).as_bytes()
}

impl Tx {
    pub(crate) fn account(&self, account: AccountId) -> Result<Option<AccountRow>, StoreError> {
        self.get(ACCOUNTS, account.0)
    }

    pub(crate) fn account_of(&self, login: &Login) -> Result<Option<AccountId>, StoreError> {
        Ok(self.get(LOGINS, login_key(login))?.map(AccountId))
    }

    /// Accounts above `after`, in order.
    pub(crate) fn accounts_after(
        &self,
        after: AccountId,
        limit: usize,
    ) -> Result<Vec<(AccountId, AccountRow)>, StoreError> {
        let Some(first) = after.0.checked_add(1) else {
            return Ok(Vec::new());
        };
        let rows = self.range(ACCOUNTS, first.., (Direction::Forward, limit))?;
        Ok(rows
            .into_iter()
            .map(|(account, row)| (AccountId(account), row))
            .collect())
    }

    /// Drops what an account is. Its login stays taken until [`Tx::free_login`].
    pub(crate) fn remove_account(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.remove(CREDENTIALS, account.0)?;
        self.remove(CARDS, account.0)?;
        self.remove(MEMBERSHIPS, account.0)?;
        self.remove(LAST_SEEN, account.0)?;
        self.remove(ACCOUNTS, account.0).map(drop)
    }

    pub(crate) fn free_login(&mut self, login: &Login) -> Result<(), StoreError> {
        self.remove(LOGINS, login_key(login)).map(drop)
    }

    /// Adds an account under a login that nobody has.
    pub(crate) fn insert_account(
        &mut self,
        account: AccountId,
        row: &AccountRow,
    ) -> Result<(), StoreError> {
        self.put(LOGINS, login_key(&row.login), &account.0)?;
        self.raise(Counter::Account, account.0)?;
        self.put(ACCOUNTS, account.0, row)
    }

    pub(crate) fn set_account(
        &mut self,
        account: AccountId,
        row: &AccountRow,
    ) -> Result<(), StoreError> {
        self.put(ACCOUNTS, account.0, row)
    }

    pub(crate) fn credential(
        &self,
        account: AccountId,
    ) -> Result<Option<CredentialRow>, StoreError> {
        self.get(CREDENTIALS, account.0)
    }

    pub(crate) fn set_credential(
        &mut self,
        account: AccountId,
        row: &CredentialRow,
    ) -> Result<(), StoreError> {
        self.put(CREDENTIALS, account.0, row)
    }

    pub(crate) fn card(&self, account: AccountId) -> Result<Option<CardRow>, StoreError> {
        self.get(CARDS, account.0)
    }

    pub(crate) fn set_card(&mut self, account: AccountId, row: &CardRow) -> Result<(), StoreError> {
        self.put(CARDS, account.0, row)
    }

    pub(crate) fn membership(
        &self,
        account: AccountId,
    ) -> Result<Option<MembershipRow>, StoreError> {
        self.get(MEMBERSHIPS, account.0)
    }

    pub(crate) fn set_membership(
        &mut self,
        account: AccountId,
        row: &MembershipRow,
    ) -> Result<(), StoreError> {
        self.put(MEMBERSHIPS, account.0, row)
    }
}
