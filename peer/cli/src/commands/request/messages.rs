//! Requests about conversations.

use super::{Follow, Planned};
use crate::args::{MessageCommand, Wait};
use crate::moment::Moment;
use serde_json::json;

pub(in crate::commands) fn plan(command: MessageCommand) -> Planned {
    match command {
        MessageCommand::Chats => Planned::from_home(json!({ "do": "chats" })),
        MessageCommand::Unread => Planned::from_home(json!({ "do": "unread" })),
        MessageCommand::Send { who, text, wait } => Planned {
            follow: wait.map(|wait| match wait {
                Wait::Left => Follow::Left,
                Wait::Delivered => Follow::Delivered,
            }),
            ..Planned::up_to_date(json!({ "do": "send", "to": who, "text": text }))
        },
        MessageCommand::Read { who, upto } => {
            Planned::up_to_date(json!({ "do": "read", "with": who, "upto": upto }))
        }
        MessageCommand::History {
            who,
            before,
            after,
            from,
            limit,
        } => {
            let now = jiff::Zoned::now();
            let place = |moment: Option<Moment>| {
                // A time before all messages is none that the engine knows.
                moment.map(|moment| moment.position(&now).unwrap_or_else(|| "0".to_owned()))
            };
            Planned::from_home(json!({
                "do": "history", "with": who, "before": place(before), "after": place(after), "from": from,
                "limit": limit,
            }))
        }
        MessageCommand::Draft { who, draft } => {
            Planned::here(json!({ "do": "draft", "with": who, "text": draft }))
        }
        MessageCommand::Drafts => Planned::here(json!({ "do": "drafts" })),
    }
}
