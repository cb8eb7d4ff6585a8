//! What a distribution brings: coreutils, grep, ps, curl and the like, with GNU's messages and exit
//! codes. One command a file; each is a short `async fn` over the kernel's system calls.
//!
//! It knows nothing of Docker, lessons or browsers. Start reading at `cli` (what all commands share:
//! options, buffered output, messages), then any command.

mod cli;
mod copy;
mod glob;
mod http;

macro_rules! programs {
    ($($name:literal => $module:ident),* $(,)?) => {
        $( mod $module; )*
        programs!(@table $($name => $module),*; );
    };
    (@table $($name:literal => $module:ident),*; ) => {
        /// The commands by name.
        pub const PROGRAMS: &[(&str, layerlab_kernel::Start)] = &[
            $( ($name, |args| {
                layerlab_kernel::async_program(args, |sys, args| cli::run(sys, args, async |c| $module::main(c).await))
            }) ),*
        ];
    };
}

programs! {
    "cat" => cat,
    "chmod" => chmod,
    "cp" => cp,
    "curl" => curl,
    "date" => date,
    "echo" => echo,
    "head" => head,
    "ls" => ls,
    "mkdir" => mkdir,
    "mv" => mv,
    "pwd" => pwd,
    "rm" => rm,
    "rmdir" => rmdir,
    "sort" => sort,
    "tail" => tail,
    "touch" => touch,
    "wc" => wc,
}
