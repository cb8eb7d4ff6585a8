//! `docker build`: sends the context, shows the progress, says what went wrong.

use std::collections::BTreeMap;

use layerlab_api::build::BuildOptions;
use layerlab_api::stream::{Aux, ErrorDetail, JsonMessage};
use layerlab_kernel::{Disposition, PollFd, Signal, SimTime};
use layerlab_oci::Reference;

use super::{builders, cache, call, context, output, secrets, vcs};
use crate::build::trace::State;
use crate::build::{explain, plain, tty, warnings};
use crate::cli::Cli;
use crate::commands::container::options::{absolute, key_values};
use crate::error::{CliError, path_error};
use crate::flags::{Parsed, value};
use crate::tree::Command;

/// How often a terminal is drawn.
const TICK: SimTime = SimTime::millis(150);

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Plain,
    Terminal,
    Quiet,
    None,
    RawJson,
}

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: failed to build: {what}"))
}

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    build(cli, c, p, None).await
}

/// Builds; `inline` is the Dockerfile's text if it stands in a bake file.
pub(crate) async fn build(cli: &Cli, c: &Command, p: &Parsed, inline: Option<String>) -> Result<i32, CliError> {
    let builder = builders::wanted(cli, p).await?;
    let mut options = options(cli, c, p)?;
    options.builder = builders::at(&builder);
    name(cli, p, &mut options).await?;
    let mode = mode(cli, p).await?;
    let outputs = output::outputs(cli, p).await?;
    options.outputs = outputs.iter().map(|o| o.text.clone()).collect();
    let secrets = secrets::secrets(cli, p).await?;
    options.secrets = secrets.iter().map(|s| s.0.clone()).collect();
    options.ssh = secrets::ssh(cli, p).await?;
    let mut contexts = vec![(String::new(), context::read(cli, p.arg(0), p, inline).await?)];
    for given in p.list("build-context") {
        let Some((name, place)) = given.split_once('=') else {
            return Err(failed(format!("invalid context value: {given}, expected key=value")));
        };
        let name = name.to_lowercase();
        if let Some(place) = place.strip_prefix("oci-layout://") {
            let (path, which) = layout(place);
            contexts.push((name.clone(), context::read_named(cli, path).await?));
            options.contexts.insert(name, format!("oci-layout:{which}"));
        } else if place.contains("://") {
            options.contexts.insert(name, place.to_owned());
        } else {
            contexts.push((name.clone(), context::read_named(cli, place).await?));
            options.contexts.insert(name, "local".to_owned());
        }
    }
    if let call @ ("outline" | "targets") = p.str(c, "call") {
        let text = match contexts.first() {
            Some((_, context)) => context.text(cli).await?,
            None => String::new(),
        };
        cli.print(call::show(call, &text, &options)?).await?;
        return Ok(0);
    }
    cache::read(cli, &options, &mut contexts).await?;
    if context::is_remote(p.arg(0)) {
        options.remote = p.arg(0).to_owned();
    }
    options.dockerfile = contexts.first().map(|c| c.1.dockerfile.clone()).unwrap_or_default();
    let mut screen = Screen::new(mode, &builder);
    if mode == Mode::Plain {
        let (name, driver) = (&builder.name, &builder.driver);
        cli.eprint(format!("#0 building with {} instance using {driver} driver\n\n", crate::format::quote(name))).await;
    }
    let mut build = Build::default();
    builders::boot(cli, &builder, &mut build.state).await?;
    screen.update(cli, &mut build.state).await;
    let tar = context::transfer(cli, contexts, secrets, &mut options).await?;
    let mut answer = cli
        .upload("/build", options.to_query(), "application/x-tar", tar)
        .await
        .map_err(|e| CliError { message: format!("ERROR: {}", e.message), ..e })?;
    let _ = cli.sys.sigaction(Signal::INT, Disposition::Catch).await;
    let mut lines = Vec::new();
    let result = follow(cli, &mut answer, &mut screen, &mut build, &mut lines).await;
    screen.end(cli, &mut build.state).await;
    answer.close().await;
    if builder.driver != "docker" && outputs.is_empty() && !options.check && options.what_if.is_empty() {
        cli.eprint(format!("WARNING: No output specified with {} driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load\n", builder.driver)).await;
    }
    result?;
    // What the client itself knows of the build.
    build.response.insert("buildx.build.ref".to_owned(), builders::full_ref(&builder, &options.reference));
    finish(cli, p, mode, &build, &outputs, &options).await
}

