//! `print`, `printf`, `close`, `system`.

use std::rc::Rc;

use super::super::code::{OFMT, OFS, ORS, To};
use super::super::io::{Output, system};
use super::{Fails, Machine};
use crate::cli::Run;

impl Machine<'_> {
    pub(super) async fn outside(&mut self, name: &str, n: usize) -> Run<f64> {
        let arg = if n > 0 { Some(self.text()) } else { None };
        Ok(match (name, arg) {
            ("system", Some(command)) => {
                self.flush_all().await?;
                f64::from(system(self.c, &command).await)
            }
            ("close", Some(name)) => {
                let mut status = -1;
                if let Some(o) = self.outputs.remove(&*name) {
                    self.c.flush().await?;
                    status = o.close(self.c).await;
                }
                if let Some(r) = self.readers.remove(&*name) {
                    status = r.close(self.c).await;
                }
                f64::from(status)
            }
            ("fflush", Some(name)) if !name.is_empty() => match self.outputs.get_mut(&*name) {
                Some(o) => f64::from(i32::from(o.flush(self.c).await) - 1),
                None => -1.0,
            },
            _ => {
                self.flush_all().await?;
                0.0
            }
        })
    }

    pub(super) async fn flush_all(&mut self) -> Run<()> {
        self.c.flush().await?;
        for o in self.outputs.values_mut() {
            o.flush(self.c).await;
        }
        Ok(())
    }

    /// Closes all files and waits for all commands.
    pub(super) async fn close_all(&mut self) -> Run<()> {
        // As mawk: what commands say comes before what is still in the buffer, but not on a terminal.
        if self.c.sys.is_atty(1).await {
            self.c.flush().await?;
        }
        for (_, o) in std::mem::take(&mut self.outputs) {
            o.close(self.c).await;
        }
        self.c.flush().await?;
        for (_, r) in std::mem::take(&mut self.readers) {
            r.close(self.c).await;
        }
        Ok(())
    }

    pub(super) async fn write(&mut self, to: To, name: Option<Rc<str>>, bytes: &[u8]) -> Run<Fails<()>> {
        let Some(name) = name else {
            self.c.put(bytes).await?;
            return Ok(Ok(()));
        };
        if !self.outputs.contains_key(&*name) {
            if self.outputs.len() > 200 {
                return Ok(Err("too many open files".to_owned()));
            }
            match Output::open(self.c, &name, to).await {
                Ok(o) => {
                    self.outputs.insert(name.to_string(), o);
                }
                Err(e) => return Ok(Err(format!("cannot open \"{name}\" for output ({e})"))),
            }
        }
        if let Some(o) = self.outputs.get_mut(&*name) {
            o.put(self.c, bytes).await?;
        }
        Ok(Ok(()))
    }

    pub(super) async fn print(&mut self, n: usize, to: To) -> Run<Fails<()>> {
        let name = if to == To::Stdout { None } else { Some(self.text()) };
        let ofmt = self.global(OFMT).show("%.6g");
        let mut out = String::new();
        if n == 0 {
            out.push_str(&self.whole().show(&ofmt));
        } else {
            let ofs = self.global(OFS).show(&ofmt);
            let from = self.stack.len().saturating_sub(n);
            for (i, v) in self.stack.drain(from..).enumerate() {
                if i > 0 {
                    out.push_str(&ofs);
                }
                out.push_str(&v.show(&ofmt));
            }
        }
        out.push_str(&self.global(ORS).show(&ofmt));
        self.write(to, name, out.as_bytes()).await
    }

    pub(super) async fn printf(&mut self, n: usize, to: To) -> Run<Fails<()>> {
        let name = if to == To::Stdout { None } else { Some(self.text()) };
        match self.formatted(n) {
            Ok(text) => self.write(to, name, text.as_bytes()).await,
            Err(e) => Ok(Err(e)),
        }
    }
}
