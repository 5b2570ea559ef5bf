//! `hutong-desktop`: the window for people.

fn main() {}
