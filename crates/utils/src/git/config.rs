//! `git config`.

use super::Job;
use super::fail::{Fail, Git, at, error, fatal};
use super::repo::{Repo, global_path, outer_config, parse_config, set_config};
use crate::cli::Cli;

/// Runs it.
pub(super) async fn run(c: &mut Cli, mut job: Job) -> Git<()> {
    let global = job.flag(&["--global"]);
    let local = job.flag(&["--local"]);
    let system = job.flag(&["--system"]);
    let mut unset = job.flag(&["--unset", "--unset-all"]);
    let mut list = job.flag(&["-l", "--list"]);
    let get = job.flag(&["--get", "--get-all"]);
    job.flag(&["--add", "--replace-all", "--bool", "--type=bool"]);
    if let Some(first) = job.args.first().cloned() {
        match first.as_str() {
            "list" => list = true,
            "unset" => unset = true,
            "get" | "set" => {}
            _ => {
                job.args.insert(0, String::new());
            }
        }
        job.args.remove(0);
    }
    let repo = Repo::find(c, &job.config).await;
    let path = if global {
        global_path(c)
    } else if system {
        "/etc/gitconfig".to_owned()
    } else {
        match &repo {
            Ok(r) => format!("{}/config", r.git),
            Err(_) if local || job.args.len() > 1 => return fatal("not in a git directory"),
            Err(_) => String::new(),
        }
    };
    let text = c.sys.read_file(&path).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let shown = if global || local || system {
        parse_config(&text)
    } else {
        match repo {
            Ok(r) => r.config,
            Err(_) => outer_config(c).await,
        }
    };
    if list {
        for (k, v) in shown {
            c.put(format!("{k}={v}\n")).await?;
        }
        return Ok(());
    }
    let Some(key) = job.args.first().cloned() else { return error("no action specified") };
    let Some((section, name)) = key.rsplit_once('.') else {
        return error(format!("key does not contain a section: {key}"));
    };
    let lower = format!("{section}.{}", name.to_lowercase());
    let value = job.args.get(1).cloned();
    match (value, unset) {
        (None, false) => match shown.iter().rev().find(|(k, _)| *k == lower) {
            Some((_, v)) => Ok(c.put(format!("{v}\n")).await?),
            None => Err(Fail::Code(1)),
        },
        (_, _) if get => Err(Fail::Code(1)),
        (v, _) => {
            if unset && !parse_config(&text).iter().any(|(k, _)| *k == lower) {
                return Err(Fail::Code(5));
            }
            let new = set_config(&text, &key, v.as_deref().filter(|_| !unset));
            c.sys.write_file(&path, new, 0o644).await.map_err(at(&path))
        }
    }
}
