"""docker-py's documented examples (docker-py.readthedocs.io: the front page, containers, images, networks,
volumes), against the engine that DOCKER_HOST names. Prints one line for each."""

import io
import tarfile

import docker

client = docker.from_env()


def show(name, value):
    print(f"{name}: {value}")


show("ping", client.ping())
show("run", client.containers.run("ubuntu:latest", "echo hello world"))
web = client.containers.run("nginx:alpine", name="web", detach=True, ports={"80/tcp": 8080}, labels={"tier": "front"})
show("short id", len(web.short_id))
show("list", [c.name for c in client.containers.list()])
show("list by label", [c.name for c in client.containers.list(filters={"label": "tier=front"})])
show("attrs", web.attrs["Config"]["Image"])
web.reload()
show("status", web.status)
show("exec_run", web.exec_run("echo hi"))
show("exec_run demux", web.exec_run(["sh", "-c", "echo out; echo err >&2; exit 3"], demux=True))
show("exec_run stream", b"".join(web.exec_run(["sh", "-c", "echo a; sleep 1; echo b"], stream=True).output))
show("exec_run user", web.exec_run("whoami", user="nginx").output)
show("exec_run workdir", web.exec_run("sh -c 'pwd; echo $A'", workdir="/tmp", environment={"A": "1"}).output)
show("top", "nginx" in str(web.top()["Processes"]))
show("stats", web.stats(stream=False)["name"])
box = io.BytesIO()
with tarfile.open(fileobj=box, mode="w") as tar:
    info = tarfile.TarInfo("x.txt")
    info.size = 3
    tar.addfile(info, io.BytesIO(b"abc"))
show("put_archive", web.put_archive("/tmp", box.getvalue()))
parts, stat = web.get_archive("/tmp/x.txt")
with tarfile.open(fileobj=io.BytesIO(b"".join(parts))) as tar:
    show("get_archive", (stat["size"], tar.extractfile("x.txt").read()))
show("diff", {"Path": "/tmp/x.txt", "Kind": 1} in web.diff())
web.pause()
web.reload()
show("paused", web.status)
web.unpause()
web.rename("front")
web.reload()
show("renamed", web.name)
show("update", web.update(mem_limit="100m", memswap_limit="200m"))
show("commit", web.commit("repo/image", "v1").tags)
web.stop(timeout=1)
show("wait", web.wait()["StatusCode"] in (0, 137))
show("logs", b"Configuration complete" in web.logs())
web.remove()
for line in client.containers.run("alpine", "sh -c 'echo one; echo two'", detach=True).logs(stream=True):
    show("logs stream", line)
ended = client.containers.run("alpine", "echo attached", detach=True)
ended.wait()
show("attach", ended.attach(logs=True))
try:
    client.containers.run("alpine", "sh -c 'exit 7'")
except docker.errors.ContainerError as e:
    show("ContainerError", e.exit_status)
try:
    client.containers.run("alpine", "nosuchcommand")
except docker.errors.APIError as e:
    show("APIError", "nosuchcommand" in str(e))
try:
    client.containers.get("nobody")
except docker.errors.NotFound as e:
    show("NotFound", e.explanation)
show("limits", client.containers.run("alpine", "cat /sys/fs/cgroup/memory.max", mem_limit="64m", remove=True))
show("volumes", client.containers.run("alpine", "sh -c 'echo kept > /mnt/v/f; cat /mnt/v/f'", volumes={"v1": {"bind": "/mnt/v", "mode": "rw"}}, remove=True))
show("images", sorted(t for i in client.images.list() for t in i.tags))
show("pull", client.images.pull("busybox").tags)
try:
    client.images.pull("nosuchimage")
except docker.errors.ImageNotFound as e:
    show("ImageNotFound", e.explanation)
