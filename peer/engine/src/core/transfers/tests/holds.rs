//! Pausing from either side, targets without room, and what is served twice.

use super::{accept, fetches, offer, offered, states};
use crate::api::event::{Event, FileState};
use crate::api::{Command, Done, Failure};
use crate::core::fixture::{Bench, answer, events, frames};
use crate::core::io::{FetchEnd, FileInput, FileOutput, Input, Output, Prepared, StreamId};
use hutong_common::bounded::List;
use hutong_common::direct::{Direct, FileGet, FileName};
use hutong_common::id::{FileId, Root};
use hutong_common::identity;
use hutong_common::refusal::Refusal;

fn paused_by(out: &[Output]) -> Vec<Vec<String>> {
    events(out)
        .into_iter()
        .filter_map(|event| match event {
            Event::File(file) => Some(file.paused_by.clone()),
            _ => None,
        })
        .collect()
}

fn code(out: &[Output]) -> Option<&'static str> {
    events(out).into_iter().rev().find_map(|event| match event {
        Event::File(file) => file.code,
        _ => None,
    })
}

fn stops(out: &[Output]) -> bool {
    out.iter().any(|one| {
        matches!(
            one,
            Output::File(
                FileOutput::StopFetch { forget: false, .. } | FileOutput::StopServe { .. }
            )
        )
    })
}

/// The name of the file that the friend offered first.
fn name_of_offer(bench: &mut Bench, file: FileId) -> FileName {
    let out = bench.command(Command::Files { direction: None });
    let Some(Ok(Done::Files { files })) = answer(&out) else {
        panic!("{out:?}");
    };
    let offered = files.iter().find(|one| one.file == file).unwrap();
    FileName {
        sender_device: identity::device_id(&bench.friend.device.public()),
        msg_id: offered.message,
    }
}

#[test]
fn a_download_runs_only_while_neither_side_pauses_it() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    let name = name_of_offer(&mut bench, file);
    accept(&mut bench, file);
    let out = bench.command(Command::PauseFile { file });
    assert!(stops(&out));
    assert_eq!(states(&out), [FileState::Paused]);
    assert_eq!(paused_by(&out), [["lin"]]);
    assert_eq!(frames(&out), [&Direct::FilePaused(name)]);
    assert!(matches!(
        answer(&bench.command(Command::PauseFile { file })),
        Some(Err(_))
    ));
    // Neither time nor a new link lets it go on; the other side hears of it again.
    assert_eq!(fetches(&bench.wait(600_000)), 0);
    let (_, out) = bench.friend_dials(2);
    assert_eq!(fetches(&out), 0);
    assert!(frames(&out).contains(&&Direct::FilePaused(name)));
    let out = bench.frame(link, Direct::FilePaused(name));
    assert_eq!(paused_by(&out), [["lin", "wang"]]);
    let out = bench.command(Command::ResumeFile { file });
    assert_eq!(
        (paused_by(&out), fetches(&out)),
        (vec![vec!["wang".to_owned()]], 0)
    );
    let refused = bench.command(Command::ResumeFile { file });
    assert_eq!(answer(&refused), Some(&Err(Failure::PausedByOther)));
    let out = bench.frame(link, Direct::FileResumed(name));
    assert_eq!(states(&out), [FileState::Waiting, FileState::Running]);
    assert_eq!(fetches(&out), 1);
}

#[test]
fn a_pause_outlives_a_crash_and_ends_with_a_cancellation() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    let name = name_of_offer(&mut bench, file);
    accept(&mut bench, file);
    bench.frame(link, Direct::FilePaused(name));
    let (mut bench, _) = bench.crash();
    let (link, out) = bench.friend_dials(1);
    assert_eq!(fetches(&out), 0);
    let out = bench.command(Command::CancelFile { file });
    assert_eq!(states(&out), [FileState::Failed]);
    assert!(out.iter().any(|one| matches!(
        one,
        Output::File(FileOutput::StopFetch { forget: true, .. })
    )));
    assert_eq!(frames(&out), [&Direct::FileDeclined(name)]);
    assert!(states(&bench.frame(link, Direct::FileResumed(name))).is_empty());
}

#[test]
fn a_sender_that_pauses_stops_sending_and_says_so_to_whoever_asks() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (msg_id, file) = offer(&mut bench);
    let sender_device = identity::device_id(&bench.me.device.public());
    let get = |ranges: &[(u64, u64)]| FileGet {
        sender_device,
        msg_id,
        root: Root([6; 32]),
        ranges: List::truncated(ranges.iter().copied()),
    };
    let asked = |stream| {
        Input::File(FileInput::Asked {
            stream: StreamId(stream),
            link,
            get: get(&[]),
        })
    };
    bench.give(asked(1));
    let name = FileName {
        sender_device,
        msg_id,
    };
    let out = bench.command(Command::PauseFile { file });
    assert!(stops(&out));
    assert_eq!(states(&out), [FileState::Paused]);
    assert_eq!(frames(&out), [&Direct::FilePaused(name)]);
    let (mut bench, _) = bench.crash();
    let (link, _) = bench.friend_dials(1);
    let out = bench.give(Input::File(FileInput::Asked {
        stream: StreamId(2),
        link,
        get: get(&[]),
    }));
    assert!(matches!(
        out.last(),
        Some(Output::File(FileOutput::Refuse {
            why: Refusal::Busy { .. },
            ..
        }))
    ));
    assert_eq!(frames(&out), [&Direct::FilePaused(name)]);
    let out = bench.command(Command::ResumeFile { file });
    assert_eq!(frames(&out), [&Direct::FileResumed(name)]);
    assert_eq!(states(&out), [FileState::Waiting]);
}

