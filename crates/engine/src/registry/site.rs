//! The program `internet`: what answers on the machines of the simulated internet. One process a
//! connection, which is its standard input and output; TLS first.

use layerlab_api::http::{BodyDecoder, Conn, Request};
use layerlab_kernel::net::tls;
use layerlab_kernel::{Program, ProgramArgs, SimTime, Sys, async_program};
use serde_json::{Value, json};

use super::error::RegistryError;
use super::host::{self, Host, SITES};
use super::serve::{self, Answer};

/// The way there and back.
const LATENCY: SimTime = SimTime::millis(25);
/// In which pulls are counted.
const WINDOW: i64 = 6 * 3600;

/// Starts it: `internet registry|token|index HOST`.
pub fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let word = |n: usize| args.argv.get(n).cloned().unwrap_or_default();
        let Some(host) = host::find(&word(2)) else { return 1 };
        let role = word(1);
        let names: Vec<&str> = SITES
            .iter()
            .filter(|s| s.server.is_some_and(|(_, a)| a.get(2) == Some(&host.name)))
            .map(|s| s.name)
            .collect();
        let _ = sys.sleep(LATENCY).await;
        if tls::accept(&sys, 0, &names).await.is_none() {
            return 0;
        }
        let mut conn = Conn::new(sys.clone(), 0);
        while let Ok(Some(request)) = conn.read_request().await {
            let mut decoder = BodyDecoder::new(request.framing());
            let Ok(body) = conn.read_all(&mut decoder).await else { break };
            let token_path = host.realm.split_once("://").and_then(|(_, r)| r.split_once('/')).map_or("", |(_, p)| p);
            let path = match &request.version {
                Some(v) => format!("v{v}{}", request.path),
                None => request.path.trim_start_matches('/').to_owned(),
            };
            let answer = match role.as_str() {
                "token" => token(&sys, host, &request).await,
                "index" => index(&request),
                _ if path.trim_end_matches('/') == token_path.trim_end_matches('/') => {
                    token(&sys, host, &request).await
                }
                _ => registry(&sys, host, &request, body).await,
            };
            let last = request.headers.get("Connection").is_some_and(|c| c.eq_ignore_ascii_case("close"));
            if conn.write(serve::bytes(&request, &answer)).await.is_err() || last {
                break;
            }
        }
        0
    })
}

fn json_answer(status: u16, body: &Value) -> Answer {
    Answer::of(status, "application/json", format!("{body}\n"))
}

fn refusal(status: u16, code: &str, message: &str, detail: &Value) -> Answer {
    let quoted = |t: &str| Value::from(t).to_string();
    let text =
        format!("{{\"errors\":[{{\"code\":{},\"message\":{},\"detail\":{detail}}}]}}\n", quoted(code), quoted(message));
    Answer::of(status, "application/json", text)
}

fn seconds(sys: &Sys) -> i64 {
    sys.wall_clock().div_euclid(1_000_000_000)
}

/// `repository:NAME:ACTIONS`
fn scope(text: &str) -> Option<(String, Vec<&str>)> {
    let rest = text.strip_prefix("repository:")?;
    let (name, actions) = rest.rsplit_once(':')?;
    Some((name.to_owned(), actions.split(',').collect()))
}

/// Gives a token to who asks for one.
async fn token(sys: &Sys, host: &Host, request: &Request) -> Answer {
    let Ok(user) = host::user(request.headers.get("Authorization")) else {
        return json_answer(401, &json!({ "details": "incorrect username or password" }));
    };
    let mut access = Vec::new();
    for text in request.query.all("scope").flat_map(|s| s.split(' ')) {
        let Some((name, asked)) = scope(text) else { continue };
        let granted = host.granted(sys, user.as_deref(), &name, &asked).await;
        if granted.is_empty() && !host.lenient {
            return refusal(403, "DENIED", "requested access to the resource is denied", &Value::Null);
        }
        access.push((name, granted));
    }
    let now = seconds(sys);
    let token = host.token(user.as_deref(), &access, now);
    let issued = layerlab_oci::Timestamp { secs: now, nanos: 0 };
    json_answer(
        200,
        &json!({ "token": token, "access_token": token, "expires_in": 300, "issued_at": issued.to_string() }),
    )
}

/// The repository that a path of the v2 API is about.
fn repository(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let end = parts.iter().rposition(|p| matches!(*p, "manifests" | "blobs" | "tags"))?;
    (end > 0).then(|| parts.get(..end).unwrap_or_default().join("/"))
}

