//! `macvlan` and `ipvlan`: networks that lie on an interface of the host (moby `daemon/libnetwork/drivers/macvlan`,
//! `ipvlan`).

use std::collections::BTreeMap;

use crate::context::Context;
use crate::error::ApiError;

/// The name of the interface that a network without a parent gets.
pub(super) fn dummy(driver: &str, id: &str) -> String {
    let start = if driver == "macvlan" { "dm" } else { "di" };
    format!("{start}-{}", id.get(..12).unwrap_or_default())
}

/// The interface that a new network lies on.
///
/// # Errors
/// It is not there or another's, or there is no such mode.
pub(super) async fn parent(
    cx: &Context,
    driver: &str,
    id: &str,
    options: &BTreeMap<String, String>,
) -> Result<String, ApiError> {
    let refuse = |status: u16, message: String| Err(ApiError { status, message });
    let option = |name: &str| options.get(name).map(String::as_str).unwrap_or_default();
    let modes: &[&str] = match driver {
        "macvlan" => &["", "bridge", "private", "vepa", "passthru"],
        _ => &["", "l2", "l3", "l3s"],
    };
    let mode = option(&format!("{driver}_mode"));
    if !modes.contains(&mode) {
        return refuse(
            400,
            format!(
                "requested {driver} mode '{mode}' is not valid, '{}' mode is the {driver} driver default",
                modes.get(1).unwrap_or(&"")
            ),
        );
    }
    let parent = option("parent");
    if parent.is_empty() {
        return Ok(dummy(driver, id));
    }
    if parent == "lo" {
        return refuse(400, format!("loopback interface is not a valid {driver} parent link"));
    }
    let taken = |s: &mut crate::state::EngineState| {
        let same = |n: &&crate::shared::Shared<super::Network>| {
            n.driver == driver && n.options.get("parent").is_some_and(|p| p == parent)
        };
        s.networks.values().find(same).and_then(|n| n.bridge.clone())
    };
    // Networks of the driver macvlan do not share one.
    if let Some(other) = cx.with(taken)?.filter(|_| driver == "macvlan") {
        return refuse(500, format!("network {other} is already using parent interface {parent}"));
    }
    let links = cx.sys.interfaces().await?;
    let is_there = |name: &str| links.iter().any(|i| i.name == name);
    if is_there(parent) {
        return Ok(parent.to_owned());
    }
    // `eth0.50` is made: a network of its own, with that number, behind the interface.
    let Some((under, number)) = parent.split_once('.') else {
        return refuse(
            500,
            format!(
                "required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received {parent}"
            ),
        );
    };
    if !number.parse::<u16>().is_ok_and(|n| (1..4095).contains(&n)) {
        return refuse(500, format!("vlan id must be between 1-4094, received: {number}"));
    }
    if !is_there(under) {
        return refuse(500, format!("failed to find master interface {under} on the Docker host: Link not found"));
    }
    Ok(parent.to_owned())
}
