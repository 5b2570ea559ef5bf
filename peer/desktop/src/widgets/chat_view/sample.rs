//! Invented people, messages and times for the tests of the list.

use crate::model::chat::{Body, Conversation, FileCard, Row};
use crate::model::people::{Face, Rank};
use crate::moment::Clock;
use hutong_common::id::{FileId, MsgId};
use hutong_engine::api::Path;
use hutong_engine::api::event::DeliveryState;
use jiff::tz::TimeZone;

/// 2026-11-25 16:30 in Shanghai.
pub(super) const NOW: u64 = 1_795_536_000_000 + (16 * 60 + 30) * 60_000;
/// The midnight before.
pub(super) const TODAY: u64 = 1_795_536_000_000;

pub(super) fn clock() -> Clock {
    Clock::Still(NOW, TimeZone::fixed(jiff::tz::offset(8)))
}

pub(super) fn id(number: u64) -> MsgId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    MsgId(bytes)
}

pub(super) fn face(login: &str, name: &str) -> Face {
    Face {
        login: login.into(),
        name: name.into(),
        picture: None,
        rank: Rank::Member,
    }
}

pub(super) fn talk(rows: Vec<Row>) -> Conversation {
    Conversation {
        with: "xiaobo".into(),
        rows: rows.into(),
        more: false,
        loading: false,
        read_to: None,
        sought: None,
        own_face: face("lin", "林晓雨"),
        face: face("xiaobo", "小波"),
        faces: None,
    }
}

fn row(number: u64, mine: bool, sent_ms: u64, body: Body) -> Row {
    Row {
        id: id(number),
        hlc: format!("{number:016x}").into(),
        mine,
        from: if mine { "lin" } else { "xiaobo" }.into(),
        sent_ms,
        body,
        state: mine.then_some(DeliveryState::Delivered),
        path: Path::Direct,
        code: None,
        names_me: false,
        is_announcement: false,
        heard: None,
    }
}

pub(super) fn text(number: u64, mine: bool, sent_ms: u64, words: &str) -> Row {
    row(number, mine, sent_ms, Body::Text(words.into()))
}

pub(super) fn unknown(number: u64, sent_ms: u64) -> Row {
    row(number, false, sent_ms, Body::Unknown)
}

pub(super) fn with_file(number: u64, mine: bool, sent_ms: u64, file: FileCard) -> Row {
    row(number, mine, sent_ms, Body::File(file))
}

pub(in super::super) fn file(name: &str) -> FileCard {
    FileCard::new(FileId([7; 16]), name, 3_400_000)
}
