// A session that touches every part of the core; the same source is compiled natively and to wasm.

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{HomeFile, Input, Scenario, Session};

const LINES: &[&str] = &[
    "ls -l; cat Dockerfile | head -n 2; echo $((7 * 6)) > answer",
    "docker build -t notes:1.0 .",
    "docker images; docker history notes:1.0",
    "docker run -d -p 8080:5000 --name web notes:1.0",
    "curl localhost:8080",
    "docker logs web; docker ps",
    "docker run --rm python:3.11-slim python -c 'print(sum(i * 0.1 for i in range(10)), 2 ** 100, {1: [2, (3,)]})'",
    "echo '# changed' >> main.py; docker build -t notes:1.0 .",
    "docker stop web; docker rm web; nosuch; false",
];

/// Plays it; answers the world's digest. `step`: how time is split.
pub(crate) fn play(step: SimTime) -> String {
    let files = [
        ("main.py", include_str!("../../../../examples/flask/main.py")),
        ("requirements.txt", include_str!("../../../../examples/flask/requirements.txt")),
        ("Dockerfile", include_str!("../../../../examples/flask/Dockerfile")),
    ];
    let home = files.map(|(p, t)| HomeFile { path: p.into(), mode: 0o644, data: t.into() });
    let size = WinSize { rows: 24, cols: 80 };
    let Ok(mut s) =
        Session::new(layerlab_lab::parts::all(), Scenario::new("same", home.into()), 11, 1_795_248_000, size)
    else {
        return String::new();
    };
    for line in LINES {
        if s.apply(Input::Key(format!("{line}\r").into_bytes())).is_err() {
            return String::new();
        }
        // So long that every line has ended; counted from a time that does not depend on the step.
        let until = s.world().now() + SimTime::secs(40);
        while s.world().now() < until {
            let next = (s.world().now() + step).min(until);
            s.run_slice(next, u64::MAX);
        }
    }
    s.world().digest()
}
