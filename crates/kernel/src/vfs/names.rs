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

/// The names of a directory and their inodes: a hash table with open addressing.
#[derive(Clone, Debug, Default)]
pub struct Names {
    len: usize,
    /// Empty, or of a power of two with free places.
    table: Vec<Option<(Name, Ino)>>,
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
        self.len
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Where a name is, or where it would be put.
    fn place(&self, name: &[u8]) -> Result<usize, usize> {
        let mask = self.table.len().wrapping_sub(1);
        let mut at = hash(name) as usize & mask;
        while let Some(Some((there, _))) = self.table.get(at) {
            if there.bytes() == name {
                return Ok(at);
            }
            at = (at + 1) & mask;
        }
        Err(at)
    }

    /// A name's inode.
    pub fn get(&self, name: &str) -> Option<Ino> {
        let at = self.place(name.as_bytes()).ok()?;
        self.table.get(at)?.as_ref().map(|(_, ino)| *ino)
    }

    /// The first of an inode's names.
    pub fn name_of(&self, ino: Ino) -> Option<&str> {
        self.table.iter().flatten().filter(|(_, i)| *i == ino).map(|(n, _)| n.text()).min()
    }

    /// Sets a name's inode.
    pub fn insert(&mut self, name: &str, ino: Ino) {
        if let Ok(at) = self.place(name.as_bytes()) {
            if let Some(Some(there)) = self.table.get_mut(at) {
                there.1 = ino;
            }
            return;
        }
        // A quarter stays free.
        if (self.len + 1) * 4 > self.table.len() * 3 {
            let size = (self.table.len() * 2).max(4);
            for entry in std::mem::replace(&mut self.table, vec![None; size]).into_iter().flatten() {
                self.put(entry);
            }
        }
        self.put((Name::new(name), ino));
        self.len += 1;
    }

    fn put(&mut self, entry: (Name, Ino)) {
        if let Err(at) = self.place(entry.0.bytes())
            && let Some(free) = self.table.get_mut(at)
        {
            *free = Some(entry);
        }
    }

    /// Takes a name away, and closes the gap for those that were put behind it.
    pub fn remove(&mut self, name: &str) -> Option<Ino> {
        let mut gap = self.place(name.as_bytes()).ok()?;
        let ino = self.table.get_mut(gap)?.take()?.1;
        self.len -= 1;
        let mask = self.table.len() - 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let Some(Some((there, _))) = self.table.get(at) else { break };
            let home = hash(there.bytes()) as usize & mask;
            // Whether its home lies at or before the gap, going round.
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(gap) & mask {
                self.table.swap(at, gap);
                gap = at;
            }
        }
        Some(ino)
    }

    /// All, in order.
    pub fn iter(&self) -> std::vec::IntoIter<(&str, Ino)> {
        let mut all: Vec<(&str, Ino)> = self.table.iter().flatten().map(|(n, i)| (n.text(), *i)).collect();
        all.sort_unstable();
        all.into_iter()
    }
}

impl PartialEq for Names {
    fn eq(&self, o: &Self) -> bool {
        self.len == o.len && self.table.iter().flatten().all(|(n, i)| o.get(n.text()) == Some(*i))
    }
}

impl Eq for Names {}

impl Hash for Names {
    fn hash<H: Hasher>(&self, h: &mut H) {
        self.len.hash(h);
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
