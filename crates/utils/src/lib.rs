//! What a distribution brings: coreutils, grep, ps, curl and the like, with GNU's messages and exit
//! codes. One command a file; each is a short `async fn` over the kernel's system calls.
//!
//! It knows nothing of Docker, lessons or browsers. Start reading at `cli` (what all commands share:
//! options, buffered output, messages), then any command.

mod accounts;
mod adduser;
mod auth;
mod awk;
mod backup;
mod base64;
mod basename;
mod bc;
mod cal;
mod cat;
mod chmod;
mod chown;
mod chroot;
mod cksum;
mod clear;
mod cli;
mod cmp;
mod column;
mod comm;
mod copy;
mod cp;
mod cpio;
mod csplit;
mod curl;
mod cut;
mod date;
mod dd;
mod df;
mod diff;
mod dig;
mod dircolors;
mod dirname;
mod dmesg;
mod du;
mod echo;
mod env;
mod expand;
mod expr;
mod factor;
mod file;
mod find;
mod findmnt;
mod fmt;
mod fold;
mod free;
mod getconf;
mod getent;
mod getopt;
mod git;
mod githost;
mod glob;
mod grep;
mod groupadd;
mod gzip;
mod head;
mod hexdump;
mod hostname;
mod htop;
mod http;
mod id;
mod install;
mod ip;
mod join;
mod journalctl;
mod jq;
mod kill;
mod less;
mod link;
mod ln;
mod look;
mod ls;
mod lsblk;
mod lscpu;
mod lsns;
mod lsof;
mod man;
mod mkdir;
mod mknod;
mod mktemp;
mod mount;
mod mountpoint;
mod mv;
mod namei;
mod nano;
mod nc;
mod nice;
mod nl;
mod nohup;
mod nproc;
mod nsenter;
mod numfmt;
mod od;
mod passwd;
mod paste;
mod patch;
mod pathchk;
mod pgrep;
mod ping;
mod pivot_root;
mod pr;
mod printenv;
mod printf;
mod ps;
mod pstree;
mod pwd;
mod readlink;
mod realpath;
mod regex;
mod renice;
mod rev;
mod rm;
mod rmdir;
mod sed;
mod seq;
mod setsid;
mod sha256sum;
mod shred;
mod shuf;
mod sleep;
mod sort;
mod split;
mod ss;
mod stat;
mod strings;
mod stty;
mod su;
mod sudo;
mod sync;
mod sysctl;
mod systemctl;
mod tac;
mod tail;
mod tar;
mod tee;
mod telnet;
mod test_;
mod time;
mod timeout;
mod top;
mod touch;
mod tput;
mod tr;
mod traceroute;
mod tree;
mod true_;
mod truncate;
mod tsort;
mod tty;
mod uname;
mod uniq;
mod unshare;
mod uptime;
mod useradd;
mod usermod;
mod uuidgen;
mod vi;
mod vmstat;
mod watch;
mod wc;
mod wget;
mod whereis;
mod which;
mod who;
mod whoami;
mod xargs;
mod xxd;
mod yes;
mod zcat;
mod zgrep;

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
    "awk" => awk,
    "b2sum" => sha256sum,
    "base32" => base64,
    "base64" => base64,
    "basename" => basename,
    "basenc" => base64,
    "bc" => bc,
    "cal" => cal,
    "cat" => cat,
    "chgrp" => chown,
    "chmod" => chmod,
    "chown" => chown,
    "chpasswd" => passwd,
    "chroot" => chroot,
    "cksum" => cksum,
    "clear" => clear,
    "cmp" => cmp,
    "colrm" => look,
    "column" => column,
    "comm" => comm,
    "cp" => cp,
    "cpio" => cpio,
    "csplit" => csplit,
    "curl" => curl,
    "cut" => cut,
    "date" => date,
    "dd" => dd,
    "delgroup" => adduser,
    "deluser" => adduser,
    "df" => df,
    "diff" => diff,
    "dig" => dig,
    "dir" => ls,
    "dircolors" => dircolors,
    "dirname" => dirname,
    "dmesg" => dmesg,
    "du" => du,
    "echo" => echo,
    "egrep" => grep,
    "env" => env,
    "expand" => expand,
    "expr" => expr,
    "factor" => factor,
    "false" => true_,
    "fgrep" => grep,
    "file" => file,
    "find" => find,
    "findmnt" => findmnt,
    "fmt" => fmt,
    "fold" => fold,
    "free" => free,
    "getconf" => getconf,
    "getent" => getent,
    "getopt" => getopt,
    "git" => git,
    "githost" => githost,
    "grep" => grep,
    "groupadd" => groupadd,
    "groupdel" => groupadd,
    "groupmod" => groupadd,
    "groups" => id,
    "gunzip" => gzip,
    "gzip" => gzip,
    "hd" => hexdump,
    "head" => head,
    "hexdump" => hexdump,
    "host" => dig,
    "hostid" => getconf,
    "hostname" => hostname,
    "htop" => htop,
    "id" => id,
    "install" => install,
    "ionice" => setsid,
    "ip" => ip,
    "join" => join,
    "journalctl" => journalctl,
    "jq" => jq,
    "kill" => kill,
    "killall" => pgrep,
    "last" => who,
    "less" => less,
    "link" => link,
    "ln" => ln,
    "locale" => getconf,
    "logname" => who,
    "look" => look,
    "ls" => ls,
    "lsblk" => lsblk,
    "lscpu" => lscpu,
    "lsns" => lsns,
    "lsof" => lsof,
    "man" => man,
    "mawk" => awk,
    "mcookie" => uuidgen,
    "md5sum" => sha256sum,
    "mkdir" => mkdir,
    "mkfifo" => mknod,
    "mknod" => mknod,
    "mktemp" => mktemp,
    "more" => less,
    "mount" => mount,
    "mountpoint" => mountpoint,
    "mv" => mv,
    "namei" => namei,
    "nano" => nano,
    "nc" => nc,
    "netcat" => nc,
    "netstat" => ss,
    "nice" => nice,
    "nl" => nl,
    "nohup" => nohup,
    "nproc" => nproc,
    "nsenter" => nsenter,
    "nslookup" => dig,
    "numfmt" => numfmt,
    "od" => od,
    "passwd" => passwd,
    "paste" => paste,
    "patch" => patch,
    "pathchk" => pathchk,
    "pgrep" => pgrep,
    "pico" => nano,
    "ping" => ping,
    "pivot_root" => pivot_root,
    "pkill" => pgrep,
    "pr" => pr,
    "printenv" => printenv,
    "printf" => printf,
    "ps" => ps,
    "pstree" => pstree,
    "pwd" => pwd,
    "pwdx" => getconf,
    "readlink" => readlink,
    "realpath" => realpath,
    "renice" => renice,
    "reset" => clear,
    "rev" => rev,
    "rm" => rm,
    "rmdir" => rmdir,
    "sed" => sed,
    "seq" => seq,
    "service" => systemctl,
    "setsid" => setsid,
    "sha1sum" => sha256sum,
    "sha224sum" => sha256sum,
    "sha256sum" => sha256sum,
    "sha384sum" => sha256sum,
    "sha512sum" => sha256sum,
    "shred" => shred,
    "shuf" => shuf,
    "sleep" => sleep,
    "sort" => sort,
    "split" => split,
    "ss" => ss,
    "stat" => stat,
    "stdbuf" => setsid,
    "strings" => strings,
    "stty" => stty,
    "su" => su,
    "sudo" => sudo,
    "sum" => cksum,
    "sync" => sync,
    "sysctl" => sysctl,
    "systemctl" => systemctl,
    "tac" => tac,
    "tail" => tail,
    "tar" => tar,
    "taskset" => setsid,
    "tee" => tee,
    "telnet" => telnet,
    "test" => test_,
    "time" => time,
    "timeout" => timeout,
    "top" => top,
    "touch" => touch,
    "tput" => tput,
    "tr" => tr,
    "traceroute" => traceroute,
    "tree" => tree,
    "true" => true_,
    "truncate" => truncate,
    "tsort" => tsort,
    "tty" => tty,
    "umount" => mount,
    "uname" => uname,
    "unexpand" => expand,
    "uniq" => uniq,
    "unlink" => link,
    "unshare" => unshare,
    "uptime" => uptime,
    "useradd" => useradd,
    "userdel" => useradd,
    "usermod" => usermod,
    "users" => who,
    "uuidgen" => uuidgen,
    "vdir" => ls,
    "vi" => vi,
    "view" => vi,
    "vim" => vi,
    "vmstat" => vmstat,
    "w" => who,
    "watch" => watch,
    "wc" => wc,
    "wget" => wget,
    "whatis" => man,
    "whereis" => whereis,
    "which" => which,
    "who" => who,
    "whoami" => whoami,
    "xargs" => xargs,
    "xxd" => xxd,
    "yes" => yes,
    "zcat" => zcat,
    "zcmp" => zgrep,
    "zdiff" => zgrep,
    "zegrep" => zgrep,
    "zfgrep" => zgrep,
    "zgrep" => zgrep,
    "zless" => zgrep,
    "zmore" => zgrep,
}
