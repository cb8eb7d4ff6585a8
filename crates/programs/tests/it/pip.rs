//! Expected texts are pip 24.0's own for the same commands, with this index's versions.

use std::net::Ipv4Addr;
use std::rc::Rc;

use layerlab_kernel::net::Site;
use layerlab_kernel::vfs::{Inode, Tree};
use layerlab_kernel::{
    ExitStatus, Kernel, Program, ProgramArgs, ProgramTable, SimTime, SpawnSpec, async_program, stub,
};

fn init(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, _| async move {
        loop {
            let _ = sys.sleep(SimTime::secs(1_000_000)).await;
        }
    })
}

fn machine() -> Kernel {
    let table = ProgramTable::default();
    table.add("init", init);
    table.extend(layerlab_programs::PROGRAMS);
    let mut root = Tree::new();
    for dir in ["/bin", "/dev", "/etc", "/root", "/tmp", "/usr/local/bin", "/usr/local/lib/python3.11/site-packages"] {
        root.mkdir_all(dir).unwrap();
    }
    root.insert("/bin/init", Inode::file(stub::executable("init", ""), 0o755)).unwrap();
    root.insert("/usr/local/bin/pip", Inode::file(stub::executable("pip", "3.11.13"), 0o755)).unwrap();
    root.insert("/etc/resolv.conf", Inode::file("nameserver 10.0.0.53\n", 0o644)).unwrap();
    let mut k = Kernel::new(root, Rc::new(table), 7, 1_795_248_000_000_000_000, "layerlab");
    let addr = Ipv4Addr::new(198, 51, 100, 13);
    k.sys
        .plug(&[Site { name: "pypi.example", addr, server: Some((443, &["mirror", "pypi.example", "443"])) }])
        .unwrap();
    k.boot("/bin/init", vec!["init".into()], Vec::new()).unwrap();
    k.run_until(SimTime::millis(1));
    k
}

fn pip(k: &mut Kernel, line: &str) -> (String, String, i32) {
    let argv = std::iter::once("/usr/local/bin/pip").chain(line.split(' ')).map(str::to_owned).collect();
    let env = [("HOME", "/root"), ("PATH", "/usr/local/bin:/usr/bin:/bin")];
    let env = env.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
    let o = k.spawn_outside(&SpawnSpec { argv, env, cwd: "/tmp".into(), ..SpawnSpec::default() }).unwrap();
    k.close_outside(&o);
    let until = k.sys.now + SimTime::secs(600);
    k.run_until(until);
    let (out, err) = k.take_outside(&o);
    let code = k.status_outside(&o).map_or(-1, ExitStatus::code);
    (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap(), code)
}

const NOTICE: &str =
    "\n[notice] A new release of pip is available: 24.0 -> 26.3\n[notice] To update, run: pip install --upgrade pip\n";
const ROOT: &str = "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv\n";

