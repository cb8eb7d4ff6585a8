//! The table of texts. `name(argument)` makes a method with arguments, named in both texts.

use super::Lang;
use std::fmt::Display;

macro_rules! texts {
    ($($name:ident $(($($argument:ident),+))? { $de:literal, $en:literal })*) => {
        impl Lang {
            $(texts!(@one $name $(($($argument),+))? $de, $en);)*
        }
    };
    (@one $name:ident $de:literal, $en:literal) => {
        pub(crate) const fn $name(self) -> &'static str {
            match self {
                Self::De => $de,
                Self::En => $en,
            }
        }
    };
    (@one $name:ident ($($argument:ident),+) $de:literal, $en:literal) => {
        pub(crate) fn $name(self $(, $argument: impl Display)+) -> String {
            match self {
                Self::De => format!($de),
                Self::En => format!($en),
            }
        }
    };
}

// The page.
texts! {
    skip_to_terminal { "Zum Terminal springen", "Skip to the terminal" }
    language { "Sprache", "Language" }
    settings { "Einstellungen", "Settings" }
    theme { "Farben", "Colours" }
    theme_auto { "Wie das System", "Like the system" }
    theme_light { "Hell", "Light" }
    theme_dark { "Dunkel", "Dark" }
    screen_reader_terminal { "Terminal für Screenreader", "Terminal for screen readers" }
    screen_reader_hint {
        "Liest jede Ausgabe vor. Den Verlauf gibt es auch als Text unter dem Terminal.",
        "Announces all output. The transcript is also there as text below the terminal."
    }
    single_keys { "Kürzel aus einem Zeichen", "Single-key shortcuts" }
    single_keys_hint {
        "„?“ zeigt alle Tastenkürzel. Ausschalten, wenn Spracheingabe sie auslöst.",
        "“?” shows all shortcuts. Switch them off if speech input sets them off."
    }
    start_afresh { "Maschine neu beginnen …", "Start a fresh machine …" }
    start_afresh_really {
        "Alle Befehle und Dateien dieser Maschine gehen verloren. Wirklich neu beginnen?",
        "All commands and files of this machine will be lost. Really start afresh?"
    }
    yes_start_afresh { "Neu beginnen", "Start afresh" }
    cancel { "Abbrechen", "Cancel" }
    close { "Schließen", "Close" }
    more { "Mehr", "More" }
    tab_lesson { "Lektion", "Lesson" }
    tab_picture { "Maschine", "Machine" }
    tab_terminal { "Terminal", "Terminal" }
    tab_tools { "Werkzeug", "Tools" }
    areas { "Bereiche der Seite", "Parts of the page" }
}

// Giving a session away.
texts! {
    share { "Teilen", "Share" }
    share_what {
        "Wer den Link öffnet, hat diese Maschine mit allem, was auf ihr geschehen ist. Der Link selbst trägt es; auf einem Server liegt nichts.",
        "Whoever opens the link has this machine with all that happened on it. The link itself carries it; nothing lies on a server."
    }
    share_link { "Link zu dieser Sitzung", "Link to this session" }
    link_to_exercise { "Link zu dieser Aufgabe", "Link to this exercise" }
    share_code { "QR-Code des Links", "QR code of the link" }
    share_too_long(size) {
        "Für einen Link ist diese Sitzung zu lang ({size}). Gib sie als Datei weiter.",
        "This session is too long for a link ({size}). Pass it on as a file."
    }
    share_as_file { "Als Datei sichern", "Save as a file" }
    share_open { "Sitzung aus einer Datei öffnen", "Open a session from a file" }
    copy { "Kopieren", "Copy" }
    copied { "Kopiert", "Copied" }
    visiting {
        "Das ist eine Sitzung, die jemand geteilt hat. Deine eigene ist aufgehoben.",
        "This is a session that somebody shared. Your own is kept."
    }
    back_to_mine { "Zurück zu meiner", "Back to mine" }
    not_shared { "Das ist keine Sitzung, die sich öffnen lässt.", "This is not a session that can be opened." }
    other_tab {
        "Diese Lektion ist schon in einem anderen Tab offen. Was du hier tust, wird nicht gespeichert.",
        "This lesson is already open in another tab. What you do here is not stored."
    }
}