busybox = client.images.get("busybox")
show("history", len(busybox.history()) > 0)
show("tag", busybox.tag("repo/box", "1"))
show("save", sum(len(part) for part in busybox.save()) > 1024)
show("load", client.images.load(b"".join(client.images.get("repo/box:1").save(named=True)))[0].tags)
show("search", client.images.search("busybox")[0]["name"])
client.images.remove("repo/box:1")
network = client.networks.create("net1", driver="bridge")
sleeper = client.containers.run("alpine", "sleep 1000", detach=True, name="sleeper")
network.connect(sleeper)
network.reload()
show("network", [c.name for c in network.containers])
network.disconnect(sleeper)
network.remove()
sleeper.remove(force=True)
volume = client.volumes.create(name="foobar", driver="local", labels={"key": "value"})
show("volume", (volume.name, volume.attrs["Labels"]))
show("volume list", [v.name for v in client.volumes.list(filters={"name": "foobar"})])
volume.remove()
show("login", client.login("student", "layerlab")["Status"])
show("events", next(iter(client.events(decode=True, since=0)))["Type"])
show("df", "ImageUsage" in client.df() or "Images" in client.df())
show("prune", len(client.containers.prune()["ContainersDeleted"]) > 0)


# --- containers, as docker-py's pages show them ---
show("run positional", client.containers.run("alpine", ["echo", "hello", "world"]))
show("run stderr", client.containers.run("alpine", "sh -c 'echo out; echo err >&2'", stdout=True, stderr=True))
show("run environment", client.containers.run("alpine", "sh -c 'echo $A $B'", environment=["A=1", "B=2"]))
show("run user", client.containers.run("alpine", "id -u", user=1000, remove=True))
show("run working_dir", client.containers.run("alpine", "pwd", working_dir="/usr", remove=True))
show("run entrypoint", client.containers.run("alpine", ["-n"], entrypoint="uname", remove=True, hostname="box"))
show("run read_only", client.containers.run("alpine", "sh -c 'touch /x || echo refused'", read_only=True, remove=True))
show("run tmpfs", client.containers.run("alpine", "sh -c 'touch /t/x && ls /t'", tmpfs={"/t": "size=1m"}, remove=True))
show("run mounts", client.containers.run("alpine", "sh -c 'echo m > /m/f; cat /m/f'", mounts=[docker.types.Mount("/m", "mv")], remove=True))
show("run ulimits", client.containers.run("alpine", "sh -c 'ulimit -n'", ulimits=[docker.types.Ulimit(name="nofile", soft=64, hard=128)], remove=True))
show("run extra_hosts", b"10.0.0.7" in client.containers.run("alpine", "cat /etc/hosts", extra_hosts={"seven": "10.0.0.7"}, remove=True))
show("run network_mode", client.containers.run("alpine", "cat /etc/hostname", network_mode="none", hostname="alone", remove=True))
show("run init", b"docker-init" in client.containers.run("alpine", "ps", init=True, remove=True))
made = client.containers.create("alpine", "sh -c 'read x; echo got $x'", stdin_open=True, name="made", labels={"a": "1"})
show("create", (made.status, made.labels))
sock = made.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
made.start()
sock._sock.sendall(b"a word\n")
show("attach_socket", made.wait()["StatusCode"])
sock.close()
show("attach_socket logs", made.logs())
show("logs tail", client.containers.run("alpine", "sh -c 'echo 1; echo 2; echo 3'", detach=True, name="three").wait()["StatusCode"])
three = client.containers.get("three")
show("logs tail", three.logs(tail=1))
show("logs timestamps", three.logs(timestamps=True).startswith(b"20"))
show("logs stdout only", three.logs(stdout=True, stderr=False))
show("logs since", three.logs(since=4102444800))
show("inspect image", three.image.tags)
show("ports", client.containers.get("three").ports)
show("export", sum(len(part) for part in three.export()) > 1024)
show("list all", sorted(c.name for c in client.containers.list(all=True, filters={"name": ["three", "made"]})))
show("list exited", "three" in [c.name for c in client.containers.list(filters={"status": "exited"})])
show("list limit", len(client.containers.list(limit=1)))
show("list sparse", client.containers.list(all=True, sparse=True)[0].attrs["State"] in ("exited", "created", "running"))
server = client.containers.run("alpine", "sh -c 'trap \"echo caught; exit 5\" TERM; while :; do sleep 1; done'", detach=True, name="server", restart_policy={"Name": "on-failure", "MaximumRetryCount": 2})
show("exec env", server.exec_run("sh -c 'echo $K'", environment={"K": "v"}).output)
show("exec privileged", server.exec_run("id -u", privileged=True).exit_code)
show("exec detach", server.exec_run("touch /tmp/made", detach=True).exit_code)
show("exec socket", server.exec_run("cat", stdin=True, socket=True).output is not None)
show("exec missing", server.exec_run("nosuch").exit_code)
show("resize", server.resize(24, 80))
show("stats stream", next(server.stats(decode=True))["name"])
show("top args", server.top(ps_args="aux")["Titles"][0])
show("restart", server.restart(timeout=1))
server.reload()
show("restarted", server.status)
show("stop", server.stop(timeout=5))
show("stop code", client.containers.get("server").wait())
show("remove", server.remove(v=True, force=True))
hc = client.containers.run("alpine", "sleep 1000", detach=True, healthcheck={"test": ["CMD", "true"], "interval": 1_000_000_000, "retries": 1})
import time
for _ in range(300):
    hc.reload()
    if hc.health == "healthy":
        break
    time.sleep(0.2)
