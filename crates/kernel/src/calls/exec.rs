//! Starting programs: fork, exec, spawn, threads.

use crate::errno::Errno;
use crate::file::FileKind;
use crate::limit::Resource;
use crate::namespace::IdMaps;
use crate::process::{Files, Process, State};
use crate::program::{Body, Cx, Program, ProgramArgs};
use crate::signal::Disposition;
use crate::syscall::{FileType, Pid, PidNsId, PidNsSpec, Ret, SpawnSpec, SysResult, ThreadBody, UtsNsId};
use crate::vfs::{IdMap, Node, Place, may};
use crate::{SimTime, stub};
use std::rc::Rc;

use super::num;

/// A child that goes on where its parent is; it gets 0, the parent its number (in its own namespace).
pub(crate) fn fork(cx: &mut Cx<'_>, program: Box<dyn Program>) -> SysResult {
    cx.cost += super::cost(&crate::Syscall::Fork);
    let at = cx.now();
    let child = cx.sys.new_process(cx.pid, None, at).ok_or(Errno::EAGAIN)?;
    cx.sys.started.0.push((child, Some(Body::Running(program))));
    cx.sys.set_ready(child, Some(Ok(Ret::Num(0))), at);
    let ns = cx.sys.process(cx.pid).map_or(PidNsId(0), |p| p.pid_ns);
    num(cx.sys.pid_seen_by(child, ns))
}

/// A program found for a file, with the command line that it gets.
struct Image {
    program: Body,
    argv: Vec<String>,
    env: Vec<(String, String)>,
    exe: Place,
    comm: String,
    owner: Option<u32>,
    group: Option<u32>,
}

/// Interpreter lines followed at most (`execve(2)`).
const MAX_INTERPRETERS: u32 = 4;

/// A path's last name.
fn base(path: &str) -> &str {
    path.rsplit('/').find(|n| !n.is_empty()).unwrap_or(path)
}

/// The longest single argument (`MAX_ARG_STRLEN`).
const MAX_ARG: usize = 128 << 10;

/// Whether arguments and environment are short enough: a quarter of the stack, 6 MiB at most (execve(2)).
fn fit(p: &Process, argv: &[String], env: &[(String, String)]) -> bool {
    let most = (p.limits.soft(Resource::Stack) / 4).clamp(MAX_ARG as u64, 6 << 20) as usize;
    let lengths = argv.iter().map(String::len).chain(env.iter().map(|(k, v)| k.len() + v.len() + 1));
    let mut all = 0;
    for l in lengths {
        all += l + 1 + size_of::<u64>();
        if l >= MAX_ARG || all > most {
            return false;
        }
    }
    true
}

fn load(cx: &Cx<'_>, pid: Pid, path: &str, mut argv: Vec<String>, env: &[(String, String)]) -> Result<Image, Errno> {
    if cx.sys.process(pid).is_some_and(|p| !fit(p, &argv, env)) {
        return Err(Errno::E2BIG);
    }
    let mut path = path.to_owned();
    let mut comm = None;
    for _ in 0..=MAX_INTERPRETERS {
        let p = cx.sys.process(pid).ok_or(Errno::ESRCH)?;
        let place = cx.sys.resolve(p, &path, true)?.place()?;
        let loc = place.loc;
        let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
        if inode.file_type() != FileType::File || !may(p, &inode, false, false, true) {
            return Err(Errno::EACCES);
        }
        if cx.sys.mounts.get(loc.mount).is_some_and(|m| m.noexec) {
            return Err(Errno::EACCES);
        }
        let Node::File(content) = &inode.node else { return Err(Errno::EACCES) };
        if let Some((name, variant)) = stub::parse(content) {
            // A program that nobody has written yet says so itself.
            let known = cx.sys.programs.name(&name).or_else(|| cx.sys.programs.name("unsimulated"));
            let name = known.ok_or(Errno::ENOEXEC)?;
            let args = ProgramArgs { argv: argv.clone(), env: env.to_vec(), variant };
            // Without effect on a nosuid mount, and for who has promised to gain nothing (execve(2)).
            let set = !p.no_new_privs && !cx.sys.mounts.get(loc.mount).is_some_and(|m| m.nosuid);
            let owner = (set && inode.mode & 0o4000 != 0).then_some(inode.uid);
            let group = (set && inode.mode & 0o2010 == 0o2010).then_some(inode.gid);
            // Named as it was called, links or not (fs/exec.c `begin_new_exec`).
            let comm = comm.unwrap_or_else(|| base(&path).to_owned());
            let program = Body::New(name, Box::new(args));
            return Ok(Image { program, argv, env: env.to_vec(), exe: place, comm, owner, group });
        }
        let Some(line) = content.strip_prefix(b"#!") else { return Err(Errno::ENOEXEC) };
        let end = line.iter().position(|b| *b == b'\n').unwrap_or(line.len()).min(254);
        let line = String::from_utf8_lossy(&line[..end]);
        let line = line.trim_matches([' ', '\t']);
        let (interpreter, arg) = match line.split_once([' ', '\t']) {
            Some((i, a)) => (i, Some(a.trim_start_matches([' ', '\t']))),
            None => (line, None),
        };
        comm.get_or_insert_with(|| base(&path).to_owned());
        if interpreter.is_empty() {
            return Err(Errno::ENOEXEC);
        }
        let mut new = vec![interpreter.to_owned()];
        new.extend(arg.map(str::to_owned));
        new.push(path);
        new.extend(argv.into_iter().skip(1));
        argv = new;
        path = interpreter.to_owned();
    }
    Err(Errno::ELOOP)
}

