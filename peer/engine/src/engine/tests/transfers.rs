//! Files over a link.

use super::room::{Room, linked};
use crate::core::io::{
    CommandId, Fetch, FetchEnd, FileInput, FileOutput, Hashed, Input, LinkId, LinkInput,
    LinkOutput, Prepared, StreamId, Target,
};
use hutong_common::direct::FileGet;
use hutong_common::entropy::{Entropy, SeededEntropy};
use hutong_common::id::{DeviceId, FileId, MsgId};
use hutong_common::refusal::Refusal;
use std::fs;
use std::path::PathBuf;

const FILE: FileId = FileId([6; 16]);

async fn offered(room: &mut Room, size: usize) -> (Hashed, Vec<u8>) {
    let mut bytes = vec![0; size];
    SeededEntropy::from_number(size as u64).fill(&mut bytes);
    let path = room.at("offered.bin");
    fs::write(&path, &bytes).unwrap();
    room.perform_file(FileOutput::Hash {
        command: CommandId(4),
        path,
    });
    let Input::File(FileInput::Hashed {
        command: CommandId(4),
        result,
    }) = room.next().await
    else {
        panic!("not hashed");
    };
    (result.unwrap(), bytes)
}

fn fetch(room: &Room, link: LinkId, source: &Hashed) -> FileOutput {
    FileOutput::Fetch(Box::new(Fetch {
        target: Target {
            file: FILE,
            root: source.root,
            size: source.size,
            folder: room.at("下载"),
            name: source.name.clone(),
        },
        link,
        get: FileGet {
            sender_device: DeviceId([1; 16]),
            msg_id: MsgId([2; 16]),
            root: source.root,
            ranges: Default::default(),
        },
    }))
}

/// Waits for the request that a download makes.
async fn asked(from: &mut Room, by: &mut Room) -> (StreamId, FileGet) {
    loop {
        let input = by.tend_while(from.next()).await;
        if let Input::File(FileInput::Asked { stream, get, .. }) = input {
            return (stream, get);
        }
    }
}

/// Waits until something of a download is there.
async fn begun(by: &mut Room, from: &mut Room) {
    loop {
        let input = from.tend_while(by.next()).await;
        let Input::File(FileInput::Progress { done, .. }) = input else {
            panic!("{input:?}");
        };
        if done > 0 {
            return;
        }
    }
}

/// Waits for the end of a download.
async fn fetched(by: &mut Room, from: &mut Room) -> Result<PathBuf, FetchEnd> {
    let mut reported = 0;
    loop {
        let input = from.tend_while(by.next()).await;
        if let Input::File(FileInput::Progress { file: FILE, done }) = input {
            assert!(done >= reported);
            reported = done;
        } else if let Input::File(FileInput::Fetched { file: FILE, result }) = input {
            return result;
        }
    }
}

/// Waits for the end of an upload.
async fn served(from: &mut Room, by: &mut Room) -> (u64, Result<(), Refusal>) {
    loop {
        let input = by.tend_while(from.next()).await;
        if let Input::File(FileInput::Served {
            sent,
            end: Some(end),
            ..
        }) = input
        {
            return (sent, end);
        }
    }
}

#[tokio::test]
async fn files_of_every_size_arrive_over_one_link() {
    let (mut left, mut right) = (Room::new(1, None), Room::new(2, None));
    // Either side of a link may fetch from the other; here the one that was dialled.
    let (_, accepted) = linked(&mut left, &mut right).await;
    for size in [0, 1, 16 * 1024, 16 * 1024 + 1, 5 * 1024 * 1024] {
        let (source, bytes) = offered(&mut left, size).await;
        right.perform_file(fetch(&right, accepted, &source));
        let (stream, get) = asked(&mut left, &mut right).await;
        assert_eq!(get.root, source.root);
        left.perform_file(FileOutput::Serve {
            stream,
            source,
            get,
        });
        let path = fetched(&mut right, &mut left).await.unwrap();
        assert!(fs::read(path).unwrap() == bytes, "{size}");
        assert_eq!(served(&mut left, &mut right).await, (size as u64, Ok(())));
    }
    let names = fs::read_dir(right.at("下载")).unwrap().count();
    assert_eq!(names, 5, "nothing was replaced, and no part is left");
}

#[tokio::test]
async fn a_refusal_and_a_changed_file_reach_the_one_who_asked() {
    let (mut left, mut right) = (Room::new(1, None), Room::new(2, None));
    let (_, accepted) = linked(&mut left, &mut right).await;
    let (source, _) = offered(&mut left, 1_000_000).await;
    right.perform_file(fetch(&right, accepted, &source));
    let (stream, _) = asked(&mut left, &mut right).await;
    left.perform_file(FileOutput::Refuse {
        stream,
        why: Refusal::NotFound,
    });
    let end = fetched(&mut right, &mut left).await;
    assert_eq!(end, Err(FetchEnd::Refused(Refusal::NotFound)));

    fs::write(&source.path, b"something else").unwrap();
    right.perform_file(fetch(&right, accepted, &source));
    let (stream, get) = asked(&mut left, &mut right).await;
    left.perform_file(FileOutput::Serve {
        stream,
        source,
        get,
    });
    let end = fetched(&mut right, &mut left).await;
    assert_eq!(end, Err(FetchEnd::Refused(Refusal::FileChanged)));
}

