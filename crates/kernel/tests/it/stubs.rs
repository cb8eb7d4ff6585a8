#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "runs a real file")]

use layerlab_kernel::stub;

#[test]
fn an_executable_names_its_program() {
    let bytes = stub::executable("python", "3.11.13");
    assert_eq!(stub::parse(&bytes), Some(("python".into(), "3.11.13".into())));
    assert_eq!(stub::parse(b"#!/bin/sh\n"), None);
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn elsewhere_it_says_what_it_is_and_exits_127() {
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::temp_dir().join(format!("layerlab-stub-{}", std::process::id()));
    std::fs::write(&path, stub::executable("nginx", "1.27")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let out = std::process::Command::new(&path).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(out.status.code(), Some(127));
    assert_eq!(
        String::from_utf8_lossy(&out.stderr),
        "nginx: a stand-in from Layerlab's simulated machine; it runs only there\n"
    );
}
