//! What became of a group: a small line in the middle, of the program's words.

use super::board::Board;
use super::look::Style;
use super::row::Ground;
use crate::model::chat::Conversation;
use crate::model::groups::Change;
use druid::{ArcStr, Point, Rect};
use hutong_common::harmless;
use hutong_common::text::Lang;
use hutong_common::text::groups::GroupText;
use hutong_engine::api::group::GroupDeed;

/// What happened, with the names that people have in this conversation.
pub(super) fn said(talk: &Conversation, change: &Change, lang: Lang) -> String {
    let name = |login: &ArcStr| {
        let face = talk.face_of(login);
        face.map_or_else(String::new, |face| harmless::name(&face.name).into_owned())
    };
    let who = change.who.as_ref().map(name).unwrap_or_default();
    let who: &dyn std::fmt::Display = &who;
    let what = match change.what {
        GroupDeed::Entered => GroupText::Entered,
        GroupDeed::Left => GroupText::Left,
        GroupDeed::Joined => GroupText::Joined { who },
        GroupDeed::Gone => GroupText::Gone { who },
        GroupDeed::Role => GroupText::RoleChanged { who },
        GroupDeed::Muted => GroupText::Muted { who },
        GroupDeed::Unmuted => GroupText::Unmuted { who },
        GroupDeed::Renamed => GroupText::Renamed,
        GroupDeed::Notice => GroupText::NoticeChanged,
        GroupDeed::Picture => GroupText::PictureChanged,
        GroupDeed::Floor => GroupText::FloorChanged,
        GroupDeed::Policy => GroupText::PolicyChanged,
    };
    let what = what.say(lang);
    match change
        .by
        .as_ref()
        .filter(|by| change.who.as_ref() != Some(by))
    {
        Some(by) => GroupText::By {
            what: &what,
            by: &name(by),
        }
        .say(lang),
        None => what,
    }
}

/// Puts the line at this height, and answers where it lies.
pub(super) fn put(board: &mut Board<'_>, ground: &Ground, (words, y): (&str, f64)) -> Rect {
    let look = board.look;
    let room = ground.width - 2.0 * ground.margin();
    let words = board.words(words, Style::new(&look.small, &look.quiet), room);
    let size = words.size();
    let at = Point::new(((ground.width - size.width) / 2.0).round(), y.round());
    board.put_words(words, at);
    Rect::from_origin_size(at, size)
}
