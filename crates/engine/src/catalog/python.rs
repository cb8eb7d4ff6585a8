//! `python`: on Debian (slim and full) and on Alpine.

use layerlab_oci::Config;
use layerlab_oci::layer::Entry;

use super::files::{dir, executable, finish, sized, text, zones};
use super::tag::{self, Tag};
use super::{LayerSpec, Line, Official, Source, alpine, debian, layer, note, words};

const PATH: &str = "PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A release of Python.
struct Release {
    minor: &'static str,
    full: &'static str,
    gpg: &'static str,
    sha256: &'static str,
}

/// The newest first. Releases whose archive's digest is not known here tell none.
const RELEASES: [Release; 7] = [
    Release { minor: "3.14", full: "3.14.2", gpg: "", sha256: "" },
    Release {
        minor: "3.13",
        full: "3.13.14",
        gpg: "7169605F62C751356D054A26A821E680E5FA6305",
        sha256: "639e43243c620a308f968213df9e00f2f8f62332f7adbaa7a7eeb9783057c690",
    },
    Release {
        minor: "3.12",
        full: "3.12.14",
        gpg: "7169605F62C751356D054A26A821E680E5FA6305",
        sha256: "5c8462af5790baf43a321a1559dbe0db06d1be4300fb85fb53c40060668e548a",
    },
    Release {
        minor: "3.11",
        full: "3.11.13",
        gpg: "A035C8C19219BA821ECEA86B64E628F8D684696D",
        sha256: "8fb5f9fbc7609fa822cb31549884575db7fd9657cbffb89510b5d7975963a83a",
    },
    Release { minor: "3.10", full: "3.10.19", gpg: "A035C8C19219BA821ECEA86B64E628F8D684696D", sha256: "" },
    Release { minor: "3.9", full: "3.9.25", gpg: "E3FF2839C048B25C084DEBE9B26995E310250568", sha256: "" },
    Release { minor: "3.8", full: "3.8.20", gpg: "E3FF2839C048B25C084DEBE9B26995E310250568", sha256: "" },
];

const NETBASE: LayerSpec =
    LayerSpec { key: "python-netbase", variant: "", entries: netbase, compressed: 1_293_270, unpacked: 4_120_000 };
const CERTIFICATES: LayerSpec =
    LayerSpec { key: "python-alpine-netbase", variant: "", entries: netbase, compressed: 416_265, unpacked: 1_070_000 };
const BUILDPACK: LayerSpec = LayerSpec {
    key: "buildpack-deps",
    variant: "",
    entries: buildpack,
    compressed: 300_188_165,
    unpacked: 800_000_000,
};

fn netbase(_: &str) -> Vec<Entry> {
    let mut all = vec![
        sized("etc/ssl/certs/ca-certificates.crt", 219_342),
        text("etc/protocols", "# Internet (IP) protocols\nip\t0\tIP\nicmp\t1\tICMP\ntcp\t6\tTCP\nudp\t17\tUDP\n"),
        text(
            "etc/services",
            "# Network services, Internet style\nssh\t\t22/tcp\ndomain\t\t53/tcp\ndomain\t\t53/udp\nhttp\t\t80/tcp\nhttps\t\t443/tcp\nmysql\t\t3306/tcp\npostgresql\t5432/tcp\nredis\t\t6379/tcp\n",
        ),
        sized("usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt", 1_939),
    ];
    all.extend(zones());
    finish(all)
}

fn buildpack(_: &str) -> Vec<Entry> {
    let mut all: Vec<Entry> =
        ["git", "curl", "wget", "gcc", "g++", "make", "patch", "unzip", "ssh", "hg", "svn", "procps"]
            .iter()
            .filter(|n| **n != "procps")
            .map(|n| executable(&format!("usr/bin/{n}"), n, "gnu", 0o755, 1_200_000))
            .collect();
    all.push(executable("usr/bin/ps", "ps", "gnu", 0o755, 141_000));
    finish(all)
}

fn interpreter(full: &str) -> Vec<Entry> {
    let minor = full.rsplit_once('.').map_or(full, |v| v.0);
    let lib = format!("usr/local/lib/python{minor}");
    let mut all = vec![
        executable(&format!("usr/local/bin/python{minor}"), "python", full, 0o755, 14_416),
        executable("usr/local/bin/pip3", "pip", full, 0o755, 223),
        executable("usr/local/bin/pip", "pip", full, 0o755, 223),
        executable(&format!("usr/local/bin/pip{minor}"), "pip", full, 0o755, 223),
        Entry::symlink("usr/local/bin/python3", &format!("python{minor}")),
        sized(&format!("usr/local/lib/libpython{minor}.so.1.0"), 24_900_000),
        Entry::symlink("usr/local/lib/libpython3.so", &format!("libpython{minor}.so.1.0")),
        text(
            &format!("{lib}/site-packages/README.txt"),
            "This directory exists so that 3rd party packages can be installed\nhere.  Read the source for site.py for more details.\n",
        ),
        text(&format!("{lib}/LICENSE.txt"), "Python is licensed under the PSF License Agreement.\n"),
    ];
    for name in [
        "array",
        "binascii",
        "fcntl",
        "math",
        "mmap",
        "select",
        "unicodedata",
        "zlib",
        "_asyncio",
        "_bz2",
        "_ctypes",
        "_datetime",
        "_decimal",
        "_hashlib",
        "_json",
        "_lzma",
        "_pickle",
        "_random",
        "_socket",
        "_sqlite3",
        "_ssl",
        "_struct",
        "_uuid",
    ] {
        let tag = minor.replace('.', "");
        all.push(sized(&format!("{lib}/lib-dynload/{name}.cpython-{tag}-x86_64-linux-gnu.so"), 90_000));
    }
    all.push(dir(&format!("{lib}/site-packages"), 0o755));
    finish(all)
}

