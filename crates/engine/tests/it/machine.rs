//! A machine with dockerd as its first process, a client, and a few programs for images.

use std::rc::Rc;

use layerlab_api::client::Client;
use layerlab_api::http::Request;
use layerlab_api::query::Query;
use layerlab_engine::EngineState;
use layerlab_kernel::vfs::{Dev, Inode, Node, Tree};
use layerlab_kernel::{
    ExitStatus, Kernel, OpenFlags, Outside, Program, ProgramArgs, ProgramTable, SimTime, SpawnSpec, Sys, async_program,
    stub,
};

/// Wall clock at boot: 2026-11-21 08:00:00 UTC.
pub const BOOT: i64 = 1_795_248_000 * 1_000_000_000;

/// A machine and its time.
pub struct Machine {
    pub kernel: Kernel,
}

/// An answer of the daemon.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
    pub fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().to_owned()
    }
    pub fn lines(&self) -> Vec<serde_json::Value> {
        self.body.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }
}

/// `client METHOD PATH?QUERY`: the body comes in, the answer goes out. `LEAVE` posts and goes away
/// ten seconds after the answer has begun.
fn client(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let body = sys.read_all(0).await.unwrap();
        let (method, target) = (&args.argv[1], &args.argv[2]);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let leaves = method == "LEAVE";
        let mut request = Request::new(if leaves { "POST" } else { method }, path, Query::parse(query));
        if args.argv.len() > 3 {
            request.headers.add("Upgrade", "tcp");
            request.headers.add("Connection", "Upgrade");
        }
        let mut answer =
            Client::local(sys.clone()).send_raw(request, Some("application/json"), Some(body)).await.unwrap();
        sys.print(format!("{}\n", answer.head.status)).await.unwrap();
        if leaves {
            sys.sleep(SimTime::secs(10)).await.unwrap();
            return 0;
        }
        loop {
            let data = answer.chunk().await.unwrap();
            if data.is_empty() {
                return 0;
            }
            sys.write_all(1, data).await.unwrap();
        }
    })
}

/// A few applets by `argv[0]`; `sh -c` knows words, `&&`, `;`, `$NAME` and `>`.
fn applets(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move { applet(&sys, &args.argv, &args).await })
}

async fn applet(sys: &Sys, argv: &[String], args: &ProgramArgs) -> i32 {
    let name = argv[0].rsplit('/').next().unwrap();
    let rest = &argv[1..];
    match name {
        "true" => 0,
        "false" => 1,
        "echo" => {
            sys.print(format!("{}\n", rest.join(" "))).await.unwrap();
            0
        }
        "cat" => {
            if rest.is_empty() {
                let all = sys.read_all(0).await.unwrap();
                sys.write_all(1, all).await.unwrap();
            }
            for f in rest {
                match sys.read_file(f).await {
                    Ok(b) => sys.write_all(1, b).await.unwrap(),
                    Err(e) => {
                        sys.eprint(format!("cat: {f}: {e}\n")).await;
                        return 1;
                    }
                }
            }
            0
        }
        "sleep" => {
            sys.sleep(SimTime::secs(rest[0].parse().unwrap())).await.unwrap();
            0
        }
        "env" => {
            for (k, v) in &args.env {
                sys.print(format!("{k}={v}\n")).await.unwrap();
            }
            0
        }
        "pwd" => {
            let d = sys.getcwd().await.unwrap();
            sys.print(format!("{d}\n")).await.unwrap();
            0
        }
        "id" => {
            let (u, g) = sys.ids();
            sys.print(format!("uid={u} gid={g}\n")).await.unwrap();
            0
        }
        "ls" => {
            for e in sys.read_dir(rest.first().map_or(".", String::as_str)).await.unwrap() {
                sys.print(format!("{}\n", e.name)).await.unwrap();
            }
            0
        }
        "mkdir" => {
            sys.mkdir(rest.last().unwrap(), 0o755).await.unwrap();
            0
        }
        "rm" => {
            sys.unlink(rest.last().unwrap()).await.unwrap();
            0
        }
        "tty" => {
            let t = sys.tty_name(0).await.unwrap_or_else(|_| "not a tty".to_owned());
            sys.print(format!("{t}\n")).await.unwrap();
            0
        }
        "wget" => wget(sys, &rest[0]).await,
        "nc" => listen(sys).await,
        "trap" => {
            sys.sigaction(layerlab_kernel::Signal::TERM, layerlab_kernel::Disposition::Catch).await.unwrap();
            let _ = sys.sleep(SimTime::secs(1000)).await;
            sys.print("bye\n").await.unwrap();
            0
        }
        "sh" => script(sys, rest, args).await,
        other => {
            sys.eprint(format!("{other}: applet not found\n")).await;
            127
        }
    }
}

