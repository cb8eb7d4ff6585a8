//! What happened during a command, in words: a table, because so many methods would be a large part of the page.

use super::Lang;
use layerlab_protocol::Deed;

impl Lang {
    /// A sentence or two, where `{0}`, `{1}` … stand for the deed's names. The daemon is "the engine", as in the lessons.
    pub(crate) const fn deed(self, deed: Deed) -> &'static str {
        let (de, en) = match deed {
            Deed::Before => ("Vor dem Befehl: {0}", "Before the command: {0}"),
            Deed::Request => ("Der Client bittet die Engine: {0} {1}", "The client asks the engine: {0} {1}"),
            Deed::Resolved => ("{0} sagt, welches Image {1} heißt: {2}", "{0} tells which image is called {1}: {2}"),
            Deed::Pulled => ("{0} liegt jetzt auf der Platte.", "{0} is on disk now."),
            Deed::Pushed => ("{0} liegt jetzt in der Registry.", "{0} is in the registry now."),
            Deed::Tagged => ("Das Image heißt jetzt {0}.", "The image is called {0} now."),
            Deed::Untagged => ("Den Namen {0} gibt es hier nicht mehr.", "The name {0} is gone here."),
            Deed::ImageDeleted => ("Das Image {0} ist gelöscht.", "The image {0} has been deleted."),
            Deed::Created => (
                "Der Container {0} entsteht: über den Schichten von {1} eine leere, beschreibbare. Noch läuft nichts in ihm.",
                "The container {0} is made: an empty, writable layer over those of {1}. Nothing runs in it yet.",
            ),
            Deed::Joined => (
                "{0} hängt jetzt am Netzwerk {1}, mit der Adresse {2}.",
                "{0} is on the network {1} now, with the address {2}.",
            ),
            Deed::Left => ("{0} verlässt das Netzwerk {1}.", "{0} leaves the network {1}."),
            Deed::Mounted => ("Das Volume {1} liegt in {0} unter {2}.", "The volume {1} is mounted in {0} at {2}."),
            Deed::Isolated => (
                "Der Kernel grenzt {0} ab, mit eigenen Namespaces: {1}",
                "The kernel sets {0} apart, with namespaces of its own: {1}",
            ),
            Deed::Started => ("Der Prozess von {0} läuft: {1}", "The process of {0} runs: {1}"),
            Deed::Exec => ("Ein weiterer Prozess startet in {0}: {1}", "One more process starts in {0}: {1}"),
            Deed::Killed => ("Der Prozess von {0} bekommt {1}.", "The process of {0} gets {1}."),
            Deed::Ended => {
                ("Der Prozess von {0} ist zu Ende, Exit-Code {1}.", "The process of {0} has ended, exit code {1}.")
            }
            Deed::Paused => ("Alle Prozesse von {0} stehen still.", "All processes of {0} stand still."),
            Deed::Unpaused => ("Die Prozesse von {0} laufen weiter.", "The processes of {0} go on."),
            Deed::OutOfMemory => (
                "{0} braucht mehr Speicher, als er darf: Der Kernel beendet den Prozess.",
                "{0} needs more memory than it may have: the kernel kills the process.",
            ),
            Deed::Health => ("Health-Check von {0}: {1}", "Health check of {0}: {1}"),
            Deed::Renamed => ("{0} heißt jetzt {1}.", "{0} is called {1} now."),
            Deed::Removed => (
                "Der Container {0} ist gelöscht, und seine beschreibbare Schicht mit ihm.",
                "The container {0} has been removed, and its writable layer with it.",
            ),
            Deed::NetworkCreated => ("Das Netzwerk {0} ist da.", "The network {0} is there."),
            Deed::NetworkRemoved => ("Das Netzwerk {0} ist gelöscht.", "The network {0} has been removed."),
            Deed::VolumeCreated => ("Das Volume {0} ist da.", "The volume {0} is there."),
            Deed::VolumeRemoved => ("Das Volume {0} ist gelöscht.", "The volume {0} has been removed."),
        };
        match self {
            Self::De => de,
            Self::En => en,
        }
    }
}
