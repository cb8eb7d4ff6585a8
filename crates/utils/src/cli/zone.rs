//! Time zones: `TZ` as POSIX writes it (XBD 8.3), and the files of `/usr/share/zoneinfo`.

use std::ops::Deref;

use layerlab_kernel::{Sys, zone};

use super::time;

/// A zone's names and offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone(zone::Zone);

impl Deref for Zone {
    type Target = zone::Zone;
    fn deref(&self) -> &zone::Zone {
        &self.0
    }
}

impl Zone {
    /// Universal time.
    pub(crate) fn utc() -> Self {
        Self(zone::Zone::utc())
    }

    /// The zone that `TZ` names: a file of the zone data, or POSIX's form; universal time for what is neither,
    /// as the C library does. Without `TZ` it is the machine's, `/etc/localtime`.
    pub(crate) async fn load(sys: &Sys, tz: Option<&str>) -> Self {
        let name = tz.map(|t| t.trim_start_matches(':'));
        let path = match name {
            None => "/etc/localtime".to_owned(),
            Some("") => return Self::utc(),
            Some(path) if path.starts_with('/') => path.to_owned(),
            Some(name) => format!("/usr/share/zoneinfo/{name}"),
        };
        let file = sys.read_file(&path).await.ok().and_then(|bytes| zone::Zone::of_file(&bytes));
        Self(file.unwrap_or_else(|| name.map_or_else(zone::Zone::utc, zone::Zone::named)))
    }

    /// The same as musl has it: a path that leads nowhere is universal time.
    pub(crate) async fn load_musl(sys: &Sys, tz: Option<&str>) -> Self {
        let zone = Self::load(sys, tz).await;
        let path = tz.is_some_and(|t| t.contains('/') && !t.contains(','));
        if path && zone.at(0).0 == 0 && zone.names()[1].is_none() { Self::utc() } else { zone }
    }

    /// POSIX's form.
    #[cfg(test)]
    pub(crate) fn named(tz: &str) -> Self {
        Self(zone::Zone::named(tz))
    }

    /// A time of the zone's clock in `strftime`'s form.
    pub(crate) fn format(&self, pattern: &str, secs: i64, nanos: u32) -> String {
        let (east, name) = self.at(secs);
        time::format_at(pattern, secs, nanos, east, name)
    }
}
