//! What templates see: JSON with its order kept, and rows with named fields.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// JSON's null, or what is not there.
    Null,
    /// A bool.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number of JSON that no type has made an integer: for Go it is a text (`json.Number`).
    Number(Rc<str>),
    /// Another number.
    Float(f64),
    /// A constant with an imaginary part, which only templates have.
    Complex(f64, f64),
    /// A text.
    Str(Rc<str>),
    /// A list.
    List(Rc<Vec<Value>>),
    /// A list of which Go knows that it holds texts.
    Strings(Rc<Vec<Value>>),
    /// An object, in the order in which it came.
    Map(Rc<Vec<(String, Value)>>),
    /// A row of a table.
    Row(Rc<Row>),
    /// A pointer to nothing.
    Nil,
    /// A list that was never made: empty, and `null` in JSON.
    NilList,
    /// A pointer to what is there.
    Pointer(Rc<Value>),
    /// A struct.
    Struct(Rc<Fields>),
    /// A map whose values have a type, with that type's zero value; without items it was never made.
    Dict(Option<Rc<Vec<(String, Value)>>>, Rc<Value>),
    /// A time, in RFC 3339.
    Time(Rc<str>),
    /// A duration in nanoseconds.
    Duration(i64),
}

/// A struct's fields in their order; those of an embedded one are under an empty name.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    /// Go's type.
    pub name: &'static str,
    /// Name and value.
    pub fields: Vec<(String, Value)>,
    /// What it came from.
    pub raw: Value,
}

impl Fields {
    fn get(&self, name: &str) -> Option<&Value> {
        let own = self.fields.iter().find(|(k, v)| match v {
            // An embedded type is a field, too.
            Value::Struct(s) if k.is_empty() => s.name.rsplit('.').next() == Some(name),
            _ => k == name && !k.is_empty(),
        });
        let own = own.map(|(_, v)| v);
        own.or_else(|| self.fields.iter().filter(|(k, _)| k.is_empty()).find_map(|(_, v)| v.get(name)))
    }
}

/// What `docker ps --format` and its like see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Go's type, for error messages: `formatter.ContainerContext`.
    pub type_name: &'static str,
    /// Fields by name.
    pub fields: BTreeMap<&'static str, Value>,
    /// What `.Label "x"` finds.
    pub labels: BTreeMap<String, String>,
}

impl Row {
    /// Whether it has the method `Label` (docker/cli: `formatter` of containers, volumes, networks, configs, secrets).
    pub fn has_labels(&self) -> bool {
        let kinds = ["Container", "volume", "network", "config", "secret"];
        let name = self.type_name.rsplit('.').next().unwrap_or("");
        kinds.iter().any(|k| name.strip_prefix(k) == Some("Context"))
    }
}

impl Value {
    /// A text.
    pub fn str(s: impl AsRef<str>) -> Self {
        Self::Str(Rc::from(s.as_ref()))
    }
    /// A list.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Rc::new(items))
    }
    /// Reads JSON.
    ///
    /// # Errors
    /// It is none.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
    /// The same with the keys of all objects in order, as Go writes maps.
    pub fn sorted(&self) -> Self {
        match self {
            Self::List(l) => Self::list(l.iter().map(Self::sorted).collect()),
            Self::Map(m) => {
                let mut items: Vec<(String, Value)> = m.iter().map(|(k, v)| (k.clone(), v.sorted())).collect();
                items.sort_by(|a, b| a.0.cmp(&b.0));
                Self::Map(Rc::new(items))
            }
            other => other.clone(),
        }
    }
    /// A member of an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Map(m) => m.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            Self::Row(r) => r.fields.get(key),
            Self::Struct(s) => s.get(key),
            Self::Dict(Some(m), _) => m.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            Self::Pointer(v) => v.get(key),
            _ => None,
        }
    }
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(s) => Some(s),
            _ => None,
        }
    }
    /// Go's truth of a value in templates: not zero, not empty.
    pub fn truth(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(b) => *b,
            Self::Int(n) => *n != 0,
            Self::Number(_) => true,
            Self::Float(f) => *f != 0.0,
            Self::Complex(re, im) => *re != 0.0 || *im != 0.0,
            Self::Str(s) => !s.is_empty(),
            Self::List(l) | Self::Strings(l) => !l.is_empty(),
            Self::Map(m) => !m.is_empty(),
            Self::Dict(m, _) => m.as_ref().is_some_and(|m| !m.is_empty()),
            Self::Nil | Self::NilList => false,
            Self::Row(_) | Self::Pointer(_) | Self::Struct(_) | Self::Time(_) => true,
            Self::Duration(n) => *n != 0,
        }
    }
    /// The same with its numbers as texts.
    pub fn untyped(&self) -> Self {
        match self {
            Self::Int(n) => Self::Number(Rc::from(n.to_string())),
            Self::Float(n) => Self::Number(Rc::from(super::json::number(*n))),
            Self::List(l) => Self::list(l.iter().map(Self::untyped).collect()),
            Self::Map(m) => Self::Map(Rc::new(m.iter().map(|(k, v)| (k.clone(), v.untyped())).collect())),
            other => other.clone(),
        }
    }
    /// As it stands inside of another value: a pointer shows where it points to.
    pub fn inner(&self) -> String {
        Inner(self).to_string()
    }
    /// What a pointer points to, or the value itself.
    pub fn pointed(&self) -> &Value {
        match self {
            Self::Pointer(v) => v.pointed(),
            other => other,
        }
    }
    /// The type of a struct.
    pub fn struct_name(&self) -> &'static str {
        match self {
            Self::Struct(s) => s.name,
            _ => "",
        }
    }
    /// The items of a map or a struct's JSON.
    pub fn items(&self) -> &[(String, Value)] {
        match self {
            Self::Map(m) | Self::Dict(Some(m), _) => m,
            _ => &[],
        }
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Self::str(s)
    }
}
impl From<String> for Value {
    fn from(s: String) -> Self {
        Self::str(s)
    }
}
impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}
impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

