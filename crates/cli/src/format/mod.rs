//! How docker writes things: tables, sizes, ages, ports, Go templates. Pure functions.

pub mod duration;
pub mod go;
pub mod image_view;
pub mod json;
pub mod ports;
pub mod row;
pub mod size;
pub mod table;
pub mod template;
pub mod time;
pub mod truncate;
pub mod value;

pub use go::quote;
