//! What `curl -i` gave, as an answer or a reason why there is none.

use layerlab_kernel::ExitStatus;
use layerlab_protocol::{HttpAnswer, HttpFailure};

/// Reads curl's output; its exit status tells what went wrong.
pub(crate) fn answer(output: &[u8], status: ExitStatus) -> Result<HttpAnswer, HttpFailure> {
    match status {
        ExitStatus::Code(0) => parse(output).ok_or(HttpFailure::NotHttp),
        // curl(1), "Exit codes".
        ExitStatus::Code(7) => Err(HttpFailure::Refused),
        ExitStatus::Code(28) => Err(HttpFailure::Timeout),
        ExitStatus::Code(1) => Err(HttpFailure::NotHttp),
        _ => Err(HttpFailure::Reset),
    }
}

fn parse(output: &[u8]) -> Option<HttpAnswer> {
    let (head, body) = split_head(output)?;
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let mut first = lines.next()?.splitn(3, ' ');
    first.next().filter(|version| version.starts_with("HTTP/"))?;
    let status = first.next()?.parse().ok()?;
    let reason = first.next().unwrap_or_default().to_owned();
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    });
    Some(HttpAnswer { status, reason, headers: headers.collect(), body: body.to_vec() })
}

/// The head without its empty line, and the body.
fn split_head(output: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = output.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((output.get(..end)?, output.get(end + 4..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_headers_and_body_come_apart() {
        let output = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>a\r\n\r\nb";
        let answer = answer(output, ExitStatus::Code(0)).unwrap();
        assert_eq!((answer.status, answer.reason.as_str()), (200, "OK"));
        assert_eq!(answer.headers, [("content-type".to_owned(), "text/html; charset=utf-8".to_owned())]);
        assert_eq!(answer.body, b"<p>a\r\n\r\nb");
    }

    #[test]
    fn curls_exit_status_tells_why_there_is_no_answer() {
        assert_eq!(answer(b"", ExitStatus::Code(7)), Err(HttpFailure::Refused));
        assert_eq!(answer(b"", ExitStatus::Code(52)), Err(HttpFailure::Reset));
        assert_eq!(answer(b"", ExitStatus::Code(28)), Err(HttpFailure::Timeout));
        assert_eq!(answer(b"220 mail ready\r\n", ExitStatus::Code(0)), Err(HttpFailure::NotHttp));
    }
}
