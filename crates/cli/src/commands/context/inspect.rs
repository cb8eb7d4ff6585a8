//! `docker context inspect`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::commands::inspect::{Found, Object, inspect_all};
use crate::contexts::{self, DEFAULT, Stored};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut names = p.args.clone();
    if names.is_empty() {
        names.push(contexts::current(cli).await?);
    }
    let mut found = Vec::new();
    for name in &names {
        found.push(inspect(cli, name).await);
    }
    inspect_all(cli, p.str(c, "format"), found).await
}

/// What is stored, and where.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    stored: Stored<'a>,
    #[serde(rename = "TLSMaterial")]
    tls: Value,
    #[serde(rename = "Storage")]
    storage: Storage,
}

#[derive(Serialize)]
struct Storage {
    #[serde(rename = "MetadataPath")]
    metadata: String,
    #[serde(rename = "TLSPath")]
    tls: String,
}

async fn inspect(cli: &Cli, name: &str) -> Found {
    let context = contexts::get(cli, name).await?;
    let files: Vec<&str> = contexts::tls(cli, name).await.iter().map(|f| f.0).collect();
    let tls = if files.is_empty() { json!({}) } else { json!({ "docker": files }) };
    let places = match name {
        DEFAULT => ("<IN MEMORY>".to_owned(), "<IN MEMORY>".to_owned()),
        _ => contexts::places(cli, name),
    };
    let storage = Storage { metadata: places.0, tls: places.1 };
    let shown = Shown { stored: context.stored(), tls, storage };
    let json = serde_json::to_vec(&shown).map_err(|e| CliError::new(e.to_string()))?;
    Ok(Object { ty: "context.contextWithTLSListing", json })
}
