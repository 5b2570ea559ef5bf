//! Somebody's face: a circle with their picture, or the first letter of the name on a colour of their own, and a dot that
//! tells whether they are there. A group has a square with round corners, and two letters. Painted lists use a [`Portrait`]; everywhere else it is a widget.

use crate::model::groups::is_group;
use crate::model::home::ListRow;
use crate::model::people::Face;
use crate::pictures::{self, Fit, Watch};
use crate::theme;
use druid::kurbo::Circle;
use druid::piet::{
    Image, InterpolationMode, PietText, PietTextLayout, RenderContext, Text, TextLayout,
    TextLayoutBuilder,
};
use druid::widget::prelude::*;
use druid::{Color, FontDescriptor, Key, Point, Rect, Vec2};

/// A face that is ready to be painted.
#[derive(Clone)]
pub struct Portrait {
    letter: Option<PietTextLayout>,
    ground: Color,
    picture: Option<pictures::Key>,
    radius: f64,
    /// Of the corners.
    round: f64,
}

impl std::fmt::Debug for Portrait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Portrait({:?})", self.picture)
    }
}

impl Portrait {
    /// Prepares a face of that many pixels across; `font` gives the family.
    pub fn new(text: &mut PietText, face: &Face, across: f64, font: &FontDescriptor) -> Self {
        let is_group = is_group(&face.login);
        let (letters, size) = if is_group {
            (first_letters(&face.name, &face.login), 0.36)
        } else {
            (first_letter(&face.name, &face.login), 0.44)
        };
        let letter = text
            .new_text_layout(letters)
            .font(font.family.clone(), across * size)
            .default_attribute(font.weight)
            .text_color(theme::ON_FACE)
            .build();
        let picture = face.picture.clone().map(|path| pictures::Key {
            path,
            fit: Fit::Face,
        });
        if let Some(key) = &picture {
            pictures::with(|pictures| pictures.look(key));
        }
        let ground = theme::FACES[number_of(&face.login) % theme::FACES.len()];
        Self {
            letter: letter.ok(),
            ground,
            picture,
            radius: across / 2.0,
            round: across * if is_group { 0.25 } else { 0.5 },
        }
    }

    /// Paints it around `center`.
    pub fn paint(&self, ctx: &mut PaintCtx<'_, '_, '_>, center: Point) {
        let across = 2.0 * self.radius;
        let shape = Rect::from_center_size(center, (across, across)).to_rounded_rect(self.round);
        let image = self
            .picture
            .as_ref()
            .and_then(|key| pictures::with(|pictures| pictures.image(key, ctx)));
        if let Some(image) = image {
            let size = image.size();
            // The middle of it, as wide as high.
            let side = size.width.min(size.height);
            let middle = Rect::from_center_size((size / 2.0).to_vec2().to_point(), (side, side));
            ctx.with_save(|ctx| {
                ctx.clip(shape);
                ctx.draw_image_area(&image, middle, shape.rect(), InterpolationMode::Bilinear);
            });
            return;
        }
        ctx.fill(shape, &self.ground);
        if let Some(letter) = &self.letter {
            let size = letter.size();
            ctx.draw_text(letter, center - size.to_vec2() / 2.0);
        }
    }
}

fn can_be_seen(letter: &char) -> bool {
    letter.is_alphanumeric() || !letter.is_ascii() && !hutong_common::name::is_deceptive(*letter)
}

/// The first two letters of the name of a group, or what there is of one.
fn first_letters(name: &str, address: &str) -> String {
    let letters: String = name.chars().filter(can_be_seen).take(2).collect();
    if letters.is_empty() {
        first_letter(name, address)
    } else {
        letters
    }
}

/// The first letter of a name, or what there is of one.
fn first_letter(name: &str, login: &str) -> String {
    let first = |text: &str| text.chars().find(can_be_seen);
    let letter = first(name).or_else(|| first(login));
    letter.map_or_else(|| "?".to_owned(), |letter| letter.to_uppercase().collect())
}

/// The same number for the same login on every computer (FNV-1a).
fn number_of(login: &str) -> usize {
    let hash = login.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash as usize
}

