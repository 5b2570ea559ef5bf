//! What a network or a computer drops without a word.

/// Rules of the system's packet filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// All UDP.
    NoUdp,
    /// UDP that comes in.
    NoUdpIn,
    /// UDP that goes out.
    NoUdpOut,
}

impl Wall {
    const fn hooks(self) -> &'static [&'static str] {
        match self {
            Self::NoUdp => &["input", "output"],
            Self::NoUdpIn => &["input"],
            Self::NoUdpOut => &["output"],
        }
    }

    /// For [`filter`](super::Namespace::filter).
    pub(super) fn rules(self) -> String {
        let chain = |hook: &&str| {
            format!(
                "chain {hook} {{ type filter hook {hook} priority 0; meta l4proto udp drop; }}\n"
            )
        };
        self.hooks().iter().map(chain).collect()
    }
}
