//! The default form: titles and values, parted by tabs.

use layerlab_api::history::{CANCELED, Record};

use super::super::{History, duration};
use super::read::{Inspected, Named, local};
use crate::format::table::tabs;

/// A block of titles and values; none for those without.
fn block(lines: &[(&str, &str)]) -> String {
    let given = lines.iter().filter(|(_, v)| !v.is_empty());
    tabs(&given.map(|(k, v)| format!("{k}:\t{v}\n")).collect::<String>())
}

fn table(items: &[Named], title: &str) -> String {
    if items.is_empty() {
        return String::new();
    }
    let lines: String = items.iter().map(|i| format!("{}\t{}\n", i.name, i.value)).collect();
    format!("{}\n", tabs(&format!("{title}\tVALUE\n{lines}")))
}

fn yes(on: bool) -> &'static str {
    if on { "true" } else { "" }
}

/// gRPC's name of a code (`codes.Code.String`).
fn code(n: u32) -> &'static str {
    match n {
        CANCELED => "Canceled",
        _ => "Unknown",
    }
}

/// All of it; `newest`: nobody said which record, so its name is told.
pub(super) fn text(history: &History<'_>, record: &Record, o: &Inspected, newest: bool) -> String {
    let mut out = block(&[
        ("Name", &o.name),
        ("Ref", if newest { &o.reference } else { "" }),
        ("Context", &o.context),
        ("Dockerfile", &o.dockerfile),
        ("VCS Repository", &o.vcs_repository),
        ("VCS Revision", &o.vcs_revision),
        ("Target", &o.target),
        ("Platforms", &o.platform.join(", ")),
        ("Keep Git Dir", yes(o.keep_git_dir)),
    ]);
    out.push('\n');
    out.push_str(&table(&o.named_contexts, "NAMED CONTEXT"));
    let error = o.error.as_ref().filter(|_| o.status == "failed");
    let error = error.map(|e| format!("{} {}", code(e.code), e.message)).unwrap_or_default();
    let running = if o.status == "running" { " (running)" } else { "" };
    let share = match o.num_total_steps {
        0 => "NaN".to_owned(),
        total => format!("{:.0}", f64::from(o.num_cached_steps) / f64::from(total) * 100.0),
    };
    out.push_str(&block(&[
        ("Started", &local(record.created_at)),
        ("Duration", &format!("{}{running}", duration(o.duration))),
        ("Error", &error),
        ("Status", if o.status == "canceled" { "Canceled" } else { "" }),
        ("Build Steps", &format!("{}/{} ({share}% cached)", o.num_completed_steps, o.num_total_steps)),
    ]));
    out.push('\n');
    let c = &o.config;
    let rest: Vec<(&str, &str)> = c.rest_raw.iter().map(|n| (n.name.as_str(), n.value.as_str())).collect();
    let filter = c.no_cache_filter.join(", ");
    let own = [
        ("Network", c.network.as_str()),
        ("Image Resolve Mode", &c.image_resolve_mode),
        ("Multi-Platform", yes(c.multi_platform)),
        ("No Cache", yes(c.no_cache)),
        ("No Cache Filter", &filter),
        ("Cache Mount Namespace", &c.cache_mount_ns),
        ("Dockerfile Check Config", &c.dockerfile_check_config),
        ("Source Date Epoch", &c.source_date_epoch),
        ("Sandbox Hostname", &c.sandbox_hostname),
    ];
    out.push_str(&block(&[own.as_slice(), rest.as_slice()].concat()));
    out.push('\n');
    out.push_str(&table(&o.build_args, "BUILD ARG"));
    out.push_str(&table(&o.labels, "LABEL"));
    if !o.materials.is_empty() {
        let lines: String = o.materials.iter().map(|m| format!("{}\t{}\n", m.uri, m.digests.join(", "))).collect();
        out.push_str(&format!("Materials:\n{}\n", tabs(&format!("URI\tDIGEST\n{lines}"))));
    }
    if !o.attachments.is_empty() {
        let lines = o.attachments.iter().map(|a| format!("{}\t{}\t{}\n", a.digest, a.platform, a.kind));
        let lines: String = lines.collect();
        out.push_str(&format!("Attachments:\n{}\n", tabs(&format!("DIGEST\tPLATFORM\tTYPE\n{lines}"))));
    }
    if let Some(e) = &o.error {
        out.push_str(&e.place);
        if !e.logs.is_empty() {
            let lines: String = e.logs.iter().map(|l| format!("> {l}\n")).collect();
            out.push_str(&format!("Logs:\n> => {}:\n{lines}\n", e.name));
        }
    }
    out.push_str(&format!("Print build logs: docker buildx history logs {}\n", record.reference));
    out.push_str(&format!("View build in Docker Desktop: {}\n", history.url(record)));
    out
}
