//! A small Python 3.11 for the programs that run in Layerlab's containers.
//!
//! Source text → tree (`syntax`) → bytecode (`compile`) → [`Vm`]. Frames live on the heap and
//! objects in an arena, so that a program can stop at any system call or instruction, be cloned by
//! value, and go on: nothing here recurses on the native stack over what a program made, nothing
//! knows files, clocks or sockets. All of these are asked for through [`OsCall`].
//!
//! Builtins that call back into Python code (`sorted`, `print`, `repr` of an object that has a
//! `__repr__` …) are written in Python: the prelude and the modules in `lib/`. Native functions
//! never call back; where Python code must decide, they hand the call over to the prelude.
//!
//! The parser is our own: the parsers on crates.io either bring LALR tables and a tree of several
//! hundred kilobytes of wasm (`rustpython-parser`) or are published by third parties only
//! (`ruff_python_parser`), and neither bounds its recursion for a 1 MiB stack.
//!
//! Start reading at `vm/mod.rs`, `vm/run.rs`, then `lib/prelude.py`.

mod compile;
mod dict;
mod frozen;
mod heap;
mod modules;
mod os;
mod packages;
mod set;
mod syntax;
mod types;
mod value;
mod vm;

pub use os::{Addr, OsCall, OsResult, OsStat, SigDisposition};
pub use packages::{Package, packages};
pub use vm::{Vm, VmConfig, VmStep};

/// What `python --version` says.
pub const VERSION: &str = "3.11.13";
