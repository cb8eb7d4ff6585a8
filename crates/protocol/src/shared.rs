use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A part of a message that copies share until one of them is changed: cloned at no cost, and compared
/// at none with what is the same in memory. On its way it is the value itself.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// Whether both are one value in memory.
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        self.same(other) || self.0 == other.0
    }
}

impl<T: Eq> Eq for Shared<T> {}

#[cfg(test)]
mod tests {
    use super::Shared;

    #[test]
    fn a_change_is_seen_by_its_owner_alone() {
        let a = Shared::from(vec![1]);
        let mut b = a.clone();
        assert!(a.same(&b));
        b.push(2);
        assert_eq!((&*a, &*b), (&vec![1], &vec![1, 2]));
        b.pop();
        assert!(a == b && !a.same(&b));
    }

    #[test]
    fn on_its_way_it_is_the_value_itself() {
        let value = vec!["a".to_owned(), "b".to_owned()];
        let bytes = crate::encode(&Shared::from(value.clone()));
        assert_eq!(bytes, crate::encode(&value));
        let back: Shared<Vec<String>> = crate::decode(&bytes).expect("what was encoded");
        assert_eq!(*back, value);
    }
}
