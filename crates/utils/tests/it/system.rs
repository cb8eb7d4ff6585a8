//! Commands of the system: users, services, terminals, names, connections.

use layerlab_kernel::Kernel;
use layerlab_kernel::vfs::Inode;

use crate::machine::{Done, boot_with, run};

fn machine() -> Kernel {
    let mut k = boot_with(&[]);
    for (path, text) in [
        ("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann:/home/ann:/bin/sh\n"),
        ("/etc/group", "root:x:0:\nsudo:x:27:ann\nann:x:1000:\n"),
        ("/etc/shadow", "root:*:20000:0:99999:7:::\nann:!:20000:0:99999:7:::\n"),
    ] {
        k.write_file(path, text.as_bytes().to_vec()).unwrap();
    }
    k
}

fn text(k: &Kernel, path: &str) -> String {
    String::from_utf8(k.read_file(path).unwrap().to_vec()).unwrap()
}

fn ok(k: &mut Kernel, line: &str) -> String {
    let Done { stdout, stderr, code } = run(k, &line.split(' ').collect::<Vec<_>>(), b"");
    assert_eq!((code, stderr.as_str()), (0, ""), "{line}: {stdout}");
    stdout
}

fn fails(k: &mut Kernel, line: &str) -> (String, i32) {
    let d = run(k, &line.split(' ').collect::<Vec<_>>(), b"");
    (d.stderr, d.code)
}

// The lines that shadow-utils 4.13 writes for the same commands.
#[test]
fn useradd_writes_all_files() {
    let mut k = machine();
    ok(&mut k, "useradd -m -s /bin/bash -c Bob -G sudo bob");
    assert!(text(&k, "/etc/passwd").ends_with("bob:x:1001:1001:Bob:/home/bob:/bin/bash\n"));
    assert!(text(&k, "/etc/shadow").ends_with("bob:!:20778:0:99999:7:::\n"));
    assert_eq!(text(&k, "/etc/group"), "root:x:0:\nsudo:x:27:ann,bob\nann:x:1000:\nbob:x:1001:\n");
    assert_eq!(ok(&mut k, "stat -c %U:%G:%a /home/bob"), "bob:bob:755\n");
    assert_eq!(fails(&mut k, "useradd bob"), ("useradd: user 'bob' already exists\n".into(), 9));
    ok(&mut k, "useradd -r -M svc");
    assert!(text(&k, "/etc/passwd").ends_with("svc:x:999:999::/home/svc:/bin/sh\n"));
    ok(&mut k, "usermod -aG ann bob");
    assert_eq!(ok(&mut k, "id bob"), "uid=1001(bob) gid=1001(bob) groups=1001(bob),27(sudo),1000(ann)\n");
    assert_eq!(fails(&mut k, "usermod -aG nope bob"), ("usermod: group 'nope' does not exist\n".into(), 6));
    run(&mut k, &["userdel", "-r", "bob"], b"");
    assert!(!text(&k, "/etc/passwd").contains("bob") && !text(&k, "/etc/group").contains("bob"));
    assert_eq!(fails(&mut k, "userdel bob"), ("userdel: user 'bob' does not exist\n".into(), 6));
}

#[test]
fn passwords_are_encrypted() {
    let mut k = machine();
    assert_eq!(run(&mut k, &["chpasswd"], b"ann:secret\n").code, 0);
    assert!(text(&k, "/etc/shadow").contains("\nann:$6$"));
    assert!(ok(&mut k, "passwd -S ann").starts_with("ann P 2026-11-21 "));
}

#[test]
fn groups_are_made_and_taken_away() {
    let mut k = machine();
    ok(&mut k, "groupadd -g 1234 crew");
    assert_eq!(fails(&mut k, "groupadd crew"), ("groupadd: group 'crew' already exists\n".into(), 9));
    assert_eq!(fails(&mut k, "groupdel ann"), ("groupdel: cannot remove the primary group of user 'ann'\n".into(), 8));
    ok(&mut k, "groupdel crew");
    assert_eq!(fails(&mut k, "groupdel crew"), ("groupdel: group 'crew' does not exist\n".into(), 6));
}

#[test]
fn debian_adduser_makes_system_users() {
    let mut k = machine();
    let shown = ok(&mut k, "adduser --system --group --no-create-home app");
    assert!(shown.contains("Adding new user `app' (UID 100) with group `app'"), "{shown}");
    assert!(text(&k, "/etc/passwd").ends_with("app:x:100:100::/nonexistent:/usr/sbin/nologin\n"));
}

