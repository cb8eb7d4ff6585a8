//! Marks in the terminal's output that say where prompts, commands and their ends are, as VS Code's
//! shell integration does (OSC 133, and OSC 633 for the command line): who draws the timeline reads
//! them. Only where the environment asks for them.

use crate::eval::Shell;

impl Shell {
    fn marks(&self) -> bool {
        self.subshell == 0
            && (self.vars.value("LAYERLAB_MARKS").as_deref() == Some("1")
                || self.vars.value("TERM_PROGRAM").as_deref() == Some("layerlab"))
    }

    fn mark(&mut self, text: &str) {
        if self.marks() {
            self.err(format!("\x1b]{text}\x1b\\"));
        }
    }

    /// A prompt starts.
    pub(super) fn mark_prompt(&mut self) {
        self.mark("133;A");
    }

    /// A person's input starts.
    pub(super) fn mark_input(&mut self) {
        self.mark("133;B");
    }

    /// A command line was entered, and its output starts.
    pub(super) fn mark_command(&mut self, line: &str) {
        let mut escaped = String::new();
        for c in line.chars() {
            match c {
                '\\' => escaped.push_str("\\\\"),
                c if c == ';' || c.is_control() => escaped.push_str(&format!("\\x{:02x}", u32::from(c))),
                c => escaped.push(c),
            }
        }
        self.mark(&format!("633;E;{escaped}"));
        self.mark("133;C");
    }

    /// The command line has ended.
    pub(super) fn mark_end(&mut self) {
        let status = self.status;
        self.mark(&format!("133;D;{status}"));
    }
}
