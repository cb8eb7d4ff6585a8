//! Which shell is played: their languages and messages differ.

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// GNU bash.
    Bash,
    /// Debian's `/bin/sh`.
    Dash,
    /// Busybox's shell (Alpine's `/bin/sh`).
    Ash,
}

impl Dialect {
    /// By the name in the executable's program line; bash where unknown.
    pub fn parse(variant: &str) -> Self {
        match variant {
            "dash" => Self::Dash,
            "ash" | "busybox" => Self::Ash,
            _ => Self::Bash,
        }
    }
    /// Whether it is bash.
    pub fn is_bash(self) -> bool {
        self == Self::Bash
    }
}