async fn wget(sys: &Sys, target: &str) -> i32 {
    let (host, port) = target.split_once(':').unwrap();
    let addr = match sys.resolve(host).await {
        Ok(a) => a[0],
        Err(e) => {
            sys.eprint(format!("{e}\n")).await;
            return 1;
        }
    };
    let fd = sys.socket(layerlab_kernel::SockKind::Tcp).await.unwrap();
    let to = layerlab_kernel::SockAddr::Inet(std::net::SocketAddrV4::new(addr, port.parse().unwrap()));
    if let Err(e) = sys.connect(fd, to).await {
        sys.eprint(format!("{e}\n")).await;
        return 1;
    }
    let all = sys.read_all(fd).await.unwrap();
    sys.write_all(1, all).await.unwrap();
    0
}

async fn listen(sys: &Sys) -> i32 {
    let fd = sys.socket(layerlab_kernel::SockKind::Tcp).await.unwrap();
    let any = layerlab_kernel::SockAddr::Inet("0.0.0.0:80".parse().unwrap());
    sys.bind(fd, any).await.unwrap();
    sys.listen(fd, 5).await.unwrap();
    sys.print("listening\n").await.unwrap();
    loop {
        let (c, _) = sys.accept(fd).await.unwrap();
        sys.write_all(c, "hello from nc\n").await.unwrap();
        sys.close(c).await.unwrap();
    }
}

async fn script(sys: &Sys, rest: &[String], args: &ProgramArgs) -> i32 {
    let mut last = 0;
    for part in rest[1].split(';') {
        for command in part.split("&&") {
            let mut words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            for w in &mut words {
                if let Some(v) = w.strip_prefix('$') {
                    *w = args.var(v).unwrap_or_default().to_owned();
                }
            }
            let Some(first) = words.first().cloned() else { continue };
            if first == "exit" {
                return words[1].parse().unwrap();
            }
            let mut out = None;
            if let Some(at) = words.iter().position(|w| w == ">") {
                let fd = sys.open(&words[at + 1], OpenFlags::CREATE, 0o644).await.unwrap();
                out = Some((sys.dup(1, 10).await.unwrap(), fd));
                sys.dup2(fd, 1).await.unwrap();
                words.truncate(at);
            }
            last = if ["apt-get"].contains(&first.as_str()) {
                sys.eprint(format!("/bin/sh: {first}: not found\n")).await;
                127
            } else {
                Box::pin(applet(sys, &words, args)).await
            };
            if let Some((saved, fd)) = out {
                sys.dup2(saved, 1).await.unwrap();
                sys.close(saved).await.unwrap();
                sys.close(fd).await.unwrap();
            }
            if last != 0 {
                break;
            }
        }
    }
    last
}

/// A first process that can be cloned: it sleeps for ever.
#[derive(Clone)]
struct Sleeper;

impl Program for Sleeper {
    fn resume(&mut self, _: &mut layerlab_kernel::Cx<'_>) -> layerlab_kernel::Step {
        layerlab_kernel::Step::Syscall(layerlab_kernel::Syscall::Sleep { duration: SimTime::secs(1 << 30) })
    }
    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }
    fn digest(&self, _: &mut layerlab_kernel::StateHasher) {}
}

fn sleeper(_: ProgramArgs) -> Box<dyn Program> {
    Box::new(Sleeper)
}

