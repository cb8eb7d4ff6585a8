//! The registries of the simulated internet: which there are, who may do what there, and the tokens
//! that say so (distribution's "Token Authentication Specification").

use layerlab_kernel::net::Site;
use layerlab_kernel::{Sys, base64};
use layerlab_oci::Digest;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

use super::store::Store;

/// A registry of the internet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    /// As in image names.
    pub name: &'static str,
    /// Where tokens are given out.
    pub realm: &'static str,
    /// Who the tokens are for.
    pub service: &'static str,
    /// Repositories below this path are Docker's official images.
    pub official: Option<&'static str>,
    /// A new repository can be read by its owner only.
    pub private: bool,
    /// Anonymous people get a token that allows less, instead of a refusal.
    pub lenient: bool,
    /// Anonymous pulls in six hours, and those of an account.
    pub limits: Option<(usize, usize)>,
}

/// Docker Hub, and others.
const HOSTS: &[Host] = &[
    Host {
        name: "docker.io",
        realm: "https://auth.docker.io/token",
        service: "registry.docker.io",
        official: Some("library/"),
        private: false,
        lenient: true,
        // docs.docker.com/docker-hub/usage (2025).
        limits: Some((100, 200)),
    },
    Host {
        name: "ghcr.io",
        realm: "https://ghcr.io/token",
        service: "ghcr.io",
        official: None,
        private: true,
        lenient: false,
        limits: None,
    },
    Host {
        name: "quay.io",
        realm: "https://quay.io/v2/auth",
        service: "quay.io",
        official: None,
        private: true,
        lenient: true,
        limits: None,
    },
    Host {
        name: "mirror.gcr.io",
        realm: "https://mirror.gcr.io/v2/token",
        service: "mirror.gcr.io",
        official: Some("library/"),
        private: true,
        lenient: true,
        limits: None,
    },
    Host {
        name: "public.ecr.aws",
        realm: "https://public.ecr.aws/token/",
        service: "public.ecr.aws",
        official: Some("docker/library/"),
        private: false,
        lenient: true,
        limits: None,
    },
];

const fn at(last: u8) -> Ipv4Addr {
    // Addresses that are reserved for documentation (RFC 5737).
    Ipv4Addr::new(198, 51, 100, last)
}

