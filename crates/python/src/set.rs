//! Set with CPython's table and probing (Objects/setobject.c), so that sets of numbers show in its order.

use crate::value::Value;

#[derive(Clone, Copy, Debug)]
enum Slot {
    Empty,
    Gone,
    Full(u64, Value),
}

#[derive(Clone, Debug)]
pub(crate) struct Set {
    table: Vec<Slot>,
    fill: usize,
    used: usize,
}

const LINEAR_PROBES: usize = 9;

impl Default for Set {
    fn default() -> Set {
        Set { table: vec![Slot::Empty; 8], fill: 0, used: 0 }
    }
}

impl Set {
    pub(crate) fn len(&self) -> usize {
        self.used
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        self.hashed().map(|(_, v)| v)
    }

    pub(crate) fn hashed(&self) -> impl Iterator<Item = (u64, Value)> + '_ {
        self.table.iter().filter_map(|s| match s {
            Slot::Full(h, v) => Some((*h, *v)),
            _ => None,
        })
    }

    /// The first element at or after a table position, and its position.
    pub(crate) fn from(&self, at: usize) -> Option<(usize, Value)> {
        self.table.iter().enumerate().skip(at).find_map(|(i, s)| match s {
            Slot::Full(_, v) => Some((i, *v)),
            _ => None,
        })
    }

    pub(crate) fn find(&self, hash: u64, eq: impl Fn(Value) -> bool) -> Option<usize> {
        let mask = self.table.len() - 1;
        let mut perturb = hash as usize;
        let mut i = hash as usize & mask;
        loop {
            let probes = if i + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
            for at in i..=i + probes {
                match self.table.get(at) {
                    Some(Slot::Empty) | None => return None,
                    Some(Slot::Full(h, v)) if *h == hash && eq(*v) => return Some(at),
                    _ => {}
                }
            }
            perturb >>= 5;
            i = (i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb)) & mask;
        }
    }

    /// Adds an element that is known not to be there.
    pub(crate) fn push(&mut self, hash: u64, v: Value) {
        self.place(hash, v);
        self.fill += 1;
        self.used += 1;
        let mask = self.table.len() - 1;
        if self.fill * 5 >= mask * 3 {
            self.resize(if self.used > 50_000 { self.used * 2 } else { self.used * 4 });
        }
    }

    fn place(&mut self, hash: u64, v: Value) {
        let mask = self.table.len() - 1;
        let mut perturb = hash as usize;
        let mut i = hash as usize & mask;
        loop {
            let probes = if i + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
            for at in i..=i + probes {
                if let Some(s @ Slot::Empty) = self.table.get_mut(at) {
                    *s = Slot::Full(hash, v);
                    return;
                }
            }
            perturb >>= 5;
            i = (i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb)) & mask;
        }
    }

    fn resize(&mut self, min_used: usize) {
        let mut size = 8;
        while size <= min_used {
            size *= 2;
        }
        let old = std::mem::replace(&mut self.table, vec![Slot::Empty; size]);
        self.fill = self.used;
        for s in old {
            if let Slot::Full(h, v) = s {
                self.place(h, v);
            }
        }
    }

    pub(crate) fn remove(&mut self, at: usize) {
        if let Some(s @ Slot::Full(..)) = self.table.get_mut(at) {
            *s = Slot::Gone;
            self.used -= 1;
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Set::default();
    }
}
