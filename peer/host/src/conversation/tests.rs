//! Conversations with an engine that answers from a script.

use super::*;
use hutong_common::id::AccountId;
use hutong_engine::api::Path;
use hutong_engine::api::event::{Message, MessageKind, ServerState};
use serde_json::json;
use std::collections::VecDeque;

/// Answers every text message at once, keeps `whoami` until the end, and tells one event after each answer.
#[derive(Default)]
struct Script {
    told: VecDeque<Told>,
    late: Vec<u64>,
    /// Told after the first message was sent.
    later: Vec<Told>,
    is_over: bool,
}

impl Listener for Script {
    async fn ask(&mut self, tag: u64, command: Command) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the script knows few commands"
        )]
        match command {
            Command::Send { .. } => {
                let message = MsgId::new(1, [7; 10]);
                self.told.push_back(Told::Answer {
                    tag,
                    result: Ok(Done::Sent {
                        message,
                        waits: None,
                    }),
                });
                self.told.extend(self.later.drain(..));
                let state = ServerState::Online;
                self.told.push_back(Told::Event(Event::Server { state }));
                for tag in self.late.drain(..) {
                    let result = Err(Failure::NotSignedIn);
                    self.told.push_back(Told::Answer { tag, result });
                }
            }
            Command::Whoami => self.late.push(tag),
            _ => self.is_over = true,
        }
    }

    async fn next(&mut self) -> Option<Told> {
        match self.told.pop_front() {
            Some(told) => Some(told),
            None if self.is_over => None,
            None => std::future::pending().await,
        }
    }
}

fn message(id: MsgId) -> Message {
    Message {
        id,
        from: "alice".to_owned(),
        account: AccountId(1),
        remark: None,
        conversation: "bob".to_owned(),
        group: None,
        mentions_me: false,
        kind: MessageKind::Text,
        text: None,
        sent_ms: 0,
        hlc: String::new(),
        seq: 1,
        path: Path::None,
        file: None,
        file_name: None,
        file_size: None,
        announced: None,
    }
}

fn offline() -> Event {
    Event::Server {
        state: ServerState::Offline,
    }
}

async fn talk(input: &str, is_watching: bool) -> Vec<Value> {
    let mut output = Vec::new();
    let mut script = Script::default();
    if is_watching {
        script.told.push_back(Told::Event(offline()));
    }
    let manner = Manner {
        is_watching,
        ..Manner::quiet(Lang::En)
    };
    converse(script, input.as_bytes(), &mut output, manner)
        .await
        .unwrap();
    let text = String::from_utf8(output).unwrap();
    let greetings = usize::from(is_watching);
    text.lines()
        .skip(greetings)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

const SEND: &str = r#"{"id":{"n":2},"do":"send","to":"bob","text":"hi"}"#;

#[tokio::test]
async fn replies_may_overtake_and_a_reply_comes_before_the_events_after_it() {
    let said = talk(
        &format!("{{\"id\":1,\"do\":\"whoami\",\"lang\":\"zh\"}}\n{SEND}\n"),
        true,
    )
    .await;
    assert_eq!(
        said[0],
        json!({"re": {"n": 2}, "ok": true, "message": MsgId::new(1, [7; 10]).to_string()})
    );
    assert_eq!(said[1], json!({"event": "server", "state": "online"}));
    assert_eq!(
        (&said[2]["re"], &said[2]["error"]["code"]),
        (&json!(1), &json!("not_signed_in"))
    );
    assert!(said[2]["error"]["text"].as_str().unwrap().contains("登录"));
    assert_eq!(said.len(), 3);
}

#[tokio::test]
async fn events_are_told_to_those_who_watch() {
    let silent = talk(&format!("{SEND}\n"), false).await;
    assert!(silent.iter().all(|line| line.get("event").is_none()));
    let watching = talk(
        &format!("{{\"do\":\"watch\"}}\n{SEND}\n{{\"id\":9,\"do\":\"whoami\"}}\n{SEND}\n"),
        false,
    )
    .await;
    assert_eq!(watching[0], json!({"re": null, "ok": true}));
    assert!(watching.iter().any(|line| line["event"] == "server"));
}

/// Other listeners hear of it as a message; a bot that answers every message must not hear itself.
#[tokio::test]
async fn who_sends_hears_of_the_message_in_the_reply_alone() {
    let mut script = Script::default();
    for id in [MsgId::new(1, [7; 10]), MsgId::new(2, [7; 10])] {
        script.later.push(Told::Event(Event::Message(message(id))));
    }
    let mut output = Vec::new();
    let manner = Manner::quiet(Lang::En);
    let input = format!("{{\"do\":\"watch\"}}\n{SEND}\n{{\"do\":\"friends\"}}\n");
    converse(script, input.as_bytes(), &mut output, manner)
        .await
        .unwrap();
    let text = String::from_utf8(output).unwrap();
    let told: Vec<_> = text
        .lines()
        .filter(|line| line.contains("\"message\","))
        .collect();
    assert_eq!(told.len(), 1, "{text}");
    assert!(told[0].contains(&MsgId::new(2, [7; 10]).to_string()));
}

#[tokio::test]
async fn bad_lines_are_answered_and_the_talk_goes_on() {
    let long = "x".repeat(AGENT_LINE_BYTES_MAX + 1);
    let said = talk(&format!("{long}\nnonsense\n\n{{\"id\":3,\"do\":\"dance\"}}\n{{\"id\":4,\"do\":\"send\",\"to\":\"b\"}}\n{{\"id\":5,\"do\":\"quit\"}}\n{SEND}\n"), true).await;
    let codes: Vec<_> = said
        .iter()
        .map(|line| (&line["re"], &line["error"]["code"]))
        .collect();
    let null = Value::Null;
    let malformed = json!("malformed");
    assert_eq!(
        codes[..3],
        [
            (&null, &malformed),
            (&null, &malformed),
            (&null, &malformed)
        ]
    );
    assert_eq!(codes[3], (&json!(3), &json!("unknown_verb")));
    assert_eq!(
        (codes[4], &said[4]["error"]["name"]),
        ((&json!(4), &json!("missing_argument")), &json!("text"))
    );
    assert_eq!(said[5], json!({"re": 5, "ok": true}));
    assert_eq!(said.len(), 6, "nothing is read after quit");
}

#[tokio::test]
async fn a_reader_that_is_gone_ends_the_talk() {
    let (ours, theirs) = tokio::io::duplex(64);
    drop(theirs);
    let manner = Manner::quiet(Lang::En);
    assert!(
        converse(Script::default(), "x\n".as_bytes(), ours, manner)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_talk_ends_with_the_engine() {
    assert_eq!(
        talk("{\"do\":\"friends\"}\n{\"do\":\"whoami\"}\n", true).await,
        Vec::<Value>::new()
    );
}

#[tokio::test]
async fn a_window_comes_to_the_front_and_where_there_is_none_that_is_said() {
    let said = talk("{\"id\":1,\"do\":\"show\"}\n", false).await;
    assert_eq!(said[0]["error"]["code"], "unknown_verb");
    let (window, mut asked) = tokio::sync::mpsc::channel(1);
    let manner = Manner {
        window: Some(window),
        ..Manner::quiet(Lang::En)
    };
    let (mut output, twice) = (Vec::new(), "{\"do\":\"show\"}\n{\"do\":\"show\"}\n");
    let script = Script::default();
    converse(script, twice.as_bytes(), &mut output, manner)
        .await
        .unwrap();
    assert_eq!(
        String::from_utf8(output).unwrap().matches("true").count(),
        2
    );
    assert_eq!((asked.recv().await, asked.recv().await), (Some(()), None));
}