/// Paints the dot at the lower right of a face with that center and width, on `ground`. Who is gone has none.
pub fn paint_dot(
    ctx: &mut PaintCtx<'_, '_, '_>,
    (center, across): (Point, f64),
    dot: &Color,
    ground: &Color,
) {
    let radius = (across * 0.13).max(4.0);
    let at = center + Vec2::new(1.0, 1.0) * (across / 2.0 - radius * 0.8);
    ctx.fill(Circle::new(at, radius + 2.0), ground);
    ctx.fill(Circle::new(at, radius), dot);
}

/// A face of that many pixels across at 100 %.
pub fn widget(across: f64) -> impl Widget<Face> {
    FaceView {
        across,
        face: |face: &Face| face,
        dot: |_| None,
        portrait: None,
        watch: Watch::default(),
    }
}

/// The same in a list, with a dot for who is there or away.
pub fn present(across: f64) -> impl Widget<ListRow> {
    FaceView {
        across,
        face: |row: &ListRow| &row.face,
        dot: |row| match (row.online, row.away) {
            (true, true) => Some(theme::AWAY),
            (true, false) => Some(theme::PRESENT),
            (false, _) => None,
        },
        portrait: None,
        watch: Watch::default(),
    }
}

/// A face as a widget.
struct FaceView<T> {
    across: f64,
    face: fn(&T) -> &Face,
    dot: fn(&T) -> Option<Key<Color>>,
    portrait: Option<Portrait>,
    watch: Watch,
}

impl<T: Data> Widget<T> for FaceView<T> {
    fn event(&mut self, ctx: &mut EventCtx<'_, '_>, event: &Event, _: &mut T, _: &Env) {
        if let Event::Timer(token) = event {
            if self.watch.rang(*token) {
                ctx.request_paint();
            }
            self.watch.follow(|after| ctx.request_timer(after));
        }
    }

    fn lifecycle(&mut self, _: &mut LifeCycleCtx<'_, '_>, _: &LifeCycle, _: &T, _: &Env) {}

    fn update(&mut self, ctx: &mut UpdateCtx<'_, '_>, old: &T, new: &T, _: &Env) {
        if (self.face)(old) != (self.face)(new) || ctx.env_changed() {
            self.portrait = None;
            ctx.request_layout();
            ctx.request_paint();
        } else if (self.dot)(old) != (self.dot)(new) {
            ctx.request_paint();
        }
    }

    fn layout(
        &mut self,
        ctx: &mut LayoutCtx<'_, '_>,
        _: &BoxConstraints,
        data: &T,
        env: &Env,
    ) -> Size {
        let across = self.across * env.get(theme::SCALE);
        if self.portrait.is_none() {
            let font = env.get(theme::STRONG);
            let portrait = Portrait::new(ctx.text(), (self.face)(data), across, &font);
            self.portrait = Some(portrait);
        }
        self.watch.follow(|after| ctx.request_timer(after));
        Size::new(across, across)
    }

    fn paint(&mut self, ctx: &mut PaintCtx<'_, '_, '_>, data: &T, env: &Env) {
        let size = ctx.size();
        let center = size.to_rect().center();
        if let Some(portrait) = &self.portrait {
            portrait.paint(ctx, center);
        }
        if let Some(dot) = (self.dot)(data) {
            let (dot, rim) = (env.get(dot), env.get(theme::SURFACE));
            paint_dot(ctx, (center, size.width), &dot, &rim);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_is_the_first_that_one_can_see() {
        for (name, login, letter) in [
            ("王小明", "xiaoming", "王"),
            ("  éric", "e", "É"),
            ("\u{200b}\u{202e}\u{200b}", "bob", "B"),
            ("_-_", "_", "?"),
            ("😀 fun", "fun", "😀"),
            ("", "", "?"),
            ("ß", "s", "SS"),
        ] {
            assert_eq!(first_letter(name, login), letter, "{name:?}");
        }
    }

    #[test]
    fn a_group_shows_the_first_two_letters_that_one_can_see() {
        for (name, letters) in [
            ("算法课", "算法"),
            ("a b", "ab"),
            ("\u{202e}\u{200b}", "G"),
            ("👩‍👩‍👧", "👩👩"),
            ("三", "三"),
        ] {
            assert_eq!(first_letters(name, "g:100001"), letters, "{name:?}");
        }
    }

    #[test]
    fn a_login_always_has_the_same_colour() {
        let colours: Vec<usize> = ["alice", "bob", "alice"]
            .map(|login| number_of(login) % theme::FACES.len())
            .to_vec();
        assert_eq!(colours[0], colours[2]);
    }
}
