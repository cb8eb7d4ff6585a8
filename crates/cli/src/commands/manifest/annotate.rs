//! `docker manifest annotate`.

use layerlab_oci::Platform;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::manifests;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let (list, name) = (manifests::reference(p.arg(0))?, manifests::reference(p.arg(1))?);
    let all = manifests::list(cli, &list).await.unwrap_or_default();
    let found = all.into_iter().find(|e| e.name == name.to_string());
    let mut entry = found
        .ok_or_else(|| CliError::new(format!("manifest for image {} does not exist in {}", p.arg(1), p.arg(0))))?;
    let mut platform = entry.descriptor.platform.take().unwrap_or_else(|| Platform::linux("amd64"));
    let set = |field: &mut String, flag: &str| {
        if let Some(v) = p.opt(flag).filter(|v| !v.is_empty()) {
            v.clone_into(field);
        }
    };
    set(&mut platform.os, "os");
    set(&mut platform.architecture, "arch");
    set(&mut platform.variant, "variant");
    set(&mut platform.os_version, "os-version");
    for feature in p.list("os-features").iter().flat_map(|f| f.split(',')) {
        if !platform.os_features.iter().any(|f| f == feature) {
            platform.os_features.push(feature.to_owned());
        }
    }
    if !is_known(&platform.os, &platform.architecture) {
        return Err(CliError::new(format!(
            "manifest entry for image has unsupported os/arch combination: {}/{}",
            platform.os, platform.architecture
        )));
    }
    entry.descriptor.platform = Some(platform);
    manifests::put(cli, &list, &entry).await?;
    Ok(0)
}

/// The pairs that docker/cli takes (`command/manifest/util.go`).
fn is_known(os: &str, arch: &str) -> bool {
    let list: &[&str] = match os {
        "darwin" => &["386", "amd64", "arm", "arm64"],
        "dragonfly" => &["amd64"],
        "freebsd" | "netbsd" | "openbsd" => &["386", "amd64", "arm"],
        "linux" => &["386", "amd64", "arm", "arm64", "loong64", "mips64", "mips64le", "ppc64le", "riscv64", "s390x"],
        "plan9" | "windows" => &["386", "amd64", "arm", "arm64"],
        "solaris" => &["amd64"],
        _ => &[],
    };
    list.contains(&arch)
}
