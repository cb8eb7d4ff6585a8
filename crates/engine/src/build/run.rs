//! RUN: a process in namespaces of its own, on the tree that the step stands on.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use layerlab_dockerfile::instruction::{Mount, MountKind};
use layerlab_kernel::capability;
use layerlab_kernel::net::NetOp;
use layerlab_kernel::vfs::{FsId, FsKind, Inode, Node, Tree};
use layerlab_kernel::{
    Errno, Fd, MntNsId, MountSpec, NetNsId, PidNsSpec, PollFd, Signal, SpawnSpec, Sys, WaitFlags, WaitFor,
};

use super::copy;
use super::error::BuildError;
use super::graph::{PATH, RunStep};
use super::progress::Progress;
use crate::container::process::{self, Started};
use crate::container::{mount, security, user};
use crate::context::{now, with};

/// What was made for a RUN and is given back behind it.
#[derive(Default)]
struct Made {
    root: Option<FsId>,
    others: Vec<FsId>,
    mnt: Option<MntNsId>,
    net: Option<NetNsId>,
}

/// What a RUN gets from the build beside its own text.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Trees of its mounts.
    pub trees: Vec<Tree>,
    /// Secrets by ID.
    pub secrets: BTreeMap<String, Vec<u8>>,
    /// IDs of agents.
    pub ssh: Vec<String>,
    /// Number of the build.
    pub number: u64,
    /// The builder; empty: the daemon's own.
    pub builder: String,
}

/// Runs a step on a tree; answers the tree behind it.
///
/// # Errors
/// It fails, or the client goes away.
pub async fn run(
    progress: &mut Progress,
    vertex: &str,
    step: &RunStep,
    below: &Tree,
    given: Given,
) -> Result<Tree, BuildError> {
    let mut made = Made::default();
    let result = in_namespaces(progress, vertex, step, below, given, &mut made).await;
    let sys = progress.sys.clone();
    let after = match made.root {
        Some(fs) => sys.fs_tree(fs).await.ok(),
        None => None,
    };
    if let Some(ns) = made.net {
        let _ = sys.net(NetOp::NsDrop(ns)).await;
    }
    if let Some(mnt) = made.mnt {
        let _ = sys.mnt_ns_drop(mnt).await;
    }
    for fs in made.others.into_iter().chain(made.root) {
        let _ = sys.fs_drop(fs).await;
    }
    let targets = result?;
    let mut after = after.ok_or_else(|| BuildError::new("the step's file system is gone"))?;
    take_away(&mut after, below, &targets);
    Ok(after)
}

async fn in_namespaces(
    progress: &mut Progress,
    vertex: &str,
    step: &RunStep,
    below: &Tree,
    given: Given,
    made: &mut Made,
) -> Result<Vec<String>, BuildError> {
    let sys = progress.sys.clone();
    let failed =
        |why: &str| BuildError::new(format!("process \"{}\" did not complete successfully: {why}", step.shown));
    let owner = user::find(below, &step.op.user).map_err(|e| failed(&e.message))?;
    let mut tree = below.clone();
    let at = wall(&sys);
    let cwd = if step.op.workdir.is_empty() { "/" } else { step.op.workdir.as_str() };
    copy::make_dirs(&mut tree, cwd, None, at).map_err(|e| failed(&format!("{e:?}")))?;
    let root = sys.fs_new(FsKind::Overlay, tree).await?;
    made.root = Some(root);
    let mut env = environment(step, &owner.home);
    let number = given.number;
    let specs = mount_specs(&sys, step, given, &mut env, made).await?;
    let targets: Vec<String> = specs.iter().map(|s| s.target.clone()).collect();
    let mnt = sys.mnt_ns_new(root, false, specs).await?;
    made.mnt = Some(mnt);
    made.net = network(&sys, &step.op.network, number).await?;
    let spec = SpawnSpec {
        argv: step.argv.clone(),
        env,
        cwd: cwd.to_owned(),
        uid: owner.uid,
        gid: owner.gid,
        groups: owner.groups,
        mnt: Some(mnt),
        net: made.net,
        pid_ns: PidNsSpec::New,
        hostname: Some("buildkitsandbox".to_owned()),
        caps: Some(if step.op.security == "insecure" { capability::ALL } else { security::DEFAULT_BITS }),
        cgroup: format!("/docker/buildkit/{}", vertex.trim_start_matches("sha256:").get(..25).unwrap_or(vertex)),
        ..SpawnSpec::default()
    };
    let program = step.argv.first().cloned().unwrap_or_default();
    let started = match process::spawn(&sys, spec, false, false, None).await {
        Ok(started) => started,
        Err(e) => {
            let text =
                format!("runc run failed: unable to start container process: {}\n", process::explain(&program, e));
            progress.log(vertex, 2, text.as_bytes()).await?;
            return Err(failed("exit code: 1"));
        }
    };
    let told = follow(progress, vertex, &started).await;
    if told.is_err() {
        let _ = sys.kill_host(started.pid, Signal::KILL).await;
    }
    for fd in [Some(started.stdout), started.stderr].into_iter().flatten() {
        let _ = sys.close(fd).await;
    }
    let (_, status) = sys.wait(WaitFor::Pid(started.pid), WaitFlags::default()).await?;
    told?;
    match status.code() {
        0 => Ok(targets),
        code => Err(failed(&format!("exit code: {code}"))),
    }
}

