//! Signing in and registering: one card that keeps looking for servers and goes on by itself when one appears.

use crate::input::Intent;
use crate::input::intent::EntryIntent;
use crate::model::compose::Spot;
use crate::model::entry::{Entry, Field, Mode, Server, Sex};
use crate::model::{AppState, Fault};
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::press::Press;
use crate::widgets::{button, face, text, text_box};
use crate::{say, words};
use druid::widget::prelude::*;
use druid::widget::{
    Checkbox, Container, CrossAxisAlignment, Either, Flex, List, MainAxisAlignment, Scroll,
    SizedBox,
};
use druid::{Insets, WidgetExt};
use hutong_common::text::desktop::class::ClassText;
use hutong_common::text::desktop::entry::EntryText;

fn want(intent: EntryIntent) -> impl Fn(&mut EventCtx, &mut Entry, &Env) {
    move |ctx, _, _| ctx.submit_command(INTENT.with(Intent::Entry(intent.clone())))
}

/// The whole screen.
pub(super) fn screen() -> impl Widget<AppState> {
    let card = Container::new(card().padding(GRID * 4.0))
        .background(theme::SURFACE)
        .rounded(GRID * 1.5)
        .fix_width(theme::CARD_WIDTH);
    let page = Flex::column()
        .with_child(super::home::lang_switch())
        .with_spacer(GRID * 2.0)
        .with_child(card.lens(AppState::entry))
        .padding(GRID * 3.0)
        .center();
    Scroll::new(page)
        .vertical()
        .expand()
        .background(theme::CANVAS)
}

fn card() -> impl Widget<Entry> {
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::title(|entry: &Entry, env| match entry.mode {
            Mode::SignIn => say!(env, EntryText::Welcome),
            Mode::Register => say!(env, EntryText::Register),
            Mode::Class => say!(env, ClassText::Title),
        }))
        .with_child(text::hint(|entry: &Entry, env| match entry.mode {
            Mode::SignIn | Mode::Register => say!(env, EntryText::Motto),
            Mode::Class => say!(env, ClassText::Hint),
        }))
        .with_spacer(GRID * 2.0)
        .with_child(Either::new(is_class, class_name(), servers()))
        .with_spacer(GRID * 2.0)
        .with_child(Either::new(
            |entry: &Entry, _| entry.doubt.is_some(),
            doubt(),
            fields(),
        ))
}

fn is_class(entry: &Entry, _: &Env) -> bool {
    entry.mode == Mode::Class
}

fn class_name() -> impl Widget<Entry> {
    let name = text_box::line(|env| say!(env, ClassText::Name))
        .at(Spot::Class)
        .on_enter(submit());
    field(
        |env| say!(env, ClassText::Name),
        (name.lens(Entry::class), None),
        Field::Class,
    )
}

/// What stands below a field before one types.
type Rules = Option<fn(&Env) -> String>;

/// A field with its name above, its rules below, and what is wrong in their place.
fn field(
    name: fn(&Env) -> String,
    (input, rules): (impl Widget<Entry> + 'static, Rules),
    which: Field,
) -> impl Widget<Entry> {
    let is_wrong = move |entry: &Entry| {
        entry
            .wrong
            .as_ref()
            .is_some_and(|wrong| wrong.field == which)
    };
    let wrong = text::fault(|entry: &Entry| entry.wrong.as_ref().map(|wrong| &wrong.fault));
    let rules = match rules {
        Some(rules) => text::hint(move |_, env| rules(env)).boxed(),
        None => SizedBox::empty().boxed(),
    };
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::quiet(move |_, env| name(env)))
        .with_spacer(GRID / 2.0)
        .with_child(input)
        .with_spacer(GRID / 4.0)
        .with_child(Either::new(move |entry, _| is_wrong(entry), wrong, rules))
        .padding(Insets::new(0.0, 0.0, 0.0, GRID * 1.5))
}

fn submit<T>() -> impl Fn(&mut EventCtx, &mut T, &Env) {
    |ctx, _, _| ctx.submit_command(INTENT.with(Intent::Entry(EntryIntent::Submit)))
}

fn fault_of_form(entry: &Entry) -> Option<&Fault> {
    let wrong = entry.wrong.as_ref();
    let of_form = wrong.filter(|wrong| wrong.field == Field::Form);
    of_form.map(|wrong| &wrong.fault)
}

