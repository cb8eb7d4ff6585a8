//! Starting other programs.

use layerlab_kernel::{Errno, ExitStatus, Fd, Pid, SpawnSpec, WaitFlags, WaitFor};

use super::Cli;

/// Where programs are searched without `PATH`.
pub(crate) const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl Cli {
    /// Starts a program as the caller's child with its standard descriptors; `fds` replaces some.
    pub(crate) async fn start(&mut self, argv: Vec<String>, fds: &[(Fd, Fd)]) -> Result<Pid, Errno> {
        let _ = self.flush().await;
        let mut all = vec![(0, 0), (1, 1), (2, 2)];
        for (child, own) in fds {
            all.retain(|(c, _)| c != child);
            all.push((*child, *own));
        }
        let (uid, gid) = self.sys.ids();
        let groups = self.sys.get_ids().await?.groups;
        let spec = SpawnSpec { argv, env: self.env.clone(), uid, gid, groups, fds: all, ..SpawnSpec::default() };
        self.sys.spawn(spec).await
    }

    /// Starts a program and waits for it.
    pub(crate) async fn run_child(&mut self, argv: Vec<String>) -> Result<ExitStatus, Errno> {
        let pid = self.start(argv, &[]).await?;
        loop {
            match self.sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await {
                Ok((_, status)) => return Ok(status),
                Err(Errno::EINTR) => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// What a shell's command writes to standard output.
    pub(crate) async fn shell_output(&mut self, command: &str) -> Result<Vec<u8>, Errno> {
        let (r, w) = self.sys.pipe().await?;
        let argv = vec!["sh".to_owned(), "-c".to_owned(), command.to_owned()];
        let pid = self.start(argv, &[(1, w)]).await;
        self.sys.close(w).await?;
        let all = self.sys.read_all(r).await;
        let _ = self.sys.close(r).await;
        while let Err(Errno::EINTR) = self.sys.wait(WaitFor::Pid(pid?), WaitFlags::default()).await {}
        all
    }

    /// Where a command is found in `PATH`.
    pub(crate) async fn find_program(&self, name: &str) -> Vec<String> {
        if name.contains('/') {
            return self.executable(name).await.then(|| name.to_owned()).into_iter().collect();
        }
        let mut found = Vec::new();
        for dir in self.var("PATH").unwrap_or(DEFAULT_PATH).split(':') {
            let full = if dir.is_empty() { format!("./{name}") } else { format!("{dir}/{name}") };
            if self.executable(&full).await {
                found.push(full);
            }
        }
        found
    }

    async fn executable(&self, path: &str) -> bool {
        let file = self.sys.stat(path).await.is_ok_and(|s| s.file_type == layerlab_kernel::FileType::File);
        file && self.sys.access(path, false, false, true).await.is_ok()
    }

    /// Becomes another program; comes back only with the error.
    pub(crate) async fn become_program(&mut self, argv: Vec<String>) -> Errno {
        let _ = self.flush().await;
        let Some(name) = argv.first().cloned() else { return Errno::ENOENT };
        let mut last = Errno::ENOENT;
        let places = if name.contains('/') { vec![name.clone()] } else { self.find_program(&name).await };
        for path in places {
            last = match self.sys.exec(&path, argv.clone(), self.env.clone()).await {
                Err(Errno::ENOEXEC) => {
                    // As execvp(3): a script without #! goes to the shell.
                    let mut sh = vec!["sh".to_owned(), path];
                    sh.extend(argv.iter().skip(1).cloned());
                    let r = self.sys.exec("/bin/sh", sh, self.env.clone()).await;
                    r.err().unwrap_or(Errno::ENOEXEC)
                }
                r => r.err().unwrap_or(Errno::ENOEXEC),
            };
        }
        last
    }
}
