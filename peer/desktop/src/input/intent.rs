//! What a person wants, by clicking, typing or a key.

use crate::emoji::Step;
use crate::model::chat::RowAct;
use crate::model::compose::Spot;
use crate::model::entry::Mode;
use crate::model::front::Rule;
use crate::model::groups::GroupWish;
use crate::model::home::{Pane, Tab};
use crate::model::past::Whose;
use crate::model::prefs::{Frame, Shade};
use crate::model::{Dialog, GroupPage};
use druid::ArcStr;
use druid::im::Vector;
use hutong_common::id::{DeviceId, GroupId, MsgId, RequestId};
use hutong_common::text::Lang;
use hutong_engine::api::event::WarningCode;
use std::path::PathBuf;

/// Something that a person wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Before one is signed in.
    Entry(EntryIntent),
    /// From one place to another.
    Go(Go),
    /// In a conversation.
    Talk(TalkIntent),
    /// In the past of the open conversation.
    Past(PastIntent),
    /// About people.
    People(PeopleIntent),
    /// About groups.
    Group(GroupIntent),
    /// About oneself.
    Own(OwnIntent),
    /// About one's own class.
    Class(ClassIntent),
    /// About the program.
    Prefs(PrefsIntent),
    /// The network is checked, and the way to this login.
    Check(Option<ArcStr>),
    /// What is asked about while nothing private is shown shall be shown.
    Reveal,
    /// The window shall close.
    Quit,
}

/// Before one is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryIntent {
    /// Signs in or registers with what is typed.
    Submit,
    /// Between signing in and registering.
    Switch(Mode),
    /// This server.
    Choose(ArcStr),
    /// The shown fingerprint is the right one.
    Trust,
    /// It is not.
    Distrust,
    /// Looks for servers at once.
    Look,
}

/// From one place to another.
#[derive(Clone, Debug, PartialEq)]
pub enum Go {
    /// To this list.
    Tab(Tab),
    /// To this pane.
    Pane(Pane),
    /// To the conversation with this login.
    Chat(ArcStr),
    /// To this dialog.
    Dialog(Dialog),
    /// The banner of this cause is put away.
    PutAway(WarningCode),
    /// The window is, or is no longer, the one that is typed into.
    Focus(bool),
    /// What was typed into the search box changed.
    Search,
    /// The window comes to the front.
    Front,
    /// To this text box.
    Spot(Spot),
    /// To the next row of the list, or the one before.
    Point {
        /// Whether downwards.
        down: bool,
    },
    /// To the conversation that is pointed at; without one to the first.
    Pointed,
    /// Closes what is open: a dialog, a picture, the pane.
    Back,
}

/// In a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum TalkIntent {
    /// Sends what is typed.
    Send,
    /// What is typed changed.
    Typed,
    /// Sends these files.
    SendFiles(Vector<PathBuf>),
    /// Files came; some are asked about first.
    Offer {
        /// Where they lie.
        paths: Vector<PathBuf>,
        /// Whether it is a picture from the clipboard.
        is_picture: bool,
    },
    /// The files of the dialog shall go.
    Confirm,
    /// Something that could be dropped is over the window, or no longer.
    DraggedOver(bool),
    /// About the emoji.
    Emoji(EmojiIntent),
    /// About the members that are offered to be named.
    Named(OfferIntent),
    /// On a row.
    Row(RowAct),
    /// Puts this emoji where the caret is.
    Insert {
        /// As it is written.
        emoji: ArcStr,
        /// Whether another one shall follow.
        stays: bool,
    },
}

/// About the emoji that are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmojiIntent {
    /// They are offered, or no longer.
    Switch,
    /// They are no longer.
    Close,
    /// What is looked for changed.
    Typed,
    /// From one to another.
    Step(Step),
    /// The mouse is on this one.
    At(usize),
}

/// About people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleIntent {
    /// Looks for the typed login.
    Find,
    /// Asks the found one to be a friend.
    Add,
    /// Looks for this one, to be asked.
    Ask(ArcStr),
    /// Accepts a request.
    Accept(RequestId),
    /// Declines a request.
    Decline(RequestId),
    /// Shows somebody.
    Show(ArcStr),
    /// Ends the friendship.
    Remove(ArcStr),
    /// Blocks somebody.
    Block(ArcStr),
    /// Lifts it.
    Unblock(ArcStr),
    /// Keeps the typed remark name for them.
    Remark(ArcStr),
    /// Shows what to compare with somebody.
    Safety(ArcStr),
    /// The digits are alike.
    Verify(ArcStr),
    /// The changed key is agreed to, uncompared.
    AcceptKey(ArcStr),
}

/// About groups.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupIntent {
    /// Shows this.
    Page(GroupPage),
    /// Picks somebody, or no longer.
    Pick(ArcStr),
    /// It shall be a class, or no longer.
    Class,
    /// Does something.
    Do(GroupWish),
    /// The number is in the clipboard.
    NumberCopied,
    /// The code is.
    CodeCopied,
    /// Another rule is chosen.
    Rule(Rule),
    /// Keeps who is there as a table.
    SaveAttendance,
    /// An announcement is for this group, or for everybody on the LAN.
    To(GroupId),
    /// An announcement is to be in large letters, or no longer.
    Large,
    /// It is to be confirmed, or no longer.
    Confirm,
}

/// About the members that are offered to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferIntent {
    /// From one to the next, or the one before.
    Step {
        /// Whether downwards.
        down: bool,
    },
    /// They are offered no longer.
    Close,
}

/// About the program.
#[derive(Clone, Debug, PartialEq)]
pub enum PrefsIntent {
    /// In this language.
    Lang(Lang),
    /// In this shade.
    Shade(Shade),
    /// With texts of so many percent.
    Text(u32),
    /// Notes on the desktop or none.
    Notify(bool),
    /// None for this conversation, or some again.
    Mute(ArcStr, bool),
    /// Pictures by themselves or not.
    Pictures(bool),
    /// Nothing private is shown, or all again.
    Present(bool),
    /// The window is there now.
    Frame(Frame),
}

/// About oneself.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnIntent {
    /// Keeps the typed name, line and form of address.
    Save,
    /// Shows this picture to others, or none; before one is signed in it waits for the registration.
    Picture(Option<PathBuf>),
    /// Says that one is away, or back.
    Away(bool),
    /// Changes the password to what is typed.
    Password,
    /// Asks for one's computers.
    Devices,
    /// Removes this one, with the typed password.
    RemoveDevice(DeviceId),
    /// Signs out.
    SignOut,
    /// Asks for the password that mail waits for.
    AskUnlock,
    /// Opens that mail with the typed password.
    Unlock,
    /// Says that one has read an announcement.
    Confirm(MsgId),
}

/// About one's own class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassIntent {
    /// It stops.
    Stop,
    /// It starts again.
    Resume,
    /// The window closes, and the class goes on or stops.
    Leave {
        /// Whether it stops.
        stops: bool,
    },
    /// The link is in the clipboard.
    Copied,
}

/// In the past of the open conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastIntent {
    /// Shows what is looked for.
    Look,
    /// Only messages of these.
    Whose(Whose),
}
