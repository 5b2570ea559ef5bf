//! What the window shows: data only. See [`crate::reduce`] for how it changes.

mod audience;
pub mod chat;
pub mod compose;
pub mod dialog;
pub mod doctor;
pub mod entry;
mod fault;
pub mod front;
pub mod groups;
pub mod home;
pub mod own;
pub mod past;
pub mod people;
pub mod prefs;
mod presenting;
mod quiet;

use crate::bridge::Outlet;
use crate::input::Ending;
use crate::widgets::pane::Card;
use chat::Conversation;
use compose::{Aim, Offer, Picker};
pub use dialog::{Checking, Dialog, Found, GroupPage, Search};
use druid::im::{OrdMap, Vector};
use druid::{ArcStr, Data, Lens};
use entry::Entry;
pub use fault::Fault;
use groups::{Group, GroupForm, GroupSaid, Groups, Silence};
use home::{ListRows, Pane, Tab};
use hutong_common::id::FileId;
use hutong_common::message::LAN_ADDRESS;
use hutong_common::text::announcements::{AnnouncementText, BulletinText};
use hutong_engine::api::Failure;
use hutong_engine::api::announcement::{Announcement, SERVER_NAMED};
use hutong_engine::api::done::{BlockedRow, Device, HistoryRow, RequestRow, Whoami};
use hutong_engine::api::event::{File, Ready, ServerState, WarningCode};
use hutong_host::class::Open;
use jiff::tz::TimeZone;
use people::{Contact, Face, People, Rank};
use prefs::Prefs;
use std::sync::Arc;

/// How far one is.
#[derive(Clone, Debug, Default, PartialEq, Data)]
pub enum Stage {
    /// The engine opens the home.
    #[default]
    Starting,
    /// Nobody is signed in.
    Out,
    /// Somebody is.
    In,
    /// There is no engine, and why.
    Broken(#[data(same_fn = "PartialEq::eq")] Ending),
    /// The window may close.
    Over,
}

/// How the rendezvous is reached.
#[derive(Clone, Copy, Debug, PartialEq, Data)]
pub enum Link {
    /// Not known yet.
    Unknown,
    /// Signed in.
    Online,
    /// Not there; direct links still work.
    Offline,
}

impl From<ServerState> for Link {
    fn from(state: ServerState) -> Self {
        match state {
            ServerState::Online => Self::Online,
            ServerState::Offline | ServerState::Backoff => Self::Offline,
        }
    }
}

/// What is known of one conversation without opening it.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its last message.
    pub last: Option<Arc<HistoryRow>>,
    /// Messages not read.
    pub unread: u64,
    /// How many of them name us.
    pub mentions: u64,
    /// Words that are not sent yet.
    pub draft: ArcStr,
}

/// A line that comes and goes at the lower edge.
#[derive(Clone, Debug, PartialEq, Data)]
pub struct Toast {
    /// Which.
    pub id: u64,
    /// What it says.
    #[data(same_fn = "PartialEq::eq")]
    pub note: Note,
}

/// What comes and goes. It becomes words when it is painted, so that they are of the language of then.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// Something could not be done.
    Failed(Failure),
    /// Something is wrong with one's class, in the words of who serves it.
    Class(ArcStr),
    /// One's class has stopped.
    ClassStopped,
    /// The invite link is in the clipboard.
    LinkCopied,
    /// Files were dropped where nobody is.
    DropNowhere,
    /// The profile is kept.
    Saved,
    /// The password is another one.
    PasswordChanged,
    /// A computer was removed.
    ComputerRemoved,
    /// The mail that waited is here.
    Unlocked,
    /// Something was done about a group.
    Group(GroupSaid),
}

/// A warning that stays until it is no longer true or was put away.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct Banner {
    /// Its cause.
    #[data(same_fn = "PartialEq::eq")]
    pub code: WarningCode,
    /// Login of whom it is about.
    pub who: ArcStr,
    /// What we call them.
    pub name: ArcStr,
    /// Whether a message to them waits for the person.
    pub waits: bool,
}

/// What can be done about a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Compares keys with this login.
    Compare(ArcStr),
    /// Types the password for mail that waits.
    Unlock,
}

