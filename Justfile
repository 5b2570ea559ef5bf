# Everything that one does with this repository. `./justw` brings `just` if it is missing.

set positional-arguments
set shell := ["bash", "-euo", "pipefail", "-c"]

export PATH := justfile_directory() / ".tools/bin" + PATH_VAR_SEP + env("PATH")

deb_version := "3.8.0"
deny_version := "0.20.2"
fuzz_version := "0.13.2"
target := absolute_path(env("CARGO_TARGET_DIR", "target"))

# The desktop client links GTK; where that is missing, all else is built and tested without it.
packages := `pkg-config --exists gtk+-3.0 2>/dev/null && echo "--workspace" || echo "--workspace --exclude hutong-desktop"`

# List the recipes
[private]
default:
    @just --list --unsorted

# The main job, shown on this machine: register, befriend, chat, leave mail, send files; with a display, two windows too
[group("run")]
demo *options: binaries _window_on_display
    HUTONG_BIN="{{ target }}/debug" cargo run --quiet --locked --package hutong-tests --bin demo -- "$@"

# Open the window: `./justw gui`, and for a second person on this machine `./justw gui --home ./bob`
[group("run")]
gui *options: binaries
    cargo run --quiet --locked --package hutong-desktop -- "$@"

# An invented class of twelve on this machine, and a window into it; `--keep DIR` keeps the class and comes back to it
[group("run")]
gui-demo *options: binaries
    cargo build --quiet --locked --package hutong-desktop --bins
    HUTONG_BIN="{{ target }}/debug" cargo run --quiet --locked --package hutong-tests --bin gui_demo -- "$@"

# Start a rendezvous: `./justw serve --data ./rendezvous-data`
[group("run")]
serve *options:
    cargo run --quiet --locked --package hutong-rendezvous -- serve "$@"

# Start a client that speaks JSON lines: `./justw agent --home ./alice`
[group("run")]
agent *options:
    cargo run --quiet --locked --package hutong -- agent "$@"

# Speed and memory of the real programs beside bare ones: `./justw bench file --size 4GiB`; reports in target/bench
[group("prove")]
bench *options:
    cargo build --release --quiet --locked {{ packages }} --bins --examples
    HUTONG_BIN="{{ target }}/release" "{{ target }}/release/bench" "$@"

