//! `POST /build/prune`: `docker builder prune` (BuildKit `cache/manager.go`, `Prune`).

use std::collections::{BTreeMap, BTreeSet};

use layerlab_api::build::PruneReport;
use layerlab_api::filters::Filters;
use layerlab_api::system;
use layerlab_kernel::Sys;
use layerlab_oci::{Digest, Timestamp};

use super::cache::{Record, Which};
use crate::context::{Context, Reply, with};
use crate::error::ApiError;
use crate::state::EngineState;

/// Bytes that are free on the machine's disk.
const FREE: u64 = 40_000_000_000;

/// What goes, and what must stay.
#[derive(Clone, Debug, Default)]
struct Rules {
    /// Also what an image holds.
    all: bool,
    /// Used within so many seconds: stays.
    keep_seconds: Option<i64>,
    /// So many bytes stay, those that were used last; 0: no matter.
    keep_bytes: u64,
    /// All of them must fit.
    filters: Vec<Condition>,
}

/// A filter: a field of a record, and what it shall be (containerd `filters`, BuildKit `cache/manager.go`
/// `adaptUsageInfo`).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    field: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// It is so at all.
    Present,
    Is(String),
    IsNot(String),
    Matches(String),
}

impl Condition {
    fn fits(&self, line: &system::BuildCache) -> bool {
        let parents = line.parents.join(";");
        let (value, present) = match self.field.as_str() {
            "id" => (line.id.as_str(), true),
            "parents" | "parent" => (parents.as_str(), !line.parents.is_empty()),
            "description" => (line.description.as_str(), !line.description.is_empty()),
            "type" | "recordtype" => (line.kind.as_str(), true),
            "inuse" => ("", line.in_use),
            "mutable" => ("", line.mutable),
            "immutable" => ("", !line.mutable),
            "shared" => ("", line.shared),
            "private" => ("", !line.shared),
            _ => ("", false),
        };
        match &self.test {
            Test::Present => present,
            Test::Is(v) => present && value == v,
            Test::IsNot(v) => present && value != v,
            Test::Matches(v) => present && value.contains(v.as_str()),
        }
    }
}

/// The filters of a request.
///
/// # Errors
/// There is no such filter, or a time is none.
fn read(filters: &Filters, rules: &mut Rules) -> Result<(), ApiError> {
    for name in filters.0.keys() {
        let list: Vec<&str> = filters.get(name).collect();
        let value = list.first().copied().unwrap_or_default().to_owned();
        let field = name.trim_end_matches(['!', '~']);
        match field {
            "until" | "unused-for" => {
                let seconds = seconds(&value)
                    .ok_or_else(|| ApiError::bad(format!("\"{name}\" filter expects a duration (e.g., '24h')")))?;
                rules.keep_seconds = Some(seconds);
            }
            _ if list.len() > 1 => return Err(ApiError::bad("filters expect only one value")),
            "inuse" | "shared" | "private" | "immutable" | "mutable" => {
                let test = if matches!(value.as_str(), "" | "true" | "1") { Test::Present } else { Test::Is(value) };
                rules.filters.push(Condition { field: field.to_owned(), test });
            }
            "id" | "parents" | "parent" | "description" | "type" | "recordtype" => {
                let test = match name.chars().last() {
                    Some('!') => Test::IsNot(value),
                    Some('~') => Test::Matches(value),
                    _ if field == "id" || field == "description" => {
                        Test::Matches(value.trim_start_matches('~').to_owned())
                    }
                    _ => Test::Is(value),
                };
                rules.filters.push(Condition { field: field.to_owned(), test });
            }
            _ => return Err(ApiError::bad(format!("invalid filter '{name}'"))),
        }
    }
    Ok(())
}

/// How many bytes stay (BuildKit `calculateKeepBytes`).
fn keep_bytes(reserved: u64, max_used: u64, min_free: u64, total: u64, free: u64) -> u64 {
    let mut keep = max_used;
    let excess = min_free.saturating_sub(free);
    if excess > 0 {
        let rest = total.saturating_sub(excess).max(1);
        keep = if keep == 0 { rest } else { keep.min(rest) };
    }
    keep.max(reserved)
}

