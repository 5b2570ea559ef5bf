//! One's own computers, and how to take one out of the account.

use super::home::want;
use crate::input::Intent;
use crate::input::intent::{Go, OwnIntent};
use crate::model::{AppState, Dialog};
use crate::selectors::INTENT;
use crate::theme::{self, GRID};
use crate::widgets::icon::{Icon, Shape};
use crate::widgets::pane::{self, Card};
use crate::widgets::{button, text};
use crate::{moment, say};
use druid::WidgetExt;
use druid::widget::prelude::*;
use druid::widget::{CrossAxisAlignment, Either, Flex, List, SizedBox};
use hutong_common::text::desktop::settings::SettingsText;
use hutong_engine::api::done::Device;

/// The large part.
pub(super) fn pane() -> impl Widget<AppState> {
    let refresh = button::plain(
        |_, env| say!(env, SettingsText::Refresh),
        want(Intent::Own(OwnIntent::Devices)),
    );
    pane::with_head(
        |env| say!(env, SettingsText::Computers),
        refresh,
        pane::scrolled(List::new(row).lens(AppState::devices)),
    )
}

fn row() -> impl Widget<Card<Device>> {
    let name = text::strong(|device: &Card<Device>, env| {
        let label = if device.label.is_empty() {
            device.device.to_string()
        } else {
            device.label.clone()
        };
        if device.this {
            format!("{label} · {}", say!(env, SettingsText::ThisComputer))
        } else {
            label
        }
    });
    let facts = text::hint(|device: &Card<Device>, env| {
        let kind = match (device.gone, device.kind) {
            (true, _) => say!(env, SettingsText::Gone),
            (false, "seat") => say!(env, SettingsText::Seat),
            (false, _) => say!(env, SettingsText::Own),
        };
        format!(
            "{kind} · {}",
            say!(
                env,
                SettingsText::Since {
                    time: &moment::full(device.added_ms)
                }
            )
        )
    });
    let remove = button::plain(
        |_, env| say!(env, SettingsText::Remove),
        |ctx, device: &mut Card<Device>, _| {
            let ask = Dialog::RemoveDevice(device.clone());
            ctx.submit_command(INTENT.with(Intent::Go(Go::Dialog(ask))));
        },
    );
    let words = Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(name)
        .with_child(facts);
    pane::card(
        Flex::row()
            .must_fill_main_axis(true)
            .with_child(Icon::new(Shape::Devices).color(theme::QUIET).edge(28.0))
            .with_spacer(GRID * 1.5)
            .with_flex_child(words.expand_width(), 1.0)
            .with_child(Either::new(
                |device: &Card<Device>, _| device.this || device.gone,
                SizedBox::empty(),
                remove,
            )),
    )
}
