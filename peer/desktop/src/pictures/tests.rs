//! What is decoded, what is not, and what is let go.

use super::*;
use image::{Rgba, RgbaImage};

fn png(folder: &std::path::Path, name: &str, (width, height): (u32, u32)) -> Key {
    let path = folder.join(name);
    RgbaImage::from_pixel(width, height, Rgba([9, 99, 199, 255]))
        .save(&path)
        .unwrap();
    Key {
        path: Arc::new(path),
        fit: Fit::Inline,
    }
}

#[test]
fn a_picture_waits_and_is_then_ready_with_its_own_measures() {
    let folder = tempfile::tempdir().unwrap();
    let key = png(folder.path(), "a.png", (1_200, 300));
    let mut pictures = Pictures::new(1 << 20);
    assert_eq!(pictures.look(&key), Sight::Waits);
    assert!(pictures.are_waiting());
    pictures.settle();
    assert_eq!(pictures.look(&key), Sight::Ready(Size::new(1_200.0, 300.0)));
    assert_eq!(pictures.bytes, 560 * 140 * 4);
    assert!(!pictures.are_waiting());
}

#[test]
fn what_is_no_picture_is_broken_and_not_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("b.png"), b"\x89PNG\r\n\x1a\nno").unwrap();
    let mut pictures = Pictures::new(1 << 20);
    for name in ["b.png", "missing.png", "."] {
        let key = Key {
            path: Arc::new(folder.path().join(name)),
            fit: Fit::Inline,
        };
        pictures.look(&key);
        pictures.settle();
        assert_eq!(pictures.look(&key), Sight::Broken, "{name}");
        assert!(!pictures.are_waiting());
    }
}

/// A header that promises 60 000 × 60 000 pixels costs nothing.
#[test]
fn a_header_that_promises_too_much_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let key = png(folder.path(), "c.png", (4, 4));
    let mut bytes = std::fs::read(&*key.path).unwrap();
    bytes.splice(16..24, [0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    std::fs::write(&*key.path, bytes).unwrap();
    assert!(decoding::decode(&key.path, Fit::Inline).is_none());
}

#[test]
fn the_longest_unseen_pixels_go_first_and_come_back_when_they_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    let keys = ["a.png", "b.png", "c.png"].map(|name| png(folder.path(), name, (100, 100)));
    let mut pictures = Pictures::new(2 * 100 * 100 * 4);
    for key in &keys {
        pictures.look(key);
        pictures.settle();
    }
    let has =
        |pictures: &Pictures, key: &Key| pictures.entries.get(key).unwrap().pixels.bytes() > 0;
    assert_eq!(
        [0, 1, 2].map(|i| has(&pictures, &keys[i])),
        [false, true, true]
    );
    // Its measures are still known, so no row changes its height.
    assert_eq!(
        pictures.look(&keys[0]),
        Sight::Ready(Size::new(100.0, 100.0))
    );
    pictures.settle();
    assert_eq!(
        [0, 1, 2].map(|i| has(&pictures, &keys[i])),
        [true, false, true]
    );
    assert!(pictures.bytes <= pictures.bytes_max);
}