// Lessons and questions.
texts! {
    lessons { "Lektionen", "Lessons" }
    minutes(count) { "{count} min", "{count} min" }
    lesson_done { "geschafft", "done" }
    done_of(done, count) { "{done} von {count}", "{done} of {count}" }
    answer { "Antworten", "Answer" }
    answer_again { "Noch einmal", "Try again" }
    guess_this { "Das erwarte ich", "This is what I expect" }
    now_try_it { "Jetzt probiere es aus: Stimmt es?", "Now try it: is that so?" }
    guess_first { "Die Ziele erscheinen, sobald du dich festgelegt hast.", "The goals appear as soon as you have made up your mind." }
    right { "Richtig.", "Right." }
    not_right { "Nicht ganz.", "Not quite." }
    move_up { "Nach oben", "Move up" }
    move_down { "Nach unten", "Move down" }
}

// Details.
texts! {
    details_not_now { "Die Maschine kann gerade nicht gefragt werden.", "The machine cannot be asked right now." }
    details_of(name) { "{name}: Einzelheiten", "{name}: details" }
}

// The lesson.
texts! {
    exercise_of(number, count) { "Aufgabe {number} von {count}", "Exercise {number} of {count}" }
    exercises { "Aufgaben", "Exercises" }
    exercise_done { "geschafft", "done" }
    goals { "Ziele", "Goals" }
    goal_done { "Erreicht: ", "Reached: " }
    goal_open { "Noch offen: ", "Still open: " }
    hint_of(number, count) { "Tipp {number} von {count}", "Hint {number} of {count}" }
    next_exercise { "Nächste Aufgabe", "Next exercise" }
    previous_exercise { "Zurück", "Back" }
    all_done { "Alle Aufgaben sind geschafft.", "All exercises are done." }
}

// The terminal.
texts! {
    terminal { "Terminal", "Terminal" }
    terminals { "Terminals", "Terminals" }
    new_terminal { "Neues Terminal", "New terminal" }
    close_terminal { "Terminal schließen", "Close the terminal" }
    open_terminal_in { "Terminal darin öffnen", "Open a terminal in it" }
    terminal_loading { "Die Maschine startet …", "The machine starts …" }
    terminal_failed { "Das Terminal ließ sich nicht laden.", "The terminal could not be loaded." }
    transcript { "Verlauf als Text", "Transcript as text" }
    leave_terminal { "Tab gehört der Shell. Mit Esc, dann Tab verlässt du das Terminal.",
        "Tab belongs to the shell. Press Esc, then Tab to leave the terminal." }
}

// The editor.
texts! {
    files { "Dateien", "Files" }
    new_file { "Neue Datei", "New file" }
    new_file_name { "Name der neuen Datei", "Name of the new file" }
    saved { "gespeichert", "saved" }
    saving { "speichert …", "saving …" }
    unsaved { "geändert", "edited" }
    save_failed(error) { "nicht gespeichert: {error}", "not saved: {error}" }
    file_gone { "In der Maschine gibt es diese Datei nicht mehr.", "The machine no longer has this file." }
    file_binary(size) { "Keine Textdatei ({size}).", "Not a text file ({size})." }
    file_changed { "In der Maschine wurde diese Datei inzwischen geändert.", "Meanwhile the machine changed this file." }
    take_theirs { "Fassung der Maschine nehmen", "Take the machine's version" }
    keep_mine { "Meine behalten", "Keep mine" }
    file_refreshed { "Von der Maschine geändert", "Changed by the machine" }
    choose_file { "Wähle eine Datei. Was du änderst, gilt sofort auch in der Maschine.",
        "Choose a file. What you change is in the machine at once." }
    files_upload { "+ Vom Computer", "+ From my computer" }
    files_zip { "↓ Als Zip", "↓ As zip" }
    no_files { "Der Home-Ordner ist leer.", "The home folder is empty." }
    editor_failed { "Der Editor ließ sich nicht laden.", "The editor could not be loaded." }
}