/// Everything that the window shows.
#[derive(Clone, Data, Lens)]
pub struct AppState {
    /// How far one is.
    pub stage: Stage,
    /// What the person likes.
    pub prefs: Prefs,
    /// Before one is signed in.
    pub entry: Entry,
    /// Who is signed in.
    #[data(same_fn = "PartialEq::eq")]
    pub me: Option<Arc<Whoami>>,
    /// How the rendezvous is reached.
    pub link: Link,
    /// Everybody we know, by login; groups, by how they are addressed, as far as they have a name like a person's.
    pub people: People,
    /// What else is known of groups, by how they are addressed.
    pub groups: Groups,
    /// Every conversation, by login or by how the group is addressed.
    #[data(same_fn = "OrdMap::ptr_eq")]
    pub summaries: OrdMap<ArcStr, Summary>,
    /// Requests that wait for an answer, the newest first.
    pub requests: Vector<Card<RequestRow>>,
    /// Requests that were answered, the newest first.
    pub answered: Vector<Card<RequestRow>>,
    /// Whom we blocked, by login.
    pub blocked: Vector<Card<BlockedRow>>,
    /// Files, by name.
    #[data(same_fn = "OrdMap::ptr_eq")]
    pub files: OrdMap<FileId, File>,
    /// The same, the newest first.
    pub file_list: Vector<Card<File>>,
    /// One's own computers.
    pub devices: Vector<Card<Device>>,
    /// What is typed about oneself.
    pub own: own::Own,
    /// What is typed about a group.
    pub group_form: GroupForm,
    /// One's own class, while it runs.
    #[data(same_fn = "PartialEq::eq")]
    pub class: Option<Arc<Open>>,
    /// Whether there is one that was stopped.
    pub class_rests: bool,
    /// The check of the network.
    pub doctor: doctor::Doctor,
    /// Messages of the past.
    pub past: past::Past,
    /// Where the engine is.
    #[data(same_fn = "PartialEq::eq")]
    pub ready: Option<Arc<Ready>>,
    /// Which list.
    pub tab: Tab,
    /// What was typed above it.
    pub search: String,
    /// Its rows.
    pub list: ListRows,
    /// What the large part shows.
    pub pane: Pane,
    /// The open conversation.
    pub open: Option<Conversation>,
    /// What is typed in it.
    pub words: String,
    /// How often something was typed.
    pub typed: u64,
    /// Where one types.
    pub aim: Aim,
    /// The emoji that are offered, while they are.
    pub picker: Option<Picker>,
    /// The members that are offered to be named, while they are.
    pub offer: Option<Offer>,
    /// Whether something that could be dropped is over the window.
    pub is_dragged_over: bool,
    /// Whom the arrow keys point at in the list.
    pub pointed: Option<ArcStr>,
    /// What is asked above everything else.
    pub dialog: Option<Dialog>,
    /// Announcements that are shown next, the oldest first.
    pub announced: Vector<Card<Announcement>>,
    /// What stays true for a while.
    pub banners: Vector<Banner>,
    /// What comes and goes.
    pub toasts: Vector<Toast>,
    /// The number of the last of them.
    pub last_toast: u64,
    /// Unix milliseconds, by the minute.
    pub now_ms: u64,
    /// Of the window, in pixels.
    pub width: f64,
    /// Whether the window is the one that is typed into.
    pub focused: bool,
    /// How often it was called to the front.
    pub fronts: u64,
    /// Whether the window is about to close.
    pub is_closing: bool,
    /// Whether the newest row of the open conversation is in sight, rather than older ones.
    pub at_newest: bool,
    /// Where times are read.
    #[data(ignore)]
    #[lens(ignore)]
    pub zone: TimeZone,
    /// The way out.
    #[data(ignore)]
    #[lens(ignore)]
    pub outlet: Outlet,
}

