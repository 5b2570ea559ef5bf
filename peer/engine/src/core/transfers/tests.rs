//! Files, driven by hand: who may fetch, what waits, what a lost link and a crash leave.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

mod holds;

use crate::api::event::{Event, FileState};
use crate::api::{Command, Done};
use crate::core::fixture::{Bench, answer, events, frames};
use crate::core::io::{
    CommandId, FetchEnd, FileInput, FileOutput, Hashed, Input, LinkId, LinkInput, Output, Prepared,
    StreamId,
};
use crate::paths::PeerAddr;
use hutong_common::bounded::{List, Text};
use hutong_common::direct::{Direct, FileGet, FileName};
use hutong_common::id::{FileId, MsgId, Root};
use hutong_common::identity;
use hutong_common::message::{Content, FileSize, Offer};
use hutong_common::refusal::Refusal;

fn states(out: &[Output]) -> Vec<FileState> {
    events(out)
        .into_iter()
        .filter_map(|event| match event {
            Event::File(file) => Some(file.state),
            _ => None,
        })
        .collect()
}

fn fetches(out: &[Output]) -> usize {
    out.iter()
        .filter(|one| matches!(one, Output::File(FileOutput::Fetch(_))))
        .count()
}

/// It is accepted, and there is room for it.
fn accept(bench: &mut Bench, file: FileId) -> Vec<Output> {
    let out = bench.command(Command::AcceptFile { file, to: None });
    assert!(
        matches!(out[..], [Output::File(FileOutput::Prepare(_))]),
        "{out:?}"
    );
    let result = Ok(Prepared::Begun { done: 0 });
    bench.give(Input::File(FileInput::Prepared { file, result }))
}

/// The friend offers a file with a bad name.
fn offered(bench: &mut Bench, link: LinkId) -> FileId {
    let offer = Offer {
        name: Text::new("../../evil.txt").unwrap(),
        size: FileSize::try_from(10).unwrap(),
        root: Root([5; 32]),
    };
    let (_, signed) = bench.friend.says(bench.me.account, 1, Content::File(offer));
    let out = bench.frame(link, Direct::Deliver(signed));
    let told: Vec<_> = events(&out);
    let [Event::Message(_), Event::File(file)] = told[..] else {
        panic!("one message, then one file: {told:?}");
    };
    assert_eq!(
        (file.name.as_str(), file.state),
        ("evil.txt", FileState::Offered)
    );
    file.file
}

#[test]
fn an_accepted_file_is_fetched_goes_on_after_a_lost_link_and_is_verified_only_under_its_name() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    let out = accept(&mut bench, file);
    assert_eq!(states(&out), [FileState::Waiting, FileState::Running]);
    assert_eq!(fetches(&out), 1);
    let result = Err(FetchEnd::Interrupted);
    let out = bench.give(Input::File(FileInput::Fetched { file, result }));
    assert_eq!(states(&out), [FileState::Waiting]);
    assert_eq!(fetches(&bench.wait(2_500)), 1);
    let result = Ok("/h/downloads/evil.txt".into());
    let out = bench.give(Input::File(FileInput::Fetched { file, result }));
    assert_eq!(states(&out), [FileState::Verified]);
}

/// After a change of address a download hung on the dead link until it was seen to be dead.
#[test]
fn a_download_changes_over_to_a_newer_link_at_once() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    accept(&mut bench, file);
    let (newer, out) = bench.friend_dials(2);
    let links: Vec<LinkId> = out
        .iter()
        .filter_map(|one| match one {
            Output::File(FileOutput::Fetch(fetch)) => Some(fetch.link),
            _ => None,
        })
        .collect();
    assert_eq!(links, [newer]);
}

#[test]
fn a_download_that_is_refused_for_good_leaves_nothing() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    accept(&mut bench, file);
    let result = Err(FetchEnd::Refused(Refusal::FileChanged));
    let out = bench.give(Input::File(FileInput::Fetched { file, result }));
    assert_eq!(states(&out), [FileState::Failed]);
    assert!(out.iter().any(|one| matches!(
        one,
        Output::File(FileOutput::StopFetch { forget: true, .. })
    )));
}

#[test]
fn a_download_under_way_goes_on_after_a_crash() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    accept(&mut bench, file);
    let (mut bench, out) = bench.crash();
    assert_eq!(states(&out), [FileState::Waiting]);
    let (_, out) = bench.friend_dials(1);
    assert_eq!((states(&out), fetches(&out)), (vec![FileState::Running], 1));
}

#[test]
fn the_sender_of_a_declined_file_hears_of_it_at_the_next_link() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let file = offered(&mut bench, link);
    bench.give(Input::Link(LinkInput::Down { link }));
    assert!(frames(&bench.command(Command::DeclineFile { file })).is_empty());
    let (mut bench, _) = bench.crash();
    let (_, out) = bench.friend_dials(2);
    assert!(
        frames(&out)
            .iter()
            .any(|frame| matches!(frame, Direct::FileDeclined(_)))
    );
    let out = bench.command(Command::AcceptFile { file, to: None });
    assert!(matches!(answer(&out), Some(Err(_))));
}

