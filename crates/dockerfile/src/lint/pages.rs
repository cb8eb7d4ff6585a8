//! A page of explanation for each rule, in German and English: Markdown in `pages/`, with a bad and
//! a good example that the tests try.
//!
//! The pages are not part of [`Rule`](super::Rule), so that a program that never shows them does not
//! carry them.

/// A rule's page in both languages, as Markdown. The first line is a heading with the rule's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// German.
    pub de: &'static str,
    /// English.
    pub en: &'static str,
}

/// The page of the rule with this name.
#[must_use]
pub fn page(rule: &str) -> Option<Page> {
    PAGES.iter().find(|(name, _)| *name == rule).map(|(_, page)| *page)
}

macro_rules! pages {
    ($($name:literal $file:literal)*) => {
        &[$(($name, Page {
            de: include_str!(concat!("../../pages/", $file, ".de.md")),
            en: include_str!(concat!("../../pages/", $file, ".en.md")),
        })),*]
    };
}

static PAGES: &[(&str, Page)] = pages! {
    "ConsistentInstructionCasing" "consistent-instruction-casing"
    "CopyIgnoredFile" "copy-ignored-file"
    "DuplicateStageName" "duplicate-stage-name"
    "ExposeInvalidFormat" "expose-invalid-format"
    "ExposeProtoCasing" "expose-proto-casing"
    "FromAsCasing" "from-as-casing"
    "FromPlatformFlagConstDisallowed" "from-platform-flag-const-disallowed"
    "InvalidBaseImagePlatform" "invalid-base-image-platform"
    "InvalidDefaultArgInFrom" "invalid-default-arg-in-from"
    "InvalidDefinitionDescription" "invalid-definition-description"
    "JSONArgsRecommended" "json-args-recommended"
    "LegacyKeyValueFormat" "legacy-key-value-format"
    "MaintainerDeprecated" "maintainer-deprecated"
    "MultipleInstructionsDisallowed" "multiple-instructions-disallowed"
    "NoEmptyContinuation" "no-empty-continuation"
    "RedundantTargetPlatform" "redundant-target-platform"
    "ReservedStageName" "reserved-stage-name"
    "SecretsUsedInArgOrEnv" "secrets-used-in-arg-or-env"
    "StageNameCasing" "stage-name-casing"
    "UndefinedArgInFrom" "undefined-arg-in-from"
    "UndefinedVar" "undefined-var"
    "WorkdirRelativePath" "workdir-relative-path"
};
