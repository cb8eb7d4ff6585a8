//! The interpreter's behaviour, compared with CPython 3.11's.

mod cases;
mod flask;
mod os;
