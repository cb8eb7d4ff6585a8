//! `history`.
use std::rc::Rc;

use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let mut n = None;
    let mut i = 1;
    while let Some(a) = argv.get(i) {
        i += 1;
        match a.as_str() {
            "-c" => {
                sh.history = Rc::default();
                sh.history_saved = 0;
                return 0.into();
            }
            "-a" if argv.get(i).is_none() => {
                sh.save_history(cx);
                return 0.into();
            }
            "-a" | "-w" => {
                let fresh = if a == "-a" { sh.history_saved } else { 0 };
                let text: String = sh.history.iter().skip(fresh).map(|l| format!("{l}\n")).collect();
                let own = sh.vars.value("HISTFILE").unwrap_or_default();
                let path = argv.get(i).cloned().unwrap_or(own);
                sh.write_history(&path, &text, cx);
                return 0.into();
            }
            "-r" | "-n" => {
                match argv.get(i) {
                    None => sh.load_history(cx),
                    Some(p) => match sh.read_whole(p, cx) {
                        Ok(bytes) => {
                            let text = String::from_utf8_lossy(&bytes).into_owned();
                            Rc::make_mut(&mut sh.history).extend(text.lines().map(str::to_owned));
                        }
                        Err(e) => {
                            sh.complain_as("history", &format!("{p}: {e}"));
                            return 1.into();
                        }
                    },
                }
                return 0.into();
            }
            "-d" => {
                let len = sh.history.len() as i64;
                let place = argv.get(i).and_then(|t| t.parse::<i64>().ok());
                let place = place.and_then(|k| usize::try_from(if k < 0 { len + k } else { k - 1 }).ok());
                match place.filter(|k| *k < sh.history.len()) {
                    Some(k) => {
                        Rc::make_mut(&mut sh.history).remove(k);
                        return 0.into();
                    }
                    None => {
                        sh.complain_as(
                            "history",
                            &format!("{}: history position out of range", argv.get(i).map_or("", String::as_str)),
                        );
                        return 1.into();
                    }
                }
            }
            "-s" => {
                let line = argv.get(i..).unwrap_or(&[]).join(" ");
                Rc::make_mut(&mut sh.history).push(line);
                return 0.into();
            }
            t => match t.parse::<usize>() {
                Ok(k) => n = Some(k),
                Err(_) => {
                    sh.complain_as("history", &format!("{t}: numeric argument required"));
                    return 1.into();
                }
            },
        }
    }
    let len = sh.history.len();
    let from = n.map_or(0, |k| len.saturating_sub(k));
    let text: String = sh.history.iter().enumerate().skip(from).map(|(i, l)| format!("{:>5}  {l}\n", i + 1)).collect();
    sh.out(text);
    0.into()
}
