//! Announcements for a person: the list, who confirmed, and the proof of who knows it.

use super::row::Row;
use hutong_common::text::Lang;
use hutong_common::text::announcements::AnnouncementText;

/// The reply to a verb about announcements.
pub(super) fn shown(verb: &str, reply: Row<'_>, lang: Lang) -> String {
    match verb {
        "proof" => proof(reply, lang),
        "confirm" => AnnouncementText::Confirmed.say(lang),
        "announcements" => list(reply, lang),
        // Scripts take this id from standard output.
        _ => reply.text("message"),
    }
}

/// Somebody announces something.
pub(super) fn announced(event: Row<'_>, lang: Lang) -> String {
    let (from, text) = (&event.writer(lang), &event.text("text"));
    let said = AnnouncementText::Announces { from, text }.say(lang);
    if !event.flag("confirm") || event.flag("confirmed") {
        return said;
    }
    let message = &event.text("id");
    let please = AnnouncementText::PleaseConfirm { message }.say(lang);
    format!("{said}\n{please}")
}

/// Somebody confirmed one.
pub(super) fn confirmed(event: Row<'_>, lang: Lang) -> String {
    let who = &event.text("who");
    AnnouncementText::ConfirmedBy { who }.say(lang)
}

fn list(reply: Row<'_>, lang: Lang) -> String {
    let line = |row: Row<'_>| {
        let (at, from) = (&row.time("sent_ms"), &row.writer(lang));
        let (text, id) = (&row.text("text"), &row.text("id"));
        let row_said = &AnnouncementText::Row { at, from, text, id }.say(lang);
        if row.flag("own") || !row.flag("confirm") {
            row_said.clone()
        } else if row.flag("confirmed") {
            AnnouncementText::RowConfirmed { row: row_said }.say(lang)
        } else {
            AnnouncementText::RowOpen { row: row_said }.say(lang)
        }
    };
    let lines: Vec<String> = reply.list("announcements").map(line).collect();
    if lines.is_empty() {
        AnnouncementText::None.say(lang)
    } else {
        lines.join("\n")
    }
}

fn proof(reply: Row<'_>, lang: Lang) -> String {
    let (text, total) = (&reply.text("text"), &reply.number("total"));
    let mut lines = vec![AnnouncementText::Proof { text, total }.say(lang)];
    let mut add = |list: &str, is_kept: bool, said: &dyn Fn(&usize, &String) -> String| {
        let names: Vec<String> = reply
            .list(list)
            .map(|person| person.named("login"))
            .collect();
        if is_kept || !names.is_empty() {
            lines.push(said(&names.len(), &names.join(", ")));
        }
    };
    add("confirmed", reply.flag("confirm"), &|count, names| {
        AnnouncementText::ProofConfirmed { count, names }.say(lang)
    });
    add("shown", true, &|count, names| {
        AnnouncementText::ProofShown { count, names }.say(lang)
    });
    add("delivered", true, &|count, names| {
        AnnouncementText::ProofDelivered { count, names }.say(lang)
    });
    add("waiting", false, &|count, names| {
        AnnouncementText::ProofWaiting { count, names }.say(lang)
    });
    add("offline", true, &|count, names| {
        AnnouncementText::ProofOffline { count, names }.say(lang)
    });
    add("unreachable", true, &|count, names| {
        AnnouncementText::ProofUnreachable { count, names }.say(lang)
    });
    lines
        .iter()
        .map(|line| line.trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_proof_says_of_everybody_how_far_it_is() {
        let person = |login: &str| json!({"login": login, "name": login, "remark": null});
        let reply = json!({
            "text": "明天停课", "total": 4, "confirm": true, "confirmed": [person("lin"), person("bo")],
            "shown": [], "delivered": [person("mei")], "waiting": [], "offline": [person("tan")], "unreachable": [],
        });
        let zh = shown("proof", Row(&reply), Lang::Zh);
        assert_eq!(
            zh,
            "“明天停课” — 共 4 人\n已确认    2  lin, bo\n已读      0\n已送达    1  mei\n不在线    1  tan\n无法送达  0"
        );
        assert!(shown("proof", Row(&reply), Lang::En).contains("offline      1  tan"));
    }

    #[test]
    fn an_announcement_says_how_it_is_confirmed_until_it_is() {
        let event = |confirmed: bool| json!({"id": "0192", "from": "tan", "text": "hi", "confirm": true, "confirmed": confirmed});
        let open = announced(Row(&event(false)), Lang::En);
        assert!(open.ends_with("hutong confirm 0192"));
        assert!(!announced(Row(&event(true)), Lang::En).contains("0192"));
    }
}
