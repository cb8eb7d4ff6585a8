//! What a Redis server keeps, and its commands on it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::resp::Reply;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Value {
    Text(Vec<u8>),
    List(VecDeque<Vec<u8>>),
    Hash(BTreeMap<Vec<u8>, Vec<u8>>),
    Set(BTreeSet<Vec<u8>>),
    /// Scores as their texts: equal scores have equal texts.
    Sorted(BTreeMap<Vec<u8>, Score>),
}

/// A score of a sorted set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score(pub(super) f64);

impl Eq for Score {}
impl std::hash::Hash for Score {
    fn hash<H: std::hash::Hasher>(&self, h: &mut H) {
        self.0.to_bits().hash(h);
    }
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::List(_) => "list",
            Self::Hash(_) => "hash",
            Self::Set(_) => "set",
            Self::Sorted(_) => "zset",
        }
    }
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(_) => false,
            Self::List(l) => l.is_empty(),
            Self::Hash(h) => h.is_empty(),
            Self::Set(s) => s.is_empty(),
            Self::Sorted(s) => s.is_empty(),
        }
    }
}

/// A value and when it ends: milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) until: Option<i64>,
}

/// A database.
pub(super) type Db = BTreeMap<Vec<u8>, Entry>;

/// All databases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Store {
    pub(super) dbs: BTreeMap<usize, Db>,
    /// Changes since the last save.
    pub(super) dirty: u64,
}

type Answer = Result<Reply, Reply>;

fn err(text: &str) -> Reply {
    Reply::error(text)
}

fn wrong_type() -> Reply {
    err("WRONGTYPE Operation against a key holding the wrong kind of value")
}

fn not_integer() -> Reply {
    err("ERR value is not an integer or out of range")
}

/// A number as Redis prints it: 17 digits, without zeros at the end.
pub(super) fn number(n: f64) -> String {
    if n.is_infinite() {
        return if n > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    if n.fract() == 0.0 && n.abs() < 1e17 { format!("{n:.0}") } else { format!("{n}") }
}

fn int(word: &[u8]) -> Result<i64, Reply> {
    std::str::from_utf8(word).ok().and_then(|t| t.parse().ok()).ok_or_else(not_integer)
}

fn float(word: &[u8]) -> Result<f64, Reply> {
    let text = std::str::from_utf8(word).unwrap_or_default().to_lowercase();
    let n = match text.as_str() {
        "inf" | "+inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        t => t.parse().ok().filter(|n: &f64| !n.is_nan()),
    };
    n.ok_or_else(|| err("ERR value is not a valid float"))
}

fn list(items: impl IntoIterator<Item = Vec<u8>>) -> Reply {
    Reply::List(items.into_iter().map(Reply::Bulk).collect())
}

/// First and last place of a range with Redis' negative numbers; `None`: empty.
fn span(start: i64, stop: i64, len: usize) -> Option<(usize, usize)> {
    let len = i64::try_from(len).ok()?;
    let fix = |n: i64| if n < 0 { n + len } else { n };
    let (a, b) = (fix(start).max(0), fix(stop).min(len - 1));
    if a > b { None } else { Some((usize::try_from(a).ok()?, usize::try_from(b).ok()?)) }
}

/// A glob of `KEYS`.
pub(super) fn fits(pattern: &[u8], text: &[u8]) -> bool {
    // Where the last star stands, and from where it was tried.
    let (mut p, mut t, mut star) = (0, 0, None::<(usize, usize)>);
    loop {
        let step = match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            None if t == text.len() => return true,
            None => None,
            Some(b'?') => (t < text.len()).then_some(1),
            Some(b'[') => {
                let end = pattern.iter().skip(p + 1).position(|b| *b == b']').map_or(pattern.len(), |e| p + 1 + e);
                let class = pattern.get(p + 1..end).unwrap_or_default();
                let (not, class) = class.strip_prefix(b"^").map_or((false, class), |c| (true, c));
                let c = text.get(t).copied();
                let mut at = 0;
                let mut hit = false;
                while let (Some(a), Some(c)) = (class.get(at).copied(), c) {
                    match (class.get(at + 1), class.get(at + 2).copied()) {
                        (Some(b'-'), Some(b)) => {
                            hit |= (a..=b).contains(&c);
                            at += 3;
                        }
                        _ => {
                            hit |= a == c;
                            at += 1;
                        }
                    }
                }
                (c.is_some() && hit != not).then_some(end + 1 - p)
            }
            Some(b'\\') if p + 1 < pattern.len() => (pattern.get(p + 1) == text.get(t)).then_some(2),
            Some(c) => (text.get(t) == Some(c)).then_some(1),
        };
        match (step, star) {
            (Some(n), _) => {
                p += n;
                t += 1;
            }
            (None, Some((sp, st))) if st < text.len() => {
                (p, t) = (sp + 1, st + 1);
                star = Some((sp, st + 1));
            }
            _ => return false,
        }
    }
}

