//! A bake target: what it inherits, and what it is as words of `docker buildx build`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::file::{File, strings};
use super::hcl::text;
use crate::flags::Parsed;

/// The order in which `--print` writes attributes (buildx `bake.Target`).
const ORDER: [&str; 24] = [
    "description",
    "annotations",
    "attest",
    "context",
    "contexts",
    "dockerfile",
    "dockerfile-inline",
    "args",
    "labels",
    "tags",
    "cache-from",
    "cache-to",
    "target",
    "secret",
    "ssh",
    "platforms",
    "output",
    "pull",
    "no-cache",
    "network",
    "no-cache-filter",
    "shm-size",
    "ulimits",
    "call",
];

/// Attributes that are maps: those of several sources are joined.
const MAPS: [&str; 3] = ["args", "labels", "contexts"];
/// Entries of `key=value,…`.
const ENTRIES: [&str; 6] = ["attest", "cache-from", "cache-to", "output", "secret", "ssh"];

/// The targets that names of groups and targets stand for, each once, in order.
pub(super) fn names(file: &File, wanted: &[String]) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let mut todo: Vec<String> = wanted.iter().rev().cloned().collect();
    while let Some(name) = todo.pop() {
        if file.targets.contains_key(&name) && !out.contains(&name) {
            out.push(name);
        } else if let Some(list) = file.groups.get(&name) {
            if seen.insert(name) {
                todo.extend(list.iter().rev().cloned());
            }
        } else if !file.targets.contains_key(&name) {
            return Err(format!("failed to find target {name}"));
        }
    }
    Ok(out)
}

/// A target with what it inherits; what it says itself wins.
pub(super) fn resolve(file: &File, name: &str) -> Result<Map<String, Value>, String> {
    let mut order = Vec::new();
    let mut visiting: Vec<(String, bool)> = vec![(name.to_owned(), false)];
    let mut open: BTreeSet<String> = BTreeSet::new();
    // Ancestors first, as often as they are named.
    while let Some((at, done)) = visiting.pop() {
        if done {
            open.remove(&at);
            order.push(at);
            continue;
        }
        let target = file.targets.get(&at).ok_or_else(|| format!("failed to find target {at}"))?;
        if !open.insert(at.clone()) || order.len() > 1000 {
            return Err(format!("infinite loop from {name} to {at}"));
        }
        visiting.push((at.clone(), true));
        for parent in strings(target.get("inherits")).into_iter().rev() {
            visiting.push((parent, false));
        }
    }
    let mut out = Map::new();
    for at in order {
        for (k, v) in file.targets.get(&at).into_iter().flatten().filter(|(k, _)| *k != "inherits") {
            match (out.get_mut(k), v) {
                (Some(Value::Object(old)), Value::Object(new)) if MAPS.contains(&k.as_str()) => {
                    old.extend(new.iter().map(|(k, v)| (k.clone(), v.clone())));
                }
                _ => {
                    out.insert(k.clone(), v.clone());
                }
            }
        }
    }
    out.entry("context").or_insert_with(|| ".".into());
    if !out.contains_key("dockerfile-inline") {
        out.entry("dockerfile").or_insert_with(|| "Dockerfile".into());
    }
    Ok(out)
}

/// Sets an attribute by `--set`.
pub(super) fn set(target: &mut Map<String, Value>, key: &str, value: &str) -> Result<(), String> {
    let (key, inner) = key.split_once('.').map_or((key, None), |(k, i)| (k, Some(i)));
    let key = if key == "platform" { "platforms" } else { key };
    let list = |old: Option<&Value>| {
        let mut all = strings(old);
        all.push(value.to_owned());
        Value::from(all)
    };
    let new = match (key, inner) {
        ("args" | "labels" | "contexts", Some(inner)) => {
            let mut map = target.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
            map.insert(inner.to_owned(), value.into());
            Value::Object(map)
        }
        ("context" | "dockerfile" | "target" | "network" | "call" | "shm-size", None) => value.into(),
        ("no-cache" | "pull", None) => {
            Value::Bool(value.parse().map_err(|_| format!("invalid value {value} for boolean key {key}"))?)
        }
        ("attest" | "secrets" | "secret" | "ssh" | "no-cache-filter", None) => list(target.get(key)),
        ("tags" | "platforms" | "output" | "cache-from" | "cache-to" | "annotations", None) => Value::from(vec![value]),
        _ => return Err(format!("unknown key: {key}")),
    };
    target.insert(key.to_owned(), new);
    Ok(())
}

/// An entry as its text: `type=local,dest=out`, or an object's pairs with `type` first.
fn entry(v: &Value) -> String {
    let Value::Object(map) = v else { return text(v) };
    let mut pairs: Vec<String> = map.iter().map(|(k, v)| format!("{k}={}", text(v))).collect();
    pairs.sort_by_key(|p| !p.starts_with("type="));
    pairs.join(",")
}

/// An entry as `--print` shows it.
fn shown(key: &str, v: &Value) -> Value {
    let plain = entry(v);
    if !plain.contains('=') {
        return match key {
            "cache-from" | "cache-to" => serde_json::json!({ "type": "registry", "ref": plain }),
            "output" => serde_json::json!({ "type": "local", "dest": plain }),
            "ssh" => serde_json::json!({ "id": plain }),
            _ => v.clone(),
        };
    }
    let pairs = plain.split(',').filter_map(|p| p.split_once('='));
    Value::Object(pairs.map(|(k, v)| (k.to_owned(), v.into())).collect())
}