impl AppState {
    /// That of a program that has just begun.
    pub fn new(prefs: Prefs, (outlet, zone): (Outlet, TimeZone), now_ms: u64) -> Self {
        Self {
            stage: Stage::Starting,
            prefs,
            entry: Entry::default(),
            me: None,
            link: Link::Unknown,
            people: OrdMap::new(),
            groups: OrdMap::unit(LAN_ADDRESS.into(), Group::lan()),
            summaries: OrdMap::new(),
            requests: Vector::new(),
            answered: Vector::new(),
            blocked: Vector::new(),
            files: OrdMap::new(),
            file_list: Vector::new(),
            devices: Vector::new(),
            own: own::Own::default(),
            group_form: GroupForm::default(),
            class: None,
            class_rests: false,
            doctor: doctor::Doctor::default(),
            past: past::Past::default(),
            ready: None,
            tab: Tab::Chats,
            search: String::new(),
            list: Vector::new(),
            pane: Pane::Chat,
            open: None,
            words: String::new(),
            typed: 0,
            aim: Aim::default(),
            picker: None,
            offer: None,
            is_dragged_over: false,
            pointed: None,
            dialog: None,
            announced: Vector::new(),
            banners: Vector::new(),
            toasts: Vector::new(),
            last_toast: 0,
            now_ms,
            width: f64::INFINITY,
            focused: true,
            fronts: 0,
            is_closing: false,
            at_newest: true,
            zone,
            outlet,
        }
    }

    /// Our own login; empty when nobody is signed in.
    pub fn own_login(&self) -> &str {
        self.me.as_ref().map_or("", |me| &me.signed_in.login)
    }

    /// What stands for us.
    pub fn own_face(&self) -> Face {
        let login: ArcStr = self.own_login().into();
        let me = self.me.as_ref();
        Face {
            name: me.map_or_else(|| login.clone(), |me| me.name.as_str().into()),
            picture: me.and_then(|me| me.avatar.clone()).map(Arc::new),
            login,
            rank: Rank::Member,
        }
    }

    /// Messages not read in all.
    pub fn unread(&self) -> u64 {
        let shown = self.summaries.iter().filter(|(with, _)| !self.hides(with));
        shown.map(|(_, summary)| summary.unread).sum()
    }

    /// Those of them that one wants to be called for: of a muted conversation only what names us.
    pub fn calling(&self) -> u64 {
        let calls = |(with, summary): (&ArcStr, &Summary)| {
            if self.prefs.muted.contains(with) {
                summary.mentions.min(summary.unread)
            } else {
                summary.unread
            }
        };
        let shown = self.summaries.iter().filter(|(with, _)| !self.hides(with));
        shown.map(calls).sum()
    }

    /// The group of the open conversation.
    pub fn open_group(&self) -> Option<&Group> {
        self.groups.get(&self.open.as_ref()?.with)
    }

    /// Why one may not speak in the open conversation; none when one may.
    pub fn silence(&self) -> Option<Silence> {
        match self.open_group() {
            Some(group) => group.silence(self.own_login(), self.now_ms),
            None => self.kept_apart().map(|_| Silence::Private),
        }
    }

    /// The class that lets one not talk in private in the open conversation.
    pub fn kept_apart(&self) -> Option<&Group> {
        let with = &self.open.as_ref()?.with;
        let mut groups = self.groups.values();
        groups.find(|group| !group.lets_talk(self.own_login(), with))
    }

    /// What somebody is called, oneself too.
    pub fn name_of(&self, login: &ArcStr) -> ArcStr {
        if **login == *self.own_login() {
            self.own_face().name
        } else {
            self.contact(login).shown().clone()
        }
    }

    /// Requests to us that wait for an answer.
    pub fn open_requests(&self) -> usize {
        let is_shown = !self.prefs.is_presenting;
        let open = |request: &&Card<RequestRow>| is_shown && request.direction == "in";
        self.requests.iter().filter(open).count()
    }

    /// Somebody, known or not, with all that we know.
    pub fn known(&self, login: &ArcStr) -> Contact {
        let known = self.people.get(login).cloned();
        known.unwrap_or_else(|| Contact::unknown(login))
    }

    /// Somebody, known or not, as they are shown now.
    pub fn contact(&self, login: &ArcStr) -> Contact {
        let mut contact = self.before_others(self.known(login));
        let lang = self.prefs.lang;
        if **login == *LAN_ADDRESS {
            contact.name = AnnouncementText::Lan.say(lang).into();
        } else if **login == *SERVER_NAMED {
            contact.name = BulletinText::Server.say(lang).into();
        }
        contact
    }
}
