//! Values that copies of the state share until one of them changes.

use std::cell::OnceCell;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use layerlab_kernel::StateHasher;

/// A value that is cloned at no cost, copied when one of its owners changes it, and whose part in the
/// state's digest is computed once between two changes.
#[derive(Debug, Default)]
pub struct Shared<T>(Rc<Inner<T>>);

#[derive(Debug, Default)]
struct Inner<T> {
    value: T,
    digest: OnceCell<[u8; 32]>,
}

impl<T> Shared<T> {
    /// Takes a value.
    pub fn new(value: T) -> Self {
        Self(Rc::new(Inner { value, digest: OnceCell::new() }))
    }

    /// Whether both are the same value in memory: nothing changed between them.
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Clone> Clone for Inner<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), digest: OnceCell::new() }
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        let inner = Rc::make_mut(&mut self.0);
        inner.digest.take();
        &mut inner.value
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, o: &Self) -> bool {
        self.same(o) || self.0.value == o.0.value
    }
}

impl<T: Eq> Eq for Shared<T> {}

impl<T: Hash> Hash for Shared<T> {
    fn hash<H: Hasher>(&self, h: &mut H) {
        let digest = self.0.digest.get_or_init(|| {
            let mut own = StateHasher::default();
            self.0.value.hash(&mut own);
            own.digest()
        });
        h.write(digest);
    }
}

#[cfg(test)]
mod tests {
    use layerlab_kernel::state_digest;

    use super::Shared;

    #[test]
    fn a_change_is_seen_by_its_owner_alone() {
        let a = Shared::new(vec![1]);
        let mut b = a.clone();
        assert!(a.same(&b));
        let before = state_digest(&a);
        b.push(2);
        assert_eq!((&*a, &*b), (&vec![1], &vec![1, 2]));
        assert_eq!(state_digest(&a), before);
        assert_ne!(state_digest(&b), before);
        b.pop();
        assert_eq!(state_digest(&b), before, "equal values have equal digests");
        assert!(a == b && !a.same(&b));
    }
}
