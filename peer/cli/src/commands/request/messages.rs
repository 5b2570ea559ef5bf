//! Requests about conversations.

use super::{Follow, Planned};
use crate::args::{MessageCommand, Wait};
use serde_json::json;

pub(in crate::commands) fn plan(command: MessageCommand) -> Planned {
    match command {
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
        } => Planned::from_home(json!({
            "do": "history", "with": who, "before": before, "after": after, "from": from, "limit": limit,
        })),
    }
}
