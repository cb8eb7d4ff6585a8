//! Resource limits (`getrlimit(2)`).

/// A resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    /// CPU time, seconds.
    Cpu,
    /// Largest file, bytes.
    FileSize,
    /// Data segment, bytes.
    Data,
    /// Stack, bytes.
    Stack,
    /// Core file, bytes.
    Core,
    /// Resident memory, bytes (without effect on Linux, too).
    Rss,
    /// Processes of the user.
    Processes,
    /// Highest descriptor + 1.
    Files,
    /// Locked memory, bytes.
    Memlock,
    /// Address space, bytes.
    AddressSpace,
    /// File locks.
    Locks,
    /// Pending signals.
    Signals,
    /// Bytes in message queues.
    MessageQueue,
    /// Ceiling for niceness.
    Nice,
    /// Real-time priority.
    RealTimePriority,
    /// CPU time without a pause under real-time scheduling, microseconds.
    RealTimeTime,
}

impl Resource {
    /// All, in the kernel's order.
    pub const ALL: &'static [Self] = &[
        Self::Cpu,
        Self::FileSize,
        Self::Data,
        Self::Stack,
        Self::Core,
        Self::Rss,
        Self::Processes,
        Self::Files,
        Self::Memlock,
        Self::AddressSpace,
        Self::Locks,
        Self::Signals,
        Self::MessageQueue,
        Self::Nice,
        Self::RealTimePriority,
        Self::RealTimeTime,
    ];
}

/// No limit.
pub const UNLIMITED: u64 = u64::MAX;

/// Soft and hard limits of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits([(u64, u64); 16]);

impl Default for Limits {
    /// A Debian login's on a machine with 8 GiB.
    fn default() -> Self {
        let none = (UNLIMITED, UNLIMITED);
        Self([
            none,
            none,
            none,
            (8 << 20, UNLIMITED),
            (0, UNLIMITED),
            none,
            (31_544, 31_544),
            (1024, 1_048_576),
            (1_036_890_112, 1_036_890_112),
            none,
            none,
            (31_544, 31_544),
            (819_200, 819_200),
            (0, 0),
            (0, 0),
            none,
        ])
    }
}

impl Limits {
    /// Soft and hard limit.
    pub fn get(&self, r: Resource) -> (u64, u64) {
        self.0.get(r as usize).copied().unwrap_or((UNLIMITED, UNLIMITED))
    }
    /// The limit in force.
    pub fn soft(&self, r: Resource) -> u64 {
        self.get(r).0
    }
    /// Memory that may be taken, bytes.
    pub fn memory(&self) -> u64 {
        self.soft(Resource::AddressSpace).min(self.soft(Resource::Data))
    }
    /// Sets soft and hard limit.
    pub fn set(&mut self, r: Resource, soft: u64, hard: u64) {
        if let Some(l) = self.0.get_mut(r as usize) {
            *l = (soft, hard);
        }
    }
}
