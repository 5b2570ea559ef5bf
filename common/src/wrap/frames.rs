//! Frames of a relayed session: what one end writes and the other one reads, each direction with keys of its own.
//!
//! On the wire `len:u16be ‖ ct ‖ tag[16]`, with `type:u8 ‖ payload` inside and `len` counting what follows it. The tag,
//! HighwayHash-128 of `label ‖ session ‖ writer:u8 ‖ epoch:u32be ‖ number:u64be ‖ len ‖ ct` under a key of the epoch, is checked
//! before anything is deciphered: a frame that was changed, moved, repeated or left out ends the session. A direction goes on under new keys before more than
//! [`RELAY_EPOCH_BLOCKS_MAX`] blocks went under the old ones. Where a frame ends is for the caller to find, with
//! [`frame_len`]; what it does about an error is to close the session.

use super::{BLOCK_BYTES, Key, Keystream};
use crate::id::RelaySession;
use crate::labels;
use crate::limits::{RELAY_EPOCH_BLOCKS_MAX, RELAY_FRAME_BYTES_MAX};
use highway::{HighwayHash, HighwayHasher};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of the length in front of a frame.
pub const LEN_BYTES: usize = 2;
/// Bytes of the tag at its end.
const TAG_BYTES: usize = 16;
/// Bytes of what a frame holds, at most.
pub const PAYLOAD_BYTES_MAX: usize = RELAY_FRAME_BYTES_MAX - TAG_BYTES - 1;

/// What both ends of a session know and nobody else but the rendezvous that granted it.
#[derive(Clone)]
pub struct Secret {
    session: RelaySession,
    secret: Zeroizing<[u8; 32]>,
}

impl Secret {
    /// The secret that came with the grant of a session.
    pub fn new(session: RelaySession, secret: [u8; 32]) -> Self {
        let secret = Zeroizing::new(secret);
        Self { session, secret }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let session = &self.session;
        f.debug_struct("Secret")
            .field("session", session)
            .finish_non_exhaustive()
    }
}

/// The two ends of a session, which write in opposite directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Role {
    /// Who asked for it.
    Opener = 0,
    /// Who was invited.
    Invited = 1,
}

impl Role {
    /// The end with that number.
    pub const fn of(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Opener),
            1 => Some(Self::Invited),
            _ => None,
        }
    }

    /// The other end.
    pub const fn other(self) -> Self {
        match self {
            Self::Opener => Self::Invited,
            Self::Invited => Self::Opener,
        }
    }
}

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// Nothing, whatever its bytes.
    Pad = 0,
    /// One packet of the connection inside.
    Datagram = 1,
    /// Asks whether the other end is there.
    Ping = 2,
    /// Answers it, with the same bytes.
    Pong = 3,
    /// The session ends; the bytes say why.
    Close = 4,
}

impl FrameKind {
    const fn of(byte: u8) -> Option<Self> {
        Some(match byte {
            0 => Self::Pad,
            1 => Self::Datagram,
            2 => Self::Ping,
            3 => Self::Pong,
            4 => Self::Close,
            _ => return None,
        })
    }
}

/// Why a frame is not taken, or cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Shorter or longer than a frame can be.
    #[error("no frame is that long")]
    Length,
    /// Not what the other end wrote at this place.
    #[error("the tag does not hold")]
    Tag,
    /// The other end wrote what this program does not know.
    #[error("an unknown kind of frame")]
    Kind,
    /// A frame before this one was not taken, and none is after that.
    #[error("the session is dead")]
    Dead,
}

/// How many bytes follow a length.
///
/// # Errors
/// [`FrameError::Length`].
pub fn frame_len(len: [u8; LEN_BYTES]) -> Result<usize, FrameError> {
    let len = usize::from(u16::from_be_bytes(len));
    let is_possible = len > TAG_BYTES && len <= RELAY_FRAME_BYTES_MAX;
    is_possible.then_some(len).ok_or(FrameError::Length)
}

/// Writes the frames of one end.
#[derive(Debug)]
pub struct Sealer(Direction);

impl Sealer {
    /// For the end that writes as `role`.
    pub fn new(secret: &Secret, role: Role) -> Self {
        Self(Direction::new(secret, role))
    }

