//! An SQLite file, read without writing one byte to it or beside it, and without a lock that its writer could meet.

use camino::Utf8Path;
use omega_lock::internals::artifacts::StudySource;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::file::{StudyFile, hex};
use crate::failure::Failure;

/// Files that belong to a database: its log of writes, and what undoes a write that was not finished.
const BESIDE: [(&str, &str); 2] = [("-wal", "with its log of writes"), ("-journal", "with its rollback journal")];

/// A database that is open.
#[derive(Debug)]
pub(crate) struct Database {
    connection: Connection,
    file: StudyFile,
    beside: Option<Beside>,
    sha256: String,
}

/// What lies beside a database and belongs to it. SQLite would write to both, so both were copied.
#[derive(Debug)]
struct Beside {
    file: StudyFile,
    what: &'static str,
    /// Removes the copy.
    _copy: TempDir,
}

impl Database {
    /// Opens it. Where its writer has left a log beside it, both are copied to a folder of ours and opened there.
    pub(crate) fn open(file: StudyFile) -> Result<Self, Failure> {
        let mut digest = Sha256::new();
        file.digest_into(&mut digest)?;
        let (connection, beside) = match beside(&file)? {
            None => (connect(file.path(), "mode=ro&immutable=1", &file)?, None),
            Some((companion, ending, what)) => {
                companion.digest_into(&mut digest)?;
                let copy = TempDir::new();
                let copy = copy.map_err(|error| Failure::internal(format!("could not create a folder: {error}")))?;
                let path = copy.path().join("study.db");
                let path = Utf8Path::from_path(&path)
                    .ok_or_else(|| Failure::internal(format!("`{}` is not UTF-8", path.display())))?;
                file.copy_to(path)?;
                companion.copy_to(Utf8Path::new(&format!("{path}{ending}")))?;
                let connection = connect(path, "mode=rw", &file)?;
                (connection, Some(Beside { file: companion, what, _copy: copy }))
            }
        };
        let database = Self { connection, file, beside, sha256: hex(digest) };
        database.is_unchanged()?;
        // The first look at the pages, so that what is no database is one message.
        database.has("sqlite_master")?;
        Ok(database)
    }

    /// Statements are made on it.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Utf8Path {
        self.file.path()
    }

    /// Whether it has this table. A view or a computed column would run what the file says, so that neither counts.
    pub(crate) fn has(&self, table: &str) -> Result<bool, Failure> {
        let count = |sql: &str| self.connection.query_row(sql, [table], |row| row.get::<_, i64>(0));
        let tables = "SELECT count(*) FROM sqlite_master WHERE name = ?1 AND type = 'table' \
                      AND sql NOT LIKE 'create virtual%'";
        let computed = "SELECT count(*) FROM pragma_table_xinfo(?1) WHERE hidden <> 0";
        let is_there = count(tables).map_err(|error| self.wrong(&error))? == 1;
        Ok(is_there && count(computed).map_err(|error| self.wrong(&error))? == 0)
    }

    /// Where trials of it come from.
    pub(crate) fn source(&self, tool: &str, format: &str, study: Option<String>) -> StudySource {
        let beside = self.beside.as_ref().map_or_else(String::new, |beside| format!(", {}", beside.what));
        self.file.source(tool, &format!("{format}{beside}"), self.sha256.clone(), study)
    }

    /// Fails if somebody has written it since it was opened.
    pub(crate) fn is_unchanged(&self) -> Result<(), Failure> {
        self.file.is_unchanged()?;
        match &self.beside {
            Some(beside) => beside.file.is_unchanged(),
            None if beside(&self.file)?.is_some() => {
                Err(Failure::usage(format!("`{}` was written to while it was read", self.path()))
                    .help("wait until the search has ended, or copy the file and name the copy"))
            }
            None => Ok(()),
        }
    }

    /// What SQLite says against the file.
    pub(crate) fn wrong(&self, error: &rusqlite::Error) -> Failure {
        wrong(&self.file, error)
    }
}

fn beside(file: &StudyFile) -> Result<Option<(StudyFile, &'static str, &'static str)>, Failure> {
    for (ending, what) in BESIDE {
        if let Some(companion) = file.companion(ending)? {
            return Ok(Some((companion, ending, what)));
        }
    }
    Ok(None)
}

fn connect(path: &Utf8Path, options: &str, file: &StudyFile) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(format!("{}?{options}", uri(path)), flags)?;
        // The file is somebody else's: what it says about functions, triggers and its own structure is not trusted.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        Ok(connection)
    };
    open().map_err(|error| wrong(file, &error))
}

/// The address of a file, in which no letter of its path means anything.
fn uri(path: &Utf8Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_');
    let letter = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") };
    let path_of_it: String = path.as_str().bytes().map(letter).collect();
    format!("{}{path_of_it}", if path.is_absolute() { "file://" } else { "file:" })
}

/// That a column holds what it should not, in words: SQLite keeps any type in any column, and finds no damage there.
pub(crate) fn mistyped(error: &rusqlite::Error) -> Option<String> {
    match error {
        rusqlite::Error::InvalidColumnType(_, name, found) => {
            let found = found.to_string().to_lowercase();
            Some(format!("`{}` is {found}, which it cannot be", name.escape_debug()))
        }
        _ => None,
    }
}

fn wrong(file: &StudyFile, error: &rusqlite::Error) -> Failure {
    let path = file.path();
    if let Some(what) = mistyped(error) {
        return Failure::usage(format!("`{path}`: {what}")).help("copy the file anew from where the search ran");
    }
    match error.sqlite_error_code() {
        Some(
            rusqlite::ErrorCode::SystemIoFailure | rusqlite::ErrorCode::DiskFull | rusqlite::ErrorCode::OutOfMemory,
        ) => Failure::internal(format!("`{path}` could not be read: {error}")),
        _ => Failure::usage(format!("`{path}` cannot be read as an SQLite file: {error}")).help(
            "`sqlite3 FILE 'PRAGMA integrity_check'` says what is damaged; copy it anew from where the search ran",
        ),
    }
}
