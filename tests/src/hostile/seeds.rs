//! Real bytes to begin from, made from the golden values at run time, and what an attacker does to them.

use super::{files, keys, relay};
use hutong_common::codec;
use hutong_common::entropy::SeededEntropy;
use hutong_common::opaque::{RegistrationClient, SignInAttempt, SignInClient, Stretch};
use hutong_common::relay_join::UNAVAILABLE;
use hutong_common::vault::seal_vault;
use hutong_engine::files::part::{Found, Part};
use hutong_fixtures::{golden, people, texts};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::sync::LazyLock;

/// Everybody, made once: keys cost more than most inputs.
pub(super) static ALICE: LazyLock<people::Person> = LazyLock::new(people::alice);
/// Her friend.
pub(super) static BOB: LazyLock<people::Person> = LazyLock::new(people::bob);
/// What really was signed.
pub(super) static SIGNED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(signed_objects);
/// The real mail.
pub(super) static MAIL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(envelopes);
/// The real vault.
pub(super) static VAULTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(vaults);
/// The id of the rendezvous of all of them.
pub(super) static SERVER: LazyLock<hutong_common::id::ServerId> = LazyLock::new(people::server_id);

fn of_type(fits: impl Fn(&str) -> bool) -> Vec<Vec<u8>> {
    let all = golden::all().into_iter();
    all.filter(|one| fits(one.type_name))
        .map(|one| one.encoded)
        .collect()
}

pub(super) fn everything() -> Vec<Vec<u8>> {
    of_type(|_| true)
}

pub(super) fn client_frames() -> Vec<Vec<u8>> {
    of_type(|name| name == "ClientFrame")
}

pub(super) fn server_frames() -> Vec<Vec<u8>> {
    of_type(|name| name == "ServerFrame")
}

pub(super) fn direct_frames() -> Vec<Vec<u8>> {
    of_type(|name| name == "Direct")
}

pub(super) fn file_heads() -> Vec<Vec<u8>> {
    of_type(|name| name.starts_with("File"))
}

pub(super) fn signed_objects() -> Vec<Vec<u8>> {
    of_type(|name| name.starts_with("Signed"))
}

pub(super) fn messages() -> Vec<Vec<u8>> {
    let mut all = of_type(|name| name == "Words");
    for signed in of_type(|name| name == "SignedMessage") {
        let signed: hutong_common::signed::Signed = codec::decode(&signed).expect("it is one");
        all.push(signed.body().to_vec());
    }
    all
}

pub(super) fn envelopes() -> Vec<Vec<u8>> {
    of_type(|name| name == "Envelope")
}

pub(super) fn mail_bodies() -> Vec<Vec<u8>> {
    let objects = [
        signed_objects().concat(),
        of_type(|name| name == "SignedCard").concat(),
    ];
    let two = of_type(|name| name == "SignedMessage")[0].clone();
    let card = of_type(|name| name == "SignedCard")[0].clone();
    [objects[0].clone(), [two, card].concat()]
        .into_iter()
        .map(|objects| {
            let mut plain = codec::frame(&objects);
            plain.resize(plain.len().next_multiple_of(256), 0);
            plain
        })
        .collect()
}

pub(super) fn vaults() -> Vec<Vec<u8>> {
    let alice = &*ALICE;
    let (server, entropy) = (*SERVER, &mut SeededEntropy::from_number(3));
    vec![seal_vault(
        &alice.vault,
        &keys::VAULT_KEY,
        server,
        alice.login.as_str(),
        entropy,
    )]
}

pub(super) fn opaque_messages() -> Vec<Vec<u8>> {
    let (server, record) = &*keys::OPAQUE;
    let entropy = &mut SeededEntropy::from_number(4);
    let real = "real messages follow each other";
    let started = RegistrationClient::start(keys::PASSWORD, Stretch::Identity, entropy);
    let (client, register) = started.expect(real);
    let registered = server.register_start("alice", &register).expect(real);
    let (upload, _) = client
        .finish(&registered, keys::parties(), entropy)
        .expect(real);
    let started = SignInClient::start(keys::PASSWORD, Stretch::Identity, entropy);
    let (client, sign_in) = started.expect(real);
    let attempt = SignInAttempt {
        message: &sign_in,
        exporter: &keys::EXPORTER,
    };
    let started = server.sign_in_start(keys::parties(), Some(record), attempt, entropy);
    let (_, reply) = started.expect(real);
    let finished = client.finish(&reply, keys::parties(), &keys::EXPORTER, entropy);
    let (proof, _) = finished.expect(real);
    let messages = [register, upload, sign_in, proof, registered, reply];
    let numbered = messages.into_iter().zip(0u8..);
    numbered
        .map(|(message, which)| [vec![which], message].concat())
        .collect()
}

pub(super) fn relay_joins() -> Vec<Vec<u8>> {
    vec![[&b"HTR1"[..], &[7; 49]].concat(), relay::join()]
}

pub(super) fn relay_proofs() -> Vec<Vec<u8>> {
    vec![relay::join(), relay::answer(), UNAVAILABLE.to_vec()]
}

pub(super) fn relay_frames() -> Vec<Vec<u8>> {
    vec![relay::honest()]
}

