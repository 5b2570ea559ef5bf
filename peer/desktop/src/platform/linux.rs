//! Linux with GTK 3.
