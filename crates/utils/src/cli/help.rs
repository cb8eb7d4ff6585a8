//! What `--help` says of commands that read their arguments themselves.

/// Name, what follows it on the command line, what it does.
const TEXTS: &[(&str, &str, &str)] = &[
    ("yes", "[STRING]...", "Repeatedly output a line with all specified STRING(s), or 'y'."),
    (
        "echo",
        "[-neE] [STRING]...",
        "Echo the STRING(s) to standard output.\n  -n  do not output the trailing newline\n  -e  enable interpretation of backslash escapes\n  -E  disable interpretation of backslash escapes",
    ),
    ("true", "[ignored command line arguments]", "Exit with a status code indicating success."),
    ("false", "[ignored command line arguments]", "Exit with a status code indicating failure."),
    ("printf", "FORMAT [ARGUMENT]...", "Print ARGUMENT(s) according to FORMAT."),
    (
        "kill",
        "[-SIGNAL] PID...\n  or:  kill -l [NUMBER]",
        "Send a signal to processes, or list signals.\n  -s SIGNAL, -SIGNAL  the signal to send, TERM by default\n  -l  list signals",
    ),
    ("more", "[FILE]...", "Show text a screen at a time; q quits."),
    (
        "man",
        "[SECTION] PAGE...",
        "Show manual pages.\n  -k WORD  search the descriptions\n  -f NAME  show the line about a command",
    ),
    ("apropos", "KEYWORD...", "Search the manual page names and descriptions."),
    ("whatis", "NAME...", "Display one-line manual page descriptions."),
    ("nano", "[+LINE] [FILE]...", "Edit text: ^O writes, ^X leaves, ^W searches, ^K cuts, ^U pastes."),
    ("pico", "[+LINE] [FILE]...", "Edit text, as nano."),
    ("clear", "", "Clear the terminal's screen."),
    ("reset", "", "Set the terminal right again."),
    (
        "tput",
        "CAPABILITY [PARAMETER]...",
        "Print what makes the terminal do something: clear, cols, lines, bold, setaf N, sgr0.",
    ),
    (
        "stty",
        "[-a] [-g] [SETTING]...",
        "Print or change terminal settings.\n  -a  all of them\n  -g  in a form that stty reads",
    ),
    ("which", "[-a] NAME...", "Tell where commands are found.\n  -a  all places"),
    ("telnet", "HOST [PORT]", "Talk to a server line by line."),
    ("zcat", "[FILE]...", "Uncompress files to standard output."),
    ("service", "NAME COMMAND", "Start, stop or ask a service."),
];

/// The text for one of them.
pub(crate) fn of(name: &str) -> Option<String> {
    let (_, usage, about) = TEXTS.iter().find(|(n, ..)| *n == name)?;
    let gap = if usage.is_empty() { "" } else { " " };
    Some(format!("Usage: {name}{gap}{usage}\n{about}\n"))
}
