//! Brings to its end what was begun while the window was brought up to date.
//!
//! druid does what it was told by commands, and tells its shell which text box types, only when something happens to the
//! window; an idle callback is no such thing. Until then keys would go where they went before.

use std::time::Duration;

/// A timer after this time is something that happens: `ctx.request_timer(AT_ONCE)`.
pub const AT_ONCE: Duration = Duration::ZERO;
