//! Native modules and the raw system calls that the frozen modules build on.

mod digest;
mod math;
mod re;
mod re_match;
mod sys;
mod text;

use crate::vm::start::Registry;

pub(crate) fn register(reg: &mut Registry) {
    digest::register(reg);
    math::register(reg);
    re::register(reg);
    sys::register(reg);
    text::register(reg);
}
