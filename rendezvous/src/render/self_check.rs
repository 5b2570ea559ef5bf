//! What the rendezvous found when it looked at itself, and what to do about it.

use super::{local, sentence};
use crate::self_check::Finding;
use hutong_common::text::rendezvous::Rendezvous as Text;
use hutong_common::text::{Lang, bytes};

pub(crate) fn finding(finding: &Finding, lang: Lang) {
    let said = match finding {
        Finding::NoNetwork => Text::NoNetwork.say(lang),
        Finding::LittleSpace { free_bytes } => {
            let free = &bytes(*free_bytes);
            Text::LittleSpace { free }.say(lang)
        }
        Finding::ClockOld { now_ms } => {
            let time = &local(*now_ms);
            Text::ClockOld { time }.say(lang)
        }
        Finding::AnotherNode { at } => Text::AnotherNode { address: at }.say(lang),
        Finding::NobodyCame { port } => nobody_came(*port, lang),
    };
    sentence(&said);
}

/// What to do about it is different on each system.
fn nobody_came(port: u16, lang: Lang) -> String {
    let port = &port;
    let nobody = Text::NobodyCame { port }.say(lang);
    let firewall = if cfg!(windows) {
        Text::FirewallOfWindows { port }
    } else {
        Text::Firewall { port }
    };
    format!("{nobody} {}", firewall.say(lang))
}