/// Names a build, and says where it was asked for (buildx `build/localstate.go`, BuildKit `identity.NewID`).
async fn name(cli: &Cli, p: &Parsed, options: &mut BuildOptions) -> Result<(), CliError> {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    const LENGTH: usize = 25;
    let random = cli.sys.random(LENGTH).await?;
    let letter = |b: &u8| LETTERS.get(usize::from(b % 36)).map_or('0', |c| char::from(*c));
    options.reference = random.iter().map(letter).collect();
    let cwd = cli.sys.getcwd().await.unwrap_or_default();
    let place = |path: &str| match path {
        "" | "-" => path.to_owned(),
        path => absolute(path, &cwd),
    };
    let (context, file) = (p.arg(0), p.opt("file").unwrap_or_default());
    options.local.dockerfile_path = place(file);
    if context == "-" || context::is_remote(context) {
        context.clone_into(&mut options.local.local_path);
        return Ok(());
    }
    options.local.local_path = place(context);
    if cli.args.var("BUILDX_GIT_INFO").and_then(value::parse_bool) == Some(false) {
        return Ok(());
    }
    if let Some(found) = vcs::find(cli, &options.local.local_path).await {
        let inside = |path: &str| {
            let below = path.strip_prefix(found.root.trim_end_matches('/')).unwrap_or(path).trim_start_matches('/');
            if below.is_empty() { ".".to_owned() } else { below.to_owned() }
        };
        let dir = match options.local.dockerfile_path.rsplit_once('/') {
            Some((dir, _)) => inside(dir),
            None => inside(&options.local.local_path),
        };
        let context = inside(&options.local.local_path);
        let all = [("source", found.source), ("revision", found.revision)].map(|(k, v)| (k, v.unwrap_or_default()));
        let all = all.into_iter().chain([("localdir:context", context), ("localdir:dockerfile", dir)]);
        options.vcs = all.filter(|(_, v)| !v.is_empty()).map(|(k, v)| (format!("vcs:{k}"), v)).collect();
    }
    Ok(())
}

/// The folder of an OCI layout, and the digest or tag behind it.
fn layout(place: &str) -> (&str, &str) {
    if let Some((path, digest)) = place.split_once('@') {
        return (path.rsplit_once(':').filter(|p| !p.1.contains('/')).map_or(path, |p| p.0), digest);
    }
    place.rsplit_once(':').filter(|p| !p.1.contains('/')).unwrap_or((place, ""))
}

fn options(cli: &Cli, c: &Command, p: &Parsed) -> Result<BuildOptions, CliError> {
    let mut tags = Vec::new();
    for t in p.list("tag") {
        let r = Reference::parse_normalized(t).map_err(|e| {
            let why = e.to_string();
            let why = why.strip_prefix("invalid reference format: ").map_or(why.clone(), |w| {
                if w.contains("must be lowercase") { "repository name must be lowercase".into() } else { w.to_owned() }
            });
            failed(format!("invalid tag {}: {why}", crate::format::quote(t)))
        })?;
        tags.push(r.tag_name_only().familiar());
    }
    let call = p.str(c, "call");
    if !matches!(call, "build" | "check" | "" | "outline" | "targets") {
        return Err(failed(format!(
            "failed to solve: unsupported frontend capability moby.buildkit.frontend.subrequests.{call}"
        )));
    }
    let attest = attestations(p)?;
    let arg = |a: &String| match a.split_once('=') {
        Some((k, v)) => (k.to_owned(), Some(v.to_owned())),
        None => (a.clone(), cli.args.var(a).map(str::to_owned)),
    };
    let build_args: BTreeMap<String, Option<String>> =
        p.list("build-arg").iter().map(arg).filter(|(_, v)| v.is_some()).collect();
    Ok(BuildOptions {
        tags,
        build_args,
        labels: key_values(p.list("label")),
        no_cache: p.bool("no-cache"),
        no_cache_filter: p.list("no-cache-filter").iter().flat_map(|f| f.split(',')).map(str::to_owned).collect(),
        pull: p.bool("pull"),
        target: p.str(c, "target").to_owned(),
        network_mode: p.opt("network").unwrap_or("").to_owned(),
        platform: p.list("platform").join(","),
        check: p.bool("check") || call == "check",
        no_provenance: attest.no_provenance,
        provenance_mode: attest.provenance_mode,
        sbom: attest.sbom,
        what_if: p.list("what-if").to_vec(),
        cache_from: p.list("cache-from").to_vec(),
        cache_to: p.list("cache-to").to_vec(),
        allow: p.list("allow").iter().flat_map(|a| a.split(',')).map(str::to_owned).collect(),
        ..BuildOptions::default()
    })
}

