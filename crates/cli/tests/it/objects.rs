//! Images, containers that are not started, networks, volumes: texts are the real client's.

use crate::machine::Machine;

#[test]
fn pull_and_list_images() {
    let mut m = Machine::new(&[]);
    let pulled = m.sh("docker pull alpine");
    assert!(pulled.out.starts_with("Using default tag: latest\nlatest: Pulling from library/alpine\n"), "{pulled:#?}");
    assert!(
        pulled.out.ends_with("\nStatus: Downloaded newer image for alpine:latest\ndocker.io/library/alpine:latest\n"),
        "{pulled:#?}"
    );
    assert_eq!(m.sh("docker pull -q alpine:latest").out, "docker.io/library/alpine:latest\n");
    let id = m.sh("docker images -q").out.trim().to_owned();
    assert_eq!(id.len(), 12);
    let view = m.sh("docker tag alpine my/repo:v2; docker images").out;
    let lines: Vec<&str> = view.lines().collect();
    assert_eq!(lines[0], "IMAGE           ID             DISK USAGE   CONTENT SIZE   EXTRA");
    assert!(
        lines[1].starts_with(&format!("alpine:latest   {id} "))
            && lines[2].starts_with(&format!("my/repo:v2      {id} ")),
        "{view}"
    );
    assert!(
        m.sh("docker images --format table my/repo").out.starts_with("REPOSITORY   TAG       IMAGE ID       CREATED ")
    );
    assert_eq!(m.sh("docker rmi my/repo:v2").out, "Untagged: my/repo:v2\n");
    let gone = m.sh("docker rmi alpine").out;
    assert!(gone.starts_with("Untagged: alpine:latest\nDeleted: sha256:"), "{gone}");
}

#[test]
fn create_list_inspect_rename_remove() {
    let mut m = Machine::new(&[("app.env", "# comment\nB=2\nHOME\n")]);
    let made = m.sh("docker create --name c1 -p 8080:80 -e A=1 --env-file app.env --label x=y alpine echo 'a b'");
    assert!(
        made.err.starts_with("Unable to find image 'alpine:latest' locally\nlatest: Pulling from library/alpine\n"),
        "{made:#?}"
    );
    let id = made.out.trim().to_owned();
    assert_eq!((id.len(), made.code), (64, 0));
    let short = &id[..12];
    assert_eq!(m.sh("docker ps").out, "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n");
    assert_eq!(m.sh("docker ps -aq").out, format!("{short}\n"));
    assert_eq!(
        m.sh("docker ps -a --format '{{.ID}} {{.Names}} {{.Image}} {{.Status}} {{.Label \"x\"}}'").out,
        format!("{short} c1 alpine Created y\n")
    );
    assert_eq!(
        m.sh("docker ps -a --format 'table {{.Names}}\\t{{.State}}'").out,
        "NAMES     STATE\nc1        created\n"
    );
    let env = m.sh("docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' c1").out;
    assert!(env.contains("A=1\n") && env.contains("B=2\n") && env.contains("HOME=/home/student\n"), "{env}");
    assert_eq!(
        m.sh("docker inspect -f '{{json .HostConfig.PortBindings}}' c1").out,
        "{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8080\"}]}\n"
    );
    let twice = m.sh("docker create --name c1 alpine");
    assert_eq!(
        (twice.code, twice.err),
        (
            1,
            format!(
                "Error response from daemon: Conflict. The container name \"/c1\" is already in use by container \"{id}\". You have to remove (or rename) that container to be able to reuse that name.\n"
            )
        )
    );
    assert_eq!(m.sh("docker rename c1 c2 && docker rm c2").out, "c2\n");
    let gone = m.sh("docker rm c2");
    assert_eq!((gone.code, gone.err.as_str()), (1, "Error response from daemon: No such container: c2\n"));
    assert_eq!(m.sh("docker rm -f c2").code, 0);
}

