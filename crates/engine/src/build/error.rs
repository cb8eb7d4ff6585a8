//! Why a build fails: BuildKit's text, the place, the step.

use layerlab_dockerfile::Diagnostic;

use crate::error::ApiError;

/// Why a build fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildError {
    /// BuildKit's message, behind `failed to solve: `.
    pub message: String,
    /// What the step itself says, if that is another.
    pub step_message: Option<String>,
    /// First and last line, from 1.
    pub lines: Option<(u32, u32)>,
    /// The client went away.
    pub canceled: bool,
}

impl BuildError {
    /// With a place.
    pub fn at(message: impl Into<String>, lines: (u32, u32)) -> Self {
        Self { message: message.into(), lines: Some(lines), ..Self::default() }
    }
    /// Without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }
    /// The client went away.
    pub fn canceled() -> Self {
        Self { message: "context canceled".to_owned(), canceled: true, ..Self::default() }
    }
}

impl From<&Diagnostic> for BuildError {
    fn from(d: &Diagnostic) -> Self {
        let lines = (*d.lines.start(), *d.lines.end());
        Self { message: d.message.clone(), lines: (lines.0 > 0).then_some(lines), ..Self::default() }
    }
}

impl From<ApiError> for BuildError {
    fn from(e: ApiError) -> Self {
        Self::new(e.message)
    }
}

impl From<layerlab_kernel::Errno> for BuildError {
    fn from(e: layerlab_kernel::Errno) -> Self {
        Self::new(crate::error::lower(e))
    }
}
