//! Where a machine starts: its name, its clock, its files.

use layerlab_kernel::stub;
use layerlab_kernel::vfs::{Dev, Inode, Node, Tree};
use layerlab_kernel::{Errno, ProgramTable, state_digest};
use serde::{Deserialize, Serialize};

use crate::init::STUDENT;

/// A file of the home folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HomeFile {
    /// Relative to the home folder.
    pub path: String,
    /// Permission bits; with `S_IFDIR` (`040000`) it is a folder, with `S_IFLNK` (`120000`) a link.
    pub mode: u32,
    /// Content; of a link where it leads to.
    pub data: Vec<u8>,
}

/// Where a machine starts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The home folder's files.
    pub home: Vec<HomeFile>,
    /// Whether somebody logs in at the terminal.
    pub login: bool,
}

impl Scenario {
    /// A machine with Docker and these files in the student's home folder.
    pub fn new(name: &str, home: Vec<HomeFile>) -> Self {
        Self { name: name.to_owned(), home, login: true }
    }

    /// The machine that a lesson starts with.
    pub fn of_lesson(slug: &str, files: &[layerlab_protocol::HomeFile]) -> Self {
        let file =
            |f: &layerlab_protocol::HomeFile| HomeFile { path: f.path.clone(), mode: f.mode, data: f.bytes.clone() };
        Self::new(slug, files.iter().map(file).collect())
    }

    /// sha256 over all of it, in hex.
    pub fn digest(&self) -> String {
        state_digest(self)
    }

    /// The host's files.
    pub(crate) fn tree(&self, programs: &ProgramTable, boot: i64) -> Result<Tree, Errno> {
        let mut t = Tree::new();
        for dir in [
            "/boot",
            "/etc/docker",
            "/home",
            "/media",
            "/mnt",
            "/opt",
            "/proc",
            "/root",
            "/run",
            "/srv",
            "/sys",
            "/tmp",
            "/usr/bin",
            "/etc/sudoers.d",
            "/etc/systemd/system/multi-user.target.wants",
            "/usr/lib",
            "/usr/lib/systemd/system",
            "/usr/local/bin",
            "/usr/sbin",
            "/usr/share",
            "/var/lib/docker",
            "/var/log",
            "/var/tmp",
            "/dev",
        ] {
            t.mkdir_all(dir)?;
        }
        for (path, to) in [
            ("/bin", "usr/bin"),
            ("/sbin", "usr/sbin"),
            ("/lib", "usr/lib"),
            ("/lib64", "usr/lib64"),
            ("/var/run", "/run"),
        ] {
            t.insert(path, Inode::symlink(to))?;
        }
        for (path, mode) in [("/tmp", 0o1777), ("/var/tmp", 0o1777), ("/root", 0o700), ("/var/lib/docker", 0o710)] {
            t.insert(path, Inode::dir(mode))?;
        }
        for (path, text) in ETC {
            t.insert(path, Inode::file(*text, 0o644))?;
        }
        for (name, content) in layerlab_kernel::zone::files() {
            t.insert(&format!("/usr/share/zoneinfo/{name}"), Inode::file(content, 0o644))?;
        }
        t.insert("/etc/localtime", Inode::symlink("/usr/share/zoneinfo/Etc/UTC"))?;
        t.insert("/etc/sudoers", Inode::file(SUDOERS, 0o440))?;
        t.insert("/usr/lib/systemd/system/docker.service", Inode::file(DOCKER_SERVICE, 0o644))?;
        t.insert(
            "/etc/systemd/system/multi-user.target.wants/docker.service",
            Inode::symlink("/usr/lib/systemd/system/docker.service"),
        )?;
        t.insert("/etc/shadow", Inode::file("root:*:20000:0:99999:7:::\nstudent:*:20000:0:99999:7:::\n", 0o640))?;
        // The programs of the table are this host's, but for what only images bring.
        for name in programs.names().into_iter().filter(|n| !IMAGE_ONLY.contains(n)) {
            let variant = match name {
                "sh" => "dash",
                "bash" => "bash",
                "python" => "3.11.2",
                "dockerd" | "docker" => layerlab_engine::VERSION,
                _ => "",
            };
            let file = match name {
                "python" => "python3",
                "sh" => "dash",
                name => name,
            };
            let dir = match name {
                "init" => "/usr/sbin",
                "activation" => "/usr/lib/systemd",
                _ => "/usr/bin",
            };
            let mode = if SETUID.contains(&name) { 0o4755 } else { 0o755 };
            t.insert(&format!("{dir}/{file}"), Inode::file(stub::executable(name, variant), mode))?;
        }
        let buildx = stub::executable("docker", layerlab_engine::VERSION);
        t.insert("/usr/libexec/docker/cli-plugins/docker-buildx", Inode::file(buildx, 0o755))?;
        t.insert("/usr/bin/sh", Inode::symlink("dash"))?;
        t.insert("/usr/bin/dockerd-rootless-setuptool.sh", Inode::file(ROOTLESS, 0o755))?;
        t.insert("/home/student", Inode::dir(0o755))?;
        for f in &self.home {
            let path = format!("/home/student/{}", f.path);
            let inode = match f.mode & 0o170_000 {
                0o040_000 => Inode::dir(f.mode & 0o7777),
                0o120_000 => Inode::symlink(String::from_utf8_lossy(&f.data)),
                _ => Inode::file(f.data.clone(), f.mode & 0o7777),
            };
            t.insert(&path, inode)?;
        }
        // All is as old as the boot; the home folder is the student's.
        for (path, ino, _) in t.walk() {
            let home = path == "/home/student" || path.starts_with("/home/student/");
            if let Some(i) = t.get_mut(ino) {
                i.mtime = (boot, 0);
                if home {
                    (i.uid, i.gid) = STUDENT;
                }
            }
        }
        Ok(t)
    }

