//! Who may ask what: every request by every kind of caller, each cell asserted, the table written for people.
//!
//! Rows are requests with what they are made of ([`samples`]), cells what is expected ([`expected`]): a match without a
//! wildcard, so that a new request does not compile before it has its row. [`stage`] sets up caller and target.

mod expected;
mod groups;
mod samples;
mod stage;

use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::CanAdd;
use hutong_common::rpc::{Reply, Request};
use samples::Sample;
use stage::{Stage, Who};

/// Name of the variant.
fn variant(request: &Request) -> String {
    let debug = format!("{request:?}");
    let end = debug.find(|c: char| !c.is_alphanumeric());
    debug[..end.unwrap_or(debug.len())].to_owned()
}

/// An answer in a cell.
fn cell(answer: &Result<Reply, Refusal>, stage: &Stage) -> String {
    match answer {
        Err(refusal) => format!("no: {}", refusal.code()),
        Ok(Reply::MailStored(stored)) => match stored.recipients[0].1 {
            None => "yes".to_owned(),
            Some(refusal) => format!("no: {}", refusal.code()),
        },
        Ok(Reply::CanAdd(CanAdd::Yes)) => "yes".to_owned(),
        Ok(Reply::CanAdd(why)) => format!("no: {why:?}"),
        Ok(Reply::Contacts(page)) => {
            let is_there = |contact: &hutong_common::rpc::friends::Contact| {
                contact.account == stage.target.account
            };
            if page.contacts.iter().any(is_there) {
                "yes, with them".to_owned()
            } else {
                "yes, without them".to_owned()
            }
        }
        Ok(Reply::Introductions(list)) if list.is_empty() => "yes, nowhere".to_owned(),
        Ok(
            Reply::Done
            | Reply::RegisterStarted(_)
            | Reply::ResetStarted(_)
            | Reply::Welcome(_)
            | Reply::SignInStarted(_)
            | Reply::SignedIn(_)
            | Reply::PasswordStarted(_)
            | Reply::Person(_)
            | Reply::FriendRequested(_)
            | Reply::FriendRequests(_)
            | Reply::Contact(_)
            | Reply::Introductions(_)
            | Reply::Mail(_)
            | Reply::Receipts(_)
            | Reply::Devices(_)
            | Reply::Details(_)
            | Reply::Avatar(_)
            | Reply::Sheet(_)
            | Reply::Groups(_)
            | Reply::GroupCard(_)
            | Reply::GroupRequested(_)
            | Reply::GroupRequests(_)
            | Reply::Post(_)
            | Reply::GroupCode(_)
            | Reply::Attendance(_)
            | Reply::Hands(_)
            | Reply::RelayTicket(_)
            | Reply::UdpCheck(_)
            | Reply::PathCheck(_),
        ) => "yes".to_owned(),
    }
}

/// What a request of one kind of caller is answered.
fn played(sample: &Sample, who: Who) -> (Request, String) {
    let mut stage = Stage::of(who);
    let request = (sample.make)(&mut stage);
    let answer = stage.asks(request.clone());
    let cell = cell(&answer, &stage);
    (request, cell)
}

#[cfg(test)]
mod tests {
    use super::expected::expected;
    use super::samples::SAMPLES;
    use super::stage::WHO;
    use super::*;
    use hutong_fixtures::report::write_chapter;
    use hutong_fixtures::variants::variants_of;
    use std::fmt::Write;

    #[test]
    fn every_request_of_every_caller_is_answered_as_the_matrix_says() {
        let mut table = format!(
            "| request |{}\n|---|{}\n",
            heads(),
            "---|".repeat(WHO.len())
        );
        let (mut wrong, mut covered) = (String::new(), Vec::new());
        for sample in SAMPLES {
            let mut line = String::new();
            for (at, who) in WHO.iter().enumerate() {
                let (request, seen) = played(sample, *who);
                let name = variant(&request);
                let want = expected(&request, sample.label)[at];
                if seen != want || want.is_empty() {
                    // Writing into a string cannot fail.
                    let _ = writeln!(
                        wrong,
                        "{name} {} by {who:?}: {seen:?}, not {want:?}",
                        sample.label
                    );
                }
                if at == 0 {
                    line = format!("| {} |", [name.as_str(), sample.label].join(" ").trim());
                    covered.push(name);
                }
                let _ = write!(line, " {seen} |");
            }
            table.push_str(&line);
            table.push('\n');
        }
        assert!(wrong.is_empty(), "{wrong}");
        for name in variants_of::<Request>() {
            assert!(
                covered.iter().any(|covered| covered == name),
                "{name} has no sample"
            );
        }
        let title = "# Who may do what\n\n## Requests to the rendezvous\n\n\"They\" is the account that a request is about.\n";
        write_chapter(
            "authorisation",
            "1-rendezvous",
            &format!("{title}\n{table}"),
        );
    }

    fn heads() -> String {
        let heads = WHO.iter().map(|who| format!(" {} |", who.head()));
        heads.collect()
    }

    /// Somebody who is blocked cannot tell the one who blocks him from nobody.
    #[test]
    fn to_the_blocked_the_blocker_and_nobody_are_the_same() {
        for sample in SAMPLES {
            let answers = [false, true].map(|is_nobody| {
                let mut stage = Stage::of(Who::Blocked);
                if is_nobody {
                    stage.target_vanishes();
                }
                let request = (sample.make)(&mut stage);
                let text = format!("{request:?}");
                let is_about_them = text.contains(stage.target.login.as_str())
                    || text.contains(&stage.target.account.to_string());
                let answer = stage.asks(request);
                (is_about_them, cell(&answer, &stage))
            });
            let [(is_about_them, blocker), (_, nobody)] = answers;
            if is_about_them && !sample.is_secret {
                assert_eq!(blocker, nobody, "{}", sample.label);
            }
        }
    }
}