// The build view.
texts! {
    tab_files { "Dateien", "Files" }
    tab_build { "Build", "Build" }
    tab_layers { "Schichten", "Layers" }
    tab_browser { "Browser", "Browser" }
    no_builds { "Noch nichts gebaut.", "Nothing built yet." }
    no_builds_hint {
        "Nach docker build steht hier jede Zeile des Dockerfiles: aus dem Cache oder neu, und warum.",
        "After docker build, every line of the Dockerfile stands here: from the cache or run anew, and why."
    }
    build_number(number) { "Build {number}", "Build {number}" }
    build_choose { "Welcher Build", "Which build" }
    build_running { "läuft", "running" }
    build_done(took) { "fertig in {took}", "done in {took}" }
    build_failed(took) { "nach {took} gescheitert", "failed after {took}" }
    build_canceled { "abgebrochen", "canceled" }
    build_saved(saved) { "{saved} gespart", "{saved} saved" }
    line_hit { "aus dem Cache", "cached" }
    line_waiting { "wartet", "waiting" }
    line_running { "läuft …", "running …" }
    line_failed { "gescheitert", "failed" }
    line_skipped { "nicht gebraucht", "not needed" }
    line_saved(saved) { "spart {saved}", "saved {saved}" }
    line_number(line) { "Zeile {line}", "Line {line}" }
    cause_never_built { "noch nie gebaut", "never built before" }
    cause_pulled { "geladen", "pulled" }
    cause_no_cache { "--no-cache", "--no-cache" }
    cause_changed(path) { "{path} geändert", "{path} changed" }
    cause_added(path) { "{path} ist neu", "{path} is new" }
    cause_removed(path) { "{path} fehlt jetzt", "{path} is gone" }
    cause_instruction(before) { "Zeile geändert, vorher: {before}", "line changed, it was: {before}" }
    cause_parent(line) { "Zeile {line} lief neu", "line {line} ran again" }
    cause_base(reference) { "{reference} ist jetzt ein anderes Image", "{reference} is another image now" }
    cause_argument(name) { "ARG {name} hat einen anderen Wert", "ARG {name} has another value" }
    cause_variable(name) { "ENV {name} hat einen anderen Wert", "ENV {name} has another value" }
    cause_setting(instruction) { "{instruction} davor geändert", "{instruction} before it changed" }
    and_more(count) { "(und {count} weitere)", "(and {count} more)" }
}

// The layers.
texts! {
    no_layers { "Noch keine Images auf der Platte.", "No images on disk yet." }
    no_layers_hint {
        "docker build oder docker pull bringen das erste. Gleiche Farbe heißt gleiche Bytes, nur einmal gespeichert.",
        "docker build or docker pull brings the first. Equal colour means equal bytes, stored once."
    }
    layer { "Schicht", "Layer" }
    layer_digest { "Digest", "Digest" }
    layer_size { "Größe", "Size" }
    layer_in { "Gehört zu", "Part of" }
    layer_shared(count) { "in {count} Images", "in {count} images" }
    on_disk(sum, apart) { "{sum} auf der Platte, ohne gemeinsame Schichten wären es {apart}", "{sum} on disk; without shared layers it would be {apart}" }
}

// The browser.
texts! {
    browser_address { "Adresse", "Address" }
    browser_reload { "Neu laden", "Reload" }
    browser_empty { "Kein Port ist veröffentlicht.", "No port is published." }
    browser_empty_hint {
        "Ein Container, der mit -p gestartet wird, ist hier unter localhost zu sehen.",
        "A container started with -p can be seen here under localhost."
    }
    browser_loading { "wartet auf Antwort …", "waiting for an answer …" }
    browser_refused(port) { "Auf localhost:{port} hört niemand (connection refused).", "Nobody listens on localhost:{port} (connection refused)." }
    browser_reset { "Die Verbindung brach ab (connection reset).", "The connection broke off (connection reset)." }
    browser_timeout { "Keine Antwort in der gegebenen Zeit.", "No answer in the time given." }
    browser_not_http { "Was dort antwortet, spricht kein HTTP.", "What answers there does not speak HTTP." }
    browser_page { "Seite aus der Maschine", "Page from the machine" }
    browser_binary(kind, size) { "{kind}, {size}: wird hier nicht gezeigt", "{kind}, {size}: not shown here" }
    browser_bad_address { "Eine Adresse wie localhost:8080/ eingeben.", "Enter an address like localhost:8080/." }
}