/// Wall clock as a file's time.
pub fn wall(sys: &Sys) -> (i64, u32) {
    let ns = sys.wall_clock();
    (ns.div_euclid(1_000_000_000), u32::try_from(ns.rem_euclid(1_000_000_000)).unwrap_or(0))
}

fn environment(step: &RunStep, home: &str) -> Vec<(String, String)> {
    let mut env = step.op.env.clone();
    let has = |env: &[(String, String)], name: &str| env.iter().any(|(k, _)| k == name);
    if !has(&env, "PATH") {
        env.insert(0, ("PATH".to_owned(), PATH.to_owned()));
    }
    env.extend(step.op.args.iter().map(|(k, v)| (k.clone(), v.clone())));
    env.extend(step.proxies.iter().cloned());
    if !has(&env, "HOME") {
        env.push(("HOME".to_owned(), home.to_owned()));
    }
    env
}

/// Passes the output on until its end, and looks whether the client is still there.
async fn follow(progress: &mut Progress, vertex: &str, started: &Started) -> Result<(), BuildError> {
    let sys = progress.sys.clone();
    let stop = progress.mailbox.as_ref().map_or(progress.client, |m| m.stop);
    let mut open: Vec<(Fd, u8)> = vec![(started.stdout, 1)];
    open.extend(started.stderr.map(|fd| (fd, 2)));
    while !open.is_empty() {
        let mut want: Vec<PollFd> = open.iter().map(|(fd, _)| PollFd { fd: *fd, read: true, write: false }).collect();
        want.push(PollFd { fd: stop, read: true, write: false });
        let ready = match sys.poll(want, None).await {
            Ok(ready) => ready,
            Err(Errno::EINTR) => continue,
            Err(e) => return Err(e.into()),
        };
        for fd in ready.iter().map(|r| r.fd) {
            if fd == stop {
                return Err(BuildError::canceled());
            }
            let Some(stream) = open.iter().find(|o| o.0 == fd).map(|o| o.1) else { continue };
            match sys.read(fd, 1 << 16).await {
                Ok(data) if !data.is_empty() => progress.log(vertex, stream, &data).await?,
                Err(Errno::EINTR | Errno::EAGAIN) => {}
                _ => open.retain(|o| o.0 != fd),
            }
        }
    }
    Ok(())
}

async fn network(sys: &Sys, mode: &str, number: u64) -> Result<Option<NetNsId>, BuildError> {
    if mode == "host" {
        return Ok(None);
    }
    let id = sys.net(NetOp::NsNew).await?;
    let ns = NetNsId(u32::try_from(id).unwrap_or(0));
    if mode != "none" {
        // From the far end of docker0's addresses, where containers don't come.
        let last = u8::try_from(254 - number % 200).unwrap_or(254);
        let attach = NetOp::Attach {
            ns,
            bridge: "docker0".to_owned(),
            ifname: "eth0".to_owned(),
            addr: Ipv4Addr::new(172, 17, 255, last),
            addr6: None,
            mac: format!("02:42:ac:11:ff:{last:02x}"),
        };
        sys.net(attach).await?;
    }
    Ok(Some(ns))
}

