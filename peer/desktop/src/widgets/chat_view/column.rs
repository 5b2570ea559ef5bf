//! Where the rows of a long list lie, and which of them are seen. Knows heights and nothing of what is in a row.
//!
//! Heights are estimates until a row is seen; `measure` tells the real one. The list holds on either to its end, or to the
//! lower edge of the first row that is seen: whatever happens above that edge, what is read below it stays where it is.

use super::fenwick::Heights;
use std::ops::Range;

/// What stays in its place while heights change.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Hold {
    /// The end of the list at the lower edge of the view.
    End,
    /// The lower edge of a row, `rest` below the upper edge of the view.
    Row { index: usize, rest: f64 },
}

/// So many views away is far.
const FAR_VIEWS: f64 = 4.0;

/// The real height of a row; called for every row that is seen.
pub(super) type Measure<'a> = dyn FnMut(usize) -> f64 + 'a;

/// A long list and the part of it that is seen.
#[derive(Clone, Debug)]
pub(super) struct Column {
    heights: Heights,
    view: f64,
    hold: Hold,
}

impl Default for Column {
    fn default() -> Self {
        Self {
            heights: Heights::default(),
            view: 0.0,
            hold: Hold::End,
        }
    }
}

impl Column {
    pub(super) fn len(&self) -> usize {
        self.heights.len()
    }

    pub(super) fn total(&self) -> f64 {
        self.heights.total()
    }

    pub(super) fn view(&self) -> f64 {
        self.view
    }

    /// The height of what is seen; [`Column::settle`] follows.
    pub(super) fn set_view(&mut self, view: f64) {
        self.view = view;
    }

    /// Whether the newest row is seen to its end.
    pub(super) fn is_at_end(&self) -> bool {
        self.hold == Hold::End
    }

    /// Other rows, seen from their end.
    pub(super) fn reset(&mut self, estimates: Vec<f64>) {
        self.heights = Heights::new(estimates);
        self.hold = Hold::End;
    }

    /// Older rows before all others.
    pub(super) fn prepend(&mut self, mut estimates: Vec<f64>) {
        let count = estimates.len();
        estimates.extend(std::mem::take(&mut self.heights).into_vec());
        self.heights = Heights::new(estimates);
        if let Hold::Row { index, .. } = &mut self.hold {
            *index += count;
        }
    }

    /// A newer row after all others.
    pub(super) fn append(&mut self, estimate: f64) {
        self.heights.push(estimate);
    }

    /// Rows came and went in the middle: all heights, and where the row is now that was the first to be seen.
    pub(super) fn replace(&mut self, heights: Vec<f64>, first_seen: Option<usize>) {
        self.heights = Heights::new(heights);
        match (&mut self.hold, first_seen) {
            (Hold::End, _) => {}
            (Hold::Row { index, .. }, Some(now)) => *index = now,
            (Hold::Row { .. }, None) => self.hold = Hold::End,
        }
    }

    /// The first row that is seen.
    pub(super) fn first(&self) -> usize {
        match self.hold {
            Hold::End => self.heights.at(self.offset()),
            Hold::Row { index, .. } => index,
        }
    }

    /// All rows that are seen.
    pub(super) fn seen(&self) -> Range<usize> {
        if self.len() == 0 {
            return 0..0;
        }
        let last = self.heights.at(self.offset() + self.view);
        self.first()..last + 1
    }

    /// From the beginning of the list to the upper edge of the view.
    pub(super) fn offset(&self) -> f64 {
        match self.hold {
            Hold::End => (self.total() - self.view).max(0.0),
            Hold::Row { index, rest } => self.heights.above(index + 1) - rest,
        }
    }

    /// How far the end lies below the view.
    pub(super) fn below(&self) -> f64 {
        (self.total() - self.offset() - self.view).max(0.0)
    }

    /// The upper edge of a row below the upper edge of the view.
    pub(super) fn top_of(&self, index: usize) -> f64 {
        self.heights.above(index) - self.offset()
    }

    /// The height of a row, as far as it is known.
    pub(super) fn height_of(&self, index: usize) -> f64 {
        self.heights.get(index)
    }

    /// The row at a distance from the upper edge of the view; none below the last one.
    pub(super) fn row_at(&self, y: f64) -> Option<usize> {
        let y = self.offset() + y;
        (y >= 0.0 && y < self.total()).then(|| self.heights.at(y))
    }

    fn measured(&mut self, index: usize, measure: &mut Measure<'_>) -> f64 {
        let height = measure(index);
        if height != self.heights.get(index) {
            self.heights.set(index, height);
        }
        height
    }

    /// Measures all rows that are seen, and leaves no gap above the first or below the last one.
    pub(super) fn settle(&mut self, measure: &mut Measure<'_>) {
        if self.len() == 0 {
            self.hold = Hold::End;
            return;
        }
        if let Hold::Row { index, rest } = self.hold {
            let last = self.len() - 1;
            self.hold = self.settled(index.min(last), rest, measure);
        }
        if self.hold == Hold::End {
            let mut covered = 0.0;
            for index in (0..self.len()).rev() {
                if covered >= self.view {
                    break;
                }
                covered += self.measured(index, measure);
            }
        }
    }

    fn settled(&mut self, mut index: usize, mut rest: f64, measure: &mut Measure<'_>) -> Hold {
        let mut height = self.measured(index, measure);
        while rest > height && index > 0 {
            rest -= height;
            index -= 1;
            height = self.measured(index, measure);
        }
        while rest <= 0.0 && index + 1 < self.len() {
            index += 1;
            height = self.measured(index, measure);
            rest += height;
        }
        // No gap above the first row.
        rest = rest.min(height);
        let (mut bottom, mut next) = (rest, index + 1);
        while bottom < self.view && next < self.len() {
            bottom += self.measured(next, measure);
            next += 1;
        }
        if next == self.len() && bottom <= self.view {
            Hold::End
        } else {
            Hold::Row { index, rest }
        }
    }

    /// Moves down, or up if `by` is negative. Rows on the way are measured, so that it is exactly that much; who goes far
    /// sees nothing on the way, and is brought there by what is estimated.
    pub(super) fn scroll(&mut self, by: f64, measure: &mut Measure<'_>) {
        if self.len() == 0 || (self.is_at_end() && by >= 0.0) {
            return;
        }
        if by.abs() > FAR_VIEWS * self.view {
            self.go_to(self.offset() + by, measure);
            return;
        }
        let index = self.first();
        let rest = self.heights.above(index + 1) - self.offset() - by;
        self.hold = Hold::Row { index, rest };
        self.settle(measure);
    }

    /// Brings a place of the list to the upper edge of the view.
    pub(super) fn go_to(&mut self, offset: f64, measure: &mut Measure<'_>) {
        let index = self.heights.at(offset);
        let rest = self.heights.above(index + 1) - offset;
        self.hold = Hold::Row { index, rest };
        self.settle(measure);
    }

    /// Brings a row into sight, a little below the upper edge of the view.
    pub(super) fn show(&mut self, index: usize, measure: &mut Measure<'_>) {
        let rest = self.measured(index, measure) + self.view * 0.25;
        self.hold = Hold::Row { index, rest };
        self.settle(measure);
    }

    /// Holds on to the end from now on; [`Column::settle`] follows.
    pub(super) fn hold_end(&mut self) {
        self.hold = Hold::End;
    }

    /// Brings the newest row into view.
    pub(super) fn go_to_end(&mut self, measure: &mut Measure<'_>) {
        self.hold_end();
        self.settle(measure);
    }
}

#[cfg(test)]
mod tests;
