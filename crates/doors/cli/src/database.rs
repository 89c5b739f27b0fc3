//! Where the data is kept: a file of SQLite, or a database of PostgreSQL.

use crate::{args::Data, failure::Failure};
use gemba_store::Store;
use gemba_store_postgres::PostgresStore;
use gemba_store_sqlite::SqliteStore;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A URL.
    Postgres(String),
}

impl Database {
    /// The database of these options.
    pub(crate) fn of(data: &Data) -> Result<Self, Failure> {
        Ok(match (&data.database, &data.data) {
            (Some(url), _) => Self::parse(url)?,
            (None, Some(folder)) => Self::Sqlite(folder.join("gemba.db")),
            (None, None) => Self::Sqlite(own_folder()?.join("gemba.db")),
        })
    }

    /// The database of a URL.
    pub(crate) fn parse(url: &str) -> Result<Self, Failure> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let path = url.strip_prefix("sqlite:").map(|p| p.strip_prefix("//").unwrap_or(p));
        match path {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            _ => Err(Failure::Usage(format!(
                "`{url}` is no database; write sqlite:PATH or postgres://USER@HOST/DATABASE"
            ))),
        }
    }

    /// The file, and nothing for a database of PostgreSQL.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// Refuses a file that is not there.
    pub(crate) fn must_exist(&self) -> Result<(), Failure> {
        match self.file() {
            Some(path) if !path.exists() => {
                Err(Failure::Usage(format!("there is no database at {}", path.display())))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Makes the folder of a file where it is missing.
    pub(crate) fn make_folder(&self) -> Result<(), Failure> {
        let folder = self.file().and_then(Path::parent).filter(|p| !p.as_os_str().is_empty());
        folder.map_or(Ok(()), |folder| {
            fs::create_dir_all(folder).map_err(|e| Failure::file("make", folder, &e))
        })
    }

    /// Opens it and brings its structure up to date.
    pub(crate) async fn open(&self) -> Result<Arc<dyn Store>, Failure> {
        Ok(match self {
            Self::Sqlite(path) => Arc::new(SqliteStore::open(path)?),
            Self::Postgres(url) => Arc::new(PostgresStore::connect(url).await?),
        })
    }
}

/// As a person may see it: without the password.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(url) => {
                let url = url.split('?').next().unwrap_or_default();
                let Some((scheme, rest)) = url.split_once("://") else { return Ok(()) };
                match rest.rsplit_once('@') {
                    Some((user, place)) => {
                        let user = user.split(':').next().unwrap_or_default();
                        write!(f, "{scheme}://{user}@{place}")
                    }
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}

fn own_folder() -> Result<PathBuf, Failure> {
    let var = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        var("APPDATA")
    } else if cfg!(target_os = "macos") {
        var("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        var("XDG_DATA_HOME").or_else(|| var("HOME").map(|home| home.join(".local/share")))
    };
    let missing = || Failure::Usage("name a data folder with --data DIR".to_owned());
    Ok(base.ok_or_else(missing)?.join("gemba"))
}

#[cfg(test)]
mod tests {
    use super::Database;

    #[test]
    fn a_database_is_shown_without_its_password() {
        for (url, expected) in [
            ("sqlite:a/b.db", "a/b.db"),
            ("sqlite:///a/b.db", "/a/b.db"),
            ("postgres://h/d", "postgres://h/d"),
            ("postgres://u@h/d", "postgres://u@h/d"),
            ("postgresql://u:se@cret@h:1/d?password=x", "postgresql://u@h:1/d"),
        ] {
            let database = Database::parse(url).map(|d| d.to_string());
            assert!(matches!(&database, Ok(shown) if shown == expected), "{url}: {database:?}");
        }
        for url in ["", "sqlite:", "x.db", "mysql://h/d", "postgres:d"] {
            assert!(Database::parse(url).is_err(), "{url}");
        }
    }
}
