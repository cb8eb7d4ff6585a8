//! `POST /build/prune`: `docker builder prune` (BuildKit `cache/manager.go`, `Prune`).

use std::collections::BTreeSet;

use layerlab_api::build::PruneReport;
use layerlab_api::filters::Filters;
use layerlab_kernel::Sys;
use layerlab_oci::Timestamp;

use super::cache::{BuildCache, Entry};
use super::key::Key;
use crate::context::{Context, Reply, with};
use crate::error::ApiError;

/// What goes, and what must stay.
#[derive(Clone, Debug, Default)]
struct Rules {
    /// Also what an image holds.
    all: bool,
    /// Used within so many seconds: stays.
    keep_seconds: Option<i64>,
    /// So many bytes stay, those that were used last.
    keep_bytes: u64,
    /// Starts of IDs; empty: any.
    ids: Vec<String>,
    /// Parts of descriptions; empty: any.
    descriptions: Vec<String>,
    /// Kinds; empty: any.
    kinds: Vec<String>,
}

/// Drops cached results; without `all` those that no image holds.
///
/// # Errors
/// A filter that there isn't.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let _ = cx.body().await?;
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    let mut rules = Rules { all: cx.flag("all"), ..Rules::default() };
    for name in filters.0.keys() {
        let list = filters.get(name).map(str::to_owned).collect::<Vec<_>>();
        match name.as_str() {
            "until" | "unused-for" => {
                let text = list.first().map(String::as_str).unwrap_or_default();
                let seconds = seconds(text).ok_or_else(|| {
                    ApiError::bad(format!(
                        "expecting a valid duration or timestamp for \"{name}\" filter, got {text:?}"
                    ))
                })?;
                rules.keep_seconds = Some(seconds);
            }
            "id" => rules.ids = list,
            "description" => rules.descriptions = list,
            "type" => rules.kinds = list,
            "inuse" | "shared" | "private" | "immutable" | "mutable" | "recordtype" | "parent" => {}
            _ => return Err(ApiError::bad(format!("invalid filter '{name}'"))),
        }
    }
    for name in ["keep-storage", "reserved-space"] {
        if let Ok(n) = cx.param(name).parse::<u64>() {
            rules.keep_bytes = rules.keep_bytes.max(n);
        }
    }
    let sys = cx.sys.clone();
    let now = cx.now();
    let report = prune(&sys, &rules, now).await?;
    cx.json(200, &report).await
}

/// A Go duration in whole seconds: `24h`, `1h30m`, `90s`.
fn seconds(text: &str) -> Option<i64> {
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
fn chosen(cache: &BuildCache, held: &BTreeSet<layerlab_oci::Digest>, rules: &Rules, now: Timestamp) -> BTreeSet<Key> {
    let wanted = |key: &Key, e: &Entry| {
        let id = BuildCache::id(key);
        let fits = |list: &[String], test: &dyn Fn(&str) -> bool| list.is_empty() || list.iter().any(|x| test(x));
        (rules.all || !held.contains(&e.layer))
            && rules.keep_seconds.is_none_or(|keep| now.secs - e.used.secs >= keep)
            && fits(&rules.ids, &|x| id.starts_with(x.trim_start_matches('~')))
            && fits(&rules.descriptions, &|x| e.description.contains(x.trim_start_matches('~')))
            && fits(&rules.kinds, &|x| x == "regular")
    };
    let mut list: Vec<(&Key, &Entry)> =
        cache.entries.iter().map(|(k, e)| (k, &**e)).filter(|(k, e)| wanted(k, e)).collect();
    list.sort_by_key(|(k, e)| (e.used, *k));
    let mut total: u64 = cache.entries.values().map(|e| e.size).sum();
    let mut out = BTreeSet::new();
    for (key, e) in list {
        if rules.keep_bytes > 0 && total <= rules.keep_bytes {
            break;
        }
        total = total.saturating_sub(e.size);
        out.insert(*key);
    }
    out
}

/// Drops cached results.
///
/// # Errors
/// The daemon has no state.
async fn prune(sys: &Sys, rules: &Rules, now: Timestamp) -> Result<PruneReport, ApiError> {
    let is_partial = rules.keep_bytes > 0
        || rules.keep_seconds.is_some()
        || [&rules.ids, &rules.descriptions, &rules.kinds].iter().any(|l| !l.is_empty());
    let (report, mounts) = with(sys, |s| {
        let held: BTreeSet<_> =
            s.images.images.values().flat_map(|i| i.all().flat_map(|v| v.diff_ids().to_vec())).collect();
        let mut deleted = Vec::new();
        let mut space = 0;
        let gone = chosen(&s.cache, &held, rules, now);
        s.cache.entries.retain(|key, e| {
            if gone.contains(key) {
                deleted.push(BuildCache::id(key));
                // A layer of an image stays on the disk.
                space += if held.contains(&e.layer) { 0 } else { e.size };
            }
            !gone.contains(key)
        });
        let mut mounts = Vec::new();
        if !is_partial {
            s.cache.bases.retain(|_, chain| chain.iter().all(|d| held.contains(d)));
            s.cache.manifests.clear();
            mounts.extend(std::mem::take(&mut s.cache.mounts).into_values());
            s.sessions.forget();
        }
        s.collect_garbage();
        let caches_deleted = (!deleted.is_empty()).then_some(deleted);
        (PruneReport { caches_deleted, space_reclaimed: space }, mounts)
    })?;
    for fs in mounts {
        let _ = sys.fs_drop(fs).await;
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::key::{Inputs, Op};
    use layerlab_oci::Digest;
    use std::rc::Rc;

    #[test]
    fn durations_are_gos() {
        assert_eq!((seconds("24h"), seconds("1h30m"), seconds("1.5s")), (Some(86_400), Some(5400), Some(1)));
        assert_eq!((seconds(""), seconds("5"), seconds("x")), (None, None, None));
    }

    #[test]
    fn the_least_recently_used_go_first() {
        let mut cache = BuildCache::default();
        for (n, used) in [(1u8, 30), (2, 10), (3, 20)] {
            let digest = Digest::of(&[n]);
            let at = Timestamp { secs: used, nanos: 0 };
            let inputs = Rc::new(Inputs { parent: None, op: Op::From(digest) });
            let entry = Entry {
                layer: digest,
                chain: vec![digest],
                made_by: 1,
                created: at,
                used: at,
                uses: 1,
                took: 0,
                size: 100,
                description: format!("RUN {n}"),
                inputs,
            };
            cache.entries.insert(digest, entry.into());
        }
        let now = Timestamp { secs: 40, nanos: 0 };
        let gone = |rules: Rules| {
            let keys = chosen(&cache, &BTreeSet::new(), &rules, now);
            let mut names: Vec<String> = keys.iter().map(|k| cache.entries[k].description.clone()).collect();
            names.sort();
            names.join(", ")
        };
        assert_eq!(gone(Rules::default()), "RUN 1, RUN 2, RUN 3");
        assert_eq!(gone(Rules { keep_bytes: 150, ..Rules::default() }), "RUN 2, RUN 3");
        assert_eq!(gone(Rules { keep_seconds: Some(15), ..Rules::default() }), "RUN 2, RUN 3");
        assert_eq!(gone(Rules { descriptions: vec!["RUN 1".into()], ..Rules::default() }), "RUN 1");
        let held = BTreeSet::from([Digest::of(&[1])]);
        assert_eq!(chosen(&cache, &held, &Rules::default(), now).len(), 2);
    }
}
