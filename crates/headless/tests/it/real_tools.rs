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

/// Plays a script in a home folder of its own; answers where its files are afterwards.
fn play(name: &str, files: &[(&str, &str)], script: &str) -> std::path::PathBuf {
    let dir = std::env::temp_dir().join(format!("layerlab-{name}-{}", std::process::id()));
    let (home, out) = (dir.join("home"), dir.join("out"));
    std::fs::create_dir_all(&home).unwrap();
    for (path, text) in files {
        std::fs::write(home.join(path), text).unwrap();
    }
    let mut layerlab = Command::new(env!("CARGO_BIN_EXE_layerlab"));
    ok(&layerlab.args(["sh", "-c", script, "--home"]).arg(&home).arg("--out").arg(&out).output().unwrap());
    out
}

#[test]
fn an_image_for_several_platforms_and_a_build_cache_are_read_by_skopeo() {
    if run("skopeo", &["--version"]).is_none() {
        println!("skipped: skopeo (a Debian package) is not installed");
        return;
    }
    let out = play(
        "platforms",
        &[("Dockerfile", "FROM alpine\nARG TARGETARCH\nRUN echo $TARGETARCH > /arch\n")],
        "docker build -q --platform linux/amd64,linux/arm64 -o type=oci,dest=both.tar --cache-to type=local,dest=cache,mode=max . && rm Dockerfile",
    );
    let archive = format!("oci-archive:{}", out.join("both.tar").display());
    let raw = ok(&run("skopeo", &["inspect", "--raw", &archive]).unwrap());
    assert_eq!(raw.matches("\"architecture\": \"a").count(), 2, "{raw}");
    assert_eq!(raw.matches("attestation-manifest").count(), 2, "{raw}");
    // It checks the digests of all that it copies.
    let copy = format!("oci:{}", out.join("copied").display());
    ok(&run("skopeo", &["copy", "--quiet", "--all", &archive, &copy]).unwrap());
    for arch in ["amd64", "arm64"] {
        let config = ok(&run("skopeo", &["inspect", "--config", "--override-arch", arch, &copy]).unwrap());
        assert!(config.contains(&format!("\"architecture\": \"{arch}\"")), "{config}");
        assert!(config.contains(&format!("|1 TARGETARCH={arch} /bin/sh -c echo")), "{config}");
    }
    let cache = format!("oci:{}:latest", out.join("cache").display());
    let manifest = ok(&run("skopeo", &["inspect", "--raw", &cache]).unwrap());
    assert!(manifest.contains("application/vnd.buildkit.cacheconfig.v0"), "{manifest}");
    let moved = format!("oci:{}:moved", out.join("moved").display());
    ok(&run("skopeo", &["copy", "--quiet", &cache, &moved]).unwrap());
    std::fs::remove_dir_all(out.parent().unwrap()).unwrap();
}
