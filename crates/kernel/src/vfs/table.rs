//! Inodes by number, as a persistent trie: a copy shares all pages, a change copies those on the way to
//! it, and two copies are compared without looking at what they share.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::vfs::{Ino, Inode};

/// Bits of the number that one level decides.
const BITS: u32 = 6;
/// Slots of a page.
const WIDTH: usize = 1 << BITS;

type Slots<T> = [Option<Rc<T>>; WIDTH];

#[derive(Clone, Debug)]
enum Page {
    Leaf(Slots<Inode>),
    Inner(Slots<Page>),
}

/// A change of one inode: what it was, what it is.
pub(crate) type Changed<'a> = dyn FnMut(Ino, Option<&Rc<Inode>>, Option<&Rc<Inode>>) + 'a;

fn slot(ino: u64, level: u32) -> usize {
    (ino >> (level * BITS)) as usize & (WIDTH - 1)
}

fn none<T>() -> Slots<T> {
    [const { None }; WIDTH]
}

impl Page {
    fn empty(level: u32) -> Self {
        if level == 0 { Self::Leaf(none()) } else { Self::Inner(none()) }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Leaf(s) => s.iter().all(Option::is_none),
            Self::Inner(s) => s.iter().all(Option::is_none),
        }
    }

    /// Sets or clears a slot; a page that is empty then goes, too.
    fn set(&mut self, level: u32, ino: u64, inode: Option<Rc<Inode>>) {
        match self {
            Self::Leaf(s) => s[slot(ino, 0)] = inode,
            Self::Inner(s) => {
                let place = &mut s[slot(ino, level)];
                let gone = inode.is_none();
                if gone && place.is_none() {
                    return;
                }
                let below = Rc::make_mut(place.get_or_insert_with(|| Rc::new(Self::empty(level - 1))));
                below.set(level - 1, ino, inode);
                if gone && below.is_empty() {
                    *place = None;
                }
            }
        }
    }
}

fn below(page: Option<&Page>, n: usize) -> Option<&Rc<Page>> {
    match page {
        Some(Page::Inner(s)) => s[n].as_ref(),
        _ => None,
    }
}

fn differ(base: u64, level: u32, old: Option<&Rc<Page>>, new: Option<&Rc<Page>>, f: &mut Changed<'_>) {
    if let (Some(a), Some(b)) = (old, new)
        && Rc::ptr_eq(a, b)
    {
        return;
    }
    let (old, new) = (old.map(Rc::as_ref), new.map(Rc::as_ref));
    for n in 0..WIDTH {
        let at = base + ((n as u64) << (level * BITS));
        if level == 0 {
            let get = |p: Option<&Page>| if let Some(Page::Leaf(s)) = p { s[n].clone() } else { None };
            let (a, b) = (get(old), get(new));
            let same = match (&a, &b) {
                (Some(a), Some(b)) => Rc::ptr_eq(a, b),
                (None, None) => true,
                _ => false,
            };
            if !same {
                f(Ino(at), a.as_ref(), b.as_ref());
            }
        } else {
            let (a, b) = (below(old, n), below(new, n));
            if a.is_some() || b.is_some() {
                differ(at, level - 1, a, b, f);
            }
        }
    }
}

/// Inodes by number.
#[derive(Clone, Debug)]
pub(crate) struct Inodes {
    root: Rc<Page>,
    /// Levels above the leaves.
    height: u32,
}

impl Inodes {
    /// None.
    pub(crate) fn new() -> Self {
        Self { root: Rc::new(Page::empty(0)), height: 0 }
    }

    /// Whether it is a copy that nothing was changed in.
    pub(crate) fn is_same(&self, o: &Self) -> bool {
        Rc::ptr_eq(&self.root, &o.root)
    }

    fn fits(&self, ino: u64) -> bool {
        let bits = (self.height + 1) * BITS;
        bits >= u64::BITS || ino >> bits == 0
    }

    /// One.
    pub(crate) fn get(&self, ino: Ino) -> Option<&Rc<Inode>> {
        if !self.fits(ino.0) {
            return None;
        }
        let (mut page, mut level) = (&self.root, self.height);
        loop {
            match page.as_ref() {
                Page::Leaf(s) => return s[slot(ino.0, 0)].as_ref(),
                Page::Inner(s) => page = s[slot(ino.0, level)].as_ref()?,
            }
            level = level.saturating_sub(1);
        }
    }

