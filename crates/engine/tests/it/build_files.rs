//! Where COPY and ADD put what, and what RUN finds.

use layerlab_oci::layer::{Entry, EntryKind, write};

use crate::builds::{Folder, build, built, failed, logs};
use crate::machine::Machine;

/// Builds `FROM alpine` with these lines; answers `path owner mode content` of all that is new.
fn result(folder: &Folder, lines: &str) -> Vec<String> {
    let mut m = Machine::new();
    let id = built(&mut m, &folder.clone().with("Dockerfile", &format!("FROM scratch\n{lines}\n")), "t=x");
    let state = m.state();
    let image = state.images.images.values().find(|i| i.id().to_string() == id).unwrap();
    let tree = layerlab_engine::image::unpack::tree(state, image.diff_ids()).unwrap();
    let tell = |(path, _, inode): (String, _, std::rc::Rc<layerlab_kernel::vfs::Inode>)| {
        let what = match &inode.node {
            layerlab_kernel::vfs::Node::File(b) => format!("= {}", String::from_utf8_lossy(b)),
            layerlab_kernel::vfs::Node::Symlink(t) => format!("-> {t}"),
            _ => "dir".to_owned(),
        };
        format!("{path} {}:{} {:o} {what}", inode.uid, inode.gid, inode.mode)
    };
    tree.walk().into_iter().map(tell).collect()
}

fn folder() -> Folder {
    Folder::default().with("a.txt", "a").with("b.txt", "b").with_mode("src/run.sh", "r", 0o755).with("src/deep/x", "x")
}

#[test]
fn destinations() {
    let f = folder();
    assert_eq!(result(&f, "COPY a.txt /new"), ["/new 0:0 644 = a"]);
    assert_eq!(result(&f, "COPY a.txt /dir/"), ["/dir 0:0 755 dir", "/dir/a.txt 0:0 644 = a"]);
    assert_eq!(result(&f, "WORKDIR /app\nCOPY a.txt ."), ["/app 0:0 755 dir", "/app/a.txt 0:0 644 = a"]);
    assert_eq!(
        result(&f, "WORKDIR /app\nCOPY a.txt sub/b"),
        ["/app 0:0 755 dir", "/app/sub 0:0 755 dir", "/app/sub/b 0:0 644 = a"]
    );
    // A directory's contents are copied, not it itself.
    assert_eq!(
        result(&f, "COPY src /s"),
        ["/s 0:0 755 dir", "/s/deep 0:0 755 dir", "/s/deep/x 0:0 644 = x", "/s/run.sh 0:0 755 = r"]
    );
    assert_eq!(result(&f, "COPY src a.txt /s").len(), 5, "the directory is there when the file comes");
    assert_eq!(result(&f, "COPY *.txt /t/"), ["/t 0:0 755 dir", "/t/a.txt 0:0 644 = a", "/t/b.txt 0:0 644 = b"]);
    assert_eq!(result(&f, "COPY [\"a.txt\", \"/with blank\"]"), ["/with blank 0:0 644 = a"]);
}

#[test]
fn flags() {
    let f = folder();
    assert_eq!(result(&f, "COPY --chown=12:34 --chmod=600 a.txt /n/"), ["/n 12:34 755 dir", "/n/a.txt 12:34 600 = a"]);
    assert_eq!(result(&f, "COPY --chown=12 a.txt /n"), ["/n 12:12 644 = a"]);
    assert_eq!(result(&f, "COPY --chmod=go-r,u+x a.txt /n"), ["/n 0:0 700 = a"]);
    assert_eq!(result(&f, "COPY --exclude=deep src /s"), ["/s 0:0 755 dir", "/s/run.sh 0:0 755 = r"]);
    assert_eq!(
        result(&f, "COPY --parents src/deep/x /p/"),
        ["/p 0:0 755 dir", "/p/src 0:0 755 dir", "/p/src/deep 0:0 755 dir", "/p/src/deep/x 0:0 644 = x"]
    );
    assert_eq!(
        result(&f, "COPY --parents src/./deep/x /p/"),
        ["/p 0:0 755 dir", "/p/deep 0:0 755 dir", "/p/deep/x 0:0 644 = x"]
    );
    assert_eq!(result(&f, "COPY --link a.txt /n"), ["/n 0:0 644 = a"]);
}

#[test]
fn files_in_the_dockerfile() {
    assert_eq!(
        result(&folder(), "ARG V=1\nCOPY <<one <<\"two\" /h/\nv=$V\none\nv=$V\ntwo"),
        ["/h 0:0 755 dir", "/h/one 0:0 644 = v=1\n", "/h/two 0:0 644 = v=$V\n"]
    );
    assert_eq!(result(&folder(), "COPY <<EOF /robots.txt\nhi\nEOF"), ["/robots.txt 0:0 644 = hi\n"]);
}

