//! The arena of objects: chunks shared between clones and copied when written, swept by mark and sweep.

use crate::value::{Iter, Kind, Object, Ref, Value};
use crate::vm::frame::Frame;
use std::sync::Arc;

const CHUNK: usize = 64;

#[derive(Clone, Debug)]
pub(crate) struct Heap {
    chunks: Vec<Arc<Vec<Object>>>,
    len: u32,
    free: u32,
    /// Live objects after the last collection, and allocations since.
    live: usize,
    pub(crate) since_gc: usize,
    /// Bytes in large objects: at the last count, and in those made since.
    large: usize,
    large_since: usize,
    /// Bytes in large objects made in this run.
    pub(crate) fresh: usize,
    nothing: Object,
}

const NIL: u32 = u32::MAX;
/// Bytes from which on an object is counted by its size.
const LARGE: usize = 1024;

/// Hash of a string: fixed, so that dictionaries behave the same on every run.
pub(crate) fn hash_str(s: &str) -> u64 {
    hash_bytes(s.as_bytes())
}

pub(crate) fn hash_bytes(b: &[u8]) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for c in b {
        h = (h ^ u64::from(*c)).wrapping_mul(0x0100_0000_01b3);
    }
    h ^ (h >> 29)
}

impl Heap {
    pub(crate) fn new() -> Heap {
        let nothing = Object { class: Ref(0), attrs: None, kind: Kind::Instance };
        Heap {
            chunks: Vec::new(),
            len: 0,
            free: NIL,
            live: 0,
            since_gc: 0,
            large: 0,
            large_since: 0,
            fresh: 0,
            nothing,
        }
    }

    pub(crate) fn alloc(&mut self, class: Ref, kind: Kind) -> Ref {
        self.since_gc += 1;
        let size = kind.bytes();
        if size >= LARGE {
            self.large_since += size;
            self.fresh += size;
        }
        let o = Object { class, attrs: None, kind };
        if self.free != NIL {
            let r = Ref(self.free);
            self.free = match self.get(r).kind {
                Kind::Free(n) => n,
                _ => NIL,
            };
            *self.get_mut(r) = o;
            return r;
        }
        let r = Ref(self.len);
        self.len += 1;
        if (r.0 as usize).is_multiple_of(CHUNK) {
            let mut v = Vec::with_capacity(CHUNK);
            v.push(o);
            self.chunks.push(Arc::new(v));
        } else if let Some(c) = self.chunks.last_mut() {
            Arc::make_mut(c).push(o);
        }
        r
    }

    pub(crate) fn get(&self, r: Ref) -> &Object {
        self.chunks.get(r.0 as usize / CHUNK).and_then(|c| c.get(r.0 as usize % CHUNK)).unwrap_or(&self.nothing)
    }

    pub(crate) fn get_mut(&mut self, r: Ref) -> &mut Object {
        match self.chunks.get_mut(r.0 as usize / CHUNK).and_then(|c| Arc::make_mut(c).get_mut(r.0 as usize % CHUNK)) {
            Some(o) => o,
            None => &mut self.nothing,
        }
    }

    pub(crate) fn wants_gc(&self) -> bool {
        self.since_gc > 20_000 && self.since_gc > self.live
            || self.large_since > 1 << 20 && self.large_since > (self.large / 4).max(self.live * 16)
    }

    /// Bytes in large objects, as CPython would need them; what nobody refers to any more, too, until the
    /// next collection.
    pub(crate) fn large_bytes(&self) -> usize {
        self.large + self.large_since
    }

    /// Counts them anew, as lists and byte arrays grow without being made.
    pub(crate) fn count_large(&mut self) {
        let objects = self.chunks.iter().flat_map(|c| c.iter());
        self.large = objects.map(|o| o.kind.bytes()).filter(|n| *n >= LARGE).sum();
        self.large_since = 0;
    }

    pub(crate) fn count(&self) -> usize {
        self.live + self.since_gc
    }

