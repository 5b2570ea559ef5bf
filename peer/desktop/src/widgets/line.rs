//! One line of words: what has no room is cut between two letters, and "…" says so. Of the name of a file the middle goes, as
//! its end tells what kind of file it is.

use druid::text::EditableText;
use druid::widget::prelude::*;
use druid::{ArcStr, Color, FontDescriptor, Key, Point, TextLayout};

/// No line of a window has room for more letters.
const LETTERS: usize = 400;
/// What stands for what was cut.
const MARK: char = '…';
/// The longest ending that tells what kind of file it is, in letters with its dot.
const ENDING: usize = 10;
/// Beside the words, as labels have it.
const BESIDE: f64 = 2.0;

/// What goes of words that have no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Their end.
    End,
    /// Their middle, so that the ending of a file's name stays.
    Middle,
}

impl Cut {
    /// As much of `words` as `fits`; all of it where that does.
    pub fn cut(self, words: &str, mut fits: impl FnMut(&str) -> bool) -> String {
        let letters = letters(words);
        if letters.len() <= LETTERS && fits(words) {
            return words.to_owned();
        }
        let (mut least, mut most) = (0, letters.len().min(LETTERS));
        while least < most {
            let kept = (least + most).div_ceil(2);
            if fits(&self.kept(&letters, kept)) {
                least = kept;
            } else {
                most = kept - 1;
            }
        }
        self.kept(&letters, least)
    }

    /// So many letters, and the mark.
    fn kept(self, letters: &[&str], kept: usize) -> String {
        let tail = match self {
            Self::End => 0,
            Self::Middle => (kept * 2 / 5).max(ending(letters)).min(kept),
        };
        let (head, tail) = (kept - tail, letters.len().saturating_sub(tail));
        let head = letters.get(..head).unwrap_or_default().concat();
        let tail = letters.get(tail..).unwrap_or_default().concat();
        format!("{}{MARK}{tail}", head.trim_end())
    }
}

/// Letters as people count them: an emoji of several signs is one.
fn letters(words: &str) -> Vec<&str> {
    let held = words.to_owned();
    let mut letters = Vec::new();
    let mut at = 0;
    while let Some(next) = held.next_grapheme_offset(at).filter(|next| *next > at) {
        letters.extend(words.get(at..next));
        at = next;
    }
    letters
}

/// How many letters at the end of a file's name tell its kind.
fn ending(letters: &[&str]) -> usize {
    let dot = letters.iter().rev().position(|letter| *letter == ".");
    dot.map_or(0, |at| at + 1).min(ENDING)
}

type Said<T> = Box<dyn Fn(&T, &Env) -> String>;

/// Words on one line, that follow the data and the language.
pub struct Line<T> {
    said: Said<T>,
    cut: Cut,
    words: ArcStr,
    layout: TextLayout<ArcStr>,
}

impl<T: Data> Line<T> {
    /// Words whose end goes when there is no room.
    pub fn new(
        said: impl Fn(&T, &Env) -> String + 'static,
        font: Key<FontDescriptor>,
        color: Key<Color>,
    ) -> Self {
        let mut layout = TextLayout::new();
        layout.set_font(font);
        layout.set_text_color(color);
        Self {
            said: Box::new(said),
            cut: Cut::End,
            words: "".into(),
            layout,
        }
    }

    /// The name of a file.
    pub fn of_file(mut self) -> Self {
        self.cut = Cut::Middle;
        self
    }

    /// Whether it says something else now.
    fn say(&mut self, data: &T, env: &Env) -> bool {
        let words = (self.said)(data, env);
        #[cfg(test)]
        crate::scene::hear(&words);
        let words: ArcStr = words.replace('\n', " ").into();
        let is_other = *words != *self.words;
        self.words = words;
        is_other
    }

    fn lay(&mut self, ctx: &mut LayoutCtx, widest: f64, env: &Env) {
        let Self {
            words, layout, cut, ..
        } = self;
        let cut = cut.cut(words, |part| {
            layout.set_text(part.into());
            layout.rebuild_if_needed(ctx.text(), env);
            layout.size().width <= widest
        });
        layout.set_text(cut.into());
        layout.rebuild_if_needed(ctx.text(), env);
    }
}

impl<T: Data> Widget<T> for Line<T> {
    fn event(&mut self, _: &mut EventCtx, _: &Event, _: &mut T, _: &Env) {}

    fn lifecycle(&mut self, _: &mut LifeCycleCtx, event: &LifeCycle, data: &T, env: &Env) {
        if let LifeCycle::WidgetAdded = event {
            self.say(data, env);
        }
    }

    fn update(&mut self, ctx: &mut UpdateCtx, _: &T, data: &T, env: &Env) {
        if self.say(data, env) | self.layout.needs_rebuild_after_update(ctx) {
            ctx.request_layout();
        }
    }

    fn layout(&mut self, ctx: &mut LayoutCtx, bc: &BoxConstraints, _: &T, env: &Env) -> Size {
        self.lay(ctx, bc.max().width - 2.0 * BESIDE, env);
        let metrics = self.layout.layout_metrics();
        ctx.set_baseline_offset(metrics.size.height - metrics.first_baseline);
        bc.constrain(metrics.size + Size::new(2.0 * BESIDE, 0.0))
    }

    fn paint(&mut self, ctx: &mut PaintCtx, _: &T, _: &Env) {
        let clip = ctx.size().to_rect();
        ctx.clip(clip);
        self.layout.draw(ctx, Point::new(BESIDE, 0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(cut: Cut, words: &str, room: usize) -> String {
        cut.cut(words, |part| letters(part).len() <= room)
    }

    #[test]
    fn what_has_room_stays_and_what_has_none_ends_with_a_mark() {
        assert_eq!(cut(Cut::End, "carol", 5), "carol");
        assert_eq!(cut(Cut::End, "carol the friend", 7), "carol…");
        assert_eq!(cut(Cut::End, "一二三四五六", 4), "一二三…");
        assert_eq!(cut(Cut::End, "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 2), "👩‍👩‍👧…");
        assert_eq!(cut(Cut::End, "abc", 0), "…");
        assert_eq!(cut(Cut::End, "", 0), "");
    }

    #[test]
    fn the_end_of_a_files_name_stays() {
        assert_eq!(cut(Cut::Middle, "abcdefghij.pdf", 11), "abcdef….pdf");
        assert_eq!(cut(Cut::Middle, "一二三四五六七八.pdf", 9), "一二三四….pdf");
        assert_eq!(cut(Cut::Middle, "a long name.tar.gz", 6), "a….gz");
        assert_eq!(cut(Cut::Middle, "no ending at all", 6), "no…ll");
    }

    #[test]
    fn a_whole_book_is_not_laid_out_for_one_line() {
        let book = "长".repeat(100_000);
        let mut longest = 0;
        Cut::End.cut(&book, |part| {
            longest = longest.max(part.len());
            true
        });
        assert!(longest <= LETTERS * 3 + 3, "{longest}");
    }
}
