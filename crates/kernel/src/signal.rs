//! Signals (`signal(7)`).

macro_rules! signals {
    ($($name:ident = $num:literal, $action:ident, $text:literal;)*) => {
        /// A signal with its Linux number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(clippy::upper_case_acronyms, reason = "POSIX's own names")]
        #[repr(u8)]
        pub enum Signal { $(#[doc = $text] $name = $num,)* }

        impl Signal {
            /// All signals, in the order of their numbers.
            pub const ALL: &'static [Signal] = &[$(Signal::$name,)*];
            /// The Linux number.
            pub fn number(self) -> i32 { self as i32 }
            /// The name without `SIG`.
            pub fn name(self) -> &'static str { match self { $(Self::$name => stringify!($name),)* } }
            /// What `strsignal` and the shell say when it ends a process.
            pub fn text(self) -> &'static str { match self { $(Self::$name => $text,)* } }
            /// What happens where the process says nothing.
            pub fn default_action(self) -> DefaultAction { match self { $(Self::$name => DefaultAction::$action,)* } }
        }
    };
}

signals! {
    HUP = 1, Terminate, "Hangup";
    INT = 2, Terminate, "Interrupt";
    QUIT = 3, Terminate, "Quit";
    ILL = 4, Terminate, "Illegal instruction";
    TRAP = 5, Terminate, "Trace/breakpoint trap";
    ABRT = 6, Terminate, "Aborted";
    BUS = 7, Terminate, "Bus error";
    FPE = 8, Terminate, "Floating point exception";
    KILL = 9, Terminate, "Killed";
    USR1 = 10, Terminate, "User defined signal 1";
    SEGV = 11, Terminate, "Segmentation fault";
    USR2 = 12, Terminate, "User defined signal 2";
    PIPE = 13, Terminate, "Broken pipe";
    ALRM = 14, Terminate, "Alarm clock";
    TERM = 15, Terminate, "Terminated";
    CHLD = 17, Ignore, "Child exited";
    CONT = 18, Continue, "Continued";
    STOP = 19, Stop, "Stopped (signal)";
    TSTP = 20, Stop, "Stopped";
    TTIN = 21, Stop, "Stopped (tty input)";
    TTOU = 22, Stop, "Stopped (tty output)";
    URG = 23, Ignore, "Urgent I/O condition";
    XCPU = 24, Terminate, "CPU time limit exceeded";
    XFSZ = 25, Terminate, "File size limit exceeded";
    WINCH = 28, Ignore, "Window changed";
    IO = 29, Terminate, "I/O possible";
    PWR = 30, Terminate, "Power failure";
    SYS = 31, Terminate, "Bad system call";
}

/// A signal's default action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultAction {
    /// The process ends.
    Terminate,
    /// Nothing.
    Ignore,
    /// The process stops until `CONT`.
    Stop,
    /// A stopped process goes on.
    Continue,
}

/// What a process does with a signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// The default action.
    #[default]
    Default,
    /// Nothing.
    Ignore,
    /// Blocking calls return `EINTR`; the program asks [`crate::Cx::take_signal`].
    Catch,
}

impl Signal {
    /// The signal with this number.
    pub fn from_number(n: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.number() == n)
    }

    /// By number or name, with or without `SIG`, in any case (`kill -s`, `docker kill -s`).
    pub fn parse(s: &str) -> Option<Self> {
        if let Ok(n) = s.parse::<i32>() {
            return Self::from_number(n);
        }
        let up = s.to_ascii_uppercase();
        let bare = up.strip_prefix("SIG").unwrap_or(&up);
        Self::ALL.iter().copied().find(|s| s.name() == bare)
    }
}