/// Drops cached results; without `all` those that no image holds.
///
/// # Errors
/// A filter that there isn't.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let _ = cx.body().await?;
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    let mut rules = Rules { all: cx.flag("all"), ..Rules::default() };
    read(&filters, &mut rules)?;
    let builder = cx.param("builder").to_owned();
    let records = records(&cx.sys, &builder).await?;
    let total: u64 = records.iter().map(|r| r.line.size.unsigned_abs()).sum();
    let bytes = |name: &str| cx.param(name).parse::<u64>().unwrap_or(0);
    let reserved = bytes("reserved-space").max(bytes("keep-storage"));
    rules.keep_bytes = keep_bytes(reserved, bytes("max-used-space"), bytes("min-free-space"), total, FREE);
    let sys = cx.sys.clone();
    let now = cx.now();
    let report = prune(&sys, &builder, &records, &rules, now).await?;
    cx.json(200, &report).await
}

/// `GET /build/cache`, our addition: the cache of a builder, as `docker buildx du` tells it.
///
/// # Errors
/// A filter that there isn't.
pub async fn list(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    let mut rules = Rules::default();
    read(&filters, &mut rules)?;
    let builder = cx.param("builder").to_owned();
    let now = cx.now();
    let lines: Vec<system::BuildCache> = records(&cx.sys, &builder)
        .await?
        .into_iter()
        .filter(|r| rules.filters.iter().all(|f| f.fits(&r.line)))
        .filter(|r| rules.keep_seconds.is_none_or(|keep| now.secs - r.usage.used.secs >= keep))
        .map(|r| r.line)
        .collect();
    cx.json(200, &lines).await
}

/// All that a builder's cache has.
///
/// # Errors
/// The daemon has no state.
pub async fn records(sys: &Sys, builder: &str) -> Result<Vec<Record>, ApiError> {
    let mounts = with(sys, |s| {
        let all = &s.cache_of(builder).mounts;
        all.iter().map(|(id, m)| (id.clone(), m.fs)).collect::<Vec<_>>()
    })?;
    let mut sizes = BTreeMap::new();
    for (id, fs) in mounts {
        let tree = sys.fs_tree(fs).await;
        let size = tree.map_or(0, |t| t.walk().iter().map(|(.., i)| i.size().div_ceil(4096).max(1) * 4096).sum());
        sizes.insert(id, size);
    }
    with(sys, |s| {
        let held = if builder.is_empty() { held(s) } else { BTreeSet::new() };
        let size_of = |d: &Digest| s.layers.get(d).map_or(0, |l| l.unpacked);
        s.known_cache(builder).records(&held, &size_of, &sizes)
    })
}

/// Layers of images.
fn held(s: &EngineState) -> BTreeSet<Digest> {
    s.images.images.values().flat_map(|i| i.all().flat_map(|v| v.diff_ids().to_vec())).collect()
}

/// A Go duration in whole seconds: `24h`, `1h30m`, `90s`.
pub fn seconds(text: &str) -> Option<i64> {
    let (mut rest, mut total) = (text, 0f64);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at_checked(digits)?;
        let unit_len = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, next) = behind.split_at_checked(unit_len)?;
        let factor = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = next;
    }
    (!text.is_empty()).then_some(total as i64)
}

/// What goes: the rules, then the least recently used until enough is gone.
fn chosen<'a>(records: &'a [Record], rules: &Rules, now: Timestamp) -> Vec<&'a Record> {
    let mut total: u64 = records.iter().map(|r| r.line.size.unsigned_abs()).sum();
    let wanted = |r: &&Record| {
        (rules.all || !r.line.shared)
            && !r.line.in_use
            && rules.keep_seconds.is_none_or(|keep| now.secs - r.usage.used.secs >= keep)
            && rules.filters.iter().all(|f| f.fits(&r.line))
    };
    let mut list: Vec<&Record> = records.iter().filter(wanted).collect();
    list.sort_by(|a, b| (a.usage.used, &a.which).cmp(&(b.usage.used, &b.which)));
    let mut out = Vec::new();
    for r in list {
        if rules.keep_bytes > 0 && total <= rules.keep_bytes {
            break;
        }
        total = total.saturating_sub(r.line.size.unsigned_abs());
        out.push(r);
    }
    out
}