/// `--attest`, and `--provenance` and `--sbom`, which are short for it (buildx `util/buildflags/attests.go`).
fn attestations(p: &Parsed) -> Result<BuildOptions, CliError> {
    let mut out = BuildOptions::default();
    let short = |kind: &str, v: &str| match v {
        "true" | "1" => format!("type={kind}"),
        "false" | "0" => format!("type={kind},disabled=true"),
        v => format!("type={kind},{v}"),
    };
    let flags = ["provenance", "sbom"].iter().filter_map(|f| p.opt(f).map(|v| short(f, v)));
    for text in p.list("attest").iter().cloned().chain(flags) {
        let fields: BTreeMap<&str, &str> = text.split(',').filter_map(|f| f.split_once('=')).collect();
        let on = !matches!(fields.get("disabled"), Some(&"true" | &"1"));
        match fields.get("type").copied() {
            Some("provenance") => {
                out.no_provenance = !on;
                out.provenance_mode = fields.get("mode").copied().unwrap_or_default().to_owned();
                if !matches!(out.provenance_mode.as_str(), "" | "min" | "max") {
                    return Err(failed(format!("failed to solve: invalid provenance mode {}", out.provenance_mode)));
                }
            }
            Some("sbom") => out.sbom = on,
            Some(other) => return Err(failed(format!("unknown attestation type {}", crate::format::quote(other)))),
            None => return Err(failed("attestation type not specified")),
        }
    }
    Ok(out)
}

async fn mode(cli: &Cli, p: &Parsed) -> Result<Mode, CliError> {
    let given = p.opt("progress").or_else(|| cli.args.var("BUILDKIT_PROGRESS")).unwrap_or("auto");
    if p.bool("quiet") {
        return match given {
            "auto" | "quiet" | "none" => Ok(Mode::Quiet),
            other => Err(failed(format!("progress={other} and quiet cannot be used together"))),
        };
    }
    mode_of(cli, given).await.map_err(failed)
}

/// What `--progress` means.
pub(super) async fn mode_of(cli: &Cli, given: &str) -> Result<Mode, String> {
    Ok(match given {
        "plain" => Mode::Plain,
        "quiet" => Mode::Quiet,
        "none" => Mode::None,
        "rawjson" => Mode::RawJson,
        "auto" | "tty" if cli.sys.is_atty(2).await => Mode::Terminal,
        "tty" => return Err("failed to get console: provided file is not a console".to_owned()),
        "auto" | "" => Mode::Plain,
        other => return Err(format!("invalid progress mode {other}")),
    })
}

/// What is known of the build.
#[derive(Default)]
pub(super) struct Build {
    pub(super) state: State,
    id: Option<String>,
    response: BTreeMap<String, String>,
    error: Option<ErrorDetail>,
}

/// Where progress is shown.
pub(super) struct Screen {
    mode: Mode,
    printer: plain::Printer,
    display: tty::Display,
    drawn: Option<SimTime>,
}

