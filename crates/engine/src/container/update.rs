//! `POST /containers/{name}/update`: limits and restart policy of a container that is there.

use layerlab_api::container::{HostConfig, UpdateRequest, UpdateResponse};

use super::{Status, check};
use crate::context::{Context, Reply};
use crate::error::ApiError;

/// Changes what is given and not zero.
///
/// # Errors
/// The daemon's refusals; then nothing is changed.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let request: UpdateRequest = cx.json_body().await?;
    let cpus = cx.sys.sys_info().await?.cpus;
    let (id, status, host) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.status, c.host.clone())))??;
    let refuse = |why: String| ApiError::bad(format!("Cannot update container {id}: {why}"));
    if matches!(status, Status::Removing | Status::Dead) {
        return Err(refuse("container is marked for removal and cannot be \"update\"".to_owned()));
    }
    let mut new = host.clone();
    merge(&mut new, &request, &refuse)?;
    check::resources(&new, cpus)?;
    let at = cx.now();
    cx.with(|s| {
        if let Some(c) = s.containers.get_mut(&id) {
            c.host = new;
        }
        s.container_event(at, "update", &id, &[]);
    })?;
    super::limits::apply(&cx.sys, &id).await?;
    cx.json(200, &UpdateResponse { warnings: Some(Vec::new()) }).await
}

fn merge(host: &mut HostConfig, r: &UpdateRequest, refuse: &dyn Fn(String) -> ApiError) -> Result<(), ApiError> {
    if r.nano_cpus > 0 && (host.cpu_quota > 0 || host.cpu_period > 0) {
        return Err(refuse("Nano CPUs cannot be updated as CPU Quota has already been set".to_owned()));
    }
    let number = |to: &mut i64, from: i64| {
        if from != 0 {
            *to = from;
        }
    };
    number(&mut host.cpu_shares, r.cpu_shares);
    number(&mut host.cpu_period, r.cpu_period);
    number(&mut host.cpu_quota, r.cpu_quota);
    number(&mut host.nano_cpus, r.nano_cpus);
    number(&mut host.memory_reservation, r.memory_reservation);
    for (to, from) in [(&mut host.cpuset_cpus, &r.cpuset_cpus), (&mut host.cpuset_mems, &r.cpuset_mems)] {
        if !from.is_empty() {
            to.clone_from(from);
        }
    }
    if r.blkio_weight != 0 {
        host.blkio_weight = r.blkio_weight;
    }
    if r.memory != 0 {
        // A limit above the old sum of memory and swap needs a new sum.
        if r.memory_swap == 0 && host.memory_swap >= 0 && r.memory > host.memory_swap {
            return Err(refuse(
                "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time"
                    .to_owned(),
            ));
        }
        host.memory = r.memory;
    }
    number(&mut host.memory_swap, r.memory_swap);
    if r.pids_limit.is_some() {
        host.pids_limit = r.pids_limit;
    }
    if !r.restart_policy.name.is_empty() {
        if host.auto_remove && r.restart_policy.name != "no" {
            return Err(refuse(
                "Restart policy cannot be updated because AutoRemove is enabled for the container".to_owned(),
            ));
        }
        host.restart_policy = r.restart_policy.clone();
    }
    Ok(())
}
