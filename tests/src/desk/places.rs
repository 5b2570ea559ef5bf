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
    /// The same while the line of presentation mode stands above it.
    pub const FRIENDS_BELOW: Place = (34, 197);
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
    /// The button with which teachers and admins announce something.
    pub const ANNOUNCE: Place = (277, 30);
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

    /// From adding a friend to joining a group, in Chinese.
    pub const TAB_JOIN: Place = (416, 309);
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

/// What is in front of a class: in English for who leads it, in Chinese for its members.
pub mod class {
    use super::Place;

    /// The third of those to whom something can be announced.
    pub const TO_THIRD: Place = (474, 393);
    /// Everybody is asked to confirm it.
    pub const CONFIRM: Place = (392, 453);
    /// In large letters.
    pub const LARGE: Place = (392, 483);
    /// Announcing it.
    pub const ANNOUNCE: Place = (637, 525);
    /// Confirming that one has read it, where it has one line.
    pub const READ: Place = (764, 414);
    /// Its code, on the card.
    pub const CODE: Place = (258, 570);
    /// Making one.
    pub const MAKE_CODE: Place = (752, 421);
    /// Raising one's hand.
    pub const HAND: Place = (884, 32);
    /// Raised hands.
    pub const HANDS: Place = (870, 32);
    /// The only one is seen to.
    pub const DONE: Place = (771, 332);
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
    /// What is above this line is no composer.
    pub const END: u32 = 480;
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