/// Command, least number of words with it, most (0: any).
const ARITY: &[(&str, usize, usize)] = &[
    ("append", 3, 3),
    ("dbsize", 1, 1),
    ("decr", 2, 2),
    ("decrby", 3, 3),
    ("del", 2, 0),
    ("echo", 2, 2),
    ("exists", 2, 0),
    ("expire", 3, 4),
    ("expireat", 3, 4),
    ("flushall", 1, 2),
    ("flushdb", 1, 2),
    ("get", 2, 2),
    ("getdel", 2, 2),
    ("getrange", 4, 4),
    ("getset", 3, 3),
    ("hdel", 3, 0),
    ("hexists", 3, 3),
    ("hget", 3, 3),
    ("hgetall", 2, 2),
    ("hincrby", 4, 4),
    ("hkeys", 2, 2),
    ("hlen", 2, 2),
    ("hmget", 3, 0),
    ("hmset", 4, 0),
    ("hset", 4, 0),
    ("hsetnx", 4, 4),
    ("hvals", 2, 2),
    ("incr", 2, 2),
    ("incrby", 3, 3),
    ("incrbyfloat", 3, 3),
    ("keys", 2, 2),
    ("lindex", 3, 3),
    ("llen", 2, 2),
    ("lpop", 2, 3),
    ("lpush", 3, 0),
    ("lrange", 4, 4),
    ("lrem", 4, 4),
    ("lset", 4, 4),
    ("ltrim", 4, 4),
    ("mget", 2, 0),
    ("mset", 3, 0),
    ("persist", 2, 2),
    ("pexpire", 3, 4),
    ("ping", 1, 2),
    ("pttl", 2, 2),
    ("rename", 3, 3),
    ("rpop", 2, 3),
    ("rpoplpush", 3, 3),
    ("rpush", 3, 0),
    ("sadd", 3, 0),
    ("scan", 2, 0),
    ("scard", 2, 2),
    ("sdiff", 2, 0),
    ("set", 3, 0),
    ("setex", 4, 4),
    ("setnx", 3, 3),
    ("sinter", 2, 0),
    ("sismember", 3, 3),
    ("smembers", 2, 2),
    ("spop", 2, 3),
    ("srem", 3, 0),
    ("strlen", 2, 2),
    ("sunion", 2, 0),
    ("ttl", 2, 2),
    ("type", 2, 2),
    ("unlink", 2, 0),
    ("zadd", 4, 0),
    ("zcard", 2, 2),
    ("zincrby", 4, 4),
    ("zrange", 4, 0),
    ("zrank", 3, 3),
    ("zrem", 3, 0),
    ("zrevrange", 4, 5),
    ("zrevrank", 3, 3),
    ("zscore", 3, 3),
    ("zcount", 4, 4),
];

/// Whether a command is one of the data's.
pub(super) fn knows(command: &str) -> bool {
    ARITY.iter().any(|(n, ..)| *n == command)
}

/// Names of all commands of the data.
pub(super) fn commands() -> impl Iterator<Item = &'static str> {
    ARITY.iter().map(|(n, ..)| *n)
}

/// Whether a command can change data.
pub(super) fn writes(command: &str) -> bool {
    !matches!(
        command,
        "dbsize"
            | "echo"
            | "exists"
            | "get"
            | "getrange"
            | "hexists"
            | "hget"
            | "hgetall"
            | "hkeys"
            | "hlen"
            | "hmget"
            | "hvals"
            | "keys"
            | "lindex"
            | "llen"
            | "lrange"
            | "mget"
            | "ping"
            | "pttl"
            | "scan"
            | "scard"
            | "sdiff"
            | "sinter"
            | "sismember"
            | "smembers"
            | "strlen"
            | "sunion"
            | "ttl"
            | "type"
            | "zcard"
            | "zrange"
            | "zrank"
            | "zrevrange"
            | "zrevrank"
            | "zscore"
            | "zcount"
    )
}

