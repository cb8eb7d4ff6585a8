//! The machine's programs in parts: what a prompt needs is at hand at once, the rest may be loaded
//! while somebody reads. Natively all is there from the start.
//!
//! Each part's programs are reached by one function only, so that a build for the browser can cut
//! the whole in pieces there.

use std::rc::Rc;

use layerlab_kernel::{ProgramTable, Start};

/// A part by its name, with the names of the programs that it brings.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What [`layerlab_kernel::Slice::Missing`] calls it.
    pub name: &'static str,
    /// Names without code.
    pub programs: &'static [&'static str],
}

/// All parts, in the order in which they are likely to be needed.
pub const PARTS: &[Part] = &[
    Part { name: "tools", programs: &TOOLS },
    Part { name: "docker", programs: &DOCKER },
    Part { name: "python", programs: &PYTHON },
];

static TOOLS: [&str; 1 + layerlab_utils::PROGRAMS.len()] = names(layerlab_utils::PROGRAMS, "busybox");
static DOCKER: [&str; 1 + layerlab_engine::PROGRAMS.len()] = names(layerlab_engine::PROGRAMS, "docker");
static PYTHON: [&str; layerlab_programs::PROGRAMS.len()] = names(layerlab_programs::PROGRAMS, "");

/// The names alone, so that who knows them does not reach the code.
const fn names<const N: usize>(of: &[(&'static str, Start)], more: &'static str) -> [&'static str; N] {
    let mut all = [more; N];
    let mut i = 0;
    while i < of.len() {
        all[i] = of[i].0;
        i += 1;
    }
    all
}

/// What a prompt needs, and what else will come.
pub fn at_the_prompt() -> Rc<ProgramTable> {
    let table = ProgramTable::default();
    for part in PARTS {
        table.announce(part.name, part.programs);
    }
    table.extend(layerlab_shell::PROGRAMS);
    table.add("init", crate::init::start);
    table.add("activation", crate::activation::start);
    Rc::new(table)
}

/// What a distribution brings.
pub fn tools(table: &ProgramTable) {
    table.extend(layerlab_utils::PROGRAMS);
    table.add("busybox", crate::busybox::start);
}

/// The daemon and its client.
pub fn docker(table: &ProgramTable) {
    table.extend(layerlab_engine::PROGRAMS);
    table.extend(layerlab_cli::PROGRAMS);
}

/// What images bring: interpreters, servers, package managers.
pub fn python(table: &ProgramTable) {
    table.extend(layerlab_programs::PROGRAMS);
}

/// All programs that executables can stand for.
pub fn all() -> Rc<ProgramTable> {
    let table = at_the_prompt();
    tools(&table);
    docker(&table);
    python(&table);
    table
}