/// A target as `--print` writes it, indented by four.
pub(super) fn printed(target: &Map<String, Value>) -> String {
    let mut lines = Vec::new();
    for key in ORDER {
        let Some(v) = target.get(key).filter(|v| !v.is_null()) else { continue };
        let list = matches!(key, "tags" | "platforms" | "annotations" | "no-cache-filter" | "ulimits");
        let v = match v {
            v if ENTRIES.contains(&key) => match v {
                Value::Array(l) => l.iter().map(|e| shown(key, e)).collect(),
                one => vec![shown(key, one)].into(),
            },
            v if list => strings(Some(v)).into(),
            Value::Object(map) => {
                map.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), Value::from(text(v)))).collect()
            }
            other => other.clone(),
        };
        let json = serde_json::to_string_pretty(&v).unwrap_or_default().replace('\n', "\n      ");
        lines.push(format!("      \"{key}\": {json}"));
    }
    format!("{{\n{}\n    }}", lines.join(",\n"))
}

/// The target as words of `docker buildx build`.
pub(super) fn words(p: &Parsed, target: &Map<String, Value>) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut flag = |name: &str, value: String| out.push(format!("--{name}={value}"));
    let one = |k: &str| target.get(k).filter(|v| !v.is_null()).map(text).filter(|t| !t.is_empty());
    let context = one("context").unwrap_or_else(|| ".".to_owned());
    if !target.contains_key("dockerfile-inline")
        && let Some(file) = one("dockerfile")
    {
        // Relative to the context, not to where bake runs.
        let inside = if file.starts_with('/') || context.contains("://") || context == "." {
            file
        } else {
            format!("{context}/{file}")
        };
        flag("file", inside);
    }
    for (key, name) in [("args", "build-arg"), ("labels", "label"), ("contexts", "build-context")] {
        for (k, v) in target.get(key).and_then(Value::as_object).into_iter().flatten() {
            flag(name, if v.is_null() { k.clone() } else { format!("{k}={}", text(v)) });
        }
    }
    for (key, name) in [
        ("tags", "tag"),
        ("platforms", "platform"),
        ("output", "output"),
        ("cache-from", "cache-from"),
        ("cache-to", "cache-to"),
        ("secret", "secret"),
        ("ssh", "ssh"),
        ("annotations", "annotation"),
        ("attest", "attest"),
        ("no-cache-filter", "no-cache-filter"),
    ] {
        let all = match target.get(key) {
            Some(Value::Array(l)) => l.iter().map(entry).collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(v) => vec![entry(v)],
        };
        all.into_iter().for_each(|v| flag(name, v));
    }
    for (key, name) in [("target", "target"), ("network", "network"), ("call", "call"), ("shm-size", "shm-size")] {
        if let Some(v) = one(key) {
            flag(name, v);
        }
    }
    for key in ["no-cache", "pull"] {
        if target.get(key) == Some(&Value::Bool(true)) {
            flag(key, "true".to_owned());
        }
    }
    for name in ["progress", "metadata-file", "call"] {
        if let Some(v) = p.opt(name) {
            flag(name, v.to_owned());
        }
    }
    if p.bool("check") {
        flag("check", "true".to_owned());
    }
    out.push(context);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::buildx::bake::file;

    const HCL: &str = r#"
variable "TAG" { default = "dev" }
group "default" { targets = ["app", "many"] }
target "_common" {
  args = { A = "1", B = "2" }
  labels = { by = "me" }
}
target "app" {
  inherits = ["_common"]
  args = { B = "3" }
  tags = ["app:${TAG}"]
  output = ["type=docker"]
}
target "many" {
  name = "many-${v}"
  matrix = { v = ["x", "y"] }
  args = { V = v }
  dockerfile = "Dockerfile.${v}"
}
"#;

    fn read(env: Option<&str>) -> File {
        let env = env.map(str::to_owned);
        file::read(&[("docker-bake.hcl".into(), HCL.into())], &|n| env.clone().filter(|_| n == "TAG")).unwrap()
    }

    #[test]
    fn targets_inherit_and_matrices_multiply() {
        let f = read(Some("v9"));
        assert_eq!(names(&f, &["default".into()]).unwrap(), ["app", "many-x", "many-y"]);
        let app = resolve(&f, "app").unwrap();
        assert_eq!(
            Value::Object(app.clone()).to_string(),
            "{\"args\":{\"A\":\"1\",\"B\":\"3\"},\"context\":\".\",\"dockerfile\":\"Dockerfile\",\"labels\":{\"by\":\"me\"},\"output\":[\"type=docker\"],\"tags\":[\"app:v9\"]}"
        );
        assert_eq!(
            words(&Parsed::default(), &app).unwrap(),
            [
                "--file=Dockerfile",
                "--build-arg=A=1",
                "--build-arg=B=3",
                "--label=by=me",
                "--tag=app:v9",
                "--output=type=docker",
                "."
            ]
        );
        assert_eq!(text(&resolve(&f, "many-y").unwrap()["dockerfile"]), "Dockerfile.y");
        assert_eq!(names(&f, &["nope".into()]).unwrap_err(), "failed to find target nope");
    }

    #[test]
    fn circles_end() {
        let f = file::read(
            &[(
                "x.json".into(),
                r#"{"target":{"a":{"inherits":["b"]},"b":{"inherits":["a"]}},"group":{"g":{"targets":["g"]}}}"#.into(),
            )],
            &|_| None,
        )
        .unwrap();
        assert!(resolve(&f, "a").unwrap_err().starts_with("infinite loop"));
        assert_eq!(names(&f, &["g".into()]).unwrap(), Vec::<String>::new());
    }
}