/// What stands for an empty value of a kind.
macro_rules! of_kind {
    ($name:ident, $get:ident, $variant:ident, $type:ty) => {
        fn $get<'a>(db: &'a Db, key: &[u8]) -> Result<Option<&'a $type>, Reply> {
            match db.get(key).map(|e| &e.value) {
                None => Ok(None),
                Some(Value::$variant(v)) => Ok(Some(v)),
                Some(_) => Err(wrong_type()),
            }
        }
        fn $name<'a>(db: &'a mut Db, key: &[u8]) -> Result<&'a mut $type, Reply> {
            let new = || Entry { value: Value::$variant(Default::default()), until: None };
            match &mut db.entry(key.to_vec()).or_insert_with(new).value {
                Value::$variant(v) => Ok(v),
                _ => Err(wrong_type()),
            }
        }
    };
}
of_kind!(text_mut, text_of, Text, Vec<u8>);
of_kind!(list_mut, list_of, List, VecDeque<Vec<u8>>);
of_kind!(hash_mut, hash_of, Hash, BTreeMap<Vec<u8>, Vec<u8>>);
of_kind!(set_mut, set_of, Set, BTreeSet<Vec<u8>>);
of_kind!(sorted_mut, sorted_of, Sorted, BTreeMap<Vec<u8>, Score>);

impl Store {
    /// Does a command that [`knows`]; `now` in milliseconds since 1970.
    pub(super) fn run(&mut self, db: usize, words: &[Vec<u8>], now: i64) -> Reply {
        let name = words.first().map(|w| String::from_utf8_lossy(w).to_lowercase()).unwrap_or_default();
        let Some((_, least, most)) = ARITY.iter().find(|(n, ..)| *n == name) else {
            return err("ERR unknown command");
        };
        if words.len() < *least || *most > 0 && words.len() > *most {
            return Reply::Error(format!("ERR wrong number of arguments for '{name}' command"));
        }
        let data = self.dbs.entry(db).or_default();
        data.retain(|_, e| e.until.is_none_or(|t| t > now));
        if name == "flushall" {
            self.dbs.clear();
            self.dirty += 1;
            return Reply::ok();
        }
        let answer = one(data, &name, words, now);
        data.retain(|_, e| !e.value.is_empty());
        if writes(&name) && answer.is_ok() {
            self.dirty += 1;
        }
        answer.unwrap_or_else(|e| e)
    }
}

