//! What is typed about oneself, in the profile and the settings.

use super::Fault;
use super::entry::Sex;
use crate::widgets::text_box::Secret;
use druid::{Data, Lens};

/// What is typed about oneself.
#[derive(Clone, Debug, Default, Data, Lens)]
pub struct Own {
    /// Display name.
    pub name: String,
    /// The line about oneself.
    pub signature: String,
    /// How to address.
    pub sex: Sex,
    /// The password until now, or the one that a removal needs.
    pub password: Secret,
    /// The new one.
    pub fresh: Secret,
    /// The new one once more.
    pub again: Secret,
    /// One's own name for whoever's card is open.
    pub remark: String,
    /// What is wrong with them.
    pub wrong: Option<Fault>,
}
