//! What lies above the window: dialogs on a veil, a card in a corner; and what keeps the keys where they belong.

use crate::model::AppState;
use crate::selectors::{LEAD, TAKE_FOCUS};
use crate::theme::{self, GRID};
use druid::widget::Container;
use druid::widget::prelude::*;
use druid::{InternalLifeCycle, Point, WidgetExt, WidgetId, WidgetPod};

/// A dialog in the middle of the veiled window; a click beside it does `away`.
pub fn dialog(
    content: impl Widget<AppState> + 'static,
    away: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
) -> impl Widget<AppState> {
    let card = Container::new(content.padding(GRID * 3.0))
        .background(theme::SURFACE)
        .rounded(GRID)
        .fix_width(theme::CARD_WIDTH);
    Layer::new(card, away, Place::Middle)
}

/// A dialog for what is read across a room.
pub fn wide(
    content: impl Widget<AppState> + 'static,
    away: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
) -> impl Widget<AppState> {
    let card = Container::new(content.padding(GRID * 4.0))
        .background(theme::SURFACE)
        .rounded(GRID)
        .fix_width(theme::WIDE_WIDTH);
    Layer::new(card, away, Place::Middle)
}

/// Something as large as the window allows, on the veil; a click beside it does `away`.
pub fn large(
    content: impl Widget<AppState> + 'static,
    away: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
) -> impl Widget<AppState> {
    Layer::new(content, away, Place::Middle)
}

/// A card above the lower left corner of what it lies over; a click beside it does `away` and nothing else.
pub fn popup(
    card: impl Widget<AppState> + 'static,
    away: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
) -> impl Widget<AppState> {
    Layer::new(card, away, Place::Corner)
}

type Away = Box<dyn Fn(&mut EventCtx, &mut AppState, &Env)>;

/// Where a card lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the middle, on a veil: keys are for it, even when nothing in it takes them.
    Middle,
    /// In the lower left corner.
    Corner,
}

/// A card over something. It takes every click, so that nothing below can be pressed.
struct Layer {
    card: WidgetPod<AppState, Box<dyn Widget<AppState>>>,
    away: Away,
    place: Place,
}

impl Layer {
    fn new(
        card: impl Widget<AppState> + 'static,
        away: impl Fn(&mut EventCtx, &mut AppState, &Env) + 'static,
        place: Place,
    ) -> Self {
        Self {
            card: WidgetPod::new(card.boxed()),
            away: Box::new(away),
            place,
        }
    }
}

impl Widget<AppState> for Layer {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut AppState, env: &Env) {
        self.card.event(ctx, event, data, env);
        let is_beside = |pos| !self.card.layout_rect().contains(pos);
        let is_veiled = self.place == Place::Middle;
        match event {
            Event::Command(command) if command.is(TAKE_FOCUS) && !ctx.is_handled() => {
                ctx.request_focus();
                ctx.set_handled();
            }
            Event::MouseDown(mouse) if is_beside(mouse.pos) => (self.away)(ctx, data, env),
            Event::KeyDown(key)
                if is_veiled && key.key == druid::KbKey::Escape && !ctx.is_handled() =>
            {
                (self.away)(ctx, data, env);
                ctx.set_handled();
            }
            _ => (),
        }
        if event.is_pointer_event() {
            ctx.set_handled();
        }
    }

    fn lifecycle(&mut self, ctx: &mut LifeCycleCtx, event: &LifeCycle, data: &AppState, env: &Env) {
        // What is in it and wants the keys asks later.
        if let (LifeCycle::WidgetAdded, Place::Middle) = (event, self.place) {
            ctx.submit_command(TAKE_FOCUS.to(ctx.widget_id()));
        }
        self.card.lifecycle(ctx, event, data, env);
    }

    fn update(&mut self, ctx: &mut UpdateCtx, _: &AppState, data: &AppState, env: &Env) {
        self.card.update(ctx, data, env);
    }

    fn layout(
        &mut self,
        ctx: &mut LayoutCtx,
        bc: &BoxConstraints,
        data: &AppState,
        env: &Env,
    ) -> Size {
        let size = bc.max();
        let margin = match self.place {
            Place::Middle => 2.0 * GRID,
            Place::Corner => GRID,
        };
        let most = Size::new(size.width - 2.0 * margin, size.height - 2.0 * margin);
        let bc = BoxConstraints::new(Size::ZERO, most);
        let card = self.card.layout(ctx, &bc, data, env);
        let origin = match self.place {
            Place::Middle => ((size - card) / 2.0).to_vec2().to_point().round(),
            Place::Corner => Point::new(margin, size.height - margin - card.height),
        };
        self.card.set_origin(ctx, origin);
        size
    }

    fn paint(&mut self, ctx: &mut PaintCtx, data: &AppState, env: &Env) {
        if self.place == Place::Middle {
            let rect = ctx.size().to_rect();
            ctx.fill(rect, &env.get(theme::VEIL));
        }
        self.card.paint(ctx, data, env);
    }
}

