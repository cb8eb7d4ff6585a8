//! The `filters` parameter: `{"status":{"running":true},"label":{"a=b":true}}` or, older, lists.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, Serializer};

/// Filters by name; of one name's values any may fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filters(pub BTreeMap<String, BTreeSet<String>>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Map(BTreeMap<String, bool>),
    List(Vec<String>),
}

impl Filters {
    /// Reads the parameter; the empty text has no filters.
    ///
    /// # Errors
    /// Not JSON of either form.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let raw: BTreeMap<String, Values> = serde_json::from_str(text)?;
        let values = |v| match v {
            Values::Map(m) => m.into_iter().filter(|(_, on)| *on).map(|(k, _)| k).collect(),
            Values::List(l) => l.into_iter().collect(),
        };
        Ok(Self(raw.into_iter().map(|(k, v)| (k, values(v))).collect()))
    }
    /// Adds a value.
    pub fn add(&mut self, name: &str, value: &str) {
        self.0.entry(name.to_owned()).or_default().insert(value.to_owned());
    }
    /// One name's values; nothing if it isn't filtered by.
    pub fn get(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }
    /// Whether it is filtered by this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// As the parameter's text.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Filters {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let map: BTreeMap<&String, BTreeMap<&String, bool>> =
            self.0.iter().map(|(k, v)| (k, v.iter().map(|v| (v, true)).collect())).collect();
        map.serialize(s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms() {
        let new = Filters::parse(r#"{"status":{"running":true,"exited":false}}"#).unwrap();
        let old = Filters::parse(r#"{"status":["running"]}"#).unwrap();
        assert_eq!(new, old);
        assert_eq!(new.to_json(), r#"{"status":{"running":true}}"#);
        assert!(Filters::parse("x").is_err());
    }
}
