//! `telnet`: a connection on the terminal, without options being negotiated.

use std::net::SocketAddrV4;

use layerlab_kernel::{Disposition, Signal, SockAddr, SockKind};

use crate::cli::{Cli, Run, Stop};
use crate::nc::{port_number, talk};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let operands: Vec<String> = std::mem::take(&mut c.args).into_iter().filter(|a| !a.starts_with('-')).collect();
    let busybox = c.variant == "busybox";
    let Some(host) = operands.first() else {
        c.sys.eprint("Usage: telnet [OPTION...] [HOST [PORT]]\n").await;
        return Err(Stop::Code(1));
    };
    let word = operands.get(1).map_or("23", String::as_str);
    let Some(port) = port_number(word) else {
        c.sys.eprint(format!("telnet: {word}: bad port\n")).await;
        return Err(Stop::Code(1));
    };
    let Ok(addresses) = c.sys.resolve(host).await else {
        let text = if busybox {
            format!("telnet: bad address '{host}'\n")
        } else {
            format!("telnet: could not resolve {host}/{word}: Name or service not known\n")
        };
        c.sys.eprint(text).await;
        return Err(Stop::Code(1));
    };
    let _ = c.sys.sigaction(Signal::PIPE, Disposition::Ignore).await;
    let mut last = None;
    for a in addresses {
        if !busybox {
            c.put(format!("Trying {a}...\n")).await?;
            c.flush().await?;
        }
        let Ok(fd) = c.sys.socket(SockKind::Tcp).await else { return Err(Stop::Code(1)) };
        match c.sys.connect(fd, SockAddr::Inet(SocketAddrV4::new(a, port))).await {
            Ok(()) => {
                let text = if busybox {
                    format!("Connected to {host}\n\nEntering character mode\nEscape character is '^]'.\n\n")
                } else {
                    format!("Connected to {host}.\nEscape character is '^]'.\n")
                };
                c.put(text).await?;
                talk(c, fd, false, false, Some(layerlab_kernel::SimTime::secs(1)), None).await?;
                c.sys
                    .eprint(if busybox {
                        "Connection closed by foreign host\n"
                    } else {
                        "Connection closed by foreign host.\n"
                    })
                    .await;
                return Err(Stop::Code(1));
            }
            Err(e) => {
                let _ = c.sys.close(fd).await;
                last = Some((a, e));
            }
        }
    }
    if let Some((a, e)) = last {
        let text = if busybox {
            format!("telnet: can't connect to remote host ({a}): {e}\n")
        } else {
            format!("telnet: Unable to connect to remote host: {e}\n")
        };
        c.sys.eprint(text).await;
    }
    Err(Stop::Code(1))
}
