//! Where things are in a window of the usual size, in pixels of its content: the only place of the tests that knows.
//!
//! What can be reached by keys is; these are the few first clicks. A screen that moves its parts changes this table.

/// From the left, from the top.
pub type Place = (u32, u32);

/// Width and height of a window that nobody has sized.
pub const USUAL: (u32, u32) = (1000, 680);

/// The colour of counts, in the light shade.
const COUNT: [u8; 3] = [0xb8, 0x32, 0x2a];
/// More pixels of it than a letter has.
const COUNT_PIXELS: usize = 60;

/// Whether these pixels, three bytes each, show a count at a place of the rail: above its icon, to the right.
pub(super) fn has_count(pixels: &[u8], width: u32, (x, y): Place) -> bool {
    let row_bytes = width as usize * COUNT.len();
    let (from, to) = (x as usize * COUNT.len(), (x as usize + 34) * COUNT.len());
    let rows = pixels.chunks(row_bytes);
    let rows = rows.skip((y as usize).saturating_sub(34)).take(34);
    let parts = rows.filter_map(|row| row.get(from..to));
    let found = parts.flat_map(|part| part.chunks(COUNT.len()));
    found.filter(|pixel| *pixel == COUNT).count() > COUNT_PIXELS
}

/// The first screen; the boxes stand alike in both languages.
pub mod entry {
    use super::Place;

    /// The box for an invite link; for the name of a class when one is started.
    pub const LINK: Place = (500, 278);
    /// The same box of whoever starts a class.
    pub const CLASS: Place = (500, 220);
    /// The tick for a shared computer, while one signs in.
    pub const SEAT: Place = (341, 497);
}

/// The rail at the left, and the list beside it.
pub mod home {
    use super::Place;

    /// One's own face: the profile.
    pub const ME: Place = (34, 36);
    /// Conversations.
    pub const CHATS: Place = (34, 102);
    /// Friends.
    pub const FRIENDS: Place = (34, 164);
    /// Groups.
    pub const GROUPS: Place = (34, 226);
    /// Requests.
    pub const REQUESTS: Place = (34, 287);
    /// Files.
    pub const FILES: Place = (34, 349);
    /// Settings.
    pub const SETTINGS: Place = (34, 638);
    /// The button that adds a friend.
    pub const ADD: Place = (313, 30);
    /// The first row of the list.
    pub const FIRST: Place = (200, 88);
    /// The second one.
    pub const SECOND: Place = (200, 152);
    /// The last button of the first card of a pane: accept.
    pub const ACCEPT: Place = (931, 115);
}

/// What stands above everything else.
pub mod dialog {
    use super::Place;

    /// The box for a login, in a dialog that nothing was found in yet.
    pub const LOGIN: Place = (450, 350);
    /// Copying the link, in the dialog that says how others join a class, in Chinese.
    pub const COPY: Place = (686, 477);
    /// Stopping the class and closing the window, in Chinese.
    pub const STOP_AND_CLOSE: Place = (475, 385);
    /// Ending a friendship, on somebody's card, in Chinese.
    pub const REMOVE: Place = (588, 444);
    /// The answer of a question that does it.
    pub const YES: Place = (640, 385);
}

/// Dialogs about a group of three, in English.
pub mod group {
    use super::Place;

    /// From adding a friend to a new group.
    pub const TAB_NEW: Place = (589, 298);
    /// The first one who can be invited.
    pub const FIRST_PICK: Place = (420, 275);
    /// Making it.
    pub const MAKE: Place = (619, 523);
    /// Another name, on the card.
    pub const RENAME: Place = (311, 378);
    /// The second member on the card.
    pub const SECOND_MEMBER: Place = (291, 522);
    /// The third one.
    pub const THIRD_MEMBER: Place = (291, 571);
    /// Muting a member for ten minutes.
    pub const MUTE: Place = (500, 290);
    /// Removing a member.
    pub const KICK: Place = (500, 520);
}

/// An open conversation.
pub mod chat {
    use super::Place;

    /// The box for words.
    pub const WORDS: Place = (640, 575);
    /// The emoji.
    pub const SMILE: Place = (365, 522);
    /// The clip that chooses files.
    pub const CLIP: Place = (396, 520);
    /// In the middle of the messages.
    pub const MIDDLE: Place = (680, 280);
    /// A message at the upper end of a conversation, one's own.
    pub const TOPMOST: Place = (900, 130);
    /// The newest message, of the other.
    pub const NEWEST: Place = (430, 480);
    /// Who it is with.
    pub const MORE: Place = (964, 30);
}

/// The settings.
pub mod settings {
    use super::Place;

    /// Signing out, in English.
    pub const SIGN_OUT: Place = (625, 128);
    /// 中文.
    pub const CHINESE: Place = (407, 226);
    /// English.
    pub const ENGLISH: Place = (482, 226);
    /// Dark words.
    pub const LIGHT: Place = (411, 322);
    /// The other way round.
    pub const DARK: Place = (479, 322);
}

/// The profile.
pub mod profile {
    use super::Place;

    /// The box for the display name.
    pub const NAME: Place = (650, 283);
}