#[test]
fn su_changes_the_user() {
    let mut k = machine();
    k.write_file("/usr/bin/me", b"#!/usr/bin/env id\n".to_vec()).unwrap();
    let out = run(&mut k, &["su", "ann", "-s", "/usr/bin/id"], b"");
    assert_eq!(out.stdout, "uid=1000(ann) gid=1000(ann) groups=1000(ann),27(sudo)\n", "{out:?}");
    let (message, code) = fails(&mut k, "su nobody");
    assert_eq!(code, 1);
    assert!(message.starts_with("su: user nobody does not exist"), "{message}");
}

#[test]
fn root_may_sudo_as_anybody() {
    let mut k = machine();
    assert_eq!(ok(&mut k, "sudo -u ann whoami"), "ann\n");
    assert_eq!(ok(&mut k, "sudo A=1 printenv A SUDO_USER"), "1\nroot\n");
    assert_eq!(fails(&mut k, "sudo nope"), ("sudo: nope: command not found\n".into(), 1));
}

#[test]
fn services_run_from_unit_files() {
    let mut k = machine();
    for dir in ["/etc/systemd", "/etc/systemd/system", "/var", "/var/log"] {
        assert_eq!(run(&mut k, &["mkdir", "-p", dir], b"").code, 0);
    }
    let unit =
        "[Unit]\nDescription=A nap\n[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n";
    k.write_file("/etc/systemd/system/nap.service", unit.as_bytes().to_vec()).unwrap();
    assert_eq!(
        run(&mut k, &["systemctl", "is-active", "nap"], b""),
        Done { stdout: "inactive\n".into(), stderr: String::new(), code: 3 }
    );
    ok(&mut k, "systemctl start nap");
    assert_eq!(ok(&mut k, "systemctl is-active nap"), "active\n");
    let shown = ok(&mut k, "systemctl status nap");
    assert!(
        shown.starts_with("● nap.service - A nap\n     Loaded: loaded (/etc/systemd/system/nap.service; disabled;"),
        "{shown}"
    );
    assert!(shown.contains("/bin/sleep 1000"), "{shown}");
    ok(&mut k, "systemctl stop nap");
    assert_eq!(run(&mut k, &["systemctl", "status", "nap"], b"").code, 3);
    assert_eq!(
        fails(&mut k, "systemctl start nope"),
        ("Failed to start nope.service: Unit nope.service not found.\n".into(), 5)
    );
}

#[test]
fn nc_talks_to_nc() {
    let mut k = machine();
    let spec = |argv: &[&str]| layerlab_kernel::SpawnSpec {
        argv: argv.iter().map(ToString::to_string).collect(),
        env: vec![("PATH".into(), "/usr/bin".into())],
        cwd: "/t".into(),
        ..Default::default()
    };
    let server = k.spawn_outside(&spec(&["nc", "-l", "-v", "8080"])).unwrap();
    k.write_outside(&server, b"from the server\n");
    k.run_until(k.sys.now + layerlab_kernel::SimTime::secs(1));
    let client = k.spawn_outside(&spec(&["nc", "-N", "localhost", "8080"])).unwrap();
    k.write_outside(&client, b"from the client\n");
    k.run_until(k.sys.now + layerlab_kernel::SimTime::secs(1));
    assert_eq!(k.take_outside(&client).0, b"from the server\n");
    k.close_outside(&client);
    k.run_until(k.sys.now + layerlab_kernel::SimTime::secs(1));
    let (out, err) = k.take_outside(&server);
    assert_eq!(out, b"from the client\n");
    let err = String::from_utf8(err).unwrap();
    assert!(err.starts_with("Listening on 0.0.0.0 8080\nConnection received on localhost "), "{err}");
    assert!(k.status_outside(&server).is_some() && k.status_outside(&client).is_some());
    assert_eq!(
        fails(&mut k, "nc -zv 127.0.0.1 81"),
        ("nc: connect to 127.0.0.1 port 81 (tcp) failed: Connection refused\n".into(), 1)
    );
}

#[test]
fn top_in_batch_mode_has_procps_columns() {
    let mut k = machine();
    let out = ok(&mut k, "top -b -n 1");
    assert!(out.starts_with("top - 08:00:"), "{out}");
    assert!(
        out.contains("\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n"),
        "{out}"
    );
    assert!(out.lines().any(|l| l.starts_with("      1 root      20   0 ") && l.ends_with(" init")), "{out}");
}