# Everything that must hold before a change is published; options go to `cargo test`
[group("prove")]
test *options: check deny binaries _window
    cargo test {{ packages }} --locked --quiet --doc
    @# Windows and measurements want the machine for themselves: keys and pictures are real there, and so is the time that
    @# they take.
    @export HUTONG_BIN="{{ target }}/debug"; set -x; if [ $# -gt 0 ]; then \
        cargo test {{ packages }} --locked --no-fail-fast --lib --bins --tests "$@"; \
    else \
        cargo test {{ packages }} --locked --no-fail-fast --lib --bins --tests -- --skip desks:: --skip windows:: --skip bench::every; \
        cargo test {{ packages }} --locked --test suite -- --test-threads 1 desks:: windows:: bench::every; \
    fi

# Format, lints and documentation, all without a warning
[group("prove")]
check: fmt-check clippy doc

[private]
fmt-check:
    cargo fmt --all --check

# A 4 GiB file between two programs of which one is killed twenty times: identical, and less than 2 % sent again
[group("prove")]
prove-files *options:
    cargo build --locked --release --bins
    HUTONG_BIN="{{ target }}/release" "{{ target }}/release/prove_files" "$@"

# Lints of every package and its tests
[group("prove")]
clippy:
    cargo clippy {{ packages }} --all-targets --locked -- -D warnings

# Build the documentation, private items too
[group("prove")]
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc {{ packages }} --no-deps --document-private-items --locked

# Licences, sources and banned crates
[group("prove")]
deny: _cargo-deny
    cargo deny --locked --log-level error check bans licenses sources

# Security advisories of the crates in use; fetches their database, so it is not part of `test`
[group("prove")]
advisories: _cargo-deny
    cargo deny --locked --log-level error check advisories

[private]
_cargo-deny:
    @[ "$(cargo deny --version 2>/dev/null)" = "cargo-deny {{ deny_version }}" ] || \
        cargo install --debug --locked --force --root .tools cargo-deny --version {{ deny_version }}

# Fuzz one reader of foreign bytes: `./justw fuzz client_frame 60`; without a name, list them. Needs a C++ compiler
[group("prove")]
fuzz reader="" seconds="60": _cargo-fuzz
    tests/fuzz/run "{{ target }}" "$@"

# 10 000 hostile inputs of each kind at both ports of the real programs: `./justw prove-hostile`
[group("prove")]
prove-hostile count="10000": binaries
    HUTONG_BIN="{{ target }}/debug" cargo run --quiet --locked --package hutong-tests --bin prove -- hostile {{ count }}

# Floods of a rendezvous, with 50 honest clients meanwhile: `./justw prove-floods 60`; in a network of its own if allowed
[group("prove")]
prove-floods seconds="60" name="":
    cargo build --locked --release --bins
    HUTONG_BIN="{{ target }}/release" cargo run --quiet --locked --release --package hutong-tests --bin prove -- \
        floods {{ seconds }} "{{ name }}"

# A class of real clients on this machine: all come in, all speak, a third is away meanwhile: `./justw prove-class 60`
[group("prove")]
prove-class count="60":
    cargo build --locked --release {{ packages }} --bins --examples
    HUTONG_BIN="{{ target }}/release" "{{ target }}/release/prove" class {{ count }}

# A school that comes into one class, in the world of the tests: what goes over the wire: `./justw prove-school 1000`
[group("prove")]
prove-school members="1000":
    cargo build --locked --release {{ packages }} --bins --examples
    "{{ target }}/release/prove" school {{ members }}

[private]
_cargo-fuzz:
    @[ "$(cargo fuzz --version 2>/dev/null)" = "cargo-fuzz {{ fuzz_version }}" ] || \
        cargo install --debug --locked --force --root .tools cargo-fuzz --version {{ fuzz_version }}

# Debian packages in target/debian: `hutong` (terminal client, rendezvous) and `hutong-desktop`, which alone needs GTK
[group("package")]
deb: _cargo-deb
    @# All packages, as for `bench`: with fewer of them crates have other features and are built anew, GTK too.
    cargo build --locked --release --workspace --bins
    cargo deb --locked --no-build --package hutong
    cargo deb --locked --no-build --package hutong-desktop
    @ls -l "{{ target }}"/debian/*.deb

[private]
_cargo-deb:
    @[ "$(cargo deb --version 2>/dev/null)" = "{{ deb_version }}" ] || \
        cargo install --debug --locked --force --root .tools cargo-deb --version {{ deb_version }}

# A folder for Windows as a zip: the window, the terminal client, the rendezvous; where a toolchain for it can be had
[group("package")]
windows:
    peer/desktop/packaging/windows "{{ target }}"

# Format all sources
[group("change")]
fmt:
    cargo fmt --all

# The programs that the demo and the tests start
[private]
binaries:
    cargo build --locked --bins

# The window, where somebody would see it
[private]
_window_on_display:
    @if [ "{{ packages }}" = "--workspace" ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then \
        cargo build --quiet --locked --package hutong-desktop --bins; \
    fi

# The window and the example that its tests drive; CI must have both
[private]
_window:
    @if [ "{{ packages }}" = "--workspace" ]; then \
        cargo build --locked --package hutong-desktop --bins --examples; \
    elif [ -n "${CI:-}" ]; then \
        echo "just: GTK is missing (libgtk-3-dev): the desktop client cannot be tested" >&2; exit 1; \
    else \
        echo "just: goes on without the desktop client, as GTK is missing (libgtk-3-dev)" >&2; \
    fi
