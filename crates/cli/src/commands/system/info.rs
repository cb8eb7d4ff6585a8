//! `docker info`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::buildx::{METADATA, VERSION as BUILDX};
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::template::{Missing, Template};
use crate::format::value::Value;
use crate::format::{size, typed};
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let format = p.str(c, "format");
    let plugin = buildx(cli).await;
    let client = client_info(cli, plugin.as_deref()).await?;
    if !format.is_empty() {
        return formatted(cli, format, &client).await;
    }
    let bytes = cli.get_bytes("/info", Query::default()).await;
    let info = match &bytes {
        Ok(b) => Value::from_json(b).map_err(|e| CliError::new(e.to_string()))?,
        Err(_) => Value::Null,
    };
    let mut head = format!(
        "Client:\n Version:    {}\n Context:    {}\n Debug Mode: {}\n",
        crate::VERSION,
        crate::contexts::current(cli).await?,
        cli.debug
    );
    if let Some(path) = &plugin {
        head.push_str(&format!(
            " Plugins:\n  buildx: Docker Buildx (Docker Inc.)\n    Version:  {BUILDX}\n    Path:     {path}\n"
        ));
    }
    cli.print(format!("{head}\nServer:\n")).await?;
    match bytes {
        Ok(_) => {
            cli.print(server(&info)).await?;
            let warnings = info.get("Warnings").cloned().unwrap_or(Value::Null);
            if let Value::List(l) = warnings {
                for w in l.iter() {
                    cli.eprint(format!("{w}\n")).await;
                }
            }
            Ok(0)
        }
        Err(e) => {
            cli.eprint(format!("{}\n", e.message)).await;
            Err(CliError::new("errors pretty printing info"))
        }
    }
}

/// Where buildx is installed, if it is (docker/cli `cli-plugins/manager`).
async fn buildx(cli: &Cli) -> Option<String> {
    for folder in [&format!("{}/cli-plugins", credentials::folder(cli)), "/usr/libexec/docker/cli-plugins"] {
        let path = format!("{folder}/docker-buildx");
        if cli.sys.stat(&path).await.is_ok() {
            return Some(path);
        }
    }
    None
}