/// A value inside of another: a pointer shows where it points to.
struct Inner<'a>(&'a Value);

impl fmt::Display for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("<nil>"),
            // These say themselves what they are.
            Value::Pointer(v) if v.struct_name() == "units.Ulimit" => v.fmt(f),
            // An address as they look; the same for the same content.
            Value::Pointer(v) => {
                let hash =
                    v.to_string().bytes().fold(0x811c_9dc5u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
                write!(f, "0xc000{:06x}", hash & 0x00ff_ffe0)
            }
            other => other.fmt(f),
        }
    }
}

fn bracketed(f: &mut fmt::Formatter<'_>, open: &str, items: &[(String, Value)]) -> fmt::Result {
    let mut sorted: Vec<&(String, Value)> = items.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    f.write_str(open)?;
    for (i, (k, v)) in sorted.into_iter().enumerate() {
        write!(f, "{}{k}:{}", if i > 0 { " " } else { "" }, Inner(v))?;
    }
    f.write_str("]")
}

/// As Go's `%v`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("<no value>"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(n) => write!(f, "{n}"),
            Self::Number(n) => f.write_str(n),
            Self::Float(n) => f.write_str(&super::go::shortest(*n)),
            Self::Complex(re, im) => {
                let (re, im) = (super::go::shortest(*re), super::go::shortest(*im));
                write!(f, "({re}{}{im}i)", if im.starts_with(['-', '+']) { "" } else { "+" })
            }
            Self::Str(s) => f.write_str(s),
            Self::List(l) | Self::Strings(l) => {
                f.write_str("[")?;
                for (i, v) in l.iter().enumerate() {
                    write!(f, "{}{}", if i > 0 { " " } else { "" }, Inner(v))?;
                }
                f.write_str("]")
            }
            Self::Map(m) => bracketed(f, "map[", m),
            Self::Dict(..) => bracketed(f, "map[", self.items()),
            Self::Nil => f.write_str("<nil>"),
            Self::NilList => f.write_str("[]"),
            Self::Pointer(v) => v.fmt(f),
            Self::Struct(s) if s.name == "units.Ulimit" => {
                let field = |name| s.get(name).map(Self::to_string).unwrap_or_default();
                write!(f, "{}={}:{}", field("Name"), field("Soft"), field("Hard"))
            }
            Self::Struct(s) => {
                f.write_str("{")?;
                for (i, (_, v)) in s.fields.iter().enumerate() {
                    write!(f, "{}{}", if i > 0 { " " } else { "" }, Inner(v))?;
                }
                f.write_str("}")
            }
            Self::Time(t) => f.write_str(&super::time::go_of_rfc3339(t)),
            Self::Duration(n) => f.write_str(&super::duration::go_string(*n)),
            Self::Row(r) => write!(f, "&{{{}}}", r.type_name),
        }
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }
    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::Int(n))
    }
    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(i64::try_from(n).map_or(Value::Float(n as f64), Value::Int))
    }
    fn visit_f64<E>(self, n: f64) -> Result<Value, E> {
        Ok(Value::Float(n))
    }
    fn visit_str<E>(self, s: &str) -> Result<Value, E> {
        Ok(Value::str(s))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut a: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(v) = a.next_element()? {
            items.push(v);
        }
        Ok(Value::list(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut a: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(kv) = a.next_entry()? {
            items.push(kv);
        }
        Ok(Value::Map(Rc::new(items)))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(ValueVisitor)
    }
}
