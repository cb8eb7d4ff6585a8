//! What a cache's config holds (BuildKit `cache/remotecache/v1/spec.go`).

use layerlab_oci::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

/// The media type of a cache's config.
pub const MEDIA_TYPE: &str = "application/vnd.buildkit.cacheconfig.v0";

/// Layers, and steps whose results they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheConfig {
    /// Layers; each stands on another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<CacheLayer>,
    /// Steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<CacheRecord>,
}

/// A layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheLayer {
    /// Its compressed blob.
    pub blob: Digest,
    /// Number of the layer below; -1: none.
    #[serde(rename = "parent", default)]
    pub parent_index: i64,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheRecord {
    /// Its results.
    #[serde(rename = "layers", default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<CacheResult>,
    /// Its key.
    pub digest: Digest,
    /// Records of the steps that it stands on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Vec<CacheInput>>,
}

/// A step's result: the highest of its layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheResult {
    /// Number of the layer.
    #[serde(rename = "layer")]
    pub layer_index: i64,
    /// When it was made.
    #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// A step below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheInput {
    /// Which of its files.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub selector: String,
    /// Number of its record.
    #[serde(rename = "link", default)]
    pub link_index: i64,
}

impl CacheConfig {
    /// Numbers of the layers up to this one, lowest first; none if they lead in a circle.
    pub fn chain(&self, top: i64) -> Option<Vec<usize>> {
        let mut out = Vec::new();
        let mut at = top;
        while at >= 0 {
            let i = usize::try_from(at).ok()?;
            at = self.layers.get(i)?.parent_index;
            out.push(i);
            if out.len() > self.layers.len() {
                return None;
            }
        }
        out.reverse();
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_is_buildkits_json() {
        let d = |b: &str| Digest::of(b.as_bytes());
        let config = CacheConfig {
            layers: vec![CacheLayer { blob: d("a"), parent_index: -1 }, CacheLayer { blob: d("b"), parent_index: 0 }],
            records: vec![
                CacheRecord { results: Vec::new(), digest: d("k"), inputs: Vec::new() },
                CacheRecord {
                    results: vec![CacheResult { layer_index: 1, created_at: None }],
                    digest: d("l"),
                    inputs: vec![vec![CacheInput { selector: String::new(), link_index: 0 }]],
                },
            ],
        };
        let (a, b, k, l) = (d("a"), d("b"), d("k"), d("l"));
        assert_eq!(
            serde_json::to_string(&config).unwrap(),
            format!(
                "{{\"layers\":[{{\"blob\":\"{a}\",\"parent\":-1}},{{\"blob\":\"{b}\",\"parent\":0}}],\"records\":[{{\"digest\":\"{k}\"}},{{\"layers\":[{{\"layer\":1}}],\"digest\":\"{l}\",\"inputs\":[[{{\"link\":0}}]]}}]}}"
            )
        );
        assert_eq!(config.chain(1), Some(vec![0, 1]));
        let circle = CacheConfig {
            layers: vec![CacheLayer { blob: d("a"), parent_index: 1 }, CacheLayer { blob: d("b"), parent_index: 0 }],
            records: Vec::new(),
        };
        assert_eq!((circle.chain(1), config.chain(7)), (None, None));
    }
}
