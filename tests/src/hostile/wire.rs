//! Frames and values of the wire. A value that is read has one encoding, except that integers may come padded: then
//! the canonical one is shorter, and nobody relies on the longer, because what is signed is kept as it came.

use super::seeds::{ALICE, BOB, SERVER, SIGNED};
use hutong_common::codec::{self, FRAME_HEADER_BYTES};
use hutong_common::direct::{Direct, FileAnswer, FileGet, Hello};
use hutong_common::id::PublicKey;
use hutong_common::limits::FRAME_ANONYMOUS_BYTES_MAX;
use hutong_common::message::{Content, Inner, Words};
use hutong_common::push::Push;
use hutong_common::relay_join::{JOIN_BYTES, MAGIC};
use hutong_common::rpc::mail::{Envelope, MailPage};
use hutong_common::rpc::{ClientFrame, Reply, Request, ServerFrame};
use hutong_common::signed::{Card, Membership, ReceiptBody, Revocations, Signed, SignedBody};
use hutong_engine::files::groups::{self, Groups};
use hutong_rendezvous::relay_join;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::time::Duration;

/// The value in `bytes`, if they are one. It comes back as the same bytes, or as fewer for the same value, and with
/// anything behind it it is none.
pub(super) fn read<T: Serialize + DeserializeOwned + PartialEq + Debug>(bytes: &[u8]) -> Option<T> {
    let value = codec::decode::<T>(bytes).ok()?;
    let again = codec::encode(&value);
    assert!(again == bytes || again.len() < bytes.len(), "{value:?}");
    assert_eq!(codec::decode::<T>(&again).as_ref(), Ok(&value));
    let trailing = [bytes, &[0]].concat();
    assert!(
        codec::decode::<T>(&trailing).is_err(),
        "takes trailing bytes: {value:?}"
    );
    Some(value)
}

/// What a rendezvous is asked.
pub(super) fn client_frame(bytes: &[u8]) {
    let whole = read::<ClientFrame>(bytes);
    match (ClientFrame::decode(bytes), whole) {
        (Ok((id, Ok(request))), Some(frame)) => assert_eq!(frame, ClientFrame { id, request }),
        (Ok((_, Err(_))) | Err(_), None) => {}
        (other, whole) => panic!("two readers differ: {other:?}, {whole:?}"),
    }
}

/// What a rendezvous answers and tells.
pub(super) fn server_frame(bytes: &[u8]) {
    if let Some(ServerFrame::Push(push)) = read::<ServerFrame>(bytes) {
        assert_eq!(read::<Push>(&codec::encode(&push)).as_ref(), Some(&push));
    }
}

/// What another client says.
pub(super) fn direct_frame(bytes: &[u8]) {
    if let Some(Direct::Hello(hello)) = read::<Direct>(bytes) {
        let claimed = hello.card.peek_unverified::<Card>();
        assert!(claimed.is_err() || hello.card.body().len() <= Card::BYTES_MAX);
    }
}

/// The head of a file stream in either direction, and the parts that it asks for.
pub(super) fn file_request(bytes: &[u8]) {
    read::<FileAnswer>(bytes);
    let Some(get) = read::<FileGet>(bytes) else {
        return;
    };
    for size in [0, 1, 40 * 1024, 1 << 40] {
        let count = groups::count(size);
        if let Some(asked) = Groups::new(&get.ranges, count) {
            assert!(asked.bytes(size) <= size);
            assert!(asked.ranges().windows(2).all(|two| two[0].1 < two[1].0));
            assert!(asked.ranges().last().is_none_or(|last| last.1 <= count));
        }
    }
}

/// Nothing is believed that its signer did not sign: of all bytes, only the real ones verify.
pub(super) fn signed_object(bytes: &[u8]) {
    let Some(signed) = read::<Signed>(bytes) else {
        return;
    };
    let rendezvous = SERVER.public_key();
    believed::<Membership>(&signed, &rendezvous);
    believed::<Revocations>(&signed, &rendezvous);
    for person in [&*ALICE, &*BOB] {
        believed::<Card>(&signed, &person.account_key().public());
        believed::<Inner>(&signed, &person.device().public());
        believed::<ReceiptBody>(&signed, &person.device().public());
    }
}

fn believed<T: SignedBody + PartialEq + Debug>(signed: &Signed, key: &PublicKey) {
    let seen = signed.peek_unverified::<T>();
    let Ok(body) = signed.verify::<T>(key) else {
        return;
    };
    assert_eq!(seen.as_ref(), Ok(&body));
    assert!(SIGNED.contains(&codec::encode(signed)), "forged: {body:?}");
}

/// The inside of a message.
pub(super) fn message(bytes: &[u8]) {
    read::<Inner>(bytes);
    read::<Words>(bytes);
    read::<Content>(bytes);
}

/// Sealed mail, as it is deposited.
pub(super) fn envelope(bytes: &[u8]) {
    read::<Envelope>(bytes);
    read::<MailPage>(bytes);
}

/// All types on the same bytes, and the header of a frame.
pub(super) fn any_type(bytes: &[u8]) {
    client_frame(bytes);
    server_frame(bytes);
    direct_frame(bytes);
    file_request(bytes);
    message(bytes);
    envelope(bytes);
    read::<Request>(bytes);
    read::<Reply>(bytes);
    read::<Push>(bytes);
    read::<Hello>(bytes);
    read::<Signed>(bytes);
    read::<Membership>(bytes);
    read::<Card>(bytes);
    read::<Revocations>(bytes);
    read::<ReceiptBody>(bytes);
    if let Some((header, _)) = bytes.split_first_chunk::<FRAME_HEADER_BYTES>() {
        let len = codec::frame_len(*header, FRAME_ANONYMOUS_BYTES_MAX);
        assert!(len.is_err() || len.is_ok_and(|len| len <= FRAME_ANONYMOUS_BYTES_MAX));
    }
}

/// The first bytes at the control port that are no TLS. Only a whole join is read, as it came.
pub(super) fn relay_join(bytes: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.expect("a runtime for one thread can be had");
    let read = runtime.block_on(async {
        let mut rest = bytes;
        relay_join::read(&mut rest, Duration::MAX).await
    });
    let whole = bytes.first_chunk::<JOIN_BYTES>();
    let join = whole.filter(|whole| whole.starts_with(&MAGIC));
    assert_eq!(read.ok().flatten().as_ref(), join);
}
