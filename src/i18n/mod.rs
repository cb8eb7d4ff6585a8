//! What the page says, in German and English. Every text is a method of [`Lang`] made by `texts!`,
//! which demands both forms: a missing one does not compile.

mod causes;
mod deeds;
mod numbers;
mod texts;

pub(crate) use numbers::{duration, size};

use leptos::prelude::*;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lang {
    /// German, with "du".
    De,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// As in `lang="…"`.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// The first that the page has of a list of BCP 47 tags.
    pub(crate) fn best_of<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        tags.into_iter()
            .find_map(|tag| match tag.get(..2) {
                Some("de") => Some(Self::De),
                Some("en") => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// The language in force.
pub(crate) fn use_lang() -> RwSignal<Lang> {
    expect_context()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_we_have_wins() {
        assert_eq!(Lang::best_of(["fr-FR", "de-AT", "en"]), Lang::De);
        assert_eq!(Lang::best_of(["fr"]), Lang::En);
    }
}