pub(super) fn texts() -> Vec<Vec<u8>> {
    let hard = [
        "../../etc/passwd",
        "C:\\x\\evil.exe",
        "invoice\u{202e}fdp.exe",
        "com1 .txt",
        "COM¹",
        "a\u{200b}b\u{feff}.txt",
        "\u{fdfa}\u{3164}",
        "ẛ̣Ⅷ½ﬀ",
        texts::FILE_NAME,
    ];
    let all = hard.into_iter().chain(texts::ALL);
    all.map(|text| text.as_bytes().to_vec()).collect()
}

pub(super) fn invites() -> Vec<Vec<u8>> {
    let server = people::server_id();
    [
        format!("hutong://join?h=10.0.0.1:7440&s={server}&n=Lab"),
        format!("hutong://join?h=%5B::1%5D:7440&h=lab.local:1&s={server}&t=abc&n=%E5%AE%9E&z=1"),
    ]
    .map(String::into_bytes)
    .to_vec()
}

pub(super) fn settings() -> Vec<Vec<u8>> {
    let example = include_str!("../../../rendezvous/rendezvous.example.toml");
    let switched_on = example.replace("\n#", "\n");
    [
        example,
        &switched_on,
        "hosts = [\"a:1\"]\nname = \"实验室\"\nlisten = \"[::]:1\"\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

pub(super) fn commands() -> Vec<Vec<u8>> {
    [
        r#"{"do":"send","to":"bob","text":"你好"}"#,
        r#"{"do":"register","login":"a","password":"b","sex":"female"}"#,
        r#"{"do":"history","with":"bob","limit":5,"before":"01920000-0000-7000-8000-000000000000"}"#,
        r#"{"do":"accept_file","file":"00000000000000000000000000000000","to":"/a"}"#,
        r#"{"do":"accept","request":7}"#,
        r#"{"do":"who","login":null}"#,
    ]
    .map(|line| line.as_bytes().to_vec())
    .to_vec()
}

/// The real file as a verified stream: its tree before each part, as both sides walk it.
pub(super) fn file_streams() -> Vec<Vec<u8>> {
    let content = files::content();
    let tree = hutong_engine::files::tree(files::SIZE);
    let outboard =
        bao_tree::io::outboard::PostOrderMemOutboard::create(&content[..], tree.block_size());
    let mut stream = Vec::new();
    let whole = bao_tree::ChunkRanges::all();
    bao_tree::io::sync::encode_ranges_validated(&content[..], &outboard, &whole, &mut stream)
        .expect("the tree is that of the content");
    vec![
        [vec![0], stream.clone()].concat(),
        [vec![1], files::SIZE.to_be_bytes().to_vec(), stream].concat(),
        [vec![1], (1u64 << 40).to_be_bytes().to_vec()].concat(),
    ]
}

/// A note of a download that was just begun.
pub(super) fn part_notes() -> Vec<Vec<u8>> {
    let folder = files::folder();
    let target = files::target(folder.path(), files::SIZE);
    let begun = Part::open(&target, folder.path());
    assert!(matches!(begun, Ok(Found::Part(_))));
    let note = std::fs::read(folder.path().join(target.file.to_string()));
    let note = note.expect("a part has a note");
    let len = u16::try_from(note.len()).expect("a note is short");
    let pairs = vec![7; 128];
    vec![[&len.to_be_bytes()[..], &note, &pairs].concat()]
}

/// Noise, or one of `seeds` with some places changed, a piece cut out or doubled, and its end cut off or grown.
pub fn mutated(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let noise = vec(any::<u8>(), 0..300);
    let place = || any::<prop::sample::Index>();
    let edit = (place(), place(), any::<u8>(), 0..6u8);
    let near = (
        prop::sample::select(seeds),
        vec(edit, 0..5),
        vec(any::<u8>(), 0..4),
    );
    let near = near.prop_map(|(mut bytes, edits, more)| {
        for (from, to, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let (from, to) = (from.min(to), from.max(to));
            match kind {
                0 => bytes.truncate(to),
                1 => drop(bytes.drain(from..to)),
                2 => bytes.extend_from_within(from..to),
                3 => bytes[from] = 0xff,
                4 => bytes[from] ^= 1 << (byte % 8),
                _ => bytes[from] = byte,
            }
        }
        bytes.extend(more);
        bytes
    });
    prop_oneof![1 => noise, 4 => near]
}

/// Hostile bytes, the same for the same seeds and number.
#[derive(Debug)]
pub struct Inputs(std::vec::IntoIter<Vec<u8>>);

impl Inputs {
    /// So many mutations of `seeds`, and noise.
    pub fn new(seeds: Vec<Vec<u8>>, (number, count): (u64, u64)) -> Self {
        let seed = blake3::hash(&number.to_be_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, seed.as_bytes());
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let strategy = mutated(seeds);
        let mut draw = |_| {
            strategy
                .new_tree(&mut runner)
                .ok()
                .map(|tree| tree.current())
        };
        let all: Vec<_> = (0..count).filter_map(&mut draw).collect();
        Self(all.into_iter())
    }

    /// The next one; nothing once all are used.
    pub fn next_bytes(&mut self) -> Vec<u8> {
        self.0.next().unwrap_or_default()
    }
}
