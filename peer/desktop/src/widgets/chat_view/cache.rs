//! The rows that are laid out: those that are seen and some around them. A row is laid out again when anything that its look
//! depends on changed; the others are left as they are.

use super::look::Look;
use super::row::{self, Ground, Key, Laid};
use crate::model::chat::{Conversation, Row};
use crate::model::people::Face;
use crate::moment::Clock;
use crate::widgets::face::Portrait;
use druid::piet::PietText;
use hutong_common::text::Lang;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;

/// Rows kept on either side of those that are seen.
const KEPT_AROUND: usize = 40;

/// Rows that are laid out, by their place in the list.
#[derive(Default)]
pub(super) struct Cache {
    rows: BTreeMap<usize, Laid>,
    look: Option<(Look, Option<Date>)>,
    width: f64,
    faces: Option<(Face, Face)>,
    ground: Option<Ground>,
}

impl Cache {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Forgets all rows if it is another look, or another day: yesterday is said otherwise then.
    pub(super) fn set_look(&mut self, look: Look, today: Option<Date>) -> bool {
        let look = Some((look, today));
        let is_other = self.look != look;
        if is_other {
            self.look = look;
            self.forget();
        }
        is_other
    }

    pub(super) fn set_width(&mut self, width: f64) {
        if self.width != width {
            self.width = width;
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.rows.clear();
        self.ground = None;
    }

    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }

    /// Prepares what is the same for all rows.
    pub(super) fn begin(&mut self, text: &mut PietText, talk: &Conversation, clock: &Clock) {
        let is_known = self
            .faces
            .as_ref()
            .is_some_and(|(own, other)| *own == talk.own_face && *other == talk.face);
        if !is_known {
            self.faces = Some((talk.own_face.clone(), talk.face.clone()));
            self.forget();
        }
        let Some((look, _)) = self.look.as_ref().filter(|_| self.ground.is_none()) else {
            return;
        };
        let across = look.grid(row::FACE);
        let mut portrait = |face: &Face| Portrait::new(text, face, across, &look.strong);
        let faces = (portrait(&talk.own_face), portrait(&talk.face));
        self.ground = Some(Ground {
            look: look.clone(),
            clock: clock.clone(),
            width: self.width,
            faces,
        });
    }

    /// The height of a row, laid out now if it was not, or if it changed.
    pub(super) fn height(&mut self, text: &mut PietText, talk: &Conversation, index: usize) -> f64 {
        let Some(ground) = &self.ground else {
            return 0.0;
        };
        let Some(key) = Key::of(talk, index, &ground.clock, &ground.look) else {
            return 0.0;
        };
        if let Some(laid) = self.rows.get(&index).filter(|laid| laid.key == key) {
            return laid.height;
        }
        let laid = row::lay(ground, text, key);
        let height = laid.height;
        self.rows.insert(index, laid);
        height
    }

    /// About the height of a row.
    pub(super) fn estimate(&self, row: &Row) -> f64 {
        let width = if self.width > 0.0 { self.width } else { 600.0 };
        self.look
            .as_ref()
            .map_or(0.0, |(look, _)| row::estimate(row, look, width))
    }

    pub(super) fn lang(&self) -> Lang {
        self.look.as_ref().map_or(Lang::En, |(look, _)| look.lang)
    }

    pub(super) fn get(&self, index: usize) -> Option<&Laid> {
        self.rows.get(&index)
    }

    /// So many rows came before all others.
    pub(super) fn shift(&mut self, by: usize) {
        let rows = std::mem::take(&mut self.rows);
        self.rows = rows
            .into_iter()
            .map(|(index, laid)| (index + by, laid))
            .collect();
    }

    /// Lets go what is far from what is seen.
    pub(super) fn keep_near(&mut self, seen: Range<usize>) {
        if self.rows.len() > seen.len() + 4 * KEPT_AROUND {
            let near = seen.start.saturating_sub(KEPT_AROUND)..seen.end + KEPT_AROUND;
            self.rows.retain(|index, _| near.contains(index));
        }
    }
}
