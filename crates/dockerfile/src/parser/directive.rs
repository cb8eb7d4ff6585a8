//! `# name=value` lines at the top of the file.

use std::ops::Range;

use crate::ast::{Directive, Directives};

/// Reads directives until the first line that is none.
#[derive(Default)]
pub(super) struct DirectiveParser {
    pub(super) found: Directives,
    done: bool,
}

impl DirectiveParser {
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the line is a directive. `line` has no leading blanks.
    pub(super) fn read(&mut self, line: &str, number: u32, span: Range<usize>) -> Result<bool, String> {
        if self.done {
            return Ok(false);
        }
        let Some((name, value)) = split(line) else {
            self.done = true;
            return Ok(false);
        };
        let name = name.to_ascii_lowercase();
        let slot = match name.as_str() {
            "syntax" => &mut self.found.syntax,
            "escape" => &mut self.found.escape,
            "check" => &mut self.found.check,
            _ => {
                self.done = true;
                return Ok(false);
            }
        };
        if slot.is_some() {
            return Err(format!("only one {name} parser directive can be used"));
        }
        *slot = Some(Directive { value: value.to_owned(), line: number, span });
        if name == "escape" && value != "`" && value != "\\" {
            return Err(format!("invalid escape token '{value}' does not match ` or \\"));
        }
        Ok(true)
    }
}

fn split(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix('#')?.trim_start().split_once('=')?;
    let (name, value) = (name.trim_end(), value.trim());
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let well_formed = starts_well && name.chars().all(|c| c.is_ascii_alphanumeric());
    (well_formed && !value.is_empty()).then_some((name, value))
}