impl Screen {
    /// For a builder's build.
    pub(super) fn new(mode: Mode, builder: &builders::Builder) -> Self {
        let mut display = tty::Display::default();
        display.builder = format!("{}:{}", builder.driver, builder.name);
        Self { mode, printer: plain::Printer::default(), display, drawn: None }
    }
    async fn size(cli: &Cli) -> (usize, usize) {
        cli.sys.win_size(2).await.map_or((80, 24), |s| (usize::from(s.cols), usize::from(s.rows)))
    }
    async fn draw(&mut self, cli: &Cli, state: &State, all: bool) {
        let size = Self::size(cli).await;
        let text = self.display.draw(state, cli.now(), size, all);
        cli.eprint(text).await;
        self.drawn = Some(cli.sys.now());
    }
    /// Shows the state, at most once a tick, as the real display does.
    async fn update(&mut self, cli: &Cli, state: &mut State) {
        if self.drawn.is_some_and(|t| cli.sys.now().0.saturating_sub(t.0) < TICK.0) {
            return;
        }
        match self.mode {
            Mode::Plain => {
                let text = self.printer.print(state);
                if !text.is_empty() {
                    cli.eprint(text).await;
                }
                self.drawn = Some(cli.sys.now());
            }
            Mode::Terminal => self.draw(cli, state, false).await,
            _ => {}
        }
    }
    /// Shows what is left.
    pub(super) async fn end(&mut self, cli: &Cli, state: &mut State) {
        match self.mode {
            Mode::Plain => cli.eprint(self.printer.print(state)).await,
            Mode::Terminal if !state.steps.is_empty() => self.draw(cli, state, true).await,
            _ => {}
        }
        if matches!(self.mode, Mode::Plain | Mode::Terminal) {
            cli.eprint(plain::failures(state)).await;
        }
    }
}

/// Reads the stream until it ends.
pub(super) async fn follow(
    cli: &Cli,
    answer: &mut layerlab_api::client::Answer,
    screen: &mut Screen,
    build: &mut Build,
    lines: &mut Vec<u8>,
) -> Result<(), CliError> {
    loop {
        let fds = vec![PollFd { fd: answer.fd(), read: true, write: false }];
        let ready = cli.sys.poll(fds, Some(TICK)).await;
        if cli.sys.take_signals().contains(&Signal::INT) {
            return Err(failed("failed to solve: Canceled: context canceled"));
        }
        if ready.is_ok_and(|r| r.is_empty()) {
            screen.update(cli, &mut build.state).await;
            continue;
        }
        let data = answer.chunk().await.map_err(|e| CliError::from_client(e, &cli.host))?;
        if data.is_empty() {
            return Ok(());
        }
        lines.extend(data);
        while let Some(end) = lines.iter().position(|b| *b == b'\n') {
            let line: Vec<u8> = lines.drain(..=end).collect();
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let m: JsonMessage = serde_json::from_slice(&line).map_err(failed)?;
            if screen.mode == Mode::RawJson
                && let Some(Aux::Trace(t)) = &m.aux
            {
                cli.eprint(format!("{}\n", raw(t))).await;
            }
            build.take(m);
        }
        screen.update(cli, &mut build.state).await;
    }
}

