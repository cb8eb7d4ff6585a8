//! Insertion-ordered hash table. It compares keys only through the function that the caller gives.

use crate::value::Value;

#[derive(Clone, Debug, Default)]
pub(crate) struct Dict {
    entries: Vec<Option<(u64, Value, Value)>>,
    /// Entry number + 1, 0 for empty, MAX for deleted. Its length is a power of two.
    index: Vec<u32>,
    used: usize,
    /// Deleted places in the index: without them counted, a search might never meet an empty one.
    gone: usize,
}

const GONE: u32 = u32::MAX;

impl Dict {
    pub(crate) fn len(&self) -> usize {
        self.used
    }

    /// Number of slots, for iterators that walk by position.
    pub(crate) fn slots(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn slot(&self, i: usize) -> Option<(Value, Value)> {
        self.entries.get(i).copied().flatten().map(|(_, k, v)| (k, v))
    }

    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = (Value, Value)> + '_ {
        self.entries.iter().flatten().map(|(_, k, v)| (*k, *v))
    }

    pub(crate) fn hashed(&self) -> impl DoubleEndedIterator<Item = (u64, Value, Value)> + '_ {
        self.entries.iter().flatten().copied()
    }

    /// Entry number of a key.
    pub(crate) fn find(&self, hash: u64, eq: impl Fn(Value) -> bool) -> Option<usize> {
        if self.index.is_empty() {
            return None;
        }
        let mask = self.index.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.index.get(at).copied().unwrap_or(0) {
                0 => return None,
                GONE => {}
                n => {
                    if let Some(Some((h, k, _))) = self.entries.get(n as usize - 1)
                        && *h == hash
                        && eq(*k)
                    {
                        return Some(n as usize - 1);
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// Entry numbers of all keys with this hash.
    pub(crate) fn with_hash(&self, hash: u64) -> Vec<usize> {
        self.entries.iter().enumerate().filter(|(_, e)| e.is_some_and(|e| e.0 == hash)).map(|(i, _)| i).collect()
    }

    pub(crate) fn at(&self, i: usize) -> Value {
        self.entries.get(i).copied().flatten().map_or(Value::Unbound, |e| e.2)
    }

    pub(crate) fn set_at(&mut self, i: usize, v: Value) {
        if let Some(Some(e)) = self.entries.get_mut(i) {
            e.2 = v;
        }
    }

    /// Adds a key that is known not to be there.
    pub(crate) fn push(&mut self, hash: u64, key: Value, value: Value) {
        if (self.entries.len() + self.gone + 1) * 3 >= self.index.len() * 2 {
            self.rebuild();
        }
        self.entries.push(Some((hash, key, value)));
        self.used += 1;
        let n = self.entries.len() as u32;
        self.place(hash, n);
    }

    fn place(&mut self, hash: u64, n: u32) {
        let mask = self.index.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        while let Some(slot) = self.index.get_mut(at) {
            if *slot == 0 {
                *slot = n;
                return;
            }
            at = (at + 1) & mask;
        }
    }

    fn rebuild(&mut self) {
        self.entries.retain(Option::is_some);
        let size = ((self.used + 1) * 3).next_power_of_two().max(8);
        self.index = vec![0; size];
        self.gone = 0;
        for i in 0..self.entries.len() {
            if let Some(Some((h, _, _))) = self.entries.get(i).copied() {
                self.place(h, i as u32 + 1);
            }
        }
    }

    pub(crate) fn remove(&mut self, i: usize) -> Option<(Value, Value)> {
        let (hash, k, v) = self.entries.get_mut(i)?.take()?;
        self.used -= 1;
        let mask = self.index.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        while let Some(slot) = self.index.get_mut(at) {
            if *slot as usize == i + 1 {
                *slot = GONE;
                self.gone += 1;
                break;
            }
            at = (at + 1) & mask;
        }
        while matches!(self.entries.last(), Some(None)) {
            self.entries.pop();
        }
        Some((k, v))
    }

    pub(crate) fn last(&self) -> Option<usize> {
        self.entries.iter().rposition(Option::is_some)
    }

    pub(crate) fn clear(&mut self) {
        *self = Dict::default();
    }
}
