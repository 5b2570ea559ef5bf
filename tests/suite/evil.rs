//! A rendezvous that lies and peers that are evil: who notices, and what a person is told. One test per case.
//!
//! The table of all cases is written to `target/evil.md` by the last test here, from the rows that the cases made.

#![expect(
    clippy::unwrap_used,
    reason = "the cases are tests, which a list plays instead of the harness"
)]

/// Makes a test of each case, and the list of all of them for the table. A case runs once, whoever asks first.
macro_rules! cases {
    ($($name:ident,)+) => {
        pub(super) static CASES: std::sync::LazyLock<Vec<hutong_tests::harness::evil::trial::Case>> =
            std::sync::LazyLock::new(|| {
                vec![$(hutong_tests::harness::evil::trial::Case {
                    name: stringify!($name),
                    play: $name,
                    row: std::sync::OnceLock::new(),
                },)+]
            });

        mod case {
            $(
                #[test]
                fn $name() {
                    let all = super::CASES.iter();
                    let mut named = all.filter(|case| case.name == stringify!($name));
                    named.next().expect("it is in the list").row();
                }
            )+
        }
    };
}

mod groups;
mod hints;
mod identities;
mod mail;
mod peers;
mod rules;
mod standing;

use hutong_tests::harness::evil::trial::table;

#[test]
fn the_table_of_who_detects_what_is_written() {
    let tables = [
        table("The rendezvous lies about contacts", &identities::CASES),
        table(
            "The rendezvous lies about itself and the own account",
            &standing::CASES,
        ),
        table("The rendezvous lies about mail and people", &mail::CASES),
        table("Peers", &peers::CASES),
        table("Groups and announcements", &groups::CASES),
        table("Limits and rules that receivers hold", &rules::CASES),
        table("Hints, and everything again", &hints::CASES),
    ];
    let text = format!("# Who detects what\n\n{}\n", tables.join("\n"));
    hutong_fixtures::report::write("evil.md", &text);
}
