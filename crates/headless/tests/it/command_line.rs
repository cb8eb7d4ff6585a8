use std::io::Write;
use std::process::{Command, Output, Stdio};

fn layerlab(args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_layerlab"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn wrong_usage_is_2_and_says_what_is_wrong() {
    for (args, what) in [
        (&["nope"][..], "unknown command: nope"),
        (&["sh", "--nope"], "invalid option '--nope'"),
        (&["sh", "--shell", "fish"], "unknown shell 'fish': bash, dash or ash"),
        (&["dockerfile", "ast"], "dockerfile needs 'ast' or 'lint' and a file"),
    ] {
        let out = layerlab(args, "");
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        assert!(text(&out.stderr).contains(what), "{}", text(&out.stderr));
    }
}

#[test]
fn the_exit_status_is_the_scripts_and_streams_stay_apart() {
    let out = layerlab(&["sh", "-c", "echo out; echo err >&2; exit 42"], "");
    assert_eq!((out.status.code(), text(&out.stdout), text(&out.stderr)), (Some(42), "out\n".into(), "err\n".into()));
}

#[test]
fn standard_input_is_passed_through() {
    let out = layerlab(&["sh", "-c", "read a; read b; echo $b $a"], "one\ntwo\nthree\n");
    assert_eq!(text(&out.stdout), "two one\n");
}

#[test]
fn without_a_command_standard_input_is_the_script() {
    let out = layerlab(&["sh"], "cd /tmp\npwd\n");
    assert_eq!(text(&out.stdout), "/tmp\n");
}

#[test]
fn a_missing_folder_is_an_error() {
    let out = layerlab(&["sh", "--home", "/nonexistent/folder", "-c", "true"], "");
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(text(&out.stderr), "layerlab: /nonexistent/folder: No such file or directory\n");
}

#[test]
fn a_damaged_session_is_an_error() {
    let path = std::env::temp_dir().join(format!("layerlab-damaged-{}", std::process::id()));
    std::fs::write(&path, b"LAYERLAB-LOG\x01garbage").unwrap();
    let out = layerlab(&["replay", path.to_str().unwrap()], "");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("the saved session is damaged"), "{}", text(&out.stderr));
}

#[test]
fn a_saved_session_replays_to_the_same_state() {
    let path = std::env::temp_dir().join(format!("layerlab-saved-{}", std::process::id()));
    let file = path.to_str().unwrap();
    let out = layerlab(&["sh", "--save", file, "-c", "echo hi > x; sleep 3; date"], "");
    assert_eq!(out.status.code(), Some(0));
    let (a, b) = (layerlab(&["replay", file], ""), layerlab(&["replay", file], ""));
    std::fs::remove_file(&path).unwrap();
    assert_eq!((a.status.code(), a.stdout.len()), (Some(0), 65));
    assert_eq!(a.stdout, b.stdout);
}

#[test]
fn links_in_the_output_folder_are_not_followed() {
    let dir = std::env::temp_dir().join(format!("layerlab-out-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let outside = dir.join("outside");
    std::fs::write(&outside, "safe").unwrap();
    let out_dir = dir.join("out");
    std::fs::create_dir_all(&out_dir).unwrap();
    std::os::unix::fs::symlink(&outside, out_dir.join("f")).unwrap();
    let out = layerlab(&["sh", "--out", out_dir.to_str().unwrap(), "-c", "echo new > f"], "");
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "safe");
    assert_eq!(std::fs::read_to_string(out_dir.join("f")).unwrap(), "new\n");
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn the_tree_and_the_build_checks_of_a_file() {
    let dir = std::env::temp_dir().join(format!("layerlab-dockerfile-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let file = dir.join("Dockerfile");
    std::fs::write(&file, "# check=experimental=CopyIgnoredFile\nFROM alpine as base\nCOPY secret.txt /\n").unwrap();
    std::fs::write(dir.join(".dockerignore"), "secret.txt\n").unwrap();
    let name = file.display().to_string();
    let tree = layerlab(&["dockerfile", "ast", &name], "");
    assert_eq!(text(&tree.stdout), "(from \"alpine\" \"as\" \"base\")\n(copy \"secret.txt\" \"/\")\n");
    let checks = layerlab(&["dockerfile", "lint", &name], "");
    assert_eq!(
        text(&checks.stdout),
        "FromAsCasing:2: 'as' and 'FROM' keywords' casing do not match\n\
         CopyIgnoredFile:3: Attempting to Copy file \"secret.txt\" that is excluded by .dockerignore\n"
    );
    std::fs::write(&file, "FROM scratch AS Bad\nMAINTAINER me\nBADCMD\n").unwrap();
    let broken = layerlab(&["dockerfile", "lint", &name], "");
    assert_eq!(broken.status.code(), Some(1));
    assert_eq!(
        text(&broken.stdout),
        "StageNameCasing:1: Stage name 'Bad' should be lowercase\n\
         MaintainerDeprecated:2: Maintainer instruction is deprecated in favor of using label\n"
    );
    assert!(text(&broken.stderr).contains(":3: dockerfile parse error on line 3: unknown instruction: BADCMD"));
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn the_layers_of_an_archive_and_what_is_wasted() {
    let dir = std::env::temp_dir().join(format!("layerlab-layers-{}", std::process::id()));
    let out = dir.to_string_lossy().into_owned();
    let script =
        "printf 'FROM alpine\\nRUN echo 1 >/a\\nRUN echo 22 >/a\\n' | docker build -q -t x - && docker save x -o x.tar";
    assert!(layerlab(&["sh", "--out", &out, "-c", script], "").status.success());
    let archive = format!("{out}/x.tar");
    let shown = layerlab(&["layers", &archive, "--files"], "");
    let lines = text(&shown.stdout);
    assert!(shown.status.success(), "{}", text(&shown.stderr));
    assert!(lines.contains("\n3       ") && lines.contains("        C 3B        /a\n"), "{lines}");
    assert!(lines.ends_with("  2B        /a (layer 2, overwritten in layer 3)\n"), "{lines}");
    let json = layerlab(&["layers", &archive, "--format", "json"], "");
    let told: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((told["layers"].as_array().unwrap().len(), &told["wasted_bytes"]), (3, &2.into()));
    std::fs::write(&archive, "no archive").unwrap();
    let wrong = layerlab(&["layers", &archive], "");
    assert!(!wrong.status.success() && !wrong.stderr.is_empty());
    std::fs::remove_dir_all(dir).unwrap();
}
