//! What hands do: emoji, dropped files, the search box, and where one types next.

use crate::emoji::Step;
use crate::input::intent::{EmojiIntent, EntryIntent, Go, TalkIntent};
use crate::input::{Effect, Input, Intent, Weight};
use crate::model::compose::Spot;
use crate::model::entry::Mode;
use crate::model::home::{Pane, Tab};
use crate::model::{Dialog, Search};
use crate::scene::Scene;
use druid::im::Vector;
use hutong_common::limits::UNASKED_FILE_BYTES_MAX;
use hutong_engine::api::Command;
use std::path::PathBuf;

fn go(scene: &mut Scene, go: Go) {
    scene.want(Intent::Go(go));
}

fn talk(scene: &mut Scene, intent: TalkIntent) {
    scene.want(Intent::Talk(intent));
}

fn emoji(scene: &mut Scene, intent: EmojiIntent) {
    talk(scene, TalkIntent::Emoji(intent));
}

fn paths(count: usize) -> Vector<PathBuf> {
    let path = |number: usize| PathBuf::from(format!("{number}.txt"));
    (0..count).map(path).collect()
}

fn listed(scene: &Scene) -> Vec<String> {
    scene
        .state
        .list
        .iter()
        .map(|row| row.login.to_string())
        .collect()
}

#[test]
fn emoji_are_offered_where_one_writes_and_go_away_one_thing_at_a_time() {
    let mut scene = Scene::alice();
    emoji(&mut scene, EmojiIntent::Switch);
    assert_eq!(scene.state.picker, None, "nobody to write to");
    go(&mut scene, Go::Chat("bob".into()));
    emoji(&mut scene, EmojiIntent::Switch);
    assert_eq!(scene.state.aim.spot, Spot::Emoji);
    go(&mut scene, Go::Back);
    assert!(scene.state.picker.is_none() && scene.state.open.is_some());
    assert_eq!(scene.state.aim.spot, Spot::Composer);
    emoji(&mut scene, EmojiIntent::Switch);
    emoji(&mut scene, EmojiIntent::Close);
    assert_eq!(scene.state.picker, None);
    emoji(&mut scene, EmojiIntent::Switch);
    go(&mut scene, Go::Chat("carol".into()));
    assert_eq!(scene.state.picker, None, "another conversation");
}

#[test]
fn a_chosen_emoji_becomes_the_latest_and_nothing_moves_while_several_are_chosen() {
    let mut scene = Scene::alice();
    scene.state.prefs.emoji = "👍".into();
    go(&mut scene, Go::Chat("bob".into()));
    emoji(&mut scene, EmojiIntent::Switch);
    let insert = |emoji: &str, stays| TalkIntent::Insert {
        emoji: emoji.into(),
        stays,
    };
    let plan = |scene: &Scene| {
        scene
            .state
            .picker
            .as_ref()
            .map(|picker| picker.plan().cells)
    };
    let before = plan(&scene);
    talk(&mut scene, insert("😀", true));
    assert_eq!(plan(&scene), before);
    assert!(matches!(scene.effects.as_slice(), [Effect::Keep(prefs)] if &*prefs.emoji == "😀 👍"));
    talk(&mut scene, insert("👍", false));
    assert_eq!(scene.state.picker, None);
    assert_eq!(
        (&*scene.state.prefs.emoji, scene.state.aim.spot),
        ("👍 😀", Spot::Composer)
    );
}

#[test]
fn keys_and_the_mouse_walk_over_the_emoji() {
    let mut scene = Scene::alice();
    go(&mut scene, Go::Chat("bob".into()));
    emoji(&mut scene, EmojiIntent::Step(Step::Down));
    emoji(&mut scene, EmojiIntent::Switch);
    let at = |scene: &Scene| scene.state.picker.as_ref().map(|picker| picker.at);
    for (step, expected) in [
        (Step::Right, 1),
        (Step::Down, 10),
        (Step::Up, 1),
        (Step::Left, 0),
    ] {
        emoji(&mut scene, EmojiIntent::Step(step));
        assert_eq!(at(&scene), Some(expected), "{step:?}");
    }
    emoji(&mut scene, EmojiIntent::At(7));
    assert_eq!(at(&scene), Some(7));
}

#[test]
fn a_picture_of_the_clipboard_is_shown_before_it_goes() {
    let mut scene = Scene::alice();
    go(&mut scene, Go::Chat("bob".into()));
    let offer = TalkIntent::Offer {
        paths: paths(1),
        is_picture: true,
    };
    talk(&mut scene, offer.clone());
    assert!(scene.effects.is_empty());
    assert!(
        matches!(&scene.state.dialog, Some(Dialog::SendFiles(outgoing)) if outgoing.is_picture)
    );
    go(&mut scene, Go::Back);
    assert!(scene.asked().is_empty() && scene.state.dialog.is_none());
    assert_eq!(scene.state.aim.spot, Spot::Composer);
    talk(&mut scene, offer);
    talk(&mut scene, TalkIntent::Confirm);
    assert!(matches!(scene.asked().as_slice(), [Command::SendFile { to, .. }] if to == "bob"));
    talk(&mut scene, TalkIntent::Confirm);
    assert!(scene.asked().is_empty(), "once");
}