    /// The host's devices.
    pub(crate) fn devices() -> Result<Tree, Errno> {
        let mut t = Tree::new();
        for (path, dev, mode) in [
            ("/null", Dev::Null, 0o666),
            ("/zero", Dev::Zero, 0o666),
            ("/full", Dev::Full, 0o666),
            ("/random", Dev::Random, 0o666),
            ("/urandom", Dev::Random, 0o666),
            ("/tty", Dev::Tty, 0o666),
            ("/kmsg", Dev::Kmsg, 0o644),
            ("/console", Dev::Pts(0), 0o600),
        ] {
            t.insert(path, Inode::new(Node::Char(dev), mode))?;
        }
        t.insert("/pts", Inode::dir(0o755))?;
        t.insert("/shm", Inode::dir(0o1777))?;
        for (path, to) in [
            ("/fd", "/proc/self/fd"),
            ("/stdin", "/proc/self/fd/0"),
            ("/stdout", "/proc/self/fd/1"),
            ("/stderr", "/proc/self/fd/2"),
        ] {
            t.insert(path, Inode::symlink(to))?;
        }
        Ok(t)
    }
}

/// Programs that images bring and a fresh Debian host has not.
const IMAGE_ONLY: &[&str] = &[
    "apk",
    "buildctl",
    "buildkitd",
    "githost",
    "hello-world",
    "internet",
    "mirror",
    "nginx",
    "node",
    "pip",
    "redis-cli",
    "redis-server",
    "unsimulated",
];

/// Programs that run as root for everybody.
const SETUID: &[&str] = &["mount", "passwd", "su", "sudo", "umount"];

/// The student needs no password, as on a cloud provider's machine.
const SUDOERS: &str = "Defaults\tenv_reset\nDefaults\tmail_badpass\nDefaults\tsecure_path=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"\nDefaults\tuse_pty\n\nroot\tALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\nstudent\tALL=(ALL) NOPASSWD:ALL\n\n@includedir /etc/sudoers.d\n";

/// What sets up a daemon without rights, where there can be one.
const ROOTLESS: &str =
    "#!/bin/sh\necho '[ERROR] Rootless mode is not available on this simulated machine.' >&2\nexit 1\n";

/// What `systemctl` knows of the daemon.
const DOCKER_SERVICE: &str = "[Unit]\nDescription=Docker Application Container Engine\nDocumentation=https://docs.docker.com\nAfter=network-online.target\n\n[Service]\nType=notify\nExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock\nExecReload=/bin/kill -s HUP $MAINPID\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n";

const ETC: &[(&str, &str)] = &[
    ("/etc/hostname", "layerlab\n"),
    ("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tlayerlab\n\n::1     localhost ip6-localhost ip6-loopback\n"),
    ("/etc/resolv.conf", "nameserver 10.0.0.53\n"),
    ("/etc/debian_version", "12.12\n"),
    ("/etc/timezone", "Etc/UTC\n"),
    (
        "/etc/os-release",
        "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n",
    ),
    (
        "/etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nstudent:x:1000:1000:Student:/home/student:/bin/bash\n",
    ),
    (
        "/etc/group",
        "root:x:0:\ndaemon:x:1:\nbin:x:2:\ntty:x:5:\nsudo:x:27:student\nwww-data:x:33:\nnogroup:x:65534:\ndocker:x:999:student\nstudent:x:1000:\n",
    ),
    ("/etc/shells", "/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/dash\n/usr/bin/dash\n"),
    ("/etc/profile", "if [ -f /etc/bash.bashrc ] && [ -n \"$BASH_VERSION\" ]; then . /etc/bash.bashrc; fi\n"),
    (
        "/etc/bash.bashrc",
        "# System-wide settings of interactive shells. The home folder has no dot files of its own, so that a\n# build context made of it holds the project and nothing else.\n[ -z \"$PS1\" ] && return\nPS1='\\[\\033[01;32m\\]\\u@\\h\\[\\033[00m\\]:\\[\\033[01;34m\\]\\w\\[\\033[00m\\]\\$ '\nHISTFILE=\nalias ls='ls --color=auto'\nalias grep='grep --color=auto'\nalias ll='ls -l'\nalias la='ls -A'\n",
    ),
];
