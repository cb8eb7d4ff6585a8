//! `GET /containers/{name}/top`: `ps` on the host, its lines of the container's processes.

use layerlab_api::container::Top;
use layerlab_kernel::{SpawnSpec, Sys, WaitFlags, WaitFor};

use super::process;
use crate::context::{Context, Reply};
use crate::error::ApiError;

/// What `ps` with the asked-for options (`-ef`) shows of the container's processes.
///
/// # Errors
/// It doesn't run; `ps` refuses the options, or shows no PID.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let (id, running) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.is_running())))??;
    if !running {
        return Err(ApiError::conflict(format!("container {id} is not running")));
    }
    let options = match cx.param("ps_args") {
        "" => "-ef".to_owned(),
        given => given.to_owned(),
    };
    let cgroup = super::limits::cgroup(&id);
    let sys = cx.sys.clone();
    let pids: Vec<u32> = sys.procs().await?.into_iter().filter(|p| p.cgroup == cgroup).map(|p| p.host_pid.0).collect();
    // Some options cannot be used together with `-q` (moby `daemon/top_unix.go`).
    let text = match ps(&sys, &options, &pids).await {
        Ok(text) => text,
        Err(_) => ps(&sys, &options, &[]).await?,
    };
    cx.json(200, &parse(&text, &pids)?).await
}

/// `ps` with these options, and these processes if any are given.
async fn ps(sys: &Sys, options: &str, pids: &[u32]) -> Result<String, ApiError> {
    let mut argv = vec!["ps".to_owned()];
    argv.extend(options.split_whitespace().map(str::to_owned));
    if !pids.is_empty() {
        let list: Vec<String> = pids.iter().map(u32::to_string).collect();
        argv.push(format!("-q{}", list.join(",")));
    }
    let env = vec![("PATH".to_owned(), "/usr/sbin:/usr/bin:/sbin:/bin".to_owned())];
    let spec = SpawnSpec { argv, env, cwd: "/".to_owned(), ..SpawnSpec::default() };
    let started = process::spawn(sys, spec, false, false, None).await?;
    let out = sys.read_all(started.stdout).await.unwrap_or_default();
    sys.close(started.stdout).await?;
    let mut err = Vec::new();
    if let Some(fd) = started.stderr {
        err = sys.read_all(fd).await.unwrap_or_default();
        sys.close(fd).await?;
    }
    let (_, status) = sys.wait(WaitFor::Pid(started.pid), WaitFlags::default()).await?;
    if status.code() != 0 {
        let why = String::from_utf8_lossy(&err).trim().to_owned();
        return Err(ApiError::internal(format!(
            "ps: {}: {why}",
            if why.is_empty() { "exit status 1" } else { "failed" }
        )));
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The table's columns; the last one keeps its blanks (moby `daemon/top_unix.go`).
fn parse(text: &str, pids: &[u32]) -> Result<Top, ApiError> {
    let mut lines = text.lines();
    let titles: Vec<String> = lines.next().unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    let column = titles.iter().position(|t| t == "PID");
    let column = column.ok_or_else(|| ApiError::internal("Couldn't find PID field in ps output"))?;
    let mut processes = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let pid = fields.get(column).and_then(|p| p.parse::<u32>().ok());
        if !pid.is_some_and(|p| pids.contains(&p)) {
            continue;
        }
        let last = titles.len().saturating_sub(1);
        let mut row: Vec<String> = fields.iter().take(last).map(|f| (*f).to_owned()).collect();
        row.push(fields.get(last..).unwrap_or_default().join(" "));
        processes.push(row);
    }
    Ok(Top { titles, processes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_keeps_its_words() {
        let text = "UID   PID  CMD\nroot    7  sleep 1000\nroot    8  other\n";
        let top = parse(text, &[7]).unwrap();
        assert_eq!(top.processes, [["root", "7", "sleep 1000"]]);
        assert!(parse("UID CMD\n", &[7]).is_err());
    }
}
