//! What is built here, real tools accept: Debian's skopeo and umoci.

use std::path::Path;
use std::process::{Command, Output};

fn run(program: &str, args: &[&str]) -> Option<Output> {
    Command::new(program).args(args).output().ok()
}

fn ok(out: &Output) -> String {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[test]
fn a_saved_image_is_read_by_skopeo_and_unpacked_by_umoci() {
    if run("skopeo", &["--version"]).is_none() || run("umoci", &["--version"]).is_none() {
        println!("skipped: skopeo and umoci (Debian packages) are not installed");
        return;
    }
    let dir = std::env::temp_dir().join(format!("layerlab-save-{}", std::process::id()));
    let out = dir.join("out");
    let flask = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/flask");
    let script = "docker build -q -t notes:1.0 . && docker save -o notes.tar notes:1.0";
    let done = Command::new(env!("CARGO_BIN_EXE_layerlab"))
        .args(["sh", "-c", script, "--home"])
        .arg(flask)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let id = ok(&done);
    assert!(id.starts_with("sha256:"), "{id}");
    let archive = format!("docker-archive:{}", out.join("notes.tar").display());
    let inspected = ok(&run("skopeo", &["inspect", &archive]).unwrap());
    for part in ["\"FLASK_ENV=production\"", "\"Architecture\": \"amd64\"", "\"Os\": \"linux\""] {
        assert!(inspected.contains(part), "{part} is not in {inspected}");
    }
    let oci = dir.join("oci");
    ok(&run("skopeo", &["copy", "--quiet", &archive, &format!("oci:{}:notes", oci.display())]).unwrap());
    let bundle = dir.join("bundle");
    let image = format!("{}:notes", oci.display());
    ok(&run("umoci", &["unpack", "--rootless", "--image", &image, bundle.to_str().unwrap()]).unwrap());
    let root = bundle.join("rootfs");
    let main = std::fs::read_to_string(root.join("app/main.py")).unwrap();
    assert!(main.contains("Hello from your container"));
    assert!(root.join("usr/local/lib/python3.11/site-packages/flask/__init__.py").is_file());
    // A stand-in says so where it is run.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    {
        let python = Command::new(root.join("usr/local/bin/python3.11")).output().unwrap();
        assert_eq!(python.status.code(), Some(127));
        assert!(String::from_utf8_lossy(&python.stderr).contains("simulated machine"));
    }
    std::fs::remove_dir_all(&dir).unwrap();
}