/// Replaces a process's program. It is not scheduled.
pub(crate) fn exec(cx: &mut Cx<'_>, path: &str, argv: Vec<String>, env: Vec<(String, String)>) -> Result<(), Errno> {
    let pid = cx.pid;
    let image = load(cx, pid, path, argv, &env)?;
    install(cx, pid, image);
    Ok(())
}

fn install(cx: &mut Cx<'_>, pid: Pid, image: Image) {
    let at = cx.now();
    let Some(p) = cx.sys.process_mut(pid) else { return };
    p.argv = image.argv;
    p.env = Rc::new(image.env);
    p.exe = image.exe;
    p.comm = image.comm.chars().take(15).collect::<String>().into();
    p.uid = image.owner.unwrap_or(p.uid);
    p.gid = image.group.unwrap_or(p.gid);
    p.saved = (p.uid, p.gid);
    // Root is who is 0 in the user namespace.
    let root = p.seen_uid(p.uid) == 0 || p.seen_uid(p.real.0) == 0;
    p.caps = if root || p.caps.ambient != 0 || p.caps.permitted != 0 { p.caps.after_exec(root) } else { p.caps };
    p.dispositions.retain(|_, d| *d == Disposition::Ignore);
    p.caught.clear();
    p.state = State::Ready(None);
    let close: Vec<i32> = p.files.table.iter().filter(|(_, e)| e.cloexec).map(|(fd, _)| *fd).collect();
    for fd in close {
        let _ = cx.sys.close_fd(pid, fd, at);
    }
    let threads: Vec<Pid> =
        cx.sys.processes.values().filter(|t| t.leader == pid && t.pid != pid).map(|t| t.pid).collect();
    for t in threads {
        cx.sys.end_process(t, crate::ExitStatus::Code(0), at);
    }
    cx.sys.started.0.push((pid, Some(image.program)));
}

