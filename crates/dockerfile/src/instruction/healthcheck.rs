//! `HEALTHCHECK`

use super::flags::{Flags, Shape};
use super::read::Problem;
use crate::ast::Node;
use crate::duration;
use crate::quote::quote;

/// Docker takes no interval below a millisecond (but 0, the default).
const MINIMUM: i64 = 1_000_000;

/// `HEALTHCHECK`. Times are nanoseconds; 0 means the default of the engine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Healthcheck {
    /// What is run.
    pub test: HealthcheckTest,
    /// `--interval=`
    pub interval: i64,
    /// `--timeout=`
    pub timeout: i64,
    /// `--start-period=`
    pub start_period: i64,
    /// `--start-interval=`
    pub start_interval: i64,
    /// `--retries=`
    pub retries: u32,
}

/// What a health check runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HealthcheckTest {
    /// `NONE`: switches off what the base image has.
    None,
    /// `CMD command`, by the shell.
    Shell(String),
    /// `CMD ["command"]`
    Exec(Vec<String>),
}

impl Healthcheck {
    /// The list in the image config: `["CMD-SHELL", "…"]`, `["CMD", …]`, `["NONE"]`.
    #[must_use]
    pub fn test_words(&self) -> Vec<String> {
        match &self.test {
            HealthcheckTest::None => vec!["NONE".into()],
            HealthcheckTest::Shell(command) => vec!["CMD-SHELL".into(), command.clone()],
            HealthcheckTest::Exec(words) => std::iter::once("CMD".to_owned()).chain(words.iter().cloned()).collect(),
        }
    }
}

pub(super) fn read(node: &Node) -> Result<Healthcheck, Problem> {
    let Some((kind, words)) = node.args.split_first() else {
        return Err(Problem::at_least_one("HEALTHCHECK"));
    };
    let kind = kind.to_uppercase();
    let off = |test| Healthcheck { test, interval: 0, timeout: 0, start_period: 0, start_interval: 0, retries: 0 };
    if kind == "NONE" {
        if !words.is_empty() {
            return Err(Problem::arguments("HEALTHCHECK NONE takes no arguments"));
        }
        return Ok(off(HealthcheckTest::None));
    }
    let flags = Flags::parse(
        &node.flags,
        &[
            ("interval", Shape::Text),
            ("retries", Shape::Text),
            ("start-interval", Shape::Text),
            ("start-period", Shape::Text),
            ("timeout", Shape::Text),
        ],
    )?;
    if kind != "CMD" {
        let message = format!("Unknown type {} in HEALTHCHECK (try CMD)", quote(&kind));
        return Err(Problem::arguments(message));
    }
    if words.is_empty() {
        return Err(Problem::arguments("Missing command after HEALTHCHECK CMD"));
    }
    let test = if node.json { HealthcheckTest::Exec(words.to_vec()) } else { HealthcheckTest::Shell(words.join(" ")) };
    Ok(Healthcheck {
        interval: interval(&flags, "interval")?,
        timeout: interval(&flags, "timeout")?,
        start_period: interval(&flags, "start-period")?,
        start_interval: interval(&flags, "start-interval")?,
        retries: retries(&flags)?,
        ..off(test)
    })
}

fn interval(flags: &Flags, name: &str) -> Result<i64, Problem> {
    let Some(text) = flags.text(name) else {
        return Ok(0);
    };
    let value = duration::parse(&text).map_err(Problem::arguments)?;
    if value != 0 && value < MINIMUM {
        return Err(Problem::arguments(format!("Interval {} cannot be less than 1ms", quote(name))));
    }
    Ok(value)
}

fn retries(flags: &Flags) -> Result<u32, Problem> {
    let Some(text) = flags.text("retries") else {
        return Ok(0);
    };
    let wrong = |cause| Problem::arguments(format!("strconv.ParseInt: parsing {}: {cause}", quote(&text)));
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong("invalid syntax"));
    }
    let value: i32 = text.parse().map_err(|_| wrong("value out of range"))?;
    u32::try_from(value).map_err(|_| Problem::arguments(format!("--retries cannot be negative ({value})")))
}
