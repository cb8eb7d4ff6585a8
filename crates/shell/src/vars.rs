//! Variables with their attributes, and the scopes of functions.

use layerlab_kernel::sorted::{self, SortedMap};
use std::rc::Rc;

/// A variable's value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Value {
    /// Declared, but without a value.
    #[default]
    Unset,
    /// A string.
    Str(Rc<str>),
    /// An indexed array.
    Array(Rc<SortedMap<i64, String>>),
    /// An associative array.
    Assoc(Rc<SortedMap<String, String>>),
}

impl Value {
    /// What `$name` gives.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Unset => None,
            Self::Str(s) => Some(s.to_string()),
            Self::Array(a) => a.get(&0).cloned(),
            Self::Assoc(a) => a.get("0").cloned(),
        }
    }
    /// All values of an array, or the one.
    pub fn all(&self) -> Vec<String> {
        match self {
            Self::Unset => Vec::new(),
            Self::Str(s) => vec![s.to_string()],
            Self::Array(a) => a.values().cloned().collect(),
            Self::Assoc(a) => in_order(a).into_iter().map(|(_, v)| v.clone()).collect(),
        }
    }
    /// All keys.
    pub fn keys(&self) -> Vec<String> {
        match self {
            Self::Unset => Vec::new(),
            Self::Str(_) => vec!["0".into()],
            Self::Array(a) => a.keys().map(ToString::to_string).collect(),
            Self::Assoc(a) => in_order(a).into_iter().map(|(k, _)| k.clone()).collect(),
        }
    }
}

/// An associative array in the order in which bash shows it: that of its hash table (FNV-1, 1,024 buckets).
pub fn in_order(map: &SortedMap<String, String>) -> Vec<(&String, &String)> {
    let bucket =
        |key: &str| key.bytes().fold(2_166_136_261_u32, |h, b| h.wrapping_mul(16_777_619) ^ u32::from(b)) & 1023;
    let mut all: Vec<_> = map.iter().collect();
    sorted::sort_by(&mut all, |(a, _), (b, _)| bucket(a).cmp(&bucket(b)));
    all
}

/// A variable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::struct_excessive_bools, reason = "they are attributes")]
pub struct Var {
    /// Its value.
    pub value: Value,
    /// Goes into the environment of commands.
    pub export: bool,
    /// Cannot be changed.
    pub readonly: bool,
    /// Values are arithmetic (`declare -i`).
    pub integer: bool,
    /// Values become lower case (`declare -l`).
    pub lower: bool,
    /// Values become upper case (`declare -u`).
    pub upper: bool,
    /// Names another variable (`declare -n`).
    pub nameref: bool,
}

/// All variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Vars {
    map: Rc<SortedMap<String, Var>>,
    /// What each function's locals hid.
    scopes: Vec<SortedMap<String, Option<Var>>>,
}

impl Vars {
    /// A variable, declared or set; name references are followed.
    pub fn get(&self, name: &str) -> Option<&Var> {
        self.map.get(self.resolve(name).as_ref())
    }
    /// A variable itself, even if it is a name reference.
    pub fn get_raw(&self, name: &str) -> Option<&Var> {
        self.map.get(name)
    }
    /// The name that a name reference stands for.
    pub fn resolve<'a>(&'a self, name: &'a str) -> std::borrow::Cow<'a, str> {
        let mut n = name;
        for _ in 0..8 {
            match self.map.get(n) {
                Some(Var { nameref: true, value: Value::Str(target), .. }) => n = target,
                _ => break,
            }
        }
        n.into()
    }
    /// A variable's string.
    pub fn value(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|v| v.value.scalar())
    }
    /// The value of a variable that is a string without attributes that change what is assigned.
    pub fn plain(&mut self, name: &str) -> Option<&mut Value> {
        match Rc::make_mut(&mut self.map).get_mut(name)? {
            Var { value, readonly: false, integer: false, lower: false, upper: false, nameref: false, .. }
                if matches!(value, Value::Str(_)) =>
            {
                Some(value)
            }
            _ => None,
        }
    }
    /// A variable to change; made if there is none.
    pub fn entry(&mut self, name: &str) -> &mut Var {
        let name = self.resolve(name).into_owned();
        Rc::make_mut(&mut self.map).entry(name).or_default()
    }
    /// The variable itself, even if it is a name reference.
    pub fn entry_raw(&mut self, name: &str) -> &mut Var {
        Rc::make_mut(&mut self.map).entry(name.to_owned()).or_default()
    }
    /// Sets a string without looking at attributes.
    pub fn put(&mut self, name: &str, value: &str) {
        self.entry(name).value = Value::Str(value.into());
    }
    /// Forgets a variable.
    pub fn remove(&mut self, name: &str) {
        Rc::make_mut(&mut self.map).remove(name);
    }
    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Var)> {
        self.map.iter()
    }
    /// The environment for commands.
    pub fn environment(&self) -> Vec<(String, String)> {
        self.map.iter().filter(|(_, v)| v.export).filter_map(|(k, v)| Some((k.clone(), v.value.scalar()?))).collect()
    }
    /// Memory that they take, about.
    pub fn bytes(&self) -> u64 {
        let of = |v: &Var| match &v.value {
            Value::Unset => 0,
            Value::Str(s) => s.len(),
            Value::Array(a) => a.values().map(|s| s.len() + 48).sum(),
            Value::Assoc(a) => a.iter().map(|(k, v)| k.len() + v.len() + 64).sum(),
        };
        let hidden = self.scopes.iter().flat_map(|s| s.values().flatten()).map(of).sum::<usize>();
        (self.map.iter().map(|(k, v)| k.len() + 64 + of(v)).sum::<usize>() + hidden) as u64
    }
    /// A function begins.
    pub fn push_scope(&mut self) {
        self.scopes.push(SortedMap::new());
    }
    /// A function ends: what its locals hid is back.
    pub fn pop_scope(&mut self) {
        if let Some(scope) = self.scopes.pop() {
            let map = Rc::make_mut(&mut self.map);
            for (name, old) in scope {
                match old {
                    Some(v) => map.insert(name, v),
                    None => map.remove(&name),
                };
            }
        }
    }
    /// The names that the running function has made its own.
    pub fn locals(&self) -> Vec<String> {
        self.scopes.last().map(|s| s.keys().cloned().collect()).unwrap_or_default()
    }
    /// Whether the running function has made the name its own.
    pub fn is_local(&self, name: &str) -> bool {
        self.scopes.last().is_some_and(|s| s.contains_key(name))
    }
    /// Whether a function runs.
    pub fn in_function(&self) -> bool {
        !self.scopes.is_empty()
    }
    /// Makes a name local; false outside of functions. A fresh one is unset.
    pub fn make_local(&mut self, name: &str, keep_value: bool) -> bool {
        let old = self.map.get(name).cloned();
        let Some(scope) = self.scopes.last_mut() else { return false };
        if scope.contains_key(name) {
            return true;
        }
        scope.insert(name.to_owned(), old.clone());
        let map = Rc::make_mut(&mut self.map);
        let export = old.as_ref().is_some_and(|o| o.export);
        if keep_value {
            return true;
        }
        map.insert(name.to_owned(), Var { export, ..Var::default() });
        true
    }
}