/// A `SolveStatus` as BuildKit's client writes it: times as RFC 3339, bytes in base64.
fn raw(trace: &layerlab_api::build::Trace) -> String {
    fn change(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Array(list) => list.iter_mut().for_each(change),
            serde_json::Value::Object(map) => {
                if map.get("total").is_some_and(|n| n.as_u64() == Some(0)) {
                    map.remove("total");
                }
                let is_empty = |v: &serde_json::Value| {
                    matches!(v, serde_json::Value::Bool(false))
                        || v.as_str() == Some("")
                        || v.as_array().is_some_and(Vec::is_empty)
                };
                map.retain(|_, v| !is_empty(v));
                for (key, v) in map {
                    match key.as_str() {
                        "started" | "completed" | "timestamp" => {
                            if let Some(ns) = v.as_i64() {
                                let (secs, nanos) = (ns.div_euclid(1_000_000_000), ns.rem_euclid(1_000_000_000));
                                let at = layerlab_oci::Timestamp { secs, nanos: u32::try_from(nanos).unwrap_or(0) };
                                *v = at.to_string().into();
                            }
                        }
                        "data" | "short" => {
                            if let Some(text) = v.as_str() {
                                *v = layerlab_kernel::base64::encode(text.as_bytes()).into();
                            }
                        }
                        _ => change(v),
                    }
                }
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(trace).unwrap_or_default();
    change(&mut value);
    value.to_string()
}

impl Build {
    fn take(&mut self, m: JsonMessage) {
        if let Some(e) = m.error_detail {
            self.error = Some(e);
        } else if let Some(e) = m.error {
            self.error = Some(ErrorDetail { message: e, ..ErrorDetail::default() });
        }
        match m.aux {
            Some(Aux::Trace(t)) => self.state.apply(&t),
            Some(Aux::Id { id }) => self.id = Some(id),
            Some(Aux::Result { exporter }) => self.response = exporter,
            None => {}
        }
    }
}

async fn finish(
    cli: &Cli,
    p: &Parsed,
    mode: Mode,
    build: &Build,
    outputs: &[output::Output],
    options: &BuildOptions,
) -> Result<i32, CliError> {
    let found = build.state.warnings();
    if options.check && build.error.is_none() {
        cli.print(warnings::check(&found)).await?;
        return Ok(i32::from(!found.is_empty()));
    }
    if matches!(mode, Mode::Plain | Mode::Terminal) {
        cli.eprint(warnings::summary(&found, cli.debug)).await;
    }
    if p.bool("explain") {
        cli.eprint(explain::explain(&build.state)).await;
    }
    if let Some(e) = &build.error {
        return Err(error(e));
    }
    if !options.what_if.is_empty() {
        cli.print(crate::build::whatif::show(&build.response)).await?;
        return Ok(0);
    }
    let Some(id) = &build.id else { return Err(failed("failed to solve: the daemon closed the connection")) };
    if let Some(path) = p.opt("iidfile") {
        cli.sys.write_file(path, id.clone(), 0o644).await.map_err(|e| failed(path_error("open", path, e).message))?;
    }
    if let Some(path) = p.opt("metadata-file") {
        let json = output::metadata(&build.response);
        cli.sys.write_file(path, json, 0o644).await.map_err(|e| failed(path_error("open", path, e).message))?;
    }
    cache::take(cli, options, &build.response).await?;
    if let Some(number) = build.response.get("layerlab.result") {
        output::take(cli, outputs, number).await?;
    }
    if outputs.iter().any(output::Output::pushes) {
        for tag in &options.tags {
            push(cli, tag, build.response.get("layerlab.push")).await?;
        }
    }
    if mode == Mode::Quiet {
        cli.print(format!("{id}\n")).await?;
    }
    Ok(0)
}

/// Gives the image to its registry.
async fn push(cli: &Cli, tag: &str, build: Option<&String>) -> Result<(), CliError> {
    let (name, tag) = tag.rsplit_once(':').unwrap_or((tag, "latest"));
    let mut query = layerlab_api::query::Query::default().with("tag", tag);
    if let Some(number) = build {
        query = query.with("build", number);
    }
    let mut request = layerlab_api::http::Request::new("POST", &format!("/images/{name}/push"), query);
    let domain = Reference::parse_normalized(name).map(|r| r.domain().to_owned()).unwrap_or_default();
    request.headers.add("X-Registry-Auth", crate::credentials::header(cli, &domain).await);
    let mut answer = cli.send(request).await?;
    while let Some(m) = cli.line::<JsonMessage>(&mut answer).await? {
        if let Some(e) = m.error {
            return Err(failed(format!("failed to solve: failed to push {name}:{tag}: {e}")));
        }
    }
    Ok(())
}

/// The place in the Dockerfile, then the error.
fn error(e: &ErrorDetail) -> CliError {
    let out = e.source.as_ref().map(crate::build::excerpt).unwrap_or_default();
    let message = e.message.strip_prefix("failed to solve: ").unwrap_or(&e.message);
    CliError::new(format!("{out}ERROR: failed to build: failed to solve: {message}"))
}