fn one(db: &mut Db, name: &str, w: &[Vec<u8>], now: i64) -> Answer {
    let arg = |i: usize| w.get(i).map(Vec::as_slice).unwrap_or_default();
    let key = arg(1);
    let rest = |i: usize| w.get(i..).unwrap_or_default();
    let count = |n: usize| Reply::Int(i64::try_from(n).unwrap_or(i64::MAX));
    Ok(match name {
        "ping" => w.get(1).map_or_else(|| Reply::Simple("PONG".to_owned()), |m| Reply::Bulk(m.clone())),
        "echo" => Reply::bulk(key),
        "dbsize" => count(db.len()),
        "flushdb" => {
            db.clear();
            Reply::ok()
        }
        "keys" => list(db.keys().filter(|k| fits(key, k)).cloned()),
        "scan" => {
            let option = |n: &[u8]| w.iter().position(|x| x.eq_ignore_ascii_case(n)).map(|i| arg(i + 1));
            let pattern = option(b"match").unwrap_or(b"*");
            Reply::List(vec![Reply::bulk("0"), list(db.keys().filter(|k| fits(pattern, k)).cloned())])
        }
        "exists" => count(rest(1).iter().filter(|k| db.contains_key(*k)).count()),
        "del" | "unlink" => count(rest(1).iter().filter(|k| db.remove(*k).is_some()).count()),
        "type" => Reply::Simple(db.get(key).map_or("none", |e| e.value.kind()).to_owned()),
        "rename" => {
            let e = db.remove(key).ok_or_else(|| err("ERR no such key"))?;
            db.insert(arg(2).to_vec(), e);
            Reply::ok()
        }
        "expire" | "pexpire" | "expireat" => {
            let n = int(arg(2))?;
            let until = match name {
                "expire" => now.saturating_add(n.saturating_mul(1000)),
                "pexpire" => now.saturating_add(n),
                _ => n.saturating_mul(1000),
            };
            match db.get_mut(key) {
                Some(e) => {
                    e.until = Some(until);
                    if until <= now {
                        db.remove(key);
                    }
                    Reply::Int(1)
                }
                None => Reply::Int(0),
            }
        }
        "persist" => Reply::Int(i64::from(db.get_mut(key).and_then(|e| e.until.take()).is_some())),
        "ttl" | "pttl" => Reply::Int(match db.get(key) {
            None => -2,
            Some(Entry { until: None, .. }) => -1,
            Some(Entry { until: Some(t), .. }) if name == "ttl" => (t - now + 500) / 1000,
            Some(Entry { until: Some(t), .. }) => t - now,
        }),
        "get" => text_of(db, key)?.map_or(Reply::Nil, Reply::bulk_of),
        "strlen" => count(text_of(db, key)?.map_or(0, Vec::len)),
        "getrange" => {
            let text = text_of(db, key)?.cloned().unwrap_or_default();
            let part = span(int(arg(2))?, int(arg(3))?, text.len()).and_then(|(a, b)| text.get(a..=b));
            Reply::bulk(part.unwrap_or_default())
        }
        "getdel" => {
            let old = text_of(db, key)?.map_or(Reply::Nil, Reply::bulk_of);
            db.remove(key);
            old
        }
        "set" => return set(db, w, now),
        "setnx" if db.contains_key(key) => Reply::Int(0),
        "setnx" => {
            put(db, key, arg(2), None);
            Reply::Int(1)
        }
        "setex" => {
            let secs = int(arg(2))?;
            if secs <= 0 {
                return Err(err("ERR invalid expire time in 'setex' command"));
            }
            put(db, key, arg(3), Some(now.saturating_add(secs.saturating_mul(1000))));
            Reply::ok()
        }
        "getset" => {
            let old = text_of(db, key)?.map_or(Reply::Nil, Reply::bulk_of);
            put(db, key, arg(2), None);
            old
        }
        "mget" => Reply::List(
            rest(1).iter().map(|k| text_of(db, k).ok().flatten().map_or(Reply::Nil, Reply::bulk_of)).collect(),
        ),
        "mset" => {
            if w.len().is_multiple_of(2) {
                return Err(err("ERR wrong number of arguments for 'mset' command"));
            }
            for pair in rest(1).chunks(2) {
                if let [k, v] = pair {
                    put(db, k, v, None);
                }
            }
            Reply::ok()
        }
        "append" => {
            let text = text_mut(db, key)?;
            text.extend(arg(2));
            count(text.len())
        }
        "incr" | "decr" | "incrby" | "decrby" => {
            let by = if name.ends_with("by") { int(arg(2))? } else { 1 };
            let by = if name.starts_with("decr") { by.checked_neg().ok_or_else(not_integer)? } else { by };
            let old = text_of(db, key)?.map_or(Ok(0), |t| int(t))?;
            let new = old.checked_add(by).ok_or_else(|| err("ERR increment or decrement would overflow"))?;
            *text_mut(db, key)? = new.to_string().into_bytes();
            Reply::Int(new)
        }
        "incrbyfloat" => {
            let old = text_of(db, key)?.map_or(Ok(0.0), |t| float(t))?;
            let new = number(old + float(arg(2))?);
            *text_mut(db, key)? = new.clone().into_bytes();
            Reply::bulk(new)
        }
        _ if name.starts_with('h') => return hash(db, name, w),
        _ if name.starts_with('z') => return sorted(db, name, w),
        _ if name.starts_with('s') => return sets(db, name, w),
        _ => return lists(db, name, w),
    })
}

impl Reply {
    #[allow(clippy::ptr_arg, reason = "what maps hold is handed to it as it is")]
    fn bulk_of(bytes: &Vec<u8>) -> Self {
        Self::Bulk(bytes.clone())
    }
}

