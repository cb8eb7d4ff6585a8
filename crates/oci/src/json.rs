//! JSON as Go's `encoding/json` writes it, byte for byte: a digest is that of the bytes.
//!
//! Go escapes `<`, `>`, `&`, U+2028 and U+2029 in strings; `serde_json` does not. Everything else
//! (control characters, map order with `BTreeMap`, indentation) agrees.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

/// `json.Marshal(value)`.
///
/// # Errors
/// A value that has no JSON form (a map whose keys are no strings).
pub fn marshal<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    write(value, CompactFormatter)
}

/// `json.MarshalIndent(value, "", "  ")`, the form in which BuildKit writes manifests and indexes.
///
/// # Errors
/// As [`marshal`].
pub fn marshal_indent<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    write(value, PrettyFormatter::with_indent(b"  "))
}

fn write<T: Serialize, F: Formatter>(value: &T, formatter: F) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, GoFormatter(formatter)))?;
    Ok(out)
}

struct GoFormatter<F>(F);

/// Passes the layout on to the formatter inside.
macro_rules! delegate {
    ($($name:ident($($arg:ident: $type:ty),*)),* $(,)?) => {$(
        fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $arg: $type)*) -> io::Result<()> {
            self.0.$name(writer $(, $arg)*)
        }
    )*};
}

impl<F: Formatter> Formatter for GoFormatter<F> {
    delegate!(
        begin_array(),
        end_array(),
        begin_array_value(first: bool),
        end_array_value(),
        begin_object(),
        end_object(),
        begin_object_key(first: bool),
        end_object_key(),
        begin_object_value(),
        end_object_value(),
    );

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (plain, tail) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut chars = tail.chars();
            if let Some(special) = chars.next() {
                write!(writer, "\\u{:04x}", u32::from(special))?;
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

/// For `#[serde(deserialize_with)]`: Go reads `null` as the zero value.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de> + Default,
{
    Ok(<Option<T> as serde::Deserialize>::deserialize(deserializer)?.unwrap_or_default())
}

/// For `#[serde(skip_serializing_if)]`: Go's `omitempty` on numbers and booleans.
pub(crate) fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_html_as_go_does() {
        let text = "RUN a && b <c> \u{2028}\u{2029} \"q\" \\ \n\t\u{1}\u{8} ä";
        let expected = "\"RUN a \\u0026\\u0026 b \\u003cc\\u003e \\u2028\\u2029 \\\"q\\\" \\\\ \\n\\t\\u0001\\b ä\"";
        assert_eq!(String::from_utf8(marshal(&text).unwrap()).unwrap(), expected);
    }

    #[test]
    fn indents_as_go_does() {
        let value = serde_json::json!({"a": [1, {"b": "<"}], "e": [], "o": {}});
        let expected =
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"\\u003c\"\n    }\n  ],\n  \"e\": [],\n  \"o\": {}\n}";
        assert_eq!(String::from_utf8(marshal_indent(&value).unwrap()).unwrap(), expected);
    }
}
