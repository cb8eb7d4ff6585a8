//! Build checks: `docker build --check`, and the warnings of every build.
//!
//! A rule is one file in `rules/`, registered in [`RULES`]. It looks at the context, which has
//! walked through the stages as a build would, and adds findings.

mod check_report;
mod config;
mod context;
mod image_name;
mod pages;
mod rules;

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use crate::ast::Ast;
use crate::diagnostic::{Diagnostic, DiagnosticKind, Severity};
use crate::ignore::Ignore;

pub use check_report::check_report;
pub use config::Config;
use context::Context;
pub use pages::{Page, page};
pub use rules::RULES;

/// A build check.
#[derive(Debug)]
pub struct Rule {
    /// `StageNameCasing`
    pub name: &'static str,
    /// What it is about, in a sentence (shown by `docker --debug build`).
    pub description: &'static str,
    /// There is a page about it.
    pub documented: bool,
    /// Runs only if `# check=experimental=` asks for it.
    pub experimental: bool,
    check: fn(&Context<'_>, &mut Findings<'_>),
}

impl Rule {
    /// The rule with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        RULES.iter().copied().find(|rule| rule.name == name)
    }

    /// The page about the rule.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        if !self.documented {
            return None;
        }
        let letters: Vec<char> = self.name.chars().collect();
        let mut slug = String::new();
        for (at, c) in letters.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            let after_is_lower = letters.get(at + 1).is_some_and(|c| c.is_lowercase());
            if c.is_uppercase() && before.is_some_and(|b| b.is_lowercase() || after_is_lower) {
                slug.push('-');
            }
            slug.push(c.to_ascii_lowercase());
        }
        Some(format!("https://docs.docker.com/go/dockerfile/rule/{slug}/"))
    }
}

/// What is known of an image that a stage begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BaseImage {
    /// Environment, in order.
    pub env: Vec<(String, String)>,
    /// The image sets SHELL.
    pub has_shell: bool,
    /// `linux/amd64`, if known.
    pub platform: Option<String>,
}

/// What the checks must know of the build.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// `--build-arg`
    pub build_args: BTreeMap<String, String>,
    /// Platform of machine and build.
    pub platform: String,
    /// `--target`, for `$TARGETSTAGE`.
    pub target: Option<String>,
    /// Images by the name that FROM gives (after expansion). An unknown one has only `PATH`.
    pub images: BTreeMap<String, BaseImage>,
    /// `.dockerignore`
    pub ignore: Option<Ignore>,
    /// Instead of the file's `# check=`.
    pub config: Option<Config>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            build_args: BTreeMap::new(),
            platform: "linux/amd64".into(),
            target: None,
            images: BTreeMap::new(),
            ignore: None,
            config: None,
        }
    }
}

/// When BuildKit looks for it: findings are reported in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Lines,
    Instructions,
    StageNames,
    Casing,
    DefaultImages,
    Images,
    /// A FROM whose image has been looked up.
    Resolved,
    Steps,
}

/// Where in a phase: number of the stage (or line), of the instruction, of the item in it.
type Place = (Phase, usize, usize);

/// What one rule has found.
struct Findings<'a> {
    rule: &'static Rule,
    out: &'a mut Vec<(Place, Diagnostic)>,
}

impl Findings<'_> {
    fn add(&mut self, place: Place, lines: &RangeInclusive<u32>, span: &Range<usize>, message: impl Into<String>) {
        self.add_about(place, lines, span, None, message);
    }

    /// As [`Findings::add`], with the word that it is about.
    fn add_word(
        &mut self,
        place: Place,
        lines: &RangeInclusive<u32>,
        span: &Range<usize>,
        word: &str,
        message: impl Into<String>,
    ) {
        self.add_about(place, lines, span, Some(word.to_owned()), message);
    }

    fn add_about(
        &mut self,
        place: Place,
        lines: &RangeInclusive<u32>,
        span: &Range<usize>,
        word: Option<String>,
        message: impl Into<String>,
    ) {
        let diagnostic = Diagnostic {
            severity: Severity::Warning,
            kind: DiagnosticKind::Check,
            rule: Some(self.rule.name),
            message: message.into(),
            lines: lines.clone(),
            span: span.clone(),
            hint: None,
            word,
        };
        self.out.push((place, diagnostic));
    }
}

/// All that an editor shows of a file: the errors of the parser, of the instructions and of the
/// settings of the checks, and the checks' findings, by the place where they begin.
#[must_use]
pub fn findings(text: &str, options: &Options) -> Vec<Diagnostic> {
    let parsed = crate::parse(text);
    let mut all = parsed.diagnostics;
    all.extend(crate::stages(&parsed.ast).2);
    if let (Err(message), Some(check)) = (Config::of(&parsed.ast), &parsed.ast.directives.check) {
        let lines = check.line..=check.line;
        all.push(Diagnostic::error(DiagnosticKind::Directive, message, lines, check.span.clone()));
    }
    all.extend(lint(&parsed.ast, options));
    all.sort_by_key(|found| (found.span.start, found.severity == Severity::Warning));
    all
}

/// Runs the checks that the file's `# check=` (or `options.config`) leaves on, over all stages,
/// in the order in which BuildKit reports. A wrong `# check=` counts as none: [`Config::of`] says why.
#[must_use]
pub fn lint(ast: &Ast, options: &Options) -> Vec<Diagnostic> {
    let config = options.config.clone().unwrap_or_else(|| Config::of(ast).unwrap_or_default());
    let context = Context::new(ast, options);
    let mut found = Vec::new();
    for rule in RULES.iter().copied().filter(|rule| config.runs(rule)) {
        (rule.check)(&context, &mut Findings { rule, out: &mut found });
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}
