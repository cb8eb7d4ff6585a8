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
sleeper = client.containers.run("alpine", "sleep 100", detach=True, name="sleeper")
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
