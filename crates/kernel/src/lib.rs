//! A small deterministic Linux: processes, files, ttys, sockets and virtual time as one value.
//!
//! The kernel never blocks, never reads a clock, a random source or a disk of its own, and knows
//! nothing of Docker, lessons or browsers. A [`Program`] is a state machine that is resumed with a
//! system call's result and answers with its next one; [`Kernel::run_until`] lets virtual time pass.
//!
//! Start reading at [`syscall`] (what a program may ask for), then [`program`] (how programs are
//! written) and [`executor`] (how they are run).

pub mod base64;
pub mod calls;
pub mod capability;
pub mod cgroup;
pub mod errno;
pub mod executor;
pub mod file;
pub mod float;
pub mod hash;
pub mod limit;
mod log;
pub mod namespace;
pub mod net;
pub mod pipe;
pub mod process;
pub mod program;
pub mod schedule;
pub mod signal;
pub mod sorted;
pub mod stub;
pub mod syscall;
pub mod system;
pub mod time;
pub mod tty;
pub mod vfs;
mod window;
pub mod zone;

pub use capability::{Cap, Caps};
pub use errno::Errno;
pub use executor::{Kernel, Outside, Slice};
pub use hash::{StateHasher, state_digest};
pub use limit::{Limits, Resource};
pub use program::{Cx, Memory, Program, ProgramArgs, ProgramTable, Start, Step, Sys, async_program};
pub use signal::{Disposition, Signal};
pub use syscall::*;
pub use system::System;
pub use time::SimTime;

/// File contents and other bytes: shared, never copied.
pub type Bytes = std::rc::Rc<Vec<u8>>;
