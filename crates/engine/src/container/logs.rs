//! `GET /containers/{name}/logs`.

use layerlab_api::stdcopy::{Stream, frame};
use layerlab_oci::Timestamp;

use super::output::{Line, LineCutter};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::watch::Watch;

/// What is wanted of a log.
#[derive(Clone, Debug, Default)]
struct Wanted {
    stdout: bool,
    stderr: bool,
    timestamps: bool,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    /// `None`: all.
    tail: Option<usize>,
    raw: bool,
}

/// Streams what a container wrote; with `follow` also what it writes.
///
/// # Errors
/// No such container, or wrong parameters.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let (id, tty, driver) =
        cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.config.tty, c.host.log_config.kind.clone())))??;
    if driver == "none" {
        return Err(ApiError::internal("configured logging driver does not support reading"));
    }
    let wanted = Wanted {
        stdout: cx.flag("stdout"),
        stderr: cx.flag("stderr"),
        timestamps: cx.flag("timestamps"),
        since: moment(cx.param("since"))?,
        until: moment(cx.param("until"))?,
        tail: cx.param("tail").parse().ok(),
        raw: tty,
    };
    if !wanted.stdout && !wanted.stderr {
        return Err(ApiError::bad("Bad parameters: you must choose at least one stream"));
    }
    let kind = if tty { "application/vnd.docker.raw-stream" } else { "application/vnd.docker.multiplexed-stream" };
    cx.begin(kind).await?;
    if !cx.flag("follow") {
        let lines = cx.with(|s| s.container(&id).map(|c| c.output.lines()))??;
        cx.send(&render(&select(lines, &wanted), &wanted)).await?;
        return cx.end().await;
    }
    let watch = Watch::new(&cx.sys, &id).await?;
    let result = follow(cx, &id, &wanted, &watch).await;
    watch.end().await;
    result?;
    cx.end().await
}

async fn follow(cx: &mut Context, id: &str, wanted: &Wanted, watch: &Watch) -> Reply {
    let mut cutter = LineCutter::default();
    let (mut from, mut tail) = (0, wanted.tail);
    loop {
        let found = cx.with(|s| s.container(id).map(|c| (c.output.since(from), c.output.end(), c.is_running())))?;
        let Ok((chunks, end, running)) = found else { return Ok(()) };
        from = end;
        let mut lines: Vec<Line> = chunks.iter().flat_map(|c| cutter.push(c)).collect();
        if !running {
            lines.extend(cutter.rest());
        }
        let lines = select(lines, &Wanted { tail: tail.take(), ..wanted.clone() });
        cx.send(&render(&lines, wanted)).await?;
        if !running {
            return Ok(());
        }
        watch.wait_for(cx.fd(), None).await?;
    }
}

/// Seconds since 1970 with a fraction, or RFC 3339; empty or 0: none.
fn moment(text: &str) -> Result<Option<Timestamp>, ApiError> {
    if text.is_empty() || text == "0" {
        return Ok(None);
    }
    if let Ok(t) = text.parse() {
        return Ok(Some(t));
    }
    let (secs, fraction) = text.split_once('.').unwrap_or((text, ""));
    let nanos: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    match (secs.parse(), nanos.parse()) {
        (Ok(secs), Ok(nanos)) => Ok(Some(Timestamp { secs, nanos })),
        _ => Err(ApiError::bad(format!(
            "invalid value for \"since\": failed to parse value as time or duration: \"{text}\""
        ))),
    }
}

fn select(lines: Vec<Line>, w: &Wanted) -> Vec<Line> {
    let fits = |l: &Line| {
        (if l.stream == Stream::Stderr { w.stderr } else { w.stdout })
            && w.since.is_none_or(|t| l.time >= t)
            && w.until.is_none_or(|t| l.time <= t)
    };
    let lines: Vec<Line> = lines.into_iter().filter(fits).collect();
    let drop = w.tail.map_or(0, |n| lines.len().saturating_sub(n));
    lines.into_iter().skip(drop).collect()
}

fn render(lines: &[Line], w: &Wanted) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        let mut data = if w.timestamps { format!("{} ", padded(line.time)).into_bytes() } else { Vec::new() };
        data.extend(&line.data);
        if w.raw {
            out.extend(data);
        } else {
            out.extend(frame(line.stream, &data));
        }
    }
    out
}

/// RFC 3339 with all nine digits, as log lines have it.
fn padded(t: Timestamp) -> String {
    let whole = Timestamp { secs: t.secs, nanos: 0 }.to_string();
    format!("{}.{:09}Z", whole.trim_end_matches('Z'), t.nanos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::output::Output;
    use layerlab_kernel::Bytes;

    #[test]
    fn tail_since_and_timestamps() {
        let mut o = Output::default();
        for (secs, text) in [(1, "one\ntwo\n"), (5, "three\n")] {
            o.push(Timestamp { secs, nanos: 500 }, Stream::Stdout, Bytes::new(text.as_bytes().to_vec()));
        }
        let all = Wanted { stdout: true, raw: true, ..Wanted::default() };
        let text = |w: &Wanted| String::from_utf8(render(&select(o.lines(), w), w)).unwrap();
        assert_eq!(text(&all), "one\ntwo\nthree\n");
        assert_eq!(text(&Wanted { tail: Some(2), ..all.clone() }), "two\nthree\n");
        assert_eq!(text(&Wanted { since: moment("2.5").unwrap(), ..all.clone() }), "three\n");
        assert_eq!(
            text(&Wanted { tail: Some(1), timestamps: true, ..all.clone() }),
            "1970-01-01T00:00:05.000000500Z three\n"
        );
        assert_eq!(text(&Wanted { stdout: false, stderr: true, ..all }), "");
    }
}
