//! Requests about announcements.

use super::Planned;
use crate::args::AnnouncementCommand;
use serde_json::json;

pub(in crate::commands) fn plan(command: AnnouncementCommand) -> Planned {
    match command {
        AnnouncementCommand::Announce {
            again: Some(message),
            ..
        } => Planned::up_to_date(json!({ "do": "announce_again", "message": message })),
        AnnouncementCommand::Announce {
            text,
            to,
            lan,
            large,
            confirm,
            again: None,
        } => {
            let request = json!({
                "do": "announce", "text": text, "to": to, "lan": lan, "large": large, "confirm": confirm,
            });
            // To the LAN, the rendezvous is not waited for.
            if lan {
                Planned::here(request)
            } else {
                Planned::up_to_date(request)
            }
        }
        AnnouncementCommand::Proof { message } => {
            Planned::from_home(json!({ "do": "proof", "message": message }))
        }
        AnnouncementCommand::Confirm { message } => {
            Planned::up_to_date(json!({ "do": "confirm", "message": message }))
        }
        AnnouncementCommand::Announcements => Planned::from_home(json!({ "do": "announcements" })),
    }
}
