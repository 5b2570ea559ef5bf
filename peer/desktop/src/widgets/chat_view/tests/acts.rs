//! What clicks, keys and the wheel ask for.

use super::*;
use druid::{KbKey, KeyEvent};
use std::collections::BTreeSet;

const SIZE: Size = Size::new(600.0, 400.0);
const MIDDLE: Point = Point::new(300.0, 200.0);

fn with_list(talk: Conversation, test: impl Fn(&mut Harness<'_, Conversation>, &Asked)) {
    let asked = Asked::default();
    let list = list(&prefs(Shade::Light, Lang::En), &asked);
    Harness::create_with_render(
        talk,
        list,
        SIZE,
        |harness| {
            harness.send_initial_events();
            harness.just_layout();
            harness.paint();
            // What was asked for while it was laid out arrives with the next event.
            harness.event(wheel(MIDDLE, 0.0));
            test(harness, &asked);
        },
        |_| {},
    );
}

fn click(harness: &mut Harness<'_, Conversation>, at: Point) {
    harness.event(Event::MouseMove(mouse(at, MouseButton::None)));
    harness.event(Event::MouseDown(mouse(at, MouseButton::Left)));
    harness.event(Event::MouseUp(mouse(at, MouseButton::Left)));
}

/// Clicks everywhere, so that a test need not know where things are.
fn click_everywhere(harness: &mut Harness<'_, Conversation>, asked: &Asked) -> BTreeSet<String> {
    asked.borrow_mut().clear();
    for y in (2..398).step_by(6) {
        for x in (2..598).step_by(8) {
            click(harness, Point::new(f64::from(x), f64::from(y)));
        }
    }
    asked
        .borrow()
        .iter()
        .map(|act| format!("{act:?}"))
        .collect()
}

fn asked_for(acts: &BTreeSet<String>, word: &str) -> bool {
    acts.iter().any(|act| act.starts_with(word))
}

#[test]
fn links_faces_and_buttons_answer_a_click_and_words_do_not() {
    use hutong_engine::api::event::{DeliveryState, FileState};
    let at = sample::NOW - 60_000;
    let offered = crate::model::chat::FileCard {
        state: Some(FileState::Offered),
        ..sample::file("a.pdf")
    };
    let failed = Row {
        state: Some(DeliveryState::Failed),
        ..sample::text(3, true, at + 2, "x")
    };
    let rows = vec![
        sample::text(1, false, at, "see https://example.org/x now"),
        sample::with_file(2, false, at + 1, offered),
        failed,
    ];
    with_list(sample::talk(rows), |harness, asked| {
        let acts = click_everywhere(harness, asked);
        for word in [
            "Follow(\"https://example.org/x\")",
            "Person(\"xiaobo\")",
            "Person(\"lin\")",
            "Accept(",
            "Decline(",
            "Again(",
        ] {
            assert!(asked_for(&acts, word), "{word} is not among {acts:?}");
        }
        assert_eq!(acts.len(), 6, "{acts:?}");
    });
    with_list(
        sample::talk(vec![sample::text(
            1,
            false,
            at,
            "no link here, ftp://neither",
        )]),
        |harness, asked| {
            let acts = click_everywhere(harness, asked);
            assert_eq!(acts.into_iter().collect::<Vec<_>>(), ["Person(\"xiaobo\")"]);
        },
    );
}

#[test]
fn a_press_that_is_let_go_elsewhere_asks_for_nothing() {
    let rows = vec![sample::text(1, false, sample::NOW, "x")];
    with_list(sample::talk(rows), |harness, asked| {
        asked.borrow_mut().clear();
        let face = Point::new(34.0, 60.0);
        click(harness, face);
        assert_eq!(asked.borrow().len(), 1);
        harness.event(Event::MouseDown(mouse(face, MouseButton::Left)));
        harness.event(Event::MouseMove(mouse(
            Point::new(500.0, 390.0),
            MouseButton::Left,
        )));
        harness.event(Event::MouseUp(mouse(
            Point::new(500.0, 390.0),
            MouseButton::Left,
        )));
        assert_eq!(asked.borrow().len(), 1);
    });
}

#[test]
fn older_rows_are_asked_for_once_per_load_and_again_when_that_brought_nothing() {
    let talk = Conversation {
        more: true,
        ..sample::talk(many(60))
    };
    with_list(talk.clone(), |harness, asked| {
        let count = || {
            asked
                .borrow()
                .iter()
                .filter(|act| **act == RowAct::Older)
                .count()
        };
        assert_eq!(count(), 0, "the newest are shown");
        for _ in 0..3 {
            harness.event(wheel(MIDDLE, -9_999.0));
        }
        assert_eq!(count(), 1);
        let loading = Conversation {
            loading: true,
            ..talk.clone()
        };
        harness.submit_command(OTHER_DATA.with(loading.clone()));
        harness.event(wheel(MIDDLE, -10.0));
        assert_eq!(count(), 1);
        harness.submit_command(OTHER_DATA.with(talk.clone()));
        assert_eq!(
            count(),
            1,
            "it does not ask by itself for what could not be had"
        );
        harness.event(wheel(MIDDLE, -10.0));
        assert_eq!(count(), 2);
        harness.submit_command(OTHER_DATA.with(loading));
        let mut grown = talk.clone();
        for i in 0..40 {
            grown.rows.push_front(sample::text(
                900 - i,
                false,
                sample::NOW - 90_000_000 - i,
                "older",
            ));
        }
        harness.submit_command(OTHER_DATA.with(grown));
        harness.event(wheel(MIDDLE, -9_999.0));
        assert_eq!(count(), 3);
    });
}

#[test]
fn whether_the_newest_is_in_view_is_told_when_it_changes() {
    let talk = sample::talk(many(60));
    with_list(talk.clone(), |harness, asked| {
        let seen = || {
            asked
                .borrow()
                .iter()
                .filter(|act| matches!(act, RowAct::AtNewest(_)))
                .cloned()
                .collect::<Vec<_>>()
        };
        harness.event(wheel(MIDDLE, 10.0));
        assert_eq!(seen(), [RowAct::AtNewest(true)]);
        harness.event(wheel(MIDDLE, -300.0));
        harness.event(wheel(MIDDLE, -10.0));
        let mut more = talk.clone();
        more.rows
            .push_back(sample::text(9_000, false, sample::NOW, "new"));
        harness.submit_command(OTHER_DATA.with(more));
        assert_eq!(seen().len(), 2, "something older is being read");
        harness.event(wheel(MIDDLE, 9_999.0));
        assert_eq!(seen(), [true, false, true].map(RowAct::AtNewest));
    });
}

#[test]
fn the_button_leads_back_to_the_newest() {
    let talk = sample::talk(many(60));
    with_list(talk.clone(), |harness, asked| {
        harness.event(wheel(MIDDLE, -2_000.0));
        harness.paint();
        let mut more = talk.clone();
        more.rows
            .push_back(sample::text(9_000, false, sample::NOW, "new"));
        harness.submit_command(OTHER_DATA.with(more));
        harness.paint();
        asked.borrow_mut().clear();
        click(harness, Point::new(SIZE.width - 50.0, SIZE.height - 30.0));
        assert_eq!(*asked.borrow(), [RowAct::AtNewest(true)]);
    });
}

#[test]
fn keys_move_the_list_once_it_has_the_focus() {
    let talk = Conversation {
        more: true,
        ..sample::talk(many(60))
    };
    with_list(talk, |harness, asked| {
        let older = || asked.borrow().contains(&RowAct::Older);
        harness.event(Event::KeyDown(KeyEvent::for_test(
            druid::RawMods::None,
            KbKey::Home,
        )));
        assert!(!older());
        click(harness, Point::new(300.0, 4.0));
        harness.event(Event::KeyDown(KeyEvent::for_test(
            druid::RawMods::None,
            KbKey::PageUp,
        )));
        harness.event(Event::KeyDown(KeyEvent::for_test(
            druid::RawMods::None,
            KbKey::ArrowUp,
        )));
        assert!(!older());
        harness.event(Event::KeyDown(KeyEvent::for_test(
            druid::RawMods::None,
            KbKey::Home,
        )));
        assert!(older());
    });
}

#[test]
fn the_bar_can_be_dragged_and_its_track_pressed() {
    let talk = Conversation {
        more: true,
        ..sample::talk(many(200))
    };
    with_list(talk, |harness, asked| {
        let older = || asked.borrow().contains(&RowAct::Older);
        let at = |y: f64| Point::new(SIZE.width - 5.0, y);
        click(harness, at(100.0));
        assert!(!older(), "one page up");
        harness.event(Event::MouseMove(mouse(at(380.0), MouseButton::None)));
        harness.event(Event::MouseDown(mouse(at(380.0), MouseButton::Left)));
        harness.event(Event::MouseMove(mouse(
            Point::new(90.0, 200.0),
            MouseButton::Left,
        )));
        assert!(!older());
        harness.event(Event::MouseMove(mouse(
            Point::new(90.0, -50.0),
            MouseButton::Left,
        )));
        harness.event(Event::MouseUp(mouse(
            Point::new(90.0, -50.0),
            MouseButton::Left,
        )));
        assert!(older());
    });
}

#[test]
fn a_message_that_is_looked_for_comes_into_sight_when_it_is_there() {
    let talk = Conversation {
        more: true,
        ..sample::talk(many(200))
    };
    with_list(talk.clone(), |harness, asked| {
        let is_near_top = || asked.borrow().contains(&RowAct::Older);
        let sought = Some(sample::id(1_001));
        let other = |sought| Conversation {
            sought,
            ..talk.clone()
        };
        harness.submit_command(OTHER_DATA.with(other(Some(sample::id(7)))));
        harness.event(wheel(MIDDLE, 0.0));
        assert!(!is_near_top(), "it is not there yet");
        harness.submit_command(OTHER_DATA.with(other(sought)));
        // What an update asks for comes with the next event here.
        harness.event(wheel(MIDDLE, 0.0));
        assert!(is_near_top());
    });
}
