//! The icons read, stay on their grid, and are painted to a sheet for people to look at.

use super::*;
use crate::model::prefs::{Prefs, Shade};
use druid::WidgetExt;
use druid::kurbo::Shape as _;
use druid::tests::harness::Harness;
use druid::widget::{Flex, Padding};
use hutong_common::text::Lang;
use std::path::Path;

#[test]
fn every_shape_reads_and_stays_on_the_grid() {
    for (number, (shape, lines)) in DRAWINGS.iter().enumerate() {
        assert_eq!(*shape as usize, number, "{shape:?} stands in its place");
        let path = BezPath::from_svg(lines);
        assert!(path.is_ok(), "{shape:?}: {path:?}");
        let bounds = parsed(lines).bounding_box();
        let grid = Rect::new(1.9, 1.9, 22.1, 22.1);
        assert_eq!(grid.union(bounds), grid, "{shape:?}: {bounds:?}");
    }
}

fn sheet(edge: f64) -> impl Widget<()> {
    let mut rows = Flex::column();
    for drawings in DRAWINGS.chunks(9) {
        let mut row = Flex::row();
        for (shape, _) in drawings {
            row.add_child(Padding::new(theme::GRID, Icon::new(*shape).edge(edge)));
        }
        rows.add_child(row);
    }
    rows
}

/// Two sizes in both shades; `target/screens/icons.png`.
#[test]
fn the_sheet_is_painted() -> anyhow::Result<()> {
    let shade = |shade: Shade| {
        let both = Flex::row().with_child(sheet(48.0)).with_child(sheet(20.0));
        both.padding(theme::GRID)
            .background(theme::SURFACE)
            .env_scope(move |env, _| {
                let mut prefs = Prefs::new(Lang::En);
                prefs.shade = shade;
                theme::apply(env, &prefs);
            })
    };
    let widget = Flex::column()
        .with_child(shade(Shade::Light))
        .with_child(shade(Shade::Dark));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screens/icons.png");
    std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
    let (width, height) = (1000, 560);
    Harness::create_with_render(
        (),
        widget,
        Size::new(f64::from(width), f64::from(height)),
        |harness| {
            harness.send_initial_events();
            harness.just_layout();
            harness.paint();
        },
        |target| {
            // Nothing is transparent here, so it is the same before and after multiplying.
            let pixels = target.into_raw();
            let _ = image::save_buffer(&path, &pixels, width, height, image::ColorType::Rgba8);
        },
    );
    assert!(
        image::open(&path)?
            .to_rgba8()
            .pixels()
            .any(|pixel| pixel.0 != [255; 4])
    );
    Ok(())
}
