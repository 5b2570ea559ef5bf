//! What proves who joins a relayed session and where, and its frames, as they come through a rendezvous that may do with
//! them what it likes.

use hutong_common::id::RelaySession;
use hutong_common::relay_join::{Join, JoinKey};
use hutong_common::wrap::frames::{
    FrameError, FrameKind, LEN_BYTES, Opener, Role, Sealer, Secret, frame_len,
};

/// What the other end said, in order.
const SAID: [(FrameKind, &[u8]); 4] = [
    (FrameKind::Datagram, b"a packet of the connection inside"),
    (FrameKind::Ping, b"12345678"),
    (FrameKind::Datagram, b""),
    (FrameKind::Close, b"0"),
];

fn secret() -> Secret {
    Secret::new(RelaySession([3; 16]), [5; 32])
}

/// That as it goes over the wire.
pub(super) fn honest() -> Vec<u8> {
    let mut sealer = Sealer::new(&secret(), Role::Invited);
    let mut wire = Vec::new();
    for (kind, payload) in SAID {
        let sealed = sealer.seal(kind, payload, &mut wire);
        sealed.expect("each payload is short");
    }
    wire
}

/// The end that is invited.
fn key() -> JoinKey {
    JoinKey::new(&[5; 32], RelaySession([3; 16]), Role::Invited)
}

/// How it joins.
pub(super) fn join() -> Vec<u8> {
    key().join().encode().to_vec()
}

/// What it is answered.
pub(super) fn answer() -> Vec<u8> {
    key().joined().to_vec()
}

/// Only the right join and the right answer prove anything, and a join has one form.
pub(super) fn proof(bytes: &[u8]) {
    if let Ok(whole) = bytes.try_into() {
        assert_eq!(key().is_joined(whole), bytes == answer());
    }
    if let Ok(whole) = bytes.try_into()
        && let Some(read) = Join::decode(whole)
    {
        assert_eq!(&read.encode(), whole);
        assert_eq!(key().admits(&read), bytes == join());
    }
}

/// What is read is what was said, in order and from its beginning; after anything else, nothing is.
pub(super) fn frames(bytes: &[u8]) {
    let mut opener = Opener::new(&secret(), Role::Invited);
    let mut said = SAID.iter();
    let mut rest = bytes;
    while let Some((len, tail)) = rest.split_first_chunk::<LEN_BYTES>() {
        let frame = frame_len(*len).map(|len| tail.split_at_checked(len));
        let Ok(Some((frame, tail))) = frame else {
            return;
        };
        let mut frame = frame.to_vec();
        match opener.open(&mut frame) {
            Ok(read) => assert_eq!(Some(&read), said.next()),
            Err(why) => {
                assert_ne!(why, FrameError::Dead, "the first error is of this frame");
                assert_eq!(opener.open(&mut frame), Err(FrameError::Dead));
                return;
            }
        }
        rest = tail;
    }
}