fn fields() -> impl Widget<Entry> {
    let login = text_box::line(|env| say!(env, EntryText::Login))
        .first()
        .at(Spot::Login)
        .on_enter(submit());
    let password = text_box::password(|env| say!(env, EntryText::Password)).on_enter(submit());
    let is_new = |entry: &Entry, _: &Env| entry.mode != Mode::SignIn;
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(field(
            |env| say!(env, EntryText::Login),
            (login.lens(Entry::login), None),
            Field::Login,
        ))
        .with_child(field(
            |env| say!(env, EntryText::Password),
            (password.lens(Entry::password), None),
            Field::Password,
        ))
        .with_child(Either::new(is_new, only_new(), SizedBox::empty()))
        .with_child(Either::new(is_class, SizedBox::empty(), seat()))
        .with_child(text::fault(fault_of_form))
        .with_spacer(GRID)
        .with_child(
            button::primary(
                |entry: &Entry, env| match (entry.busy, entry.mode) {
                    (true, Mode::Class) => say!(env, ClassText::Starting),
                    (true, _) => say!(env, EntryText::Busy),
                    (false, Mode::SignIn) => say!(env, EntryText::SignIn),
                    (false, Mode::Register) => say!(env, EntryText::Register),
                    (false, Mode::Class) => say!(env, ClassText::Start),
                },
                want(EntryIntent::Submit),
            )
            .disabled_if(|entry: &Entry, _| entry.busy),
        )
        .with_spacer(GRID)
        .with_child(button::link(
            |entry: &Entry, env| match entry.mode {
                Mode::SignIn => say!(env, EntryText::ToRegister),
                Mode::Register | Mode::Class => say!(env, EntryText::ToSignIn),
            },
            |ctx, entry: &mut Entry, _| {
                let other = match entry.mode {
                    Mode::SignIn => Mode::Register,
                    Mode::Register | Mode::Class => Mode::SignIn,
                };
                ctx.submit_command(INTENT.with(Intent::Entry(EntryIntent::Switch(other))));
            },
        ))
        .with_child(Either::new(
            |entry: &Entry, _| entry.mode == Mode::SignIn,
            button::link(
                |_, env| say!(env, ClassText::Title),
                want(EntryIntent::Switch(Mode::Class)),
            ),
            SizedBox::empty(),
        ))
}

fn only_new() -> impl Widget<Entry> {
    let again = text_box::password(|env| say!(env, EntryText::Again)).on_enter(submit());
    let name = text_box::line(|env| say!(env, EntryText::Name)).on_enter(submit());
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(field(
            |env| say!(env, EntryText::Again),
            (
                again.lens(Entry::again),
                Some(|env| say!(env, EntryText::PasswordRules)),
            ),
            Field::Again,
        ))
        .with_child(field(
            |env| say!(env, EntryText::Name),
            (
                name.lens(Entry::name),
                Some(|env| say!(env, EntryText::NameHint)),
            ),
            Field::Name,
        ))
        .with_child(Either::new(is_class, SizedBox::empty(), only_elsewhere()))
}

fn only_elsewhere() -> impl Widget<Entry> {
    let code = text_box::line(|env| say!(env, EntryText::Code)).on_enter(submit());
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(picture())
        .with_child(sexes())
        .with_spacer(GRID * 1.5)
        .with_child(field(
            |env| say!(env, EntryText::Code),
            (code.lens(Entry::code), None),
            Field::Code,
        ))
}

/// What others will see, cropped as they will see it.
fn picture() -> impl Widget<Entry> {
    let face = face::widget(56.0).lens(druid::lens::Map::new(Entry::face, |_, _| ()));
    let row = Flex::row()
        .must_fill_main_axis(true)
        .with_child(face)
        .with_spacer(GRID * 1.5)
        .with_child(super::profile::picture_buttons());
    let rules: Rules = Some(|env| say!(env, EntryText::PictureHint));
    field(
        |env| say!(env, EntryText::Picture),
        (row, rules),
        Field::Picture,
    )
}