fn links(_: &str) -> Vec<Entry> {
    finish(vec![
        Entry::symlink("usr/local/bin/python", "python3"),
        Entry::symlink("usr/local/bin/pydoc", "pydoc3"),
        Entry::symlink("usr/local/bin/idle", "idle3"),
        Entry::symlink("usr/local/bin/python-config", "python3-config"),
    ])
}

/// Its tags.
pub(super) fn tags() -> Vec<String> {
    const FLAVOURS: &[&str] = &["", "-slim", "-bookworm", "-slim-bookworm", "-trixie", "-slim-trixie", "-alpine"];
    let mut all = words(&["latest", "slim", "alpine", "bookworm", "trixie", "slim-bookworm", "slim-trixie"]);
    for version in RELEASES.iter().flat_map(|r| [r.minor, r.full]).chain(["3"]) {
        all.extend(FLAVOURS.iter().map(|f| format!("{version}{f}")));
    }
    all
}

/// The image of a tag.
pub(super) fn image(tag: &str) -> Option<Official> {
    let Tag { version, flavour } = Tag::parse(tag);
    let (release, full) = RELEASES.iter().enumerate().find_map(|(n, r)| match version {
        "" | "3" if n == 0 => Some((r, r.full.to_owned())),
        _ => tag::release(version, r.minor, r.full).map(|full| (r, full)),
    })?;
    let (key, compressed, unpacked) = if flavour.starts_with("slim") {
        ("python-slim", 11_887_174, 36_200_000)
    } else if flavour.starts_with("alpine") {
        ("python", 13_771_491, 40_500_000)
    } else {
        ("python", 25_100_000, 68_000_000)
    };
    let mut lines = match flavour {
        "slim" | "slim-trixie" => slim("trixie")?,
        "slim-bookworm" => slim("bookworm")?,
        "slim-bullseye" => slim("bullseye")?,
        "" => full_image("bookworm")?,
        "bookworm" | "trixie" | "bullseye" => full_image(flavour)?,
        "alpine" => on_alpine("latest")?,
        _ => on_alpine(flavour.strip_prefix("alpine")?)?,
    };
    let program = Source::Files { key: format!("{key} {full}"), entries: interpreter(&full), compressed, unpacked };
    let sha256 = if full == release.full { release.sha256 } else { "" };
    let named = [("GPG_KEY", release.gpg), ("PYTHON_VERSION", &full), ("PYTHON_SHA256", sha256)];
    let variables: Vec<String> = named.iter().filter(|v| !v.1.is_empty()).map(|(k, v)| format!("{k}={v}")).collect();
    lines.extend(variables.iter().map(|v| note(format!("ENV {v}"))));
    lines.extend([
        Line { by: "RUN /bin/sh -c set -eux; \t\tsavedAptMark=\"$(apt-mark showmanual)\"; \tapt-get update; … python3 --version; \tpip3 --version # buildkit".to_owned(), layer: Some(program) },
        layer(
            "RUN /bin/sh -c set -eux; \tfor src in idle3 pip3 pydoc3 python3 python3-config; do \t\tdst=\"$(echo \"$src\" | tr -d 3)\"; … done # buildkit",
            LayerSpec { key: "python-links", variant: "", entries: links, compressed: 249, unpacked: 16_384 },
        ),
        note("CMD [\"python3\"]"),
    ]);
    Some(Official {
        created: 1_785_892_334,
        comment: "buildkit.dockerfile.v0",
        lines,
        config: Config {
            env: std::iter::once(PATH.to_owned()).chain(variables).collect(),
            cmd: words(&["python3"]),
            ..Config::default()
        },
    })
}

/// The layer of a release of Debian.
fn debian_layer(codename: &str, flavour: &str) -> Option<Line> {
    let source = debian::image(&format!("{codename}{flavour}"))?.lines.into_iter().find_map(|l| l.layer)?;
    Some(Line { by: format!("# debian.sh --arch 'amd64' out/ '{codename}' '@1785715200'"), layer: Some(source) })
}

fn slim(codename: &str) -> Option<Vec<Line>> {
    Some(vec![
        debian_layer(codename, "-slim")?,
        note(format!("ENV {PATH}")),
        layer(
            "RUN /bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends \t\tca-certificates \t\tnetbase \t\ttzdata \t; \tapt-get dist-clean # buildkit",
            NETBASE,
        ),
    ])
}

fn full_image(codename: &str) -> Option<Vec<Line>> {
    Some(vec![
        debian_layer(codename, "")?,
        layer(
            "RUN /bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends … # buildkit",
            BUILDPACK,
        ),
        note(format!("ENV {PATH}")),
        layer(
            "RUN /bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends \t\tlibbluetooth-dev \t\ttk-dev \t\tuuid-dev \t; \trm -rf /var/lib/apt/lists/* # buildkit",
            NETBASE,
        ),
    ])
}

fn on_alpine(release: &str) -> Option<Vec<Line>> {
    let mut lines = alpine::image(release)?.lines;
    lines.extend([
        note(format!("ENV {PATH}")),
        layer(
            "RUN /bin/sh -c set -eux; \tapk add --no-cache \t\tca-certificates \t\ttzdata \t; # buildkit",
            CERTIFICATES,
        ),
    ]);
    Some(lines)
}
