//! Several files read as one, as filters do; what cannot be read is said and left out.

use std::collections::VecDeque;

use super::input::Input;
use super::{Cli, Run, quote};

/// The operands' content in order; standard input without any.
pub(crate) struct Feed {
    files: VecDeque<String>,
    input: Option<(String, Input)>,
}

impl Feed {
    /// Of these operands.
    pub(crate) fn new(operands: &[String]) -> Self {
        let files = if operands.is_empty() { VecDeque::from(["-".to_owned()]) } else { operands.to_vec().into() };
        Self { files, input: None }
    }

    async fn open(&mut self, c: &mut Cli) -> bool {
        while self.input.is_none() {
            let Some(name) = self.files.pop_front() else { return false };
            match Input::open(&c.sys, &name).await {
                Ok(i) => self.input = Some((name, i)),
                Err(e) => {
                    let text = match c.name.as_str() {
                        "rev" => format!("cannot open {name}: {e}"),
                        "fmt" => format!("cannot open {} for reading: {e}", quote::always(&name)),
                        _ => format!("{}: {e}", quote::before_colon(&name)),
                    };
                    c.fail(text).await;
                }
            }
        }
        true
    }

    async fn close(&mut self) {
        if let Some((_, i)) = self.input.take() {
            i.close().await;
        }
    }

    /// The next line with its delimiter, which a file's last may lack.
    pub(crate) async fn line(&mut self, c: &mut Cli, delimiter: u8) -> Run<Option<Vec<u8>>> {
        while self.open(c).await {
            let Some((name, input)) = &mut self.input else { break };
            if input.dry(delimiter) {
                c.flush().await?;
            }
            match input.line(delimiter).await {
                Ok(Some(line)) => return Ok(Some(line)),
                Ok(None) => {}
                Err(e) => {
                    let name = if c.name == "join" { "read error".to_owned() } else { quote::before_colon(name) };
                    c.fail(format!("{name}: {e}")).await;
                }
            }
            self.close().await;
        }
        Ok(None)
    }

    /// The next bytes as they come; `None` at the end.
    pub(crate) async fn chunk(&mut self, c: &mut Cli) -> Run<Option<Vec<u8>>> {
        while self.open(c).await {
            let Some((name, input)) = &mut self.input else { break };
            c.flush().await?;
            match input.chunk().await {
                Ok(bytes) if !bytes.is_empty() => return Ok(Some(bytes)),
                Ok(_) => {}
                Err(e) => {
                    let name = quote::before_colon(name);
                    c.fail(format!("{name}: {e}")).await;
                }
            }
            self.close().await;
        }
        Ok(None)
    }

    /// All of it.
    pub(crate) async fn all(&mut self, c: &mut Cli) -> Run<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(b) = self.chunk(c).await? {
            all.extend(b);
        }
        Ok(all)
    }
}

/// A line without its delimiter, and whether it had one.
pub(crate) fn bare(line: &[u8], delimiter: u8) -> (&[u8], bool) {
    match line.strip_suffix(&[delimiter]) {
        Some(l) => (l, true),
        None => (line, false),
    }
}
