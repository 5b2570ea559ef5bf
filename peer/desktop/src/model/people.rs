//! People as the window shows them.

use druid::im::OrdMap;
use druid::{ArcStr, Data, Lens};
use hutong_common::harmless;
use hutong_engine::api::Path as Way;
use hutong_engine::api::done::Relation;
use std::path::PathBuf;
use std::sync::Arc;

/// Everybody we know, by login.
pub type People = OrdMap<ArcStr, Contact>;

/// What these people call somebody here, or else `name`.
pub fn shown_of(people: &People, login: &str, name: &str) -> String {
    let known = people.get(&ArcStr::from(login));
    let known = known.filter(|contact| *contact.name != *contact.login || contact.remark.is_some());
    let shown = known.map_or(name, |contact| contact.shown());
    harmless::name(shown).into_owned()
}

/// What stands for somebody in a circle: the picture, or the first letter of the name on a colour of their own.
#[derive(Clone, Debug, PartialEq, Eq, Data, Lens)]
pub struct Face {
    /// Decides the colour: the account's login, or how the group is addressed.
    pub login: ArcStr,
    /// Whose first letter is shown.
    pub name: ArcStr,
    /// Where the picture lies.
    #[data(same_fn = "PartialEq::eq")]
    pub picture: Option<Arc<PathBuf>>,
}

/// Somebody we know.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// Login.
    pub login: ArcStr,
    /// Display name.
    pub name: ArcStr,
    /// Our own name for them.
    pub remark: Option<ArcStr>,
    /// The line about themselves.
    pub signature: ArcStr,
    /// Where the picture lies.
    pub picture: Option<Arc<PathBuf>>,
    /// What it is to us.
    pub relation: Relation,
    /// Whether we blocked them.
    pub blocked: bool,
    /// Whether they are there.
    pub online: bool,
    /// Whether they say that they are away.
    pub away: bool,
    /// How a message would go.
    pub path: Way,
    /// Round-trip time of the direct link, in microseconds.
    pub rtt_us: Option<u64>,
}

impl Data for Contact {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Contact {
    /// Somebody of whom only the login is known.
    pub fn unknown(login: &ArcStr) -> Self {
        Self {
            login: login.clone(),
            name: login.clone(),
            remark: None,
            signature: "".into(),
            picture: None,
            relation: Relation::None,
            blocked: false,
            online: false,
            away: false,
            path: Way::None,
            rtt_us: None,
        }
    }

    /// What we call them.
    pub fn shown(&self) -> &ArcStr {
        self.remark.as_ref().unwrap_or(&self.name)
    }

    /// What stands for them.
    pub fn face(&self) -> Face {
        Face {
            login: self.login.clone(),
            name: self.shown().clone(),
            picture: self.picture.clone(),
        }
    }
}
