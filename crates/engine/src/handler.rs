//! One connection: one request, one answer.

use layerlab_api::http::Conn;
use layerlab_kernel::{Disposition, Fd, Program, ProgramArgs, Signal, Sys, async_program};

use crate::context::Context;
use crate::error::ApiError;
use crate::moment::Moment;
use crate::route;

/// The thread that answers a connection.
pub fn connection(fd: Fd) -> Box<dyn Program> {
    let args = ProgramArgs {
        argv: vec!["dockerd".to_owned(), format!("connection {fd}")],
        env: Vec::new(),
        variant: String::new(),
    };
    async_program(args, move |sys, _| async move {
        answer(&sys, fd).await;
        let _ = sys.close(fd).await;
        0
    })
}

async fn answer(sys: &Sys, fd: Fd) {
    let _ = sys.sigaction(Signal::PIPE, Disposition::Ignore).await;
    let mut conn = Conn::new(sys.clone(), fd);
    match conn.read_request().await {
        Ok(Some(request)) => {
            let mut cx = Context::new(conn, request);
            if let Err(error) = checked(&mut cx).await {
                cx.refuse(&error).await;
            }
            cx.drain().await;
        }
        Ok(None) => {}
        Err(_) => {
            let text = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";
            let _ = conn.write(text.as_bytes().to_vec()).await;
        }
    }
}

async fn checked(cx: &mut Context) -> Result<(), ApiError> {
    if let Some(version) = &cx.request.version {
        check_version(version)?;
    }
    let (method, path) = (cx.request.method.clone(), cx.request.path.clone());
    if changes(&method, &path) {
        cx.with(|s| s.moment(Moment::Request { method: method.clone(), path: path.clone() }))?;
    }
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    route::route(cx, &method, &parts).await
}

/// Whether a request is there to change something.
fn changes(method: &str, path: &str) -> bool {
    let about = path.rsplit('/').next().unwrap_or_default();
    !matches!(method, "GET" | "HEAD") && !matches!(about, "attach" | "wait" | "resize" | "session" | "auth")
}

fn check_version(version: &str) -> Result<(), ApiError> {
    let number = |v: &str| v.split_once('.').and_then(|(a, b)| Some((a.parse::<u32>().ok()?, b.parse::<u32>().ok()?)));
    let (min, max) = (layerlab_api::MIN_API_VERSION, layerlab_api::API_VERSION);
    match number(version) {
        Some(v) if Some(v) < number(min) => Err(ApiError::bad(format!(
            "client version {version} is too old. Minimum supported API version is {min}, please upgrade your client to a newer version"
        ))),
        Some(v) if Some(v) > number(max) => {
            Err(ApiError::bad(format!("client version {version} is too new. Maximum supported API version is {max}")))
        }
        _ => Ok(()),
    }
}
