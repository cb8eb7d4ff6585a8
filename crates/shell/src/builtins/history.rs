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
            "-a" | "-w" => {
                sh.save_history(cx);
                return 0.into();
            }
            "-r" | "-n" => {
                sh.load_history(cx);
                return 0.into();
            }
            "-d" => {
                let place = argv.get(i).and_then(|t| t.parse::<usize>().ok()).and_then(|k| k.checked_sub(1));
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
