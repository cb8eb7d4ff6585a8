//! Mounts, namespaces, roots: what util-linux prints and does.

use layerlab_kernel::Kernel;
use layerlab_kernel::vfs::{FsKind, Tree};

use crate::machine::{Done, boot_with, run};

fn machine() -> Kernel {
    let mut k = boot_with(&[]);
    let proc = k.sys.add_fs(FsKind::Proc, Tree::new());
    run(&mut k, &["mkdir", "-p", "/proc", "/mnt", "/t/a", "/t/b", "/t/new/bin", "/t/new/put"], b"");
    k.sys.mount_host(proc, "/proc").unwrap();
    k
}

fn line(k: &mut Kernel, line: &str) -> Done {
    run(k, &line.split(' ').collect::<Vec<_>>(), b"")
}

fn ok(k: &mut Kernel, text: &str) -> String {
    let d = line(k, text);
    assert_eq!((d.code, d.stderr.as_str()), (0, ""), "{text}: {}", d.stdout);
    d.stdout
}

fn fails(k: &mut Kernel, text: &str) -> (String, i32) {
    let d = line(k, text);
    (d.stderr, d.code)
}

const DMESG: &str = "       dmesg(1) may have more information after failed mount system call.\n";

#[test]
fn a_tmpfs_is_mounted_listed_and_taken_away() {
    let mut k = machine();
    ok(&mut k, "mount -t tmpfs -o size=1m scratch /mnt");
    assert!(ok(&mut k, "mount -t tmpfs").starts_with("scratch on /mnt type tmpfs (rw,"));
    assert!(ok(&mut k, "mount").contains("proc on /proc type proc ("));
    ok(&mut k, "touch /mnt/x");
    ok(&mut k, "mount -o remount,ro /mnt");
    assert_eq!(fails(&mut k, "touch /mnt/y"), ("touch: cannot touch '/mnt/y': Read-only file system\n".into(), 1));
    ok(&mut k, "umount /mnt");
    assert_eq!(ok(&mut k, "ls /mnt"), "");
    assert_eq!(fails(&mut k, "umount /mnt"), ("umount: /mnt: not mounted.\n".into(), 32));
}

#[test]
fn a_bind_mount_may_be_read_only() {
    let mut k = machine();
    ok(&mut k, "touch /t/a/file");
    ok(&mut k, "mount -o bind,ro /t/a /t/b");
    assert_eq!(ok(&mut k, "ls /t/b"), "file\n");
    assert_eq!(fails(&mut k, "touch /t/b/y").1, 1);
    ok(&mut k, "touch /t/a/y");
    ok(&mut k, "umount /t/b");
    ok(&mut k, "mount --bind /t/a /t/b");
    ok(&mut k, "touch /t/b/z");
    assert_eq!(ok(&mut k, "ls /t/a"), "file\ny\nz\n");
}

#[test]
fn an_overlay_takes_changes_in_its_upper_directory() {
    let mut k = machine();
    ok(&mut k, "mkdir /t/lower /t/upper /t/work /t/merged");
    ok(&mut k, "touch /t/lower/below");
    ok(&mut k, "mount -t overlay overlay -o lowerdir=/t/lower,upperdir=/t/upper,workdir=/t/work /t/merged");
    ok(&mut k, "touch /t/merged/above");
    assert_eq!(ok(&mut k, "ls /t/merged"), "above\nbelow\n");
    assert_eq!((ok(&mut k, "ls /t/lower"), ok(&mut k, "ls /t/upper")), ("below\n".into(), "above\n".into()));
}

#[test]
fn mount_says_what_is_wrong() {
    let mut k = machine();
    for (text, message) in [
        ("mount -t tmpfs x /nope", "mount: /nope: mount point does not exist.\n"),
        ("mount -t foo x /mnt", "mount: /mnt: unknown filesystem type 'foo'.\n"),
        ("mount --bind /nope /mnt", "mount: /mnt: special device /nope does not exist.\n"),
    ] {
        assert_eq!(fails(&mut k, text), (format!("{message}{DMESG}"), 32), "{text}");
    }
    assert_eq!(fails(&mut k, "mount /nope"), ("mount: /nope: can't find in /etc/fstab.\n".into(), 1));
    assert_eq!(fails(&mut k, "umount /nope"), ("umount: /nope: no mount point specified.\n".into(), 32));
    let usage = "umount: bad usage\nTry 'umount --help' for more information.\n";
    assert_eq!(fails(&mut k, "umount"), (usage.into(), 1));
}