/// Fork, namespaces and exec in one. Nothing is left behind where it fails.
pub(super) fn spawn(cx: &mut Cx<'_>, spec: &SpawnSpec) -> SysResult {
    let me = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let privileged = me.can(crate::capability::Cap::SysAdmin);
    let other = spec.uid != me.seen_uid(me.uid);
    let wants = spec.mnt.is_some() || spec.net.is_some() || spec.pid_ns != PidNsSpec::Inherit || other;
    if wants && !privileged {
        return Err(Errno::EPERM);
    }
    let at = cx.now();
    let pid_ns = match spec.pid_ns {
        PidNsSpec::Inherit => None,
        PidNsSpec::Of(p) => Some(cx.sys.process(p).filter(|p| !p.is_zombie()).ok_or(Errno::ESRCH)?.pid_ns),
        PidNsSpec::New => {
            let id = PidNsId(cx.sys.next_ns);
            cx.sys.next_ns += 1;
            cx.sys.pid_ns.insert(id, crate::system::PidNs::default());
            Some(id)
        }
    };
    let files: Vec<(i32, crate::file::FileId)> = spec
        .fds
        .iter()
        .map(|(child, own)| cx.sys.file_of(cx.pid, *own).map(|f| (*child, f)))
        .collect::<Result<_, _>>()?;
    let uts = spec.hostname.as_ref().map(|name| {
        let id = UtsNsId(cx.sys.next_ns);
        cx.sys.next_ns += 1;
        cx.sys.uts_ns.insert(id, name.clone());
        id
    });
    let child = cx.sys.new_process(cx.pid, pid_ns, at).ok_or(Errno::EAGAIN)?;
    let cgroup_ns = match (spec.pid_ns, pid_ns) {
        (PidNsSpec::New, Some(ns)) => {
            if let Some(mnt) = spec.mnt {
                cx.sys.bind_proc(mnt, ns);
            }
            cx.sys.cgroup_ns.insert(ns.0, spec.cgroup.clone());
            ns.0
        }
        (PidNsSpec::Of(p), _) => cx.sys.process(p).map_or(0, |p| p.spaces.cgroup),
        _ => 0,
    };
    if !spec.cgroup.is_empty() {
        cx.sys.cgroup_make(&spec.cgroup);
    }
    cx.sys.close_all(child, at);
    for (fd, file) in files {
        let _ = cx.sys.point(child, file, fd, false);
    }
    let result = prepare(cx, spec, child, uts, cgroup_ns).and_then(|()| {
        let image = find(cx, spec, child)?;
        install(cx, child, image);
        Ok(())
    });
    match result {
        Ok(()) => {
            cx.sys.set_ready(child, None, at + SimTime(1_000_000));
            num(child.0)
        }
        Err(e) => {
            cx.sys.end_process(child, crate::ExitStatus::Code(127), at);
            cx.sys.processes.remove(&child);
            Err(e)
        }
    }
}

/// The user namespace of a spawned process: a new one, or that of the process whose namespaces it joins.
fn join_users(cx: &mut Cx<'_>, spec: &SpawnSpec, child: Pid) -> Result<(), Errno> {
    let (user, maps) = match (spec.remap, spec.pid_ns) {
        (Some(map), _) => {
            if let Some(m) = cx.sys.mounts.get_mut(cx.sys.root_of(spec.mnt.unwrap_or_default()).mount) {
                m.idmap = Some(map);
            }
            let all = |base| Some(vec![(0, base, IdMap::COUNT)]);
            (cx.sys.next_namespace(), Rc::new(IdMaps { uids: all(map.uid), gids: all(map.gid) }))
        }
        (None, PidNsSpec::Of(p)) => {
            let target = cx.sys.process(p).ok_or(Errno::ESRCH)?;
            (target.spaces.user, target.maps.clone())
        }
        _ => return Ok(()),
    };
    let p = cx.sys.process_mut(child).ok_or(Errno::ESRCH)?;
    (p.spaces.user, p.maps) = (user, maps);
    Ok(())
}