    /// Appends a frame to `out`, its length in front.
    ///
    /// # Errors
    /// [`FrameError::Length`] when the payload exceeds [`PAYLOAD_BYTES_MAX`].
    pub fn seal(
        &mut self,
        kind: FrameKind,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), FrameError> {
        let plain_len = 1 + payload.len();
        let len = u16::try_from(plain_len + TAG_BYTES).map_err(|_| FrameError::Length)?;
        let len = len.to_be_bytes();
        frame_len(len)?;
        out.extend(len);
        let begins = out.len();
        out.push(kind as u8);
        out.extend_from_slice(payload);
        let plain = out.get_mut(begins..).unwrap_or_default();
        self.0.make_room(plain_len);
        self.0.keys.stream.apply(plain);
        let tag = self.0.tag(len, plain);
        out.extend(tag);
        self.0.frames += 1;
        Ok(())
    }
}

/// Reads the frames that the other end wrote.
#[derive(Debug)]
pub struct Opener {
    direction: Direction,
    is_dead: bool,
}

impl Opener {
    /// For what the end writes that has this `role`.
    pub fn new(secret: &Secret, role: Role) -> Self {
        Self {
            direction: Direction::new(secret, role),
            is_dead: false,
        }
    }

    /// What stands in a frame, which is deciphered in its place. `frame` is what follows the length.
    ///
    /// # Errors
    /// [`FrameError`]; after the first one always [`FrameError::Dead`].
    pub fn open<'a>(&mut self, frame: &'a mut [u8]) -> Result<(FrameKind, &'a [u8]), FrameError> {
        if self.is_dead {
            return Err(FrameError::Dead);
        }
        self.is_dead = true;
        let opened = self.read(frame)?;
        self.is_dead = false;
        Ok(opened)
    }

    fn read<'a>(&mut self, frame: &'a mut [u8]) -> Result<(FrameKind, &'a [u8]), FrameError> {
        let len = u16::try_from(frame.len()).map_err(|_| FrameError::Length)?;
        let len = len.to_be_bytes();
        frame_len(len)?;
        let (text, tag) = frame
            .split_last_chunk_mut::<TAG_BYTES>()
            .ok_or(FrameError::Length)?;
        let direction = &mut self.direction;
        direction.make_room(text.len());
        if !is_same(&direction.tag(len, text), tag) {
            return Err(FrameError::Tag);
        }
        direction.keys.stream.apply(text);
        direction.frames += 1;
        let (kind, payload) = text.split_first().ok_or(FrameError::Length)?;
        let kind = FrameKind::of(*kind).ok_or(FrameError::Kind)?;
        Ok((kind, payload))
    }
}

/// Takes as long wherever they differ.
fn is_same(ours: &[u8; TAG_BYTES], theirs: &[u8; TAG_BYTES]) -> bool {
    let pairs = ours.iter().zip(theirs);
    pairs.fold(0, |differing, (ours, theirs)| differing | (ours ^ theirs)) == 0
}

/// How far one direction is.
struct Direction {
    session: RelaySession,
    /// The role of who writes.
    writer: Role,
    /// What the keys of this epoch, and those of the next one, come from.
    traffic: Zeroizing<[u8; 32]>,
    epoch: u32,
    /// Frames so far, in all epochs.
    frames: u64,
    keys: EpochKeys,
}

/// The keys of an epoch.
struct EpochKeys {
    /// Begins the tag of each frame.
    tagger: HighwayHasher,
    stream: Keystream,
    /// Blocks that may still go under them.
    blocks_left: usize,
}

impl Direction {
    fn new(secret: &Secret, writer: Role) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(labels::RELAY_TRAFFIC);
        hasher.update(&*secret.secret);
        hasher.update(&secret.session.0);
        hasher.update(&[writer as u8]);
        let traffic = Zeroizing::new(*hasher.finalize().as_bytes());
        Self {
            session: secret.session,
            writer,
            keys: EpochKeys::of(&traffic),
            traffic,
            epoch: 0,
            frames: 0,
        }
    }

    /// Goes on under new keys if so many bytes are too many for those of now.
    fn make_room(&mut self, bytes: usize) {
        let blocks = bytes.div_ceil(BLOCK_BYTES);
        if blocks > self.keys.blocks_left {
            let next = blake3::derive_key(labels::RELAY_NEXT, &*self.traffic);
            self.traffic = Zeroizing::new(next);
            self.epoch = self.epoch.wrapping_add(1);
            self.keys = EpochKeys::of(&self.traffic);
        }
        self.keys.blocks_left = self.keys.blocks_left.saturating_sub(blocks);
    }

    fn tag(&self, len: [u8; LEN_BYTES], text: &[u8]) -> [u8; TAG_BYTES] {
        let mut hasher = self.keys.tagger.clone();
        hasher.append(labels::RELAY_FRAME.as_bytes());
        hasher.append(&self.session.0);
        hasher.append(&[self.writer as u8]);
        hasher.append(&self.epoch.to_be_bytes());
        hasher.append(&self.frames.to_be_bytes());
        hasher.append(&len);
        hasher.append(text);
        let [low, high] = hasher.finalize128();
        (u128::from(high) << 64 | u128::from(low)).to_le_bytes()
    }
}

