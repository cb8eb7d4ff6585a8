//! `docker update`.

use layerlab_api::container::{UpdateRequest, UpdateResponse};
use layerlab_api::query::Query;

use super::options::{bytes, restart_policy};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::{Parsed, value};
use crate::tree::Command;

const FLAGS: &[&str] = &[
    "blkio-weight",
    "cpu-period",
    "cpu-quota",
    "cpu-rt-period",
    "cpu-rt-runtime",
    "cpu-shares",
    "cpus",
    "cpuset-cpus",
    "cpuset-mems",
    "kernel-memory",
    "memory",
    "memory-reservation",
    "memory-swap",
    "pids-limit",
    "restart",
];

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    if !FLAGS.iter().any(|f| p.is_set(f)) {
        return Err(CliError::new("you must provide one or more flags when using this command"));
    }
    let int = |name: &str| p.int(name).unwrap_or(0);
    let text = |name: &str| p.str(c, name).to_owned();
    let request = UpdateRequest {
        cpu_shares: int("cpu-shares"),
        memory: bytes(p, "memory"),
        nano_cpus: p.opt("cpus").and_then(|v| value::parse_cpus(v).ok()).unwrap_or(0),
        blkio_weight: u16::try_from(int("blkio-weight")).unwrap_or(0),
        cpu_period: int("cpu-period"),
        cpu_quota: int("cpu-quota"),
        cpu_realtime_period: int("cpu-rt-period"),
        cpu_realtime_runtime: int("cpu-rt-runtime"),
        cpuset_cpus: text("cpuset-cpus"),
        cpuset_mems: text("cpuset-mems"),
        memory_reservation: bytes(p, "memory-reservation"),
        memory_swap: bytes(p, "memory-swap"),
        pids_limit: p.int("pids-limit"),
        restart_policy: restart_policy(p.str(c, "restart")).map_err(CliError::new)?,
    };
    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    for name in &p.args {
        let path = format!("/containers/{name}/update");
        match cli.post::<_, UpdateResponse>(&path, Query::default(), &request).await {
            Ok(answer) => {
                cli.print(format!("{name}\n")).await?;
                warnings.extend(answer.warnings.unwrap_or_default());
            }
            Err(e) => errors.push(e),
        }
    }
    if !warnings.is_empty() {
        cli.print(format!("{}\n", warnings.join("\n"))).await?;
    }
    CliError::join(errors)
}
