//! Bake files: variables, groups and targets of `docker-bake.hcl` and `docker-bake.json`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::hcl::{self, Block, Expr, text};

/// All that the files say.
#[derive(Clone, Debug, Default)]
pub(super) struct File {
    /// Groups: names of targets and groups.
    pub(super) groups: BTreeMap<String, Vec<String>>,
    /// Targets' attributes, before `inherits`.
    pub(super) targets: BTreeMap<String, Map<String, Value>>,
    /// Variables with their values.
    pub(super) variables: Vec<(String, Value)>,
}

/// JSON as blocks, so that both forms mean the same (HCL's JSON syntax).
fn of_json(value: &Value) -> Result<Block, String> {
    let mut root = Block { kind: String::new(), labels: Vec::new(), attributes: Vec::new(), blocks: Vec::new() };
    let Value::Object(map) = value else { return Err("a bake file must be an object".to_owned()) };
    for (kind, value) in map {
        let (true, Value::Object(named)) = (matches!(kind.as_str(), "group" | "target" | "variable"), value) else {
            root.attributes.push((kind.clone(), template(value)?));
            continue;
        };
        for (name, body) in named {
            let attributes = match body {
                Value::Object(body) => {
                    body.iter().map(|(k, v)| Ok((k.clone(), template(v)?))).collect::<Result<_, String>>()?
                }
                _ => Vec::new(),
            };
            root.blocks.push(Block { kind: kind.clone(), labels: vec![name.clone()], attributes, blocks: Vec::new() });
        }
    }
    Ok(root)
}

/// A JSON value whose texts are templates.
fn template(value: &Value) -> Result<Expr, String> {
    Ok(match value {
        Value::String(s) if s.contains("${") => {
            let quoted = format!("x = \"{}\"", s.replace('\\', "\\\\").replace('\n', "\\n"));
            match hcl::parse(&quoted)?.attributes.into_iter().next() {
                Some((_, e)) => e,
                None => Expr::Value(value.clone()),
            }
        }
        Value::Array(list) => Expr::List(list.iter().map(template).collect::<Result<_, _>>()?),
        Value::Object(map) => {
            let pair = |(k, v): (&String, &Value)| Ok((Expr::Value(k.clone().into()), template(v)?));
            Expr::Map(map.iter().map(pair).collect::<Result<_, String>>()?)
        }
        other => Expr::Value(other.clone()),
    })
}

/// Reads files, later ones over earlier ones; `env` overrides variables.
pub(super) fn read(files: &[(String, String)], env: &dyn Fn(&str) -> Option<String>) -> Result<File, String> {
    let mut blocks = Vec::new();
    let mut loose = Vec::new();
    for (name, content) in files {
        let fail = |e: String| format!("failed to parse {name}: {e}");
        let block = if name.ends_with(".json") {
            let value = serde_json::from_str(content).map_err(|e| fail(e.to_string()))?;
            of_json(&value).map_err(fail)?
        } else {
            hcl::parse(content).map_err(fail)?
        };
        blocks.extend(block.blocks);
        loose.extend(block.attributes);
    }
    let mut out = File::default();
    for b in blocks.iter().filter(|b| b.kind == "variable") {
        let name = b.labels.first().cloned().unwrap_or_default();
        let default = b.attributes.iter().find(|(k, _)| k == "default").map(|(_, e)| e);
        let value = match (env(&name), default) {
            (Some(given), Some(e)) => typed(given, &out.value(e)?),
            (Some(given), None) => given.into(),
            (None, Some(e)) => out.value(e)?,
            (None, None) => Value::Null,
        };
        out.set(name, value);
    }
    for (name, e) in &loose {
        let value = env(name).map_or_else(|| out.value(e), |v| Ok(v.into()))?;
        out.set(name.clone(), value);
    }
    for b in &blocks {
        let name = b.labels.first().cloned().unwrap_or_default();
        match b.kind.as_str() {
            "group" => {
                let list = b.attributes.iter().find(|(k, _)| k == "targets").map(|(_, e)| out.value(e)).transpose()?;
                out.groups.insert(name, strings(list.as_ref()));
            }
            "target" => out.target(&name, b)?,
            _ => {}
        }
    }
    Ok(out)
}

/// The environment's text as the default's type.
fn typed(given: String, default: &Value) -> Value {
    match default {
        Value::Bool(_) => given.parse::<bool>().map_or(Value::String(given), Value::Bool),
        Value::Number(_) => given.parse::<i64>().map_or(Value::String(given), Value::from),
        _ => given.into(),
    }
}

/// A text, or a list of texts.
pub(super) fn strings(v: Option<&Value>) -> Vec<String> {
    match v {
        Some(Value::Array(list)) => list.iter().map(text).collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![text(one)],
    }
}

impl File {
    fn set(&mut self, name: String, value: Value) {
        self.variables.retain(|(n, _)| *n != name);
        self.variables.push((name, value));
    }

    fn value(&self, e: &Expr) -> Result<Value, String> {
        self.value_with(e, &Map::new())
    }

    fn value_with(&self, e: &Expr, more: &Map<String, Value>) -> Result<Value, String> {
        e.value(&|name| {
            let known = || self.variables.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
            more.get(name)
                .cloned()
                .or_else(known)
                .ok_or_else(|| format!("Unknown variable; There is no variable named {}.", crate::format::quote(name)))
        })
    }

    /// A target, or with `matrix` one for each combination and a group of them all.
    fn target(&mut self, name: &str, b: &Block) -> Result<(), String> {
        let find = |k: &str| b.attributes.iter().find(|(n, _)| n == k).map(|(_, e)| e);
        let Some(matrix) = find("matrix") else {
            let new = self.attributes(b, &Map::new())?;
            self.targets.entry(name.to_owned()).or_default().extend(new);
            return Ok(());
        };
        let Value::Object(axes) = self.value(matrix)? else { return Err("matrix must be a map".to_owned()) };
        let mut rows = vec![Map::new()];
        for (axis, values) in &axes {
            let values = values.as_array().cloned().unwrap_or_default();
            let with = |row: &Map<String, Value>, v: &Value| {
                let mut row = row.clone();
                row.insert(axis.clone(), v.clone());
                row
            };
            rows = rows.iter().flat_map(|r| values.iter().map(move |v| with(r, v))).collect();
        }
        let named = find("name").ok_or_else(|| format!("target {name} has a matrix but no name"))?;
        let mut all = Vec::new();
        for row in &rows {
            let one = text(&self.value_with(named, row)?);
            let new = self.attributes(b, row)?;
            self.targets.entry(one.clone()).or_default().extend(new);
            all.push(one);
        }
        self.groups.insert(name.to_owned(), all);
        Ok(())
    }

    fn attributes(&self, b: &Block, more: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        let mut out = Map::new();
        for (k, e) in b.attributes.iter().filter(|(k, _)| !matches!(k.as_str(), "matrix" | "name")) {
            out.insert(k.clone(), self.value_with(e, more)?);
        }
        Ok(out)
    }
}
