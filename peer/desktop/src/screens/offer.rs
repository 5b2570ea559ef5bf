//! Members of a group above the composer, while one names somebody: keys walk over them while one types.

use crate::input::Intent;
use crate::input::intent::{OfferIntent, TalkIntent};
use crate::model::AppState;
use crate::model::compose::{Insertion, Named, Offer};
use crate::say;
use crate::selectors::{INSERT, INTENT};
use crate::theme::{self, GRID};
use crate::widgets::press::Press;
use crate::widgets::{face, layers, text};
use druid::im::Vector;
use druid::widget::prelude::*;
use druid::widget::{
    Container, Controller, CrossAxisAlignment, Flex, List, SizedBox, ViewSwitcher,
};
use druid::{Insets, KbKey, WidgetExt};
use hutong_common::text::desktop::groups::GroupsText;

/// Width of the list, in pixels.
const WIDTH: f64 = 320.0;

fn wish(intent: OfferIntent) -> druid::Command {
    INTENT.with(Intent::Talk(TalkIntent::Named(intent)))
}

/// The layer, which is nothing while nobody is offered.
pub(super) fn popup() -> impl Widget<AppState> {
    ViewSwitcher::new(
        |state: &AppState, _| state.offer.is_some(),
        |is_open, _, _| {
            if *is_open {
                let close = |ctx: &mut EventCtx, _: &mut AppState, _: &Env| {
                    ctx.submit_command(wish(OfferIntent::Close));
                };
                layers::popup(card(), close).boxed()
            } else {
                SizedBox::empty().boxed()
            }
        },
    )
}

fn card() -> impl Widget<AppState> {
    let names = List::new(row).lens(druid::lens::Map::new(
        |state: &AppState| {
            let offer = state.offer.as_ref();
            let rows =
                offer.map(|offer| offer.names.iter().map(|name| (offer.clone(), name.clone())));
            rows.map(Iterator::collect).unwrap_or_default()
        },
        |_: &mut AppState, _: Vector<(Offer, Named)>| (),
    ));
    let column = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Fill)
        .with_child(names)
        .with_spacer(GRID / 2.0)
        .with_child(text::quiet(|_: &AppState, env| {
            say!(env, GroupsText::OfferHint)
        }));
    Container::new(column.padding(GRID))
        .background(theme::SURFACE)
        .rounded(GRID)
        .border(theme::LINE, 1.0)
        .fix_width(WIDTH)
}

fn row() -> impl Widget<(Offer, Named)> {
    let face = face::widget(28.0).lens(druid::lens::Map::new(
        |(_, name): &(Offer, Named)| name.face.clone(),
        |_: &mut (Offer, Named), _| (),
    ));
    let who =
        text::who(|(_, name): &(Offer, Named)| (name.word.to_string(), name.hint.to_string()));
    let row = Flex::row()
        .must_fill_main_axis(true)
        .with_child(face)
        .with_spacer(GRID)
        .with_flex_child(who, 1.0)
        .padding(Insets::uniform_xy(GRID / 2.0, GRID / 2.0));
    Press::new(row, |ctx, (offer, name): &mut (Offer, Named), _| {
        choose(ctx, offer, name)
    })
    .chosen_when(|(_, name)| name.is_chosen)
}

/// Writes this name in the place of what was typed of it.
fn choose(ctx: &mut EventCtx, offer: &Offer, name: &Named) {
    let insertion = Insertion {
        instead_of: format!("@{}", offer.typed).into(),
        text: format!("@{} ", name.word).into(),
    };
    ctx.submit_command(INSERT.with(insertion));
    ctx.submit_command(wish(OfferIntent::Close));
}

/// Keys of the composer that are meant for the list.
pub(super) struct Keys;

impl<W: Widget<AppState>> Controller<AppState, W> for Keys {
    fn event(
        &mut self,
        child: &mut W,
        ctx: &mut EventCtx,
        event: &Event,
        state: &mut AppState,
        env: &Env,
    ) {
        if let (Event::KeyDown(key), Some(offer)) = (event, &state.offer) {
            let down = key.key == KbKey::ArrowDown;
            let takes = matches!(key.key, KbKey::Enter | KbKey::Tab) && !key.mods.shift();
            if down || key.key == KbKey::ArrowUp {
                ctx.submit_command(wish(OfferIntent::Step { down }));
                ctx.set_handled();
            } else if let Some(name) = offer.names.get(offer.at).filter(|_| takes) {
                choose(ctx, offer, name);
                ctx.set_handled();
            } else if key.key == KbKey::Escape {
                ctx.submit_command(wish(OfferIntent::Close));
                ctx.set_handled();
            }
        }
        if !ctx.is_handled() {
            child.event(ctx, event, state, env);
        }
    }
}