#[test]
fn things_that_are_not_there() {
    let mut m = Machine::new(&[]);
    for (line, code, err) in [
        (
            "docker start nope",
            1,
            "Error response from daemon: No such container: nope\nfailed to start containers: nope\n",
        ),
        (
            "docker rename nope x",
            1,
            "failed to rename container: Error response from daemon: No such container: nope\n",
        ),
        ("docker inspect nope", 1, "error: no such object: nope\n"),
        ("docker network rm nope", 1, "Error response from daemon: network nope not found\nexit status 1\n"),
        (
            "docker run Nginx",
            125,
            "docker: invalid reference format: repository name (library/Nginx) must be lowercase\n\nRun 'docker run --help' for more information\n",
        ),
        ("docker ps --filter foo=bar", 1, "Error response from daemon: invalid filter 'foo'\n"),
        ("docker images --format '{{.Nope'", 1, "template parsing error: template: :1: unclosed action\n"),
        (
            "docker run -it alpine sh < /dev/null",
            1,
            "cannot attach stdin to a TTY-enabled container because stdin is not a terminal\n",
        ),
        (
            "DOCKER_HOST=unix:///nope.sock docker ps",
            1,
            "failed to connect to the docker API at unix:///nope.sock; check if the path is correct and if the daemon is running: dial unix /nope.sock: connect: no such file or directory\n",
        ),
        ("docker build /nope", 1, "ERROR: failed to build: unable to prepare context: path \"/nope\" not found\n"),
        (
            "docker build -t Foo .",
            1,
            "ERROR: failed to build: invalid tag \"Foo\": repository name must be lowercase\n",
        ),
        ("docker images ls", 0, "No images found matching \"ls\": did you mean \"docker image ls\"?\n"),
        (
            "docker node ls",
            1,
            "Error response from daemon: This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.\n",
        ),
    ] {
        let ran = m.sh(line);
        assert_eq!((ran.code, ran.err.as_str()), (code, err), "{line}");
    }
}

#[test]
fn one_platform_of_an_image() {
    let mut m = Machine::new(&[]);
    m.sh("docker pull -q --platform linux/arm64 alpine && docker pull -q alpine");
    let arch = |m: &mut Machine| m.sh("docker load -q -i a.tar; docker image inspect -f '{{.Architecture}}' alpine");
    assert_eq!(m.sh("docker save --platform linux/arm64 -o a.tar alpine").err, "");
    let listed = m.sh("docker history -q --no-trunc --platform linux/arm64 alpine | wc -l");
    assert_eq!(listed.out, m.sh("docker history -q --no-trunc alpine | wc -l").out);
    let missing =
        "image with reference alpine:latest was found but does not provide the specified platform (linux/s390x)";
    for (line, before) in
        [("image inspect", ""), ("history", ""), ("save -o b.tar", "no suitable export target found: ")]
    {
        let ran = m.sh(&format!("docker {line} --platform linux/s390x alpine"));
        assert_eq!((ran.code, ran.err), (1, format!("Error response from daemon: {before}{missing}\n")), "{line}");
    }
    // moby `daemon/containerd/image_delete.go`: never without force, and only manifests are told of.
    let refused = m.sh("docker rmi --platform linux/arm64 alpine");
    assert_eq!((refused.code, refused.err.contains("Use —-force to force delete.")), (1, true));
    let removed = m.sh("docker rmi -f --platform linux/arm64 alpine").out;
    assert!(removed.lines().count() == 1 && removed.starts_with("Deleted: sha256:"), "{removed}");
    assert_eq!(m.sh("docker run --rm alpine uname -m").out, "x86_64\n");
    assert_eq!(m.sh("docker run --rm --pull never --platform linux/arm64 alpine uname -m").code, 125);
    m.sh("docker rmi alpine");
    assert_eq!(arch(&mut m).out.lines().last(), Some("arm64"));
}

