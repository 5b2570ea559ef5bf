//! What is wrong with something that was typed into a form.

use druid::{ArcStr, Data};
use hutong_engine::api::Failure;

/// What is wrong with something typed. It becomes words when it is painted, so that they are of the language of then.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// No login name.
    LoginMissing,
    /// No password.
    PasswordMissing,
    /// Not the same password twice.
    PasswordsDiffer,
    /// A class without a name.
    ClassNameMissing,
    /// Not a day.
    NoDay,
    /// A class did not start, in the words of who serves it.
    Class(ArcStr),
    /// The engine could not do it.
    Failed(Failure),
}

impl Data for Fault {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}
