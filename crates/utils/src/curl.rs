//! `curl`: transfers a URL (curl 8.14, the part for HTTP).

mod options;
mod progress;
mod request;
mod transfer;
mod write_out;

use crate::cli::{Cli, Run, Stop};

/// curl's exit code and its words.
pub(crate) struct Failure {
    code: i32,
    text: String,
}

impl Failure {
    fn new(code: i32, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let o = match options::parse(args) {
        Ok(o) => o,
        Err(text) => {
            c.sys.eprint(format!("{text}curl: try 'curl --help' or 'curl --manual' for more information\n")).await;
            return Err(Stop::Code(2));
        }
    };
    if o.help {
        c.put(options::help()).await?;
        return Ok(());
    }
    if o.version {
        c.put("curl 8.14.1 (x86_64-pc-linux-gnu) libcurl/8.14.1 (simulated)\nProtocols: http\nFeatures: UnixSockets\n")
            .await?;
        return Ok(());
    }
    if o.urls.is_empty() {
        c.sys.eprint("curl: (2) no URL specified\n").await;
        return Err(Stop::Code(2));
    }
    let mut meter = progress::Meter::new(&o, c.sys.is_atty(1).await);
    for i in 0..o.urls.len() {
        if let Err(f) = transfer::run(c, &o, i, &mut meter).await? {
            meter.end(c).await;
            c.code = f.code;
            if !o.silent || o.show_error {
                c.flush().await?;
                c.sys.eprint(format!("curl: ({}) {}\n", f.code, f.text)).await;
            }
        }
    }
    Ok(())
}
