//! `# check=skip=A,B;error=true;experimental=all`

use super::Rule;
use crate::ast::Ast;
use crate::quote::quote;

/// Which checks run, and whether a finding stops the build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Config {
    /// `skip=all`
    pub skip_all: bool,
    /// `skip=A,B`
    pub skip: Vec<String>,
    /// `experimental=all`
    pub experimental_all: bool,
    /// `experimental=A,B`
    pub experimental: Vec<String>,
    /// `error=true`: a build with findings fails.
    pub error: bool,
}

impl Config {
    /// The settings of a file's `# check=`.
    ///
    /// # Errors
    /// As [`Config::parse`].
    pub fn of(ast: &Ast) -> Result<Self, String> {
        match &ast.directives.check {
            // Behind a blank is a comment.
            Some(check) => Self::parse(check.value.split(' ').next().unwrap_or_default()),
            None => Ok(Self::default()),
        }
    }

    /// Reads `skip=…;error=…;experimental=…`.
    ///
    /// # Errors
    /// BuildKit's message for an unknown or incomplete setting.
    pub fn parse(text: &str) -> Result<Self, String> {
        let failed = |cause: String| format!("failed to parse check options: {cause}");
        let mut config = Self::default();
        if text.trim().is_empty() {
            return Ok(config);
        }
        for part in text.trim().splitn(3, ';') {
            let Some((key, value)) = part.split_once('=') else {
                return Err(failed(format!("invalid check option {}", quote(part))));
            };
            let value = value.trim();
            let names = || value.split(',').map(|name| name.trim().to_owned()).collect();
            match key.trim() {
                "skip" if value == "all" => config.skip_all = true,
                "skip" => config.skip = names(),
                "experimental" if value == "all" => config.experimental_all = true,
                "experimental" => config.experimental = names(),
                "error" => match value {
                    "1" | "t" | "T" | "true" | "TRUE" | "True" => config.error = true,
                    "0" | "f" | "F" | "false" | "FALSE" | "False" => config.error = false,
                    _ => {
                        return Err(failed(format!(
                            "failed to parse check option {}: strconv.ParseBool: parsing {}: invalid syntax",
                            quote(part),
                            quote(value)
                        )));
                    }
                },
                key => return Err(failed(format!("invalid check option {}", quote(key)))),
            }
        }
        Ok(config)
    }

    /// The sentence that stops a build with `error=true` and findings.
    #[must_use]
    pub fn violation(&self, found: &[crate::Diagnostic]) -> Option<String> {
        let mut rules: Vec<&str> = found.iter().filter_map(|found| found.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        (self.error && !rules.is_empty()).then(|| format!("lint violation found for rules: {}", rules.join(", ")))
    }

    pub(super) fn runs(&self, rule: &Rule) -> bool {
        let listed = |names: &[String]| names.iter().any(|name| name == rule.name);
        if rule.experimental {
            self.experimental_all || listed(&self.experimental)
        } else {
            !self.skip_all && !listed(&self.skip)
        }
    }
}
