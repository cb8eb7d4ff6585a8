//! `cargo xtask build`: the page as files for any static host, also under a sub-path.

use crate::{
    budget,
    page::{self, Profile},
    report::no_arguments,
    run::Outcome,
};

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    page::build(Profile::Release)?;
    budget::print(&page::dist())?;
    println!("\n{} is ready: copy it to any static host, under any path", page::dist().display());
    Ok(())
}
