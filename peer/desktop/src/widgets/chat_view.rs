//! The messages of a conversation: a list that is as quick with a hundred thousand rows as with ten. Only rows that are seen
//! are laid out; what is read stays where it is when rows come, go or change. See its parts below for how.
//!
//! What a person clicks is submitted as [`ROW_ACT`]; so are [`RowAct::Older`] near the top, once per load, and
//! [`RowAct::AtNewest`] when the newest row comes into view or leaves it. The list changes no data itself.

mod around;
mod board;
mod bubble;
mod cache;
mod card;
mod changes;
mod column;
mod fenwick;
mod hand;
mod icons;
mod line;
mod links;
mod look;
mod mark;
mod menu;
mod moves;
mod overlay;
mod photo;
mod row;
#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;

use crate::model::chat::{Conversation, RowAct};
use crate::moment::Clock;
use crate::pictures::Watch;
use crate::selectors::{ROW_ACT, TAKE_FOCUS};
use cache::Cache;
use changes::Change;
use column::Column;
use druid::piet::{PietText, RenderContext};
use druid::widget::prelude::*;
use druid::{Affine, Data, Rect};
use hand::Hand;
use hutong_common::id::MsgId;
use look::Look;
use menu::ShowMenu;
use overlay::{Bar, ToNewest};

/// The list of a conversation's messages.
pub struct ChatView {
    column: Column,
    cache: Cache,
    clock: Clock,
    hand: Hand,
    watch: Watch,
    show_menu: ShowMenu,
    /// Messages of others that came while something older was read.
    fresh: usize,
    /// The oldest row when more were asked for.
    asked_at: Option<MsgId>,
    /// Whether the newest row was told to be in view.
    at_newest: Option<bool>,
    /// The row that was looked for and has been brought into sight.
    shown: Option<MsgId>,
}

impl std::fmt::Debug for ChatView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatView")
            .field("column", &self.column)
            .finish_non_exhaustive()
    }
}

impl ChatView {
    /// A list in a program whose root data are a `Root`: its menus are that program's.
    pub fn new<Root: Data>() -> Self {
        Self {
            column: Column::default(),
            cache: Cache::default(),
            clock: Clock::system(),
            hand: Hand::default(),
            watch: Watch::default(),
            show_menu: menu::show::<Root>,
            fresh: 0,
            asked_at: None,
            at_newest: None,
            shown: None,
        }
    }

    /// A click on a message of the past leads to its place in the conversation.
    #[must_use]
    pub fn of_past(mut self) -> Self {
        self.hand.finds = true;
        self
    }

    /// The same with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How many rows there are, and how many of them are laid out.
    pub fn counts(&self) -> (usize, usize) {
        (self.column.len(), self.cache.len())
    }

    /// Does something with the list while rows can be measured, and leaves it without gaps.
    fn act(
        &mut self,
        text: &mut PietText,
        talk: &Conversation,
        act: impl FnOnce(&mut Column, &mut column::Measure<'_>),
    ) {
        let (cache, clock) = (&mut self.cache, &self.clock);
        cache.begin(text, talk, clock);
        act(&mut self.column, &mut |index| {
            cache.height(text, talk, index)
        });
        if self.column.is_at_end() {
            self.fresh = 0;
        }
        self.cache.keep_near(self.column.seen());
    }

    fn settle(&mut self, text: &mut PietText, talk: &Conversation) {
        self.act(text, talk, |column, measure| column.settle(measure));
        let sought = talk.sought.filter(|sought| self.shown != Some(*sought));
        let at = sought.and_then(|sought| talk.rows.iter().position(|row| row.id == sought));
        if let Some(at) = at.filter(|_| self.column.view() > 0.0) {
            self.shown = sought;
            self.act(text, talk, |column, measure| column.show(at, measure));
        }
    }

    /// Takes the order of rows from `new`.
    fn follow(&mut self, old: &Conversation, new: &Conversation) {
        let change = Change::between(old, new);
        let estimate = |row: &_| self.cache.estimate(row);
        match change {
            Change::Other => {
                self.column.reset(new.rows.iter().map(estimate).collect());
                self.cache.clear();
                (self.fresh, self.asked_at, self.at_newest) = (0, None, None);
                self.hand = self.hand.fresh();
            }
            Change::Grown { before, after } => {
                if before > 0 {
                    self.column
                        .prepend(new.rows.iter().take(before).map(estimate).collect());
                }
                let first_new = new.rows.len() - after;
                let mut has_own = false;
                for row in new.rows.iter().skip(first_new) {
                    self.column.append(estimate(row));
                    has_own |= row.mine;
                    self.fresh += usize::from(!row.mine && !row.is_line());
                }
                self.cache.shift(before);
                // Who writes wants to see it.
                if has_own {
                    self.column.hold_end();
                }
            }
            Change::Mixed => {
                changes::reorder(&mut self.column, (&old.rows, &new.rows), estimate);
                self.cache.clear();
            }
        }
    }

    /// What is to be told now: that older rows are wanted, whether the newest is in view.
    fn tell(&mut self, talk: &Conversation, mut submit: impl FnMut(RowAct)) {
        let first = talk.rows.front();
        let is_near_top = self.column.offset() < self.column.view();
        if let Some(first) = first.filter(|row| {
            is_near_top && talk.more && !talk.loading && self.asked_at != Some(row.id)
        }) {
            self.asked_at = Some(first.id);
            submit(RowAct::Older);
        }
        let at_newest = self.column.is_at_end();
        // What is found in the past may end long before the newest.
        let is_whole = !self.hand.finds && self.column.view() > 0.0;
        if is_whole && self.at_newest != Some(at_newest) {
            self.at_newest = Some(at_newest);
            submit(RowAct::AtNewest(at_newest));
        }
    }

    /// Lays out everything anew if the look changed, or if it is another day.
    fn refresh_look(&mut self, env: &Env) -> bool {
        self.cache.set_look(Look::of(env), self.clock.day())
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "druid has many events, and a list answers few"
)]
impl Widget<Conversation> for ChatView {
    fn event(
        &mut self,
        ctx: &mut EventCtx<'_, '_>,
        event: &Event,
        talk: &mut Conversation,
        _: &Env,
    ) {
        match event {
            Event::Wheel(mouse) => {
                self.hand.move_to(Some(mouse.pos));
                self.step(ctx, talk, hand::Step::By(mouse.wheel_delta.y.round()));
            }
            Event::MouseDown(mouse) => self.mouse_down(ctx, mouse, talk),
            Event::MouseMove(mouse) => self.mouse_move(ctx, mouse, talk),
            Event::MouseUp(mouse) => self.mouse_up(ctx, mouse, talk),
            Event::Command(command) if command.is(TAKE_FOCUS) => {
                ctx.request_focus();
                ctx.set_handled();
            }
            Event::KeyDown(key) if ctx.is_focused() => {
                if let Some(step) = hand::step_of(key) {
                    self.step(ctx, talk, step);
                }
            }
            Event::Timer(token) => {
                if self.watch.rang(*token) {
                    self.settle(&mut ctx.text().clone(), talk);
                    self.point(ctx);
                    ctx.request_paint();
                }
                self.watch.follow(|after| ctx.request_timer(after));
            }
            _ => {}
        }
    }

