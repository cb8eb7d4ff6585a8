//! A directory's names: found by a hash of their bytes, told in their order.
//!
//! Where the names lie depends on the order of changes, so nothing may be told but in order.

use std::hash::{Hash, Hasher};

use crate::vfs::Ino;

/// Short names lie in the table itself: one look less at memory that is far away.
#[derive(Clone, Debug)]
enum Name {
    Short(u8, [u8; 22]),
    Long(Box<[u8]>),
}

impl Name {
    fn new(text: &str) -> Self {
        let mut short = [0; 22];
        match short.get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                Self::Short(text.len() as u8, short)
            }
            None => Self::Long(text.as_bytes().into()),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Short(len, bytes) => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Self::Long(bytes) => bytes,
        }
    }

    fn text(&self) -> &str {
        // They were made from text.
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }
}

/// Up to so many are looked through.
const FEW: usize = 8;

/// The names of a directory and their inodes.
#[derive(Clone, Debug, Default)]
pub struct Names {
    list: Vec<(Name, Ino)>,
    /// Of a power of two: the hash, and the place in the list plus one; 0 where none is.
    slots: Vec<(u32, u32)>,
}

/// A hash of a name; the same on every machine.
fn hash(name: &[u8]) -> u32 {
    let mix = |h: u64, w: u64| (h ^ w).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let mut chunks = name.chunks_exact(8);
    let mut h = name.len() as u64;
    for c in &mut chunks {
        h = mix(h, c.iter().rev().fold(0, |w, b| (w << 8) | u64::from(*b)));
    }
    h = mix(h, chunks.remainder().iter().fold(0, |w, b| (w << 8) | u64::from(*b)));
    (h ^ (h >> 32)) as u32
}

impl Names {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The slot that holds what fits, or the first free one after where it would be.
    fn slot(&self, hash: u32, fits: impl Fn(usize) -> bool) -> Result<usize, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        loop {
            match self.slots.get(at) {
                Some((h, n)) if *n > 0 => {
                    if *h == hash && fits(*n as usize - 1) {
                        return Ok(at);
                    }
                }
                _ => return Err(at),
            }
            at = (at + 1) & mask;
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        let name = name.as_bytes();
        let fits = |n: usize| self.list.get(n).is_some_and(|(o, _)| o.bytes() == name);
        if self.slots.is_empty() {
            return (0..self.list.len()).find(|n| fits(*n));
        }
        let at = self.slot(hash(name), fits).ok()?;
        self.slots.get(at).map(|s| s.1 as usize - 1)
    }

    /// A name's inode.
    pub fn get(&self, name: &str) -> Option<Ino> {
        self.list.get(self.place(name)?).map(|(_, ino)| *ino)
    }

    /// Sets a name's inode.
    pub fn insert(&mut self, name: &str, ino: Ino) {
        if let Some(there) = self.place(name).and_then(|n| self.list.get_mut(n)) {
            there.1 = ino;
            return;
        }
        self.list.push((Name::new(name), ino));
        let n = self.list.len();
        if n > FEW && n * 2 > self.slots.len() {
            self.slots = vec![(0, 0); (n * 2 + 1).next_power_of_two()];
            for n in 0..self.list.len() {
                self.enter(n);
            }
        } else if !self.slots.is_empty() {
            self.enter(n - 1);
        }
    }

    fn enter(&mut self, n: usize) {
        let Some((name, _)) = self.list.get(n) else { return };
        let hash = hash(name.bytes());
        if let Err(at) = self.slot(hash, |_| false)
            && let Some(s) = self.slots.get_mut(at)
        {
            *s = (hash, n as u32 + 1);
        }
    }

    /// Takes a name away.
    pub fn remove(&mut self, name: &str) -> Option<Ino> {
        let n = self.place(name)?;
        if !self.slots.is_empty() {
            if let Ok(at) = self.slot(hash(name.as_bytes()), |o| o == n) {
                self.leave(at);
            }
            // The last one takes its place in the list.
            let last = self.list.len() - 1;
            if last != n
                && let Some(h) = self.list.get(last).map(|(name, _)| hash(name.bytes()))
                && let Ok(at) = self.slot(h, |o| o == last)
                && let Some(s) = self.slots.get_mut(at)
            {
                s.1 = n as u32 + 1;
            }
        }
        Some(self.list.swap_remove(n).1)
    }

    /// Frees a slot, and closes the gap for those that were put behind it.
    fn leave(&mut self, mut gap: usize) {
        let mask = self.slots.len() - 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let Some(s) = self.slots.get(at).copied().filter(|s| s.1 > 0) else { break };
            let home = s.0 as usize & mask;
            // Whether its home lies at or before the gap, going round.
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(gap) & mask {
                self.slots[gap] = s;
                gap = at;
            }
        }
        self.slots[gap] = (0, 0);
    }

    /// All, in order.
    pub fn iter(&self) -> std::vec::IntoIter<(&str, Ino)> {
        let mut all: Vec<(&str, Ino)> = self.list.iter().map(|(n, i)| (n.text(), *i)).collect();
        all.sort_unstable();
        all.into_iter()
    }
}

impl PartialEq for Names {
    fn eq(&self, o: &Self) -> bool {
        self.len() == o.len() && self.list.iter().all(|(n, i)| o.get(n.text()) == Some(*i))
    }
}

impl Eq for Names {}

impl Hash for Names {
    fn hash<H: Hasher>(&self, h: &mut H) {
        self.len().hash(h);
        for (name, ino) in self.iter() {
            (name, ino).hash(h);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn it_is_an_ordered_map() {
        let (mut names, mut model) = (Names::default(), BTreeMap::new());
        let mut n = 1_u64;
        for step in 0..20_000_u64 {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let name = match n >> 60 {
                0..2 => format!("a-name-that-is-too-long-to-be-short-{}", (n >> 33) % 200),
                _ => format!("f{}", (n >> 33) % 400),
            };
            if (n >> 20) & 1 == 0 || step % 5_000 > 4_500 {
                assert_eq!(names.remove(&name), model.remove(&name));
            } else {
                names.insert(&name, Ino(step));
                model.insert(name.clone(), Ino(step));
            }
            assert_eq!(names.get(&name), model.get(&name).copied());
            if step % 997 == 0 {
                assert!(names.iter().eq(model.iter().map(|(n, i)| (n.as_str(), *i))));
                for (name, ino) in &model {
                    assert_eq!(names.get(name), Some(*ino));
                }
            }
        }
        assert_eq!((names.get(""), names.len()), (None, model.len()));
    }

    #[test]
    fn the_order_of_changes_is_not_seen() {
        let (mut a, mut b) = (Names::default(), Names::default());
        for n in 0..30 {
            a.insert(&n.to_string(), Ino(n));
            b.insert(&(29 - n).to_string(), Ino(29 - n));
        }
        a.insert("x", Ino(1));
        a.remove("x");
        assert!(a == b);
        assert_eq!(crate::state_digest(&a), crate::state_digest(&b));
        b.insert("5", Ino(6));
        assert!(a != b);
    }
}