fn put(db: &mut Db, key: &[u8], value: &[u8], until: Option<i64>) {
    db.insert(key.to_vec(), Entry { value: Value::Text(value.to_vec()), until });
}

fn set(db: &mut Db, w: &[Vec<u8>], now: i64) -> Answer {
    let arg = |i: usize| w.get(i).map(Vec::as_slice).unwrap_or_default();
    let (key, mut until, mut only, mut get, mut keep) = (arg(1), None, None, false, false);
    let mut i = 3;
    while i < w.len() {
        let word = String::from_utf8_lossy(arg(i)).to_lowercase();
        match word.as_str() {
            "nx" | "xx" if only.is_none() => only = Some(word == "xx"),
            "get" => get = true,
            "keepttl" => keep = true,
            "ex" | "px" | "exat" | "pxat" if i + 1 < w.len() => {
                let n = int(arg(i + 1))?;
                if n <= 0 {
                    return Err(err("ERR invalid expire time in 'set' command"));
                }
                until = Some(match word.as_str() {
                    "ex" => now.saturating_add(n.saturating_mul(1000)),
                    "px" => now.saturating_add(n),
                    "exat" => n.saturating_mul(1000),
                    _ => n,
                });
                i += 1;
            }
            _ => return Err(err("ERR syntax error")),
        }
        i += 1;
    }
    let old = if get { text_of(db, key)?.map_or(Reply::Nil, Reply::bulk_of) } else { Reply::Nil };
    if only.is_some_and(|there| there != db.contains_key(key)) {
        return Ok(old);
    }
    let until = if keep { db.get(key).and_then(|e| e.until) } else { until };
    put(db, key, arg(2), until);
    Ok(if get { old } else { Reply::ok() })
}

fn lists(db: &mut Db, name: &str, w: &[Vec<u8>]) -> Answer {
    let arg = |i: usize| w.get(i).map(Vec::as_slice).unwrap_or_default();
    let key = arg(1);
    let len = |l: usize| Reply::Int(i64::try_from(l).unwrap_or(i64::MAX));
    Ok(match name {
        "llen" => len(list_of(db, key)?.map_or(0, VecDeque::len)),
        "lrange" => {
            let all = list_of(db, key)?.cloned().unwrap_or_default();
            let part = span(int(arg(2))?, int(arg(3))?, all.len());
            list(part.map(|(a, b)| all.range(a..=b).cloned().collect::<Vec<_>>()).unwrap_or_default())
        }
        "lindex" => {
            let all = list_of(db, key)?.cloned().unwrap_or_default();
            let i = int(arg(2))?;
            span(i, i, all.len()).and_then(|(a, _)| all.get(a)).map_or(Reply::Nil, Reply::bulk_of)
        }
        "lpush" | "rpush" => {
            let l = list_mut(db, key)?;
            for v in w.get(2..).unwrap_or_default() {
                if name == "lpush" { l.push_front(v.clone()) } else { l.push_back(v.clone()) }
            }
            len(l.len())
        }
        "lpop" | "rpop" => {
            let many = w.get(2).map(|n| int(n)).transpose()?;
            if list_of(db, key)?.is_none() {
                return Ok(if many.is_some() { Reply::NilList } else { Reply::Nil });
            }
            let l = list_mut(db, key)?;
            let mut take = || if name == "lpop" { l.pop_front() } else { l.pop_back() };
            match many {
                None => take().map_or(Reply::Nil, Reply::Bulk),
                Some(n) if n < 0 => return Err(err("ERR value is out of range, must be positive")),
                Some(n) => list((0..n).map_while(|_| take()).collect::<Vec<_>>()),
            }
        }
        "rpoplpush" => {
            let Some(v) = list_mut(db, key)?.pop_back() else { return Ok(Reply::Nil) };
            list_mut(db, arg(2))?.push_front(v.clone());
            Reply::Bulk(v)
        }
        "lset" => {
            let i = int(arg(2))?;
            let l = list_mut(db, key)?;
            if l.is_empty() {
                return Err(err("ERR no such key"));
            }
            let at = span(i, i, l.len()).map(|s| s.0).ok_or_else(|| err("ERR index out of range"))?;
            if let Some(slot) = l.get_mut(at) {
                *slot = arg(3).to_vec();
            }
            Reply::ok()
        }
        "lrem" => {
            let n = int(arg(2))?;
            let l = list_mut(db, key)?;
            let before = l.len();
            let most = if n == 0 { u64::MAX } else { n.unsigned_abs() };
            let mut gone = 0;
            let mut keep = |v: &Vec<u8>| {
                let drop = gone < most && v.as_slice() == arg(3);
                gone += u64::from(drop);
                !drop
            };
            if n < 0 {
                let mut left: VecDeque<_> = l.iter().rev().filter(|v| keep(v)).cloned().collect();
                left.make_contiguous().reverse();
                *l = left;
            } else {
                l.retain(|v| keep(v));
            }
            len(before - l.len())
        }
        _ => {
            let l = list_mut(db, key)?;
            let part = span(int(arg(2))?, int(arg(3))?, l.len());
            *l = part.map(|(a, b)| l.range(a..=b).cloned().collect()).unwrap_or_default();
            Reply::ok()
        }
    })
}

