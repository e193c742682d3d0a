//! The places of a file system that belong to the system or to a server, and that a value which an
//! ordinary user sends never names. Each row is a path from the root; `*` is any one name, and what
//! is below a row belongs to it. Case does not matter.

use std::sync::LazyLock;

use super::evidence::ACCESS;
use super::token::hash;
use crate::Effects;

/// How many names of a path the rows look at.
pub(super) const DEPTH: usize = 8;

/// What a wrapper opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wrapper {
    /// A text stands behind it.
    pub(super) text: bool,
    pub(super) effects: Effects,
}

/// The wrappers of PHP that open something else than a file of the program's ("Supported Protocols and
/// Wrappers") and those of Java's URLs that open any file.
const WRAPPERS: &[(&str, Effects)] = &[
    ("compress.bzip2", ACCESS),
    ("compress.zlib", ACCESS),
    ("data", Effects::EXECUTE),
    ("expect", Effects::EXECUTE),
    ("glob", ACCESS),
    ("netdoc", ACCESS),
    ("ogg", ACCESS),
    ("phar", ACCESS.union(Effects::EXECUTE)),
    ("php", ACCESS.union(Effects::EXECUTE)),
    ("rar", ACCESS),
    ("ssh2.exec", Effects::EXECUTE.union(Effects::NETWORK)),
    ("ssh2.scp", ACCESS.union(Effects::NETWORK)),
    ("ssh2.sftp", ACCESS.union(Effects::NETWORK)),
    ("ssh2.shell", Effects::EXECUTE.union(Effects::NETWORK)),
    ("ssh2.tunnel", Effects::NETWORK),
    ("zip", ACCESS),
    ("zlib", ACCESS),
];

/// The longest wrapper's name, with `://` behind it.
pub(super) const LONGEST_WRAPPER: usize = 17;

/// How many bytes the name of a wrapper has at the start of a text, if `://` follows.
pub(super) fn wrapper_name(text: &[u8]) -> Option<usize> {
    let near = &text[..text.len().min(LONGEST_WRAPPER)];
    let length = memchr::memchr(b':', near).filter(|&at| near[at..].starts_with(b"://"))?;
    let known = |(name, _): &(&str, Effects)| name.as_bytes().eq_ignore_ascii_case(&near[..length]);
    WRAPPERS.iter().any(known).then_some(length)
}

/// What the wrapper opens whose name has this hash.
pub(super) fn wrapper(name: u64) -> Option<Wrapper> {
    let known = WRAPPERS.iter().find(|(wrapper, _)| hash(wrapper.as_bytes()) == name);
    known.map(|&(name, effects)| Wrapper { text: name == "data", effects })
}

/// Systems that follow POSIX.
const POSIX: &[&str] = &[
    // FHS 3.0, section 3: the root's own directories
    "boot/*",
    "dev/fd",
    "dev/kmem",
    "dev/mem",
    "etc",
    "proc",
    "root",
    "run/lock",
    "run/log",
    "run/secrets",
    "run/systemd",
    "run/user",
    "sys/*",
    // sections 3.7.4, 3.13 and 4.9, and the layouts of httpd (config.layout): what belongs to the host
    // of packages that have a tree of their own
    "opt/*/conf",
    "opt/*/etc",
    "opt/*/log",
    "opt/*/logs",
    "usr/etc",
    "usr/local/*/conf",
    "usr/local/*/etc",
    "usr/local/*/htdocs",
    "usr/local/*/log",
    "usr/local/*/logs",
    "usr/local/*/sbin",
    "usr/local/etc",
    // section 5: variable data
    "var/account",
    "var/backups",
    "var/crash",
    "var/lib",
    "var/lock",
    "var/log",
    "var/mail",
    "var/run",
    "var/spool",
    "var/yp",
    // filesystem(7) of Solaris, hier(7) of BSD: where logs, accounts and zones are
    "usr/adm",
    "usr/lib/cron",
    "usr/spool",
    "var/adm",
    "var/at",
    "var/cron",
    "var/db",
    "var/named",
    "var/root",
    // AIX, "Files Reference": the defaults of accounts
    "usr/lib/security",
    // Debian, "httpd": the server's document root, which its users know by URLs
    "var/www",
    // hier(7) of macOS: what /etc and /var are links to
    "private/etc",
    "private/var",
];

/// Windows: "Recognized environment variables" of the User State Migration Tool, KNOWNFOLDERID, the
/// folders that Windows is set up from ("Sysprep", "Microsoft Deployment Toolkit"); the short names
/// of those that have one.
const WINDOWS: &[&str] = &[
    "$recycle.bin",
    "documents and settings/*/ntuser.dat",
    "inetpub",
    "minint",
    "perflogs",
    "progra~1",
    "progra~2",
    "program files",
    "program files (x86)",
    "programdata",
    "recovery",
    "sysprep",
    "system volume information",
    "users/*/appdata",
    "users/*/ntuser.dat",
    "windows",
    "winnt",
];

