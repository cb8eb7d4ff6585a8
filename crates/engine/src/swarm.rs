//! What a daemon answers that is in no swarm: `/swarm`, `/nodes`, `/services`, `/tasks`, `/secrets`, `/configs`.

use crate::error::ApiError;
use crate::route::{Handler, no_page, refuse};

/// Asked of a machine that manages no swarm.
pub const NO_MANAGER: &str = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

/// The handler of a request about a swarm.
pub fn route<'a>(method: &'a str, parts: &'a [&'a str]) -> Handler<'a> {
    let refused = |status: u16, message: &str| refuse(ApiError { status, message: message.to_owned() });
    match (method, parts) {
        ("POST", ["swarm", "leave"]) => refused(503, "This node is not part of a swarm"),
        ("POST", ["swarm", "init" | "join"]) => refused(501, "swarm mode is not available on this simulated machine"),
        ("GET" | "POST" | "DELETE", ["swarm" | "nodes" | "services" | "tasks" | "secrets" | "configs", ..]) => {
            refused(503, NO_MANAGER)
        }
        _ => no_page(),
    }
}