// The picture.
texts! {
    picture { "Bild der Maschine", "Picture of the machine" }
    picture_as_text { "Als Text", "As text" }
    host { "Host", "host" }
    host_is(name, system, cpus, memory) { "{name} · {system} · {cpus} CPUs · {memory}", "{name} · {system} · {cpus} CPUs · {memory}" }
    host_is_short(name, system) { "{name} · {system}", "{name} · {system}" }
    kernel_is(version) { "Linux-Kernel {version}", "Linux kernel {version}" }
    one_kernel { "ein Kernel für alle Prozesse", "one kernel, shared by every process" }
    registry(name) { "Registry {name}", "registry {name}" }
    layer_here { "schon da", "already here" }
    layer_there { "schon dort", "already there" }
    images_on_disk { "Images auf der Platte", "images on disk" }
    more_images(count) { "+ {count} weitere", "+ {count} more" }
    no_containers { "Noch keine Container.", "No containers yet." }
    no_containers_hint { "docker run stellt den ersten auf den Kernel.", "docker run puts the first one on the kernel." }
    no_images { "Noch keine Images.", "No images yet." }
    no_images_hint { "docker build macht eins.", "docker build makes one." }
    writable_layer { "beschreibbare Schicht", "writable layer" }
    same_layers(count) { "dieselben {count} Schichten, einmal gespeichert", "same {count} layers, stored once" }
    more_layers(count) { "{count} weitere Schichten", "{count} more layers" }
    more_processes(count) { "+ {count} weitere", "+ {count} more" }
    published_port { "veröffentlichter Port", "published port" }
    nobody_listens { "niemand hört zu", "nobody listens" }
    volume { "Volume", "volume" }
    old_image(id, reference) { "{id} (altes {reference})", "{id} (old {reference})" }
    state_created { "erstellt", "created" }
    state_running { "läuft", "running" }
    state_paused { "pausiert", "paused" }
    state_restarting { "startet neu", "restarting" }
    state_exited(code) { "beendet ({code})", "exited ({code})" }
    state_dead { "tot", "dead" }
    nameless { "<none>", "<none>" }
    end_open { "unterwegs", "on its way" }
    end_status(status) { "Antwort {status}", "answer {status}" }
    end_answered { "angenommen", "accepted" }
    end_refused { "abgewiesen: niemand hört zu", "refused: nobody listens" }
    end_reset { "abgebrochen", "broken off" }
    end_timeout { "keine Antwort", "no answer" }
    end_unknown_name { "Name unbekannt", "unknown name" }
    end_unreachable { "kein Weg dorthin", "no way there" }
}

// The picture in sentences. What is appended to a sentence begins with a blank.
texts! {
    word_host(name, system, kernel, cpus, memory) {
        "Host {name}: {system}, Linux-Kernel {kernel}, {cpus} CPUs, {memory} Speicher.",
        "Host {name}: {system}, Linux kernel {kernel}, {cpus} CPUs, {memory} of memory."
    }
    word_container(name, image, state) { "Container {name} aus {image}: {state}.", "Container {name} from {image}: {state}." }
    word_moved(image) {
        " {image} ist inzwischen ein anderes Image: Der Container behält das, aus dem er gestartet wurde.",
        " {image} is another image by now: the container keeps the one it was started from."
    }
    word_process(pid, command) { " Prozess {pid} {command}.", " Process {pid} {command}." }
    word_layers(count, written) {
        " {count} Schichten vom Image, {written} in der beschreibbaren Schicht.",
        " {count} layers of the image, {written} in the writable layer."
    }
    word_address(address, network) { " Adresse {address} im Netzwerk {network}.", " Address {address} on network {network}." }
    word_port(host, container) { " Port {host} des Hosts führt zu {container}.", " Port {host} of the host leads to {container}." }
    word_nobody_listens { " Dort hört niemand zu.", " Nobody listens there." }
    word_mount(volume, path) { " Volume {volume} liegt unter {path}.", " Volume {volume} is mounted at {path}." }
    word_network(name, subnet, dns, containers) {
        "Netzwerk {name}, {subnet}, {dns}. Daran: {containers}.",
        "Network {name}, {subnet}, {dns}. On it: {containers}."
    }
    with_dns { "mit DNS", "with DNS" }
    without_dns { "ohne DNS", "without DNS" }
    nobody { "niemand", "nobody" }
    word_volume(name, size) { "Volume {name}, {size}.", "Volume {name}, {size}." }
    word_image(name, size, layers) { "Image {name}, {size}, {layers} Schichten.", "Image {name}, {size}, {layers} layers." }
    word_pull(registry, reference, here, all) {
        "Von {registry} kommt {reference}: {here} von {all} Schichten sind da.",
        "{reference} comes from {registry}: {here} of {all} layers are here."
    }
    word_push(registry, reference, there, all) {
        "{reference} geht zu {registry}: {there} von {all} Schichten sind dort.",
        "{reference} goes to {registry}: {there} of {all} layers are there."
    }
    word_request(what, end) { "Letzte Anfrage: {what}, {end}.", "Latest request: {what}, {end}." }
}