impl Machine {
    pub fn new() -> Self {
        let table = ProgramTable::default();
        table.extend(layerlab_engine::PROGRAMS);
        table.add("client", client);
        table.add("hello-world", sleeper);
        for name in ["busybox", "sh", "sleep", "cat", "python3", "pip"] {
            table.add(name, applets);
        }
        let mut root = Tree::new();
        for dir in ["/bin", "/dev", "/etc", "/home/student", "/run", "/tmp", "/var/lib"] {
            root.mkdir_all(dir).unwrap();
        }
        for name in ["dockerd", "client"] {
            root.insert(&format!("/bin/{name}"), Inode::file(stub::executable(name, "29"), 0o755)).unwrap();
        }
        root.insert("/dev/null", Inode::new(Node::Char(Dev::Null), 0o666)).unwrap();
        root.insert("/etc/resolv.conf", Inode::file("nameserver 10.0.0.53\n", 0o644)).unwrap();
        let mut kernel = Kernel::new(root, Rc::new(table), 7, BOOT, "layerlab");
        kernel.sys.plug(layerlab_engine::registry::SITES).unwrap();
        kernel.sys.add_tty();
        kernel.boot("/bin/dockerd", vec!["dockerd".to_owned()], Vec::new()).unwrap();
        kernel.run_until(SimTime::secs(1));
        Self { kernel }
    }

    pub fn state(&self) -> &EngineState {
        self.kernel.find_memory().unwrap()
    }

    /// Starts a request.
    pub fn begin(&mut self, method: &str, target: &str, body: &[u8]) -> Outside {
        let spec = SpawnSpec {
            argv: ["/bin/client", method, target].map(str::to_owned).to_vec(),
            cwd: "/".to_owned(),
            ..SpawnSpec::default()
        };
        let o = self.kernel.spawn_outside(&spec).unwrap();
        self.kernel.write_outside(&o, body);
        self.kernel.close_outside(&o);
        o
    }

    pub fn run_for(&mut self, time: SimTime) {
        let until = self.kernel.sys.now + time;
        self.kernel.run_until(until);
    }

    /// Waits for a request's end, at most 5 virtual minutes.
    pub fn end(&mut self, o: &Outside) -> Answer {
        for _ in 0..30_000 {
            if self.kernel.status_outside(o).is_some() {
                break;
            }
            self.run_for(SimTime::millis(10));
        }
        let status = self.kernel.status_outside(o);
        let (out, err) = self.kernel.take_outside(o);
        assert_eq!(
            status,
            Some(ExitStatus::Code(0)),
            "{}{}",
            String::from_utf8_lossy(&out),
            String::from_utf8_lossy(&err)
        );
        self.kernel.forget_outside(o);
        let at = out.iter().position(|b| *b == b'\n').unwrap();
        let bytes = out[at + 1..].to_vec();
        let status = std::str::from_utf8(&out[..at]).unwrap().parse().unwrap();
        Answer { status, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    pub fn request(&mut self, method: &str, target: &str, body: &str) -> Answer {
        let o = self.begin(method, target, body.as_bytes());
        self.end(&o)
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.request("GET", target, "")
    }

    pub fn post(&mut self, target: &str, body: &str) -> Answer {
        self.request("POST", target, body)
    }

    pub fn pull(&mut self, name: &str) {
        let (repo, tag) = name.split_once(':').unwrap_or((name, "latest"));
        let a = self.post(&format!("/images/create?fromImage={repo}&tag={tag}"), "");
        assert_eq!(a.status, 200, "{}", a.body);
        assert!(a.body.contains("Status: "), "{}", a.body);
    }

    /// Creates a container; its ID.
    pub fn create(&mut self, name: &str, json: &str) -> String {
        let a = self.post(&format!("/containers/create?name={name}"), json);
        assert_eq!(a.status, 201, "{}", a.body);
        a.json()["Id"].as_str().unwrap().to_owned()
    }

    /// Creates and starts.
    pub fn run(&mut self, name: &str, json: &str) -> String {
        let id = self.create(name, json);
        let a = self.post(&format!("/containers/{id}/start"), "");
        assert_eq!(a.status, 204, "{}", a.body);
        id
    }

    /// What a container wrote, without frames.
    pub fn logs(&mut self, name: &str) -> String {
        let a = self.get(&format!("/containers/{name}/logs?stdout=1&stderr=1"));
        let mut d = layerlab_api::stdcopy::Decoder::default();
        let frames = d.push(&a.bytes);
        frames.into_iter().map(|f| String::from_utf8(f.1).unwrap()).collect()
    }
}