/// `ClientInfo` as JSON.
async fn client_info(cli: &Cli, buildx: Option<&str>) -> Result<String, CliError> {
    let plugin = |path: &str| {
        let metadata = METADATA.trim_end().trim_end_matches('}');
        format!(r#"{metadata},"Name":"buildx","Path":"{path}"}}"#)
    };
    Ok(format!(
        r#"{{"Debug":{},{},"Context":"{}","Plugins":[{}],"Warnings":null}}"#,
        cli.debug,
        super::version::client_fields(),
        crate::contexts::current(cli).await?,
        buildx.map(plugin).unwrap_or_default()
    ))
}

/// What a template makes of it; the daemon is only asked where the template needs it.
async fn formatted(cli: &Cli, format: &str, client: &str) -> Result<i32, CliError> {
    let read = |json: &str| Value::from_json(json.as_bytes()).map_err(|e| CliError::new(e.to_string()));
    let own = format!(r#"{{"ClientInfo":{client}}}"#);
    let template = match format {
        "json" => Template::parse("{{json .}}"),
        f => Template::parse(f),
    };
    let template = template.map_err(|e| CliError::code(64, format!("template parsing error: {e}")))?;
    let names_fields = format.as_bytes().windows(2).any(|w| w[0] == b'.' && w[1].is_ascii_alphabetic());
    if names_fields && let Ok(text) = template.execute(&typed::typed("system.sparseInfo", &read(&own)?), Missing::Error)
    {
        cli.print(format!("{text}\n")).await?;
        return Ok(0);
    }
    let server = match cli.get_bytes("/info", Query::default()).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).trim_end().trim_end_matches('}').to_owned() + ",",
        Err(e) => {
            cli.eprint(format!("{}\n", e.message)).await;
            let error = serde_json::to_string(&[e.message]).unwrap_or_default();
            format!(r#"{{"ServerErrors":{error},"#)
        }
    };
    let all = read(&format!(r#"{server}"ClientInfo":{client}}}"#))?;
    match template.execute(&typed::typed("system.dockerInfo", &all), Missing::Error) {
        Ok(text) => cli.print(format!("{text}\n")).await?,
        Err((e, before)) => {
            cli.print(format!("{before}\n")).await?;
            return Err(CliError::new(e));
        }
    }
    Ok(0)
}

fn server(info: &Value) -> String {
    let text = |k: &str| info.get(k).map_or(String::new(), ToString::to_string);
    let list = |v: Option<&Value>| match v {
        Some(Value::List(l)) => l.iter().map(ToString::to_string).collect::<Vec<_>>(),
        Some(Value::Map(m)) => m.iter().map(|(k, _)| k.clone()).collect(),
        _ => Vec::new(),
    };
    let mut out = String::new();
    let mut line = |indent: usize, k: &str, v: &str| out.push_str(&format!("{}{k}: {v}\n", " ".repeat(indent)));
    line(1, "Containers", &text("Containers"));
    line(2, "Running", &text("ContainersRunning"));
    line(2, "Paused", &text("ContainersPaused"));
    line(2, "Stopped", &text("ContainersStopped"));
    line(1, "Images", &text("Images"));
    line(1, "Server Version", &text("ServerVersion"));
    line(1, "Storage Driver", &text("Driver"));
    if let Some(Value::List(pairs)) = info.get("DriverStatus") {
        for pair in pairs.iter() {
            if let [k, v] = list(Some(pair)).as_slice() {
                line(2, k, v);
            }
        }
    }
    line(1, "Logging Driver", &text("LoggingDriver"));
    line(1, "Cgroup Driver", &text("CgroupDriver"));
    line(1, "Cgroup Version", &text("CgroupVersion"));
    if let Some(plugins) = info.get("Plugins") {
        out.push_str(" Plugins:\n");
        for kind in ["Volume", "Network", "Log"] {
            out.push_str(&format!("  {kind}: {}\n", list(plugins.get(kind)).join(" ")));
        }
    }
    let cdi = list(info.get("CDISpecDirs"));
    if !cdi.is_empty() {
        out.push_str(" CDI spec directories:\n");
        for dir in cdi {
            out.push_str(&format!("  {dir}\n"));
        }
    }
    if let Some(swarm) = info.get("Swarm").and_then(|s| s.get("LocalNodeState")) {
        out.push_str(&format!(" Swarm: {swarm}\n"));
    }
    let runtimes = list(info.get("Runtimes"));
    if !runtimes.is_empty() {
        out.push_str(&format!(" Runtimes: {}\n", runtimes.join(" ")));
    }
    out.push_str(&format!(" Default Runtime: {}\n Init Binary: {}\n", text("DefaultRuntime"), text("InitBinary")));
    for (key, title) in [("ContainerdCommit", "containerd"), ("RuncCommit", "runc"), ("InitCommit", "init")] {
        if let Some(id) = info.get(key).and_then(|c| c.get("ID")) {
            out.push_str(&format!(" {title} version: {id}\n"));
        }
    }
    let security = list(info.get("SecurityOptions"));
    if !security.is_empty() {
        out.push_str(" Security Options:\n");
        for option in security {
            for field in option.split(',') {
                match field.split_once('=') {
                    Some(("name", v)) => out.push_str(&format!("  {v}\n")),
                    Some(("profile", v)) => out.push_str(&format!("   Profile: {v}\n")),
                    _ => {}
                }
            }
        }
    }
    let memory = match info.get("MemTotal") {
        Some(Value::Int(n)) => size::binary(*n),
        _ => String::new(),
    };
    let rest = [
        ("Kernel Version", text("KernelVersion")),
        ("Operating System", text("OperatingSystem")),
        ("OSType", text("OSType")),
        ("Architecture", text("Architecture")),
        ("CPUs", text("NCPU")),
        ("Total Memory", memory),
        ("Name", text("Name")),
        ("ID", text("ID")),
        ("Docker Root Dir", text("DockerRootDir")),
        ("Debug Mode", info.get("Debug").map_or("false".into(), ToString::to_string)),
        ("Experimental", text("ExperimentalBuild")),
    ];
    for (k, v) in rest {
        out.push_str(&format!(" {k}: {v}\n"));
    }
    if let Some(registries) = info.get("RegistryConfig").and_then(|r| r.get("InsecureRegistryCIDRs")) {
        out.push_str(" Insecure Registries:\n");
        for r in list(Some(registries)) {
            out.push_str(&format!("  {r}\n"));
        }
    }
    out.push_str(&format!(" Live Restore Enabled: {}\n", text("LiveRestoreEnabled")));
    if let Some(driver) = info.get("FirewallBackend").and_then(|f| f.get("Driver")) {
        out.push_str(&format!(" Firewall Backend: {driver}\n"));
        let details = info.get("FirewallBackend").and_then(|f| f.get("Info")).cloned();
        if let Some(Value::List(pairs)) = details {
            for pair in pairs.iter() {
                if let Value::List(pair) = pair
                    && let [name, value] = pair.as_slice()
                {
                    out.push_str(&format!("  {name}: {value}\n"));
                }
            }
        }
    }
    out.push('\n');
    out
}