#[test]
fn a_requirements_file_is_installed() {
    let mut k = machine();
    k.write_file("/tmp/requirements.txt", b"# the web\nflask==3.0.3\n".to_vec()).unwrap();
    let (out, err, code) = pip(&mut k, "install --no-cache-dir -r requirements.txt");
    assert_eq!((err, code), (format!("{ROOT}{NOTICE}"), 0));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "Collecting flask==3.0.3 (from -r requirements.txt (line 2))");
    assert_eq!(lines[1], "  Downloading flask-3.0.3-py3-none-any.whl.metadata (3.2 kB)");
    assert_eq!(lines[2], "Collecting Werkzeug>=3.0.0 (from flask==3.0.3->-r requirements.txt (line 2))");
    assert_eq!(
        lines[12],
        "Collecting MarkupSafe>=2.0 (from Jinja2>=3.1.2->flask==3.0.3->-r requirements.txt (line 2))"
    );
    assert_eq!(lines[14], "Downloading flask-3.0.3-py3-none-any.whl (101 kB)");
    assert!(
        lines[15].starts_with("   ━━━━━━━━")
            && lines[15].contains(" 101.7/101.7 kB ")
            && lines[15].ends_with("MB/s eta 0:00:00")
    );
    assert_eq!(lines[16], "Downloading blinker-1.9.0-py3-none-any.whl (8.5 kB)");
    let end = &lines[lines.len() - 2..];
    assert_eq!(
        end[0],
        "Installing collected packages: MarkupSafe, itsdangerous, click, blinker, Werkzeug, Jinja2, flask"
    );
    assert_eq!(
        end[1],
        "Successfully installed Jinja2-3.1.6 MarkupSafe-3.0.4 Werkzeug-3.1.9 blinker-1.9.0 click-8.5.1 flask-3.0.3 itsdangerous-2.2.0"
    );
    assert!(k.read_file("/usr/local/lib/python3.11/site-packages/flask/__init__.py").is_ok());
    let record = k.read_file("/usr/local/lib/python3.11/site-packages/flask-3.0.3.dist-info/RECORD").unwrap();
    assert!(String::from_utf8_lossy(&record).contains("flask/__init__.py,sha256="));
    assert!(k.read_file("/root/.cache/pip").is_err());
    let script = k.read_file("/usr/local/bin/flask").unwrap();
    let script = String::from_utf8_lossy(&script).into_owned();
    assert!(script.starts_with("#!/usr/local/bin/python3.11\n# -*- coding: utf-8 -*-\nimport re\n"), "{script}");
    assert!(String::from_utf8_lossy(&record).contains("../../../bin/flask,sha256="));
    pip(&mut k, "uninstall -y flask");
    assert!(k.read_file("/usr/local/bin/flask").is_err(), "its command goes with it");
}

#[test]
fn what_a_distribution_looks_after_is_refused() {
    let mut k = machine();
    let managed = "[externally-managed]\nError=Use apt.\n \n Or a venv.\n";
    k.write_file("/usr/local/lib/python3.11/EXTERNALLY-MANAGED", managed.into()).unwrap();
    for line in ["install idna", "install --user idna"] {
        let (_, err, code) = pip(&mut k, line);
        assert_eq!(code, 1);
        let start = "error: externally-managed-environment\n\n× This environment is externally managed\n╰─> Use apt.\n    \n    Or a venv.\n\nnote: If you believe";
        assert!(err.starts_with(start), "{err}");
    }
    assert_eq!(pip(&mut k, "install --break-system-packages idna").2, 0);
    assert_eq!(pip(&mut k, "install --target /tmp/t six").2, 0);
}

#[test]
fn what_is_there_is_listed_shown_kept_and_removed() {
    let mut k = machine();
    pip(&mut k, "install -q requests");
    let (out, _, _) = pip(&mut k, "freeze");
    assert_eq!(out, "certifi==2026.10.18\ncharset-normalizer==3.5.2\nidna==3.20\nrequests==2.34.2\nurllib3==2.8.0\n");
    let (out, _, _) = pip(&mut k, "list");
    assert!(
        out.starts_with("Package            Version\n------------------ ----------\ncertifi            2026.10.18\n"),
        "{out}"
    );
    assert!(out.contains("\npip                24.0\n"), "{out}");
    let (out, _, code) = pip(&mut k, "show idna");
    assert!(
        out.starts_with("Name: idna\nVersion: 3.20\n") && out.ends_with("Requires: \nRequired-by: requests\n"),
        "{out}"
    );
    assert_eq!(code, 0);
    let (out, _, _) = pip(&mut k, "install requests");
    let there = "/usr/local/lib/python3.11/site-packages";
    assert!(out.starts_with(&format!("Requirement already satisfied: requests in {there} (2.34.2)\n")), "{out}");
    assert!(
        out.contains(&format!("Requirement already satisfied: idna<4,>=2.5 in {there} (from requests) (3.20)\n")),
        "{out}"
    );
    let (out, _, _) = pip(&mut k, "uninstall -y requests");
    assert_eq!(
        out,
        "Found existing installation: requests 2.34.2\nUninstalling requests-2.34.2:\n  Successfully uninstalled requests-2.34.2\n"
    );
    assert!(k.read_file(&format!("{there}/requests/__init__.py")).is_err());
    let (_, err, _) = pip(&mut k, "uninstall -y requests");
    assert!(err.starts_with("WARNING: Skipping requests as it is not installed.\n"));
    let (out, _, _) = pip(&mut k, "install requests");
    assert!(out.contains("Using cached requests-2.34.2-py3-none-any.whl (73 kB)"), "{out}");
}

