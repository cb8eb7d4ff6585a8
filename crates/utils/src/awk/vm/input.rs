//! Records: of the main input, of `getline`.

use std::rc::Rc;

use super::super::code::{ARGC, ARGV, FILENAME, FNR, From, NR, RS, RT, Slot, Target};
use super::super::io::{Ending, Reader};
use super::super::lex::unescape;
use super::super::value::Value;
use super::{Fails, Machine};
use crate::cli::Run;

impl Machine<'_> {
    pub(super) fn ending(&mut self) -> Fails<Ending> {
        let rs = self.global(RS).show("%.6g");
        let mut chars = rs.chars();
        Ok(match (chars.next(), chars.next()) {
            (None, _) => Ending::Paragraph,
            (Some(c), None) if c.is_ascii() => Ending::Char(c as u8),
            _ => Ending::Regex(self.pattern(&rs)?),
        })
    }

    pub(super) fn count(&mut self, n: usize) {
        let v = self.global(n).number() + 1.0;
        self.set_global(n, Value::Number(v));
    }

    /// The next record of the operands; sets `RT`.
    pub(super) async fn next_record(&mut self) -> Run<Option<String>> {
        loop {
            let ending = match self.ending() {
                Ok(e) => e,
                Err(e) => return self.fatal(e).await,
            };
            if let Some(r) = &mut self.main {
                if r.dry() {
                    self.c.flush().await?;
                }
                match r.record(self.c, &ending).await {
                    Ok(Some((text, mark))) => {
                        self.set_global(RT, Value::text(mark));
                        self.count(NR);
                        self.count(FNR);
                        return Ok(Some(text));
                    }
                    Ok(None) => {}
                    Err(e) => {
                        let name = self.global(FILENAME).show("%.6g");
                        self.c.warn(format!("read error ({name}): {e}")).await;
                        self.c.code = 2;
                    }
                }
                self.close_main().await;
            }
            if !self.open_next().await? {
                return Ok(None);
            }
        }
    }

    pub(super) async fn close_main(&mut self) {
        if let Some(r) = self.main.take() {
            r.close(self.c).await;
        }
    }

    /// Opens the next operand; false where there is none.
    pub(super) async fn open_next(&mut self) -> Run<bool> {
        loop {
            let count = self.global(ARGC).number();
            let name: Rc<str> = if (self.argument as f64) < count {
                let n = self.argument.to_string();
                self.argument += 1;
                let Value::Array(args) = self.global(ARGV) else { return Ok(false) };
                if !args.borrow().has(&n) {
                    continue;
                }
                let v = args.borrow_mut().get(&n).show("%.6g");
                if v.is_empty() {
                    continue;
                }
                if self.assignment(&v) {
                    continue;
                }
                v
            } else if self.any_file {
                return Ok(false);
            } else {
                "-".into()
            };
            self.any_file = true;
            let directory = &*name != "-"
                && self.c.sys.stat(&name).await.is_ok_and(|s| s.file_type == layerlab_kernel::FileType::Dir);
            if directory {
                self.c.warn(format!("{name}: Is a directory")).await;
                self.c.code = 2;
                continue;
            }
            match Reader::file(self.c, &name).await {
                Ok(r) => {
                    self.main = Some(r);
                    self.set_global(FILENAME, Value::text(if &*name == "-" { "".into() } else { name }));
                    self.set_global(FNR, Value::Number(0.0));
                    return Ok(true);
                }
                Err(e) => {
                    // Nothing more happens, END neither.
                    return self.c.die(2, format!("cannot open {name} ({e})")).await;
                }
            }
        }
    }

    /// An operand `name=value`; false where it is none.
    pub(in crate::awk) fn assignment(&mut self, text: &str) -> bool {
        let Some((name, value)) = text.split_once('=') else { return false };
        let mut chars = name.chars();
        let word = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !word {
            return false;
        }
        if let Some(n) = self.program.globals.iter().position(|g| g == name) {
            let _ = self.set(Target::Var(Slot::Global(n)), &Value::Nothing, Value::input(unescape(value)));
        }
        true
    }

    pub(super) async fn getline(&mut self, from: From, target: Option<Target>) -> Run<Fails<()>> {
        let name = if from == From::Main { None } else { Some(self.text()) };
        let key = match target {
            Some(t) => self.key(t),
            None => Value::Nothing,
        };
        let got = match &name {
            None => self.next_record().await?.map_or(Ok(None), |t| Ok(Some(t))),
            Some(name) => {
                self.flush_all().await?;
                self.read_other(from, name).await?
            }
        };
        let result = match got {
            Ok(Some(text)) => {
                if from == From::Pipe {
                    self.count(NR);
                    self.count(FNR);
                }
                let value = Value::input(text);
                let done = match target {
                    Some(t) => self.set(t, &key, value),
                    None => {
                        self.record.set(value);
                        Ok(())
                    }
                };
                if let Err(e) = done {
                    return Ok(Err(e));
                }
                1.0
            }
            Ok(None) => 0.0,
            Err(()) => -1.0,
        };
        self.stack.push(Value::Number(result));
        Ok(Ok(()))
    }

    pub(super) async fn read_other(&mut self, from: From, name: &Rc<str>) -> Run<Result<Option<String>, ()>> {
        let ending = match self.ending() {
            Ok(e) => e,
            Err(e) => return self.fatal(e).await,
        };
        if !self.readers.contains_key(&**name) {
            let reader = match from {
                From::Pipe => Reader::command(self.c, name).await,
                _ => Reader::file(self.c, name).await,
            };
            match reader {
                Ok(r) if self.readers.len() < 200 => {
                    self.readers.insert(name.to_string(), r);
                }
                _ => return Ok(Err(())),
            }
        }
        let Some(r) = self.readers.get_mut(&**name) else { return Ok(Err(())) };
        match r.record(self.c, &ending).await {
            Ok(r) => Ok(Ok(r.map(|(t, _)| t))),
            Err(_) => Ok(Err(())),
        }
    }
}