/// What lies below dialogs. While there is one, `Tab` does not lead down here; when it goes, the keys go back to where they
/// were, unless they were led elsewhere.
pub fn below(screens: impl Widget<AppState> + 'static) -> impl Widget<AppState> {
    Below {
        screens: WidgetPod::new(screens.boxed()),
        is_covered: false,
        had_keys: None,
        back_to: None,
    }
}

struct Below {
    screens: WidgetPod<AppState, Box<dyn Widget<AppState>>>,
    /// Whether there was a dialog when this was brought up to date last.
    is_covered: bool,
    /// Who had the keys when there was no dialog last.
    had_keys: Option<WidgetId>,
    /// Who had them before the dialog that has just gone.
    back_to: Option<WidgetId>,
}

impl Widget<AppState> for Below {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut AppState, env: &Env) {
        self.screens.event(ctx, event, data, env);
        let is_led = matches!(event, Event::Command(command) if command.is(LEAD));
        let back_to = self.back_to.take_if(|_| is_led);
        if let Some(back_to) = back_to.filter(|_| data.aim.is_back) {
            // Whom `LEAD` meant has the keys by now, and keeps them if this one is no longer there.
            ctx.submit_command(TAKE_FOCUS.to(back_to));
        }
    }

    fn lifecycle(&mut self, ctx: &mut LifeCycleCtx, event: &LifeCycle, data: &AppState, env: &Env) {
        if let (LifeCycle::BuildFocusChain, Some(_)) = (event, &data.dialog) {
            return;
        }
        self.screens.lifecycle(ctx, event, data, env);
        if let LifeCycle::Internal(InternalLifeCycle::RouteFocusChanged { new, .. }) = event
            && !self.is_covered
            && data.dialog.is_none()
        {
            self.had_keys = new.filter(|_| self.screens.has_focus());
        }
    }

    fn update(&mut self, ctx: &mut UpdateCtx, old: &AppState, data: &AppState, env: &Env) {
        if old.dialog.is_some() != data.dialog.is_some() {
            self.is_covered = data.dialog.is_some();
            self.back_to = self.had_keys.filter(|_| data.dialog.is_none());
            // So that it is asked anew where `Tab` leads.
            ctx.children_changed();
        }
        self.screens.update(ctx, data, env);
    }

    fn layout(
        &mut self,
        ctx: &mut LayoutCtx,
        bc: &BoxConstraints,
        data: &AppState,
        env: &Env,
    ) -> Size {
        let size = self.screens.layout(ctx, bc, data, env);
        self.screens.set_origin(ctx, Point::ORIGIN);
        size
    }

    fn paint(&mut self, ctx: &mut PaintCtx, data: &AppState, env: &Env) {
        self.screens.paint(ctx, data, env);
    }
}