#[test]
fn unshare_gives_namespaces_of_ones_own() {
    let mut k = machine();
    let own = ok(&mut k, "readlink /proc/self/ns/uts");
    assert_ne!(ok(&mut k, "unshare -u readlink /proc/self/ns/uts"), own);
    assert_eq!(ok(&mut k, "unshare -n readlink /proc/self/ns/uts"), own);
    // Number 1 with a /proc of its own: it sees itself alone.
    let seen = ok(&mut k, "unshare -p -f --mount-proc ps -e -o pid=,comm=");
    assert_eq!(seen.split_whitespace().collect::<Vec<_>>(), ["1", "ps"]);
    assert!(ok(&mut k, "ps -e").contains("init"));
    ok(&mut k, "unshare -m mount -t tmpfs x /mnt");
    assert!(!ok(&mut k, "mount").contains("/mnt"));
    assert_eq!(
        fails(&mut k, "unshare -u nope"),
        ("unshare: failed to execute nope: No such file or directory\n".into(), 127)
    );
    assert_eq!(ok(&mut k, "unshare -r id -u"), "0\n");
}

#[test]
fn nsenter_goes_where_a_process_is() {
    let mut k = machine();
    let spec = layerlab_kernel::SpawnSpec {
        argv: ["unshare", "-m", "-u", "sleep", "1000"].map(str::to_owned).to_vec(),
        env: vec![("PATH".into(), "/usr/bin".into())],
        ..Default::default()
    };
    k.spawn_outside(&spec).unwrap();
    k.run_until(k.sys.now + layerlab_kernel::SimTime::secs(1));
    let pid = ok(&mut k, "pgrep sleep").trim().to_owned();
    let there = ok(&mut k, &format!("readlink /proc/{pid}/ns/uts"));
    assert_eq!(ok(&mut k, &format!("nsenter -t {pid} -u readlink /proc/self/ns/uts")), there);
    ok(&mut k, &format!("nsenter -t {pid} -m mount -t tmpfs x /mnt"));
    assert!(ok(&mut k, &format!("nsenter -t {pid} -a mount")).contains("x on /mnt type tmpfs"));
    assert!(!ok(&mut k, "mount").contains("/mnt"));
    assert_eq!(
        fails(&mut k, "nsenter -t 99999 -m true"),
        ("nsenter: cannot open /proc/99999/ns/mnt: No such file or directory\n".into(), 1)
    );
    let message = "nsenter: neither filename nor target pid supplied for ns/mnt\n";
    assert_eq!(fails(&mut k, "nsenter -m"), (message.into(), 1));
}

#[test]
fn another_root() {
    let mut k = machine();
    ok(&mut k, "cp /usr/bin/ls /usr/bin/pwd /t/new/bin");
    assert_eq!(ok(&mut k, "chroot /t/new /bin/ls /"), "bin\nput\n");
    assert_eq!(ok(&mut k, "chroot /t/new /bin/pwd"), "/\n");
    assert_eq!(
        fails(&mut k, "chroot /nope"),
        ("chroot: cannot change root directory to '/nope': No such file or directory\n".into(), 125)
    );
    let (message, code) = fails(&mut k, "chroot / nope");
    assert_eq!(code, 127, "{message}");
    assert_eq!(
        fails(&mut k, "pivot_root a nope"),
        ("pivot_root: failed to change root from `a' to `nope': No such file or directory\n".into(), 1)
    );
    let usage = "pivot_root: bad usage\nTry 'pivot_root --help' for more information.\n";
    assert_eq!(fails(&mut k, "pivot_root"), (usage.into(), 1));
}

#[test]
fn namespaces_are_listed() {
    let mut k = machine();
    let all = ok(&mut k, "lsns");
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["NS", "TYPE", "NPROCS", "PID", "USER", "COMMAND"]);
    let mnt = lines.iter().find(|l| l.split_whitespace().nth(1) == Some("mnt")).unwrap();
    assert_eq!(mnt.split_whitespace().skip(3).collect::<Vec<_>>(), ["1", "root", "init"]);
    let own = ok(&mut k, "readlink /proc/self/ns/uts");
    let id = own.trim().trim_start_matches("uts:[").trim_end_matches(']').to_owned();
    assert_eq!(ok(&mut k, "lsns -n -t uts -o NS,TYPE"), format!("{id} uts\n"));
    assert_eq!(ok(&mut k, "unshare -u lsns -n -t uts -o NPROCS").lines().count(), 2);
}