#[test]
fn add_unpacks_archives_and_copy_does_not() {
    let inner = write(&[Entry::dir("d", 0o750), Entry::file("d/f", b"f".to_vec(), 0o640)]).unwrap();
    let mut f = folder();
    let mut packed = Entry::file("p.tar.gz", Vec::new(), 0o644);
    packed.kind = EntryKind::File { content: layerlab_oci::Bytes::new(layerlab_oci::gzip::compress(&inner)) };
    f.0.push(packed);
    assert_eq!(result(&f, "ADD p.tar.gz /u"), ["/u 0:0 755 dir", "/u/d 0:0 750 dir", "/u/d/f 0:0 640 = f"]);
    let copied = result(&f, "COPY p.tar.gz /u/");
    assert!(copied[1].starts_with("/u/p.tar.gz 0:0 644"), "{copied:?}");
    assert_eq!(result(&f, "ADD a.txt /u/"), ["/u 0:0 755 dir", "/u/a.txt 0:0 644 = a"]);
}

#[test]
fn a_run_finds_environment_user_and_directory() {
    let mut m = Machine::new();
    let f = Folder::new("FROM alpine\nARG V=1\nENV A=x\nWORKDIR /w\nRUN env\nUSER 7:8\nRUN id && pwd\nRUN ls /\n");
    let text = logs(&build(&mut m, &f, ""));
    for line in [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "A=x",
        "V=1",
        "HOME=/root",
        "uid=7 gid=8",
        "/w",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} in {text}");
    }
    let config = m.get("/images/json?all=1").json();
    assert_eq!(config.as_array().unwrap().len(), 1);
}

#[test]
fn a_run_leaves_no_trace_of_its_mounts() {
    let mut m = Machine::new();
    let id = built(&mut m, &Folder::new("FROM busybox\nRUN true\n"), "t=x");
    let history = m.get("/images/x/history").json();
    assert_eq!(history[0]["Size"], 4096, "an empty layer: {history}");
    assert!(id.starts_with("sha256:"));
}

#[test]
fn scripts_in_the_dockerfile_run() {
    let mut m = Machine::new();
    let f = Folder::new("FROM alpine\nRUN <<EOF\necho one;echo two\nEOF\n");
    assert_eq!(logs(&build(&mut m, &f, "")), "one\ntwo\n");
}

#[test]
fn onbuild_runs_in_the_next_build() {
    let mut m = Machine::new();
    built(&mut m, &Folder::new("FROM alpine\nONBUILD COPY f /f\nONBUILD RUN cat /f\n"), "t=base");
    assert_eq!(m.get("/images/base/json").json()["Config"]["OnBuild"][1], "RUN cat /f");
    let a = build(&mut m, &Folder::new("FROM base\nRUN echo end\n").with("f", "from below\n"), "t=x");
    assert_eq!(logs(&a), "from below\nend\n");
    assert!(a.body.contains("[2/4] COPY f /f") && a.body.contains("[4/4] RUN echo end"), "{}", a.body);
    assert!(m.get("/images/x/json").json()["Config"]["OnBuild"].is_null());
}

#[test]
fn a_copy_from_an_image() {
    let mut m = Machine::new();
    let f = Folder::new("FROM scratch\nCOPY --from=alpine /etc/passwd /p\n");
    let a = build(&mut m, &f, "t=x");
    assert!(a.body.contains("[stage-0 1/1] COPY --from=alpine /etc/passwd /p"), "{}", a.body);
    assert!(a.body.contains("moby.image.id"));
}

#[test]
fn a_client_that_goes_away_ends_the_build() {
    let mut m = Machine::new();
    let f = Folder::new("FROM alpine\nRUN echo begun && sleep 1000\n");
    let o = m.begin("LEAVE", "/build?t=x", &write(&f.0).unwrap());
    m.run_for(layerlab_kernel::SimTime::secs(9));
    assert!(m.kernel.sys.processes.values().any(|p| p.argv.first().is_some_and(|a| a.ends_with("sh"))));
    m.end(&o);
    m.run_for(layerlab_kernel::SimTime::secs(1));
    assert_eq!(m.state().last_build().unwrap().state, layerlab_engine::build::record::BuildState::Canceled);
    assert!(
        !m.kernel.sys.processes.values().any(|p| p.argv.first().is_some_and(|a| a.ends_with("sh")) && !p.is_zombie())
    );
    let again = failed(&mut m, &Folder::new("FROM alpine\nRUN exit 7\n"));
    assert!(again.0.ends_with("exit code: 7"));
}
