//! What a distribution brings: coreutils, grep, ps, curl and the like, with GNU's messages and exit
//! codes. One command a file; each is a short `async fn` over the kernel's system calls.
//!
//! It knows nothing of Docker, lessons or browsers. Start reading at `cli` (what all commands share:
//! options, buffered output, messages), then any command.

mod base64;
mod basename;
mod cat;
mod chmod;
mod chown;
mod clear;
mod cli;
mod cmp;
mod comm;
mod copy;
mod cp;
mod curl;
mod cut;
mod date;
mod df;
mod diff;
mod dirname;
mod du;
mod echo;
mod env;
mod find;
mod free;
mod getent;
mod glob;
mod grep;
mod gzip;
mod head;
mod hostname;
mod http;
mod id;
mod ip;
mod kill;
mod less;
mod ln;
mod ls;
mod mkdir;
mod mv;
mod nano;
mod nl;
mod nproc;
mod number;
mod paste;
mod pgrep;
mod printenv;
mod printf;
mod ps;
mod pwd;
mod readlink;
mod realpath;
mod regex;
mod rm;
mod rmdir;
mod sed;
mod seq;
mod sha256sum;
mod sleep;
mod sort;
mod stat;
mod tac;
mod tail;
mod tar;
mod tee;
mod test_;
mod timeout;
mod touch;
mod tr;
mod tree;
mod true_;
mod uname;
mod uniq;
mod uptime;
mod wc;
mod wget;
mod which;
mod whoami;
mod xargs;
mod yes;
mod zcat;

macro_rules! programs {
    ($($name:literal => $module:ident),* $(,)?) => {
        /// The commands by name.
        pub const PROGRAMS: &[(&str, layerlab_kernel::Start)] = &[
            $( ($name, |args| {
                layerlab_kernel::async_program(args, |sys, args| cli::run(sys, args, async |c| $module::main(c).await))
            }) ),*
        ];
    };
}

programs! {
    "[" => test_,
    "arch" => uname,
    "base64" => base64,
    "basename" => basename,
    "cat" => cat,
    "chgrp" => chown,
    "chmod" => chmod,
    "chown" => chown,
    "clear" => clear,
    "cmp" => cmp,
    "comm" => comm,
    "cp" => cp,
    "curl" => curl,
    "cut" => cut,
    "date" => date,
    "df" => df,
    "diff" => diff,
    "dirname" => dirname,
    "du" => du,
    "echo" => echo,
    "egrep" => grep,
    "env" => env,
    "false" => true_,
    "fgrep" => grep,
    "find" => find,
    "free" => free,
    "getent" => getent,
    "grep" => grep,
    "groups" => id,
    "gunzip" => gzip,
    "gzip" => gzip,
    "head" => head,
    "hostname" => hostname,
    "id" => id,
    "ip" => ip,
    "kill" => kill,
    "killall" => pgrep,
    "less" => less,
    "ln" => ln,
    "ls" => ls,
    "md5sum" => sha256sum,
    "mkdir" => mkdir,
    "more" => less,
    "mv" => mv,
    "nano" => nano,
    "nl" => nl,
    "nproc" => nproc,
    "paste" => paste,
    "pgrep" => pgrep,
    "pico" => nano,
    "pkill" => pgrep,
    "printenv" => printenv,
    "printf" => printf,
    "ps" => ps,
    "pwd" => pwd,
    "readlink" => readlink,
    "realpath" => realpath,
    "rm" => rm,
    "rmdir" => rmdir,
    "sed" => sed,
    "seq" => seq,
    "sha256sum" => sha256sum,
    "sha512sum" => sha256sum,
    "sleep" => sleep,
    "sort" => sort,
    "stat" => stat,
    "tac" => tac,
    "tail" => tail,
    "tar" => tar,
    "tee" => tee,
    "test" => test_,
    "timeout" => timeout,
    "touch" => touch,
    "tr" => tr,
    "tree" => tree,
    "true" => true_,
    "uname" => uname,
    "uniq" => uniq,
    "uptime" => uptime,
    "wc" => wc,
    "wget" => wget,
    "which" => which,
    "whoami" => whoami,
    "xargs" => xargs,
    "yes" => yes,
    "zcat" => zcat,
}
