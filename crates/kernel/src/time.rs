//! Virtual time.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// Nanoseconds of virtual time since the machine booted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SimTime(pub u64);

impl SimTime {
    /// The end of time: nothing is scheduled then.
    pub const MAX: Self = Self(u64::MAX);

    /// A duration or point in milliseconds.
    pub const fn millis(ms: u64) -> Self {
        Self(ms * 1_000_000)
    }

    /// A duration or point in seconds.
    pub const fn secs(s: u64) -> Self {
        Self(s * 1_000_000_000)
    }

    /// Whole milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }
}

impl Add for SimTime {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0.saturating_add(o.0))
    }
}

impl AddAssign for SimTime {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}

impl Sub for SimTime {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self(self.0.saturating_sub(o.0))
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}s", self.0 / 1_000_000_000, self.0 / 1_000_000 % 1000)
    }
}
