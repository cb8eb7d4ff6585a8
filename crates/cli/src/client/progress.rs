//! Streams of JSON lines on the screen: plain, or with lines that are updated in place
//! (moby `pkg/jsonmessage`).

use layerlab_api::client::Answer;
use layerlab_api::stream::{JsonMessage, ProgressDetail};

use crate::cli::Cli;
use crate::error::CliError;
use crate::format::size;

/// Shows a stream until its end or its error; quiet: only the error.
pub(crate) async fn show(cli: &Cli, answer: &mut Answer, fd: i32, quiet: bool) -> Result<(), CliError> {
    let columns = cli.columns(fd).await;
    let mut screen = Screen::default();
    while let Some(m) = cli.line::<JsonMessage>(answer).await? {
        if let Some(e) = &m.error_detail {
            return Err(CliError::new(e.message.clone()));
        }
        if let Some(e) = &m.error {
            return Err(CliError::new(e.clone()));
        }
        if quiet {
            continue;
        }
        let text = match columns {
            Some(width) => screen.terminal(&m, width),
            None => plain(&m),
        };
        if !text.is_empty() {
            cli.sys.write_all(fd, text).await?;
        }
    }
    Ok(())
}

/// Without a terminal: no progress, only changes of state.
fn plain(m: &JsonMessage) -> String {
    if let Some(s) = &m.stream {
        return s.clone();
    }
    if m.progress_detail.as_ref().is_some_and(|d| d.current.unwrap_or(0) > 0 || d.total.unwrap_or(0) > 0) {
        return String::new();
    }
    let id = m.id.as_ref().map(|i| format!("{i}: ")).unwrap_or_default();
    m.status.as_ref().map(|s| format!("{id}{s}\n")).unwrap_or_default()
}

/// `[=====>     ]  1.049MB/2.869MB`, as wide as the terminal allows.
pub(crate) fn bar(d: &ProgressDetail, columns: usize) -> String {
    let (current, total) = (d.current.unwrap_or(0), d.total.unwrap_or(0));
    if current == 0 && total == 0 {
        return String::new();
    }
    if let Some(units) = &d.units {
        return if total == 0 { format!("{current} {units}") } else { format!("{current}/{total} {units}") };
    }
    let shown = size::human4(current as i64);
    if total == 0 {
        return format!("{shown:>8}");
    }
    let percent = ((current as f64 / total as f64) * 100.0).min(100.0) as usize / 2;
    let spaces = 50usize.saturating_sub(percent);
    let bar = if columns > 110 { format!("[{}>{}] ", "=".repeat(percent), " ".repeat(spaces)) } else { String::new() };
    let sizes = format!("{shown:>8}/{}", size::human4(total as i64));
    format!("{bar}{}", if current > total { format!("{shown:>8}") } else { sizes })
}

/// Which line of the screen belongs to whom.
#[derive(Default)]
struct Screen {
    ids: Vec<String>,
}

impl Screen {
    fn terminal(&mut self, m: &JsonMessage, columns: usize) -> String {
        if let Some(s) = &m.stream {
            return format!("{s}\r");
        }
        let status = m.status.clone().unwrap_or_default();
        let Some(id) = m.id.as_ref().filter(|_| m.progress_detail.is_some()) else {
            // A line without progress is not rewritten: what comes next starts below.
            self.ids.clear();
            let id = m.id.as_ref().map(|i| format!("{i}: ")).unwrap_or_default();
            return format!("{id}{status}\n");
        };
        let mut out = String::new();
        let line = match self.ids.iter().position(|i| i == id) {
            Some(l) => l,
            None => {
                self.ids.push(id.clone());
                out.push('\n');
                self.ids.len() - 1
            }
        };
        let up = self.ids.len() - line;
        let progress = m.progress_detail.as_ref().map(|d| bar(d, columns)).unwrap_or_default();
        out.push_str(&format!("\x1b[{up}A\x1b[2K{id}: {status} {progress}\x1b[{up}B\r"));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_as_docker() {
        let d = ProgressDetail { current: Some(1_049_000), total: Some(2_869_000), units: None };
        assert_eq!(bar(&d, 120), "[==================>                                ]  1.049MB/2.869MB");
        assert_eq!(bar(&d, 80), " 1.049MB/2.869MB");
        let s = ProgressDetail { current: Some(1), total: None, units: Some("s".into()) };
        assert_eq!(bar(&s, 80), "1 s");
    }

    #[test]
    fn plain_shows_states_only() {
        assert_eq!(plain(&JsonMessage::status(Some("7b23510b4107"), "Pull complete")), "7b23510b4107: Pull complete\n");
        assert_eq!(plain(&JsonMessage::progress("7b23510b4107", "Downloading", 5, Some(9), None)), "");
    }
}