fn hash(db: &mut Db, name: &str, w: &[Vec<u8>]) -> Answer {
    let arg = |i: usize| w.get(i).map(Vec::as_slice).unwrap_or_default();
    let key = arg(1);
    let len = |l: usize| Reply::Int(i64::try_from(l).unwrap_or(i64::MAX));
    let all = hash_of(db, key)?.cloned().unwrap_or_default();
    let get = |k: &[u8]| all.get(k).map_or(Reply::Nil, Reply::bulk_of);
    Ok(match name {
        "hget" => get(arg(2)),
        "hmget" => Reply::List(w.get(2..).unwrap_or_default().iter().map(|k| get(k)).collect()),
        "hgetall" => list(all.into_iter().flat_map(|(k, v)| [k, v])),
        "hkeys" => list(all.into_keys()),
        "hvals" => list(all.into_values()),
        "hlen" => len(all.len()),
        "hexists" => Reply::Int(i64::from(all.contains_key(arg(2)))),
        "hset" | "hmset" => {
            if !w.len().is_multiple_of(2) {
                return Err(Reply::Error(format!("ERR wrong number of arguments for '{name}' command")));
            }
            let h = hash_mut(db, key)?;
            let mut new = 0;
            for pair in w.get(2..).unwrap_or_default().chunks(2) {
                if let [k, v] = pair {
                    new += usize::from(h.insert(k.clone(), v.clone()).is_none());
                }
            }
            if name == "hset" { len(new) } else { Reply::ok() }
        }
        "hsetnx" if all.contains_key(arg(2)) => Reply::Int(0),
        "hsetnx" => {
            hash_mut(db, key)?.insert(arg(2).to_vec(), arg(3).to_vec());
            Reply::Int(1)
        }
        "hincrby" => {
            let old = all.get(arg(2)).map_or(Ok(0), |v| int(v).map_err(|_| err("ERR hash value is not an integer")))?;
            let sum = old.checked_add(int(arg(3))?);
            let new = sum.ok_or_else(|| err("ERR increment or decrement would overflow"))?;
            hash_mut(db, key)?.insert(arg(2).to_vec(), new.to_string().into_bytes());
            Reply::Int(new)
        }
        _ => {
            let h = hash_mut(db, key)?;
            len(w.get(2..).unwrap_or_default().iter().filter(|k| h.remove(*k).is_some()).count())
        }
    })
}

