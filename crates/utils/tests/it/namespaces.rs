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
