//! Requests about friends and their presence.

use super::Planned;
use crate::args::{FriendCommand, Switch};
use serde_json::json;

pub(in crate::commands) fn plan(command: FriendCommand) -> Planned {
    let about =
        |verb: &str, login: String| Planned::up_to_date(json!({ "do": verb, "login": login }));
    match command {
        FriendCommand::Find { login } => about("find", login),
        FriendCommand::Whois { account } => {
            Planned::up_to_date(json!({ "do": "whois", "account": account }))
        }
        FriendCommand::CanAdd { login } => about("can_add", login),
        FriendCommand::Add { login, greeting } => {
            Planned::up_to_date(json!({ "do": "add", "login": login, "greeting": greeting }))
        }
        FriendCommand::Requests => Planned::up_to_date(json!({ "do": "requests" })),
        FriendCommand::Accept { request } => choice("accept", &request),
        FriendCommand::Decline { request } => choice("decline", &request),
        FriendCommand::Remove { login } => about("remove", login),
        FriendCommand::Block { login } => about("block", login),
        FriendCommand::Unblock { login } => about("unblock", login),
        FriendCommand::Blocked => Planned::from_home(json!({ "do": "blocked" })),
        FriendCommand::Remark { login, remark } => {
            Planned::here(json!({ "do": "remark", "login": login, "name": remark }))
        }
        FriendCommand::Safety {
            who,
            verify,
            accept,
        } => Planned::from_home(
            json!({ "do": "safety", "with": who, "verify": verify, "accept": accept }),
        ),
        FriendCommand::Friends => Planned::from_home(json!({ "do": "friends" })),
        FriendCommand::Away { away } => {
            let on = away.map(|away| away == Switch::On);
            Planned::up_to_date(json!({ "do": "away", "on": on }))
        }
        FriendCommand::Who { who } => Planned::up_to_date(json!({ "do": "who", "login": who })),
    }
}

/// A friend request by its number, or by the login of who made it: a login of digits alone needs the number.
fn choice(verb: &str, typed: &str) -> Planned {
    Planned::up_to_date(match typed.parse::<u64>() {
        Ok(request) => json!({ "do": verb, "request": request }),
        Err(_) => json!({ "do": verb, "from": typed }),
    })
}