    fn lifecycle(
        &mut self,
        ctx: &mut LifeCycleCtx<'_, '_>,
        event: &LifeCycle,
        talk: &Conversation,
        env: &Env,
    ) {
        match event {
            LifeCycle::WidgetAdded => {
                self.refresh_look(env);
                self.column.reset(
                    talk.rows
                        .iter()
                        .map(|row| self.cache.estimate(row))
                        .collect(),
                );
            }
            LifeCycle::HotChanged(false) => {
                self.hand.move_to(None);
                if self.hand.point(&self.column, &self.cache, ctx.size()) {
                    ctx.request_paint();
                }
            }
            LifeCycle::BuildFocusChain => ctx.register_for_focus(),
            _ => {}
        }
    }

    fn update(
        &mut self,
        ctx: &mut UpdateCtx<'_, '_>,
        old: &Conversation,
        new: &Conversation,
        env: &Env,
    ) {
        let is_restyled = self.refresh_look(env);
        if old.same(new) && !is_restyled {
            return;
        }
        if !old.rows.same(&new.rows) || old.with != new.with {
            self.follow(old, new);
        }
        self.settle(&mut ctx.text().clone(), new);
        self.hand.point(&self.column, &self.cache, ctx.size());
        let came_to_nothing =
            old.loading && !new.loading && new.rows.front().map(|row| row.id) == self.asked_at;
        if came_to_nothing {
            // The next move may ask again; to ask at once would never end.
            self.asked_at = None;
        } else {
            self.tell(new, |act| ctx.submit_command(ROW_ACT.with(act)));
        }
        self.watch.follow(|after| ctx.request_timer(after));
        ctx.request_paint();
    }

    fn layout(
        &mut self,
        ctx: &mut LayoutCtx<'_, '_>,
        bc: &BoxConstraints,
        talk: &Conversation,
        env: &Env,
    ) -> Size {
        let size = bc.max();
        self.refresh_look(env);
        self.cache.set_width(size.width);
        self.column.set_view(size.height);
        self.settle(&mut ctx.text().clone(), talk);
        self.tell(talk, |act| ctx.submit_command(ROW_ACT.with(act)));
        self.watch.follow(|after| ctx.request_timer(after));
        size
    }

    fn paint(&mut self, ctx: &mut PaintCtx<'_, '_, '_>, talk: &Conversation, env: &Env) {
        let look = Look::of(env);
        let size = ctx.size();
        ctx.clip(size.to_rect());
        ctx.fill(size.to_rect(), &look.canvas);
        if talk.rows.is_empty() {
            overlay::paint_empty(ctx, &look, talk);
            return;
        }
        for index in self.column.seen() {
            let Some(laid) = self.cache.get(index) else {
                continue;
            };
            let top = self.column.top_of(index).round();
            let over = self.hand.over(index);
            if talk.sought == Some(laid.key.row.id) {
                let band = Rect::new(0.0, top, size.width, top + laid.height);
                ctx.fill(band, &look.accent.with_alpha(0.15));
            }
            ctx.with_save(|ctx| {
                ctx.transform(Affine::translate((0.0, top)));
                laid.drawing.paint(ctx, over);
            });
        }
        if let Some(bar) = Bar::of(&self.column, size) {
            bar.paint(ctx, &look, self.hand.is_over_bar());
        }
        if talk.loading && self.column.offset() < self.column.view() {
            overlay::paint_loading(ctx, &look);
        }
        let button = ToNewest::of(ctx, (&self.column, self.fresh), &look);
        self.hand.set_button(button.as_ref().map(ToNewest::rect));
        if let Some(button) = button {
            button.paint(ctx, &look, self.hand.is_over_button());
        }
        if let Some((tip, at)) = self.hand.tip(&self.cache) {
            overlay::paint_tip(ctx, &look, tip, at);
        }
    }
}
