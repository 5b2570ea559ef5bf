//! The boxes as a person uses them, as far as that goes without a display: clicks and keys, no input method.

use super::*;
use crate::model::prefs::Prefs;
use druid::keyboard_types::{KeyState, Location};
use druid::tests::harness::Harness;
use druid::{Code, KbKey, Modifiers, MouseButton, MouseButtons, MouseEvent, Vec2};
use hutong_common::text::Lang;

fn themed<T: Typed>(field: impl Widget<T> + 'static) -> impl Widget<T> {
    field.env_scope(|env, _| theme::apply(env, &Prefs::new(Lang::En)))
}

fn click(at: (f64, f64)) -> MouseEvent {
    MouseEvent {
        pos: at.into(),
        window_pos: at.into(),
        buttons: MouseButtons::new().with(MouseButton::Left),
        mods: Modifiers::default(),
        count: 1,
        focus: false,
        button: MouseButton::Left,
        wheel_delta: Vec2::ZERO,
    }
}

fn key(key: KbKey, mods: Modifiers) -> Event {
    let mut event = KeyEvent::for_test(mods, key);
    event.state = KeyState::Down;
    event.code = Code::Unidentified;
    event.location = Location::Standard;
    Event::KeyDown(event)
}

#[test]
fn enter_acts_and_shift_enter_does_not() {
    let field = multiline::<String>(|_| "Say something".to_owned())
        .on_enter(|_, data, _| data.push('!'))
        .on_escape(|_, data, _| data.clear());
    Harness::create_simple("hello".to_owned(), themed(field), |harness| {
        harness.send_initial_events();
        harness.just_layout();
        harness.event(Event::MouseDown(click((20.0, 20.0))));
        harness.event(key(KbKey::Enter, Modifiers::default()));
        assert_eq!(harness.data(), "hello!");
        harness.event(key(KbKey::Enter, Modifiers::SHIFT));
        assert_eq!(harness.data(), "hello!");
        harness.event(key(KbKey::Escape, Modifiers::default()));
        assert_eq!(harness.data(), "");
    });
}

#[test]
fn a_password_shows_nothing_of_itself() {
    let field = password(|_| "Password".to_owned());
    Harness::create_simple(Secret::from("hunter2"), themed(field), |harness| {
        harness.send_initial_events();
        harness.just_layout();
        let state = harness.root_debug_state();
        assert!(!format!("{state:?}").contains("hunter2"));
        harness.event(Event::MouseDown(click((20.0, 20.0))));
        harness.event(Event::Command(commands::COPY.into()));
        assert_eq!(harness.data().expose(), "hunter2");
    });
}

#[test]
fn what_is_inserted_stands_where_the_caret_is_and_only_in_the_composer() {
    let field = |spot| {
        multiline::<String>(|_| String::new())
            .at(spot)
            .longest(Length::Chars(7))
    };
    let words = |harness: &Harness<'_, String>| harness.data().clone();
    Harness::create_simple(
        "hello".to_owned(),
        themed(field(Spot::Composer)),
        |harness| {
            harness.send_initial_events();
            harness.just_layout();
            // To the very beginning, and one letter on.
            harness.event(Event::MouseDown(click((0.0, 10.0))));
            harness.submit_command(INSERT.with(Insertion::of(&"😀".into())));
            assert_eq!(words(harness), "😀hello");
            harness.submit_command(INSERT.with(Insertion::of(&"👍".into())));
            assert_eq!(words(harness), "😀👍hello", "the caret follows");
            harness.submit_command(INSERT.with(Insertion::of(&"👎".into())));
            assert_eq!(words(harness), "😀👍hello", "there is no room");
        },
    );
    Harness::create_simple("hello".to_owned(), themed(field(Spot::Search)), |harness| {
        harness.send_initial_events();
        harness.submit_command(INSERT.with(Insertion::of(&"😀".into())));
        assert_eq!(words(harness), "hello");
    });
}

#[test]
fn what_was_typed_of_a_name_goes_for_the_name_and_without_it_nothing_is_written() {
    let named = |gone: &str| {
        INSERT.with(Insertion {
            instead_of: gone.into(),
            text: "@王小明 ".into(),
        })
    };
    let field = multiline::<String>(|_| String::new()).at(Spot::Composer);
    Harness::create_simple("@wxm".to_owned(), themed(field), |harness| {
        harness.send_initial_events();
        harness.just_layout();
        harness.event(Event::MouseDown(click((190.0, 10.0))));
        harness.submit_command(named("@w"));
        assert_eq!(harness.data(), "@wxm");
        harness.submit_command(named("@wxm"));
        assert_eq!(harness.data(), "@王小明 ");
    });
}
