//! `layerlab replay FILE`: plays a saved session.

use layerlab_lab::{Log, Session, Stop};
use lexopt::{Arg, Parser};

use crate::usage::{Failure, Result, read};

/// Plays it; prints the state's digest.
pub(crate) fn main(mut args: Parser) -> Result<u8> {
    let file = match args.next()? {
        Some(Arg::Value(v)) => std::path::PathBuf::from(v),
        Some(other) => return Err(other.unexpected().into()),
        None => return Err(Failure::Usage("replay needs a file".to_owned())),
    };
    let failed = |e: layerlab_lab::LogError| Failure::Failed(format!("{}: {e}", file.display()));
    let log = Log::decode(&read(&file)?).map_err(failed)?;
    let restored = Session::play(layerlab_lab::parts::all(), log).map_err(failed)?;
    println!("{}", restored.session.world().digest());
    match restored.stop {
        None => Ok(0),
        Some(Stop::Pending) => Err(Failure::Failed("the last input was never finished".to_owned())),
        Some(Stop::Differs { line }) => Err(Failure::Failed(format!("differs from the saved session after: {line}"))),
    }
}
