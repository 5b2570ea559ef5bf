//! What holds for any input: names, bounds, frames, ids and invite links. What readers make of any bytes stands in
//! `hostile.rs`.

use hutong_common::bounded::{Bytes, List, Text};
use hutong_common::codec::{self, FRAME_HEADER_BYTES};
use hutong_common::id::{MsgId, ServerId};
use hutong_common::identity::KeyPair;
use hutong_common::invite::Invite;
use hutong_common::name::{DisplayName, Login, is_deceptive};
use proptest::collection::vec;
use proptest::prelude::*;

/// Letters of many scripts, and everything that tries to be one.
fn text() -> impl Strategy<Value = String> {
    let strange = prop::sample::select(vec![
        'ß', 'İ', 'ı', 'Σ', 'ς', 'Å', 'ﬀ', '①', 'Ⅷ', '½', 'ﷺ', '\u{3164}', '\u{ffa0}', '\u{115f}',
        '\u{200b}', '\u{202e}', '\u{feff}', '\u{fe0f}', '\u{301}', '\u{345}', '\u{1e9b}',
        '\u{3f4}', '\u{2126}', '\u{a0}', '\u{3000}', 'Ǆ', 'Ա', 'ა', 'Ა', '한', 'ᄒ', '王', '𝔄',
        '.', '-', '_', ' ',
    ]);
    vec(
        prop_oneof![strange, any::<char>(), prop::char::range('a', 'z')],
        0..40,
    )
    .prop_map(|letters| letters.into_iter().collect())
}

fn host() -> impl Strategy<Value = String> {
    let name = "[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?";
    let v6 = any::<[u8; 16]>().prop_map(|ip| format!("[{}]", std::net::Ipv6Addr::from(ip)));
    (prop_oneof![name, v6], 1..=u16::MAX).prop_map(|(host, port)| format!("{host}:{port}"))
}

#[test]
fn every_letter_that_a_name_takes_has_one_spelling_which_everybody_reads() {
    for letter in '\0'..='\u{1ffff}' {
        for typed in [format!("a{letter}b"), format!("{letter}{letter}")] {
            if let Ok(login) = Login::new(&typed) {
                assert_eq!(Login::new(login.as_str()), Ok(login.clone()), "{typed:?}");
                let shown = DisplayName::from(login);
                let again = DisplayName::new(shown.as_str());
                assert_eq!(again, Ok(shown), "{typed:?}");
            }
            if let Ok(name) = DisplayName::new(&typed) {
                assert_eq!(DisplayName::new(name.as_str()), Ok(name), "{typed:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn a_frame_tells_its_length_and_none_above_the_bound_is_taken(
        payload in vec(any::<u8>(), 0..300),
        max in 0..300usize,
    ) {
        let frame = codec::frame(&payload);
        let (header, rest) = frame.split_first_chunk::<FRAME_HEADER_BYTES>().unwrap();
        prop_assert_eq!(rest, &payload[..]);
        let len = codec::frame_len(*header, max);
        prop_assert_eq!(len.ok(), Some(payload.len()).filter(|len| *len <= max));
    }

    #[test]
    fn what_has_a_bound_is_taken_up_to_it_and_no_further(bytes in vec(any::<u8>(), 0..16)) {
        let fits = bytes.len() <= 8;
        prop_assert_eq!(Bytes::<8>::new(bytes.clone()).is_ok(), fits);
        prop_assert_eq!(List::<u8, 8>::new(bytes.clone()).is_ok(), fits);
        let encoded = codec::encode(&bytes);
        prop_assert_eq!(codec::decode::<Bytes<8>>(&encoded).is_ok(), fits);
        prop_assert_eq!(codec::decode::<List<u8, 8>>(&encoded).is_ok(), fits);
        let ascii: String = bytes.iter().map(|byte| char::from(byte & 0x7f)).collect();
        prop_assert_eq!(Text::<8>::new(ascii.clone()).is_ok(), fits);
        prop_assert_eq!(codec::decode::<Text<8>>(&codec::encode(&ascii)).is_ok(), fits);
    }

    #[test]
    fn a_login_has_one_spelling_which_everybody_reads(typed in text()) {
        if let Ok(login) = Login::new(&typed) {
            prop_assert_eq!(Login::new(login.as_str()), Ok(login.clone()));
            prop_assert_eq!(codec::decode::<Login>(&codec::encode(&login)), Ok(login.clone()));
            prop_assert!(!login.as_str().chars().any(is_deceptive));
            let shown = DisplayName::from(login);
            prop_assert_eq!(codec::decode::<DisplayName>(&codec::encode(&shown)), Ok(shown));
        }
    }

    #[test]
    fn a_display_name_has_one_spelling_which_everybody_reads(typed in text()) {
        if let Ok(name) = DisplayName::new(&typed) {
            prop_assert_eq!(DisplayName::new(name.as_str()), Ok(name.clone()));
            prop_assert_eq!(codec::decode::<DisplayName>(&codec::encode(&name)), Ok(name.clone()));
            prop_assert!(!name.as_str().chars().any(is_deceptive));
        }
    }

    #[test]
    fn an_invite_link_says_what_it_was_made_of(
        hosts in vec(host(), 1..=8),
        seed in any::<[u8; 32]>(),
        token in prop::option::of("[!-~]{1,64}"),
        name in text(),
    ) {
        let server = ServerId(KeyPair::from_seed(seed).public().0);
        if let Ok(invite) = Invite::new(hosts, server, token, name) {
            let link = invite.to_string();
            prop_assert!(link.bytes().all(|byte| byte.is_ascii_graphic()), "{link}");
            prop_assert_eq!(link.parse(), Ok(invite));
        }
    }

    #[test]
    fn no_text_that_is_nearly_a_link_does_any_harm(
        parameters in vec(("[hstnz]", "[a-z0-9:.%=\\[\\]]{0,60}|\\PC{0,20}"), 0..10),
    ) {
        let parameters: Vec<String> =
            parameters.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let link = format!("hutong://join?{}", parameters.join("&"));
        if let Ok(invite) = link.parse::<Invite>() {
            prop_assert_eq!(invite.to_string().parse(), Ok(invite));
        }
    }

    #[test]
    fn an_id_is_read_as_it_is_written(bytes in any::<[u8; 32]>(), random in any::<[u8; 10]>(), text in "\\PC{0,60}") {
        prop_assert_eq!(ServerId(bytes).to_string().parse(), Ok(ServerId(bytes)));
        let message = MsgId::new(u64::from(bytes[0]), random);
        prop_assert_eq!(message.to_string().parse(), Ok(message));
        let _ = text.parse::<ServerId>();
        let _ = text.parse::<MsgId>();
    }
}
