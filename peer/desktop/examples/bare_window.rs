//! The barest window of the toolkit, a few words and nothing behind them, which tells its frames: what `./justw bench window`
//! compares the client's with.

use druid::widget::Label;
use druid::{AppLauncher, PlatformError, Size, WidgetExt, WindowDesc};
use hutong_desktop::frames::{self, Shown, Timed};

fn main() -> Result<(), PlatformError> {
    frames::tell();
    let words = Label::new("胡同 Hutong").center();
    let timed = Timed::new(words, |(): &()| Shown::default());
    let window = WindowDesc::new(timed).window_size(Size::new(1000.0, 680.0));
    AppLauncher::with_window(window).launch(())
}
