//! Mouse and keyboard: what is under the mouse, what was pressed, and what that asks for.

use super::cache::Cache;
use super::column::Column;
use super::menu::{self, Entry};
use super::overlay::Bar;
use crate::model::chat::RowAct;
use druid::{KbKey, KeyEvent, Point, Rect, Size};

/// A move of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    By(f64),
    Pages(f64),
    Start,
    End,
}

/// One press of an arrow key, in pixels.
const ARROW: f64 = 48.0;

/// The move that a key asks for.
pub(super) fn step_of(key: &KeyEvent) -> Option<Step> {
    if key.mods.ctrl() || key.mods.alt() || key.mods.meta() {
        return None;
    }
    let moves = [
        (KbKey::PageUp, Step::Pages(-1.0)),
        (KbKey::PageDown, Step::Pages(1.0)),
        (KbKey::Home, Step::Start),
        (KbKey::End, Step::End),
        (KbKey::ArrowUp, Step::By(-ARROW)),
        (KbKey::ArrowDown, Step::By(ARROW)),
    ];
    let asked = moves.into_iter().find(|(known, _)| *known == key.key);
    asked.map(|(_, step)| step)
}

/// What is under the mouse.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Over {
    #[default]
    Nothing,
    Bar,
    Button,
    /// A row, and the spot in it.
    Row(usize, Option<usize>),
}

/// What the left button went down on.
#[derive(Clone, Debug, PartialEq)]
enum Pressed {
    Act(RowAct),
    Button,
    /// The moving part of the bar, so far below its top.
    Bar(f64),
}

/// What a click asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Click {
    Act(RowAct),
    ToNewest,
}

/// The mouse of the list.
#[derive(Debug, Default)]
pub(super) struct Hand {
    /// Whether a click on a message leads to its place.
    pub(super) finds: bool,
    at: Option<Point>,
    over: Over,
    can_act: bool,
    pressed: Option<Pressed>,
    button: Option<Rect>,
    bar: Option<Bar>,
}

impl Hand {
    /// One of the same list with other rows.
    pub(super) fn fresh(&self) -> Self {
        Self {
            finds: self.finds,
            ..Self::default()
        }
    }

    /// What a click there asks for: on a spot, or on the message itself.
    fn act(&self, cache: &Cache, row: usize, spot: Option<usize>) -> Option<RowAct> {
        let laid = cache.get(row)?;
        let Some(spot) = spot else {
            let is_meant =
                self.finds && laid.bubble.x0 <= self.at?.x && self.at?.x < laid.bubble.x1;
            return is_meant.then_some(RowAct::Find(laid.key.row.id));
        };
        laid.drawing.spots.get(spot)?.act.clone()
    }

    pub(super) fn move_to(&mut self, at: Option<Point>) {
        self.at = at;
    }

    /// Where the button to the newest was painted.
    pub(super) fn set_button(&mut self, rect: Option<Rect>) {
        self.button = rect;
    }

    /// Looks anew what is under the mouse; whether that is something else than before.
    pub(super) fn point(&mut self, column: &Column, cache: &Cache, size: Size) -> bool {
        self.bar = Bar::of(column, size);
        let over = self
            .at
            .map_or(Over::Nothing, |at| self.find(at, column, cache));
        self.can_act = match over {
            Over::Button => true,
            Over::Row(row, spot) => self.act(cache, row, spot).is_some(),
            Over::Bar | Over::Nothing => false,
        };
        std::mem::replace(&mut self.over, over) != over
    }

    fn find(&self, at: Point, column: &Column, cache: &Cache) -> Over {
        let is_dragging = matches!(self.pressed, Some(Pressed::Bar(_)));
        if is_dragging || self.bar.is_some_and(|bar| bar.hit(at).is_some()) {
            return Over::Bar;
        }
        if self.button.is_some_and(|button| button.contains(at)) {
            return Over::Button;
        }
        let Some(row) = column.row_at(at.y) else {
            return Over::Nothing;
        };
        let inside = at - (0.0, column.top_of(row).round());
        Over::Row(
            row,
            cache.get(row).and_then(|laid| laid.drawing.spot_at(inside)),
        )
    }

    pub(super) fn is_over_action(&self) -> bool {
        self.can_act
    }

    pub(super) fn is_over_bar(&self) -> bool {
        self.over == Over::Bar
    }

    pub(super) fn is_over_button(&self) -> bool {
        self.over == Over::Button
    }

    /// Whether the mouse is over this row, and over which spot.
    pub(super) fn over(&self, index: usize) -> Option<Option<usize>> {
        match self.over {
            Over::Row(row, spot) if row == index => Some(spot),
            Over::Row(..) | Over::Nothing | Over::Bar | Over::Button => None,
        }
    }

    /// What is said about the thing under the mouse.
    pub(super) fn tip<'a>(&self, cache: &'a Cache) -> Option<(&'a str, Point)> {
        let Over::Row(row, Some(spot)) = self.over else {
            return None;
        };
        let tip = cache.get(row)?.drawing.spots.get(spot)?.tip.as_deref()?;
        Some((tip, self.at?))
    }

    /// The left button went down. A press beside the bar's moving part asks for a page.
    pub(super) fn press(&mut self, column: &Column, cache: &Cache) -> Option<Step> {
        let at = self.at?;
        self.pressed = match self.over {
            Over::Button => Some(Pressed::Button),
            Over::Row(row, spot) => self.act(cache, row, spot).map(Pressed::Act),
            Over::Bar => match self.bar.and_then(|bar| bar.hit(at)).flatten() {
                Some(grip) => Some(Pressed::Bar(grip)),
                None => {
                    let is_before = self.bar.is_some_and(|bar| bar.is_before(at));
                    return Some(Step::Pages(if is_before { -1.0 } else { 1.0 }))
                        .filter(|_| column.len() > 0);
                }
            },
            Over::Nothing => None,
        };
        None
    }

    /// The place of the list to which the bar is dragged.
    pub(super) fn drag(&self, column: &Column) -> Option<f64> {
        let Some(Pressed::Bar(grip)) = self.pressed else {
            return None;
        };
        Some(self.bar?.offset_at(self.at?.y - grip, column))
    }

    /// The left button came up: a click, if that is where it went down.
    pub(super) fn release(&mut self, cache: &Cache) -> Option<Click> {
        let pressed = self.pressed.take()?;
        match (pressed, self.over) {
            (Pressed::Button, Over::Button) => Some(Click::ToNewest),
            (Pressed::Act(act), Over::Row(row, spot)) => {
                (self.act(cache, row, spot).as_ref() == Some(&act)).then_some(Click::Act(act))
            }
            (Pressed::Button | Pressed::Act(_) | Pressed::Bar(_), _) => None,
        }
    }

    /// The menu of what is under the mouse.
    pub(super) fn entries(&self, cache: &Cache) -> Vec<Entry> {
        let (Over::Row(row, spot), Some(at)) = (self.over, self.at) else {
            return Vec::new();
        };
        let Some(laid) = cache.get(row) else {
            return Vec::new();
        };
        let is_on_bubble = at.x >= laid.bubble.x0 && at.x < laid.bubble.x1;
        if !is_on_bubble {
            return Vec::new();
        }
        let act = self.act(cache, row, spot);
        let mut entries = menu::entries(&laid.key.row, act.as_ref(), cache.lang());
        if self.finds {
            entries.insert(0, menu::find(&laid.key.row, cache.lang()));
        }
        entries
    }
}