#[tokio::test]
async fn a_download_goes_on_after_its_link_broke() {
    let (mut left, mut right) = (Room::new(1, Some(4_000_000)), Room::new(2, None));
    let (dialled, accepted) = linked(&mut left, &mut right).await;
    let (source, bytes) = offered(&mut left, 4 << 20).await;
    right.perform_file(fetch(&right, accepted, &source));
    let (stream, get) = asked(&mut left, &mut right).await;
    left.perform_file(FileOutput::Serve {
        stream,
        source: source.clone(),
        get,
    });
    begun(&mut right, &mut left).await;
    left.links.perform(LinkOutput::Close { link: dialled });
    let end = fetched(&mut right, &mut left).await;
    assert_eq!(end, Err(FetchEnd::Interrupted));

    let (_, accepted) = again(&mut left, &mut right).await;
    right.perform_file(fetch(&right, accepted, &source));
    let (stream, get) = asked(&mut left, &mut right).await;
    let rest: u64 = get.ranges.iter().map(|(start, end)| end - start).sum();
    assert!(
        (1..256).contains(&rest),
        "{rest} of 256 groups are still missing"
    );
    left.perform_file(FileOutput::Serve {
        stream,
        source,
        get,
    });
    let path = fetched(&mut right, &mut left).await.unwrap();
    assert!(fs::read(path).unwrap() == bytes);
}

/// A second link, after both sides have seen the end of the first.
async fn again(left: &mut Room, right: &mut Room) -> (LinkId, LinkId) {
    let dialled = left.dial(2, right.key(), right.address);
    let frame = Box::new(super::links::shown(0));
    left.links.perform(LinkOutput::Send {
        link: dialled,
        frame,
    });
    loop {
        let input = left.tend_while(right.next()).await;
        if let Input::Link(LinkInput::Frame { link, .. }) = input {
            return (dialled, link);
        }
    }
}

#[tokio::test]
async fn a_stopped_download_says_no_more_and_can_be_forgotten() {
    let (mut left, mut right) = (Room::new(1, Some(1_000_000)), Room::new(2, None));
    let (_, accepted) = linked(&mut left, &mut right).await;
    let (source, _) = offered(&mut left, 4 << 20).await;
    right.perform_file(fetch(&right, accepted, &source));
    let (stream, get) = asked(&mut left, &mut right).await;
    left.perform_file(FileOutput::Serve {
        stream,
        source,
        get,
    });
    begun(&mut right, &mut left).await;
    right.perform_file(FileOutput::StopFetch {
        file: FILE,
        forget: true,
    });
    let (_, end) = served(&mut left, &mut right).await;
    assert_eq!(end, Err(Refusal::Expired));
    let empty = async {
        while fs::read_dir(right.folder.path().join("下载"))
            .unwrap()
            .count()
            > 0
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(super::room::PATIENCE, empty)
        .await
        .unwrap();
}

/// A paused upload went on until everything was sent that was on its way already.
#[tokio::test]
async fn a_stopped_upload_ends_at_once_and_says_what_it_sent() {
    let (mut left, mut right) = (Room::new(1, Some(1_000_000)), Room::new(2, None));
    let (_, accepted) = linked(&mut left, &mut right).await;
    let (source, _) = offered(&mut left, 4 << 20).await;
    right.perform_file(fetch(&right, accepted, &source));
    let (stream, get) = asked(&mut left, &mut right).await;
    left.perform_file(FileOutput::Serve {
        stream,
        source,
        get,
    });
    begun(&mut right, &mut left).await;
    left.perform_file(FileOutput::StopServe { stream });
    let (sent, end) = served(&mut left, &mut right).await;
    assert!(end.is_err() && sent < 4 << 20, "{sent}");
    let end = fetched(&mut right, &mut left).await;
    assert_eq!(end, Err(FetchEnd::Interrupted));
}

#[tokio::test]
async fn a_target_folder_is_made_and_what_lies_there_is_found() {
    let (mut left, mut right) = (Room::new(1, None), Room::new(2, None));
    let (_, accepted) = linked(&mut left, &mut right).await;
    let (source, bytes) = offered(&mut left, 100_000).await;
    let FileOutput::Fetch(fetch) = fetch(&right, accepted, &source) else {
        panic!("it is a download");
    };
    for (lies, prepared) in [
        (b"another".as_slice(), Prepared::Begun { done: 0 }),
        (&bytes, Prepared::Here(right.at("下载").join(&source.name))),
    ] {
        fs::create_dir_all(right.at("下载")).unwrap();
        fs::write(right.at("下载").join(&source.name), lies).unwrap();
        right.perform_file(FileOutput::Prepare(Box::new(fetch.target.clone())));
        let input = left.tend_while(right.next()).await;
        let Input::File(FileInput::Prepared { result, .. }) = input else {
            panic!("{input:?}");
        };
        assert_eq!(result, Ok(prepared));
    }
}
