//! `docker trace`, an addition of this machine: the way of a request, hop by hop, and where it stops.

use layerlab_api::query::Query;
use layerlab_api::trace::Trace;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut query = Query::default().with("url", p.arg(0));
    if let Some(from) = p.opt("from") {
        query = query.with("from", from);
    }
    let trace: Trace = cli.get("/trace", query).await?;
    let text = match p.opt("format") {
        Some("json") => format!("{}\n", serde_json::to_string(&trace).unwrap_or_default()),
        Some(_) => return Err(CliError::new("trace has the format json only")),
        None => show(&trace),
    };
    cli.print(text).await?;
    Ok(i32::from(!trace.arrives))
}

fn show(t: &Trace) -> String {
    let mut out = format!("{}\n", t.request);
    let width = t.hops.iter().map(|h| h.name.chars().count()).max().unwrap_or(0);
    for (n, h) in t.hops.iter().enumerate() {
        let line = format!("{:>3}  {:<10} {:<width$}  {}", n + 1, h.kind, h.name, h.detail);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if t.arrives {
        out.push_str(&format!("Arrived: {}.\n", t.reason));
    } else {
        out.push_str(&format!("Stopped after {} ({}): {}.\n", t.hops.len(), t.end, t.reason));
    }
    if !t.hint.is_empty() {
        out.push_str(&format!("Try: {}\n", t.hint));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use layerlab_api::trace::Hop;

    #[test]
    fn a_way_is_a_table_and_a_reason() {
        let hop =
            |kind: &str, name: &str, detail: &str| Hop { kind: kind.into(), name: name.into(), detail: detail.into() };
        let t = Trace {
            request: "GET http://localhost:8080/".into(),
            hops: vec![hop("host", "host", "the request starts here"), hop("loopback", "lo", "")],
            end: "not-published".into(),
            reason: "port 8080 is not published".into(),
            hint: "docker run -p 8080:80 …".into(),
            ..Trace::default()
        };
        assert_eq!(
            show(&t),
            "GET http://localhost:8080/\n  1  host       host  the request starts here\n  2  loopback   lo\n\
             Stopped after 2 (not-published): port 8080 is not published.\nTry: docker run -p 8080:80 …\n"
        );
    }
}
