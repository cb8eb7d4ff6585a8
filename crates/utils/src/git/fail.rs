//! How git's commands end where they don't succeed.

use layerlab_kernel::Errno;

use crate::cli::Stop;

/// Why.
pub(super) enum Fail {
    /// `fatal: …`, exit code 128.
    Fatal(String),
    /// `error: …`, exit code 1.
    Error(String),
    /// All is said.
    Code(i32),
    /// Standard output cannot be written.
    Out(Stop),
}

/// A step's answer.
pub(super) type Git<T> = Result<T, Fail>;

impl From<Stop> for Fail {
    fn from(s: Stop) -> Self {
        Self::Out(s)
    }
}

/// `fatal: …`
pub(super) fn fatal<T>(text: impl Into<String>) -> Git<T> {
    Err(Fail::Fatal(text.into()))
}

/// `error: …`
pub(super) fn error<T>(text: impl Into<String>) -> Git<T> {
    Err(Fail::Error(text.into()))
}

/// A system call's error at a path.
pub(super) fn at(path: &str) -> impl Fn(Errno) -> Fail + '_ {
    move |e| Fail::Fatal(format!("could not open '{path}': {e}"))
}
