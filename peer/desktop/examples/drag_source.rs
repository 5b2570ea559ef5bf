//! A window out of which a file can be dragged into another one, as from a file manager: `cargo run -p hutong-desktop --example
//! drag_source -- FILE`.
//!
//! Tells on standard output, as lines of JSON, when somebody takes the file and when the drag has ended.

#[cfg(target_os = "linux")]
mod linux {
    use gtk::gdk;
    use gtk::glib;
    use gtk::prelude::*;
    use std::io::Write;
    use std::path::PathBuf;

    fn tell(what: &str) {
        let line = serde_json::json!({"what": what});
        // Nobody may listen any more.
        let _ = writeln!(std::io::stdout(), "{line}");
    }

    /// Opens the window and returns when it is closed.
    pub(super) fn run() -> anyhow::Result<()> {
        let named = std::env::args_os().nth(1).map(PathBuf::from);
        let path = named.ok_or_else(|| anyhow::anyhow!("name a file"))?;
        let uri = glib::filename_to_uri(path.canonicalize()?, None)?;
        gtk::init()?;
        let window = gtk::Window::new(gtk::WindowType::Toplevel);
        window.set_title("Drag source");
        window.set_default_size(160, 120);
        let ground = gtk::EventBox::new();
        ground.add(&gtk::Label::new(Some("📄")));
        ground.drag_source_set(
            gdk::ModifierType::BUTTON1_MASK,
            &[],
            gdk::DragAction::COPY | gdk::DragAction::MOVE,
        );
        ground.drag_source_add_uri_targets();
        ground.connect_drag_data_get(move |_, _, data, _, _| {
            data.set_uris(&[uri.as_str()]);
            tell("taken");
        });
        ground.connect_drag_end(|_, _| tell("ended"));
        window.add(&ground);
        window.connect_delete_event(|_, _| {
            gtk::main_quit();
            Inhibit(false)
        });
        window.show_all();
        gtk::main();
        Ok(())
    }
}

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    linux::run()
}

/// Elsewhere a file manager does.
#[cfg(not(target_os = "linux"))]
fn main() {}
