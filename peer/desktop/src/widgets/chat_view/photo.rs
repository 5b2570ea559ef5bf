//! A picture in the conversation: as large as it is up to a bound, round at the corners, a click enlarges it. While it is
//! being decoded its place is kept; while one's own is still being sent, a line below it says how far.

use super::board::{Board, Part, When};
use super::icons;
use super::look::{Style, Words};
use crate::model::chat::{FileCard, RowAct};
use crate::pictures::{Key, Sight};
use crate::widgets::deeds;
use druid::kurbo::RoundedRect;
use druid::{Point, Rect, Size};
use hutong_common::text::desktop::chat::ChatText;
use hutong_engine::api::event::FileState;

/// The most that is shown of a picture, and the least, in steps of the grid.
const MOST: (f64, f64) = (35.0, 27.5);
const LEAST: f64 = 6.0;
/// Its place while nothing is known of it.
const UNKNOWN: (f64, f64) = (27.5, 18.0);

/// A picture that is measured and not yet in its place.
pub(super) struct Photo {
    key: Key,
    is_ready: bool,
    shown: Size,
    below: Option<Below>,
}

/// How far it is, and how to give it up.
struct Below {
    state: Words,
    cancel: Option<(Words, RowAct)>,
}

impl Photo {
    pub(super) fn new(
        board: &mut Board<'_>,
        (file, mine): (&FileCard, bool),
        (key, sight): (Key, Sight),
        widest: f64,
    ) -> Self {
        let look = board.look;
        let most = Size::new(look.grid(MOST.0).min(widest), look.grid(MOST.1));
        let (shown, is_ready) = match sight {
            Sight::Ready(natural) => {
                let natural = natural * look.scale;
                let least = look.grid(LEAST);
                (
                    within(natural, most).clamp(Size::new(least, least), most),
                    true,
                )
            }
            Sight::Waits | Sight::Broken => {
                let size = Size::new(look.grid(UNKNOWN.0).min(widest), look.grid(UNKNOWN.1));
                (size, false)
            }
        };
        let is_under_way = mine && !matches!(file.state, Some(FileState::Verified) | None);
        let below = is_under_way.then(|| Below::new(board, file, widest));
        Self {
            key,
            is_ready,
            shown: shown.round(),
            below,
        }
    }

    pub(super) fn size(&self) -> Size {
        let below = self.below.as_ref().map_or(Size::ZERO, Below::size);
        Size::new(
            self.shown.width.max(below.width),
            self.shown.height + below.height,
        )
    }

    pub(super) fn put(self, board: &mut Board<'_>, shape: RoundedRect) {
        let look = board.look;
        let all = shape.rect();
        // Own messages lie at the right, and so does what is narrower than the line below it.
        let x = if self.below.is_some() {
            all.x1 - self.shown.width
        } else {
            all.x0
        };
        let rect = Rect::from_origin_size((x, all.y0), self.shown);
        let shape = RoundedRect::from_rect(rect, shape.radii());
        board.put(Part::Block(shape, look.theirs));
        if self.is_ready {
            let path = self.key.path.as_ref().clone();
            board.put(Part::Picture(self.key, shape));
            board.spot(rect, RowAct::Enlarge(path));
        } else {
            let middle = Rect::from_center_size(
                rect.center() - (0.0, look.grid(1.5)),
                (look.grid(4.0), look.grid(4.0)),
            );
            board.put(Part::Stroke(
                icons::picture(middle),
                look.quiet,
                1.5 * look.scale,
            ));
            let words = ChatText::PictureLoading.say(look.lang);
            let words = board.words(&words, Style::new(&look.small, &look.quiet), rect.width());
            let at = Point::new(
                (rect.center().x - words.size().width / 2.0).round(),
                middle.y1 + look.grid(1.0),
            );
            board.put_words(words, at);
        }
        board.put(Part::Frame(shape, look.line));
        if let Some(below) = self.below {
            below.put(board, Point::new(all.x1, rect.y1));
        }
    }
}

impl Below {
    fn new(board: &mut Board<'_>, file: &FileCard, widest: f64) -> Self {
        let look = board.look;
        let color = if deeds::is_failure(file) {
            &look.alarm
        } else {
            &look.quiet
        };
        let state = board.words(
            &deeds::state_words(file, true, look.lang),
            Style::new(&look.small, color),
            widest,
        );
        let is_over = matches!(file.state, Some(FileState::Failed | FileState::Declined));
        let cancel = (!is_over).then(|| {
            let word = ChatText::Cancel.say(look.lang);
            (
                board.words(&word, Style::new(&look.small, &look.accent), widest),
                RowAct::Cancel(file.file),
            )
        });
        Self { state, cancel }
    }

    fn size(&self) -> Size {
        let cancel = self
            .cancel
            .as_ref()
            .map_or(Size::ZERO, |(words, _)| words.size());
        let gap = if self.cancel.is_some() { 12.0 } else { 0.0 };
        let state = self.state.size();
        Size::new(
            state.width + gap + cancel.width,
            state.height.max(cancel.height) + 6.0,
        )
    }

    /// `corner` is the lower right one of the picture.
    fn put(self, board: &mut Board<'_>, corner: Point) {
        let (mut x, y) = (corner.x, corner.y + 5.0);
        if let Some((words, act)) = self.cancel {
            let size = words.size();
            let at = Point::new(x - size.width, y);
            x = at.x - 12.0;
            let area = Rect::from_origin_size(at, size);
            let spot = board.spot(area.inset(4.0), act);
            let line = RoundedRect::new(area.x0, area.y1 - 1.0, area.x1, area.y1, 0.0);
            board.only(When::OverSpot(spot), |board| {
                board.put(Part::Block(line, board.look.accent))
            });
            board.put_words(words, at);
        }
        let at = Point::new(x - self.state.size().width, y);
        board.put_words(self.state, at);
    }
}

/// As large as it is, or so much smaller that it fits.
fn within(natural: Size, most: Size) -> Size {
    let shrink = (most.width / natural.width)
        .min(most.height / natural.height)
        .min(1.0);
    natural * shrink
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_made_smaller_and_never_larger() {
        let most = Size::new(280.0, 220.0);
        assert_eq!(within(Size::new(100.0, 50.0), most), Size::new(100.0, 50.0));
        assert_eq!(
            within(Size::new(2_800.0, 100.0), most),
            Size::new(280.0, 10.0)
        );
        assert_eq!(
            within(Size::new(440.0, 440.0), most),
            Size::new(220.0, 220.0)
        );
    }
}