const fn site(name: &'static str, last: u8, argv: &'static [&'static str]) -> Site {
    Site { name, addr: at(last), server: Some((443, argv)) }
}

const fn plain(name: &'static str, last: u8, argv: &'static [&'static str]) -> Site {
    Site { name, addr: at(last), server: Some((80, argv)) }
}

/// A machine where nobody answers.
const fn silent(name: &'static str, last: u8) -> Site {
    Site { name, addr: at(last), server: None }
}

/// The machines of the internet that a host should be connected to, with the program that answers there.
pub const SITES: &[Site] = &[
    plain("archive.ubuntu.example", 10, &["mirror", "archive.ubuntu.example", "80"]),
    plain("security.ubuntu.example", 10, &["mirror", "archive.ubuntu.example", "80"]),
    plain("deb.debian.example", 11, &["mirror", "deb.debian.example", "80"]),
    site("dl-cdn.alpinelinux.example", 12, &["mirror", "dl-cdn.alpinelinux.example", "443"]),
    site("pypi.example", 13, &["mirror", "pypi.example", "443"]),
    site("registry-1.docker.io", 20, &["internet", "registry", "docker.io"]),
    site("auth.docker.io", 120, &["internet", "token", "docker.io"]),
    site("index.docker.io", 121, &["internet", "index", "docker.io"]),
    site("ghcr.io", 21, &["internet", "registry", "ghcr.io"]),
    site("quay.io", 22, &["internet", "registry", "quay.io"]),
    site("mirror.gcr.io", 26, &["internet", "registry", "mirror.gcr.io"]),
    site("public.ecr.aws", 25, &["internet", "registry", "public.ecr.aws"]),
    silent("gcr.io", 23),
    silent("mcr.microsoft.com", 24),
    site("git.example", 30, &["githost", "git.example"]),
    plain("example.test", 80, &["mirror", "example.test", "80"]),
    plain("www.example.test", 80, &["mirror", "example.test", "80"]),
];

/// Accounts at every registry of the internet: name and password.
const ACCOUNTS: &[(&str, &str)] = &[("student", "layerlab"), ("teacher", "layerlab")];

/// How long a token is good for.
const LIFETIME: i64 = 300;

/// A registry by the name that image names have.
pub(super) fn find(name: &str) -> Option<&'static Host> {
    HOSTS.iter().find(|h| h.name == name)
}

/// Whose credentials these are; `Err`: nobody's.
pub(super) fn user(authorization: Option<&str>) -> Result<Option<String>, ()> {
    let Some(text) = authorization.and_then(|a| a.strip_prefix("Basic ")) else { return Ok(None) };
    let plain = base64::decode(text).and_then(|b| String::from_utf8(b).ok()).ok_or(())?;
    let (name, password) = plain.split_once(':').ok_or(())?;
    if ACCOUNTS.contains(&(name, password)) { Ok(Some(name.to_owned())) } else { Err(()) }
}

impl Host {
    /// Where its files are.
    pub(super) fn store(&self, sys: &Sys) -> Store {
        Store { sys: sys.clone(), root: format!("/srv/{}", self.name), official: self.official }
    }

    /// What somebody may do with a repository, of what they ask for.
    pub(super) async fn granted(&self, sys: &Sys, user: Option<&str>, repo: &str, asked: &[&str]) -> Vec<String> {
        let owner = user.is_some() && repo.split_once('/').is_some_and(|(first, _)| Some(first) == user);
        let known = self.official.is_some() && self.store(sys).is_official(repo);
        let public = known || (!self.private && self.store(sys).tags(repo).await.is_some());
        let allowed = |action: &&&str| match **action {
            "pull" => public || owner,
            "push" | "delete" => owner,
            _ => false,
        };
        asked.iter().filter(allowed).map(|a| (*a).to_owned()).collect()
    }

    /// A token for somebody to do these things with repositories.
    pub(super) fn token(&self, user: Option<&str>, access: &[(String, Vec<String>)], now: i64) -> String {
        let list: Vec<Value> = access
            .iter()
            .map(|(name, actions)| json!({ "type": "repository", "name": name, "actions": actions }))
            .collect();
        let claims = json!({
            "access": list, "aud": self.service, "exp": now + LIFETIME, "iat": now,
            "iss": self.realm.split('/').nth(2).unwrap_or_default(), "sub": user.unwrap_or_default(),
        });
        let part = |v: &Value| base64::encode_url_bare(v.to_string().as_bytes());
        let signed = format!("{}.{}", part(&json!({ "alg": "HS256", "typ": "JWT" })), part(&claims));
        let signature = self.signature(&signed);
        format!("{signed}.{signature}")
    }

    /// Nobody forges tokens here; a changed one is seen.
    fn signature(&self, signed: &str) -> String {
        base64::encode_url_bare(Digest::of(format!("{} {signed}", self.service).as_bytes()).hex().as_bytes())
    }

    /// What a token says, if it is a good one.
    pub(super) fn claims(&self, token: &str, now: i64) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        if self.signature(signed) != signature {
            return None;
        }
        let claims: Value = serde_json::from_slice(&base64::decode(signed.split('.').nth(1)?)?).ok()?;
        (claims.get("exp")?.as_i64()? > now).then_some(claims)
    }
}

/// Whether a token's claims allow an action.
pub(super) fn allows(claims: &Value, repo: &str, action: &str) -> bool {
    let list = claims.get("access").and_then(Value::as_array);
    list.into_iter().flatten().any(|a| {
        let actions = a.get("actions").and_then(Value::as_array);
        a.get("name").and_then(Value::as_str) == Some(repo)
            && actions.into_iter().flatten().any(|x| x.as_str() == Some(action))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_what_it_allows_for_five_minutes() {
        let hub = find("docker.io").unwrap();
        let token = hub.token(Some("student"), &[("student/app".into(), vec!["pull".into(), "push".into()])], 1000);
        let claims = hub.claims(&token, 1299).unwrap();
        assert!(allows(&claims, "student/app", "push") && !allows(&claims, "student/app", "delete"));
        assert!(!allows(&claims, "library/alpine", "pull"));
        assert_eq!(hub.claims(&token, 1300), None, "too old");
        assert_eq!(hub.claims(&format!("{token}x"), 1000), None, "changed");
        assert_eq!(find("ghcr.io").unwrap().claims(&token, 1000), None, "another registry's");
    }

    #[test]
    fn who_has_an_account() {
        let header = |text: &str| format!("Basic {}", base64::encode(text.as_bytes()));
        assert_eq!(user(Some(&header("student:layerlab"))), Ok(Some("student".into())));
        assert_eq!(user(Some(&header("student:wrong"))), Err(()));
        assert_eq!(user(None), Ok(None));
    }
}