async fn mount_specs(
    sys: &Sys,
    step: &RunStep,
    given: Given,
    env: &mut Vec<(String, String)>,
    made: &mut Made,
) -> Result<Vec<MountSpec>, BuildError> {
    let spec = |fs, source: &str, target: &str, read_only| MountSpec {
        fs,
        source: source.to_owned(),
        target: target.to_owned(),
        read_only,
        ..MountSpec::default()
    };
    let mut dev = mount::dev();
    if let Some((name, content)) = &step.script {
        let _ = dev.insert(&format!("/pipes/{name}"), Inode::file(content.as_bytes().to_vec(), 0o755));
    }
    let dev = sys.fs_new(FsKind::Devtmpfs, dev).await?;
    made.others.push(dev);
    let resolv = sys.read_file("/etc/resolv.conf").await.unwrap_or_default();
    let mut own = Tree::new();
    let _ = own.insert("/resolv.conf", Inode::file(resolv, 0o644));
    let _ = own.insert(
        "/hosts",
        Inode::file("127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n", 0o644),
    );
    let own = sys.fs_new(FsKind::Tmpfs, own).await?;
    made.others.push(own);
    let mut specs = vec![
        spec(dev, "/", "/dev", false),
        spec(own, "/resolv.conf", "/etc/resolv.conf", true),
        spec(own, "/hosts", "/etc/hosts", true),
    ];
    for (kind, target, read_only) in
        [(FsKind::Proc, "/proc", false), (FsKind::Sysfs, "/sys", true), (FsKind::Cgroup2, "/sys/fs/cgroup", true)]
    {
        specs.push(spec(sys.fs_new(kind, Tree::new()).await?, "/", target, read_only));
    }
    for ((mount, from), tree) in step.mounts.iter().zip(given.trees.iter().cloned()) {
        let id = secret_id(mount);
        let target = match (&mount.target, mount.kind) {
            (None, MountKind::Secret) => format!("/run/secrets/{id}"),
            (None, MountKind::Ssh) => format!("/run/buildkit/ssh_agent.{}", specs.len() - 6),
            (target, _) => target.clone().unwrap_or_default(),
        };
        let target =
            copy::clean(&if target.starts_with('/') { target } else { format!("{}/{target}", step.op.workdir) });
        match mount.kind {
            MountKind::Bind => {
                let fs = sys.fs_new(FsKind::Overlay, tree).await?;
                made.others.push(fs);
                let source = copy::clean(mount.source.as_deref().unwrap_or("/"));
                specs.push(spec(fs, &source, &target, mount.read_only));
            }
            MountKind::Tmpfs => {
                let mut tree = Tree::new();
                if let Some(root) = tree.get_mut(Tree::ROOT) {
                    root.mode = 0o1777;
                }
                let fs = sys.fs_new_limited(FsKind::Tmpfs, tree, mount.size).await?;
                made.others.push(fs);
                specs.push(spec(fs, "/", &target, false));
            }
            MountKind::Cache => {
                let first = from.is_some().then_some(tree);
                let cache = CacheMount { mount, target: &target, first, builder: &given.builder, shown: &step.shown };
                specs.push(spec(cache_mount(sys, cache).await?, "/", &target, mount.read_only));
            }
            MountKind::Secret => {
                // A secret that is not required may be absent.
                let Some(value) = given.secrets.get(&id) else { continue };
                if let Some(name) = &mount.env {
                    env.push((name.clone(), String::from_utf8_lossy(value).into_owned()));
                    if mount.target.is_none() {
                        continue;
                    }
                }
                let owner = (mount.uid.unwrap_or(0), mount.gid.unwrap_or(0));
                let mut file = Inode::file(value.clone(), mount.mode.unwrap_or(0o400)).owned(owner.0, owner.1);
                file.mtime = wall(sys);
                let fs = one_file(sys, file).await?;
                made.others.push(fs);
                specs.push(spec(fs, "/it", &target, false));
            }
            MountKind::Ssh => {
                if !given.ssh.contains(&id) {
                    continue;
                }
                let owner = (mount.uid.unwrap_or(0), mount.gid.unwrap_or(0));
                let socket = Inode::new(Node::Socket, mount.mode.unwrap_or(0o600)).owned(owner.0, owner.1);
                let fs = one_file(sys, socket).await?;
                made.others.push(fs);
                specs.push(spec(fs, "/it", &target, false));
                env.push(("SSH_AUTH_SOCK".to_owned(), target));
            }
        }
    }
    Ok(specs)
}