// A command in slow motion. The daemon is "the engine" as in the lessons.
texts! {
    replay { "In Zeitlupe ansehen", "Replay slowly" }
    replay_long { "Was beim letzten Befehl Schritt für Schritt geschah", "What happened during the latest command, step by step" }
    replay_waits { "Wird vorbereitet …", "Getting ready …" }
    replay_play { "Abspielen", "Play" }
    replay_pause { "Anhalten", "Pause" }
    replay_back { "Ein Schritt zurück", "One step back" }
    replay_on { "Ein Schritt weiter", "One step on" }
    replay_place { "Stelle im Ablauf", "Place in the sequence" }
    replay_step(number, all) { "Schritt {number} von {all}", "step {number} of {all}" }
    replay_close { "Zurück zur Maschine, wie sie jetzt ist", "Back to the machine as it is now" }
    film_loaded(layer, size) { "Eine Schicht ist geladen: {layer} ({size})", "A layer has been downloaded: {layer} ({size})" }
    film_unpacked(layer) { "Eine Schicht ist entpackt: {layer}", "A layer has been unpacked: {layer}" }
    film_there(layer) { "Die Registry hat diese Schicht schon: {layer}", "The registry has this layer already: {layer}" }
    film_sent(layer, size) { "Eine Schicht ist hochgeladen: {layer} ({size})", "A layer has been uploaded: {layer} ({size})" }
    film_line_hit(line, text) { "Zeile {line} kommt aus dem Cache: {text}", "Line {line} comes from the cache: {text}" }
    film_line_ran(line, text) { "Zeile {line} ist ausgeführt: {text}", "Line {line} has been run: {text}" }
    film_line_failed(line, text) { "Zeile {line} ist gescheitert: {text}", "Line {line} failed: {text}" }
    film_asked(what, end) { "Anfrage {what}: {end}", "Request {what}: {end}" }
    film_more(count) { "Und noch {count} Schritte, die hier fehlen.", "And {count} more steps that are not shown." }
    film_nothing {
        "Der Befehl hat nichts geändert, was das Bild zeigt.",
        "The command changed nothing that the picture shows."
    }
    film_runs { "So steht es jetzt. Der Befehl läuft noch.", "This is how it stands now. The command still runs." }
    film_end { "Der Befehl ist fertig.", "The command is done." }
    film_end_with(code) { "Der Befehl ist zu Ende, Exit-Code {code}.", "The command has ended, exit code {code}." }
}