/// Drops cached results.
///
/// # Errors
/// The daemon has no state.
async fn prune(
    sys: &Sys,
    builder: &str,
    records: &[Record],
    rules: &Rules,
    now: Timestamp,
) -> Result<PruneReport, ApiError> {
    let gone = chosen(records, rules, now);
    let deleted: Vec<String> = gone.iter().map(|r| r.line.id.clone()).collect();
    // A layer of an image stays on the disk.
    let space = gone.iter().filter(|r| !r.line.shared).map(|r| r.line.size.unsigned_abs()).sum();
    let mounts = with(sys, |s| {
        let mut mounts = Vec::new();
        let cache = s.cache_of(builder);
        for r in &gone {
            match &r.which {
                Which::Step(key) => drop(cache.entries.remove(key)),
                Which::Base(key) => drop(cache.bases.remove(key)),
                Which::Local(kind, name) => drop(cache.locals.remove(&(kind.clone(), name.clone()))),
                Which::Mount(id) => mounts.extend(cache.mounts.remove(id).map(|m| m.fs)),
            }
        }
        if cache.bases.is_empty() {
            cache.manifests.clear();
        }
        if gone.iter().any(|r| matches!(r.which, Which::Local(..))) {
            s.sessions.forget();
        }
        s.collect_garbage();
        mounts
    })?;
    for fs in mounts {
        let _ = sys.fs_drop(fs).await;
    }
    Ok(PruneReport { caches_deleted: (!deleted.is_empty()).then_some(deleted), space_reclaimed: space })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::cache::{BuildCache, Usage};

    #[test]
    fn durations_are_gos() {
        assert_eq!((seconds("24h"), seconds("1h30m"), seconds("1.5s")), (Some(86_400), Some(5400), Some(1)));
        assert_eq!((seconds(""), seconds("5"), seconds("x")), (None, None, None));
    }

    #[test]
    fn what_stays_is_between_the_limits() {
        // keep-storage alone; the most that is used; free space that is wanted; never below what is reserved.
        assert_eq!(keep_bytes(100, 0, 0, 500, 1000), 100);
        assert_eq!(keep_bytes(0, 300, 0, 500, 1000), 300);
        assert_eq!(keep_bytes(0, 0, 1100, 500, 1000), 400);
        assert_eq!(keep_bytes(450, 300, 1100, 500, 1000), 450);
        assert_eq!(keep_bytes(0, 0, 0, 500, 1000), 0);
    }

    fn records() -> Vec<Record> {
        let one = |n: u8, used: i64, kind: &str, shared: bool| {
            let at = Timestamp { secs: used, nanos: 0 };
            let digest = Digest::of(&[n]);
            let line = system::BuildCache {
                id: BuildCache::id(&digest),
                kind: kind.into(),
                description: format!("RUN {n}"),
                size: 100,
                shared,
                mutable: kind == "source.local",
                ..system::BuildCache::default()
            };
            Record { which: Which::Step(digest), line, usage: Usage { created: at, used: at, uses: 1 } }
        };
        vec![one(1, 30, "regular", false), one(2, 10, "regular", false), one(3, 20, "source.local", false)]
    }

    #[test]
    fn the_least_recently_used_go_first() {
        let mut all = records();
        let now = Timestamp { secs: 40, nanos: 0 };
        let gone = |all: &[Record], rules: Rules| {
            let names: Vec<&str> = chosen(all, &rules, now).iter().map(|r| r.line.description.as_str()).collect();
            names.join(", ")
        };
        assert_eq!(gone(&all, Rules::default()), "RUN 2, RUN 3, RUN 1");
        assert_eq!(gone(&all, Rules { keep_bytes: 150, ..Rules::default() }), "RUN 2, RUN 3");
        assert_eq!(gone(&all, Rules { keep_seconds: Some(15), ..Rules::default() }), "RUN 2, RUN 3");
        let by = |json: &str| {
            let mut rules = Rules::default();
            read(&Filters::parse(json).unwrap(), &mut rules).map(|()| rules)
        };
        assert_eq!(gone(&all, by("{\"type\":{\"source.local\":true}}").unwrap()), "RUN 3");
        assert_eq!(gone(&all, by("{\"type!\":{\"source.local\":true}}").unwrap()), "RUN 2, RUN 1");
        assert_eq!(gone(&all, by("{\"mutable\":{\"true\":true}}").unwrap()), "RUN 3");
        assert_eq!(gone(&all, by("{\"description~\":{\"RUN 1\":true}}").unwrap()), "RUN 1");
        assert_eq!(gone(&all, by("{\"inuse\":{\"true\":true}}").unwrap()), "");
        assert!(by("{\"colour\":{\"red\":true}}").is_err());
        all[1].line.shared = true;
        assert_eq!(gone(&all, Rules::default()), "RUN 3, RUN 1");
        assert_eq!(gone(&all, Rules { all: true, ..Rules::default() }), "RUN 2, RUN 3, RUN 1");
    }
}
