//! Builds: BuildKit's part of dockerd. Dockerfile → typed instructions → [`graph`] of steps with
//! content-derived keys ([`key`]) → [`plan`] (hit or miss, with [`cause`]) → [`solve`], which acts on
//! the plan and decides nothing → [`export`].
//!
//! Architecture invariant: only [`plan`] decides whether a step runs.

pub mod align;
pub mod attest;
pub mod base;
pub mod builder;
pub mod cache;
pub mod cause;
pub mod config;
pub mod context;
pub mod copy;
pub mod created_by;
pub mod error;
pub mod export;
mod git;
pub mod graph;
pub mod history;
pub mod key;
mod load;
pub mod mode;
pub mod needs;
mod oci_layout;
pub mod output;
pub mod pattern;
pub mod plan;
pub mod platform;
pub mod progress;
mod prune;
pub mod record;
pub mod remote;
pub mod remote_cache;
pub mod run;
pub mod sbom;
pub mod session;
pub mod solve;
pub mod stage;
mod step;
pub mod whatif;
pub mod worker;

use layerlab_api::build::BuildOptions;
use layerlab_api::stream::{Aux, ErrorDetail, JsonMessage};
use layerlab_oci::Reference;

use crate::context::{Context, Reply};
use crate::error::ApiError;
use error::BuildError;
use progress::Progress;
use record::{BuildRecord, BuildState};
use solve::Solve;

pub use output::result;
pub use prune::{endpoint as prune, list as cache_list, records as cache_records, seconds};

/// `POST /build`.
///
/// # Errors
/// Wrong parameters. What goes wrong in the build itself is the stream's last line.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let options = BuildOptions::from_query(&cx.request.query)?;
    let mut names = Vec::new();
    for tag in &options.tags {
        names.push(Reference::parse_normalized(tag).map_err(|e| ApiError::bad(e.to_string()))?);
    }
    let tar = cx.body().await?;
    if !options.builder.is_empty() {
        cx.with(|s| builder::check(s, &options.builder))??;
    }
    let number = cx.with(|s| {
        s.build_count += 1;
        s.build_count
    })?;
    let reference = match options.reference.as_str() {
        "" => cache::BuildCache::id(&layerlab_oci::Digest::of(&cx.sys.random(32).await?)),
        given => given.to_owned(),
    };
    history::begin(cx, number, &reference, &options)?;
    let record = BuildRecord {
        number,
        name: reference.clone(),
        builder: options.builder.clone(),
        dockerfile: options.dockerfile.clone(),
        text: String::new(),
        tags: options.tags.clone(),
        target: options.target.clone(),
        state: BuildState::Running,
        started: cx.now(),
        took: 0,
        saved: 0,
        context: Default::default(),
        lines: Vec::new(),
        image: None,
    };
    cx.begin("application/json").await?;
    // A client of the classic builder reads what was built from plain text.
    let classic = cx.param("version") != "2";
    let mut progress = Progress::new(cx.sys.clone(), cx.fd(), number, &options.builder);
    progress.classic = classic;
    let mut solve = Solve { progress, options, names, record: record.into(), told: None, attachments: Vec::new() };
    let result = solve.run(&tar).await;
    solve.ended(&result).map_err(|e| ApiError::internal(e.message))?;
    if solve.options.what_if.is_empty() {
        history::complete(cx, &mut solve, result.as_ref().err()).await?;
    } else {
        // What is only thought of is no build.
        cx.with(|s| {
            s.builds.retain(|b| b.number != number);
            s.history.retain(|e| e.number != number);
        })?;
    }
    let last = match result {
        Ok(Some(built)) if classic => {
            let mut text = vec![format!("Successfully built {}\n", built.id.short())];
            text.extend(solve.options.tags.iter().map(|t| format!("Successfully tagged {}\n", tagged(t))));
            cx.line(&JsonMessage { id: None, ..JsonMessage::image_id(built.id.to_string()) }).await?;
            let last = text.pop().unwrap_or_default();
            for line in text {
                cx.line(&JsonMessage::stream(line)).await?;
            }
            JsonMessage::stream(last)
        }
        Ok(Some(built)) => {
            let aux = Some(Aux::Result { exporter: built.response });
            cx.line(&JsonMessage { id: Some("moby.buildkit.result".to_owned()), aux, ..JsonMessage::default() })
                .await?;
            JsonMessage::image_id(built.id.to_string())
        }
        Ok(None) => {
            if let Some(told) = solve.told.take() {
                let aux = Some(Aux::Result { exporter: told });
                let id = Some("moby.buildkit.result".to_owned());
                cx.line(&JsonMessage { id, aux, ..JsonMessage::default() }).await?;
            }
            return cx.end().await;
        }
        Err(BuildError { canceled: true, .. }) => return Ok(()),
        Err(e) if classic => {
            JsonMessage::error(ErrorDetail { message: returned(&e.message), ..ErrorDetail::default() })
        }
        Err(e) => JsonMessage::error(ErrorDetail {
            source: e.lines.map(|l| solve.source(l)),
            message: e.message,
            ..ErrorDetail::default()
        }),
    };
    cx.line(&last).await?;
    cx.end().await
}

/// A tag as the classic builder tells it: with `latest` where nothing else is said.
fn tagged(tag: &str) -> String {
    Reference::parse_familiar(tag).map_or_else(|_| tag.to_owned(), |r| r.tag_name_only().familiar())
}

/// A step's failure in the classic builder's words.
fn returned(message: &str) -> String {
    let parts =
        message.strip_prefix("process \"").and_then(|m| m.split_once("\" did not complete successfully: exit code: "));
    match parts {
        Some((command, code)) => format!("The command '{command}' returned a non-zero code: {code}"),
        None => message.to_owned(),
    }
}