// The texts of coreutils 9.7 and util-linux 2.41.
#[test]
fn niceness() {
    let mut k = machine();
    assert_eq!(ok(&mut k, "nice"), "0\n");
    assert_eq!(ok(&mut k, "nice -n 5 nice"), "5\n");
    assert_eq!(ok(&mut k, "nice nice -5 nice"), "15\n");
    assert_eq!(fails(&mut k, "nice -n x true"), ("nice: invalid adjustment 'x'\n".into(), 125));
    assert_eq!(fails(&mut k, "nice nope"), ("nice: 'nope': No such file or directory\n".into(), 127));
    let message = "nice: a command must be given with an adjustment\nTry 'nice --help' for more information.\n";
    assert_eq!(fails(&mut k, "nice -n 3"), (message.into(), 125));
    assert_eq!(ok(&mut k, "renice -n 5 -p 1"), "1 (process ID) old priority 0, new priority 5\n");
    assert_eq!(ok(&mut k, "renice 7 1"), "1 (process ID) old priority 5, new priority 7\n");
    assert_eq!(
        fails(&mut k, "renice -n 3 -p 99999"),
        ("renice: failed to get priority for 99999 (process ID): No such process\n".into(), 1)
    );
}

#[test]
fn time_tells_what_a_program_took() {
    let mut k = machine();
    let d = line(&mut k, "time -p sleep 2");
    assert!(d.stderr.starts_with("real 2.0") && d.stderr.contains("\nuser 0.0") && d.code == 0, "{d:?}");
    let d = line(&mut k, "time -f %x:%C false");
    assert_eq!(d.stderr, "Command exited with non-zero status 1\n1:false\n");
    let (message, code) = fails(&mut k, "time nope");
    assert_eq!(code, 127);
    assert!(
        message
            .starts_with("time: cannot run nope: No such file or directory\nCommand exited with non-zero status 127\n"),
        "{message}"
    );
}

#[test]
fn settings_of_the_kernel() {
    let mut k = machine();
    assert_eq!(ok(&mut k, "sysctl kernel.hostname"), "kernel.hostname = layerlab\n");
    assert_eq!(ok(&mut k, "sysctl -n kernel/hostname"), "layerlab\n");
    assert_eq!(ok(&mut k, "sysctl -w net.ipv4.icmp_echo_ignore_all=1"), "net.ipv4.icmp_echo_ignore_all = 1\n");
    assert_eq!(ok(&mut k, "sysctl -n net.ipv4.icmp_echo_ignore_all"), "1\n");
    assert_eq!(line(&mut k, "ping -c 1 -W 1 127.0.0.1").code, 1);
    assert!(ok(&mut k, "sysctl -a").contains("\nnet.ipv4.ip_forward = "));
    let message = "sysctl: cannot stat /proc/sys/foo/bar: No such file or directory\n";
    assert_eq!(fails(&mut k, "sysctl foo.bar"), (message.into(), 1));
    k.write_file("/etc/sysctl.conf", b"# all\nnet.ipv4.icmp_echo_ignore_all = 0\n".to_vec()).unwrap();
    assert_eq!(ok(&mut k, "sysctl -p"), "net.ipv4.icmp_echo_ignore_all = 0\n");
}

#[test]
fn special_files() {
    let mut k = machine();
    ok(&mut k, "mkfifo -m 600 /t/f");
    assert_eq!(ok(&mut k, "stat -c %F:%a /t/f"), "fifo:600\n");
    ok(&mut k, "mknod /t/null c 1 3");
    assert_eq!(ok(&mut k, "stat -c %F:%t:%T /t/null"), "character special file:1:3\n");
    assert_eq!(fails(&mut k, "mkfifo /t"), ("mkfifo: cannot create fifo '/t': File exists\n".into(), 1));
    let try_ = "Try 'mknod --help' for more information.\n";
    assert_eq!(fails(&mut k, "mknod x p 1"), (format!("mknod: extra operand '1'\n{try_}"), 1));
    let numbers = "Special files require major and minor device numbers.\n";
    assert_eq!(fails(&mut k, "mknod x b"), (format!("mknod: missing operand after 'b'\n{numbers}{try_}"), 1));
}
