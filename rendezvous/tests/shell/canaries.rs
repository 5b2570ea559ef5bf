//! A whole story, logged as finely as can be, and then searched: nothing secret is in the log, and whose story it was
//! shows only to somebody who asked for details.

use crate::client::{Client, PASSWORD};
use crate::connect;
use crate::program::Program;
use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, HEXLOWER};
use hutong_common::bounded::{Bytes, List, Text};
use hutong_common::id::{AccountId, MailRow, MsgId};
use hutong_common::md5::md5_hex;
use hutong_common::name::{DisplayName, Login};
use hutong_common::rpc::accounts::{Profile, Sex};
use hutong_common::rpc::friends::{Answer, RequestFriend};
use hutong_common::rpc::mail::{Envelope, MailPageAsk, SealedKey};
use hutong_common::rpc::{Reply, Request};
use std::fs;
use tempfile::TempDir;

const GREETING: &str = "canary of a greeting";
const SIGNATURE: &str = "canary of a signature";
const LETTER: &[u8] = b"canary of a sealed letter";
const NAMES: [&str; 3] = ["alicecanary", "bobcanary", "Canary Name"];

fn login(name: &str) -> Login {
    Login::new(name).unwrap()
}

/// Mail that nobody can open: the rendezvous does not look.
pub(crate) fn letter(to: AccountId, number: u8, body: &[u8]) -> Request {
    let key = SealedKey {
        account: to,
        seal_no: 1,
        enc: [1; 32],
        key_ct: [2; 32],
        key_tag: [3; 16],
    };
    Request::SendMail(Box::new(Envelope {
        env_id: MsgId([number; 16]),
        body_ct: Bytes::new(body).unwrap(),
        recipients: List::new(vec![key]).unwrap(),
    }))
}

/// One asks, the other, who has this login, accepts.
pub(crate) async fn befriend(alice: &mut Client, bob: &mut Client, bobs: &str) {
    let ask = RequestFriend {
        login: login(bobs),
        greeting: Text::new(GREETING).unwrap(),
    };
    let asked = alice.ask(Request::RequestFriend(ask)).await;
    let Ok(Reply::FriendRequested(request)) = asked else {
        panic!("{asked:?}")
    };
    let accept = true;
    let answer = Request::AnswerFriend(Answer { request, accept });
    bob.ask(answer).await.unwrap();
}

/// Two people meet, one leaves mail, and each does something that is refused.
async fn live(program: &Program, code: &str) -> Vec<Vec<u8>> {
    let mut alice = connect(program, 77).await;
    alice.register(NAMES[0], Some(code)).await;
    let mut bob = connect(program, 78).await;
    let account = bob.register(NAMES[1], None).await.account;
    let profile = Profile {
        name: DisplayName::new(NAMES[2]).unwrap(),
        sex: Sex::Unsaid,
        signature: Text::new(SIGNATURE).unwrap(),
    };
    alice.ask(Request::SetProfile(profile)).await.unwrap();
    befriend(&mut alice, &mut bob, NAMES[1]).await;
    alice.ask(letter(account, 4, LETTER)).await.unwrap();
    let after = MailRow(0);
    let mail = bob.ask(Request::Mail(MailPageAsk { after })).await;
    assert!(matches!(mail, Ok(Reply::Mail(page)) if page.mail.len() == 1));
    assert!(bob.ask(Request::Resume { n: 1 }).await.is_err());
    assert!(bob.ask(Request::Find(login("nobody"))).await.is_err());
    bob.send_bytes(&[0xff; 9]).await;
    assert_eq!(bob.receive().await, None);
    [alice, bob]
        .into_iter()
        .flat_map(|client: Client| client.secrets)
        .collect()
}

/// The ways in which bytes get into a log.
fn disguises(secret: &[u8]) -> Vec<String> {
    let list = format!("{secret:?}");
    let mut all = vec![
        HEXLOWER.encode(secret),
        BASE64_NOPAD.encode(secret),
        BASE32_NOPAD.encode(secret).to_lowercase(),
        list.trim_matches(['[', ']']).to_owned(),
    ];
    all.extend(String::from_utf8(secret.to_vec()).ok());
    all.into_iter().map(|form| form.to_lowercase()).collect()
}

#[cfg(unix)]
#[tokio::test]
async fn a_log_of_everything_holds_no_secret_and_names_nobody_above_debug() {
    let logs = TempDir::new().unwrap();
    let path = logs.path().join("log");
    let log = fs::File::create(&path).unwrap();
    let program = Program::start_logging(TempDir::new().unwrap(), &[], ("trace", log.into()));
    let code = program.told("owner_code").to_owned();
    let mut secrets = live(&program, &code).await;
    program.terminate();
    let (status, folder) = program.ended();
    assert_eq!(status.code(), Some(0));
    for key in ["server.key", "opaque.key"] {
        secrets.push(fs::read(folder.path().join(key)).unwrap());
    }
    secrets.extend([PASSWORD, GREETING, SIGNATURE].map(|text| text.as_bytes().to_vec()));
    secrets.push(md5_hex(PASSWORD.as_bytes()).into_bytes());
    secrets.push(LETTER.to_vec());

    let log = fs::read_to_string(&path).unwrap();
    let log = log.to_lowercase();
    assert!(log.contains("trace"), "as finely as can be");
    for form in secrets.iter().flat_map(|secret| disguises(secret)) {
        assert!(!log.contains(&form), "{form}");
    }
    // The owner's code is shown to people once, and is not logged.
    assert_eq!(log.matches(&code).count(), 1);
    let coarse = |line: &&str| !line.contains("trace") && !line.contains("debug");
    for line in log.lines().filter(coarse) {
        let named = NAMES
            .iter()
            .find(|name| line.contains(&name.to_lowercase()));
        assert_eq!(named, None, "{line}");
    }
}
