//! The Python sources that belong to the interpreter.

/// Run at a machine's start, in this order, in one namespace.
pub(crate) const PRELUDE: &[(&str, &str)] = &[("<prelude>", include_str!("../lib/prelude.py")), ("<io>", include_str!("../lib/prelude_io.py"))];

/// A frozen module's source, and whether it is a package.
pub(crate) fn module(name: &str) -> Option<(&'static str, bool)> {
    MODULES.iter().find(|m| m.0 == name).map(|m| (m.1, m.2))
}

const MODULES: &[(&str, &str, bool)] = &[];
