//! What a Dockerfile means, checked against BuildKit.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read their cases from files"
)]

mod checks;
mod editor;
mod errors;
mod expand;
mod generate;
mod ignore;
mod ignore_oracle;
mod instructions;
mod linear;
mod oracle;
mod pages;
mod parser_cases;
mod properties;
