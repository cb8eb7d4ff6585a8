//! `POST /containers/{name}/resize`, `/exec/{id}/resize`: the terminal's size.

use layerlab_kernel::{Fd, WinSize};

use crate::context::{Context, Reply};
use crate::error::ApiError;

/// Of a container's terminal.
///
/// # Errors
/// It doesn't run, or the size is none.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let (id, running, master) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.is_running(), c.master)))??;
    if !running {
        return Err(ApiError::conflict(format!("container {id} is not running")));
    }
    set(cx, master).await
}

/// Of an exec's terminal.
///
/// # Errors
/// The size is none.
pub async fn exec(cx: &mut Context, id: &str) -> Reply {
    let master = cx.with(|s| s.execs.get(id).and_then(|e| e.master))?;
    set(cx, master).await
}

async fn set(cx: &mut Context, master: Option<Fd>) -> Reply {
    let number = |name: &str| {
        cx.param(name).parse::<u16>().map_err(|_| ApiError::bad(format!("invalid resize {name}: {}", cx.param(name))))
    };
    let size = WinSize { rows: number("h")?, cols: number("w")? };
    if let Some(fd) = master {
        cx.sys.set_win_size(fd, size).await?;
    }
    cx.empty(200).await
}