impl fmt::Debug for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direction")
            .field("session", &self.session)
            .field("writer", &self.writer)
            .field("epoch", &self.epoch)
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

impl EpochKeys {
    /// First counter, key of the tags, then as many candidates for a DES key as it takes.
    fn of(traffic: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(labels::RELAY_EPOCH);
        hasher.update(traffic);
        let mut bytes = hasher.finalize_xof();
        let mut counter = [0; 8];
        bytes.fill(&mut counter);
        let tag_key = [(); 4].map(|()| {
            let mut word = [0; 8];
            bytes.fill(&mut word);
            u64::from_le_bytes(word)
        });
        let key = loop {
            let mut candidate = [0; 8];
            bytes.fill(&mut candidate);
            if let Ok(key) = Key::new(candidate) {
                break key;
            }
        };
        Self {
            tagger: HighwayHasher::new(highway::Key(tag_key)),
            stream: Keystream::new(&key, u64::from_be_bytes(counter)),
            blocks_left: RELAY_EPOCH_BLOCKS_MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: RelaySession = RelaySession([7; 16]);

    fn secret() -> Secret {
        Secret::new(SESSION, [9; 32])
    }

    fn ends() -> (Sealer, Opener) {
        let secret = secret();
        let (sealer, opener) = (
            Sealer::new(&secret, Role::Opener),
            Opener::new(&secret, Role::Opener),
        );
        (sealer, opener)
    }

    fn sealed(sealer: &mut Sealer, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        sealer.seal(FrameKind::Datagram, payload, &mut out).unwrap();
        out
    }

    /// What the reader makes of bytes off the wire that hold one frame, and whatever it may be a part of.
    fn opened(opener: &mut Opener, wire: &[u8]) -> Result<(FrameKind, Vec<u8>), FrameError> {
        let (len, rest) = wire.split_first_chunk().ok_or(FrameError::Length)?;
        let len = frame_len(*len)?;
        let mut frame = rest.get(..len).ok_or(FrameError::Length)?.to_vec();
        let (kind, payload) = opener.open(&mut frame)?;
        Ok((kind, payload.to_vec()))
    }

    #[test]
    fn what_is_written_is_read_also_over_many_epochs() {
        let (mut sealer, mut opener) = ends();
        let sizes = [0, 1, 6, 7, 8, 1_200, 1_452, 4_096, PAYLOAD_BYTES_MAX];
        let mut bytes = 0;
        for round in 0..200_u8 {
            for size in sizes {
                let payload = vec![round; size];
                let wire = sealed(&mut sealer, &payload);
                assert_eq!(wire.len(), LEN_BYTES + 1 + size + TAG_BYTES);
                assert_eq!(
                    opened(&mut opener, &wire),
                    Ok((FrameKind::Datagram, payload))
                );
                bytes += size;
            }
        }
        let least = bytes / (RELAY_EPOCH_BLOCKS_MAX * BLOCK_BYTES);
        assert!(least >= 5 && sealer.0.epoch as usize >= least);
    }

    #[test]
    fn the_bytes_of_a_session_are_the_same_in_every_version() {
        let (mut sealer, _) = ends();
        let mut wire = Vec::new();
        for (kind, size) in [
            (FrameKind::Ping, 0),
            (FrameKind::Datagram, 1_454),
            (FrameKind::Datagram, PAYLOAD_BYTES_MAX),
        ] {
            sealer
                .seal(kind, &vec![size as u8; size], &mut wire)
                .unwrap();
        }
        let digest = blake3::hash(&wire).to_hex();
        assert_eq!(
            digest.as_str(),
            "6078c0d88467ef80094350921e2c3b0c2c07f463319acd240c88069b47b5729c"
        );
    }

    #[test]
    fn no_key_is_used_for_more_blocks_than_it_may_be() {
        let (mut sealer, _) = ends();
        let largest = vec![0; PAYLOAD_BYTES_MAX];
        let blocks = (PAYLOAD_BYTES_MAX + 1).div_ceil(BLOCK_BYTES);
        for _ in 0..RELAY_EPOCH_BLOCKS_MAX / blocks {
            sealed(&mut sealer, &largest);
        }
        assert_eq!(sealer.0.epoch, 0);
        sealed(&mut sealer, &largest);
        assert_eq!(
            (sealer.0.epoch, sealer.0.frames),
            (1, RELAY_EPOCH_BLOCKS_MAX as u64 / blocks as u64 + 1)
        );
    }

    #[test]
    fn every_kind_arrives_as_what_it_is_and_none_is_too_large() {
        let (mut sealer, mut opener) = ends();
        for kind in [
            FrameKind::Pad,
            FrameKind::Datagram,
            FrameKind::Ping,
            FrameKind::Pong,
            FrameKind::Close,
        ] {
            let mut wire = Vec::new();
            sealer.seal(kind, b"why", &mut wire).unwrap();
            assert_eq!(opened(&mut opener, &wire), Ok((kind, b"why".to_vec())));
        }
        let too_much = vec![0; PAYLOAD_BYTES_MAX + 1];
        let mut wire = Vec::new();
        let refused = sealer.seal(FrameKind::Datagram, &too_much, &mut wire);
        assert_eq!((refused, wire.len()), (Err(FrameError::Length), 0));
        let next = sealed(&mut sealer, b"next");
        assert!(
            opened(&mut opener, &next).is_ok(),
            "nothing is amiss after that"
        );
    }

    #[test]
    fn no_bit_of_a_frame_can_be_changed_and_none_is_read_after_that() {
        let first = sealed(&mut ends().0, b"a packet");
        for bit in 0..first.len() * 8 {
            let (mut sealer, mut opener) = ends();
            let mut wire = sealed(&mut sealer, b"a packet");
            let next = sealed(&mut sealer, b"another");
            wire[bit / 8] ^= 1 << (bit % 8);
            let wire = [wire, next.clone()].concat();
            assert!(opened(&mut opener, &wire).is_err(), "bit {bit}");
            if bit >= LEN_BYTES * 8 {
                assert_eq!(opened(&mut opener, &next), Err(FrameError::Dead));
            }
        }
    }

    #[test]
    fn no_part_of_a_frame_is_a_frame() {
        let wire = sealed(&mut ends().0, b"a packet");
        for len in 0..wire.len() - LEN_BYTES {
            let mut part = wire[LEN_BYTES..LEN_BYTES + len].to_vec();
            assert!(ends().1.open(&mut part).is_err(), "{len} bytes");
        }
        assert!(
            ends()
                .1
                .open(&mut vec![0; RELAY_FRAME_BYTES_MAX + 1])
                .is_err()
        );
    }

    #[test]
    fn a_frame_counts_only_once_in_its_place_direction_and_session() {
        let secret = secret();
        let (mut sealer, mut opener) = ends();
        let first = sealed(&mut sealer, b"one");
        let second = sealed(&mut sealer, b"two");
        assert!(opened(&mut opener, &first).is_ok());
        assert_eq!(opened(&mut opener, &first), Err(FrameError::Tag), "again");
        let mut early = ends().1;
        assert_eq!(
            opened(&mut early, &second),
            Err(FrameError::Tag),
            "too early"
        );
        let mut other_way = Opener::new(&secret, Role::Opener.other());
        assert_eq!(opened(&mut other_way, &first), Err(FrameError::Tag));
        for other in [
            Secret::new(RelaySession([8; 16]), [9; 32]),
            Secret::new(SESSION, [8; 32]),
        ] {
            let mut elsewhere = Opener::new(&other, Role::Opener);
            assert_eq!(opened(&mut elsewhere, &first), Err(FrameError::Tag));
        }
    }

    #[test]
    fn frames_of_an_epoch_do_not_count_in_the_next() {
        let (mut sealer, mut opener) = ends();
        let first = sealed(&mut sealer, b"one");
        sealer.0.keys.blocks_left = 0;
        opener.direction.keys.blocks_left = 0;
        let later = sealed(&mut Sealer::new(&secret(), Role::Opener), b"one");
        assert_eq!(first, later);
        assert_eq!(opened(&mut opener, &first), Err(FrameError::Tag));
        assert_ne!(sealed(&mut sealer, b"one")[LEN_BYTES..], first[LEN_BYTES..]);
    }

    #[test]
    fn lengths_that_no_frame_has_are_told_before_anything_is_read() {
        for len in [0, 1, TAG_BYTES, RELAY_FRAME_BYTES_MAX + 1, 0xffff] {
            let len = u16::try_from(len).unwrap().to_be_bytes();
            assert_eq!(frame_len(len), Err(FrameError::Length));
        }
        assert_eq!(frame_len([0, 17]), Ok(17));
        let largest = u16::try_from(RELAY_FRAME_BYTES_MAX).unwrap().to_be_bytes();
        assert_eq!(frame_len(largest), Ok(RELAY_FRAME_BYTES_MAX));
    }
}
