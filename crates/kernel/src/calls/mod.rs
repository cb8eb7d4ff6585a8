//! System calls, one group a file.
use crate::{Cx, Errno, SimTime, SysResult, Syscall};
pub(crate) fn cost(_: &Syscall) -> SimTime { SimTime(1000) }
pub(crate) fn immediate(_: &mut Cx<'_>, _: &Syscall) -> SysResult { Err(Errno::ENOSYS) }
