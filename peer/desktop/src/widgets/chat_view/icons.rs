//! Small drawings: a sheet for a file, an arrow, a picture's frame. All fit a square of one and are scaled and moved.

use druid::Rect;
use druid::kurbo::{Affine, BezPath, Circle, Shape};

fn placed(path: BezPath, rect: Rect) -> BezPath {
    Affine::translate(rect.origin().to_vec2())
        * Affine::scale_non_uniform(rect.width(), rect.height())
        * path
}

/// A sheet of paper whose upper right corner is folded, and the fold.
pub(super) fn sheet(rect: Rect) -> (BezPath, BezPath) {
    let (width, height) = (rect.width(), rect.height());
    let (fold, round) = (width * 0.3, width * 0.1);
    let mut paper = BezPath::new();
    paper.move_to((round, 0.0));
    paper.line_to((width - fold, 0.0));
    paper.line_to((width, fold));
    paper.line_to((width, height - round));
    paper.quad_to((width, height), (width - round, height));
    paper.line_to((round, height));
    paper.quad_to((0.0, height), (0.0, height - round));
    paper.line_to((0.0, round));
    paper.quad_to((0.0, 0.0), (round, 0.0));
    paper.close_path();
    let mut corner = BezPath::new();
    corner.move_to((width - fold, 0.0));
    corner.line_to((width, fold));
    corner.line_to((width - fold + round, fold));
    corner.quad_to((width - fold, fold), (width - fold, fold - round));
    corner.close_path();
    let moved = Affine::translate(rect.origin().to_vec2());
    (moved * paper, moved * corner)
}

/// An arrow down, to be stroked.
pub(super) fn arrow_down(rect: Rect) -> BezPath {
    let mut path = BezPath::new();
    path.move_to((0.5, 0.05));
    path.line_to((0.5, 0.92));
    path.move_to((0.12, 0.55));
    path.line_to((0.5, 0.93));
    path.line_to((0.88, 0.55));
    placed(path, rect)
}

/// Mountains and a sun in a frame, to be stroked.
pub(super) fn picture(rect: Rect) -> BezPath {
    let mut path = Rect::new(0.0, 0.1, 1.0, 0.9)
        .to_rounded_rect(0.1)
        .to_path(0.01);
    path.extend(Circle::new((0.3, 0.36), 0.09).to_path(0.01).iter());
    path.move_to((0.04, 0.8));
    path.line_to((0.36, 0.54));
    path.line_to((0.56, 0.7));
    path.line_to((0.74, 0.46));
    path.line_to((0.97, 0.7));
    placed(path, rect)
}

/// A speech bubble, to be stroked.
pub(super) fn speech(rect: Rect) -> BezPath {
    let mut path = BezPath::new();
    path.move_to((0.2, 0.1));
    path.line_to((0.8, 0.1));
    path.quad_to((1.0, 0.1), (1.0, 0.3));
    path.line_to((1.0, 0.55));
    path.quad_to((1.0, 0.75), (0.8, 0.75));
    path.line_to((0.45, 0.75));
    path.line_to((0.22, 0.95));
    path.line_to((0.22, 0.75));
    path.quad_to((0.0, 0.75), (0.0, 0.55));
    path.line_to((0.0, 0.3));
    path.quad_to((0.0, 0.1), (0.2, 0.1));
    path.close_path();
    path.move_to((0.25, 0.35));
    path.line_to((0.75, 0.35));
    path.move_to((0.25, 0.52));
    path.line_to((0.55, 0.52));
    placed(path, rect)
}
