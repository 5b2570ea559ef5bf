//! How far one's own message got, in a mark and its word beside the bubble, or below it where there is no room; and the
//! time beside any message while the mouse is over it.

use super::board::{Area, Board, Part, Spot, When};
use super::look::{Style, Words};
use super::row::{Ground, Key};
use crate::model::chat::{Body, Row, RowAct, Tally};
use crate::moment;
use druid::kurbo::RoundedRect;
use druid::{Point, Rect};
use hutong_common::text::Lang;
use hutong_common::text::desktop::chat::{ChatText, reason};
use hutong_common::text::desktop::groups::GroupsText;
use hutong_engine::api::Path;
use hutong_engine::api::event::DeliveryState;

/// Puts the mark and the time, and answers how much height they take below the bubble.
pub(super) fn put(board: &mut Board<'_>, ground: &Ground, key: &Key, bubble: Rect) -> f64 {
    let time = moment::time_of_day(key.row.sent_ms, ground.clock.zone());
    if !key.row.mine {
        put_time_of_theirs(board, ground, &key.row, (bubble, time.as_str()));
        return 0.0;
    }
    match key.row.state {
        Some(DeliveryState::Failed) => put_failure(board, ground, &key.row, bubble),
        Some(state) => put_mark(board, ground, (key, state), (bubble, &time)),
        None => 0.0,
    }
}

fn put_time_of_theirs(
    board: &mut Board<'_>,
    ground: &Ground,
    row: &Row,
    (bubble, time): (Rect, &str),
) {
    let look = board.look;
    let said = match way_word(row.path, look.lang) {
        Some(way) => format!("{time} · {way}"),
        None => time.to_owned(),
    };
    let words = board.words(&said, Style::new(&look.small, &look.quiet), ground.width);
    let (size, x) = (words.size(), bubble.x1 + look.grid(1.0));
    if x + size.width <= ground.width - ground.margin() {
        let at = Point::new(x, bubble.y1 - size.height - look.grid(0.25));
        board.only(When::OverRow, |board| board.put_words(words, at));
    }
}

fn put_mark(
    board: &mut Board<'_>,
    ground: &Ground,
    (key, state): (&Key, DeliveryState),
    (bubble, time): (Rect, &String),
) -> f64 {
    let look = board.look;
    let is_shown = key.around.shows_mark;
    let tally = key.row.tally();
    let color = if tally.map_or(state == DeliveryState::Shown, |tally| tally.read > 0) {
        &look.accent
    } else {
        &look.quiet
    };
    let words = board.words(
        &tally_words(tally, look.lang).unwrap_or_else(|| state_words(state, look.lang)),
        Style::new(&look.small, color),
        ground.width,
    );
    let (size, gap) = (words.size(), look.grid(1.0));
    let beside = bubble.x0 - gap - size.width;
    let is_beside = beside >= ground.margin();
    let at = if is_beside {
        Point::new(beside, bubble.y1 - size.height - look.grid(0.25))
    } else {
        Point::new(bubble.x1 - size.width, bubble.y1 + look.grid(0.25))
    };
    // Below the bubble it has no place of its own unless it is always shown.
    if !is_shown && !is_beside {
        return 0.0;
    }
    let when = if is_shown {
        When::Always
    } else {
        When::OverRow
    };
    board.only(when, |board| board.put_words(words, at));
    put_about(
        board,
        key,
        (
            Rect::from_origin_size(at, size).inset(look.grid(0.25)),
            time,
        ),
    );
    let time = board.words(time, Style::new(&look.small, &look.quiet), ground.width);
    put_before(board, (time, at.x - gap), at.y, ground.margin());
    if is_beside {
        0.0
    } else {
        size.height + look.grid(0.25)
    }
}

