//! The menu of a message, opened with the right button.

use crate::model::chat::{Body, FileCard, Row, RowAct};
use crate::selectors::ROW_ACT;
use druid::{Application, Data, EventCtx, Menu, MenuItem, Point};
use hutong_common::text::Lang;
use hutong_common::text::desktop::chat::ChatText;
use hutong_engine::api::event::DeliveryState;

/// A word and what it does.
pub(super) type Entry = (String, RowAct);

/// Opens a menu; druid wants to know the type of the program's data for it.
pub(super) type ShowMenu = fn(&mut EventCtx<'_, '_>, Vec<Entry>, Point);

/// Opens a menu in a program whose root data are a `Root`.
pub(super) fn show<Root: Data>(ctx: &mut EventCtx<'_, '_>, entries: Vec<Entry>, at: Point) {
    let mut menu = Menu::<Root>::empty();
    for (word, act) in entries {
        let item = MenuItem::new(word);
        menu = menu.entry(match act {
            // The clipboard belongs to the window's thread, which is here.
            RowAct::Copy(words) => item.on_activate(move |_, _, _| copy(&words)),
            act => item.command(ROW_ACT.with(act)),
        });
    }
    ctx.show_context_menu(menu, at);
}

fn copy(words: &str) {
    if let Some(program) = Application::try_global() {
        program.clipboard().put_string(words);
    }
}

/// What can be done with a message; `act` is what a click there would do.
pub(super) fn entries(row: &Row, act: Option<&RowAct>, lang: Lang) -> Vec<Entry> {
    let entry = |word: ChatText<'_>, act: RowAct| (word.say(lang), act);
    let mut entries = Vec::new();
    if let Some(RowAct::Follow(link)) = act {
        entries.push(entry(ChatText::Follow, RowAct::Follow(link.clone())));
        entries.push(entry(ChatText::CopyLink, RowAct::Copy(link.clone())));
    }
    match &row.body {
        Body::Text(words) => {
            entries.push(entry(ChatText::Copy, RowAct::Copy(words.to_string())));
            if row.mine && row.state == Some(DeliveryState::Failed) {
                entries.push(entry(ChatText::SendAgain, RowAct::Again(row.id)));
            }
        }
        Body::File(file) => file_entries(&mut entries, file, act, lang),
        Body::Unknown | Body::Change(_) => {}
    }
    entries
}

/// Leads from the past to the place of a message.
pub(super) fn find(row: &Row, lang: Lang) -> Entry {
    (ChatText::Find.say(lang), RowAct::Find(row.id))
}

fn file_entries(entries: &mut Vec<Entry>, file: &FileCard, act: Option<&RowAct>, lang: Lang) {
    if let Some(RowAct::Enlarge(path)) = act {
        entries.push((ChatText::Enlarge.say(lang), RowAct::Enlarge(path.clone())));
    }
    if let Some(path) = &file.lies_at {
        if !file.executable {
            entries.push((
                ChatText::Open.say(lang),
                RowAct::Open(path.as_ref().clone()),
            ));
        }
        entries.push((
            ChatText::Reveal.say(lang),
            RowAct::Reveal(path.as_ref().clone()),
        ));
    }
    entries.push((
        ChatText::CopyName.say(lang),
        RowAct::Copy(file.name.to_string()),
    ));
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn words(row: &Row, act: Option<&RowAct>) -> Vec<String> {
        entries(row, act, Lang::En)
            .into_iter()
            .map(|(word, _)| word)
            .collect()
    }

    #[test]
    fn a_menu_has_what_can_be_done_with_the_message() {
        let mut row = sample::text(1, true, 0, "see https://a.b");
        assert_eq!(words(&row, None), ["Copy"]);
        row.state = Some(DeliveryState::Failed);
        assert_eq!(words(&row, None), ["Copy", "Send again"]);
        let link = RowAct::Follow("https://a.b".to_owned());
        assert_eq!(
            words(&row, Some(&link)),
            ["Open link", "Copy link", "Copy", "Send again"]
        );
        let mut file = sample::file("a.png");
        assert_eq!(
            words(&sample::with_file(2, false, 0, file.clone()), None),
            ["Copy file name"]
        );
        file.lies_at = Some(std::sync::Arc::new("a.png".into()));
        file.executable = true;
        assert_eq!(
            words(&sample::with_file(2, false, 0, file), None),
            ["Show in folder", "Copy file name"]
        );
    }
}
