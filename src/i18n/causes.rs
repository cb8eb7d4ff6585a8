//! Reasons as sentences.

use super::Lang;
use layerlab_protocol::MissCause;

impl Lang {
    /// Why a step could not be taken from the cache, in a few words.
    pub(crate) fn miss_cause(self, cause: &MissCause) -> String {
        match cause {
            MissCause::NeverBuilt => self.cause_never_built().into(),
            MissCause::NoCache => self.cause_no_cache().into(),
            MissCause::Files { changed, added, removed } => {
                let sentence = match (changed.first(), added.first(), removed.first()) {
                    (Some(path), ..) => self.cause_changed(path),
                    (_, Some(path), _) => self.cause_added(path),
                    (_, _, Some(path)) => self.cause_removed(path),
                    _ => String::new(),
                };
                match changed.len() + added.len() + removed.len() {
                    0 | 1 => sentence,
                    all => format!("{sentence} {}", self.and_more(all - 1)),
                }
            }
            MissCause::Instruction { before } => self.cause_instruction(before),
            MissCause::Parent { line } => self.cause_parent(line),
            MissCause::Base { reference } => self.cause_base(reference),
            MissCause::Variable { name, argument: true } => self.cause_argument(name),
            MissCause::Variable { name, argument: false } => self.cause_variable(name),
            MissCause::Setting { instruction } => self.cause_setting(instruction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_file_is_named_and_the_others_are_counted() {
        let cause = MissCause::Files {
            changed: vec!["main.py".into()],
            added: vec!["a.txt".into(), "b.txt".into()],
            removed: Vec::new(),
        };
        assert_eq!(Lang::En.miss_cause(&cause), "main.py changed (and 2 more)");
        assert_eq!(Lang::De.miss_cause(&cause), "main.py geändert (und 2 weitere)");
    }

    #[test]
    fn a_step_that_follows_a_miss_names_its_line() {
        let cause = MissCause::Parent { line: 5 };
        assert_eq!(Lang::En.miss_cause(&cause), "line 5 ran again");
        assert_eq!(Lang::De.miss_cause(&cause), "Zeile 5 lief neu");
    }
}