/// The v2 API, for who has a token that allows it.
async fn registry(sys: &Sys, host: &Host, request: &Request, body: Vec<u8>) -> Answer {
    if request.version.as_deref() != Some("2") {
        return Answer::of(404, "text/plain; charset=utf-8", "404 page not found\n");
    }
    let action = match request.method.as_str() {
        "GET" | "HEAD" => "pull",
        "DELETE" => "delete",
        _ => "push",
    };
    let repo = repository(&request.path);
    let bearer = request.headers.get("Authorization").and_then(|a| a.strip_prefix("Bearer "));
    let claims = bearer.and_then(|t| host.claims(t, seconds(sys)));
    let allowed = match (&claims, &repo) {
        (Some(c), Some(r)) => host::allows(c, r, action),
        (Some(_), None) => true,
        _ => false,
    };
    if !allowed {
        let wanted = if action == "push" { "pull,push" } else { action };
        let mut challenge = format!("Bearer realm=\"{}\",service=\"{}\"", host.realm, host.service);
        if let Some(r) = &repo {
            challenge.push_str(&format!(",scope=\"repository:{r}:{wanted}\""));
        }
        if bearer.is_some() {
            challenge.push_str(if claims.is_some() {
                ",error=\"insufficient_scope\""
            } else {
                ",error=\"invalid_token\""
            });
        }
        let detail = repo.map_or(Value::Null, |r| {
            json!(
                wanted
                    .split(',')
                    .map(|a| json!({ "Action": a, "Class": "", "Name": r, "Type": "repository" }))
                    .collect::<Vec<_>>()
            )
        });
        return refusal(401, "UNAUTHORIZED", "authentication required", &detail).with("Www-Authenticate", challenge);
    }
    if request.path.starts_with("/_catalog") {
        return refusal(401, "UNAUTHORIZED", "authentication required", &Value::Null);
    }
    let mut limit = Vec::new();
    if let Some((anonymous, known)) = host.limits
        && action == "pull"
        && request.path.contains("/manifests/")
    {
        let user = claims.as_ref().and_then(|c| c.get("sub")).and_then(Value::as_str).unwrap_or_default();
        let most = if user.is_empty() { anonymous } else { known };
        let counts = request.method == "GET" && !is_index(sys, host, repo.as_deref(), &request.path).await;
        let Some(left) = count(sys, host, user, most, counts).await else {
            let which = if user.is_empty() { "unauthenticated " } else { "" };
            let text =
                format!("You have reached your {which}pull rate limit. https://www.docker.com/increase-rate-limit");
            return refusal(429, "TOOMANYREQUESTS", &text, &Value::Null).with("Retry-After", "60");
        };
        limit = vec![
            ("ratelimit-limit", format!("{most};w={WINDOW}")),
            ("ratelimit-remaining", format!("{left};w={WINDOW}")),
            ("docker-ratelimit-source", if user.is_empty() { "10.0.2.15".to_owned() } else { user.to_owned() }),
        ];
    }
    let store = host.store(sys);
    let mut answer = match serve::respond(&store, request, body, false).await {
        Ok(a) => a,
        Err(e) => RegistryError::answer(&e),
    };
    answer.headers.extend(limit);
    answer
}

/// Whether a manifest is a list of manifests: those do not count as pulls.
async fn is_index(sys: &Sys, host: &Host, repo: Option<&str>, path: &str) -> bool {
    let store = host.store(sys);
    let (Some(repo), Some(reference)) = (repo, path.rsplit('/').next()) else { return true };
    let Some(digest) = store.resolve(repo, reference).await else { return true };
    let data = store.found(repo, &digest).await;
    data.is_some_and(|d| layerlab_oci::media_type::is_index(&serve::kind_of(&d.bytes)))
}

/// Counts a pull; how many are left, `None`: too many.
async fn count(sys: &Sys, host: &Host, user: &str, most: usize, counts: bool) -> Option<usize> {
    let path = format!("/tmp/{}-{}", host.name, if user.is_empty() { "anonymous" } else { user });
    let text = sys.read_file(&path).await.unwrap_or_default();
    let now = seconds(sys);
    let mut times: Vec<i64> = String::from_utf8_lossy(&text).lines().filter_map(|l| l.parse().ok()).collect();
    times.retain(|t| *t > now - WINDOW);
    if times.len() >= most {
        return (!counts).then_some(0);
    }
    if counts {
        times.push(now);
        let lines: String = times.iter().map(|t| format!("{t}\n")).collect();
        let _ = sys.write_file(&path, lines.into_bytes(), 0o644).await;
    }
    Some(most - times.len())
}

/// The search of the old index, which `docker search` asks.
fn index(request: &Request) -> Answer {
    if request.path.trim_end_matches('/') != "/search" || request.version.as_deref() != Some("1") {
        return Answer::of(404, "text/plain; charset=utf-8", "404 page not found\n");
    }
    let term = request.query.text("q");
    let found = crate::image::search::known(term);
    let most = request.query.text("n").parse().unwrap_or(25);
    let shown: Vec<Value> = found.iter().take(most).map(|r| serde_json::to_value(r).unwrap_or_default()).collect();
    json_answer(
        200,
        &json!({ "num_pages": 1, "num_results": found.len(), "results": shown, "page_size": most, "query": term, "page": 1 }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_path_and_a_scope_are_about() {
        assert_eq!(repository("/library/alpine/manifests/latest").as_deref(), Some("library/alpine"));
        assert_eq!(repository("/a/b/c/blobs/uploads/").as_deref(), Some("a/b/c"));
        assert_eq!(repository("/a/tags/list").as_deref(), Some("a"));
        assert_eq!(repository("/"), None);
        assert_eq!(scope("repository:a/b:pull,push"), Some(("a/b".into(), vec!["pull", "push"])));
        assert_eq!(scope("registry:catalog:*"), None);
    }
}
