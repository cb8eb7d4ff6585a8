//! The image config: what a container of the image is started with, and how the image was made.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::json::{self, is_zero, null_as_default};
use crate::{Digest, Timestamp};

/// An image config. The field order is that in which BuildKit writes it: BuildKit patches the
/// config as a Go map of raw messages, so that the outer keys are sorted (`patchImageConfig`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImageConfig {
    /// `amd64`, `arm64`, ….
    #[serde(default)]
    pub architecture: String,
    /// Who made it (`MAINTAINER`, `docker commit -a`).
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// What a container is started with.
    #[serde(default, deserialize_with = "null_as_default")]
    pub config: Config,
    /// When the last layer was made. BuildKit writes `null` for none.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// How each layer was made, oldest first. BuildKit writes `null` for none.
    #[serde(default, deserialize_with = "null_as_default", serialize_with = "nil_if_empty")]
    pub history: Vec<History>,
    /// BuildKit's cache records in base64 (`--cache-to type=inline`); else empty.
    #[serde(rename = "moby.buildkit.cache.v0", default, skip_serializing_if = "String::is_empty")]
    pub inline_cache: String,
    /// `linux`.
    #[serde(default)]
    pub os: String,
    /// Windows' version; else empty.
    #[serde(rename = "os.version", default, skip_serializing_if = "String::is_empty")]
    pub os_version: String,
    /// The layers.
    pub rootfs: RootFs,
    /// `v8`, `v7`, …; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variant: String,
}

/// What a container is started with, in the field order of Go's `dockerspec.DockerOCIImageConfig`.
/// Empty and absent mean the same, as with Go's `omitempty`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Config {
    /// `user[:group]`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// `5000/tcp`.
    #[serde(default, with = "set_as_map", skip_serializing_if = "BTreeSet::is_empty")]
    pub exposed_ports: BTreeSet<String>,
    /// `NAME=value`, in the order of the Dockerfile.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    /// The program and its first arguments.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub entrypoint: Vec<String>,
    /// The program, or arguments to the entrypoint.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub cmd: Vec<String>,
    /// Mount points of anonymous volumes.
    #[serde(default, with = "set_as_map", skip_serializing_if = "BTreeSet::is_empty")]
    pub volumes: BTreeSet<String>,
    /// Absolute path.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    /// Free metadata.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// `SIGQUIT`; empty for SIGTERM.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    pub stop_signal: String,
    /// Windows: the command is one escaped string.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "is_zero")]
    pub args_escaped: bool,
    /// How the container is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    /// Instructions for images built upon this one.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub on_build: Vec<String>,
    /// The shell of `RUN`, `CMD` and `ENTRYPOINT` in shell form.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub shell: Vec<String>,
}

/// `HEALTHCHECK`. Times in nanoseconds; zero means the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Healthcheck {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", command]`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<String>,
    /// Between two checks.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub interval: i64,
    /// For one check.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub timeout: i64,
    /// At the start, failures in it do not count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start_period: i64,
    /// Between two checks in the start period.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start_interval: i64,
    /// Failures in a row until `unhealthy`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: i64,
}

/// One line of `docker history`, in the field order of Go's `ocispec.History`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct History {
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// The instruction.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    pub created_by: String,
    /// Who.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// The builder: `buildkit.dockerfile.v0`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// The instruction made no layer.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "is_zero")]
    pub empty_layer: bool,
}

/// The layers of the file system.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RootFs {
    /// Always `layers`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Digests of the uncompressed layers, lowest first. `null` for none, as Go writes it.
    #[serde(deserialize_with = "null_as_default", serialize_with = "nil_if_empty")]
    pub diff_ids: Vec<Digest>,
}

impl Default for RootFs {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl RootFs {
    /// The chain IDs: each names a layer together with all below it (OCI image-spec, `config.md`).
    /// The last is the snapshot that containers start from.
    #[must_use]
    pub fn chain_ids(&self) -> Vec<Digest> {
        let mut chain: Vec<Digest> = Vec::with_capacity(self.diff_ids.len());
        for diff_id in &self.diff_ids {
            chain.push(match chain.last() {
                None => *diff_id,
                Some(below) => Digest::of(format!("{below} {diff_id}").as_bytes()),
            });
        }
        chain
    }

    /// These layers, lowest first.
    #[must_use]
    pub fn new(diff_ids: Vec<Digest>) -> Self {
        Self { kind: "layers".to_owned(), diff_ids }
    }
}

impl ImageConfig {
    /// The bytes that BuildKit writes.
    ///
    /// # Errors
    /// None in practice: every field has a JSON form.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        json::marshal(self)
    }

    /// The bytes that the daemon writes (`docker commit`, `docker import`): Go's
    /// `dockerspec.DockerOCIImage`, in which `config` comes last because it shadows an embedded field.
    ///
    /// # Errors
    /// As [`ImageConfig::to_json`].
    pub fn to_json_daemon(&self) -> Result<Vec<u8>, serde_json::Error> {
        json::marshal(&DaemonOrder {
            created: &self.created,
            author: &self.author,
            architecture: &self.architecture,
            os: &self.os,
            os_version: &self.os_version,
            variant: &self.variant,
            rootfs: &self.rootfs,
            history: &self.history,
            config: &self.config,
        })
    }

    /// Reads a config, be it from BuildKit, the daemon or the old builder (`null`s, more fields).
    ///
    /// # Errors
    /// Not JSON, or a field is missing or has another type.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

#[derive(Serialize)]
struct DaemonOrder<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    created: &'a Option<Timestamp>,
    #[serde(skip_serializing_if = "str::is_empty")]
    author: &'a str,
    architecture: &'a str,
    os: &'a str,
    #[serde(rename = "os.version", skip_serializing_if = "str::is_empty")]
    os_version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    variant: &'a str,
    rootfs: &'a RootFs,
    #[serde(skip_serializing_if = "<[History]>::is_empty")]
    history: &'a [History],
    config: &'a Config,
}

