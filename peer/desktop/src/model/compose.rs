//! What hands do: where one types, which emoji are offered, and which files are about to be sent.

use super::people::Face;
use crate::emoji::Plan;
use druid::im::Vector;
use druid::{ArcStr, Data, Lens};
use std::path::PathBuf;

/// A text box that can be led to from elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data)]
pub enum Spot {
    /// Where a message is typed.
    #[default]
    Composer,
    /// Above the list.
    Search,
    /// Above the emoji.
    Emoji,
    /// The words to somebody whom one asks.
    Greeting,
    /// The name of one's class.
    Class,
    /// The login of whoever signs in.
    Login,
}

/// Where one types; the count says that it was meant anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Data)]
pub struct Aim {
    /// Which box.
    pub spot: Spot,
    /// How often one was led somewhere.
    pub count: u64,
    /// Whether one goes there only if nothing had the keys before what lay above.
    pub is_back: bool,
}

impl Aim {
    /// Leads to this box.
    pub fn at(&mut self, spot: Spot) {
        *self = Self {
            spot,
            count: self.count + 1,
            is_back: false,
        };
    }

    /// Leads back to where one was, or else to this box.
    pub fn back(&mut self, otherwise: Spot) {
        self.at(otherwise);
        self.is_back = true;
    }
}

/// The emoji that are offered.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct Picker {
    /// As typed.
    pub search: String,
    /// The number of the one that `Enter` takes.
    pub at: usize,
    /// Used lately when they were opened: nothing moves under the hand while one chooses several.
    pub recent: ArcStr,
}

impl Picker {
    /// All of them, with these used lately.
    pub fn new(recent: ArcStr) -> Self {
        Self {
            search: String::new(),
            at: 0,
            recent,
        }
    }

    /// What is shown.
    pub fn plan(&self) -> Plan {
        Plan::of(&self.recent, &self.search)
    }
}

/// Files about which one is asked before they go.
#[derive(Clone, Debug, PartialEq, Data)]
pub struct Outgoing {
    /// To whom.
    pub with: ArcStr,
    /// Where they lie.
    #[data(same_fn = "PartialEq::eq")]
    pub paths: Vector<PathBuf>,
    /// Bytes of all of them.
    pub size: u64,
    /// Whether it is one picture from the clipboard.
    pub is_picture: bool,
}

/// Members of the open group that are offered while one names somebody.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct Offer {
    /// What was typed after the sign.
    pub typed: ArcStr,
    /// Who is meant by that, the best first.
    pub names: Vector<Named>,
    /// The number of the one that `Enter` takes.
    pub at: usize,
}

/// Somebody who is offered.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct Named {
    /// What stands for them; of everybody, the group.
    pub face: Face,
    /// What is shown beside it.
    pub hint: ArcStr,
    /// What is written for them.
    pub word: ArcStr,
    /// Whether `Enter` takes it.
    pub is_chosen: bool,
}

/// What is written in the place of something that stands before the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// What goes; empty when nothing does.
    pub instead_of: ArcStr,
    /// What comes.
    pub text: ArcStr,
}

impl Insertion {
    /// This, and nothing goes for it.
    pub fn of(text: &ArcStr) -> Self {
        Self {
            instead_of: "".into(),
            text: text.clone(),
        }
    }
}
