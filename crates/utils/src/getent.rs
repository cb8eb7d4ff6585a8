//! `getent`: entries of the system's databases.

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new("database [key ...]", "Get entries from administrative database.", "i|no-idn s|service=")
    .version("Debian GLIBC 2.41) (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let Some((database, keys)) = p.operands.split_first() else {
        c.sys
            .eprint(
                "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n",
            )
            .await;
        return Err(Stop::Code(1));
    };
    let names = Names::load(&c.sys).await;
    let file = |path: &'static str| path;
    let mut out: Vec<String> = Vec::new();
    match database.as_str() {
        "hosts" | "ahosts" | "ahostsv4" => {
            for key in keys {
                match c.sys.resolve(key).await {
                    Ok(all) if database == "hosts" => {
                        let one = all.first().map_or_else(String::new, ToString::to_string);
                        out.push(format!("{one:<15} {key}"));
                    }
                    Ok(all) => {
                        for (i, a) in all.iter().enumerate() {
                            let tail = if i == 0 { format!(" {key}") } else { String::new() };
                            let a = a.to_string();
                            out.extend([
                                format!("{a:<15} STREAM{tail}"),
                                format!("{a:<15} DGRAM"),
                                format!("{a:<15} RAW"),
                            ]);
                        }
                    }
                    Err(_) => c.code = 2,
                }
            }
            if keys.is_empty() {
                let text = c.sys.read_file(file("/etc/hosts")).await.unwrap_or_default();
                for l in String::from_utf8_lossy(&text).lines() {
                    let w: Vec<&str> = l.split('#').next().unwrap_or("").split_whitespace().collect();
                    if let [a, rest @ ..] = w.as_slice() {
                        out.push(format!("{a:<15} {}", rest.join(" ")));
                    }
                }
            }
        }
        "passwd" => {
            let hit = |k: &String| {
                names.users.iter().find(|u| u.name == *k || u.uid.to_string() == *k).map(|u| u.line.clone())
            };
            if keys.is_empty() {
                out.extend(names.users.iter().map(|u| u.line.clone()));
            }
            for k in keys {
                match hit(k) {
                    Some(l) => out.push(l),
                    None => c.code = 2,
                }
            }
        }
        "group" => {
            let hit = |k: &String| {
                names.groups.iter().find(|g| g.name == *k || g.gid.to_string() == *k).map(|g| g.line.clone())
            };
            if keys.is_empty() {
                out.extend(names.groups.iter().map(|g| g.line.clone()));
            }
            for k in keys {
                match hit(k) {
                    Some(l) => out.push(l),
                    None => c.code = 2,
                }
            }
        }
        "services" => {
            for key in keys {
                let (name, protocol) = key.split_once('/').unwrap_or((key, "tcp"));
                let wanted = name.parse::<u16>().ok();
                let hit = (1..=u16::MAX).find_map(|port| {
                    let found = crate::nc::service(port)?;
                    (wanted == Some(port) || found == name).then_some((found, port))
                });
                match hit {
                    Some((found, port)) => out.push(format!("{found:<21} {port}/{protocol}")),
                    None => c.code = 2,
                }
            }
        }
        other => {
            c.sys
                .eprint(format!(
                    "Unknown database: {other}\nTry `getent --help' or `getent --usage' for more information.\n"
                ))
                .await;
            return Err(Stop::Code(1));
        }
    }
    for l in out {
        c.put(format!("{l}\n")).await?;
    }
    Ok(())
}
