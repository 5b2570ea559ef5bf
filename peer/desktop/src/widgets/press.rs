//! Makes a whole widget pressable: a ground when the mouse is over it or it is chosen, a ring when it has the focus.
//!
//! Rows of lists, the tabs of the rail and all buttons are made with it. `Space` and `Enter` press what has the focus.

use crate::selectors::TAKE_FOCUS;
use crate::theme;
use druid::widget::prelude::*;
use druid::{Color, Cursor, KbKey, Key, MouseButton, WidgetPod};

type Act<T> = Box<dyn Fn(&mut EventCtx, &mut T, &Env)>;
type Test<T> = Box<dyn Fn(&T) -> bool>;

/// A pressable widget.
pub struct Press<T> {
    child: WidgetPod<T, Box<dyn Widget<T>>>,
    act: Act<T>,
    is_chosen: Test<T>,
    ground: Option<Key<Color>>,
    over: Key<Color>,
    chosen: Key<Color>,
    radius: f64,
    is_first: bool,
    has_ring: Test<T>,
}

impl<T: Data> Press<T> {
    /// `child`, which does `act` when it is pressed.
    pub fn new(
        child: impl Widget<T> + 'static,
        act: impl Fn(&mut EventCtx, &mut T, &Env) + 'static,
    ) -> Self {
        Self {
            child: WidgetPod::new(Box::new(child)),
            act: Box::new(act),
            is_chosen: Box::new(|_| false),
            ground: None,
            over: theme::HOVER,
            chosen: theme::CHOSEN,
            radius: 6.0,
            is_first: false,
            has_ring: Box::new(|_| false),
        }
    }

    /// Shown as chosen while this holds.
    pub fn chosen_when(mut self, test: impl Fn(&T) -> bool + 'static) -> Self {
        self.is_chosen = Box::new(test);
        self
    }

    /// On this ground, and on that one while the mouse is over it.
    pub fn grounds(mut self, ground: Option<Key<Color>>, over: Key<Color>) -> Self {
        (self.ground, self.over) = (ground, over);
        self
    }

    /// On this ground while it is chosen.
    pub fn chosen_ground(mut self, chosen: Key<Color>) -> Self {
        self.chosen = chosen;
        self
    }

    /// With a ring while this holds, and brought into sight when it begins to.
    pub fn ring_when(mut self, test: impl Fn(&T) -> bool + 'static) -> Self {
        self.has_ring = Box::new(test);
        self
    }

    /// Takes the focus when it appears.
    pub fn first(mut self) -> Self {
        self.is_first = true;
        self
    }

    /// With corners of this radius, in pixels.
    pub fn radius(mut self, radius: f64) -> Self {
        self.radius = radius;
        self
    }
}

impl<T: Data> Widget<T> for Press<T> {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, data: &mut T, env: &Env) {
        self.child.event(ctx, event, data, env);
        if ctx.is_handled() || ctx.is_disabled() {
            return;
        }
        match event {
            Event::MouseDown(mouse) if mouse.button == MouseButton::Left => {
                ctx.set_active(true);
                ctx.request_paint();
                ctx.set_handled();
            }
            Event::MouseUp(mouse) if ctx.is_active() && mouse.button == MouseButton::Left => {
                ctx.set_active(false);
                ctx.request_paint();
                if ctx.is_hot() {
                    (self.act)(ctx, data, env);
                }
                ctx.set_handled();
            }
            Event::Command(command) if command.is(TAKE_FOCUS) => {
                ctx.request_focus();
                ctx.set_handled();
            }
            Event::MouseMove(_) => ctx.set_cursor(&Cursor::Pointer),
            Event::KeyDown(key) if ctx.is_focused() => {
                let is_space = matches!(&key.key, KbKey::Character(text) if text == " ");
                if is_space || key.key == KbKey::Enter {
                    (self.act)(ctx, data, env);
                    ctx.set_handled();
                }
            }
            _ => (),
        }
    }

    fn lifecycle(&mut self, ctx: &mut LifeCycleCtx, event: &LifeCycle, data: &T, env: &Env) {
        match event {
            LifeCycle::WidgetAdded if self.is_first => {
                ctx.submit_command(TAKE_FOCUS.to(ctx.widget_id()));
            }
            LifeCycle::BuildFocusChain => ctx.register_for_focus(),
            LifeCycle::HotChanged(_)
            | LifeCycle::FocusChanged(_)
            | LifeCycle::DisabledChanged(_) => {
                ctx.request_paint();
            }
            _ => (),
        }
        self.child.lifecycle(ctx, event, data, env);
    }

    fn update(&mut self, ctx: &mut UpdateCtx, old: &T, data: &T, env: &Env) {
        if (self.has_ring)(old) != (self.has_ring)(data) {
            if (self.has_ring)(data) {
                ctx.scroll_to_view();
            }
            ctx.request_paint();
        }
        if (self.is_chosen)(old) != (self.is_chosen)(data) || ctx.env_changed() {
            ctx.request_paint();
        }
        self.child.update(ctx, data, env);
    }

    fn layout(&mut self, ctx: &mut LayoutCtx, bc: &BoxConstraints, data: &T, env: &Env) -> Size {
        let size = self.child.layout(ctx, bc, data, env);
        self.child.set_origin(ctx, druid::Point::ORIGIN);
        ctx.set_baseline_offset(self.child.baseline_offset());
        size
    }

    fn paint(&mut self, ctx: &mut PaintCtx, data: &T, env: &Env) {
        let shape = ctx.size().to_rect().to_rounded_rect(self.radius);
        let ground = if ctx.is_disabled() {
            self.ground.as_ref().map(|_| &theme::HOVER)
        } else if (self.is_chosen)(data) {
            Some(&self.chosen)
        } else if ctx.is_hot() || ctx.is_active() {
            Some(&self.over)
        } else {
            self.ground.as_ref()
        };
        if let Some(ground) = ground {
            ctx.fill(shape, &env.get(ground));
        }
        self.child.paint(ctx, data, env);
        if ctx.is_focused() || (self.has_ring)(data) {
            let ring = ctx
                .size()
                .to_rect()
                .inset(-1.5)
                .to_rounded_rect(self.radius);
            ctx.stroke(ring, &env.get(theme::ACCENT), 1.5);
        }
    }
}
