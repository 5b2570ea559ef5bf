//! Small widgets that screens are built from.