/// What the mark says more while the mouse rests on it; in a group a click on it shows all.
fn put_about(board: &mut Board<'_>, key: &Key, (area, time): (Rect, &str)) {
    let lang = board.look.lang;
    if key.row.heard.is_some() {
        let (act, tip) = (
            Some(RowAct::Heard(key.row.id)),
            Some(GroupsText::HeardTip.say(lang)),
        );
        let area = Area::Rect(area);
        board.add_spot(Spot { area, act, tip });
    } else {
        board.tip(area, format!("{time} · {}", path_words(key.row.path, lang)));
    }
}

/// How many of a group have it; nothing before anybody has.
fn tally_words(tally: Option<Tally>, lang: Lang) -> Option<String> {
    let Tally { read, have, all } = tally?;
    match (read, have) {
        (0, 0) => None,
        (0, _) => Some(
            GroupsText::HadBy {
                have: &have,
                all: &all,
            }
            .say(lang),
        ),
        _ => Some(
            GroupsText::ReadBy {
                read: &read,
                all: &all,
            }
            .say(lang),
        ),
    }
}

/// The time before the mark, if there is room.
fn put_before(board: &mut Board<'_>, (words, right): (Words, f64), y: f64, margin: f64) {
    let x = right - words.size().width;
    if x >= margin {
        board.only(When::OverRow, |board| {
            board.put_words(words, Point::new(x, y))
        });
    }
}

/// What failed, why, and the way out of it.
fn put_failure(board: &mut Board<'_>, ground: &Ground, row: &Row, bubble: Rect) -> f64 {
    let look = board.look;
    let said = match &row.code {
        Some(code) => ChatText::FailedBecause {
            why: &reason(code, look.lang),
        }
        .say(look.lang),
        None => ChatText::Failed.say(look.lang),
    };
    let words = board.words(&said, Style::new(&look.small, &look.alarm), ground.widest());
    let (size, y) = (words.size(), bubble.y1 + look.grid(0.5));
    let at = Point::new((bubble.x1 - size.width).round(), y.round());
    board.put_words(words, at);
    let taken = look.grid(0.5) + size.height;
    if !matches!(row.body, Body::Text(_)) {
        return taken;
    }
    let again = board.words(
        &ChatText::SendAgain.say(look.lang),
        Style::new(&look.small, &look.accent),
        ground.width,
    );
    let width = again.size().width;
    let at = Point::new((bubble.x1 - width).round(), at.y + size.height);
    let area = Rect::from_origin_size(at, again.size());
    let spot = board.spot(
        area.inset((look.grid(0.5), look.grid(0.25))),
        RowAct::Again(row.id),
    );
    let line = RoundedRect::new(area.x0, area.y1 - 1.0, area.x1, area.y1, 0.0);
    board.only(When::OverSpot(spot), |board| {
        board.put(Part::Block(line, board.look.accent))
    });
    let height = again.size().height;
    board.put_words(again, at);
    taken + height + look.grid(0.25)
}

fn state_words(state: DeliveryState, lang: Lang) -> String {
    let sentence = match state {
        DeliveryState::Queued => ChatText::Queued,
        DeliveryState::InFlight => ChatText::OnItsWay,
        DeliveryState::LeftAtServer => ChatText::AtServer,
        DeliveryState::Delivered => ChatText::Delivered,
        DeliveryState::Shown => ChatText::Read,
        DeliveryState::Failed => ChatText::Failed,
    };
    sentence.say(lang)
}

fn path_words(path: Path, lang: Lang) -> String {
    let sentence = match path {
        Path::Direct => ChatText::PathDirect,
        Path::Relay => ChatText::PathRelay,
        Path::Mail => ChatText::PathMail,
        Path::None => ChatText::PathNone,
    };
    sentence.say(lang)
}

fn way_word(path: Path, lang: Lang) -> Option<String> {
    let sentence = match path {
        Path::Direct => ChatText::WayDirect,
        Path::Relay => ChatText::WayRelay,
        Path::Mail => ChatText::WayMail,
        Path::None => return None,
    };
    Some(sentence.say(lang))
}