#[test]
fn who_has_no_room_or_no_right_to_write_is_told_and_the_offer_stands() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    for (end, expected) in [
        (FetchEnd::NoSpace { missing: 7 }, "no_space"),
        (FetchEnd::Unwritable, "not_writable"),
    ] {
        bench.command(Command::AcceptFile { file, to: None });
        let result = Err(end);
        let out = bench.give(Input::File(FileInput::Prepared { file, result }));
        let Some(Err(failure)) = answer(&out) else {
            panic!("{out:?}");
        };
        assert_eq!(failure.code(), expected);
        assert!(states(&out).is_empty());
    }
    assert_eq!(fetches(&accept(&mut bench, file)), 1);
}

#[test]
fn a_full_disk_half_way_pauses_a_download_until_there_is_room() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    accept(&mut bench, file);
    let result = Err(FetchEnd::NoSpace { missing: 5 });
    let out = bench.give(Input::File(FileInput::Fetched { file, result }));
    assert_eq!(states(&out), [FileState::Paused]);
    assert_eq!(code(&out), Some("no_space"));
    let looks = |out: &[Output]| {
        out.iter()
            .any(|one| matches!(one, Output::File(FileOutput::Prepare(_))))
    };
    // It looks by itself, quietly, also after a restart; who asks is told.
    let (mut bench, _) = bench.crash();
    let out = bench.wait(40_000);
    assert!(looks(&out));
    let result = Err(FetchEnd::NoSpace { missing: 5 });
    let out = bench.give(Input::File(FileInput::Prepared { file, result }));
    assert!(states(&out).is_empty());
    assert!(looks(&bench.command(Command::ResumeFile { file })));
    let result = Err(FetchEnd::NoSpace { missing: 5 });
    let out = bench.give(Input::File(FileInput::Prepared { file, result }));
    assert_eq!(
        answer(&out).unwrap().as_ref().unwrap_err().code(),
        "no_space"
    );
    bench.friend_dials(1);
    assert!(looks(&bench.wait(40_000)));
    let result = Ok(Prepared::Begun { done: 4 });
    let out = bench.give(Input::File(FileInput::Prepared { file, result }));
    assert_eq!(states(&out), [FileState::Waiting, FileState::Running]);
    assert_eq!(fetches(&out), 1);
}

#[test]
fn a_file_that_is_there_already_is_not_fetched_and_both_sides_know() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    let name = name_of_offer(&mut bench, file);
    bench.command(Command::AcceptFile { file, to: None });
    let result = Ok(Prepared::Here("/h/downloads/evil.txt".into()));
    let out = bench.give(Input::File(FileInput::Prepared { file, result }));
    assert_eq!(
        (states(&out), fetches(&out)),
        (vec![FileState::Verified], 0)
    );
    assert_eq!(frames(&out), [&Direct::FileVerified(name)]);
}

/// What went over an older stream counted as done on the newer one, so nobody saw what was sent twice.
#[test]
fn whoever_asks_again_is_served_on_the_new_stream_only_and_all_that_left_is_counted() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (msg_id, _) = offer(&mut bench);
    let sender_device = identity::device_id(&bench.me.device.public());
    let asked = |stream| {
        Input::File(FileInput::Asked {
            stream: StreamId(stream),
            link,
            get: FileGet {
                sender_device,
                msg_id,
                root: Root([6; 32]),
                ranges: List::default(),
            },
        })
    };
    let served = |stream, sent, end| {
        Input::File(FileInput::Served {
            stream: StreamId(stream),
            sent,
            end,
        })
    };
    bench.give(asked(1));
    bench.give(served(1, 6, None));
    let out = bench.give(asked(2));
    assert!(stops(&out));
    let told = |out: &[Output]| -> Vec<(u64, Option<u64>)> {
        events(out)
            .into_iter()
            .filter_map(|event| match event {
                Event::File(file) => Some((file.done, file.sent)),
                _ => None,
            })
            .collect()
    };
    assert_eq!(told(&out), [(0, Some(6))]);
    let stopped = Some(Err(Refusal::Busy { retry_ms: 0 }));
    assert!(told(&bench.give(served(1, 8, stopped))).is_empty());
    assert_eq!(told(&bench.give(served(2, 3, None))), [(3, Some(11))]);
}
