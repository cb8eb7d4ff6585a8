//! Images over the API.

use crate::machine::Machine;

#[test]
fn the_daemon_answers() {
    let mut m = Machine::new();
    let ping = m.get("/_ping");
    assert_eq!((ping.status, ping.body.as_str()), (200, "OK"));
    assert_eq!(m.get("/version").json()["ApiVersion"], "1.52");
    assert_eq!(m.get("/info").json()["Containers"], 0);
    let none = m.get("/nope");
    assert_eq!((none.status, none.message()), (404, "page not found".to_owned()));
}

#[test]
fn pull_list_history_tag_delete() {
    let mut m = Machine::new();
    let refused = m.post("/images/create?fromImage=nosuchimage&tag=latest", "");
    assert_eq!(
        (refused.status, refused.message()),
        (404, "pull access denied for nosuchimage, repository does not exist or may require 'docker login'".to_owned())
    );
    let start = m.kernel.sys.now;
    m.pull("python:3.11-slim");
    let took = (m.kernel.sys.now - start).as_millis();
    assert!((3_500..6_500).contains(&took), "{took} ms for 43 MB");
    let list = m.get("/images/json?manifests=1").json();
    assert_eq!(list[0]["RepoTags"][0], "python:3.11-slim");
    assert_eq!(list[0]["Manifests"][0]["Kind"], "image");
    let history = m.get("/images/python:3.11-slim/history").json();
    assert_eq!(history[0]["CreatedBy"], "CMD [\"python3\"]");
    assert_eq!(history[0]["Id"], list[0]["Id"]);
    assert_eq!(history[8]["Size"], 78_600_000);
    assert_eq!(m.post("/images/python:3.11-slim/tag?repo=py&tag=1", "").status, 201);
    let gone = m.request("DELETE", "/images/python:3.11-slim", "");
    assert_eq!(gone.body.trim(), r#"[{"Untagged":"python:3.11-slim"}]"#);
    let inspect = m.get("/images/py:1/json").json();
    assert_eq!(inspect["Config"]["Cmd"][0], "python3");
    let gone = m.request("DELETE", "/images/py:1", "").json();
    assert!(gone[1]["Deleted"].as_str().unwrap().starts_with("sha256:"));
    assert!(m.state().content.0.is_empty() && m.state().layers.is_empty());
    let missing = m.get("/images/py:1/json");
    assert_eq!((missing.status, missing.message()), (404, "No such image: py:1".to_owned()));
}

#[test]
fn a_second_pull_is_up_to_date_and_shared_layers_are_not_pulled_again() {
    let mut m = Machine::new();
    m.pull("alpine");
    let again = m.post("/images/create?fromImage=alpine&tag=latest", "");
    assert!(again.body.contains("Status: Image is up to date for alpine:latest"), "{}", again.body);
    let python = m.post("/images/create?fromImage=python&tag=3.12-alpine", "");
    assert_eq!(python.body.matches("Pulling fs layer").count(), 3, "alpine's layer is there already");
}

#[test]
fn save_and_load_keep_the_image() {
    let mut m = Machine::new();
    m.pull("alpine");
    let id = m.get("/images/alpine/json").json()["Id"].clone();
    let tar = m.get("/images/alpine/get").bytes;
    m.request("DELETE", "/images/alpine", "");
    let o = m.begin("POST", "/images/load", &tar);
    let loaded = m.end(&o);
    assert_eq!(loaded.lines()[0]["stream"], "Loaded image: alpine:latest\n");
    assert_eq!(m.get("/images/alpine/json").json()["Id"], id);
}

/// skopeo reads what `docker save` gives, where it is installed.
#[test]
fn skopeo_accepts_a_saved_image() {
    let installed = std::process::Command::new("skopeo").arg("--version").output().is_ok();
    if !installed {
        return;
    }
    let mut m = Machine::new();
    m.pull("python:3.11-slim");
    let tar = m.get("/images/python:3.11-slim/get").bytes;
    let dir = std::env::temp_dir().join(format!("layerlab-engine-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let file = dir.join("image.tar");
    #[allow(clippy::disallowed_methods, reason = "the oracle reads a real file")]
    std::fs::write(&file, tar).unwrap();
    let out = std::process::Command::new("skopeo")
        .arg("inspect")
        .arg(format!("docker-archive:{}", file.display()))
        .output()
        .unwrap();
    std::fs::remove_dir_all(&dir).unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let seen: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let own = m.get("/images/python:3.11-slim/json").json();
    assert_eq!(seen["Layers"].as_array().unwrap().len(), 4);
    assert_eq!(seen["Env"], own["Config"]["Env"]);
}