/// Those of them that no other system has a directory or a route for.
const UNMISTAKABLE: &[&str] = &["inetpub", "winnt"];

/// Files of the boot disk's root that Windows starts from, and those that set it up.
const BOOT: &[&str] = &[
    "autoexec.bat",
    "boot.ini",
    "bootmgr",
    "config.sys",
    "hiberfil.sys",
    "ntdetect.com",
    "ntldr",
    "pagefile.sys",
    "swapfile.sys",
    "sysprep.inf",
    "unattend.txt",
    "unattend.xml",
];

/// Where the documents of users are, and what packages share: a file with the extension of a
/// configuration is a document there (FHS 3.0, sections 3.8, 3.11, 3.12, 3.17, 3.18, 4.9, 4.11,
/// 4.12, 5.15; hier(7) of macOS).
const DOCUMENTS: &[&str] = &[
    "home",
    "media",
    "mnt",
    "srv",
    "tmp",
    "users",
    "usr/local/share",
    "usr/local/src",
    "usr/share",
    "usr/src",
    "var/tmp",
];

/// The same on a disk of Windows (KNOWNFOLDERID).
const DISK_DOCUMENTS: &[&str] = &["documents and settings", "temp", "users"];

/// Extensions of configurations and logs.
const SETTINGS: [u64; 6] =
    [hash(b"cfg"), hash(b"cnf"), hash(b"conf"), hash(b"config"), hash(b"ini"), hash(b"log")];

/// Files that Apache's httpd names so by itself (AccessFileName, AuthUserFile, ErrorLog, CustomLog).
const FILES: [u64; 4] = [hash(b"access_log"), hash(b"error_log"), hash(b".htaccess"), hash(b".htpasswd")];

/// Names that are secret in whatever directory.
const SECRETS: [u64; 22] = [
    // of users: ssh(1), bash(1), ksh(1), zsh(1), ftp(1), rlogin(1), psql(1), mysql(1), gpg(1), the
    // AWS command line, git-credential-store(1)
    hash(b".ssh"),
    hash(b".bash_history"),
    hash(b".sh_history"),
    hash(b".zsh_history"),
    hash(b".netrc"),
    hash(b".rhosts"),
    hash(b".pgpass"),
    hash(b".psql_history"),
    hash(b".my.cnf"),
    hash(b".mysql_history"),
    hash(b".gnupg"),
    hash(b".aws"),
    hash(b".git-credentials"),
    // of programs: docker compose, httpd; what a server must not give out: Jakarta Servlet 6.0,
    // section 10.5, and IIS, "Hidden Segments"
    hash(b".env"),
    hash(b".htpasswd"),
    hash(b"web-inf"),
    hash(b"web.config"),
    hash(b"app_browsers"),
    hash(b"app_code"),
    hash(b"app_data"),
    hash(b"app_globalresources"),
    hash(b"app_localresources"),
];

/// The name that `\\?\` has for servers and their shares.
pub(super) const UNC: u64 = hash(b"unc");

/// Rows as hashes; `None` is any name.
type Rows = Vec<Vec<Option<u64>>>;

static TABLES: LazyLock<[Rows; 6]> =
    LazyLock::new(|| [POSIX, WINDOWS, UNMISTAKABLE, BOOT, DOCUMENTS, DISK_DOCUMENTS].map(rows));

fn rows(table: &[&str]) -> Rows {
    let name = |name: &str| (name != "*").then(|| hash(name.as_bytes()));
    table.iter().map(|row| row.split('/').map(name).collect()).collect()
}

/// The first names of the rows of Windows that have spaces.
const SPACED: [&str; 4] =
    ["documents and settings", "program files", "program files (x86)", "system volume information"];

/// Whether a text begins with such a name.
pub(super) fn begins_spaced(text: &[u8]) -> bool {
    let begins =
        |name: &&str| text.get(..name.len()).is_some_and(|text| text.eq_ignore_ascii_case(name.as_bytes()));
    // Most values are none of them at their first byte.
    matches!(text, [b'd' | b'D' | b'p' | b'P' | b's' | b'S', ..]) && SPACED.iter().any(begins)
}

/// The tables whose rows a path from a root may name.
const FROM_ROOT: [&[&str]; 3] = [POSIX, WINDOWS, BOOT];

/// For each first byte, the lengths of the first names of those rows, as bits.
static LENGTHS: [u32; 128] = {
    let mut lengths = [0; 128];
    let mut table = 0;
    while table < FROM_ROOT.len() {
        let mut row = 0;
        while row < FROM_ROOT[table].len() {
            let name = FROM_ROOT[table][row].as_bytes();
            let mut length = 0;
            while length < name.len() && name[length] != b'/' {
                length += 1;
            }
            lengths[name[0] as usize] |= 1 << length;
            row += 1;
        }
        table += 1;
    }
    lengths
};