fn sets(db: &mut Db, name: &str, w: &[Vec<u8>]) -> Answer {
    let arg = |i: usize| w.get(i).map(Vec::as_slice).unwrap_or_default();
    let key = arg(1);
    let len = |l: usize| Reply::Int(i64::try_from(l).unwrap_or(i64::MAX));
    Ok(match name {
        "scard" => len(set_of(db, key)?.map_or(0, BTreeSet::len)),
        "smembers" => list(set_of(db, key)?.cloned().unwrap_or_default()),
        "sismember" => Reply::Int(i64::from(set_of(db, key)?.is_some_and(|s| s.contains(arg(2))))),
        "sadd" | "srem" => {
            let s = set_mut(db, key)?;
            let members = w.get(2..).unwrap_or_default().iter();
            len(members.filter(|m| if name == "sadd" { s.insert((*m).clone()) } else { s.remove(*m) }).count())
        }
        "spop" => {
            // Which one is not said: the first.
            let many = w.get(2).map(|n| int(n)).transpose()?;
            let s = set_mut(db, key)?;
            match many {
                None => s.pop_first().map_or(Reply::Nil, Reply::Bulk),
                Some(n) => list((0..n).map_while(|_| s.pop_first()).collect::<Vec<_>>()),
            }
        }
        _ => {
            let mut out = set_of(db, key)?.cloned().unwrap_or_default();
            for k in w.get(2..).unwrap_or_default() {
                let other = set_of(db, k)?.cloned().unwrap_or_default();
                match name {
                    "sinter" => out.retain(|m| other.contains(m)),
                    "sdiff" => out.retain(|m| !other.contains(m)),
                    _ => out.extend(other),
                }
            }
            list(out)
        }
    })
}