fn sexes() -> impl Widget<Entry> {
    let mut row = Flex::row().with_child(text::quiet(|_, env| say!(env, EntryText::Sex)));
    for (sex, name) in [
        (Sex::Unsaid, EntryText::SexUnsaid),
        (Sex::Male, EntryText::SexMale),
        (Sex::Female, EntryText::SexFemale),
        (Sex::Other, EntryText::SexOther),
    ] {
        let label = text::body(move |_: &Entry, env| name.say(words::lang(env)));
        let choice = Press::new(
            label.padding(Insets::uniform_xy(GRID, GRID / 2.0)),
            move |_, entry: &mut Entry, _| {
                entry.sex = sex;
            },
        );
        row = row
            .with_spacer(GRID / 2.0)
            .with_child(choice.chosen_when(move |entry| entry.sex == sex));
    }
    row
}

fn seat() -> impl Widget<Entry> {
    let tick = Checkbox::new("").lens(Entry::seat);
    let words = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::body(|_, env| say!(env, EntryText::Seat)))
        .with_child(text::hint(|_, env| say!(env, EntryText::SeatHint)));
    Flex::row().with_child(tick).with_flex_child(words, 1.0)
}

fn servers() -> impl Widget<Entry> {
    let none = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::body(|_, env| say!(env, EntryText::Looking)))
        .with_child(text::hint(|_, env| say!(env, EntryText::LookingHint)));
    let list = List::new(server).lens(Entry::servers);
    let seen = Either::new(|entry: &Entry, _| entry.servers.is_empty(), none, list);
    let link = text_box::line(|env| say!(env, EntryText::Link)).on_enter(submit());
    let link = field(
        |env| say!(env, EntryText::Link),
        (link.lens(Entry::link), None),
        Field::Server,
    );
    let more = button::link(
        |_, env| say!(env, EntryText::MoreServers),
        |_, entry: &mut Entry, _| entry.more = true,
    );
    let is_open = |entry: &Entry, _: &Env| entry.more || entry.servers.is_empty();
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(seen)
        .with_spacer(GRID)
        .with_child(Either::new(is_open, link, more))
}

fn server() -> impl Widget<Server> {
    let words = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(text::strong(|server: &Server, _| server.name.to_string()))
        .with_child(text::quiet(|server: &Server, env| {
            let word = match (server.suspect, server.trusted) {
                (true, _) => say!(env, EntryText::Suspect),
                (false, true) => say!(env, EntryText::Known),
                (false, false) => server.fingerprint.to_string(),
            };
            format!("{} · {word}", server.address)
        }));
    let row = Flex::row()
        .main_axis_alignment(MainAxisAlignment::Start)
        .must_fill_main_axis(true)
        .with_flex_child(words, 1.0)
        .padding(GRID);
    Press::new(row, |ctx, server: &mut Server, _| {
        let choose = EntryIntent::Choose(server.address.clone());
        ctx.submit_command(INTENT.with(Intent::Entry(choose)));
    })
    .chosen_when(|server| server.chosen)
    .grounds(Some(theme::PANEL), theme::HOVER)
    .padding(Insets::new(0.0, 0.0, 0.0, GRID / 2.0))
}

/// Whether the key is the right one: asked once, before anything is sent.
fn doubt() -> impl Widget<Entry> {
    let shown = |entry: &Entry| entry.doubt.clone();
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(text::title(|_, env| say!(env, EntryText::Doubt)))
        .with_spacer(GRID)
        .with_child(text::body(move |entry, env| {
            let address = shown(entry).map(|doubt| doubt.address).unwrap_or_default();
            say!(env, EntryText::DoubtText { address: &address })
        }))
        .with_spacer(GRID)
        .with_child(
            text::title(move |entry: &Entry, _| {
                entry
                    .doubt
                    .as_ref()
                    .map(|doubt| doubt.fingerprint.to_string())
                    .unwrap_or_default()
            })
            .padding(GRID)
            .background(theme::PANEL),
        )
        .with_spacer(GRID * 2.0)
        .with_child(
            Flex::row()
                .main_axis_alignment(MainAxisAlignment::End)
                .with_child(button::plain(
                    |_, env| say!(env, EntryText::DoubtNo),
                    want(EntryIntent::Distrust),
                ))
                .with_spacer(GRID)
                .with_child(button::primary(
                    |_, env| say!(env, EntryText::DoubtYes),
                    want(EntryIntent::Trust),
                )),
        )
}
