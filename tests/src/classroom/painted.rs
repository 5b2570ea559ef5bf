//! Pictures drawn on the spot: hills under a sun, each number its own.

use anyhow::Context;
use image::{Rgb, RgbImage};
use std::path::Path;

/// Colours of sky, sun and hills, as red, green and blue.
const MOODS: [[[u8; 3]; 4]; 6] = [
    [
        [250, 214, 165],
        [226, 109, 68],
        [120, 132, 104],
        [64, 92, 88],
    ],
    [
        [178, 216, 232],
        [250, 240, 190],
        [110, 160, 120],
        [58, 108, 92],
    ],
    [
        [236, 196, 206],
        [250, 236, 220],
        [156, 120, 150],
        [96, 76, 116],
    ],
    [[44, 58, 92], [240, 232, 200], [58, 84, 112], [30, 44, 66]],
    [
        [214, 228, 190],
        [244, 190, 84],
        [140, 164, 84],
        [84, 116, 62],
    ],
    [
        [200, 206, 222],
        [236, 120, 96],
        [128, 138, 170],
        [78, 88, 124],
    ],
];

/// Paints one of that many pixels.
pub(crate) fn paint(path: &Path, number: u8, (width, height): (u32, u32)) -> anyhow::Result<()> {
    let mood = MOODS
        .get(usize::from(number) % MOODS.len())
        .context("a mood")?;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let place = (
            f64::from(x) / f64::from(width),
            f64::from(y) / f64::from(height),
        );
        Rgb(colour(mood, f64::from(number), place))
    });
    Ok(picture.save(path)?)
}

/// The colour at a place, both from 0 to 1; hills before the sun, the sun before the sky.
fn colour([sky, sun, far, near]: &[[u8; 3]; 4], number: f64, (x, y): (f64, f64)) -> [u8; 3] {
    let hill = |height: f64, speed: f64| {
        height + 0.07 * (x * speed + number).sin() + 0.03 * (x * speed * 2.3 + number * 1.7).sin()
    };
    let centre = (0.3 + 0.4 * (number * 0.37).fract(), 0.34);
    if y > hill(0.78, 5.0) {
        *near
    } else if y > hill(0.62, 7.0) {
        *far
    } else if (x - centre.0).hypot(y - centre.1) < 0.15 {
        *sun
    } else {
        *sky
    }
}
