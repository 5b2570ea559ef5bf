//! What follows from what.