// The timeline.
texts! {
    timeline { "Zeitleiste", "Timeline" }
    undo { "Zurück", "Undo" }
    redo { "Vor", "Redo" }
    undo_long { "Einen Befehl zurück", "One command back" }
    redo_long { "Einen Befehl vor", "One command forward" }
    mark_save(path) { "{path} gespeichert", "saved {path}" }
    mark_exit(line, code) { "{line} (Exit-Code {code})", "{line} (exit code {code})" }
    mark_now(mark) { "{mark}: hier sind wir", "{mark}: here we are" }
    mark_ahead(mark) { "{mark}: zurückgenommen", "{mark}: undone" }
    border_lesson { "Breite des Textes", "Width of the text" }
    border_picture { "Höhe des Bildes", "Height of the picture" }
    border_terminal { "Breite des Terminals", "Width of the terminal" }
    timeline_empty { "Jeder Befehl wird hier ein Punkt, zu dem du zurückkannst.", "Every command becomes a point here that you can go back to." }
    speed { "Tempo", "Speed" }
    speed_paused { "Pause", "Pause" }
    step { "Schritt", "Step" }
    step_long { "Zum nächsten Ereignis", "On to the next event" }
    speed_slow { "Zeitlupe", "Slow motion" }
    speed_real { "1×", "1×" }
    speed_fast { "8×", "8×" }
    speed_instant { "Sofort", "Instant" }
}

// Notices.
texts! {
    machine_crashed {
        "Die Maschine ist abgestürzt. Das ist ein Fehler von Layerlab, nicht deiner.",
        "The machine crashed. That is a defect of Layerlab, not your mistake."
    }
    machine_back {
        "Sie ist neu gestartet; alles bis vor der letzten Eingabe ist wieder da.",
        "It was restarted; everything up to the last input is there again."
    }
    machine_hangs {
        "Die Maschine antwortete nicht mehr und wurde neu gestartet. Die letzte Eingabe fehlt.",
        "The machine no longer answered and was restarted. The last input is left out."
    }
    machine_dead {
        "Die Maschine startet nicht. Lade die Seite neu oder beginne eine neue Maschine.",
        "The machine does not start. Reload the page, or start a fresh machine."
    }
    worker_not_loaded {
        "Die Maschine ließ sich nicht laden. Besteht eine Verbindung?",
        "The machine could not be loaded. Is there a connection?"
    }
    lesson_not_loaded {
        "Die Lektion ließ sich nicht laden. Besteht eine Verbindung? Die Maschine ist leer.",
        "The lesson could not be loaded. Is there a connection? The machine is empty."
    }
    session_restored(count) { "Da bist du wieder: {count} Eingaben sind nachgespielt.", "Welcome back: {count} inputs were played again." }
    session_unreadable {
        "Die gespeicherte Sitzung ist beschädigt. Diese Maschine ist neu; deine Dateien sind, soweit lesbar, wieder da.",
        "The saved session is damaged. This machine is a fresh one; your files are back as far as they could be read."
    }
    session_differs(line) {
        "Die Sitzung stammt aus einer anderen Version. Ab „{line}“ verläuft sie anders.",
        "The session comes from another version. From “{line}” on it goes differently."
    }
    session_pending {
        "Beim letzten Mal ist die Maschine an der letzten Eingabe gescheitert. Sie ist ausgelassen.",
        "Last time the machine failed at the last input. It is left out."
    }
    session_not_saved {
        "Dieser Browser speichert die Sitzung nicht. Beim Schließen ist sie weg.",
        "This browser does not store the session. When you close the page it is gone."
    }
    session_not_read {
        "Die gespeicherte Sitzung ließ sich nicht lesen. Sie bleibt, wie sie ist; was du hier tust, wird nicht gespeichert. Lade die Seite neu.",
        "The stored session could not be read. It stays as it is; what you do here is not stored. Reload the page."
    }
    session_behind {
        "Der Speicher dieses Browsers ist voll. Du kannst weitermachen, aber was du ab jetzt tust, ist beim Schließen weg. Mach Platz oder sichere die Sitzung als Datei.",
        "This browser's storage is full. You can go on, but what you do from now on is gone when you close the page. Free some space, or save the session as a file."
    }
    session_caught_up { "Die Sitzung ist wieder ganz gespeichert.", "All of the session is stored again." }
    not_remembered {
        "Der Speicher dieses Browsers ist voll: Geschaffte Aufgaben und Antworten sind beim Schließen weg. Unter „Mehr“ lässt sich der Fortschritt als Datei sichern.",
        "This browser's storage is full: exercises done and answers are gone when you close the page. “More” can save your progress as a file."
    }
    download_old { "Alte Sitzung herunterladen", "Download the old session" }
    details { "Einzelheiten", "Details" }
}