/// A list that Go has as nil when it is empty, without `omitempty`.
fn nil_if_empty<T: Serialize, S: serde::Serializer>(list: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
    if list.is_empty() { serializer.serialize_none() } else { list.serialize(serializer) }
}

/// Go's `map[string]struct{}`: `{"80/tcp":{}}`.
mod set_as_map {
    use std::collections::{BTreeMap, BTreeSet};

    use serde::de::IgnoredAny;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(serde::Serialize)]
    struct Empty {}

    pub(super) fn serialize<S: Serializer>(set: &BTreeSet<String>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(set.iter().map(|key| (key, Empty {})))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
        let map = Option::<BTreeMap<String, IgnoredAny>>::deserialize(deserializer)?;
        Ok(map.unwrap_or_default().into_keys().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The config of `hello-world` on amd64 as its repository had it in 2023 (built by BuildKit's
    /// predecessor), shortened: `null`s and fields that nobody uses any more.
    const OLD: &str = r#"{"architecture":"amd64","config":{"Hostname":"","Domainname":"","User":"",
        "AttachStdin":false,"Env":["PATH=/bin"],"Cmd":["/hello"],"Image":"sha256:62a1","Volumes":null,
        "WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":null,"ExposedPorts":{"80/tcp":{}}},
        "container":"b2af51419cbf516f3c99b877a64906b21afedc175bd3cd082eb5798e2f277bb4",
        "created":"2023-05-04T17:37:03.872958712Z","docker_version":"20.10.23",
        "history":[{"created":"2023-05-04T17:37:03.872958712Z",
        "created_by":"/bin/sh -c #(nop)  CMD [\"/hello\"]","empty_layer":true}],"os":"linux",
        "rootfs":{"type":"layers","diff_ids":[
        "sha256:01bb4fce3eb1b56b05adf99504dafd31907a5aadac736e36b27595c8b92f07f1"]}}"#;

    #[test]
    fn reads_configs_of_the_old_builder() {
        let config = ImageConfig::from_json(OLD.as_bytes()).unwrap();
        assert_eq!(config.config.cmd, ["/hello"]);
        assert!(config.config.entrypoint.is_empty() && config.config.volumes.is_empty());
        assert_eq!(config.config.exposed_ports.iter().map(String::as_str).collect::<Vec<_>>(), ["80/tcp"]);
        assert_eq!(config.rootfs.diff_ids.len(), 1);
    }

    #[test]
    fn chain_ids_hash_the_chain_below() {
        let [a, b, c] = [b"a", b"b", b"c"].map(|text| Digest::of(text));
        let ab = Digest::of(format!("{a} {b}").as_bytes());
        let abc = Digest::of(format!("{ab} {c}").as_bytes());
        assert_eq!(RootFs::new(vec![a, b, c]).chain_ids(), [a, ab, abc]);
    }

    #[test]
    fn nothing_is_null_as_in_go() {
        let empty = ImageConfig { architecture: "amd64".into(), os: "linux".into(), ..ImageConfig::default() };
        let json = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert_eq!(
            json(empty.to_json().unwrap()),
            r#"{"architecture":"amd64","config":{},"created":null,"history":null,"os":"linux","rootfs":{"type":"layers","diff_ids":null}}"#
        );
        assert_eq!(
            json(empty.to_json_daemon().unwrap()),
            r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":null},"config":{}}"#
        );
    }

    #[test]
    fn writes_what_buildkit_writes() {
        let created: Timestamp = "2026-11-21T20:09:11.5Z".parse().unwrap();
        let config = ImageConfig {
            architecture: "amd64".into(),
            os: "linux".into(),
            created: Some(created),
            config: Config {
                env: vec!["PATH=/bin".into()],
                cmd: vec!["sh".into(), "-c".into(), "a && b".into()],
                working_dir: "/app".into(),
                exposed_ports: ["5000/tcp".to_owned()].into(),
                ..Config::default()
            },
            history: vec![History {
                created: Some(created),
                created_by: "WORKDIR /app".into(),
                comment: "buildkit.dockerfile.v0".into(),
                ..History::default()
            }],
            rootfs: RootFs::new(vec![Digest::of(b"")]),
            ..ImageConfig::default()
        };
        let expected = concat!(
            r#"{"architecture":"amd64","config":{"ExposedPorts":{"5000/tcp":{}},"Env":["PATH=/bin"],"#,
            r#""Cmd":["sh","-c","a \u0026\u0026 b"],"WorkingDir":"/app"},"created":"2026-11-21T20:09:11.5Z","#,
            r#""history":[{"created":"2026-11-21T20:09:11.5Z","created_by":"WORKDIR /app","#,
            r#""comment":"buildkit.dockerfile.v0"}],"os":"linux","rootfs":{"type":"layers","diff_ids":"#,
            r#"["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]}}"#
        );
        assert_eq!(String::from_utf8(config.to_json().unwrap()).unwrap(), expected);
        assert_eq!(ImageConfig::from_json(expected.as_bytes()).unwrap(), config);
        let daemon = String::from_utf8(config.to_json_daemon().unwrap()).unwrap();
        assert!(
            daemon.starts_with(r#"{"created":"2026-11-21T20:09:11.5Z","architecture":"amd64","os":"linux","rootfs":"#)
        );
        assert!(daemon.ends_with(r#""WorkingDir":"/app"}}"#));
        assert_eq!(ImageConfig::from_json(daemon.as_bytes()).unwrap(), config);
    }
}
