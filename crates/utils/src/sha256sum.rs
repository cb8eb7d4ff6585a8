//! `sha256sum`, `sha512sum` and `md5sum`: digests of files, and their check.

mod md5;

use sha2::{Digest, Sha256, Sha512};

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Print or check checksums of files.",
    "b|binary c|check t|text z|zero tag ignore-missing q|quiet status strict w|warn",
);

async fn digest(c: &Cli, path: &str) -> Result<String, layerlab_kernel::Errno> {
    let bytes = c.slurp(path).await?;
    let digest = match c.name.as_str() {
        "md5sum" => md5::digest(&bytes).to_vec(),
        "sha512sum" => Sha512::digest(&bytes).to_vec(),
        _ => Sha256::digest(&bytes).to_vec(),
    };
    Ok(digest.iter().map(|b| format!("{b:02x}")).collect())
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    for path in &files {
        if p.has("c") {
            check(c, path, p.has("q"), p.has("status")).await?;
            continue;
        }
        match digest(c, path).await {
            Ok(d) if p.has("tag") => {
                let algorithm = c.name.trim_end_matches("sum").to_uppercase();
                c.put(format!("{algorithm} ({path}) = {d}\n")).await?;
            }
            Ok(d) => c.put(format!("{d} {}{path}\n", if p.has("b") { '*' } else { ' ' })).await?,
            Err(e) => c.fail(format!("{}: {e}", quote::before_colon(path))).await,
        }
    }
    Ok(())
}

async fn check(c: &mut Cli, list: &str, quiet: bool, status: bool) -> Run<()> {
    let text = match c.slurp(list).await {
        Ok(b) => String::from_utf8_lossy(&b).into_owned(),
        Err(e) => {
            c.fail(format!("{}: {e}", quote::before_colon(list))).await;
            return Ok(());
        }
    };
    let length = match c.name.as_str() {
        "md5sum" => 32,
        "sha512sum" => 128,
        _ => 64,
    };
    let hex = |d: &str| d.len() == length && d.bytes().all(|b| b.is_ascii_hexdigit());
    let rows: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|l| l.split_once([' ']))
        .filter(|(d, _)| hex(d))
        .map(|(d, f)| (d, &f[1.min(f.len())..]))
        .collect();
    if rows.is_empty() {
        c.fail(format!("{}: no properly formatted checksum lines found", quote::before_colon(list))).await;
        return Ok(());
    }
    let (mut wrong, mut missing) = (0, 0);
    for (wanted, file) in rows {
        let verdict = match digest(c, file).await {
            Ok(d) if d.eq_ignore_ascii_case(wanted) => "OK",
            Ok(_) => {
                wrong += 1;
                "FAILED"
            }
            Err(e) => {
                c.warn(format!("{}: {e}", quote::before_colon(file))).await;
                missing += 1;
                "FAILED open or read"
            }
        };
        if !(status || quiet && verdict == "OK") {
            c.put(format!("{file}: {verdict}\n")).await?;
        }
    }
    let plural = |n: u32, one: &str, many: &str| {
        if n == 1 { format!("WARNING: 1 {one}") } else { format!("WARNING: {n} {many}") }
    };
    if missing > 0 && !status {
        c.warn(plural(missing, "listed file could not be read", "listed files could not be read")).await;
    }
    if wrong > 0 && !status {
        c.warn(plural(wrong, "computed checksum did NOT match", "computed checksums did NOT match")).await;
    }
    if wrong + missing > 0 {
        c.code = 1;
    }
    Ok(())
}
