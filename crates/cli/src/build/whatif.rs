//! `docker build --what-if`, an addition of this machine: what a build would do after a change.

use std::collections::BTreeMap;

use layerlab_api::build::Cause;
use serde_json::Value;

use crate::format::size;

/// A part for each change, a line for each step.
pub fn show(told: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    for (change, forecast) in told {
        let Ok(forecast) = serde_json::from_str::<Value>(forecast) else { continue };
        out.push_str(&format!("What if {change}:\n"));
        let (mut took, mut bytes) = (0, 0);
        for step in forecast["steps"].as_array().into_iter().flatten() {
            let kind = step["outcome"]["kind"].as_str().unwrap_or_default();
            let what = match kind {
                "base" | "hit" => "CACHED ",
                "runs" => "RUN    ",
                "fails" => "FAILS  ",
                _ => "DEPENDS",
            };
            out.push_str(&format!("  {what} {}\n", step["name"].as_str().unwrap_or_default()));
            if kind == "runs" {
                took += step["took"].as_u64().unwrap_or(0);
                bytes += step["size"].as_i64().unwrap_or(0);
                if let Ok(cause) = serde_json::from_value::<Cause>(step["outcome"]["cause"].clone()) {
                    out.push_str(&format!("          {}\n", super::explain::reason(&cause)));
                }
            }
        }
        let seconds = format!("{}.{}", took / 1000, took % 1000 / 100);
        out.push_str(&format!("  last time these steps took {seconds}s and made {}\n", size::human4(bytes)));
    }
    out
}
