//! Containers over the API.

use layerlab_kernel::SimTime;

use crate::machine::Machine;

fn machine() -> Machine {
    let mut m = Machine::new();
    m.pull("alpine");
    m
}

#[test]
fn create_start_logs_wait_remove() {
    let mut m = machine();
    m.run("web", r#"{"Image":"alpine","Cmd":["sh","-c","echo hello; cat /nope; exit 3"]}"#);
    let wait = m.post("/containers/web/wait", "");
    assert_eq!(wait.json()["StatusCode"], 3);
    assert_eq!(m.logs("web"), "hello\ncat: /nope: No such file or directory\n");
    let ps = m.get("/containers/json?all=1").json();
    assert_eq!(ps[0]["State"], "exited");
    assert!(ps[0]["Status"].as_str().unwrap().starts_with("Exited (3) "));
    assert_eq!(m.get("/containers/json").json(), serde_json::json!([]));
    assert_eq!(m.request("DELETE", "/containers/web", "").status, 204);
    let gone = m.get("/containers/web/json");
    assert_eq!((gone.status, gone.message()), (404, "No such container: web".to_owned()));
}

#[test]
fn stop_waits_ten_seconds_for_a_first_process_that_ignores_the_signal() {
    let mut m = machine();
    m.run("web", r#"{"Image":"alpine","Cmd":["sleep","1000"]}"#);
    let start = m.kernel.sys.now;
    assert_eq!(m.post("/containers/web/stop", "").status, 204);
    let took = (m.kernel.sys.now - start).as_millis();
    assert!((10_000..10_600).contains(&took), "{took}");
    assert_eq!(m.get("/containers/web/json").json()["State"]["ExitCode"], 137);
    assert_eq!(m.post("/containers/web/stop", "").status, 304);
}

#[test]
fn stop_ends_a_first_process_that_listens_at_once() {
    let mut m = machine();
    m.run("web", r#"{"Image":"alpine","Cmd":["sh","-c","trap"]}"#);
    m.run_for(SimTime::secs(1));
    let start = m.kernel.sys.now;
    assert_eq!(m.post("/containers/web/stop", "").status, 204);
    assert!((m.kernel.sys.now - start).as_millis() < 500);
    assert_eq!(m.logs("web"), "bye\n");
    assert_eq!(m.get("/containers/web/json").json()["State"]["ExitCode"], 0);
}

#[test]
fn published_ports_reach_the_container_and_clash() {
    let mut m = machine();
    let web = r#"{"Image":"alpine","Cmd":["nc"],"ExposedPorts":{"80/tcp":{}},"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8080"}]}}}"#;
    m.run("web", web);
    let ps = m.get("/containers/json").json();
    assert_eq!(ps[0]["Ports"][0], serde_json::json!({"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"}));
    m.run("cc", r#"{"Image":"alpine","Cmd":["wget","172.17.0.2:80"]}"#);
    m.run_for(SimTime::secs(1));
    assert_eq!(m.logs("cc"), "hello from nc\n");
    let id = m.create("two", web);
    let clash = m.post(&format!("/containers/{id}/start"), "");
    assert_eq!(clash.status, 500);
    let text = clash.message();
    assert!(
        text.starts_with(
            "failed to set up container networking: driver failed programming external connectivity on endpoint two ("
        ),
        "{text}"
    );
    assert!(text.ends_with("): Bind for 0.0.0.0:8080 failed: port is already allocated"), "{text}");
    m.post("/containers/web/kill", "");
    assert_eq!(m.post(&format!("/containers/{id}/start"), "").status, 204);
}

#[test]
fn programs_that_cannot_be_started_are_named_as_runc_names_them() {
    let mut m = machine();
    for (cmd, end) in [
        ("nosuchcmd", "exec: \"nosuchcmd\": executable file not found in $PATH"),
        ("/nope/x", "exec: \"/nope/x\": stat /nope/x: no such file or directory"),
        ("/etc/passwd", "exec: \"/etc/passwd\": permission denied"),
    ] {
        let id = m.create("", &format!(r#"{{"Image":"alpine","Cmd":["{cmd}"]}}"#));
        let a = m.post(&format!("/containers/{id}/start"), "");
        assert_eq!(a.status, 400);
        assert!(
            a.message().starts_with(
                "failed to create task for container: failed to create shim task: OCI runtime create failed"
            ),
            "{}",
            a.body
        );
        assert!(a.message().ends_with(end), "{}", a.body);
        assert_eq!(m.get(&format!("/containers/{id}/json")).json()["State"]["Status"], "created");
    }
}

#[test]
fn environment_user_directory_and_names() {
    let mut m = machine();
    let id = m.run("ee", r#"{"Image":"alpine","Env":["A=1"],"User":"1000:5","WorkingDir":"/srv/x","Cmd":["sh","-c","env;id;pwd;cat /etc/hosts"]}"#);
    m.post("/containers/ee/wait", "");
    let short = &id[..12];
    let logs = m.logs("ee");
    let head = format!(
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nHOSTNAME={short}\nA=1\nHOME=/\nuid=1000 gid=5\n/srv/x\n127.0.0.1\tlocalhost\n"
    );
    assert!(logs.starts_with(&head), "{logs}");
    assert!(logs.ends_with(&format!("172.17.0.2\t{short}\n")), "{logs}");
    let conflict = m.post("/containers/create?name=ee", r#"{"Image":"alpine"}"#);
    assert_eq!(
        (conflict.status, conflict.message()),
        (
            409,
            format!(
                "Conflict. The container name \"/ee\" is already in use by container \"{id}\". You have to remove (or rename) that container to be able to reuse that name."
            )
        )
    );
}

#[test]
fn the_writable_layer_stays_until_the_container_is_removed() {
    let mut m = machine();
    m.run("ww", r#"{"Image":"alpine","Cmd":["sh","-c","echo kept > /tmp/a; cat /tmp/a"]}"#);
    m.post("/containers/ww/wait", "");
    let diff = m.get("/containers/ww/changes").json();
    assert_eq!(diff, serde_json::json!([{"Path":"/tmp","Kind":0},{"Path":"/tmp/a","Kind":1}]));
    m.post("/containers/ww/start", "");
    m.post("/containers/ww/wait", "");
    assert_eq!(m.logs("ww"), "kept\nkept\n");
    let image_used = m.request("DELETE", "/images/alpine", "");
    assert_eq!(image_used.status, 409);
    assert!(
        image_used.message().starts_with("conflict: unable to delete alpine:latest (must be forced) - container "),
        "{}",
        image_used.body
    );
}

#[test]
fn auto_removed_and_restarted_containers() {
    let mut m = machine();
    m.run("gone", r#"{"Image":"alpine","Cmd":["true"],"HostConfig":{"AutoRemove":true}}"#);
    m.run_for(SimTime::secs(1));
    assert_eq!(m.get("/containers/gone/json").status, 404);
    m.run("again", r#"{"Image":"alpine","Cmd":["false"],"HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3}}}"#);
    m.run_for(SimTime::secs(10));
    let i = m.get("/containers/again/json").json();
    assert_eq!(
        (i["RestartCount"].as_u64(), i["State"]["Status"].as_str(), i["State"]["ExitCode"].as_i64()),
        (Some(3), Some("exited"), Some(1))
    );
}

#[test]
fn waiting_for_the_removal_tells_the_exit_code() {
    let mut m = machine();
    let id = m.create("rm1", r#"{"Image":"alpine","Cmd":["sh","-c","exit 7"],"HostConfig":{"AutoRemove":true}}"#);
    let wait = m.begin("POST", &format!("/containers/{id}/wait?condition=removed"), b"");
    m.run_for(SimTime::millis(200));
    m.post(&format!("/containers/{id}/start"), "");
    assert_eq!(m.end(&wait).json()["StatusCode"], 7);
}

#[test]
fn files_are_copied_in_and_out() {
    use layerlab_oci::layer::{Entry, Limits, read, write};
    let mut m = machine();
    m.create("cp", r#"{"Image":"alpine","Cmd":["cat","/srv/in/a.txt"]}"#);
    let tar = write(&[Entry::dir("in", 0o750), Entry::file("in/a.txt", "copied\n", 0o640)]).unwrap();
    let put = m.begin("PUT", "/containers/cp/archive?path=/srv", &tar);
    let put = m.end(&put);
    assert_eq!(put.status, 200, "{}", put.body);
    m.post("/containers/cp/start", "");
    m.post("/containers/cp/wait", "");
    assert_eq!(m.logs("cp"), "copied\n");
    let out = read(&m.get("/containers/cp/archive?path=/srv/in").bytes, Limits::default()).unwrap();
    let names: Vec<(&str, u32)> = out.iter().map(|e| (e.path.as_str(), e.mode)).collect();
    assert_eq!(names, [("in", 0o750), ("in/a.txt", 0o640)]);
    let missing = m.get("/containers/cp/archive?path=/nope");
    assert_eq!((missing.status, missing.message()), (404, "Could not find the file /nope in container cp".to_owned()));
}

#[test]
fn logs_are_followed_to_the_end() {
    let mut m = machine();
    m.run("log", r#"{"Image":"alpine","Cmd":["sh","-c","echo one; echo two; sleep 2; echo three"]}"#);
    m.run_for(SimTime::millis(500));
    let follow = m.begin("GET", "/containers/log/logs?follow=1&stdout=1&stderr=1&tail=1", b"");
    let start = m.kernel.sys.now;
    let all = m.end(&follow);
    assert!((m.kernel.sys.now - start).as_millis() > 1000, "it waits for the end");
    let mut decoder = layerlab_api::stdcopy::Decoder::default();
    let lines: Vec<Vec<u8>> = decoder.push(&all.bytes).into_iter().map(|f| f.1).collect();
    assert_eq!(lines, [b"two\n".to_vec(), b"three\n".to_vec()]);
}

#[test]
fn a_health_check_tells_how_the_container_is() {
    let mut m = machine();
    let json = r#"{"Image":"alpine","Cmd":["sleep","1000"],"Healthcheck":{"Test":["CMD-SHELL","cat /tmp/ok"],"Interval":2000000000,"Retries":2}}"#;
    m.run("hc", json);
    let status =
        |m: &mut Machine| m.get("/containers/hc/json").json()["State"]["Health"]["Status"].as_str().unwrap().to_owned();
    assert_eq!(status(&mut m), "starting");
    m.run_for(SimTime::secs(5));
    assert_eq!(status(&mut m), "unhealthy");
    let a = m.post("/containers/hc/exec", r#"{"Cmd":["sh","-c","echo yes > /tmp/ok"]}"#);
    let id = a.json()["Id"].as_str().unwrap().to_owned();
    m.post(&format!("/exec/{id}/start"), r#"{"Detach":true}"#);
    m.run_for(SimTime::secs(3));
    assert_eq!(status(&mut m), "healthy");
    let ps = m.get("/containers/json").json();
    assert!(ps[0]["Status"].as_str().unwrap().ends_with("(healthy)"), "{ps}");
    // Each probe is an exec.
    let until = ps[0]["Created"].as_i64().unwrap() + 7;
    let events = m.get(&format!("/events?since=1&until={until}")).body;
    let of = |what: &str| events.lines().filter(|l| l.contains(what)).count();
    let created = of("\"exec_create: /bin/sh -c cat /tmp/ok\"");
    assert!(created >= 3 && of("\"exec_start: /bin/sh -c cat /tmp/ok\"") == created, "{events}");
    assert!(of("\"exec_die\"") >= created && of("\"exitCode\":\"1\"") >= 2, "{events}");
}

#[test]
fn exec_runs_beside_the_first_process() {
    let mut m = machine();
    m.run("web", r#"{"Image":"alpine","Cmd":["sleep","1000"]}"#);
    let a = m.post(
        "/containers/web/exec",
        r#"{"AttachStdout":true,"AttachStderr":true,"Env":["X=9"],"Cmd":["sh","-c","echo $X; exit 4"]}"#,
    );
    let id = a.json()["Id"].as_str().unwrap().to_owned();
    let out = m.post(&format!("/exec/{id}/start"), "{}");
    assert_eq!(out.bytes, layerlab_api::stdcopy::frame(layerlab_api::stdcopy::Stream::Stdout, b"9\n"));
    assert_eq!(m.get(&format!("/exec/{id}/json")).json()["ExitCode"], 4);
    m.post("/containers/web/kill", "");
    let refused = m.post("/containers/web/exec", r#"{"Cmd":["ls"]}"#);
    assert!(refused.message().ends_with("is not running"), "{}", refused.body);
}

#[test]
fn attach_before_start_gives_all_output() {
    let mut m = machine();
    let id = m.create("tt", r#"{"Image":"alpine","Tty":true,"Cmd":["sh","-c","tty; sleep 1; echo done"]}"#);
    let attach = m.begin("POST", &format!("/containers/{id}/attach?stream=1&stdout=1&stderr=1"), b"");
    m.run_for(SimTime::millis(200));
    m.post(&format!("/containers/{id}/start"), "");
    let out = m.end(&attach);
    assert!(out.body.starts_with("/dev/pts/") && out.body.ends_with("\r\ndone\r\n"), "{:?}", out.body);
}

#[test]
fn named_volumes_outlive_containers_and_networks_have_names() {
    let mut m = machine();
    m.run("aa", r#"{"Image":"alpine","Cmd":["sh","-c","echo data > /d/f"],"HostConfig":{"Binds":["data:/d"]}}"#);
    m.post("/containers/aa/wait", "");
    assert_eq!(m.request("DELETE", "/volumes/data", "").status, 409);
    m.request("DELETE", "/containers/aa", "");
    m.run("bb", r#"{"Image":"alpine","Cmd":["cat","/x/f"],"HostConfig":{"Binds":["data:/x:ro"]}}"#);
    m.post("/containers/bb/wait", "");
    assert_eq!(m.logs("bb"), "data\n");
    assert_eq!(m.post("/networks/create", r#"{"Name":"net"}"#).status, 201);
    m.run("srv", r#"{"Image":"alpine","Cmd":["nc"],"HostConfig":{"NetworkMode":"net"}}"#);
    m.run("cli", r#"{"Image":"alpine","Cmd":["wget","srv:80"],"HostConfig":{"NetworkMode":"net"}}"#);
    m.post("/containers/cli/wait", "");
    assert_eq!(m.logs("cli"), "hello from nc\n");
    let busy = m.request("DELETE", "/networks/net", "");
    assert!(
        busy.message().starts_with("error while removing network: network net has active endpoints"),
        "{}",
        busy.body
    );
}

#[test]
fn a_machine_with_running_containers_can_be_cloned_and_goes_on_the_same_way() {
    let mut m = Machine::new();
    m.pull("hello-world");
    m.run("one", r#"{"Image":"hello-world"}"#);
    m.run_for(SimTime::secs(2));
    let mut copy =
        Machine { kernel: m.kernel.try_clone().expect("the daemon, its monitors and the container can be cloned") };
    assert_eq!(copy.kernel.digest(), m.kernel.digest());
    for m in [&mut m, &mut copy] {
        assert_eq!(m.post("/containers/one/stop?t=1", "").status, 204);
        assert_eq!(m.get("/containers/one/json").json()["State"]["ExitCode"], 137);
        m.run_for(SimTime::secs(1));
    }
    assert_eq!(copy.kernel.digest(), m.kernel.digest());
}