fn prepare(cx: &mut Cx<'_>, spec: &SpawnSpec, child: Pid, uts: Option<UtsNsId>, cgroup_ns: u32) -> Result<(), Errno> {
    let root = cx.sys.root_of(spec.mnt.unwrap_or_default());
    join_users(cx, spec, child)?;
    let p = cx.sys.process_mut(child).ok_or(Errno::ESRCH)?;
    if let Some(ns) = spec.mnt {
        p.mnt_ns = ns;
        (p.root, p.cwd) = (root, root);
    }
    p.net_ns = spec.net.unwrap_or(p.net_ns);
    p.uts_ns = uts.unwrap_or(p.uts_ns);
    if !spec.cgroup.is_empty() {
        p.cgroup.clone_from(&spec.cgroup);
        // runc's default: a cgroup namespace of its own for what has its own processes and files.
        if spec.mnt.is_some() && spec.pid_ns != PidNsSpec::Inherit && !spec.host_cgroup_ns {
            p.spaces.cgroup = cgroup_ns;
        }
    }
    if spec.new_session {
        (p.sid, p.pgid, p.tty) = (child, child, None);
    }
    p.dispositions.clear();
    p.umask = 0o022;
    if let Some(fd) = spec.controlling_tty {
        let id = cx.sys.file_of(child, fd)?;
        let Some(FileKind::Tty(t)) = cx.sys.files.get(&id).map(|f| f.kind.clone()) else { return Err(Errno::ENOTTY) };
        if let Some(tty) = cx.sys.ttys.get_mut(&t) {
            (tty.session, tty.foreground) = (Some(child), Some(child));
        }
        cx.sys.process_mut(child).ok_or(Errno::ESRCH)?.tty = Some(t);
    }
    if !spec.cwd.is_empty() {
        let p = cx.sys.process(child).ok_or(Errno::ESRCH)?;
        let loc = cx.sys.resolve(p, &spec.cwd, true)?.loc.ok_or(Errno::ENOENT)?;
        if cx.sys.inode_at(p, loc).is_some_and(|i| i.file_type() != FileType::Dir) {
            return Err(Errno::ENOTDIR);
        }
        cx.sys.process_mut(child).ok_or(Errno::ESRCH)?.cwd = loc;
    }
    let p = cx.sys.process_mut(child).ok_or(Errno::ESRCH)?;
    // As its user namespace numbers them; who stays the same may have no number there.
    let uid = if p.seen_uid(p.uid) == spec.uid { p.uid } else { p.host_uid(spec.uid)? };
    let gid = if p.seen_gid(p.gid) == spec.gid { p.gid } else { p.host_gid(spec.gid)? };
    let terminal = p.tty.filter(|_| spec.controlling_tty.is_some());
    // setgroups(2) takes a privilege.
    let free = p.caps.effective & crate::capability::Cap::Setgid.bit() != 0;
    let seen: Vec<u32> = p.groups.iter().map(|g| p.seen_gid(*g)).collect();
    if free && seen != spec.groups {
        p.groups = spec.groups.iter().map(|g| p.host_gid(*g)).collect::<Result<_, _>>()?;
    }
    if uid != p.uid || gid != p.gid {
        p.caps = p.caps.after_setuid(spec.uid == 0);
    }
    (p.uid, p.gid) = (uid, gid);
    (p.real, p.saved) = ((p.uid, p.gid), (p.uid, p.gid));
    if let Some(caps) = spec.caps {
        p.caps.bounding &= caps;
    }
    p.no_new_privs |= spec.no_new_privs;
    let net_ns = p.net_ns;
    for (name, value) in &spec.sysctls {
        cx.sys.set_sysctl(net_ns, &name.replace('.', "/"), value)?;
    }
    let p = cx.sys.process_mut(child).ok_or(Errno::ESRCH)?;
    p.seccomp |= spec.seccomp;
    p.oom_score_adj = spec.oom_score_adj.unwrap_or(p.oom_score_adj);
    for (r, soft, hard) in &spec.limits {
        p.limits.set(*r, *soft, *hard);
    }
    // Its terminal is its own (runc's `fixStdioPermissions`).
    if let Some(t) = terminal.and_then(|t| cx.sys.ttys.get_mut(&t)) {
        t.owner = uid;
    }
    Ok(())
}

fn find(cx: &Cx<'_>, spec: &SpawnSpec, child: Pid) -> Result<Image, Errno> {
    let name = spec.path.as_ref().or(spec.argv.first()).filter(|n| !n.is_empty()).ok_or(Errno::ENOENT)?;
    if name.contains('/') {
        return load(cx, child, name, spec.argv.clone(), &spec.env);
    }
    let path = spec
        .env
        .iter()
        .rev()
        .find(|(k, _)| k == "PATH")
        .map_or("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", |(_, v)| v);
    let mut denied = false;
    for dir in path.split(':') {
        let full = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
        match load(cx, child, &full, spec.argv.clone(), &spec.env) {
            Err(Errno::EACCES) => denied = true,
            Err(Errno::ENOENT | Errno::ENOTDIR) => {}
            r => return r,
        }
    }
    Err(if denied { Errno::EACCES } else { Errno::ENOENT })
}

pub(super) fn thread(cx: &mut Cx<'_>, body: &ThreadBody) -> SysResult {
    let program = body.take().ok_or(Errno::EINVAL)?;
    let at = cx.now();
    let leader = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?.leader;
    let mut t = cx.sys.process(leader).ok_or(Errno::ESRCH)?.clone();
    let host = cx.sys.pid_ns.entry(PidNsId(0)).or_default();
    let pid = Pid(host.next);
    host.next += 1;
    (t.pid, t.leader, t.started, t.cpu, t.generation) = (pid, leader, at, SimTime(0), 0);
    t.files = Files::default();
    (t.opening, t.opens) = (None, Vec::new());
    t.pending.clear();
    t.caught.clear();
    t.state = State::Ready(None);
    cx.sys.processes.insert(pid, t);
    cx.sys.started.0.push((pid, Some(Body::Running(program))));
    cx.sys.set_ready(pid, None, at);
    num(pid.0)
}