#[test]
fn info_tells_of_client_and_server() {
    let mut m = Machine::new(&[]);
    let path = "/usr/libexec/docker/cli-plugins/docker-buildx";
    let head = format!(
        " Plugins:\n  buildx: Docker Buildx (Docker Inc.)\n    Version:  v0.30.1\n    Path:     {path}\n\nServer:\n Containers: 0\n"
    );
    assert!(m.sh("docker info").out.contains(&head));
    assert_eq!(m.sh(&format!("{path} version")).out, m.sh("docker buildx version").out);
    for (template, want) in [
        ("{{range .ClientInfo.Plugins}}{{.Name}} {{.Version}} {{.Vendor}}{{end}}", "buildx v0.30.1 Docker Inc."),
        (
            "{{.Plugins}}",
            "{[local] [bridge host ipvlan macvlan null overlay] [] [awslogs fluentd gcplogs gelf journald json-file local splunk syslog]}",
        ),
        (
            "{{.Driver}} {{.DriverStatus}} {{.Swarm}}",
            "overlayfs [[driver-type io.containerd.snapshotter.v1]] {  inactive false  [] 0 0 <nil> []}",
        ),
        (
            "{{.Runtimes}} {{.HTTPProxy}}{{.CPUCfsPeriod}}",
            "map[io.containerd.runc.v2:{{runc []  map[]} map[]} runc:{{runc []  map[]} map[]}] true",
        ),
        ("{{.ClientInfo.APIVersion}} {{.ClientInfo.Context}} {{.ServerErrors}} {{.Debug}}", "1.52 default [] false"),
        (
            "{{json .ClientInfo.Plugins}}",
            r#"[{"SchemaVersion":"0.1.0","Vendor":"Docker Inc.","Version":"v0.30.1","ShortDescription":"Docker Buildx","Name":"buildx","Path":"/usr/libexec/docker/cli-plugins/docker-buildx"}]"#,
        ),
    ] {
        let ran = m.sh(&format!("docker info -f '{template}'"));
        assert_eq!((ran.out.trim_end(), ran.err.as_str()), (want, ""), "{template}");
    }
    let own = m.sh("docker -H unix:///nope.sock info -f '{{.ClientInfo.Version}}'");
    assert_eq!((own.out.as_str(), own.err.as_str(), own.code), ("29.7.2\n", "", 0));
    let json = m.sh("docker info -f json | jq -r '.ClientInfo.Plugins[0].Name, .ServerVersion'");
    assert_eq!(json.out, "buildx\n29.7.2\n");
}

#[test]
fn networks_and_volumes() {
    let mut m = Machine::new(&[]);
    let ls = m.sh("docker network ls").out;
    let names: Vec<&str> = ls.lines().skip(1).filter_map(|l| l.split_whitespace().nth(1)).collect();
    assert_eq!(
        (ls.lines().next(), names.as_slice()),
        (Some("NETWORK ID     NAME      DRIVER    SCOPE"), &["bridge", "host", "none"][..])
    );
    assert_eq!(m.sh("docker network create n1").out.trim().len(), 64);
    assert_eq!(
        m.sh("docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' n1 bridge").out,
        "172.18.0.0/16\n172.17.0.0/16\n"
    );
    assert_eq!(m.sh("docker network rm n1").out, "n1\n");
    assert_eq!(m.sh("docker volume create v1; docker volume ls").out, "v1\nDRIVER    VOLUME NAME\nlocal     v1\n");
    assert_eq!(m.sh("docker volume inspect -f '{{.Mountpoint}}' v1").out, "/var/lib/docker/volumes/v1/_data\n");
    let pruned = m.sh("docker volume prune -af");
    assert_eq!(pruned.out, "Deleted Volumes:\nv1\n\nTotal reclaimed space: 0B\n");
    assert_eq!(
        m.sh("docker volume prune < /dev/null").out,
        "WARNING! This will remove anonymous local volumes not used by at least one container.\nAre you sure you want to continue? [y/N] "
    );
}

#[test]
fn save_is_what_load_takes() {
    let mut m = Machine::new(&[]);
    let id = "docker inspect -f '{{.Id}}' alpine";
    let before = m.sh(&format!("docker pull -q alpine > /dev/null; docker save -o a.tar alpine; {id}")).out;
    let loaded = m.sh("docker rmi alpine > /dev/null; docker load -i a.tar");
    assert_eq!(loaded.out, "Loaded image: alpine:latest\n", "{loaded:#?}");
    assert_eq!(m.sh(id).out, before);
}

#[test]
fn contexts() {
    let mut m = Machine::new(&[]);
    let want = "NAME        DESCRIPTION                               DOCKER ENDPOINT               ERROR\ndefault *   Current DOCKER_HOST based configuration   unix:///var/run/docker.sock   \n";
    assert_eq!(m.sh("docker context ls").out, want);
    assert_eq!(m.sh("docker context show; docker context use default").out, "default\ndefault\n");
    let nope = "context \"nope\": context not found: open /home/student/.docker/contexts/meta/ca3704aa0b06f5954c79ee837faa152d84d6b2d42838f0637a15eda8337dbdce/meta.json: no such file or directory\n";
    assert_eq!(m.sh("docker context use nope").err, nope);
}