    /// One, to be changed.
    pub(crate) fn get_mut(&mut self, ino: Ino) -> Option<&mut Inode> {
        // Pages are copied only for what is there.
        self.get(ino)?;
        let (mut page, mut level) = (Rc::make_mut(&mut self.root), self.height);
        loop {
            match page {
                Page::Leaf(s) => return s[slot(ino.0, 0)].as_mut().map(Rc::make_mut),
                Page::Inner(s) => page = Rc::make_mut(s[slot(ino.0, level)].as_mut()?),
            }
            level = level.saturating_sub(1);
        }
    }

    /// Puts one in.
    pub(crate) fn insert(&mut self, ino: Ino, inode: Rc<Inode>) {
        while !self.fits(ino.0) {
            let mut s = none();
            s[0] = Some(self.root.clone());
            self.root = Rc::new(Page::Inner(s));
            self.height += 1;
        }
        Rc::make_mut(&mut self.root).set(self.height, ino.0, Some(inode));
    }

    /// Takes one out.
    pub(crate) fn remove(&mut self, ino: Ino) {
        if self.get(ino).is_some() {
            Rc::make_mut(&mut self.root).set(self.height, ino.0, None);
        }
    }

    /// What is other than it was, in the order of the numbers. Costs the changes.
    pub(crate) fn changes(&self, old: &Self, f: &mut Changed<'_>) {
        // The lower of the two is put below as many levels as the other has.
        let mut raised = [old.clone(), self.clone()];
        let height = old.height.max(self.height);
        for t in &mut raised {
            while t.height < height {
                let mut s = none();
                s[0] = Some(t.root.clone());
                (t.root, t.height) = (Rc::new(Page::Inner(s)), t.height + 1);
            }
        }
        let [old, new] = &raised;
        differ(0, height, Some(&old.root), Some(&new.root), f);
    }

    /// All, in the order of the numbers.
    pub(crate) fn each(&self, f: &mut dyn FnMut(Ino, &Rc<Inode>)) {
        differ(0, self.height, None, Some(&self.root), &mut |ino, _, inode| {
            if let Some(i) = inode {
                f(ino, i);
            }
        });
    }
}

impl PartialEq for Inodes {
    fn eq(&self, o: &Self) -> bool {
        let mut same = true;
        self.changes(o, &mut |_, a, b| same = same && a == b);
        same
    }
}

impl Eq for Inodes {}

impl Hash for Inodes {
    fn hash<H: Hasher>(&self, h: &mut H) {
        self.each(&mut |ino, inode| (ino, inode).hash(h));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn file(n: u64) -> Rc<Inode> {
        Rc::new(Inode::file(n.to_string(), 0o644))
    }

    fn all(t: &Inodes) -> Vec<u64> {
        let mut list = Vec::new();
        t.each(&mut |i, _| list.push(i.0));
        list
    }

    /// Against a B-tree: numbers far apart, taken out again, put in anew.
    #[test]
    fn it_is_a_map() {
        let (mut t, mut model) = (Inodes::new(), BTreeMap::new());
        let mut n = 1_u64;
        for step in 0..4_000_u64 {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let ino = if step % 97 == 0 { n } else { (n >> 33) % 3_000 };
            if n & 3 == 0 {
                t.remove(Ino(ino));
                model.remove(&ino);
            } else {
                t.insert(Ino(ino), file(step));
                model.insert(ino, file(step));
            }
            assert_eq!(t.get(Ino(ino)), model.get(&ino));
        }
        assert_eq!(all(&t), model.keys().copied().collect::<Vec<_>>());
    }

    #[test]
    fn a_copy_does_not_see_what_changes_and_shares_the_rest() {
        let mut t = Inodes::new();
        for n in 0..10_000 {
            t.insert(Ino(n), file(n));
        }
        let before = t.clone();
        assert!(t.is_same(&before));
        if let Some(i) = t.get_mut(Ino(77)) {
            i.mode = 0;
        }
        t.remove(Ino(5));
        t.insert(Ino(300_000), file(1));
        assert_eq!(before.get(Ino(77)).map(|i| i.mode), Some(0o644));
        let mut seen = Vec::new();
        t.changes(&before, &mut |i, a, b| seen.push((i.0, a.is_some(), b.is_some())));
        assert_eq!(seen, [(5, true, false), (77, true, true), (300_000, false, true)]);
        assert!(t != before);
        t.remove(Ino(300_000));
        t.insert(Ino(5), file(5));
        t.insert(Ino(77), file(77));
        assert!(t == before);
    }
}
