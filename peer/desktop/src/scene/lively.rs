//! Alice's window with people, words and files in it.

use super::{Scene, message};
use crate::input::intent::Go;
use crate::input::{Intent, Purpose};
use hutong_common::id::{FileId, MsgId};
use hutong_engine::api::command::Direction;
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::event::{DeliveryState, File, FileState, Presence, ServerState};
use hutong_engine::api::{Done, Event, Path};

fn history(number: u8, from: &str, text: &str, state: Option<DeliveryState>) -> HistoryRow {
    HistoryRow {
        message: message(number, from, text),
        state,
        code: None,
        states: std::collections::BTreeMap::new(),
        edited: false,
        recalled: false,
    }
}

fn file(number: u8, (name, size): (&str, u64), direction: Direction, state: FileState) -> File {
    let (from, to) = match direction {
        Direction::Incoming => ("bob", "alice"),
        Direction::Outgoing => ("alice", "bob"),
    };
    File {
        file: FileId([number; 16]),
        message: MsgId([number; 16]),
        from: from.to_owned(),
        to: to.to_owned(),
        direction,
        name: name.to_owned(),
        size,
        state,
        done: size / 2,
        rate: Some(12_000_000),
        sent: None,
        path: Path::Direct,
        paused_by: Vec::new(),
        executable: false,
        saved_as: None,
        source: None,
        code: None,
        remark: None,
        had_by: Vec::new(),
    }
}

/// Alice's window with people, words and files in it.
pub(crate) fn lively() -> Scene {
    let mut scene = Scene::alice();
    scene.tell(Event::Server {
        state: ServerState::Online,
    });
    scene.tell(Event::Presence(Presence {
        user: "bob".to_owned(),
        remark: Some("王小明".to_owned()),
        online: true,
        away: false,
        path: Path::Direct,
        rtt_us: Some(400),
        why: None,
    }));
    scene.want(Intent::Go(Go::Chat("bob".into())));
    let messages = said();
    let purpose = Purpose::History {
        with: "bob".into(),
        older: false,
    };
    scene.answer(
        purpose,
        Done::History {
            messages,
            more: false,
        },
    );
    files().into_iter().for_each(|file| {
        scene.tell(Event::File(file));
    });
    scene
}

/// What was said between alice and bob.
pub(crate) fn said() -> Vec<HistoryRow> {
    vec![
        history(1, "bob", "今天的作业写完了吗？", None),
        history(
            2,
            "alice",
            "Nearly. I send it tonight 😀",
            Some(DeliveryState::Shown),
        ),
        history(
            3,
            "bob",
            "好的，谢谢！See https://example.org/homework",
            None,
        ),
        history(4, "alice", "不客气", Some(DeliveryState::LeftAtServer)),
    ]
}

/// Files between them, in several states.
fn files() -> Vec<File> {
    let all = [
        (
            11,
            ("实验报告-final.docx", 3_200_000),
            Direction::Incoming,
            FileState::Offered,
        ),
        (
            12,
            ("lecture.mp4", 900_000_000),
            Direction::Outgoing,
            FileState::Running,
        ),
        (
            13,
            ("课程表.xlsx", 40_000),
            Direction::Incoming,
            FileState::Verified,
        ),
        (
            14,
            ("old.zip", 1_000),
            Direction::Outgoing,
            FileState::Declined,
        ),
    ];
    let file = |(number, what, direction, state)| file(number, what, direction, state);
    all.into_iter().map(file).collect()
}