fn sorted(db: &mut Db, name: &str, w: &[Vec<u8>]) -> Answer {
    let arg = |i: usize| w.get(i).map(Vec::as_slice).unwrap_or_default();
    let key = arg(1);
    let len = |l: usize| Reply::Int(i64::try_from(l).unwrap_or(i64::MAX));
    let mut all: Vec<(Vec<u8>, Score)> =
        sorted_of(db, key)?.into_iter().flatten().map(|(m, s)| (m.clone(), *s)).collect();
    all.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then_with(|| a.0.cmp(&b.0)));
    let has = |word: &[u8]| w.iter().skip(4).any(|o| o.eq_ignore_ascii_case(word));
    Ok(match name {
        "zcard" => len(all.len()),
        "zscore" => all.iter().find(|(m, _)| m == arg(2)).map_or(Reply::Nil, |(_, s)| Reply::bulk(number(s.0))),
        "zrank" | "zrevrank" => {
            if name == "zrevrank" {
                all.reverse();
            }
            all.iter().position(|(m, _)| m == arg(2)).map_or(Reply::Nil, len)
        }
        "zcount" => {
            let edge = |t: &[u8]| {
                t.strip_prefix(b"(").map_or_else(|| float(t).map(|n| (n, false)), |t| float(t).map(|n| (n, true)))
            };
            let ((low, low_open), (high, high_open)) = (edge(arg(2))?, edge(arg(3))?);
            let inside = |s: f64| (s > low || !low_open && s >= low) && (s < high || !high_open && s <= high);
            len(all.iter().filter(|(_, s)| inside(s.0)).count())
        }
        "zrange" | "zrevrange" => {
            if name == "zrevrange" || has(b"rev") {
                all.reverse();
            }
            let part =
                span(int(arg(2))?, int(arg(3))?, all.len()).and_then(|(a, b)| all.get(a..=b)).unwrap_or_default();
            let scores = has(b"withscores");
            let line = |(m, s): &(Vec<u8>, Score)| {
                let score = scores.then(|| number(s.0).into_bytes());
                std::iter::once(m.clone()).chain(score).collect::<Vec<_>>()
            };
            list(part.iter().flat_map(line))
        }
        "zincrby" => {
            let by = float(arg(2))?;
            let z = sorted_mut(db, key)?;
            let new = z.get(arg(3)).map_or(0.0, |s| s.0) + by;
            z.insert(arg(3).to_vec(), Score(new));
            Reply::bulk(number(new))
        }
        "zrem" => {
            let z = sorted_mut(db, key)?;
            len(w.get(2..).unwrap_or_default().iter().filter(|m| z.remove(*m).is_some()).count())
        }
        _ => {
            let is_flag =
                |o: &&Vec<u8>| ["nx", "xx", "gt", "lt", "ch"].iter().any(|f| o.eq_ignore_ascii_case(f.as_bytes()));
            let flags: Vec<String> = w
                .get(2..)
                .unwrap_or_default()
                .iter()
                .take_while(is_flag)
                .map(|f| String::from_utf8_lossy(f).to_lowercase())
                .collect();
            let pairs = w.get(2 + flags.len()..).unwrap_or_default();
            if pairs.is_empty() || !pairs.len().is_multiple_of(2) {
                return Err(err("ERR syntax error"));
            }
            let on = |f: &str| flags.iter().any(|x| x == f);
            let mut changes = Vec::new();
            for pair in pairs.chunks(2) {
                if let [score, member] = pair {
                    changes.push((float(score)?, member.clone()));
                }
            }
            let z = sorted_mut(db, key)?;
            let (mut added, mut changed) = (0, 0);
            for (score, member) in changes {
                let old = z.get(&member).map(|s| s.0);
                let skip = match old {
                    Some(o) => on("nx") || on("gt") && score <= o || on("lt") && score >= o,
                    None => on("xx"),
                };
                if !skip {
                    added += usize::from(old.is_none());
                    changed += usize::from(old != Some(score));
                    z.insert(member, Score(score));
                }
            }
            len(if on("ch") { changed } else { added })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redis::resp::words;

    /// Lines of a session with redis-server 7: command, answer as RESP with `|` for line ends.
    const SESSION: &str = "\
set k v => +OK|
get k => $1|v|
get nope => $-1|
set k 2 nx => $-1|
set k 2 xx get => $1|v|
incr k => :3|
incrby k 10 => :13|
append k 5 => :3|
incr l2 => :1|
lpush k x => -WRONGTYPE Operation against a key holding the wrong kind of value|
set t abc => +OK|
incr t => -ERR value is not an integer or out of range|
strlen t => :3|
getrange t 0 -2 => $2|ab|
rpush l a b c => :3|
lpush l z => :4|
lrange l 0 -1 => *4|$1|z|$1|a|$1|b|$1|c|
lpop l => $1|z|
rpop l 2 => *2|$1|c|$1|b|
llen l => :1|
lpop l => $1|a|
exists l => :0|
hset h a 1 b 2 => :2|
hset h a 3 => :0|
hget h a => $1|3|
hgetall h => *4|$1|a|$1|3|$1|b|$1|2|
hincrby h a 4 => :7|
hdel h a b => :2|
type h => +none|
sadd s a b a => :2|
sismember s a => :1|
smembers s => *2|$1|a|$1|b|
zadd z 2 b 1 a => :2|
zincrby z 5 a => $1|6|
zrange z 0 -1 withscores => *4|$1|b|$1|2|$1|a|$1|6|
zrevrange z 0 0 => *1|$1|a|
zscore z nope => $-1|
expire t 10 => :1|
ttl t => :10|
persist t => :1|
ttl t => :-1|
ttl nope => :-2|
setex e 5 v => +OK|
mset a 1 b 2 => +OK|
mget a b nope => *3|$1|1|$1|2|$-1|
del a b nope => :2|
get => -ERR wrong number of arguments for 'get' command|
set x 1 ex 0 => -ERR invalid expire time in 'set' command|
set x 1 foo => -ERR syntax error|
keys [kl]* => *2|$1|k|$2|l2|
dbsize => :6|
flushdb => +OK|
dbsize => :0|
";

    #[test]
    fn commands_answer_as_redis_does() {
        let mut store = Store::default();
        for line in SESSION.lines() {
            let (command, wanted) = line.split_once(" => ").unwrap();
            let mut got = Vec::new();
            store.run(0, &words(command).unwrap(), 1_000_000).write(&mut got);
            assert_eq!(String::from_utf8(got).unwrap().replace("\r\n", "|"), wanted, "{command}");
        }
    }

    #[test]
    fn a_key_ends_at_its_time() {
        let mut store = Store::default();
        store.run(0, &words("set k v px 1500").unwrap(), 0);
        assert_eq!(store.run(0, &words("get k").unwrap(), 1499), Reply::bulk("v"));
        assert_eq!(store.run(0, &words("get k").unwrap(), 1500), Reply::Nil);
        assert_eq!(store.run(1, &words("dbsize").unwrap(), 0), Reply::Int(0));
    }

    #[test]
    fn globs() {
        for (p, t, fit) in [
            ("*", "", true),
            ("h?llo", "hello", true),
            ("h*o", "hellooo", true),
            ("h[a-e]llo", "hello", true),
            ("h[^e]llo", "hello", false),
            ("\\*", "*", true),
            ("a*b*c", "aXbYd", false),
            ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] {
            assert_eq!(fits(p.as_bytes(), t.as_bytes()), fit, "{p} {t}");
        }
    }
}