/// Whether a text begins with the first name of such a row, as some dialect reads it: what ends a name to one
/// is a part of it to another.
pub(super) fn may_begin_row(text: &[u8]) -> bool {
    let end = |ends: &[u8]| text.iter().position(|byte| ends.contains(byte)).unwrap_or(text.len());
    let named = |name: &[u8]| {
        let unseen = |byte: &&u8| matches!(**byte, b'.' | 0..=b' ');
        let name = &name[..name.len() - name.iter().rev().take_while(unseen).count()];
        let Some(first) = name.first().filter(|first| first.is_ascii()) else { return false };
        let lengths = LENGTHS[usize::from(first.to_ascii_lowercase())];
        let is_first = |row: &&str| {
            let row = row.as_bytes();
            row[0].eq_ignore_ascii_case(first)
                && row.get(..name.len()).is_some_and(|first| first.eq_ignore_ascii_case(name))
                && row.get(name.len()).is_none_or(|&behind| behind == b'/')
        };
        name.len() < 32 && lengths >> name.len() & 1 != 0 && FROM_ROOT.into_iter().flatten().any(is_first)
    };
    // They mostly end alike.
    let mut last = 0;
    [&b"/\\"[..], b"/\\:", b"/\\;?#", b"/"].into_iter().any(|ends| {
        let end = end(ends);
        std::mem::replace(&mut last, end) != end && named(&text[..end])
    })
}

/// Whether a name is one of them.
pub(super) fn is_spaced(name: u64) -> bool {
    SPACED.iter().any(|spaced| hash(spaced.as_bytes()) == name)
}

/// Computes the tables, so that later no scan has to.
pub(super) fn prepare() {
    LazyLock::force(&TABLES);
}

/// What a path from the root names.
pub(super) struct Place<'a> {
    /// The hashes of its first names, without `.` and `..`.
    pub(super) names: &'a [u64],
    /// There are more names.
    pub(super) deeper: bool,
    /// The last name has the extension of a configuration or a log, and the path begins at a root.
    pub(super) settings: bool,
    /// The root is that of a disk.
    pub(super) disk: bool,
    /// The path may be one of Windows.
    pub(super) windows: bool,
}

impl Place<'_> {
    fn is_below(&self, rows: &Rows) -> bool {
        rows.iter().any(|row| {
            row.len() <= self.names.len()
                && row.iter().zip(self.names).all(|(row, name)| row.is_none_or(|row| row == *name))
        })
    }

    /// Whether the place is part of the system.
    pub(super) fn is_system(&self) -> bool {
        let [posix, windows, unmistakable, boot, documents, disk_documents] = &*TABLES;
        let last = self.names.last().filter(|_| !self.deeper);
        if self.is_below(posix)
            || self.is_below(if self.windows { windows } else { unmistakable })
            || (self.names.len() == 1 && last.is_some() && self.is_below(boot))
        {
            return true;
        }
        let documents = if self.disk { disk_documents } else { documents };
        self.settings && !self.is_below(documents)
    }
}

/// Whether an extension, as its hash, is that of a configuration or a log.
#[inline]
pub(super) fn is_settings(extension: u64) -> bool {
    SETTINGS.contains(&extension)
}

/// Whether a name is that of a configuration or a log without such an extension.
#[inline]
pub(super) fn is_settings_file(name: u64) -> bool {
    FILES.contains(&name)
}

/// Whether a name is secret wherever it is.
#[inline]
pub(super) fn is_secret(name: u64) -> bool {
    SECRETS.contains(&name)
}

/// Whether a share is the root of a disk: `C$` (Windows, "administrative shares").
pub(super) fn is_disk_share(name: u64) -> bool {
    (b'a'..=b'z').any(|letter| hash(&[letter, b'$']) == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rows_are_as_long_as_paths_are_kept() {
        assert!(TABLES.iter().flatten().all(|row| row.len() <= DEPTH));
    }

    #[test]
    fn rows_stand_once_and_in_lower_case() {
        for table in [POSIX, WINDOWS, BOOT, DOCUMENTS, DISK_DOCUMENTS] {
            for (at, row) in table.iter().enumerate() {
                assert!(!table[..at].contains(row) && row.to_lowercase() == **row, "{row}");
            }
        }
        assert!(UNMISTAKABLE.iter().all(|row| WINDOWS.contains(row)));
        let first = WINDOWS.iter().filter_map(|row| row.split('/').next());
        let spaced: BTreeSet<_> = first.filter(|name| name.contains(' ')).collect();
        assert!(spaced.iter().all(|name| begins_spaced(name.as_bytes())));
        assert_eq!(spaced, BTreeSet::from(SPACED));
    }
}
