//! Packages that `pip` installs: our own small forms of them, as Python source.

/// A distribution's files, relative to `site-packages`.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// The distribution's name, as pip shows it.
    pub name: &'static str,
    /// The version of the real distribution that it stands for.
    pub version: &'static str,
    /// Path below `site-packages`, and content.
    pub files: &'static [(&'static str, &'static str)],
}

/// All packages.
pub fn packages() -> &'static [Package] {
    &[]
}
