//! A picture of the disk, as large as there is room, never larger than it is.

use crate::model::AppState;
use crate::pictures::{self, Fit, Key, Sight, Watch};
use druid::RenderContext;
use druid::piet::InterpolationMode;
use druid::widget::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// Edge of what stands for a picture that is still read, in pixels.
const WAITING_EDGE: f64 = 64.0;

/// The picture at this path.
pub fn large(path: Arc<PathBuf>) -> impl Widget<AppState> {
    PictureView {
        key: Key {
            path,
            fit: Fit::Large,
        },
        watch: Watch::default(),
    }
}

struct PictureView {
    key: Key,
    watch: Watch,
}

impl Widget<AppState> for PictureView {
    fn event(&mut self, ctx: &mut EventCtx, event: &Event, _: &mut AppState, _: &Env) {
        if let Event::Timer(token) = event {
            if self.watch.rang(*token) {
                ctx.request_layout();
            }
            self.watch.follow(|after| ctx.request_timer(after));
        }
    }

    fn lifecycle(&mut self, _: &mut LifeCycleCtx, _: &LifeCycle, _: &AppState, _: &Env) {}

    fn update(&mut self, _: &mut UpdateCtx, _: &AppState, _: &AppState, _: &Env) {}

    fn layout(&mut self, ctx: &mut LayoutCtx, bc: &BoxConstraints, _: &AppState, _: &Env) -> Size {
        let sight = pictures::with(|pictures| pictures.look(&self.key));
        self.watch.follow(|after| ctx.request_timer(after));
        let own = match sight {
            Sight::Ready(size) => size,
            Sight::Waits | Sight::Broken => Size::new(WAITING_EDGE, WAITING_EDGE),
        };
        let room = bc.max();
        let fit = (room.width / own.width)
            .min(room.height / own.height)
            .min(1.0);
        bc.constrain(own * fit)
    }

    fn paint(&mut self, ctx: &mut PaintCtx, _: &AppState, _: &Env) {
        let rect = ctx.size().to_rect();
        if let Some(image) = pictures::with(|pictures| pictures.image(&self.key, ctx)) {
            ctx.draw_image(&image, rect, InterpolationMode::Bilinear);
        }
    }
}
