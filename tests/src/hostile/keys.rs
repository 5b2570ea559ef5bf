//! What is opened with a key or proves one: mail, vaults, the password proof. Whatever comes in, only the real thing
//! opens.

use super::seeds::{ALICE, BOB, MAIL, SERVER, VAULTS};
use hutong_common::codec;
use hutong_common::entropy::SeededEntropy;
use hutong_common::opaque::{
    EXPORTER_BYTES, OpaqueServer, Parties, RECORD_BYTES, RegistrationClient, SignInAttempt,
    SignInClient, Stretch,
};
use hutong_common::rpc::mail::Envelope;
use hutong_common::seal::{MailName, open_mail, read_body};
use hutong_common::signed::Signed;
use hutong_common::vault::{SealSeed, open_vault};
use std::sync::LazyLock;

/// Mail for Bob.
pub(super) fn mail_key(bytes: &[u8]) {
    let Ok(mail) = codec::decode::<Envelope>(bytes) else {
        return;
    };
    let bob = &*BOB;
    let seals: Vec<SealSeed> = bob.vault.seal_seeds().cloned().collect();
    let name = MailName {
        server: *SERVER,
        env_id: mail.env_id,
    };
    for key in mail.recipients.iter() {
        if open_mail(name, bob.account, &mail.body_ct, key, &seals).is_ok() {
            let real: Envelope = codec::decode(&MAIL[0]).expect("it is one");
            assert_eq!((&mail.body_ct, key), (&real.body_ct, &real.recipients[0]));
        }
    }
}

/// What lies inside of mail, which a friend may have written as he likes.
pub(super) fn mail_body(bytes: &[u8]) {
    if let Ok((message, card)) = read_body(bytes) {
        for signed in [&message, &card] {
            let again = codec::encode(signed);
            assert_eq!(codec::decode::<Signed>(&again).as_ref(), Ok(signed));
        }
        assert!(message.body().len() + card.body().len() < bytes.len());
    }
}

/// The key of the real vault.
pub(super) const VAULT_KEY: [u8; 64] = [9; 64];

/// A vault, as a rendezvous gives it out.
pub(super) fn vault(bytes: &[u8]) {
    let alice = &*ALICE;
    let opened = open_vault(bytes, &VAULT_KEY, *SERVER, alice.login.as_str());
    assert_eq!(opened.is_ok(), VAULTS[0] == bytes);
}

/// The password of the account that [`OPAQUE`] knows.
pub(super) const PASSWORD: &[u8] = b"correct horse";
pub(super) const EXPORTER: [u8; EXPORTER_BYTES] = [5; EXPORTER_BYTES];

/// A rendezvous that knows one account.
pub(super) static OPAQUE: LazyLock<(OpaqueServer, [u8; RECORD_BYTES])> = LazyLock::new(|| {
    let entropy = &mut SeededEntropy::from_number(1);
    let server = OpaqueServer::new(entropy);
    let started = RegistrationClient::start(PASSWORD, Stretch::Identity, entropy);
    let (client, message) = started.expect("a password is blinded");
    let reply = server
        .register_start("alice", &message)
        .expect("a real message");
    let (upload, _) = client
        .finish(&reply, parties(), entropy)
        .expect("a real reply");
    let record = server.register_finish(&upload).expect("a real upload");
    (server, record)
});

pub(super) fn parties() -> Parties<'static> {
    Parties {
        login: "alice",
        server: *SERVER,
    }
}

/// The six messages of a registration and a sign-in; the first byte says which.
pub(super) fn opaque(bytes: &[u8]) {
    let Some((which, message)) = bytes.split_first() else {
        return;
    };
    let (server, record) = &*OPAQUE;
    let entropy = &mut SeededEntropy::from_number(2);
    let attempt = SignInAttempt {
        message,
        exporter: &EXPORTER,
    };
    match which % 6 {
        0 => drop(server.register_start("alice", message)),
        1 => drop(server.register_finish(message)),
        2 => drop(server.sign_in_start(parties(), Some(record), attempt, entropy)),
        3 => {
            // Somebody who does not know the password, in the middle of a sign-in.
            let started = SignInClient::start(b"a guess", Stretch::Identity, entropy);
            let (_, request) = started.expect("a password is blinded");
            let attempt = SignInAttempt {
                message: &request,
                exporter: &EXPORTER,
            };
            let started = server.sign_in_start(parties(), Some(record), attempt, entropy);
            let (state, _) = started.expect("a real message");
            assert!(
                server.sign_in_finish(state, message).is_err(),
                "a forged proof"
            );
        }
        4 => {
            let started = RegistrationClient::start(PASSWORD, Stretch::Identity, entropy);
            let (client, _) = started.expect("a password is blinded");
            drop(client.finish(message, parties(), entropy));
        }
        _ => {
            let started = SignInClient::start(b"a guess", Stretch::Identity, entropy);
            let (client, _) = started.expect("a password is blinded");
            let finished = client.finish(message, parties(), &EXPORTER, entropy);
            assert!(
                finished.is_err(),
                "a server that proves a password nobody has"
            );
        }
    }
}
