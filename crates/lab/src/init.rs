//! Process 1 of the host: starts the daemon and the login shell, and reaps orphans.

use layerlab_kernel::{
    Cx, Errno, Fd, OpenFlags, Pid, Program, ProgramArgs, Resource, Ret, SpawnSpec, StateHasher, Step, Syscall,
    WaitFlags, WaitFor,
};

/// Who logs in: user and group number of `student`, and the group `docker`.
pub(crate) const STUDENT: (u32, u32) = (1000, 1000);
/// The group `docker`.
pub(crate) const DOCKER_GROUP: u32 = 999;
/// All groups of `student`, as `initgroups(3)` finds them: `sudo`, `docker` and the own one.
pub(crate) const STUDENT_GROUPS: [u32; 3] = [27, DOCKER_GROUP, STUDENT.1];

/// The environment of a login.
pub(crate) fn login_env() -> Vec<(String, String)> {
    let vars = [
        ("SHELL", "/bin/bash"),
        ("PWD", "/home/student"),
        ("LOGNAME", "student"),
        ("HOME", "/home/student"),
        ("LANG", "C.UTF-8"),
        ("TERM", "xterm-256color"),
        ("USER", "student"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"),
    ];
    vars.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec()
}

/// The login shell at a terminal.
pub(crate) fn login() -> SpawnSpec {
    let mut env = login_env();
    env.push(("TERM_PROGRAM".to_owned(), "layerlab".to_owned()));
    SpawnSpec {
        argv: vec!["-bash".to_owned()],
        path: Some("/usr/bin/bash".to_owned()),
        env,
        cwd: "/home/student".to_owned(),
        uid: STUDENT.0,
        gid: STUDENT.1,
        groups: STUDENT_GROUPS.to_vec(),
        cgroup: "/user.slice/user-1000.slice/session-1.scope".to_owned(),
        new_session: true,
        ..SpawnSpec::default()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Init {
    started: bool,
    login: bool,
    shell: Option<Pid>,
}

/// Starts process 1; with the argument `--no-login` it gives nobody a shell.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    Box::new(Init { started: false, login: !args.argv.iter().any(|a| a == "--no-login"), shell: None })
}

impl Init {
    /// Opens the daemon's socket; who waits there becomes the daemon.
    fn daemon(cx: &mut Cx<'_>) -> Result<(), Errno> {
        let null = cx.open("/dev/null", OpenFlags::READ_WRITE, 0)?;
        let log = cx.open("/var/log/docker.log", OpenFlags::APPEND, 0o640)?;
        let socket = cx.listen_at(layerlab_api::SOCKET, 0o660, Some(DOCKER_GROUP))?;
        let env = vec![("PATH".to_owned(), "/usr/sbin:/usr/bin:/sbin:/bin".to_owned())];
        // Named as systemd names a service that it has not executed yet.
        let argv = ["(dockerd)", "/usr/bin/dockerd", "-H", "fd://", "--containerd=/run/containerd/containerd.sock"];
        let files = layerlab_engine::container::security::FILES;
        cx.spawn(SpawnSpec {
            argv: argv.map(str::to_owned).to_vec(),
            path: Some("/usr/lib/systemd/activation".to_owned()),
            env,
            cwd: "/".to_owned(),
            fds: vec![(0, null), (1, log), (2, log), (3, socket)],
            cgroup: "/system.slice/docker.service".to_owned(),
            limits: vec![(Resource::Files, files.0, files.1)],
            new_session: true,
            ..SpawnSpec::default()
        })?;
        close(cx, &[null, log, socket]);
        Ok(())
    }

    fn shell(&mut self, cx: &mut Cx<'_>) {
        let Ok(tty) = cx.open("/dev/pts/0", OpenFlags::READ_WRITE, 0) else { return };
        let fds = vec![(0, tty), (1, tty), (2, tty)];
        let pid = cx.spawn(SpawnSpec { fds, controlling_tty: Some(0), ..login() });
        self.shell = pid.ok();
        close(cx, &[tty]);
    }
}

fn close(cx: &mut Cx<'_>, fds: &[Fd]) {
    for fd in fds {
        // It was just opened.
        let _ = cx.close(*fd);
    }
}

impl Program for Init {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        let result = cx.result();
        if !self.started {
            self.started = true;
            // A daemon that cannot start is no reason not to boot: docker tells the student.
            let _ = Self::daemon(cx);
            if self.login {
                self.shell(cx);
            }
        }
        if let Ok(Ret::Child { pid, .. }) = result
            && Some(pid) == self.shell
        {
            self.shell(cx);
        }
        match result {
            // No children at all: wait for some to be handed on.
            Err(_) => Step::Syscall(Syscall::Sleep { duration: layerlab_kernel::SimTime::secs(1) }),
            Ok(_) => Step::Syscall(Syscall::Wait { who: WaitFor::Any, flags: WaitFlags::default() }),
        }
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        std::hash::Hash::hash(self, h);
    }
}
