//! The engine's answers as the client's Go types hold them: what JSON leaves out is a zero value
//! (`[]`, `map[]`, `<nil>`, `false`), and a struct prints as `{…}`.

use std::rc::Rc;

use super::template::{Missing, Template};
use super::value::{Fields, Value};

/// The types, see its head.
const TYPES: &str = include_str!("types.txt");

/// A type's name and fields.
fn lines(name: &str) -> (&'static str, impl Iterator<Item = &'static str>) {
    let mut all = TYPES.lines();
    let found = all.find(|l| *l == name).unwrap_or("struct {}");
    (found, all.take_while(|l| !l.is_empty()))
}

/// What `inspect` prints of an object: as the type has it or, where that has no such field, as JSON has it
/// (docker/cli `cli/command/inspect`).
///
/// # Errors
/// As [`Template::execute`].
pub fn inspect(template: &Template, ty: &str, raw: &Value) -> Result<String, (String, String)> {
    let first = template.execute(&typed(ty, raw), Missing::NoValue);
    match first {
        Err(e) if is_without_json(ty) => Err(e),
        Err(_) => template.execute(&raw.untyped(), Missing::Error),
        done => done,
    }
}

/// Whether the client keeps no JSON of such an object, only what it has read of it.
pub fn is_without_json(ty: &str) -> bool {
    ty.starts_with("volume.") || ty.starts_with("context.")
}

/// JSON as a value of a type: `string`, `[]int`, `map[string]any`, `*container.State` …
pub fn typed(ty: &str, raw: &Value) -> Value {
    if let Some(inner) = ty.strip_prefix('*') {
        return match raw {
            Value::Null => Value::Nil,
            _ => Value::Pointer(Rc::new(typed(inner, raw))),
        };
    }
    if let Some(inner) = ty.strip_prefix("[]") {
        return match raw {
            Value::List(l) if inner == "string" => Value::Strings(Rc::new(l.iter().map(|v| typed(inner, v)).collect())),
            Value::List(l) => Value::list(l.iter().map(|v| typed(inner, v)).collect()),
            _ => Value::NilList,
        };
    }
    if let Some((key, inner)) = ty.strip_prefix("map[").and_then(|t| t.split_once(']')) {
        let items = match raw {
            Value::Map(m) => Some(m.iter().map(|(k, v)| (k.clone(), typed(inner, v))).collect()),
            _ => None,
        };
        let zero = if key == "string" { typed(inner, &Value::Null) } else { Value::Null };
        return Value::Dict(items.map(Rc::new), Rc::new(zero));
    }
    match (ty, raw) {
        ("any", _) => raw.clone(),
        ("string", Value::Null) => Value::str(""),
        ("time", Value::Str(s)) => Value::Time(s.clone()),
        ("time", _) => Value::Time(Rc::from("0001-01-01T00:00:00Z")),
        ("duration", Value::Int(n)) => Value::Duration(*n),
        ("duration", _) => Value::Duration(0),
        ("bool", Value::Null) => Value::Bool(false),
        ("int", Value::Null) => Value::Int(0),
        ("[2]int", Value::Null) => Value::list(vec![Value::Int(0), Value::Int(0)]),
        ("string" | "bool" | "int" | "[2]int" | "[2]string", _) => raw.clone(),
        _ => Value::Struct(Rc::new(record(ty, raw))),
    }
}

fn record(name: &str, raw: &Value) -> Fields {
    let field = |line: &str| {
        let (names, ty) = line.split_once(' ').unwrap_or((line, "any"));
        if names == "+" {
            return (String::new(), typed(ty, raw));
        }
        let (go, json) = names.split_once(':').unwrap_or((names, names));
        (go.to_owned(), typed(ty, raw.get(json).unwrap_or(&Value::Null)))
    };
    let (name, fields) = lines(name);
    Fields { name, fields: fields.map(field).collect(), raw: raw.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each named type has its fields in the list.
    #[test]
    fn every_type_is_there() {
        for line in TYPES.lines().filter(|l| !l.starts_with('#')) {
            let Some((_, ty)) = line.split_once(' ') else { continue };
            let name = ty.trim_start_matches(['*', '[', ']', '2']).replace("map[string]", "").replace("map[port]", "");
            let name = name.trim_start_matches(['*', '[', ']']);
            let basic = ["string", "int", "bool", "any", "time", "duration", "struct{}", "mount.ClusterOptions"];
            assert!(basic.contains(&name) || lines(name).1.next().is_some(), "{line}");
        }
    }

    /// What docker 28.2.2 printed for such an answer.
    #[test]
    fn what_json_leaves_out_is_a_zero_value() {
        let raw = br#"{"Id":"abc","ExecIDs":null,"State":{"Status":"running","Running":true,"Pid":7},
            "HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]},"Binds":null,"PidsLimit":9},
            "Config":{"Labels":{"a":"b"},"ExposedPorts":{"80/tcp":{}},"Healthcheck":{"Test":["CMD","x"],"Interval":90000000000}},
            "NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"}}},"Mounts":[]}"#;
        let v = typed("container.InspectResponse", &Value::from_json(raw).unwrap());
        let run = |t: &str| Template::parse(t).unwrap().execute(&v, Missing::NoValue).map_err(|(e, _)| e);
        for (t, want) in [
            ("{{.State}}", "{running true false false false false 7 0    <nil>}"),
            ("{{.ExecIDs}} {{.HostConfig.Binds}} {{.Config.Volumes}} {{.HostConfig.Init}}", "[] [] map[] <nil>"),
            ("{{json .ExecIDs}} {{json .State.Health}} {{json .Config.Labels}}", r#"null null {"a":"b"}"#),
            ("{{json .HostConfig.Binds}} {{json .Mounts}} {{json .Config.Volumes}}", "null [] null"),
            ("{{.HostConfig.PortBindings}}", "map[80/tcp:[{ 8080}]]"),
            ("{{.Config.ExposedPorts}} {{.Config.Healthcheck}}", "map[80/tcp:{}] {[CMD x] 1m30s 0s 0s 0s 0}"),
            ("{{.HostConfig.PidsLimit}} {{.HostConfig.DNS}} {{.HostConfig.CPUShares}}", "9 [] 0"),
            ("{{eq .State.Pid 7}} {{.NetworkSettings.Networks.nope.IPAddress}}", "true <no value>"),
            (r#"{{index .Config.Labels "z"}}|{{.Config.Labels.z}}"#, "|<no value>"),
            (
                "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.IPAMConfig}} {{.Links}}{{end}}",
                "172.17.0.2 <nil> []",
            ),
            ("{{with .State.Health}}{{.Status}}{{else}}none{{end}}", "none"),
            ("{{len .Mounts}} {{len .HostConfig.Binds}} {{len .Config.Volumes}}", "0 0 0"),
        ] {
            assert_eq!(run(t).as_deref(), Ok(want), "{t}");
        }
        assert!(run(r#"{{index .HostConfig.PortBindings "80/tcp"}}"#).is_err(), "a port is no text");
        assert!(run("{{.Id}}").is_err(), "the field is called ID");
        assert!(run("{{.State.Health.Status}}").is_err());
        let networks = run("{{.NetworkSettings.Networks}}").unwrap();
        assert!(networks.starts_with("map[bridge:0xc000"), "{networks}");
    }
}