#[test]
fn errors_are_pips() {
    let mut k = machine();
    let mut fails = |line: &str| {
        let (_, err, code) = pip(&mut k, line);
        assert_eq!(code, 1, "{line}");
        err.strip_suffix(NOTICE).unwrap().to_owned()
    };
    assert_eq!(
        fails("install nope"),
        "ERROR: Could not find a version that satisfies the requirement nope (from versions: none)\nERROR: No matching distribution found for nope\n"
    );
    assert_eq!(
        fails("install -r x.txt"),
        "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'x.txt'\n"
    );
    assert!(fails("install flask==99").contains("requirement flask==99 (from versions: 0.1, 0.2, "));
    assert_eq!(
        fails("install flask=3"),
        "ERROR: Invalid requirement: 'flask=3'\nHint: = is not a valid operator. Did you mean == ?\n"
    );
    assert_eq!(
        fails("install ."),
        "ERROR: Directory '.' is not installable. Neither 'setup.py' nor 'pyproject.toml' found.\n"
    );
    assert!(fails("install flask==3.0.3 werkzeug==2.3.8").starts_with(
        "ERROR: Cannot install flask==3.0.3 and werkzeug==2.3.8 because these package versions have conflicting dependencies.\n"
    ));
    let (_, err, code) = pip(&mut k, "instal x");
    assert_eq!((err.as_str(), code), ("ERROR: unknown command \"instal\" - maybe you meant \"install\"\n", 1));
}

#[test]
fn downloads_take_time_and_sizes_are_the_real_ones() {
    let mut k = machine();
    let before = k.sys.now;
    let argv = vec![
        "/usr/local/bin/pip".into(),
        "install".into(),
        "-q".into(),
        "--no-cache-dir".into(),
        "numpy==1.26.4".into(),
    ];
    let o = k.spawn_outside(&SpawnSpec { argv, ..SpawnSpec::default() }).unwrap();
    while k.status_outside(&o).is_none() {
        let until = k.sys.now + SimTime::millis(100);
        k.run_until(until);
    }
    let took = (k.sys.now - before).as_millis();
    assert!((5_000..20_000).contains(&took), "{took} ms");
    let tree = &k.sys.filesystems.values().next().unwrap().tree;
    let size: u64 = tree.walk().iter().filter(|w| w.0.contains("/numpy")).map(|w| w.2.nominal_size()).sum();
    assert!((70_000_000..100_000_000).contains(&size), "{size}");
}

#[test]
fn without_a_network_it_tries_again_and_gives_up() {
    let mut k = machine();
    k.write_file("/etc/resolv.conf", b"".to_vec()).unwrap();
    let (_, err, code) = pip(&mut k, "install flask");
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!((lines.iter().filter(|l| l.starts_with("WARNING: Retrying")).count(), code), (5, 1));
    assert!(lines[0].ends_with("[Errno -3] Temporary failure in name resolution')': /simple/flask/"), "{err}");
    assert_eq!(lines[5], "ERROR: Could not find a version that satisfies the requirement flask (from versions: none)");
    assert_eq!(lines[6], "ERROR: No matching distribution found for flask");
}
