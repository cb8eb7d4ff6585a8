//! `POST /auth`, and credentials that come with a request.

use layerlab_api::http::Request;
use layerlab_api::query::Query;
use layerlab_api::system::{AuthRequest, AuthResponse};

use super::client;
use crate::context::{Context, Reply};
use crate::error::ApiError;

/// Asks a registry whether it takes the credentials.
///
/// # Errors
/// It doesn't, or it cannot be reached.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let request: AuthRequest = cx.json_body().await?;
    let server = request.serveraddress.trim_start_matches("https://").trim_start_matches("http://");
    let host = server.split('/').next().unwrap_or_default();
    let hub = matches!(host, "" | "index.docker.io" | "docker.io" | "registry-1.docker.io");
    let host = if hub { layerlab_oci::reference::DEFAULT_DOMAIN } else { host };
    let shown = if hub { "registry-1.docker.io" } else { host };
    let basic = basic(&request.username, &request.password);
    let registry = client::open(&cx.sys, host, Some(basic)).await;
    let reply = registry.request("GET", "", Query::default(), "", None).await.map_err(|e| match e.unauthorized {
        true => unauthorized(shown),
        false => ApiError::internal(e.message.replace("failed to do request: ", "")),
    })?;
    match reply.head.status {
        200 => {
            let answer = AuthResponse { status: "Login Succeeded".to_owned(), ..AuthResponse::default() };
            cx.json(200, &answer).await
        }
        401 | 403 => Err(unauthorized(shown)),
        status => Err(ApiError::internal(format!("login attempt to https://{host}/v2/ failed with status: {status}"))),
    }
}

fn unauthorized(host: &str) -> ApiError {
    ApiError {
        status: 401,
        message: format!("Get \"https://{host}/v2/\": unauthorized: incorrect username or password"),
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", layerlab_kernel::base64::encode(format!("{user}:{password}").as_bytes()))
}

/// `X-Registry-Auth` as `Authorization`.
pub(crate) fn authorization(request: &Request) -> Option<String> {
    let header = request.headers.get("X-Registry-Auth")?;
    let json = layerlab_kernel::base64::decode(header)?;
    let auth: AuthRequest = serde_json::from_slice(&json).ok()?;
    (!auth.username.is_empty()).then(|| basic(&auth.username, &auth.password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_come_as_url_safe_base64_of_json() {
        let mut r = Request::new("POST", "/x", Query::default());
        r.headers.add("X-Registry-Auth", "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAifQ==");
        assert_eq!(authorization(&r).unwrap(), "Basic dTpw");
    }
}