    /// Frees everything that the roots do not reach.
    pub(crate) fn collect(&mut self, roots: Vec<Value>) {
        let mut marks = vec![false; self.len as usize];
        let mut work: Vec<Ref> = Vec::new();
        let mut push = |v: Value, work: &mut Vec<Ref>| {
            if let Value::Obj(r) = v
                && let Some(m) = marks.get_mut(r.0 as usize)
                && !*m
            {
                *m = true;
                work.push(r);
            }
        };
        for v in roots {
            push(v, &mut work);
        }
        while let Some(r) = work.pop() {
            let o = self.get(r);
            push(Value::Obj(o.class), &mut work);
            if let Some(a) = o.attrs {
                push(Value::Obj(a), &mut work);
            }
            trace(&o.kind, &mut |v| push(v, &mut work));
        }
        let mut live = 0;
        let mut free = NIL;
        for i in (0..self.len).rev() {
            if marks.get(i as usize).copied().unwrap_or(false) {
                live += 1;
            } else {
                if !matches!(self.get(Ref(i)).kind, Kind::Free(n) if n == free) {
                    *self.get_mut(Ref(i)) = Object { class: Ref(0), attrs: None, kind: Kind::Free(free) };
                }
                free = i;
            }
        }
        self.free = free;
        self.live = live;
        self.since_gc = 0;
        self.count_large();
    }
}

fn trace(k: &Kind, f: &mut dyn FnMut(Value)) {
    match k {
        Kind::Free(_) | Kind::Instance | Kind::Str(_) | Kind::Bytes(_) | Kind::ByteArray(_) | Kind::BigInt(_) => {}
        Kind::Range { .. } | Kind::Native(_) | Kind::Code(_) | Kind::Traceback(_) => {}
        Kind::Boxed(v) | Kind::NativeMethod(_, v) | Kind::Cell(v) | Kind::StaticMethod(v) | Kind::ClassMethod(v) => {
            f(*v);
        }
        Kind::Tuple(vs) => vs.iter().for_each(|v| f(*v)),
        Kind::List(vs) => vs.iter().for_each(|v| f(*v)),
        Kind::Dict(d) => d.entries().for_each(|(k, v)| {
            f(k);
            f(v);
        }),
        Kind::Set(s) => s.iter().for_each(f),
        Kind::View(r, _) | Kind::Module { dict: r } => f(Value::Obj(*r)),
        Kind::Slice(a, b, c) => [a, b, c].into_iter().for_each(|v| f(*v)),
        Kind::Func(x) => {
            f(Value::Obj(x.globals));
            [x.kwdefaults, x.annotations, x.doc, x.module].into_iter().for_each(&mut *f);
            x.defaults.iter().chain(x.closure.iter()).chain(x.consts.iter()).for_each(|v| f(*v));
        }
        Kind::Method { func, this } => {
            f(*func);
            f(*this);
        }
        Kind::Class(c) => {
            f(Value::Obj(c.dict));
            f(Value::Obj(c.layout));
            c.bases.iter().chain(&c.mro).for_each(|r| f(Value::Obj(*r)));
        }
        Kind::Gen(g) => {
            if let Some(fr) = &g.frame {
                trace_frame(fr, f);
            }
        }
        Kind::Iter(i) => match i {
            Iter::List(r, _) | Iter::Tuple(r, _) | Iter::Str(r, _) | Iter::Bytes(r, _) | Iter::ListBack(r, _) => {
                f(Value::Obj(*r));
            }
            Iter::Dict { dict: r, .. } | Iter::Set { set: r, .. } => f(Value::Obj(*r)),
            Iter::Range { .. } | Iter::Done => {}
        },
        Kind::Exc(e) => e.args.iter().chain(&e.cause).chain(&e.context).for_each(|v| f(*v)),
        Kind::Property { get, set, del, doc } => [get, set, del, doc].into_iter().for_each(|v| f(*v)),
        Kind::Super { class, this, start } => {
            f(Value::Obj(*class));
            f(*this);
            f(Value::Obj(*start));
        }
    }
}

pub(crate) fn trace_frame(fr: &Frame, f: &mut dyn FnMut(Value)) {
    fr.locals.iter().chain(&fr.stack).chain(fr.consts.iter()).chain(fr.handling.iter()).for_each(|v| f(*v));
    fr.cells.iter().for_each(|r| f(Value::Obj(*r)));
    f(Value::Obj(fr.globals));
    if let Some(n) = fr.names {
        f(Value::Obj(n));
    }
    if let Some(g) = fr.generator {
        f(Value::Obj(g));
    }
    fr.cont.values().into_iter().for_each(f);
}