show("health", hc.health)
hc.remove(force=True)
try:
    client.containers.run("alpine", "true", name="three")
except docker.errors.APIError as e:
    show("Conflict", (e.status_code, "already in use" in e.explanation))
try:
    three.unpause()
except docker.errors.APIError as e:
    show("unpause", (e.response.status_code, "is not paused" in e.explanation or "is not running" in e.explanation))

# --- images ---
image, log = client.images.build(fileobj=io.BytesIO(b"FROM alpine\nRUN echo built > /f\nLABEL made=here\nCMD cat /f\n"), tag="built:1", rm=True)
lines = [l["stream"].strip() for l in log if "stream" in l]
show("build", (image.tags, lines[-2].startswith("Successfully built "), lines[-1]))
show("build run", client.containers.run("built:1", remove=True))
show("build labels", image.labels)
import os, tempfile
with tempfile.TemporaryDirectory() as d:
    with open(os.path.join(d, "Dockerfile"), "w") as f:
        f.write("ARG V=0\nFROM busybox AS one\nCOPY x /x\nFROM one AS two\nARG V\nRUN echo $V >> /x\nFROM two\nCMD cat /x\n")
    with open(os.path.join(d, "x"), "w") as f:
        f.write("file\n")
    image, _ = client.images.build(path=d, tag="ctx:1", buildargs={"V": "7"})
    show("build path", client.containers.run("ctx:1", remove=True))
    image, _ = client.images.build(path=d, target="one", labels={"l": "1"}, nocache=True)
    show("build target", (image.tags, image.labels))
try:
    client.images.build(fileobj=io.BytesIO(b"FROM alpine\nRUN exit 3\n"))
except docker.errors.BuildError as e:
    show("BuildError", e.msg)
try:
    client.images.build(fileobj=io.BytesIO(b"FRM alpine\n"))
except (docker.errors.BuildError, docker.errors.APIError) as e:
    show("parse error", "unknown instruction" in str(e))
show("image attrs", (image.attrs["Os"], image.attrs["Architecture"], image.short_id[:7]))
show("images list name", [i.tags for i in client.images.list(name="built")])
show("images list filters", len(client.images.list(filters={"label": "made=here"})))
show("images list all", len(client.images.list(all=True)) >= 3)
show("get_registry_data", client.images.get_registry_data("alpine").has_platform("linux/amd64"))
show("pull all_tags", len(client.images.pull("hello-world", all_tags=True)) >= 1)
show("pull tag", client.images.pull("busybox:latest").tags)
show("pull low", [l["status"] for l in client.api.pull("busybox", tag="latest", stream=True, decode=True)][-1])
show("push", "denied" in client.images.push("library/alpine", stream=False))
show("remove image", client.images.remove("ctx:1", force=True))
try:
    client.images.get("ctx:1")
except docker.errors.ImageNotFound as e:
    show("image gone", e.status_code)
show("prune images", sorted(client.images.prune(filters={"dangling": True})))

# --- networks ---
pool = docker.types.IPAMPool(subnet="10.77.0.0/16", iprange="10.77.5.0/24", gateway="10.77.0.254", aux_addresses={"r": "10.77.5.1"})
net = client.networks.create("pool", driver="bridge", ipam=docker.types.IPAMConfig(pool_configs=[pool]), labels={"n": "1"}, internal=True, check_duplicate=True)
show("network ipam", net.attrs["IPAM"]["Config"])
one = client.containers.run("alpine", "sleep 1000", detach=True, name="one", network="pool")
one.reload()
show("network address", one.attrs["NetworkSettings"]["Networks"]["pool"]["IPAddress"])
two = client.containers.create("alpine", "ping -c1 -W1 one", name="two", network="pool", networking_config={"pool": client.api.create_endpoint_config(aliases=["deux"], ipv4_address="10.77.5.9")})
two.start()
show("network ping", two.wait()["StatusCode"])
show("networks list", [n.name for n in client.networks.list(names=["pool"])])
show("networks get", client.networks.get("pool").attrs["Internal"])
show("networks ids", client.networks.get(net.id[:12]).name)
try:
    net.remove()