/// We offer a file.
fn offer(bench: &mut Bench) -> (MsgId, FileId) {
    let command = Command::SendFile {
        to: "wang".to_owned(),
        path: "/tmp/a.bin".into(),
    };
    let out = bench.command(command);
    let Some(Output::File(FileOutput::Hash {
        command: CommandId(command),
        ..
    })) = out.first()
    else {
        panic!("the file is read first: {out:?}");
    };
    let hashed = Hashed {
        path: "/tmp/a.bin".into(),
        name: "a.bin".to_owned(),
        size: 10,
        root: Root([6; 32]),
        modified_ms: 1,
    };
    let command = CommandId(*command);
    let out = bench.give(Input::File(FileInput::Hashed {
        command,
        result: Ok(hashed),
    }));
    match answer(&out) {
        Some(Ok(Done::FileSent { message, file })) => (*message, *file),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_is_served_only_over_a_link_of_the_account_it_was_offered_to() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (msg_id, _) = offer(&mut bench);
    let sender_device = identity::device_id(&bench.me.device.public());
    let get = |root| FileGet {
        sender_device,
        msg_id,
        root,
        ranges: List::default(),
    };
    let cases = [
        (link, Root([6; 32]), true),
        (link, Root([7; 32]), false),
        (LinkId::Accepted(99), Root([6; 32]), false),
    ];
    for (number, (link, root, served)) in cases.into_iter().enumerate() {
        let stream = StreamId(number as u64);
        let out = bench.give(Input::File(FileInput::Asked {
            stream,
            link,
            get: get(root),
        }));
        let (serves, refuses) =
            out.iter()
                .fold((false, false), |(serves, refuses), one| match one {
                    Output::File(FileOutput::Serve { .. }) => (true, refuses),
                    Output::File(FileOutput::Refuse {
                        why: Refusal::NotFound,
                        ..
                    }) => (serves, true),
                    _ => (serves, refuses),
                });
        assert_eq!((serves, refuses), (served, !served), "{number}");
    }
    let end = Some(Ok(()));
    let out = bench.give(Input::File(FileInput::Served {
        stream: StreamId(0),
        sent: 10,
        end,
    }));
    assert_eq!(states(&out), [FileState::Running], "sent is not verified");
    let name = FileName {
        sender_device,
        msg_id,
    };
    let out = bench.frame(link, Direct::FileVerified(name));
    assert_eq!(states(&out), [FileState::Verified]);
}

#[test]
fn a_file_that_the_other_declines_is_not_served_any_more() {
    let mut bench = Bench::online(true);
    let (link, _) = bench.friend_dials(1);
    let (msg_id, _) = offer(&mut bench);
    let sender_device = identity::device_id(&bench.me.device.public());
    let out = bench.frame(
        link,
        Direct::FileDeclined(FileName {
            sender_device,
            msg_id,
        }),
    );
    assert_eq!(states(&out), [FileState::Declined]);
    let get = FileGet {
        sender_device,
        msg_id,
        root: Root([6; 32]),
        ranges: List::default(),
    };
    let stream = StreamId(1);
    let out = bench.give(Input::File(FileInput::Asked { stream, link, get }));
    assert!(matches!(out[..], [Output::File(FileOutput::Refuse { .. })]));
}

/// A command that accepted a file ended with `not_found` although the offer stood: it had been dialled by the sender,
/// and what it asked for on a stream of its own overtook its Hello.
#[test]
fn a_file_asked_for_before_the_hello_is_served_after_it_and_a_stranger_is_told_nothing() {
    let mut bench = Bench::online(true);
    let (path, to) = ("/h/notes.txt".into(), "wang".to_owned());
    bench.command(Command::SendFile { to, path });
    let hashed = Hashed {
        path: "/h/notes.txt".into(),
        name: "notes.txt".to_owned(),
        size: 10,
        root: Root([6; 32]),
        modified_ms: 1,
    };
    let out = bench.give(Input::File(FileInput::Hashed {
        command: CommandId(1),
        result: Ok(hashed),
    }));
    let Some(Ok(Done::FileSent { message, .. })) = answer(&out) else {
        panic!("{out:?}");
    };
    let get = FileGet {
        sender_device: identity::device_id(&bench.me.device.public()),
        msg_id: *message,
        root: Root([6; 32]),
        ranges: List::default(),
    };
    let link = LinkId::Accepted(1);
    bench.give(Input::Link(LinkInput::Up {
        link,
        key: bench.friend.device.public(),
        remote: PeerAddr::Direct("127.0.0.1:9000".parse().unwrap()),
    }));
    let stream = StreamId(4);
    let asked = FileInput::Asked { stream, link, get };
    let files = |out: &[Output]| -> Vec<bool> {
        out.iter()
            .filter_map(|one| match one {
                Output::File(FileOutput::Serve { .. }) => Some(true),
                Output::File(FileOutput::Refuse { .. }) => Some(false),
                _ => None,
            })
            .collect()
    };
    assert!(files(&bench.give(Input::File(asked))).is_empty());
    let hello = Direct::Hello(bench.friend.hello());
    assert_eq!(files(&bench.frame(link, hello)), [true]);
}
