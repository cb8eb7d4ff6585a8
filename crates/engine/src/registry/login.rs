//! `POST /auth`, and credentials that come with a request.

use layerlab_api::http::Request;
use layerlab_api::query::Query;
use layerlab_api::system::{AuthRequest, AuthResponse};

use super::client::Registry;
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
    if matches!(host, "" | "index.docker.io" | "docker.io" | "registry-1.docker.io") {
        // Nobody has an account at this machine's Docker Hub.
        return Err(unauthorized("registry-1.docker.io"));
    }
    let basic = basic(&request.username, &request.password);
    let registry = Registry::new(&cx.sys, host, Some(basic));
    let reply = registry
        .request("GET", "", Query::default(), "", None)
        .await
        .map_err(|e| ApiError { message: e.message.replace("failed to do request: ", ""), ..e })?;
    match reply.head.status {
        200 => {
            let answer = AuthResponse { status: "Login Succeeded".to_owned(), ..AuthResponse::default() };
            cx.json(200, &answer).await
        }
        401 => Err(unauthorized(host)),
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
    format!("Basic {}", crate::container::archive::base64(format!("{user}:{password}").as_bytes()))
}

/// `X-Registry-Auth` as `Authorization`.
pub(crate) fn authorization(request: &Request) -> Option<String> {
    let header = request.headers.get("X-Registry-Auth")?;
    let json = decode(header)?;
    let auth: AuthRequest = serde_json::from_slice(&json).ok()?;
    (!auth.username.is_empty()).then(|| basic(&auth.username, &auth.password))
}

/// Base64, either alphabet, with or without padding.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for c in text.bytes().filter(|c| *c != b'=') {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_come_as_url_safe_base64_of_json() {
        assert_eq!(decode("Zm9vYmFy").unwrap(), b"foobar");
        assert_eq!(decode("Zm8=").unwrap(), b"fo");
        let mut r = Request::new("POST", "/x", Query::default());
        r.headers.add("X-Registry-Auth", "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAifQ==");
        assert_eq!(authorization(&r).unwrap(), "Basic dTpw");
    }
}