/// `id=`, else the target's base name; an agent's is `default`.
pub fn secret_id(mount: &Mount) -> String {
    let of_target = || mount.target.as_deref().and_then(|t| t.rsplit('/').next()).filter(|t| !t.is_empty());
    match (&mount.id, mount.kind) {
        (Some(id), _) => id.clone(),
        (None, MountKind::Ssh) => "default".to_owned(),
        (None, _) => of_target().or(mount.env.as_deref()).unwrap_or_default().to_owned(),
    }
}

async fn one_file(sys: &Sys, file: Inode) -> Result<FsId, BuildError> {
    let mut tree = Tree::new();
    let _ = tree.insert("/it", file);
    Ok(sys.fs_new(FsKind::Tmpfs, tree).await?)
}

/// A cache mount that is wanted.
struct CacheMount<'a> {
    mount: &'a Mount,
    target: &'a str,
    /// What `from=` begins it with.
    first: Option<Tree>,
    builder: &'a str,
    /// The command that it is for.
    shown: &'a str,
}

/// The file system of a cache mount; it outlives the build.
async fn cache_mount(sys: &Sys, wanted: CacheMount<'_>) -> Result<FsId, BuildError> {
    let CacheMount { mount, target, first, builder, shown } = wanted;
    let id = mount.id.clone().unwrap_or_else(|| target.to_owned());
    let at = now(sys);
    if let Some(fs) = with(sys, |s| s.cache_of(builder).mount(&id, at))? {
        return Ok(fs);
    }
    let mut tree = first.map_or_else(Tree::new, |t| below(&t, mount.source.as_deref().unwrap_or("/")));
    if let Some(root) = tree.get_mut(Tree::ROOT) {
        (root.mode, root.uid, root.gid) = (mount.mode.unwrap_or(0o755), mount.uid.unwrap_or(0), mount.gid.unwrap_or(0));
        root.mtime = wall(sys);
    }
    let fs = sys.fs_new(FsKind::Ext4, tree).await?;
    let description = format!("cached mount {target} from exec {shown}");
    with(sys, |s| s.cache_of(builder).keep_mount(id, fs, description, at))?;
    Ok(fs)
}

/// A folder of a tree as a tree of its own.
pub(super) fn below(tree: &Tree, path: &str) -> Tree {
    let path = copy::clean(path);
    if path == "/" {
        return tree.clone();
    }
    let mut out = Tree::new();
    for (rel, _, inode) in tree.walk_from(&path) {
        let mut inode = Inode::clone(&inode);
        if matches!(inode.node, Node::Dir { .. }) {
            inode.node = Inode::dir(0).node;
        }
        let _ = out.insert(&rel, inode);
    }
    out
}

/// Takes places away that were only made to mount something there.
fn take_away(tree: &mut Tree, below: &Tree, targets: &[String]) {
    for target in targets {
        let mut path = target.as_str();
        while !path.is_empty() && below.lookup(path).is_none() {
            let empty = match tree.at(path).map(|i| &i.node) {
                Some(Node::Dir { entries, .. }) => entries.is_empty(),
                Some(Node::File(b)) => b.is_empty(),
                _ => false,
            };
            if !empty {
                break;
            }
            tree.remove_path(path);
            path = path.rsplit_once('/').map_or("", |(up, _)| up);
        }
    }
}