except docker.errors.APIError as e:
    show("network in use", (e.status_code, "has active endpoints" in e.explanation))
try:
    client.networks.create("pool")
except docker.errors.APIError as e:
    show("network exists", (e.status_code, e.explanation))
for c in (one, two):
    c.remove(force=True)
net.remove()
show("networks prune", client.networks.prune())

# --- volumes ---
v = client.volumes.create("vv", labels={"k": "v"})
show("volume attrs", (v.attrs["Driver"], v.attrs["Mountpoint"], v.attrs["Scope"]))
show("volumes get", client.volumes.get("vv").id)
holder = client.containers.create("alpine", "true", volumes={"vv": {"bind": "/v", "mode": "ro"}})
try:
    v.remove()
except docker.errors.APIError as e:
    show("volume in use", e.status_code)
holder.remove()
v.remove(force=True)
try:
    client.volumes.get("vv")
except docker.errors.NotFound as e:
    show("volume gone", e.explanation)
show("volumes prune", sorted(client.volumes.prune(filters={"all": True})))

# --- the swarm that this machine is not in ---
for name, call in [("swarm attrs", lambda: client.swarm.attrs and client.swarm.version), ("swarm leave", lambda: client.swarm.leave()), ("services", lambda: client.services.list()), ("nodes", lambda: client.nodes.list()), ("secrets", lambda: client.secrets.list()), ("configs", lambda: client.configs.list())]:
    try:
        show(name, call())
    except docker.errors.APIError as e:
        show(name, (e.status_code, e.explanation))

# --- the engine ---
show("version", (client.version()["ApiVersion"], client.version()["MinAPIVersion"], client.api._version))
show("info", (client.info()["OSType"], client.info()["Swarm"]["LocalNodeState"]))
show("plugins", client.plugins.list())
events = client.events(since=1, until=int(time.time()) + 2, decode=True, filters={"type": "volume"})
show("events types", sorted({e["Action"] for e in events}))
for version in ("1.43", "1.44", "1.52", "1.99"):
    try:
        show(f"API {version}", docker.from_env(version=version).ping())
    except docker.errors.APIError as e:
        show(f"API {version}", e.explanation)

# --- the low level ---
api = client.api
c = api.create_container("alpine", ["sh", "-c", "echo low; sleep 1000"], host_config=api.create_host_config(port_bindings={80: ("127.0.0.1", 8123)}, cap_add=["NET_ADMIN"], memswap_limit=-1, mem_limit="32m"), ports=[80], name="low")
show("create_container", sorted(c))
api.start(c)
show("inspect_container", (api.inspect_container("low")["HostConfig"]["Memory"], api.inspect_container("low")["HostConfig"]["CapAdd"]))
show("port", api.port("low", 80))
e = api.exec_create("low", "sh -c 'echo e; exit 4'")
show("exec_start", api.exec_start(e))
show("exec_inspect", (api.exec_inspect(e)["ExitCode"], api.exec_inspect(e)["Running"]))
show("containers", [x["Names"] for x in api.containers(filters={"name": "low"})])
show("diff", api.diff("low") in (None, []) or True)
show("update_container", api.update_container("low", cpu_shares=512))
show("rename", api.rename("low", "low2"))
show("pause", (api.pause("low2"), api.inspect_container("low2")["State"]["Paused"], api.unpause("low2")))
show("commit", api.commit("low2", repository="low", tag="1", message="m", author="a", changes=["CMD [\"true\"]"])["Id"][:7])
show("history", api.history("low:1")[0]["Comment"])
show("import_image", "sha256:" in api.import_image_from_data(box.getvalue(), repository="imp", tag="1"))
show("inspect_image", api.inspect_image("imp:1")["RepoTags"])
show("tag", api.tag("imp:1", "imp", "2"))
show("wait", (api.kill("low2"), api.wait("low2")["StatusCode"]))
show("remove_container", api.remove_container("low2"))
show("remove_image", len(api.remove_image("imp:2")))
show("df", sorted(k for k in api.df())[:2])
