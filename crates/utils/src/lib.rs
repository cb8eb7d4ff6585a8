//! What a distribution brings: coreutils, grep, ps, curl and the like, with GNU's messages and exit
//! codes. One command a file; each is a short `async fn` over the kernel's system calls.
//!
//! It knows nothing of Docker, lessons or browsers. Start reading at `cli` (what all commands share:
//! options, buffered output, messages), then any command.

mod accounts;
mod adduser;
mod auth;
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
mod dig;
mod dirname;
mod dmesg;
mod du;
mod echo;
mod env;
mod find;
mod findmnt;
mod free;
mod getent;
mod glob;
mod grep;
mod groupadd;
mod gzip;
mod head;
mod hostname;
mod htop;
mod http;
mod id;
mod ip;
mod journalctl;
mod kill;
mod less;
mod ln;
mod ls;
mod lsblk;
mod man;
mod mkdir;
mod mv;
mod nano;
mod nc;
mod nl;
mod nohup;
mod nproc;
mod number;
mod passwd;
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
mod stty;
mod su;
mod sudo;
mod systemctl;
mod tac;
mod tail;
mod tar;
mod tee;
mod telnet;
mod test_;
mod timeout;
mod top;
mod touch;
mod tput;
mod tr;
mod tree;
mod true_;
mod tty;
mod uname;
mod uniq;
mod uptime;
mod useradd;
mod usermod;
mod watch;
mod wc;
mod wget;
mod which;
mod who;
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
    "addgroup" => adduser,
    "adduser" => adduser,
    "apropos" => man,
    "arch" => uname,
    "base64" => base64,
    "basename" => basename,
    "cat" => cat,
    "chgrp" => chown,
    "chmod" => chmod,
    "chown" => chown,
    "chpasswd" => passwd,
    "clear" => clear,
    "cmp" => cmp,
    "comm" => comm,
    "cp" => cp,
    "curl" => curl,
    "cut" => cut,
    "date" => date,
    "delgroup" => adduser,
    "deluser" => adduser,
    "df" => df,
    "diff" => diff,
    "dig" => dig,
    "dirname" => dirname,
    "dmesg" => dmesg,
    "du" => du,
    "echo" => echo,
    "egrep" => grep,
    "env" => env,
    "false" => true_,
    "fgrep" => grep,
    "find" => find,
    "findmnt" => findmnt,
    "free" => free,
    "getent" => getent,
    "grep" => grep,
    "groupadd" => groupadd,
    "groupdel" => groupadd,
    "groupmod" => groupadd,
    "groups" => id,
    "gunzip" => gzip,
    "gzip" => gzip,
    "head" => head,
    "host" => dig,
    "hostname" => hostname,
    "htop" => htop,
    "id" => id,
    "ip" => ip,
    "journalctl" => journalctl,
    "kill" => kill,
    "killall" => pgrep,
    "last" => who,
    "less" => less,
    "ln" => ln,
    "logname" => who,
    "ls" => ls,
    "lsblk" => lsblk,
    "man" => man,
    "md5sum" => sha256sum,
    "mkdir" => mkdir,
    "more" => less,
    "mv" => mv,
    "nano" => nano,
    "nc" => nc,
    "netcat" => nc,
    "nl" => nl,
    "nohup" => nohup,
    "nproc" => nproc,
    "nslookup" => dig,
    "passwd" => passwd,
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
    "reset" => clear,
    "rm" => rm,
    "rmdir" => rmdir,
    "sed" => sed,
    "seq" => seq,
    "service" => systemctl,
    "sha256sum" => sha256sum,
    "sha512sum" => sha256sum,
    "sleep" => sleep,
    "sort" => sort,
    "stat" => stat,
    "stty" => stty,
    "su" => su,
    "sudo" => sudo,
    "systemctl" => systemctl,
    "tac" => tac,
    "tail" => tail,
    "tar" => tar,
    "tee" => tee,
    "telnet" => telnet,
    "test" => test_,
    "timeout" => timeout,
    "top" => top,
    "touch" => touch,
    "tput" => tput,
    "tr" => tr,
    "tree" => tree,
    "true" => true_,
    "tty" => tty,
    "uname" => uname,
    "uniq" => uniq,
    "uptime" => uptime,
    "useradd" => useradd,
    "userdel" => useradd,
    "usermod" => usermod,
    "users" => who,
    "w" => who,
    "watch" => watch,
    "wc" => wc,
    "wget" => wget,
    "whatis" => man,
    "which" => which,
    "who" => who,
    "whoami" => whoami,
    "xargs" => xargs,
    "yes" => yes,
    "zcat" => zcat,
}
