//! `layerlab layers FILE`: what each layer of an image in an archive did, as dive shows it. The machine's
//! daemon loads the archive, its client tells.

use std::path::PathBuf;

use layerlab_kernel::WinSize;
use layerlab_lab::{HomeFile, Scenario, Session};
use lexopt::{Arg, Parser, ValueExt};

use super::sh::{BOOT, script_of};
use crate::usage::{Failure, Result, read};

/// Loads the archive and looks at each image in it; the arguments are those of `docker image layers`.
const SCRIPT: &str = r#"
loaded=$(docker load -q -i archive) || exit
echo "$loaded" | sed 's/^Loaded image\( ID\)*: //' | while read -r image; do
    case $loaded in *"
"*) [ "$1" = --format ] || echo "$image" ;; esac
    docker image layers "$@" "$image" || exit
done
"#;

/// Prints it; 1 where the file is no archive of images.
pub(crate) fn main(mut args: Parser) -> Result<u8> {
    let (mut file, mut options) = (None, Vec::new());
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("files") => options.push("--files".to_owned()),
            Arg::Long("format") => options.extend(["--format".to_owned(), args.value()?.string()?]),
            Arg::Value(v) if file.is_none() => file = Some(PathBuf::from(v)),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(file) = file else {
        return Err(Failure::Usage(
            "layers needs a file: what docker save wrote, or an OCI layout as a tar".to_owned(),
        ));
    };
    let archive = HomeFile { path: "archive".to_owned(), mode: 0o644, data: read(&file)? };
    let mut scenario = Scenario::new("layers", vec![archive]);
    scenario.login = false;
    let size = WinSize { rows: 24, cols: 80 };
    let mut session = Session::new(layerlab_lab::parts::all(), scenario, 1, BOOT, size)
        .map_err(|e| Failure::Failed(format!("the machine does not boot: {e}")))?;
    let argv = ["bash", "-c", SCRIPT, "layers"].map(str::to_owned);
    script_of(&mut session, argv.into_iter().chain(options).collect())
}
