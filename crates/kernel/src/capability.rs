//! Capabilities (`capabilities(7)`).

macro_rules! caps {
    ($($name:ident = $num:literal, $text:literal;)*) => {
        /// A capability, with its Linux number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Cap { $(#[doc = $text] $name = $num,)* }

        impl Cap {
            /// All, by number.
            pub const ALL: &'static [Cap] = &[$(Cap::$name,)*];
            /// As in the manual: `CAP_CHOWN`.
            pub fn name(self) -> &'static str { match self { $(Self::$name => $text,)* } }
        }
    };
}

caps! {
    Chown = 0, "CAP_CHOWN";
    DacOverride = 1, "CAP_DAC_OVERRIDE";
    DacReadSearch = 2, "CAP_DAC_READ_SEARCH";
    Fowner = 3, "CAP_FOWNER";
    Fsetid = 4, "CAP_FSETID";
    Kill = 5, "CAP_KILL";
    Setgid = 6, "CAP_SETGID";
    Setuid = 7, "CAP_SETUID";
    Setpcap = 8, "CAP_SETPCAP";
    LinuxImmutable = 9, "CAP_LINUX_IMMUTABLE";
    NetBindService = 10, "CAP_NET_BIND_SERVICE";
    NetBroadcast = 11, "CAP_NET_BROADCAST";
    NetAdmin = 12, "CAP_NET_ADMIN";
    NetRaw = 13, "CAP_NET_RAW";
    IpcLock = 14, "CAP_IPC_LOCK";
    IpcOwner = 15, "CAP_IPC_OWNER";
    SysModule = 16, "CAP_SYS_MODULE";
    SysRawio = 17, "CAP_SYS_RAWIO";
    SysChroot = 18, "CAP_SYS_CHROOT";
    SysPtrace = 19, "CAP_SYS_PTRACE";
    SysPacct = 20, "CAP_SYS_PACCT";
    SysAdmin = 21, "CAP_SYS_ADMIN";
    SysBoot = 22, "CAP_SYS_BOOT";
    SysNice = 23, "CAP_SYS_NICE";
    SysResource = 24, "CAP_SYS_RESOURCE";
    SysTime = 25, "CAP_SYS_TIME";
    SysTtyConfig = 26, "CAP_SYS_TTY_CONFIG";
    Mknod = 27, "CAP_MKNOD";
    Lease = 28, "CAP_LEASE";
    AuditWrite = 29, "CAP_AUDIT_WRITE";
    AuditControl = 30, "CAP_AUDIT_CONTROL";
    Setfcap = 31, "CAP_SETFCAP";
    MacOverride = 32, "CAP_MAC_OVERRIDE";
    MacAdmin = 33, "CAP_MAC_ADMIN";
    Syslog = 34, "CAP_SYSLOG";
    WakeAlarm = 35, "CAP_WAKE_ALARM";
    BlockSuspend = 36, "CAP_BLOCK_SUSPEND";
    AuditRead = 37, "CAP_AUDIT_READ";
    Perfmon = 38, "CAP_PERFMON";
    Bpf = 39, "CAP_BPF";
    CheckpointRestore = 40, "CAP_CHECKPOINT_RESTORE";
}

/// All capabilities as bits.
pub const ALL: u64 = (1 << 41) - 1;

impl Cap {
    /// Its bit in a set.
    pub const fn bit(self) -> u64 {
        1 << (self as u8)
    }
    /// By name in any case, with or without `CAP_`.
    pub fn parse(s: &str) -> Option<Self> {
        let up = s.to_ascii_uppercase();
        let full = if up.starts_with("CAP_") { up } else { format!("CAP_{up}") };
        Self::ALL.iter().copied().find(|c| c.name() == full)
    }
}

/// A process's sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Caps {
    /// What is checked.
    pub effective: u64,
    /// What it may make effective.
    pub permitted: u64,
    /// What exec may keep.
    pub inheritable: u64,
    /// What exec can give at most.
    pub bounding: u64,
    /// What exec keeps for a user that is not root.
    pub ambient: u64,
}

impl Caps {
    /// Root's.
    pub const ROOT: Self = Self { effective: ALL, permitted: ALL, inheritable: 0, bounding: ALL, ambient: 0 };
    /// After exec by a user that is root or not.
    #[must_use]
    pub fn after_exec(self, root: bool) -> Self {
        let permitted = if root { self.bounding | self.inheritable } else { self.ambient };
        Self { effective: permitted, permitted, ambient: if root { 0 } else { self.ambient }, ..self }
    }
    /// After the effective user became another one.
    #[must_use]
    pub fn after_setuid(self, root: bool) -> Self {
        if root {
            Self { effective: self.permitted, ..self }
        } else {
            Self { effective: 0, permitted: 0, ambient: 0, ..self }
        }
    }
}