#[test]
fn pages_come_from_a_commands_help() {
    let mut k = machine();
    let page = ok(&mut k, "man ls");
    assert!(
        page.starts_with("LS(1)") && page.contains("ls - list directory contents") && page.contains("--all"),
        "{page}"
    );
    assert_eq!(fails(&mut k, "man nope"), ("No manual entry for nope\n".into(), 16));
    assert_eq!(ok(&mut k, "whatis cat"), "cat (1)              - concatenate files and print on the standard output\n");
}

#[test]
fn the_disk_is_listed_with_its_mounts() {
    let mut k = machine();
    k.sys.filesystems.values_mut().next().unwrap().tree.insert("/dev/vda1", Inode::file("", 0o600)).unwrap();
    assert_eq!(ok(&mut k, "lsblk -n -o NAME,TYPE,MOUNTPOINTS"), "vda    disk \n└─vda1 part /\n");
    assert!(ok(&mut k, "findmnt -n /").starts_with("/ /dev/vda1 ext4 rw,relatime"));
}

#[test]
fn stty_needs_a_terminal() {
    let mut k = machine();
    assert_eq!(fails(&mut k, "stty"), ("stty: 'standard input': Inappropriate ioctl for device\n".into(), 1));
    assert_eq!(run(&mut k, &["tty"], b""), Done { stdout: "not a tty\n".into(), stderr: String::new(), code: 1 });
}

#[test]
fn ss_shows_who_listens() {
    let mut k = machine();
    let proc = k.sys.add_fs(layerlab_kernel::vfs::FsKind::Proc, layerlab_kernel::vfs::Tree::new());
    assert_eq!(run(&mut k, &["mkdir", "-p", "/proc"], b"").code, 0);
    k.sys.mount_host(proc, "/proc").unwrap();
    let spec = layerlab_kernel::SpawnSpec {
        argv: vec!["nc".into(), "-l".into(), "8080".into()],
        env: vec![("PATH".into(), "/usr/bin".into())],
        ..Default::default()
    };
    k.spawn_outside(&spec).unwrap();
    k.run_until(k.sys.now + layerlab_kernel::SimTime::secs(1));
    // The columns of iproute2 6.1.
    let shown = ok(&mut k, "ss -tln");
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(
        lines[0].split_whitespace().collect::<Vec<_>>(),
        ["State", "Recv-Q", "Send-Q", "Local", "Address:Port", "Peer", "Address:Port", "Process"]
    );
    assert!(lines[1].starts_with("LISTEN 0      128") && lines[1].contains("0.0.0.0:8080"), "{shown}");
    let shown = ok(&mut k, "netstat -tlnp");
    assert!(
        shown.starts_with("Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address"),
        "{shown}"
    );
    assert!(
        shown.contains("tcp        0      0 0.0.0.0:8080            0.0.0.0:*               LISTEN      ")
            && shown.contains("/nc"),
        "{shown}"
    );
}

#[test]
fn lsof_shows_what_is_open() {
    let mut k = machine();
    let proc = k.sys.add_fs(layerlab_kernel::vfs::FsKind::Proc, layerlab_kernel::vfs::Tree::new());
    assert_eq!(run(&mut k, &["mkdir", "-p", "/proc"], b"").code, 0);
    k.sys.mount_host(proc, "/proc").unwrap();
    let spec = layerlab_kernel::SpawnSpec {
        argv: vec!["nc".into(), "-l".into(), "8080".into()],
        env: vec![("PATH".into(), "/usr/bin".into())],
        ..Default::default()
    };
    k.spawn_outside(&spec).unwrap();
    k.run_until(k.sys.now + layerlab_kernel::SimTime::secs(1));
    let shown = ok(&mut k, "lsof -nP -i :8080");
    let lines: Vec<Vec<&str>> = shown.lines().map(|l| l.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["COMMAND", "PID", "USER", "FD", "TYPE", "DEVICE", "SIZE/OFF", "NODE", "NAME"]);
    assert_eq!((lines[1][0], lines[1][2], lines[1][4]), ("nc", "root", "IPv4"), "{shown}");
    assert!(lines.len() == 2 && lines[1][7..] == ["TCP", "*:8080", "(LISTEN)"], "{shown}");
    assert_eq!(ok(&mut k, "lsof -t -i TCP:8080"), ok(&mut k, "pgrep nc"));
    assert_eq!(run(&mut k, &["lsof", "-i", ":99"], b"").code, 1);
    assert!(ok(&mut k, "lsof -p 1").contains(" cwd "));
}
