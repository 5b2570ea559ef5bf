//! What a check of the network found: what is wrong first, what to do, then the facts.

use super::row::Row;
use hutong_common::text::Lang;
use hutong_common::text::doctor::DoctorText;
use hutong_common::text::table::table;
use hutong_engine::api::doctor::DoctorShown;
use hutong_host::doctor;
use serde::Deserialize;

pub(super) fn shown(reply: Row<'_>, lang: Lang) -> String {
    // A verdict that only a newer engine knows comes with its words all the same.
    let Ok(shown) = DoctorShown::deserialize(reply.0) else {
        return format!("{}\n{}", reply.text("text"), reply.text("advice"));
    };
    let who = doctor::login(&shown);
    let (verdict, advice) = doctor::verdict(&shown, &who, lang);
    let mut text = format!("{verdict}\n{advice}\n\n");
    let also = doctor::also(&shown, &who, lang);
    if !also.is_empty() {
        let lines: Vec<String> = also.iter().map(|one| format!("  {one}")).collect();
        text += &format!(
            "{}\n{}\n\n",
            DoctorText::AlsoFound.say(lang),
            lines.join("\n")
        );
    }
    let facts = doctor::facts(&shown, lang);
    let rows: Vec<Vec<String>> = facts
        .into_iter()
        .map(|(name, value)| vec![name, value])
        .collect();
    if let Some((first, rest)) = rows.split_first() {
        text += &table(first, rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_verdict_comes_first_and_one_of_a_newer_engine_in_its_own_words() {
        let known =
            json!({"verdict": "udp_off", "also": ["clock_off"], "text": "-", "advice": "-"});
        let text = shown(Row(&known), Lang::En);
        assert!(
            text.starts_with("Direct connections are switched off"),
            "{text}"
        );
        assert!(text.contains("  This computer's clock"), "{text}");
        let newer = json!({"verdict": "solar_storm", "text": "The sun.", "advice": "Wait."});
        assert_eq!(shown(Row(&newer), Lang::En), "The sun.\nWait.");
    }
}
