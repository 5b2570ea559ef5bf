//! What the rendezvous announced, and who has read it: sentences and tables, or JSON.

use super::{data, json, local, sentence};
use crate::commands::accounts::Manner;
use crate::service::bulletins::{BulletinFacts, Reader, ReaderState};
use hutong_common::text::Lang;
use hutong_common::text::announcements::{AnnouncementText, BulletinText};
use hutong_common::text::table::table;
use serde::Serialize;

/// One that was just made: its number for programs, what to do with it beside.
pub(crate) fn announced(facts: &BulletinFacts, manner: Manner) {
    if manner.json {
        json(facts);
        return;
    }
    let number = &facts.number;
    let total = &facts.total;
    data(&number.to_string());
    sentence(&BulletinText::OnItsWay { total, number }.say(manner.lang));
}

pub(crate) fn list(announcements: &[BulletinFacts], manner: Manner) {
    #[derive(Serialize)]
    struct Listed<'a> {
        announcements: &'a [BulletinFacts],
    }
    let lang = manner.lang;
    if manner.json {
        json(&Listed { announcements });
        return;
    }
    if announcements.is_empty() {
        sentence(&AnnouncementText::None.say(lang));
        return;
    }
    let head = [
        BulletinText::Number,
        BulletinText::At,
        BulletinText::For,
        BulletinText::Read,
        BulletinText::Words,
    ];
    let rows: Vec<Vec<String>> = announcements.iter().map(|facts| row(facts, lang)).collect();
    data(&table(&head.map(|text| text.say(lang)), &rows));
}

fn row(facts: &BulletinFacts, lang: Lang) -> Vec<String> {
    let read = if facts.confirm {
        facts.confirmed
    } else {
        facts.shown
    };
    vec![
        facts.number.to_string(),
        local(facts.sent_ms),
        audience(facts, lang),
        format!("{read}/{}", facts.total),
        facts.text.replace(char::is_control, " "),
    ]
}

fn audience(facts: &BulletinFacts, lang: Lang) -> String {
    match facts.group {
        Some(group) => format!("g:{group}"),
        None => BulletinText::Everybody.say(lang),
    }
}

/// Who has read one, in the words that clients use for it.
pub(crate) fn proof(facts: &BulletinFacts, readers: &[Reader], manner: Manner) {
    #[derive(Serialize)]
    struct Shown<'a> {
        #[serde(flatten)]
        facts: &'a BulletinFacts,
        people: &'a [Reader],
    }
    if manner.json {
        json(&Shown {
            facts,
            people: readers,
        });
        return;
    }
    data(&proof_said(facts, readers, manner.lang));
}

fn proof_said(facts: &BulletinFacts, readers: &[Reader], lang: Lang) -> String {
    use AnnouncementText as Text;
    let (text, total) = (&facts.text, &facts.total);
    let mut lines = vec![Text::Proof { text, total }.say(lang)];
    let mut add = |state: ReaderState, is_kept: bool, say: fn(&usize, &String, Lang) -> String| {
        let of_state = readers.iter().filter(|reader| reader.state == state);
        let names: Vec<String> = of_state.map(|reader| reader.login.to_string()).collect();
        if is_kept || !names.is_empty() {
            let said = say(&names.len(), &names.join(", "), lang);
            lines.push(said.trim_end().to_owned());
        }
    };
    add(
        ReaderState::Confirmed,
        facts.confirm,
        |count, names, lang| Text::ProofConfirmed { count, names }.say(lang),
    );
    add(ReaderState::Shown, true, |count, names, lang| {
        Text::ProofShown { count, names }.say(lang)
    });
    add(ReaderState::Delivered, true, |count, names, lang| {
        Text::ProofDelivered { count, names }.say(lang)
    });
    add(ReaderState::Waiting, false, |count, names, lang| {
        Text::ProofWaiting { count, names }.say(lang)
    });
    add(ReaderState::Offline, true, |count, names, lang| {
        Text::ProofOffline { count, names }.say(lang)
    });
    add(ReaderState::Unreachable, false, |count, names, lang| {
        Text::ProofUnreachable { count, names }.say(lang)
    });
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::id::AccountId;
    use hutong_common::name::{DisplayName, Login};

    #[test]
    fn the_proof_names_everybody_once() {
        let facts = BulletinFacts {
            number: 3,
            text: "明天停课".to_owned(),
            group: None,
            large: false,
            confirm: true,
            sent_ms: 1,
            total: 3,
            confirmed: 1,
            shown: 0,
            delivered: 1,
            waiting: 0,
            offline: 1,
            unreachable: 0,
        };
        let states = [
            ("lin", ReaderState::Confirmed),
            ("mei", ReaderState::Delivered),
            ("bo", ReaderState::Offline),
        ];
        let readers = states.map(|(login, state)| Reader {
            account: AccountId(10_001),
            login: Login::new(login).unwrap(),
            name: DisplayName::new(login).unwrap(),
            state,
        });
        assert_eq!(
            proof_said(&facts, &readers, Lang::Zh),
            "“明天停课” — 共 3 人\n已确认    1  lin\n已读      0\n已送达    1  mei\n不在线    1  bo"
        );
    }
}
