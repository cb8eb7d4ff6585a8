//! `docker login` (docker/cli `cli/command/registry/login.go`).

use layerlab_api::query::Query;
use layerlab_api::system::{AuthRequest, AuthResponse};

use crate::cli::Cli;
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let given = p.arg(0).trim_start_matches("https://").trim_start_matches("http://");
    let server = credentials::key(given.split('/').next().unwrap_or_default()).to_owned();
    let mut user = p.str(c, "username").to_owned();
    let mut password = p.str(c, "password").to_owned();
    let from_stdin = p.bool("password-stdin") || password == "-";
    if p.is_set("password") && password != "-" {
        if p.bool("password-stdin") {
            return Err(CliError::new("conflicting options: cannot specify both --password and --password-stdin"));
        }
        cli.eprint("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n").await;
    }
    if from_stdin {
        if user.is_empty() {
            return Err(CliError::new("the --password-stdin option requires --username to be set"));
        }
        let text = cli.sys.read_all(0).await?;
        String::from_utf8_lossy(&text).trim_end_matches(['\n', '\r']).clone_into(&mut password);
    }
    if (user.is_empty() || password.is_empty()) && !cli.sys.is_atty(0).await {
        return Err(CliError::new("error: cannot perform an interactive login from a non-TTY device"));
    }
    if user.is_empty() {
        user = ask(cli, "Username: ", true).await?;
    }
    if user.is_empty() {
        return Err(CliError::new("error: username is required"));
    }
    if password.is_empty() {
        password = ask(cli, "Password: ", false).await?;
        cli.print("\n").await?;
    }
    if password.is_empty() {
        return Err(CliError::new("error: password is required"));
    }
    let request = AuthRequest { username: user, password, serveraddress: server.clone() };
    let answer: AuthResponse = cli.post("/auth", Query::default(), &request).await?;
    credentials::store(cli, &server, &request.username, &request.password).await?;
    cli.eprint(format!(
        "\nWARNING! Your credentials are stored unencrypted in '{}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n",
        credentials::place(cli)
    ))
    .await;
    cli.print(format!("{}\n", answer.status)).await?;
    Ok(0)
}

async fn ask(cli: &Cli, question: &str, echo: bool) -> Result<String, CliError> {
    cli.print(question).await?;
    let before = cli.sys.tc_get_attr(0).await.ok();
    if let Some(mut quiet) = before.filter(|_| !echo) {
        quiet.echo = false;
        let _ = cli.sys.tc_set_attr(0, quiet).await;
    }
    let mut line = Vec::new();
    while !line.contains(&b'\n') {
        match cli.sys.read(0, 1024).await {
            Ok(data) if !data.is_empty() => line.extend_from_slice(&data),
            _ => break,
        }
    }
    if let Some(before) = before {
        let _ = cli.sys.tc_set_attr(0, before).await;
    }
    Ok(String::from_utf8_lossy(&line).trim().to_owned())
}
