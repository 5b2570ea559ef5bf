//! People as the window shows them.

use druid::{ArcStr, Data, Lens};
use std::path::PathBuf;
use std::sync::Arc;

/// What stands for somebody in a circle: the picture, or the first letter of the name on a colour of their own.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct Face {
    /// Decides the colour: the account's login.
    pub login: ArcStr,
    /// Whose first letter is shown.
    pub name: ArcStr,
    /// Where the picture lies.
    #[data(same_fn = "PartialEq::eq")]
    pub picture: Option<Arc<PathBuf>>,
}
