//! People as the window shows them.

use druid::im::OrdMap;
use druid::{ArcStr, Data, Lens};
use hutong_common::harmless;
use hutong_common::text::Lang;
use hutong_common::text::groups::GroupText;
use hutong_engine::api::done::Relation;
use hutong_engine::api::{Path as Way, PathWhy};
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
    /// What they are at the rendezvous.
    pub rank: Rank,
}

impl Face {
    /// The name, with what its bearer is at the rendezvous.
    pub fn titled(&self, lang: Lang) -> ArcStr {
        let Some(rank) = self.rank.word(lang) else {
            return self.name.clone();
        };
        let (name, rank) = (&self.name, &rank);
        GroupText::Ranked { name, rank }.say(lang).into()
    }
}

/// What somebody is at the rendezvous; what else they are in a group is another matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data)]
pub enum Rank {
    /// Anybody.
    #[default]
    Member,
    /// A teacher.
    Teacher,
    /// An admin.
    Admin,
}

impl Rank {
    /// The rank that the engine calls so.
    pub fn named(role: &str) -> Self {
        match role {
            "teacher" => Self::Teacher,
            "admin" => Self::Admin,
            _ => Self::Member,
        }
    }

    /// What is said of it; nothing of anybody.
    pub fn word(self, lang: Lang) -> Option<String> {
        match self {
            Self::Member => None,
            Self::Teacher => Some(GroupText::RankTeacher.say(lang)),
            Self::Admin => Some(GroupText::RankAdmin.say(lang)),
        }
    }
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
    /// What it is at the rendezvous.
    pub rank: Rank,
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
    /// Why it goes by relay, where it does.
    pub why: Option<PathWhy>,
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
            rank: Rank::Member,
            blocked: false,
            online: false,
            away: false,
            path: Way::None,
            rtt_us: None,
            why: None,
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
            rank: self.rank,
        }
    }
}
