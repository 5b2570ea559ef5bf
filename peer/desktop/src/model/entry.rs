//! What is typed and shown before one is signed in.

use super::Fault;
use super::people::{Face, Rank};
use crate::widgets::text_box::Secret;
use druid::im::Vector;
use druid::{ArcStr, Data, Lens};
use std::path::PathBuf;
use std::sync::Arc;

/// Signing in or registering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data)]
pub enum Mode {
    /// With an account.
    #[default]
    SignIn,
    /// Without one.
    Register,
    /// As the teacher of a class on this computer.
    Class,
}

/// How to address somebody, as one chooses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data)]
pub enum Sex {
    /// Not said.
    #[default]
    Unsaid,
    /// He.
    Male,
    /// She.
    Female,
    /// Another way.
    Other,
}

/// A field that something can be wrong with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Data)]
pub enum Field {
    /// Login.
    Login,
    /// Password.
    Password,
    /// Password once more.
    Again,
    /// Display name.
    Name,
    /// Name of the class.
    Class,
    /// The picture.
    Picture,
    /// Code.
    Code,
    /// Server.
    Server,
    /// Nothing of them: the whole.
    Form,
}

/// What is wrong, and with what.
#[derive(Clone, Debug, PartialEq, Data)]
pub struct Wrong {
    /// With what.
    pub field: Field,
    /// What.
    pub fault: Fault,
}

/// A server that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Data, Lens)]
pub struct Server {
    /// Its name, as it says.
    pub name: ArcStr,
    /// Where.
    pub address: ArcStr,
    /// To compare.
    pub fingerprint: ArcStr,
    /// Whether it is the one known here.
    pub trusted: bool,
    /// Whether it is the chosen one.
    pub chosen: bool,
    /// Whether it bears the name of the known one, and another key.
    pub suspect: bool,
}

/// Whether a server's key is the right one.
#[derive(Clone, Debug, PartialEq, Eq, Data, Lens)]
pub struct Doubt {
    /// To compare.
    pub fingerprint: ArcStr,
    /// Where.
    pub address: ArcStr,
}

impl Entry {
    /// What will stand for whoever registers.
    pub fn face(&self) -> Face {
        let login: ArcStr = self.login.trim().into();
        let name = self.name.trim();
        Face {
            name: if name.is_empty() {
                login.clone()
            } else {
                name.into()
            },
            picture: self.picture.clone(),
            login,
            rank: Rank::Member,
        }
    }
}

/// The form before one is signed in.
#[derive(Clone, Debug, Default, Data, Lens)]
pub struct Entry {
    /// Signing in or registering.
    pub mode: Mode,
    /// As typed.
    pub login: String,
    /// As typed.
    pub password: Secret,
    /// As typed once more.
    pub again: Secret,
    /// As typed.
    pub name: String,
    /// Name of the class, as typed.
    pub class: String,
    /// As chosen.
    pub sex: Sex,
    /// The picture that others will see, where one was chosen.
    #[data(same_fn = "PartialEq::eq")]
    pub picture: Option<Arc<PathBuf>>,
    /// Owner code or one-time code, as typed.
    pub code: String,
    /// Invite link or address, as typed.
    pub link: String,
    /// Whether this computer is shared.
    pub seat: bool,
    /// Those seen.
    pub servers: Vector<Server>,
    /// The chosen one's address.
    pub chosen: Option<ArcStr>,
    /// Whether one waits for the server.
    pub busy: bool,
    /// What is wrong.
    pub wrong: Option<Wrong>,
    /// A question that comes first.
    pub doubt: Option<Doubt>,
    /// Whether the field for a link or an address is open.
    pub more: bool,
}