#[test]
fn few_dropped_files_go_at_once_and_many_or_large_ones_are_asked_about() {
    let weigh = |count: usize, largest: u64| {
        let mut scene = Scene::alice();
        go(&mut scene, Go::Chat("bob".into()));
        talk(&mut scene, TalkIntent::DraggedOver(true));
        assert!(scene.state.is_dragged_over);
        talk(
            &mut scene,
            TalkIntent::Offer {
                paths: paths(count),
                is_picture: false,
            },
        );
        assert!(!scene.state.is_dragged_over);
        assert!(matches!(scene.effects.as_slice(), [Effect::Weigh(with, _)] if &**with == "bob"));
        let weight = Weight {
            with: "bob".into(),
            paths: paths(count),
            size: largest,
            largest,
        };
        scene.take(Input::Weighed(weight));
        scene
    };
    let few = weigh(5, UNASKED_FILE_BYTES_MAX);
    assert_eq!((few.asked().len(), few.state.dialog.is_some()), (5, false));
    for mut asks in [weigh(6, 1), weigh(1, UNASKED_FILE_BYTES_MAX + 1)] {
        assert!(asks.asked().is_empty() && asks.state.dialog.is_some());
        talk(&mut asks, TalkIntent::Confirm);
        assert!(!asks.asked().is_empty());
    }
}

#[test]
fn files_for_nobody_are_not_lost_without_a_word() {
    let mut scene = Scene::alice();
    talk(
        &mut scene,
        TalkIntent::Offer {
            paths: paths(1),
            is_picture: false,
        },
    );
    assert_eq!((scene.asked().len(), scene.state.last_toast), (0, 1));
    talk(&mut scene, TalkIntent::SendFiles(paths(1)));
    assert_eq!((scene.asked().len(), scene.state.last_toast), (0, 2));
    assert_eq!(scene.state.toasts.len(), 1, "the same is not said twice");
}

#[test]
fn friends_are_found_by_the_sound_of_their_names_and_opened_by_keys() {
    let mut scene = Scene::alice();
    let people = scene.state.people.clone();
    for (login, name) in [("bob", "王小明"), ("carol", "李雷")] {
        let mut contact = people
            .get(&druid::ArcStr::from(login))
            .cloned()
            .expect("a friend");
        contact.remark = Some(name.into());
        scene.state.people.insert(login.into(), contact);
    }
    for (typed, expected) in [
        ("wang", "bob"),
        ("wxm", "bob"),
        ("xiaoming", "bob"),
        ("小", "bob"),
        ("ll", "carol"),
        ("CAR", "carol"),
    ] {
        scene.state.search = typed.to_owned();
        go(&mut scene, Go::Search);
        assert_eq!(listed(&scene), [expected], "{typed}");
    }
    scene.state.search = "wx".to_owned();
    go(&mut scene, Go::Search);
    go(&mut scene, Go::Pointed);
    let open = scene.state.open.as_ref().map(|open| open.with.to_string());
    assert_eq!(
        (open.as_deref(), scene.state.search.as_str()),
        (Some("bob"), "")
    );
    assert_eq!(scene.state.aim.spot, Spot::Composer);
}

#[test]
fn arrow_keys_point_at_rows_and_stay_within_the_list() {
    let mut scene = Scene::alice();
    go(&mut scene, Go::Tab(Tab::Friends));
    let pointed = |scene: &Scene| scene.state.list.iter().position(|row| row.pointed);
    for (down, expected) in [(true, 0), (true, 1), (true, 1), (false, 0), (false, 0)] {
        go(&mut scene, Go::Point { down });
        assert_eq!(pointed(&scene), Some(expected));
    }
    go(&mut scene, Go::Point { down: true });
    let second = listed(&scene).last().cloned();
    go(&mut scene, Go::Pointed);
    assert_eq!(
        scene.state.open.as_ref().map(|open| open.with.to_string()),
        second
    );
    scene.state.search = "nobody".to_owned();
    go(&mut scene, Go::Search);
    go(&mut scene, Go::Point { down: true });
    go(&mut scene, Go::Pointed);
    assert_eq!(scene.state.search, "nobody", "nothing to open");
}

#[test]
fn one_types_where_one_most_likely_wants_to() {
    let mut scene = Scene::out();
    for (mode, spot) in [(Mode::Class, Spot::Class), (Mode::Register, Spot::Login)] {
        scene.want(Intent::Entry(EntryIntent::Switch(mode)));
        assert_eq!(scene.state.aim.spot, spot);
    }
    let mut scene = Scene::alice();
    assert_eq!(scene.state.aim.spot, Spot::Search);
    go(&mut scene, Go::Chat("bob".into()));
    assert_eq!(scene.state.aim.spot, Spot::Composer);
    let aimed = scene.state.aim;
    scene.state.words = "hello".to_owned();
    talk(&mut scene, TalkIntent::Send);
    assert!(scene.state.aim != aimed && scene.state.aim.spot == Spot::Composer);
    go(&mut scene, Go::Pane(Pane::Files));
    go(&mut scene, Go::Dialog(Dialog::AddFriend(Search::default())));
    go(&mut scene, Go::Back);
    assert_eq!(
        scene.state.aim.spot,
        Spot::Search,
        "no composer is in sight"
    );
    go(&mut scene, Go::Back);
    assert_eq!(scene.state.aim.spot, Spot::Composer);
    go(&mut scene, Go::Back);
    assert_eq!(
        (scene.state.open.is_none(), scene.state.aim.spot),
        (true, Spot::Search)
    );
}
