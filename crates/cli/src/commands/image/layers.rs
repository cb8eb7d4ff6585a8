//! `docker image layers`, an addition of this machine: what each layer did, and what space is wasted.

use layerlab_api::query::Query;
use serde_json::Value;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::size;
use crate::tree::Command;

/// How many wasted files are named.
const NAMED: usize = 20;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let told: Value = cli.get(&format!("/images/{}/layers", p.arg(0)), Query::default()).await?;
    let out = match p.opt("format") {
        Some("json") => format!("{told}\n"),
        _ => show(&told, p.bool("files")),
    };
    cli.print(out).await?;
    Ok(0)
}

fn number(v: &Value) -> i64 {
    v.as_i64().unwrap_or(0)
}

fn show(told: &Value, files: bool) -> String {
    let mut out = String::from("LAYER   SIZE      ADDED   CHANGED   REMOVED   CREATED BY\n");
    let none = Vec::new();
    for (n, layer) in told["layers"].as_array().unwrap_or(&none).iter().enumerate() {
        let touched = layer["files"].as_array().unwrap_or(&none);
        let count = |what: &str| touched.iter().filter(|f| f["change"] == what && f["directory"] == false).count();
        let by = layer["created_by"].as_str().unwrap_or_default();
        out.push_str(&format!(
            "{:<8}{:<10}{:<8}{:<10}{:<10}{}\n",
            n + 1,
            size::human3(number(&layer["size"])),
            count("added"),
            count("changed"),
            count("removed"),
            by.chars().take(44).collect::<String>()
        ));
        for f in touched.iter().filter(|_| files) {
            let mark = match f["change"].as_str() {
                Some("added") => 'A',
                Some("changed") => 'C',
                _ => 'D',
            };
            let slash = if f["directory"] == true { "/" } else { "" };
            let bytes = size::human3(number(&f["size"]));
            out.push_str(&format!("        {mark} {bytes:<9} /{}{slash}\n", f["path"].as_str().unwrap_or_default()));
        }
    }
    let permille = number(&told["efficiency_permille"]);
    let wasted = told["wasted"].as_array().unwrap_or(&none);
    out.push_str(&format!(
        "\nEfficiency: {}.{} % ({} of {} are hidden by later layers)\n",
        permille / 10,
        permille % 10,
        size::human3(number(&told["wasted_bytes"])),
        size::human3(number(&told["total_bytes"]))
    ));
    for w in wasted.iter().take(NAMED) {
        let what = if w["removed"] == true { "removed" } else { "overwritten" };
        out.push_str(&format!(
            "  {:<9} /{} (layer {}, {what} in layer {})\n",
            size::human3(number(&w["size"])),
            w["path"].as_str().unwrap_or_default(),
            number(&w["layer"]) + 1,
            number(&w["hidden_by"]) + 1
        ));
    }
    if wasted.len() > NAMED {
        out.push_str(&format!("  and {} more\n", wasted.len() - NAMED));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::show;

    #[test]
    fn a_summary() {
        let told = serde_json::json!({
            "layers": [
                { "created_by": "COPY a / # buildkit", "size": 8192, "files": [{ "path": "a", "change": "added", "size": 5, "directory": false }] },
                { "created_by": "RUN rm /a # buildkit", "size": 4096, "files": [{ "path": "a", "change": "removed", "size": 5, "directory": false }] }
            ],
            "wasted": [{ "path": "a", "size": 5, "layer": 0, "hidden_by": 1, "removed": true }],
            "wasted_bytes": 5, "total_bytes": 5, "efficiency_permille": 0
        });
        let text = show(&told, true);
        assert!(
            text.contains(
                "1       8.19kB    1       0         0         COPY a / # buildkit\n        A 5B        /a\n"
            ),
            "{text}"
        );
        assert!(text.contains("Efficiency: 0.0 % (5B of 5B are hidden by later layers)\n  5B        /a (layer 1, removed in layer 2)\n"), "{text}");
    }
}
