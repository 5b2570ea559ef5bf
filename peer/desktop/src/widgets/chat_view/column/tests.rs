//! What is read stays where it is, whatever comes, goes or changes its height around it.

use super::*;

/// A list of which the real heights are known here and estimated there.
struct List {
    real: Vec<f64>,
    column: Column,
    measured: usize,
}

const ESTIMATE: f64 = 50.0;
const VIEW: f64 = 400.0;

fn real(row: usize) -> f64 {
    [36.0, 120.0, 36.0, 58.0, 260.0, 44.0][row % 6]
}

impl List {
    fn new(count: usize) -> Self {
        let mut column = Column::default();
        column.set_view(VIEW);
        column.reset(vec![ESTIMATE; count]);
        let mut list = Self {
            real: (0..count).map(real).collect(),
            column,
            measured: 0,
        };
        list.act(|column, measure| column.settle(measure));
        list
    }

    fn act(&mut self, act: impl FnOnce(&mut Column, &mut Measure<'_>)) {
        let (real, measured) = (&self.real, &mut self.measured);
        act(&mut self.column, &mut |index| {
            *measured += 1;
            real[index]
        });
        self.check();
    }

    /// What is seen is measured, has no gap, and fills the view.
    fn check(&self) {
        let (seen, view) = (self.column.seen(), self.column.view());
        for index in seen.clone() {
            assert_eq!(
                self.column.height_of(index),
                self.real[index],
                "row {index}"
            );
        }
        let Some(last) = seen.end.checked_sub(1) else {
            return;
        };
        assert!(self.column.top_of(seen.start) <= 0.0);
        let end = self.column.top_of(last) + self.real[last];
        assert!(
            end >= view || (self.column.is_at_end() && self.column.total() <= view),
            "ends at {end}"
        );
        assert!(self.column.offset() >= 0.0);
    }

    fn scroll(&mut self, by: f64) {
        self.act(|column, measure| column.scroll(by, measure));
    }
}

#[test]
fn it_begins_at_the_end_and_measures_only_what_is_seen() {
    let list = List::new(100_000);
    assert!(list.column.is_at_end());
    assert_eq!(list.column.below(), 0.0);
    assert!(list.measured < 12, "{}", list.measured);
}

#[test]
fn scrolling_up_moves_what_is_seen_by_exactly_that_much() {
    let mut list = List::new(500);
    for _ in 0..300 {
        let watched = list.column.first();
        let before = list.column.top_of(watched);
        list.scroll(-53.0);
        assert_eq!(list.column.top_of(watched), before + 53.0);
    }
    for _ in 0..300 {
        let watched = list.column.seen().end - 1;
        let before = list.column.top_of(watched);
        list.scroll(53.0);
        let moved = before - list.column.top_of(watched);
        assert!(
            moved == 53.0 || (list.column.is_at_end() && moved < 53.0),
            "{moved}"
        );
    }
    assert!(list.column.is_at_end());
}

#[test]
fn the_beginning_and_the_end_are_where_scrolling_stops() {
    let mut list = List::new(30);
    list.scroll(-1e9);
    assert_eq!(list.column.offset(), 0.0);
    assert!(!list.column.is_at_end());
    list.scroll(1e9);
    assert!(list.column.is_at_end());
}

/// A far move once measured every row that it passed: seconds and a gigabyte for a hundred thousand.
#[test]
fn a_far_move_measures_only_where_it_arrives() {
    let mut list = List::new(100_000);
    list.measured = 0;
    for by in [-1e9, 1e9, -2_000_000.0, 700_000.0] {
        list.scroll(by);
    }
    assert!(list.measured < 100, "{}", list.measured);
}

#[test]
fn older_rows_do_not_move_what_is_read() {
    let mut list = List::new(40);
    list.scroll(-700.0);
    let (row, top) = (list.column.first(), list.column.top_of(list.column.first()));
    list.real.splice(0..0, (0..50).map(|row| real(row + 3)));
    list.column.prepend(vec![ESTIMATE; 50]);
    list.act(|column, measure| column.settle(measure));
    assert_eq!(list.column.first(), row + 50);
    assert_eq!(list.column.top_of(row + 50), top);
}

#[test]
fn newer_rows_are_followed_only_from_the_end() {
    let mut list = List::new(40);
    let append = |list: &mut List| {
        list.real.push(90.0);
        list.column.append(ESTIMATE);
        list.act(|column, measure| column.settle(measure));
    };
    append(&mut list);
    assert!(list.column.is_at_end());
    list.scroll(-10.0);
    let (row, top) = (list.column.first(), list.column.top_of(list.column.first()));
    append(&mut list);
    assert_eq!((list.column.first(), list.column.top_of(row)), (row, top));
    assert_eq!(list.column.below(), 10.0 + ESTIMATE);
}

#[test]
fn a_row_that_grows_above_or_at_the_edge_moves_nothing_below_it() {
    let mut list = List::new(60);
    list.scroll(-900.0);
    let first = list.column.first();
    let below = list.column.top_of(first + 1);
    for grown in [first - 1, first] {
        list.real[grown] += 70.0;
        list.act(|column, measure| column.settle(measure));
        assert_eq!(list.column.top_of(first + 1), below);
    }
    // It shrinks so much that the one before it comes into view.
    list.real[first] = 5.0;
    list.act(|column, measure| column.settle(measure));
    assert_eq!(list.column.top_of(first + 1), below);
}

#[test]
fn when_all_rows_are_laid_out_anew_the_first_one_stays() {
    let mut list = List::new(60);
    list.scroll(-900.0);
    let first = list.column.first();
    let edge = list.column.top_of(first + 1);
    list.real
        .iter_mut()
        .for_each(|height| *height = (*height * 1.7).ceil());
    list.act(|column, measure| column.settle(measure));
    assert_eq!(list.column.top_of(first + 1), edge);
    list.column.set_view(200.0);
    list.act(|column, measure| column.settle(measure));
    assert_eq!(list.column.top_of(first + 1), edge);
}

#[test]
fn rows_that_go_from_the_middle_leave_the_rest_in_place() {
    let mut list = List::new(60);
    list.scroll(-900.0);
    let first = list.column.first();
    let edge = list.column.top_of(first + 1);
    let known: Vec<f64> = (0..60)
        .filter(|row| *row != 3)
        .map(|row| list.column.height_of(row))
        .collect();
    list.real.remove(3);
    list.column.replace(known, Some(first - 1));
    list.act(|column, measure| column.settle(measure));
    assert_eq!(list.column.top_of(first), edge);
    list.column.replace(Vec::new(), None);
    list.real.clear();
    list.act(|column, measure| column.settle(measure));
    assert_eq!(list.column.seen(), 0..0);
}

#[test]
fn few_rows_begin_at_the_top_and_do_not_scroll() {
    let mut list = List::new(2);
    assert_eq!((list.column.offset(), list.column.top_of(0)), (0.0, 0.0));
    list.scroll(-100.0);
    assert!(list.column.is_at_end());
    assert_eq!(list.column.row_at(40.0), Some(1));
    assert_eq!(list.column.row_at(200.0), None);
    assert_eq!(list.column.row_at(-1.0), None);
}

#[test]
fn any_place_can_be_gone_to() {
    let mut list = List::new(1_000);
    for offset in [0.0, 20_000.0, 7.0, 1e9] {
        list.act(|column, measure| column.go_to(offset, measure));
    }
    assert!(list.column.is_at_end());
    list.act(|column, measure| column.go_to(100.0, measure));
    list.act(|column, measure| column.go_to_end(measure));
    assert!(list.column.is_at_end());
}
