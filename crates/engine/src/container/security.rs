//! What a container's processes may: capabilities, limits, privileges (moby `daemon/pkg/oci`,
//! `oci/caps`).

use layerlab_api::container::{HostConfig, Ulimit};
use layerlab_kernel::capability::{self, Cap};
use layerlab_kernel::limit::UNLIMITED;
use layerlab_kernel::{Resource, SpawnSpec};

use crate::error::ApiError;

/// What every container has unless told otherwise (moby `oci/caps/defaults.go`).
const DEFAULT: &[Cap] = &[
    Cap::Chown,
    Cap::DacOverride,
    Cap::Fsetid,
    Cap::Fowner,
    Cap::Mknod,
    Cap::NetRaw,
    Cap::Setgid,
    Cap::Setuid,
    Cap::Setfcap,
    Cap::Setpcap,
    Cap::NetBindService,
    Cap::SysChroot,
    Cap::Kill,
    Cap::AuditWrite,
];

/// The same as bits.
pub const DEFAULT_BITS: u64 = {
    let (mut all, mut i) = (0, 0);
    while i < DEFAULT.len() {
        all |= DEFAULT[i].bit();
        i += 1;
    }
    all
};

fn is_all(name: &str) -> bool {
    name.eq_ignore_ascii_case("all") || name.eq_ignore_ascii_case("cap_all")
}

/// Refuses names of capabilities, limits and options that there are not.
///
/// # Errors
/// The daemon's words.
pub fn check(host: &HostConfig) -> Result<(), ApiError> {
    for (list, what) in [(&host.cap_add, "CapAdd"), (&host.cap_drop, "CapDrop")] {
        if let Some(unknown) = list.iter().flatten().find(|c| !is_all(c) && Cap::parse(c).is_none()) {
            return Err(ApiError::bad(format!("invalid {what}: unknown capability: \"{unknown}\"")));
        }
    }
    for o in host.security_opt.iter().flatten() {
        let value = o.split_once(['=', ':']).filter(|(name, _)| *name == "no-new-privileges").map(|(_, v)| v);
        if value.is_some_and(|v| !GO_BOOLS.contains(&v)) {
            return Err(ApiError::bad(format!("invalid --security-opt: \"{o}\"")));
        }
    }
    if let Some(u) = host.ulimits.iter().flatten().find(|u| resource(&u.name).is_none()) {
        return Err(ApiError::bad(format!("invalid ulimit type: {}", u.name)));
    }
    Ok(())
}

/// What Go's `strconv.ParseBool` reads, the true ones first.
const GO_BOOLS: &[&str] = &["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"];

/// The capabilities as bits.
pub fn capabilities(host: &HostConfig) -> u64 {
    if host.privileged {
        return capability::ALL;
    }
    let bits = |list: &Option<Vec<String>>| -> u64 {
        list.iter().flatten().filter_map(|c| Cap::parse(c)).fold(0, |all, c| all | c.bit())
    };
    let has_all = |list: &Option<Vec<String>>| list.iter().flatten().any(|c| is_all(c));
    let default = DEFAULT_BITS;
    let (add, drop) = (bits(&host.cap_add), bits(&host.cap_drop));
    match (has_all(&host.cap_add), has_all(&host.cap_drop)) {
        (true, _) => capability::ALL & !drop,
        (false, true) => add,
        (false, false) => (default & !drop) | add,
    }
}

fn resource(name: &str) -> Option<Resource> {
    Some(match name {
        "as" => Resource::AddressSpace,
        "core" => Resource::Core,
        "cpu" => Resource::Cpu,
        "data" => Resource::Data,
        "fsize" => Resource::FileSize,
        "locks" => Resource::Locks,
        "memlock" => Resource::Memlock,
        "msgqueue" => Resource::MessageQueue,
        "nice" => Resource::Nice,
        "nofile" => Resource::Files,
        "nproc" => Resource::Processes,
        "rss" => Resource::Rss,
        "rtprio" => Resource::RealTimePriority,
        "sigpending" => Resource::Signals,
        "stack" => Resource::Stack,
        _ => return None,
    })
}

fn limit(u: &Ulimit) -> Option<(Resource, u64, u64)> {
    let number = |n: i64| u64::try_from(n).unwrap_or(UNLIMITED);
    Some((resource(&u.name)?, number(u.soft), number(u.hard)))
}

/// Open files of a container's process, soft and hard: what systemd gives a service (`DefaultLimitNOFILE=`);
/// the unit of containerd 2 sets no other.
pub const FILES: (u64, u64) = (1024, 524_288);

/// Fills a process's specification in.
pub fn apply(spec: &mut SpawnSpec, host: &HostConfig, privileged: bool) {
    spec.caps = Some(if privileged { capability::ALL } else { capabilities(host) });
    spec.no_new_privs = host.security_opt.iter().flatten().any(|o| {
        let (name, value) = o.split_once(['=', ':']).unwrap_or((o, "true"));
        name == "no-new-privileges" && GO_BOOLS.iter().take(6).any(|b| *b == value)
    });
    spec.seccomp = !privileged
        && !host
            .security_opt
            .iter()
            .flatten()
            .any(|o| matches!(o.as_str(), "seccomp=unconfined" | "seccomp:unconfined"));
    spec.oom_score_adj = i32::try_from(host.oom_score_adj).ok().filter(|n| *n != 0);
    let files = (Resource::Files, FILES.0, FILES.1);
    spec.limits = std::iter::once(files).chain(host.ulimits.iter().flatten().filter_map(limit)).collect();
    spec.host_cgroup_ns = host.cgroupns_mode == "host";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(add: &[&str], drop: &[&str]) -> HostConfig {
        let list = |l: &[&str]| Some(l.iter().map(|c| (*c).to_owned()).collect());
        HostConfig { cap_add: list(add), cap_drop: list(drop), ..HostConfig::default() }
    }

    /// The bits that `/proc/1/status` shows in real containers.
    #[test]
    fn capabilities_are_those_of_real_containers() {
        let bits = |add: &[&str], drop: &[&str]| format!("{:016x}", capabilities(&host(add, drop)));
        assert_eq!(bits(&[], &[]), "00000000a80425fb");
        assert_eq!(bits(&[], &["ALL"]), "0000000000000000");
        assert_eq!(bits(&["CAP_NET_BIND_SERVICE"], &["all"]), "0000000000000400");
        assert_eq!(bits(&[], &["CHOWN"]), "00000000a80425fa");
        assert_eq!(bits(&["ALL"], &[]), "000001ffffffffff");
        let refused = check(&host(&["CAP_NOPE"], &[])).unwrap_err().message;
        assert_eq!(refused, "invalid CapAdd: unknown capability: \"CAP_NOPE\"");
    }
}
