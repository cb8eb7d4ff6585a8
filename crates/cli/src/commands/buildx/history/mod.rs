//! `docker buildx history …`, one file a verb (buildx `commands/history`).

pub(crate) mod attachment;
pub(crate) mod elsewhere;
mod filter;
pub(crate) mod inspect;
pub(crate) mod logs;
pub(crate) mod ls;
mod name;
pub(crate) mod rm;

use layerlab_api::history::Record;
use layerlab_api::query::Query;

use super::builders::{self, Builder};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::quote;

/// How many records of a builder are looked at.
const LIMIT: usize = 50;

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: {what}"))
}

/// The daemon's refusal in buildx's form, for BuildKit's errors come through no REST API there.
fn refused(e: CliError) -> CliError {
    let why = e.message.strip_prefix("Error response from daemon: ").unwrap_or(&e.message);
    CliError { message: format!("ERROR: {why}"), ..e }
}

/// A builder whose records are looked at.
struct History<'a> {
    cli: &'a Cli,
    builder: Builder,
}

impl<'a> History<'a> {
    /// Of the builder that the command line means; it is booted if it does not run.
    async fn open(cli: &'a Cli, p: &Parsed) -> Result<Self, CliError> {
        let builder = builders::wanted(cli, p).await?;
        builders::boot_shown(cli, &builder).await?;
        Ok(Self { cli, builder })
    }

    fn query(&self) -> Query {
        match builders::at(&self.builder) {
            own if own.is_empty() => Query::default(),
            at => Query::default().with("builder", at),
        }
    }

    fn path(reference: &str, what: &str) -> String {
        format!("/build/history/{}{what}", layerlab_api::query::encode(reference))
    }

    /// `builder/node/ref`.
    fn full_ref(&self, r: &Record) -> String {
        builders::full_ref(&self.builder, &r.reference)
    }

    /// Where Docker Desktop would show it.
    fn url(&self, r: &Record) -> String {
        format!("docker-desktop://dashboard/build/{}", self.full_ref(r))
    }

    /// All records, newest first.
    async fn records(&self) -> Result<Vec<Record>, CliError> {
        let mut all: Vec<Record> = self.cli.get("/build/history", self.query()).await.map_err(refused)?;
        all.sort_by_key(|r| std::cmp::Reverse(r.created_at));
        all.truncate(LIMIT);
        Ok(all)
    }

    /// The record that is meant: by its name, by `^N` (the one N before the newest), or the newest.
    async fn find(&self, given: &str) -> Result<Record, CliError> {
        let all = self.records().await?;
        let found = match given.strip_prefix('^') {
            Some(n) => {
                let wrong = |why: &str| {
                    failed(format!("invalid offset {}: strconv.Atoi: parsing {}: {why}", quote(given), quote(n)))
                };
                let offset: i64 = n.parse().map_err(|_| wrong("invalid syntax"))?;
                let left = offset.saturating_sub(i64::try_from(all.len()).unwrap_or(i64::MAX));
                if left > 0 {
                    return Err(failed(format!("no completed build found with offset {left}")));
                }
                all.into_iter().nth(usize::try_from(offset).unwrap_or(0))
            }
            None if given.is_empty() => all.into_iter().next(),
            None => all.into_iter().find(|r| r.reference == given),
        };
        found.ok_or_else(|| match given {
            "" => failed("no records found"),
            _ => failed(format!("no record found for ref {}", quote(given))),
        })
    }

    /// The bytes of an attachment.
    async fn blob(&self, r: &Record, digest: &str) -> Result<Vec<u8>, CliError> {
        let path = Self::path(&r.reference, &format!("/blob/{digest}"));
        self.cli.get_bytes(&path, self.query()).await.map_err(refused)
    }
}

/// `1.4s`, `1m  1s`; of nanoseconds.
fn duration(nanos: i64) -> String {
    if nanos < 60_000_000_000 {
        return format!("{:.1}s", nanos as f64 / 1e9);
    }
    let seconds = nanos / 1_000_000_000;
    format!("{}m {:2}s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    #[test]
    fn durations_as_buildx() {
        assert_eq!(super::duration(1_449_000_000), "1.4s");
        assert_eq!(super::duration(61_200_000_000), "1m  1s");
    }
}
