//! The kernel's log: what `dmesg` shows and `/dev/kmsg` holds (Documentation/ABI/testing/dev-kmsg).

use std::rc::Rc;

use crate::SimTime;
use crate::calls::machine::{CPUS, MEMORY, RELEASE, VERSION};
use crate::system::{System, WaitKey};

/// Records that are kept; older ones go.
const KEPT: usize = 500;

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Record {
    at: SimTime,
    /// syslog(3)'s level, 0 to 7.
    level: u8,
    text: String,
}

/// The ring buffer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Log {
    /// The number of the first record that is kept.
    first: u64,
    records: Rc<Vec<Record>>,
}

impl Log {
    /// What the kernel says at boot, in short.
    pub(crate) fn at_boot() -> Self {
        let k = MEMORY / 1024;
        let lines: [(u64, String); 7] = [
            (0, format!("Linux version {RELEASE} (debian-kernel@lists.debian.org) {VERSION}")),
            (0, format!("Command line: BOOT_IMAGE=/boot/vmlinuz-{RELEASE} root=/dev/vda1 ro quiet")),
            (4_000, format!("smpboot: Allowing {CPUS} CPUs, 0 hotplug CPUs")),
            (9_000, format!("Memory: {}K/{k}K available", k - k / 32)),
            (61_000, format!("smp: Brought up 1 node, {CPUS} CPUs")),
            (412_000, "virtio_blk virtio1: [vda] 125831168 512-byte logical blocks (64.4 GB/60.0 GiB)".to_owned()),
            (498_000, "EXT4-fs (vda1): mounted filesystem with ordered data mode. Quota mode: none.".to_owned()),
        ];
        let record = |(micros, text): (u64, String)| Record { at: SimTime(micros * 1000), level: 6, text };
        Self { first: 0, records: Rc::new(lines.map(record).to_vec()) }
    }
}

impl System {
    /// Logs something.
    pub(crate) fn log(&mut self, level: u8, text: String) {
        let now = self.now;
        let records = Rc::make_mut(&mut self.log.records);
        if records.len() >= KEPT {
            records.remove(0);
            self.log.first += 1;
        }
        records.push(Record { at: now, level, text });
        self.wake(WaitKey::Log, now);
    }

    /// A record as a read of `/dev/kmsg` gives it, from this number on, and the number after it.
    pub(crate) fn log_record(&self, from: u64) -> Option<(String, u64)> {
        let n = from.max(self.log.first);
        let r = self.log.records.get(usize::try_from(n - self.log.first).ok()?)?;
        Some((format!("{},{n},{},-;{}\n", r.level, r.at.0 / 1000, r.text), n + 1))
    }
}
