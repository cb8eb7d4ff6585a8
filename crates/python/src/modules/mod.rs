//! Native modules and the raw system calls that the frozen modules build on.

mod math;
mod sys;
mod text;

use crate::vm::start::Registry;

pub(crate) fn register(reg: &mut Registry) {
    math::register(reg);
    sys::register(reg);
    text::register(reg);
}
