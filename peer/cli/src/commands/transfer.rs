//! What a command waits for after its reply: that a message or file has got as far as was asked.
//!
//! Interrupting is harmless: everything is stored, and goes on when the next engine runs on this home.

use super::{Exit, Stop};
use crate::dialog::Dialog;
use crate::platform;
use crate::render::Screen;
use hutong_common::text::bytes;
use hutong_common::text::client::Client;
use serde_json::Value;

/// What to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    /// The message lies at the rendezvous, or further.
    Left,
    /// The message lies on the other's disk.
    Delivered,
    /// The other has the whole file.
    Fetched,
    /// We have the whole file.
    Saved,
}

/// Whether an event ends the wait, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    NotYet,
    Reached,
    Failed,
}

/// Waits for what `follow` says about the message or file of `reply`.
pub(super) async fn follow(
    follow: Follow,
    reply: &Value,
    dialog: &mut Dialog,
    screen: &mut Screen,
) -> Result<Exit, Stop> {
    let interrupted = platform::interrupted();
    tokio::pin!(interrupted);
    let mut is_announced = false;
    loop {
        let event = tokio::select! {
            () = &mut interrupted => return Ok(Exit::Done),
            event = dialog.event() => event?,
        };
        let is_ours = concerns(&event, reply);
        if is_ours
            && matches!(follow, Follow::Fetched | Follow::Saved)
            && text(&event, "event") == "file"
        {
            if !is_announced && follow == Follow::Saved {
                announce(&event, screen);
                is_announced = true;
            }
            screen.file_progress(&event);
            if text(&event, "state") == "paused" {
                screen.outcome(&event);
            }
        }
        match step(follow, &event, is_ours) {
            Step::NotYet => {}
            Step::Reached => {
                screen.outcome(&event);
                return Ok(Exit::Done);
            }
            Step::Failed => {
                screen.outcome(&event);
                return Ok(Exit::Refused);
            }
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn concerns(event: &Value, reply: &Value) -> bool {
    let names = |name: &str| reply.get(name).is_some() && event.get(name) == reply.get(name);
    match text(event, "event") {
        // Of what is said in a group, it counts how far it is for all.
        "delivery" => names("message") && event.get("to") == event.get("conversation"),
        "file" => names("file"),
        _ => false,
    }
}

fn step(follow: Follow, event: &Value, is_ours: bool) -> Step {
    if !is_ours {
        return Step::NotYet;
    }
    let kind = text(event, "event");
    match (follow, kind, text(event, "state")) {
        (Follow::Left, "delivery", "left_at_server" | "delivered" | "shown")
        | (Follow::Delivered, "delivery", "delivered" | "shown")
        | (Follow::Fetched | Follow::Saved, "file", "verified") => Step::Reached,
        (_, "delivery", "failed")
        | (Follow::Fetched | Follow::Saved, "file", "failed" | "declined") => Step::Failed,
        _ => Step::NotYet,
    }
}

fn announce(event: &Value, screen: &mut Screen) {
    let name = hutong_common::harmless::one_line(text(event, "name"));
    let size = bytes(
        event
            .get("size")
            .and_then(Value::as_u64)
            .unwrap_or_default(),
    );
    let lang = screen.lang;
    screen.note(
        &Client::FetchingFile {
            name: &name,
            size: &size,
        }
        .say(lang),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_wait_ends_when_what_was_asked_is_reached_or_cannot_be() {
        let delivery = |state: &str| json!({"event": "delivery", "message": "m", "state": state});
        let file =
            |state: &str| json!({"event": "file", "file": "f", "message": "m", "state": state});
        for (follow, event, expected) in [
            (Follow::Left, delivery("queued"), Step::NotYet),
            (Follow::Left, delivery("left_at_server"), Step::Reached),
            (Follow::Left, delivery("delivered"), Step::Reached),
            (Follow::Delivered, delivery("left_at_server"), Step::NotYet),
            (Follow::Delivered, delivery("shown"), Step::Reached),
            (Follow::Delivered, delivery("failed"), Step::Failed),
            (Follow::Delivered, file("verified"), Step::NotYet),
            (Follow::Fetched, file("running"), Step::NotYet),
            (Follow::Fetched, file("verified"), Step::Reached),
            (Follow::Fetched, delivery("failed"), Step::Failed),
            (Follow::Saved, file("declined"), Step::Failed),
        ] {
            assert_eq!(step(follow, &event, true), expected, "{follow:?} {event}");
            assert_eq!(step(follow, &event, false), Step::NotYet);
        }
    }

    #[test]
    fn only_events_about_our_message_or_file_count() {
        let reply = json!({"message": "m", "file": "f"});
        assert!(concerns(
            &json!({"event": "delivery", "message": "m", "to": "bob", "conversation": "bob"}),
            &reply
        ));
        assert!(concerns(&json!({"event": "file", "file": "f"}), &reply));
        assert!(!concerns(
            &json!({"event": "delivery", "message": "m", "to": "bob", "conversation": "g:100001"}),
            &reply
        ));
        assert!(!concerns(
            &json!({"event": "delivery"}),
            &json!({"file": "f"})
        ));
        assert!(!concerns(
            &json!({"event": "presence", "message": "m"}),
            &reply
        ));
    }
}
