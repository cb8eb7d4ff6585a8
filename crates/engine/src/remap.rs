//! `userns-remap`: containers in a user namespace, whose root is nobody outside (moby
//! `daemon/daemon_unix.go`, `pkg/idtools`).

use layerlab_api::container::HostConfig;
use layerlab_kernel::vfs::IdMap;
use layerlab_kernel::{Cx, OpenFlags};

use crate::error::ApiError;

/// Who owns the ids where the setting says `default`.
const DEFAULT: &str = "dockremap";
/// The first subordinate id of a machine where nobody has any (login.defs(5) `SUB_UID_MIN`).
const FIRST: u32 = 100_000;

fn read(cx: &mut Cx<'_>, path: &str) -> Option<String> {
    let fd = cx.open(path, OpenFlags::READ, 0).ok()?;
    let text = cx.read(fd, 1 << 16).ok();
    let _ = cx.close(fd);
    Some(String::from_utf8_lossy(&text?).into_owned())
}

fn append(cx: &mut Cx<'_>, path: &str, line: &str) {
    if let Ok(fd) = cx.open(path, OpenFlags::APPEND, 0o644) {
        let _ = cx.write(fd, std::rc::Rc::new(line.as_bytes().to_vec()));
        let _ = cx.close(fd);
    }
}

/// The first of a name's ids (`subuid(5)`); for docker's own user they are added where there are none.
fn first_id(cx: &mut Cx<'_>, path: &str, name: &str) -> Option<u32> {
    let text = read(cx, path).unwrap_or_default();
    let ranges = text.lines().filter_map(|l| {
        let mut f = l.split(':');
        Some((f.next()?, f.next()?.parse::<u32>().ok()?, f.next()?.parse::<u32>().ok()?))
    });
    let ranges: Vec<(&str, u32, u32)> = ranges.collect();
    if let Some(r) = ranges.iter().find(|r| r.0 == name && r.2 >= IdMap::COUNT) {
        return Some(r.1);
    }
    if name != DEFAULT {
        return None;
    }
    let free = ranges.iter().map(|r| r.1.saturating_add(r.2)).max().unwrap_or(FIRST);
    append(cx, path, &format!("{name}:{free}:{}\n", IdMap::COUNT));
    Some(free)
}

/// What the daemon's settings say when it starts.
pub(crate) fn at_start(cx: &mut Cx<'_>) -> Option<IdMap> {
    let settings = read(cx, "/etc/docker/daemon.json")?;
    let settings: serde_json::Value = serde_json::from_str(&settings).ok()?;
    let wanted = settings.get("userns-remap")?.as_str()?.to_owned();
    let (user, group) = wanted.split_once(':').unwrap_or((&wanted, &wanted));
    let name = |n: &str| if n == "default" { DEFAULT.to_owned() } else { n.to_owned() };
    let (user, group) = (name(user), name(group));
    if user == DEFAULT && !read(cx, "/etc/passwd")?.lines().any(|l| l.starts_with("dockremap:")) {
        append(cx, "/etc/passwd", "dockremap:x:997:997::/home/dockremap:/bin/false\n");
        append(cx, "/etc/group", "dockremap:x:997:\n");
    }
    Some(IdMap { uid: first_id(cx, "/etc/subuid", &user)?, gid: first_id(cx, "/etc/subgid", &group)? })
}

/// Refuses what cannot be had in a user namespace (moby `verifyPlatformContainerSettings`).
///
/// # Errors
/// The daemon's words.
pub(crate) fn check(remap: Option<IdMap>, host: &HostConfig) -> Result<(), ApiError> {
    if remap.is_none() || host.userns_mode == "host" {
        return Ok(());
    }
    if host.privileged {
        return Err(ApiError::bad(
            "privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running privileged mode",
        ));
    }
    if host.network_mode == "host" {
        return Err(ApiError::bad("cannot share the host's network namespace when user namespaces are enabled"));
    }
    if host.pid_mode == "host" {
        return Err(ApiError::bad("cannot share the host PID namespace when user namespaces are enabled"));
    }
    Ok(())
}
