//! What a person does with hands in a conversation: emoji, dropped and pasted files, long words, keys.

use super::{paint, tour};
use crate::app;
use crate::input::intent::{EmojiIntent, Go, TalkIntent};
use crate::input::{Input, Intent, Weight};
use crate::model::AppState;
use crate::scene::{Scene, lively};
use druid::keyboard_types::{KeyState, Location};
use druid::tests::harness::Harness;
use druid::{Code, Event, KbKey, KeyEvent, Modifiers, Size};
use hutong_common::limits::TEXT_BYTES_MAX;
use std::path::PathBuf;

fn talk(scene: &mut Scene, intent: TalkIntent) {
    scene.want(Intent::Talk(intent));
}

#[test]
fn emoji_are_offered_above_the_composer() {
    let mut scene = lively();
    scene.state.prefs.emoji = "👍 😂 🎉".into();
    talk(&mut scene, TalkIntent::Emoji(EmojiIntent::Switch));
    tour("emoji", &scene.state, ("Enter inserts", "Enter 插入"));
    if let Some(picker) = &mut scene.state.picker {
        (picker.search, picker.at) = ("xiao".to_owned(), 2);
    }
    tour("emoji-found", &scene.state, ("Enter inserts", "Enter 插入"));
    if let Some(picker) = &mut scene.state.picker {
        picker.search = "qqqq".to_owned();
    }
    tour(
        "emoji-none",
        &scene.state,
        ("No emoji found", "没有找到表情"),
    );
    scene.state.prefs.text_percent = 200;
    paint("emoji-large", scene.state, Size::new(720.0, 520.0));
}

#[test]
fn files_are_welcomed_and_asked_about() {
    let mut scene = lively();
    talk(&mut scene, TalkIntent::DraggedOver(true));
    tour("drop", &scene.state, ("Drop to send to", "松开即可发送给"));
    let name = |number: usize| PathBuf::from(format!("照片/IMG_{number}\u{202e}gpj.exe"));
    let weight = Weight {
        with: "bob".into(),
        paths: (0..9).map(name).collect(),
        size: 5_000_000_000,
        largest: 1,
    };
    scene.take(Input::Weighed(weight));
    tour(
        "dialog-send-files",
        &scene.state,
        ("9 files", "共 9 个文件"),
    );
    let picture = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/hutong-desktop.png"
    ));
    let paths = [picture].into_iter().collect();
    talk(
        &mut scene,
        TalkIntent::Offer {
            paths,
            is_picture: true,
        },
    );
    tour(
        "dialog-send-picture",
        &scene.state,
        ("from the clipboard", "剪贴板中的图片"),
    );
}

#[test]
fn the_composer_says_when_a_message_becomes_too_long() {
    let mut scene = lively();
    scene.state.words = "长".repeat((TEXT_BYTES_MAX - 300) / 3);
    tour(
        "composer-nearly-full",
        &scene.state,
        ("room for about", "还可输入约 100 个字"),
    );
    scene.state.words = "a".repeat(TEXT_BYTES_MAX);
    tour(
        "composer-full",
        &scene.state,
        ("as long as it can be", "长度上限"),
    );
}

fn press(harness: &mut Harness<'_, AppState>, key: KbKey, mods: Modifiers) {
    let mut event = KeyEvent::for_test(mods, key);
    event.state = KeyState::Down;
    event.code = Code::Unidentified;
    event.location = Location::Standard;
    harness.event(Event::KeyDown(event));
}

/// What an update asked for is done with the next thing that happens here; a real window does not wait.
fn settle(harness: &mut Harness<'_, AppState>) {
    harness.submit_command(druid::Selector::<()>::new("hutong.test.settle"));
}

/// The window with its keys, as far as that goes without a display.
#[test]
fn keys_lead_from_the_search_box_to_a_conversation_and_to_its_emoji() {
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Tab(crate::model::home::Tab::Chats)));
    let none = Modifiers::default();
    let size = Size::new(1000.0, 680.0);
    let story = |harness: &mut Harness<'_, AppState>| {
        harness.send_initial_events();
        harness.just_layout();
        // Without any focus no key goes anywhere, so something must have it from the first.
        harness.submit_command(crate::selectors::LEAD.with(crate::model::compose::Spot::Search));
        press(harness, KbKey::ArrowDown, none);
        assert!(harness.data().pointed.is_some());
        press(harness, KbKey::Enter, none);
        assert!(harness.data().open.is_some() && harness.data().pointed.is_none());
        harness.submit_command(
            crate::selectors::INTENT.with(Intent::Talk(TalkIntent::Emoji(EmojiIntent::Switch))),
        );
        harness.just_layout();
        settle(harness);
        press(harness, KbKey::ArrowRight, none);
        press(harness, KbKey::Enter, Modifiers::SHIFT);
        assert_eq!(harness.data().words, "😃");
        assert!(harness.data().picker.is_some(), "another one may follow");
        press(harness, KbKey::Enter, none);
        assert_eq!(harness.data().words, "😃😃");
        assert!(harness.data().picker.is_none());
        settle(harness);
        press(
            harness,
            KbKey::Character("k".to_owned()),
            Modifiers::CONTROL,
        );
        settle(harness);
        press(harness, KbKey::ArrowDown, none);
        assert!(
            harness.data().pointed.is_some(),
            "the search box has the focus"
        );
        press(harness, KbKey::Escape, none);
        assert!(harness.data().open.is_none());
    };
    Harness::create_with_render(scene.state, app::root(), size, story, |_| ());
}

/// A picture of what has the focus is not to be had without a display: what a key does there says it.
#[test]
fn tab_stays_in_a_dialog_and_the_keys_go_back_to_where_they_were() {
    use crate::model::{Dialog, Search};
    use crate::selectors::INTENT;
    let mut scene = Scene::alice();
    scene.want(Intent::Go(Go::Chat("bob".into())));
    let none = Modifiers::default();
    let story = |harness: &mut Harness<'_, AppState>| {
        harness.send_initial_events();
        harness.just_layout();
        harness.submit_command(crate::selectors::LEAD.with(crate::model::compose::Spot::Search));
        let open = Dialog::AddFriend(Search::default());
        harness.submit_command(INTENT.with(Intent::Go(Go::Dialog(open))));
        harness.just_layout();
        settle(harness);
        // The box and the button beside it, again and again: nothing below is ever pressed or pointed at.
        for _ in 0..7 {
            press(harness, KbKey::Tab, none);
            press(harness, KbKey::ArrowDown, none);
            assert!(harness.data().pointed.is_none());
        }
        press(harness, KbKey::Tab, Modifiers::SHIFT);
        press(harness, KbKey::Enter, none);
        assert!(harness.data().dialog.is_some());
        press(harness, KbKey::Escape, none);
        settle(harness);
        settle(harness);
        assert!(harness.data().dialog.is_none());
        press(harness, KbKey::ArrowDown, none);
        assert!(harness.data().pointed.is_some(), "the search box had them");
    };
    let size = Size::new(1000.0, 680.0);
    Harness::create_with_render(scene.state, app::root(), size, story, |_| ());
}
